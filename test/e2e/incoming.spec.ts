/** A customer rings back: matched to the case by number, answered on purpose, and an attempt like any other. */
import { agentAt } from './agent.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 20 });

test('a customer who rings back is matched, answered and wrapped up', async ({ workstation, bank, practice }) => {
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await practice.control('ring-back', { user: '1001', number: '154-0000-0007' });
  const card = agent.region('来电');
  await expect(card).toContainText('忙*');
  await expect(card).toContainText('154****0007');
  await expect(card.getByRole('button', { name: /接听/ })).toBeEnabled();
  await page.keyboard.press('F2');
  await agent.answered();
  await expect(agent.callBar).toContainText('通话中');
  await agent.leave('不方便');
  await agent.answer({ 'appointment.time': '明天 9:30', 'appointment.precision': '=准确时间' });
  await agent.walk({});
  await agent.result('预约回拨：准确时间');
  await agent.hangUp();
  await expect(agent.wrapUp.getByLabel('预约时间')).toHaveValue('明天 9:30');
  await agent.confirm();
  await agent.delivered();
  expect(bank.output()).not.toContain('忙不停');
});

test('a call that rings out becomes a task at the server', async ({ workstation, bank, practice }) => {
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await expect(agent.preview).toBeVisible();
  await practice.control('ring-back', { user: '1001', number: '154-0000-0007', seconds: 10 });
  await expect(agent.region('来电')).toContainText('忙*');
  await expect(agent.region('来电')).toBeHidden();
  await agent.delivered();
  await expect
    .poll(() => bank.query("select call_result, case_id from attempts where direction = 'in'"))
    .toEqual([{ call_result: 'MISSED_INCOMING', case_id: 'DEMO-07' }]);
  const tasks = await bank.query<{ body: string }>("select body from entries where kind = 'followUp.requested'");
  expect(tasks.map(({ body }) => JSON.parse(body).followUp.kind)).toEqual(['CALL_BACK_MISSED']);
});
