/** A number that differs from the application form is not dialled, and that it was tried is recorded (DEMO-04). */
import { agentAt } from './agent.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 20 });

test('a number that differs from the form is blocked, said and recorded', async ({ workstation, bank, practice }) => {
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await agent.open('DEMO-04');
  await expect(agent.preview).toContainText('来源不一致');
  await expect(agent.preview.getByRole('button', { name: '拨打' })).toBeDisabled();
  await page.keyboard.press('F2');
  await expect(page.getByRole('region', { name: '通知' })).toContainText('不一致');
  await agent.delivered();
  await expect
    .poll(async () =>
      bank.query('select body from entries where kind = $1', ['dial.blocked']).then((rows) => JSON.stringify(rows)),
    )
    .toContain('source.disagrees');
  expect(practice.log().filter((line) => line.fact === 'invite')).toEqual([]);
});
