/** Language and theme by keyboard alone: the whole workbench follows, and both are there again after a restart. */
import type { Locator, Page } from '@playwright/test';
import { agentAt } from './agent.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 20 });

/** Tab to the menu, arrows to the entry, Enter. */
async function chooseByKeys(page: Page, menu: string, entry: RegExp): Promise<void> {
  const press = async (key: string, until: Locator) => {
    for (let presses = 0; presses < 60; presses++) {
      if (await until.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press(key);
    }
    await expect(until).toBeFocused();
  };
  await press('Tab', page.getByRole('button', { name: menu, exact: true }));
  await page.keyboard.press('Enter');
  await press('ArrowDown', page.getByRole('menuitem', { name: entry }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu')).toHaveCount(0);
}

/** Every word in Chinese that is read on the page or said to a screen reader, but those of the bank's own data: names, firms, places. */
const chineseOn = async (page: Page, data: string): Promise<string[]> => {
  const texts = await page.evaluate(() =>
    [...document.body.querySelectorAll<HTMLElement>('*')]
      .filter((element) => element.checkVisibility())
      .flatMap((element) => [
        ...['aria-label', 'title', 'placeholder'].map((name) => element.getAttribute(name) ?? ''),
        ...[...element.childNodes].flatMap((node) => (node.nodeType === Node.TEXT_NODE ? (node.nodeValue ?? '') : [])),
      ]),
  );
  const words = texts.flatMap((text) => text.match(/[\u4e00-\u9fff]+/g) ?? []);
  // In English the product's Chinese name stands beside the English one.
  return [...new Set(words)].filter((word) => word !== '回访' && !data.includes(word));
};

/** What is really painted: how bright the page, a panel and the words on it are, 0 to 255. */
const brightness = (page: Page) =>
  page.evaluate(() => {
    const of = (element: Element, property: 'color' | 'backgroundColor') => {
      const [r = 0, g = 0, b = 0] = (getComputedStyle(element)[property].match(/[\d.]+/g) ?? []).map(Number);
      return (r + g + b) / 3;
    };
    const panel = document.querySelector('.panel') ?? document.body;
    return {
      theme: document.documentElement.dataset.theme,
      page: of(document.body, 'backgroundColor'),
      panel: of(panel, 'backgroundColor'),
      words: of(panel, 'color'),
    };
  });

const isDark = async (page: Page) => {
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  const painted = await brightness(page);
  expect(Math.max(painted.page, painted.panel)).toBeLessThan(60);
  expect(painted.words).toBeGreaterThan(180);
};

test('language and theme change by keys alone, everywhere on the workbench, and survive a restart', async ({
  workstation,
  bank: _running,
  faultProxy,
}) => {
  let data = '';
  const remember = (text: string) => {
    data += text;
    return text;
  };
  faultProxy.add({ kind: 'rewrite', method: 'POST', path: /\/leases$/, answer: remember });
  const first = await workstation();
  const { page } = first;
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await agent.open('DEMO-01-B');
  expect((await chineseOn(page, data)).length).toBeGreaterThan(30); // what is Chinese is found
  const light = await brightness(page);
  expect(light.theme).toBe('light');
  expect(Math.min(light.page, light.panel)).toBeGreaterThan(200);
  expect(light.words).toBeLessThan(80);

  await chooseByKeys(page, '菜单', /^English$/);
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  expect(await chineseOn(page, data)).toEqual([]);
  await chooseByKeys(page, 'Menu', /^Theme: As the system$/);
  await chooseByKeys(page, 'Menu', /^Theme: Light$/);
  await isDark(page);
  await page.keyboard.press('F2');
  await expect(page.getByRole('region', { name: 'Script', exact: true })).toBeVisible();
  expect(await chineseOn(page, data)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('radiogroup', { name: 'Leave the script' })).toBeVisible();
  expect(await chineseOn(page, data)).toEqual([]);
  await first.close();

  const { page: again } = await first.relaunch();
  await expect(again.locator('html')).toHaveAttribute('lang', 'en');
  await expect(again.getByText('mortgage call-back workstation')).toBeVisible();
  await expect(again.getByRole('button', { name: '中文', exact: true })).toBeVisible(); // and the way back
  await isDark(again);
});
