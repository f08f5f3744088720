/** The main job: a case comes up, a real call goes out, the script is walked, the result is kept, delivered and on the board. */
import { agentAt, clean } from './agent.ts';
import { expect, test } from './fixtures.ts';

// On the database that `npm start` takes.
test.use({ practiceSpeed: 20, databaseKind: 'pglite' });

test('a verified call is saved, delivered and seen on the board', async ({ workstation, bank, practice, folder }) => {
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await agent.talk('DEMO-01-B');
  await expect(page.getByText('不可透露')).toBeVisible();
  await agent.walk(clean, 'borrower.purpose');
  await expect(page.getByText('本人已核验')).toBeVisible();
  await agent.walk(clean);
  await agent.result('核实一致');
  await agent.hangUp();
  await agent.confirm();
  await agent.delivered();

  const lead = agentAt((await workstation({ host: 'chromium', profileFolder: `${folder}/lead` })).page);
  await lead.signIn('L002', 'huifang-l002');
  const result = lead.region('最新结果').getByRole('row').filter({ hasText: 'DEMO-01-B' });
  await expect(result).toContainText(/甄\*.*核实一致/);
  expect(bank.output()).not.toContain('甄样例');
  const invites = practice.log().filter((line) => line.fact === 'invite');
  expect(invites).toHaveLength(1);
});
