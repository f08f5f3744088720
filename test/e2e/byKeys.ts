/** An agent without a mouse, who types Chinese through an input method. */
import type { CDPSession, Page } from '@playwright/test';
import type { Chord } from '../../renderer/app/keyMap.ts';
import { pin } from './agent.ts';
import { expect } from './fixtures.ts';

export const finderOf = { electron: 'Control+K', chromium: 'Alt+K' } as const;

export type Stroke = Omit<Chord, 'meta'>;

/** A key the input method takes arrives as keyCode 229 ("Process"). */
export async function pressComposing(cdp: CDPSession, { code, ctrl, shift, alt }: Stroke): Promise<void> {
  const modifiers = (alt ? 1 : 0) + (ctrl ? 2 : 0) + (shift ? 8 : 0);
  const stroke = { code, key: 'Process', modifiers, windowsVirtualKeyCode: 229, nativeVirtualKeyCode: 229 };
  await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...stroke });
  await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...stroke });
}

/** As a Chinese agent types: letters are composed, Enter or Space takes the candidate, and only then the text stands in the field. */
async function typeComposing(cdp: CDPSession, text: string): Promise<void> {
  for (const composed of ['zh', 'zhongwen'])
    await cdp.send('Input.imeSetComposition', {
      text: composed,
      selectionStart: composed.length,
      selectionEnd: composed.length,
    });
  await pressComposing(cdp, { code: 'Enter' });
  await cdp.send('Input.insertText', { text });
}

/** From the first screen to the workbench; every field has the focus when it is its turn, or is one Tab away. */
export async function signInByKeys(page: Page, account: string, password: string): Promise<void> {
  const field = (label: string) => page.getByLabel(label, { exact: true });
  await expect(field('工号').or(field('终端口令'))).toBeFocused();
  if (await field('终端口令').isVisible()) {
    await page.keyboard.type(pin);
    await page.keyboard.press('Tab');
    await page.keyboard.type(pin);
    await page.keyboard.press('Enter');
  }
  await expect(field('工号')).toBeFocused();
  await page.keyboard.type(account);
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
}

/** Types the answer of the focused question with keys alone, Chinese through an input method. */
export async function answerByKeys(
  page: Page,
  cdp: CDPSession,
  answers: Readonly<Record<string, string>>,
): Promise<void> {
  const script = page.getByRole('region', { name: '话术', exact: true });
  const step = await script.getAttribute('data-step');
  for (let moves = 0; moves < 40; moves++) {
    const focus = await page.evaluate(() => {
      const element = document.activeElement;
      const options = element?.matches('[data-group]') ? element : element?.closest('[data-group]');
      const names = options
        ? [...options.querySelectorAll('[role=radio]')].map((radio) => radio.getAttribute('aria-label') ?? '')
        : [];
      return {
        name: element?.getAttribute('data-name') ?? options?.getAttribute('data-group') ?? null,
        // What stands there already (told ahead, or typed before an Enter that came too soon) is not typed again.
        typing: element instanceof HTMLInputElement && element.value === '',
        names,
      };
    });
    const said = focus.name === null ? undefined : answers[focus.name];
    if (focus.typing && said !== undefined && !said.startsWith('=')) {
      if (/\p{Script=Han}/u.test(said)) await typeComposing(cdp, said);
      else await page.keyboard.type(said);
    } else if (said?.startsWith('=')) await page.keyboard.press(`Alt+Digit${focus.names.indexOf(said.slice(1)) + 1}`);
    await page.keyboard.press('Enter');
    const gone = await expect(script.and(page.locator(`[data-step="${step}"]`)))
      .toHaveCount(0, { timeout: 400 })
      .then(
        () => true,
        () => false,
      );
    if (gone) return;
  }
  throw new Error(`${step} could not be answered with keys`);
}
