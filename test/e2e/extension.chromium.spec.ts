/** An extension is dialled after the answer, seen as it goes, and dialled again with a key; the dial pad sends digits too. */
import { agentAt } from './agent.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 10 });

test('an extension is dialled after the answer, digit by digit, and again by a key', async ({
  workstation,
  bank,
  practice,
}) => {
  const { page } = await workstation();
  const agent = agentAt(page);
  const digits = () =>
    practice
      .log()
      .filter(({ fact }) => fact === 'digit')
      .map(({ digit }) => digit)
      .join('');
  await agent.signIn('A017', 'huifang-a017', 60_000);
  await agent.lineIsThere();
  await agent.open('DEMO-01-E');
  await agent.preview.getByRole('radio', { name: /人事部/ }).click();
  await agent.dial();

  // A switchboard answers; nobody has pressed a key.
  await expect(agent.region('字幕')).toContainText('请直拨分机号', { timeout: 30_000 });
  await expect(agent.callBar).toContainText(/分机.*[●○]{4}/);
  await expect.poll(digits, { timeout: 15_000 }).toBe('8012');
  await expect(agent.callBar).toContainText('分机已拨 ●●●●');
  await expect(agent.region('字幕')).toContainText('正在为您转接', { timeout: 15_000 });

  const sent = practice.log().filter(({ fact }) => fact === 'digit');
  const gaps = sent.slice(1).map(({ at }, n) => Date.parse(String(at)) - Date.parse(String(sent[n]?.at)));
  expect(sent.every(({ via }) => via === 'rtp')).toBe(true);
  for (const gap of gaps) expect(gap).toBeGreaterThan(100);

  // The same number was masked all the time: its extension is as secret as the rest.
  await expect(agent.callBar).not.toContainText('8012');
  expect(bank.output()).not.toContain('8012');
  await page.keyboard.press('Shift+F4');
  await expect.poll(digits, { timeout: 15_000 }).toBe('80128012');
  await page.keyboard.press('F4');
  const keypad = agent.region('拨号键盘');
  await keypad.getByRole('button', { name: '5', exact: true }).click();
  await page.keyboard.press('#');
  await expect(keypad).toContainText('5#');
  await expect.poll(digits, { timeout: 15_000 }).toBe('801280125#');
});
