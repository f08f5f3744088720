/** What the page's content security policy refuses. */
import type { Page } from '@playwright/test';

/** Puts an element on the page; resolves to the directive that refused it and to what was refused, once the browser reports that. */
export const refusal = (page: Page, tag: 'iframe' | 'script', content: Readonly<Record<string, string>>) =>
  page.evaluate(
    (element) =>
      new Promise<string>((resolve) => {
        document.addEventListener(
          'securitypolicyviolation',
          ({ effectiveDirective, blockedURI }) => resolve(`${effectiveDirective} ${blockedURI}`),
          { once: true },
        );
        document.body.append(Object.assign(document.createElement(element.tag), element.content));
      }),
    { tag, content },
  );
