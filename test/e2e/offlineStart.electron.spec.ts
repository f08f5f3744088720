/** A shift that begins while the bank is away: what a crash cut off is offered, calls are made, and everything is delivered once when it is back. */
import { agentAt, clean } from './agent.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 20 });

test('killed in a call and started again without the bank, the agent signs in, finishes the call and makes another one', async ({
  workstation,
  bank,
  faultProxy,
  practice,
}) => {
  const station = await workstation();
  const before = agentAt(station.page);
  await before.signIn('A017', 'huifang-a017');
  await before.lineIsThere();
  await before.delivered();
  await expect(before.preview).toBeVisible();
  const lift = faultProxy.add({ kind: 'down' });
  await before.talk('DEMO-01-B');
  await before.walk(clean, 'borrower.purpose');
  await station.kill();

  const { page } = await station.relaunch();
  const agent = agentAt(page);
  await agent.firstScreen();
  await page.getByLabel('工号').fill('A017');
  await page.getByLabel('密码', { exact: true }).fill('not the password');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('密码不正确。离线时请用上次联网签入的密码。');
  await page.getByLabel('密码', { exact: true }).fill('huifang-a017');
  await page.keyboard.press('Enter');
  await agent.wrapUp.waitFor();
  await expect(agent.wrapUp).toContainText('上次中断，补做');
  await expect(agent.status).toContainText('后台已断开');
  await agent.wrapUp.getByRole('radio', { name: '中途挂断' }).click();
  await agent.confirm();

  // By the server's clock, which is not the machine's here: at night nobody could be called.
  await agent.lineIsThere();
  await agent.open('DEMO-06');
  await agent.dial();
  await expect(agent.wrapUp).toBeVisible({ timeout: 20_000 });
  await agent.wrapUp.getByRole('radio', { name: '空号' }).click();
  await agent.confirm();
  expect(await agent.unsent()).toBeGreaterThan(5);

  await page.keyboard.press('Control+Shift+L');
  await page.getByLabel('密码', { exact: true }).fill('huifang-a017');
  await page.keyboard.press('Enter');
  await expect(agent.preview).toBeVisible();

  // Entries go out by themselves; only new cases need somebody whom the server knows.
  lift();
  await expect(page.getByText('已恢复连接，请输入密码以继续领取任务')).toBeVisible({ timeout: 30_000 });
  await page.getByLabel('密码', { exact: true }).fill('huifang-a017');
  await page.keyboard.press('Enter');
  await agent.delivered();
  const attempts = await bank.query<{ count: string }>('select count(*) as count from attempts');
  expect(Number(attempts[0]?.count)).toBe(2);
  const disputed = await bank.query("select kind, reason from entries where state <> 'stored'");
  expect(disputed).toEqual([]);
  expect(practice.log().filter((line) => line.fact === 'invite')).toHaveLength(2);
});
