/** The bank cannot be reached: the work goes on, the strip says so truthfully, and everything goes out once by itself. */
import { type Agent, agentAt, clean } from './agent.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 20 });

/** The strip says for how long the server has been away: no longer than since the way was cut, no shorter than since the agent saw it. */
async function saysSince({ status }: Agent, cutAt: number, seenAt: number): Promise<void> {
  await expect(async () => {
    const before = Date.now();
    const [, count, unit] = /后台已断开\s*(\d+) (秒|分)/.exec((await status.textContent()) ?? '') ?? [];
    const each = unit === '分' ? 60_000 : 1000;
    expect(Number(count) * each).toBeLessThanOrEqual(Date.now() - cutAt);
    expect((Number(count) + 1) * each).toBeGreaterThan(before - seenAt);
  }).toPass({ timeout: 10_000 });
}

test('calls made without the bank are kept, counted, and delivered once by themselves', async ({
  workstation,
  bank,
  faultProxy,
  practice,
}) => {
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await expect(agent.preview).toBeVisible();
  await agent.delivered();
  const cutAt = Date.now();
  const lift = faultProxy.add({ kind: 'down' });
  await expect(agent.status).toContainText('后台已断开', { timeout: 30_000 });
  const seenAt = Date.now();

  await agent.talk('DEMO-01-B');
  await agent.walk(clean);
  await agent.result('核实一致');
  await agent.hangUp();
  await agent.confirm();
  const waiting = await agent.unsent();
  expect(waiting).toBeGreaterThan(20);

  await agent.open('DEMO-06');
  await agent.dial();
  await expect(agent.wrapUp).toBeVisible({ timeout: 20_000 });
  await agent.wrapUp.getByRole('radio', { name: '空号' }).click();
  await agent.confirm();
  expect(await agent.unsent()).toBeGreaterThan(waiting);
  await saysSince(agent, cutAt, seenAt);

  faultProxy.add({ kind: 'loseAnswer', path: /batches/, method: 'POST', times: 1 });
  faultProxy.add({ kind: 'twice', path: /batches/, method: 'POST', times: 1 });
  lift();
  await agent.delivered();
  await expect(agent.status).toContainText('后台已连接');

  const doubles = await bank.query('select journal, seq from entries group by journal, seq having count(*) > 1');
  expect(doubles).toEqual([]);
  const attempts = await bank.query<{ count: string }>('select count(*) as count from attempts');
  expect(Number(attempts[0]?.count)).toBe(2);
  expect(practice.log().filter((line) => line.fact === 'invite')).toHaveLength(2);
});
