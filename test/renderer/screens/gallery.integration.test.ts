/** The screens in a real Chromium: nothing is clipped without a tooltip, everything can be reached, an input method is left alone. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GalleryPage, openGallery } from './galleryPage.ts';
import { longName, views } from './views.ts';

let gallery: GalleryPage;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  gallery = await openGallery();
  page = await gallery.browser.newPage({ viewport: { width: 1280, height: 720 } });
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('favicon')) errors.push(message.text());
  });
});
afterAll(async () => {
  await gallery?.close();
});

async function open(view: string, language: 'zh' | 'en' = 'zh', to: Page = page): Promise<void> {
  await to.goto(`${gallery.origin}/?view=${view}&language=${language}`);
  await to.locator('.page-content > *').first().waitFor({ state: 'attached' });
}
const show = (view: string, to: Page = page) => to.evaluate((name) => window.gallery.show(name), view);
const sent = () => page.evaluate(() => window.gallery.sent);
const focused = () =>
  page.evaluate(() => {
    const element = document.activeElement;
    return element instanceof HTMLElement ? (element.dataset.name ?? element.dataset.group ?? element.className) : '';
  });

/** What cannot be read or runs out of the page, in words. */
const findClipped = () => {
  const found: string[] = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth + 1) found.push(`the page is ${root.scrollWidth} wide`);
  for (const element of document.querySelectorAll<HTMLElement>('#root *, .ant-modal *')) {
    if (element.closest('[aria-hidden=true], .hidden-words, svg, .watermark, .level') !== null) continue;
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) continue;
    const own = [...element.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '',
    );
    const words = `${element.className} «${(element.textContent ?? '').slice(0, 30)}»`;
    if ((own || element instanceof HTMLButtonElement) && (box.left < -1 || box.right > root.clientWidth + 1))
      found.push(`out of the page: ${words}`);
    if (!own) continue;
    const style = getComputedStyle(element);
    const cut = style.overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1;
    const field = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
    if (cut && !field && (style.textOverflow !== 'ellipsis' || element.closest('[title]') === null))
      found.push(`clipped: ${words}`);
    const parent = element.parentElement;
    if (
      parent !== null &&
      getComputedStyle(parent).overflowX === 'hidden' &&
      getComputedStyle(parent).overflowY === 'hidden'
    ) {
      const outer = parent.getBoundingClientRect();
      if (box.right > outer.right + 2 && element.closest('[title]') === null) found.push(`cut by its parent: ${words}`);
    }
  }
  return found;
};

describe('layout', () => {
  for (const [zoom, width, height] of [
    [1, 1280, 720],
    [2, 640, 360],
  ] as const) {
    it.each(['zh', 'en'] as const)(
      `nothing is cut off without an ellipsis and a tooltip at 1280×720 and zoom ${zoom} in %s`,
      async (language) => {
        const context = await gallery.browser.newContext({ viewport: { width, height }, deviceScaleFactor: zoom });
        const own = await context.newPage();
        await open('script', language, own);
        const found: string[] = [];
        for (const name of Object.keys(views)) {
          await show(name, own);
          found.push(...(await own.evaluate(findClipped)).map((words) => `${name}: ${words}`));
        }
        await context.close();
        expect(found).toEqual([]);
      },
    );
  }

  it.each(['zh', 'en'] as const)('a dialog is set in the letters of the page in %s', async (language) => {
    await open('settings', language);
    const letters = (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((element) => getComputedStyle(element).fontFamily);
    expect(await letters('[role=dialog] p')).toBe(await letters('body'));
  });

  it('the clipping check notices a clipped word', async () => {
    await open('script');
    await page.addStyleTag({
      content: '.panel-head h2 { max-width: 20px; overflow: hidden; text-overflow: clip; white-space: nowrap }',
    });
    expect(await page.evaluate(findClipped)).not.toEqual([]);
  });

  it('markup in a name stays text, and a name of 200 characters is whole in its tooltip', async () => {
    await open('ugly');
    expect(await page.locator('b', { hasText: /^粗体$/ }).count()).toBe(0);
    expect(await page.getByRole('region', { name: '回访任务' }).locator('h2').getAttribute('title')).toBe(longName);
  });

  it('the middle does not move when the server goes and comes', async () => {
    await open('script');
    const place = () => page.getByRole('region', { name: '话术' }).boundingBox();
    const before = await place();
    await page.evaluate(() => window.gallery.show('ugly'));
    await page.evaluate(() => window.gallery.show('script'));
    await page.evaluate(() => window.gallery.show('said'));
    expect(await place()).toEqual(before);
  });
});

describe('by keyboard', () => {
  it.each([
    'signIn',
    'preview',
    'preNoticeWords',
    'typing',
    'script',
    'several',
    'exits',
    'wrongEmployer',
    'incoming',
    'keypad',
    'journal',
    'board',
  ])('everything on %s is reached with Tab and arrows, and shows that it has the focus', async (name) => {
    await open(name);
    const wanted = await page.evaluate(() => {
      const all = [...document.querySelectorAll<HTMLElement>('button, input, textarea, a[href], [tabindex="0"]')];
      const live = all.filter((element) => !element.matches(':disabled') && element.getClientRects().length > 0);
      for (const [index, element] of live.entries()) element.dataset.probe = String(index);
      // An option that is not the Tab stop of its list is reached with the arrows of the list.
      return live.filter((element) => element.tabIndex >= 0).map((element) => element.dataset.probe ?? '');
    });
    const reached = new Set<string>();
    const unseen: string[] = [];
    for (let step = 0; step < wanted.length + 8; step++) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(() => {
        const element = document.activeElement;
        if (!(element instanceof HTMLElement)) return null;
        const style = getComputedStyle(element);
        const seen =
          style.outlineStyle !== 'none' ||
          style.boxShadow !== 'none' ||
          element.closest('.ant-input-affix-wrapper, .panel-body') !== null;
        return { probe: element.dataset.probe ?? '', seen, words: element.outerHTML.slice(0, 80) };
      });
      if (at === null) continue;
      reached.add(at.probe);
      if (at.probe !== '' && !at.seen) unseen.push(at.words);
    }
    expect(wanted.filter((probe) => !reached.has(probe))).toEqual([]);
    expect(unseen).toEqual([]);
  });

  it('the focus goes where the next answer is given', async () => {
    await open('said');
    await show('several');
    await expect.poll(focused).toBe('income.monthly');
    await show('script');
    await expect.poll(focused).toBe('employer.why');
    await show('exits');
    await expect.poll(focused).toBe('exits');
    await show('typing');
    await expect.poll(focused).toBe('number');
  });

  it('a dialog takes the focus, Esc leaves it, digits choose in it', async () => {
    await open('preview');
    await show('finder');
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('combobox');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Escape');
    await show('break');
    await page.keyboard.press('Digit3');
    expect(await sent()).toEqual([{ type: 'dialog.closed' }, { type: 'break.started', reason: 'REST' }]);
  });

  it('Enter waits when a customer hangs up, and not when the agent made the change', async () => {
    await open('said');
    await page.keyboard.press('Enter');
    await show('script');
    await page.keyboard.press('Enter');
    expect(await sent()).toEqual([
      { type: 'step.committed', step: 'borrower.opening' },
      { type: 'step.committed', step: 'borrower.employer.why' },
    ]);
    await show('preview');
    await show('wrapUp');
    await page.keyboard.press('Enter');
    expect(await sent()).toHaveLength(2);
    await page.locator('html[data-enter=ready]').waitFor();
    await page.keyboard.press('Enter');
    expect((await sent()).at(-1)).toEqual({ type: 'wrapUp.confirmed' });
  });

  it('an Enter held down while the screen changes does nothing until it is released', async () => {
    await open('said');
    await page.keyboard.down('Enter');
    await show('preview');
    await show('wrapUp');
    await page.locator('html[data-enter=ready]').waitFor();
    await page.keyboard.down('Enter');
    expect(await sent()).toHaveLength(1);
    await page.keyboard.up('Enter');
    await page.keyboard.press('Enter');
    expect((await sent()).at(-1)).toEqual({ type: 'wrapUp.confirmed' });
  });

  it('what is typed is said as it is typed, figures in half width', async () => {
    await open('several');
    await page.getByRole('textbox', { name: '发薪日' }).fill('１０');
    expect(await sent()).toContainEqual({ type: 'draft.typed', about: 'income.payday', text: '10' });
  });
});

