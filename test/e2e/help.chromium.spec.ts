/** An agent calls for help in mid-call: the call goes on, and the lead sees who waits, with whom, until the call has its result. */
import { agentAt } from './agent.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 20 });

test('a call for help, even while the bank is away, stands once and first on the board until the call has its result', async ({
  workstation,
  bank,
  faultProxy,
  folder,
}) => {
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();

  const lead = agentAt((await workstation({ profileFolder: `${folder}/lead` })).page);
  await lead.signIn('L002', 'huifang-l002');
  const exceptions = lead.region('需要处理').getByRole('listitem');
  const calls = exceptions.filter({ hasText: '求助' });
  await expect(lead.board).toBeVisible();

  await agent.talk('DEMO-01-B');
  await expect(calls).toHaveCount(0);
  const step = await agent.step();
  const lift = faultProxy.add({ kind: 'down' });
  await expect(agent.status).toContainText('后台已断开', { timeout: 30_000 });

  await page.keyboard.press('Escape');
  await agent.script.getByRole('radio', { name: '求助班长' }).click();
  const notices = agent.region('通知');
  await expect(notices).toContainText('恢复连接后班长才能看到');
  await expect(agent.script.locator('[data-group="exits"]')).toHaveCount(0);
  expect(await agent.step()).toBe(step);

  lift();
  await expect(notices).toContainText('显示在班长看板上', { timeout: 30_000 });
  await expect(exceptions.first()).toContainText(/求助.*甄\*.*A017/, { timeout: 30_000 });
  await page.keyboard.press('Escape');
  await expect(notices).not.toContainText('已求助班长');
  await agent.script.getByRole('radio', { name: '已求助班长' }).click();
  await expect(agent.script.locator('[data-group="exits"]')).toHaveCount(0);
  await agent.delivered();
  expect(await bank.query("select count(*)::int as count from entries where kind = 'help.asked'")).toEqual([
    { count: 1 },
  ]);
  await expect(calls).toHaveCount(1);

  await agent.leave('对方挂断');
  await agent.result('中途挂断');
  await agent.hangUp();
  await agent.confirm();
  await expect(calls).toHaveCount(0, { timeout: 20_000 });
});
