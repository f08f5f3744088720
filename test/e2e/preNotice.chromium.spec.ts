/** 短信预告: offered before the first call, in the case's history before the customer is rung, and sent once the bank can be reached. */
import { agentAt } from './agent.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 20 });

const asked = 'select case_id, attempt, template, sent_at is not null as sent from notices';

test('an SMS notice is offered before the first call, sent, and known to the customer who is called then', async ({
  workstation,
  bank,
}) => {
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  const history = agent.region('回访任务').getByRole('list').last();

  await agent.open('DEMO-01-E');
  await expect(agent.preview).not.toContainText('短信预告');
  await agent.open('DEMO-08');
  await expect(agent.preview.getByRole('button', { name: '发送短信预告' })).toBeVisible();
  await page.keyboard.press('Shift+F7');
  await expect(agent.preview).toContainText('官方号码');
  await expect(agent.preview).toContainText('154****0008');
  await page.keyboard.press('Escape');
  await expect(agent.preview).not.toContainText('官方号码');
  await page.keyboard.press('Shift+F7');
  await expect(agent.preview).toContainText('官方号码');
  await page.keyboard.press('Shift+F7');
  await expect(agent.preview.getByRole('status', { name: '短信预告' })).toContainText('已发送', { timeout: 20_000 });
  await expect(history).toContainText('已发送短信预告');
  expect(await bank.query(asked)).toEqual([
    { case_id: 'DEMO-08', attempt: null, template: 'BEFORE_FIRST_CALL', sent: true },
  ]);

  await agent.dial();
  await agent.answered();
  await expect(agent.region('字幕')).toContainText('我打官方热线问过了');
  await agent.hangUp();
});

test('asked for while the bank is away, the notice waits in the history and is sent when it is back', async ({
  workstation,
  bank,
  faultProxy,
}) => {
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await expect(agent.preview).toBeVisible();
  await agent.delivered();
  const lift = faultProxy.add({ kind: 'down' });
  await expect(agent.status).toContainText('后台已断开', { timeout: 30_000 });

  await agent.open('DEMO-01-B');
  const notice = agent.preview.getByRole('status', { name: '短信预告' });
  const history = agent.region('回访任务').getByRole('list').last();
  await page.keyboard.press('Shift+F7');
  await agent.preview.getByRole('button', { name: '确认发送' }).click();
  await expect(notice).toContainText('后台已断开，恢复连接后发送');
  await expect(history).toContainText('已请求短信预告');
  await expect(agent.callBar).not.toContainText('正在拨号');
  expect(await bank.query(asked)).toEqual([]);
  const show = async (screen: string) => {
    await page.getByRole('button', { name: '菜单' }).click();
    await page.getByRole('menuitem', { name: screen }).click();
  };
  await show('我的日志');
  const row = agent.region('我的日志').getByRole('row').filter({ hasText: '请求短信通知：首次外呼前' });
  await expect(row).toContainText('待上传');
  await show('工作台');

  faultProxy.add({ kind: 'twice', path: /batches/, method: 'POST', times: 1 });
  lift();
  await expect(notice).toContainText('已发送', { timeout: 60_000 });
  await expect(history).toContainText('已发送短信预告');
  expect(await bank.query(asked)).toMatchObject([{ case_id: 'DEMO-01-B', sent: true }]);
});
