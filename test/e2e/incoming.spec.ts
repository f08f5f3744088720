/** A customer rings back: matched to the case by number, answered on purpose, and an attempt like any other. */
import { agentAt } from './agent.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 20 });

test('a customer who rings back is matched, answered and wrapped up; who rings meanwhile is busy and becomes a task', async ({
  workstation,
  bank,
  practice,
}) => {
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

  const { callId } = (await practice.control('ring-back', { user: '1001', number: '154-0000-0011' })) as {
    callId: string; // as: practice/control.ts answers so
  };
  const ends = () => practice.log().filter((line) => line.fact === 'ended' && line.callId === callId);
  await expect.poll(ends).toMatchObject([{ by: 'reject', status: 486 }]);
  await expect(agent.region('来电')).toBeHidden();
  await expect(agent.inCall).toBeVisible();

  await agent.leave('不方便');
  await agent.answer({ 'appointment.time': '明天 9:30', 'appointment.precision': '=准确时间' });
  await agent.walk({});
  await agent.result('预约回拨：准确时间');
  await agent.hangUp();
  await expect(agent.wrapUp.getByLabel('预约时间')).toHaveValue('明天 9:30');
  await agent.confirm();
  await agent.delivered();
  await expect(page.getByRole('group', { name: '来电未接' })).toContainText('剩');
  const results = await bank.query<{ call_result: string }>("select call_result from attempts where direction = 'in'");
  expect(results.map((row) => row.call_result).sort()).toEqual(['ANSWERED', 'MISSED_INCOMING']);
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

test('a call nobody takes is ended by the station itself after its minute, is seen as missed and becomes a task', async ({
  workstation,
  bank,
  practice,
}) => {
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await expect(agent.preview).toBeVisible();
  // Its minute is made two seconds long: the customer, who is patient for a minute too, must not be first.
  await page.evaluate(() => {
    const wait = globalThis.setTimeout;
    globalThis.setTimeout = ((act: TimerHandler, ms?: number, ...rest: unknown[]) =>
      wait(act, ms === 60_000 ? 2_000 : ms, ...rest)) as typeof setTimeout; // as: the other members are not used
  });
  await practice.control('ring-back', { user: '1001', number: '154-0000-0007', seconds: 60 });
  await expect(agent.region('来电')).toContainText('忙*');
  await expect(agent.region('来电')).toBeHidden();
  await expect(page.getByRole('group', { name: '来电未接' })).toContainText('忙*');
  const ends = () => practice.log().filter(({ fact }) => fact === 'ended');
  await expect.poll(ends).toMatchObject([{ by: 'reject', status: 480 }]);
  await agent.delivered();
  await expect
    .poll(() => bank.query("select call_result, case_id from attempts where direction = 'in'"))
    .toEqual([{ call_result: 'MISSED_INCOMING', case_id: 'DEMO-07' }]);
  const entries = await bank.query<{ kind: string; body: string }>('select kind, body from entries');
  const bodyOf = (kind: string) => entries.filter((entry) => entry.kind === kind).map(({ body }) => JSON.parse(body));
  expect(bodyOf('attempt.ended')).toMatchObject([{ ended: { reason: 'REFUSED', by: 'STATION', sipStatus: 480 } }]);
  expect(bodyOf('followUp.requested')).toMatchObject([{ followUp: { kind: 'CALL_BACK_MISSED' } }]);
});
