/** The whole job without a mouse, with an input method composing while every shortcut is pressed. */
import type { Page } from '@playwright/test';
import { agentAt, clean } from './agent.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 20 });

/** Types the answer of the focused question with keys alone. */
async function answerByKeys(page: Page, answers: Readonly<Record<string, string>>): Promise<void> {
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
        typing: element instanceof HTMLInputElement,
        names,
      };
    });
    const said = focus.name === null ? undefined : answers[focus.name];
    if (focus.typing && said !== undefined && !said.startsWith('=')) await page.keyboard.insertText(said);
    else if (said?.startsWith('=')) await page.keyboard.press(`Alt+Digit${focus.names.indexOf(said.slice(1)) + 1}`);
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

test('a whole call by keyboard alone', async ({ workstation, bank }) => {
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await expect(agent.preview).toBeVisible();
  await page.keyboard.press((await page.evaluate(() => 'huifang' in window)) ? 'Control+K' : 'Alt+K');
  await expect(
    page.getByRole('dialog').getByRole('textbox').or(page.getByRole('dialog').getByRole('combobox')),
  ).toBeFocused();
  await page.keyboard.type('DEMO-01-B');
  await agent.enterIsReady(); // cases may still be arriving behind the dialog
  await page.keyboard.press('Enter');
  await expect(agent.region('回访任务')).toContainText('DEMO-01-B');
  await agent.dial();
  await agent.answered();
  for (;;) {
    const step = await agent.step();
    if (step === null || step === 'borrower.result') break;
    await answerByKeys(page, clean);
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

test('no shortcut acts while an input method composes', async ({ workstation, bank }) => {
  const { page, context } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await agent.open('DEMO-01-B');
  await agent.dial();
  await agent.answered();
  await agent.walk(clean, 'borrower.employer');
  const field = agent.script.locator('input[data-name="employer.name"]');
  await field.focus();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Input.imeSetComposition', { text: 'zhihe', selectionStart: 5, selectionEnd: 5 });
  const [alt, ctrl, shift] = [1, 2, 8];
  const chords: readonly (readonly [code: string, modifiers: number])[] = [
    ...['Enter', 'Escape', 'Space', 'PageUp', 'F1', 'F2', 'F4', 'F8', 'F9', 'Digit1', 'Digit2', 'Digit9'].map(
      (code) => [code, 0] as const,
    ),
    ...['F2', 'F9'].map((code) => [code, shift] as const),
    ...['KeyK', 'KeyB', 'KeyZ', 'F9'].map((code) => [code, ctrl] as const),
    ['KeyL', ctrl + shift],
    ...['Digit1', 'Digit2', 'Digit9', 'KeyK', 'KeyB'].map((code) => [code, alt] as const),
    ['KeyL', alt + shift],
  ];
  for (const [code, modifiers] of chords) {
    // A key the input method takes arrives as keyCode 229 ("Process").
    const stroke = { code, key: 'Process', modifiers, windowsVirtualKeyCode: 229, nativeVirtualKeyCode: 229 };
    await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...stroke });
    await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...stroke });
  }
  await expect(agent.script).toHaveAttribute('data-step', 'borrower.employer');
  await expect(agent.callBar).toContainText('通话中');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await cdp.send('Input.insertText', { text: '纸鹤航天文具有限公司' });
  await expect(field).toHaveValue('纸鹤航天文具有限公司');
  await page.keyboard.press('Enter');
  await expect(agent.script).not.toHaveAttribute('data-step', 'borrower.employer');
  expect(bank.output()).not.toContain('纸鹤');
});
