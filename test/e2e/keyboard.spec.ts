/** The whole job without a mouse, with an input method composing while every shortcut is pressed. */
import type { Page } from '@playwright/test';
import { commands, keyMaps } from '../../renderer/app/keyMap.ts';
import { agentAt, clean } from './agent.ts';
import { answerByKeys, finderOf, pressComposing, type Stroke, signInByKeys } from './byKeys.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 20 });

/** The customer doubts who calls, and then tells the amount before anybody asked for it. */
async function askedBackAndToldAhead(page: Page, host: 'electron' | 'chromium'): Promise<void> {
  const dialog = page.getByRole('dialog');
  await agentAt(page).openFinder(finderOf[host]);
  await page.keyboard.type('诈骗');
  await expect(dialog.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Alt+Digit1');
  await expect(dialog).toContainText('报回访编号DEMO-01-B核实');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await page.keyboard.press('F7');
  await expect(dialog.getByRole('radiogroup')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await expect(dialog.locator('input[data-name="loan.amount"]')).toBeFocused();
  await page.keyboard.type(clean['loan.amount'] ?? '');
  await expect
    .poll(async () => {
      await page.keyboard.press('Enter');
      return dialog.count();
    })
    .toBe(0);
}

test('a whole shift by keyboard alone, from sign-in to the result, its Chinese composed', async ({
  workstation,
  bank,
  host,
}) => {
  const { page, context } = await workstation();
  const agent = agentAt(page);
  await signInByKeys(page, 'A017', 'huifang-a017');
  await agent.lineIsThere();
  await expect(agent.preview).toBeVisible();
  const cdp = await context.newCDPSession(page);
  await agent.openFinder(finderOf[host]);
  await page.keyboard.type('DEMO-01-B');
  await agent.enterIsReady(); // cases may still be arriving behind the dialog
  await page.keyboard.press('Enter');
  await expect(agent.region('回访任务')).toContainText('DEMO-01-B');
  await agent.dial();
  await agent.answered();
  for (;;) {
    const step = await agent.step();
    if (step === null || step === 'borrower.result') break;
    if (step === 'borrower.purpose') await askedBackAndToldAhead(page, host);
    await answerByKeys(page, cdp, clean);
  }
  await page.keyboard.press('Digit1');
  await expect(agent.wrapUp).toBeVisible();
  await page.keyboard.press('Shift+F2');
  await expect(agent.callBar).not.toContainText('通话中');
  await expect
    .poll(async () => {
      await page.keyboard.press('Enter');
      return page.getByText('结果已保存').isVisible();
    })
    .toBe(true);
  await agent.delivered();
  expect(bank.output()).not.toContain('甄样例');
});

/** Every chord of this host, and the keys that mean something by where the focus is. */
function everyChord(host: 'electron' | 'chromium'): readonly Stroke[] {
  const map = keyMaps[host === 'electron' ? 'shell' : 'browser'];
  const digits = Array.from({ length: 10 }, (_, digit) => [`Digit${digit}`, `Numpad${digit}`]).flat();
  return [
    ...commands.flatMap((command) => map[command]),
    ...digits.flatMap((code): Stroke[] => [{ code }, { code, alt: true }]),
    ...['Enter', 'NumpadEnter'].map((code): Stroke => ({ code, ctrl: true })),
    ...['Space', 'ArrowDown', 'ArrowUp', 'Delete'].map((code) => ({ code })),
  ];
}

test('no shortcut acts while an input method composes', async ({ workstation, bank, host }) => {
  const { page, context } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await agent.talk('DEMO-01-B');
  await agent.walk(clean, 'borrower.employer');
  const field = agent.script.locator('input[data-name="employer.name"]');
  await field.focus();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Input.imeSetComposition', { text: 'zhihe', selectionStart: 5, selectionEnd: 5 });
  const chords = everyChord(host);
  expect(chords).toEqual(expect.arrayContaining([{ code: 'Escape' }, { code: 'NumpadEnter' }, { code: 'F9' }]));
  for (const chord of chords) await pressComposing(cdp, chord);
  // Each of these keys would have changed one of the following.
  await expect(field).toHaveValue('zhihe');
  await expect(field).toBeFocused();
  await expect(agent.script).toHaveAttribute('data-step', 'borrower.employer');
  await expect(agent.script.locator('[data-group="exits"]')).toHaveCount(0);
  await expect(agent.inCall).toBeVisible();
  await expect(agent.callBar).not.toContainText(/已静音|取消静音|已保持|示忙|示闲/);
  await expect(agent.callBar.getByRole('button', { name: '静音' })).toBeEnabled();
  for (const opened of [agent.region('拨号键盘'), agent.region('转接'), page.getByRole('dialog')])
    await expect(opened).toHaveCount(0);
  await cdp.send('Input.insertText', { text: '纸鹤航天文具有限公司' });
  await expect(field).toHaveValue('纸鹤航天文具有限公司');
  await page.keyboard.press('Enter');
  await expect(agent.script).not.toHaveAttribute('data-step', 'borrower.employer');
  expect(bank.output()).not.toContain('纸鹤');
});
