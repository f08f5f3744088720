/** What comes in broken, where the hosts differ (session, microphone); the rest is in badInput.electron.spec.ts. */
import { agentAt } from './agent.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 20 });

test('a wrong password is said, and the right one signs in', async ({ workstation, bank }) => {
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.firstScreen();
  await page.getByLabel('工号').fill('A017');
  await page.getByLabel('密码', { exact: true }).fill('falsch');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: /密码/ })).toBeVisible();
  await agent.signIn('A017', 'huifang-a017');
  expect(bank.output()).not.toContain('falsch');
});

test('a token that expires in mid-shift is renewed without a word, and a session that ended asks for the password', async ({
  workstation,
  bank,
  faultProxy,
}) => {
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  const expired = { code: 'TOKEN_EXPIRED', sentence: { zh: '登录已过期', en: 'Expired' } };
  faultProxy.add({
    kind: 'status',
    status: 401,
    body: JSON.stringify(expired),
    path: /presence|leases|directives/,
    method: 'POST',
    times: 1,
  });
  await expect.poll(() => faultProxy.count(/session\/refresh/)).toBeGreaterThan(0);
  await expect(agent.status).toContainText('后台已连接');
  await bank.query('update sessions set real_revoked_at = now()');
  await expect(page.getByLabel('密码', { exact: true })).toBeVisible({ timeout: 60_000 });
  await page.getByLabel('密码', { exact: true }).fill('huifang-a017');
  await page.keyboard.press('Enter');
  await expect(agent.preview).toBeVisible();
});

for (const [microphone, whatToDo] of [
  ['denied', '请在系统或浏览器设置中允许本程序使用麦克风'],
  ['missing', '请插上耳机后再拨'],
] as const)
  test(`with the microphone ${microphone} no call goes out, what to do is said, and the attempt is not counted`, async ({
    workstation,
    bank: _running,
    practice,
  }) => {
    const { page } = await workstation({ microphone });
    const agent = agentAt(page);
    await agent.signIn('A017', 'huifang-a017');
    await agent.lineIsThere();
    await agent.open('DEMO-01-B');
    const number = await agent.preview.getByText('第几次').locator('..').textContent();
    for (const dialled of ['once', 'again']) {
      await expect(agent.preview, dialled).toContainText(number ?? '');
      await expect(agent.preview).not.toContainText('已拦截');
      await page.keyboard.press('F2');
      await expect(agent.wrapUp).toContainText('坐席终端故障', { timeout: 20_000 });
      await expect(agent.wrapUp).toContainText(whatToDo);
      await agent.confirm();
      await expect(agent.status).toContainText('今日 0 通');
      await agent.open('DEMO-01-B');
    }
    expect(practice.log().filter((line) => line.fact === 'invite')).toEqual([]);
  });