describe('an input method', () => {
  it('keeps Enter, digits, Esc, Space and PageUp while it composes; what it commits is typed once', async () => {
    await open('several');
    const field = page.getByRole('textbox', { name: '发薪日' });
    await field.focus();
    const session = await page.context().newCDPSession(page);
    await session.send('Input.imeSetComposition', { text: 'shi', selectionStart: 3, selectionEnd: 3 });
    for (const [key, code] of [
      ['Enter', 'Enter'],
      ['1', 'Digit1'],
      ['Escape', 'Escape'],
      [' ', 'Space'],
      ['PageUp', 'PageUp'],
      ['F2', 'F2'],
      ['F9', 'F9'],
    ] as const) {
      // As a real input method sends them: key code 229.
      await session.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key, code, windowsVirtualKeyCode: 229 });
      await session.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code, windowsVirtualKeyCode: 229 });
    }
    expect(await sent()).toEqual([]);
    await session.send('Input.insertText', { text: '十' });
    await expect
      .poll(async () => (await sent()).at(-1))
      .toEqual({ type: 'draft.typed', about: 'income.payday', text: '十' });
    expect(await field.inputValue()).toBe('十');
    await page.keyboard.press('F9');
    expect((await sent()).at(-1)).toEqual({ type: 'mute.toggled' });
  });
});

describe('the lock', () => {
  it('takes names and numbers off the page', async () => {
    await open('locked');
    expect(await page.getByRole('region', { name: '队列' }).count()).toBe(0);
    expect(await page.getByText('154****0003').filter({ visible: true }).count()).toBe(0);
    await page.getByLabel('密码').fill('secret');
    await page.keyboard.press('Enter');
    expect(await sent()).toEqual([{ type: 'unlock.given', password: 'secret' }]);
  });
});

describe('accessible names', () => {
  it('regions and buttons are found by the words that tests and screen readers use', async () => {
    await open('several');
    for (const name of ['呼叫栏', '队列', '话术', '回访任务', '状态栏', '字幕'])
      expect(await page.getByRole('region', { name, exact: true }).count(), name).toBe(1);
    for (const name of ['静音', '保持', '拨号键盘', '挂断', '菜单', '确定', '上一题', '离开话术'])
      expect(await page.getByRole('button', { name, exact: true }).count(), name).toBe(1);
    await show('wrapUp');
    expect(await page.getByRole('radio', { name: '占线', exact: true }).count()).toBe(1);
    expect(await page.getByRole('button', { name: '撤回', exact: true }).count()).toBe(1);
  });

  it('no screen logs an error', () => {
    expect(errors).toEqual([]);
  });
});
