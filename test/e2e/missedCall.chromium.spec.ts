/** 来电未接: a task at the head of the queue, also after a restart, closed by a call back or with a reason. */
import { agentAt } from './agent.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 20 });

test('a missed call leads the queue, outlives a restart, and is closed by calling back', async ({
  workstation,
  bank,
  practice,
}) => {
  const first = await workstation();
  let agent = agentAt(first.page);
  await agent.signIn('A017', 'huifang-a017', 60_000);
  await agent.lineIsThere();
  await expect(agent.preview).toBeVisible();
  await practice.control('ring-back', { user: '1001', number: '154-0000-0007' });
  await expect(agent.region('来电')).toContainText('忙*');
  await first.page.keyboard.press('Shift+F2');
  const missed = () => agent.page.getByRole('group', { name: '来电未接' });
  await expect(missed()).toContainText('忙*');
  await expect(missed()).toContainText(/剩 (9|10) 分/);
  await expect(agent.region('队列').getByRole('group').first()).toContainText('忙*');
  await agent.delivered();

  await first.kill();
  const again = await first.relaunch();
  agent = agentAt(again.page);
  await agent.signIn('A017', 'huifang-a017', 60_000);
  await agent.lineIsThere();
  await expect(missed()).toContainText('忙*');
  await missed()
    .getByRole('button', { name: /来电未接/ })
    .press('Enter');
  await expect(agent.preview).toContainText('154****0007');
  await agent.dial();
  await agent.hangUp();
  await expect(agent.wrapUp).toBeVisible({ timeout: 30_000 });
  await agent.wrapUp.getByRole('radio', { name: '占线' }).click();
  await agent.confirm();
  await expect(missed()).toBeHidden();
  const tasks = await bank.query("select kind from follow_ups where kind = 'CALL_BACK_MISSED'");
  expect(tasks).toHaveLength(1);
});

test('a caller nobody knows can be closed with a reason, and one that comes during wrap-up waits', async ({
  workstation,
  practice,
  bank,
}) => {
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017', 60_000);
  await agent.lineIsThere();
  await agent.open('DEMO-06');
  await agent.dial();
  await expect(agent.wrapUp).toBeVisible({ timeout: 40_000 });

  // 来电等待: it rings beside the wrap-up, is taken, and the wrap-up comes back.
  await practice.control('ring-back', { user: '1001', number: '154-0000-0007' });
  await expect(agent.region('来电')).toContainText('忙*');
  await expect(agent.region('来电').getByRole('button', { name: /接听/ })).toBeEnabled();
  await page.keyboard.press('F2');
  await agent.answered();
  await agent.leave('不方便');
  await expect(agent.script.locator('input[data-name="appointment.time"]')).toBeVisible();
  await agent.answer({ 'appointment.time': '明天 9:30', 'appointment.precision': '=准确时间' });
  await agent.walk({});
  await agent.result('预约回拨：准确时间');
  await agent.hangUp();
  await agent.wrapUp.getByRole('button', { name: /确认，下一个/ }).click();
  await expect(agent.wrapUp.getByRole('radio', { name: '空号' })).toBeVisible();

  // A second one is turned away and becomes a task.
  await practice.control('ring-back', { user: '1001', number: '154-0000-0011' });
  await expect(agent.region('来电')).toBeVisible();
  await page.keyboard.press('Shift+F2');
  const missed = page.getByRole('group', { name: '来电未接' });
  const row = missed.getByRole('button', { name: /来电未接/ });
  await expect(row).toHaveCount(1);
  await row.focus();
  await page.keyboard.press('Delete');
  await page.getByLabel('不回拨的原因').fill('客户经理已回电');
  await agent.enterIsReady();
  await page.keyboard.press('Enter');
  await expect(missed).toBeHidden();
  await agent.delivered();
  const closed = await bank.query<{ body: string }>("select body from entries where kind = 'followUp.closed'");
  expect(closed.map(({ body }) => JSON.parse(body).reason)).toEqual(['客户经理已回电']);
});
