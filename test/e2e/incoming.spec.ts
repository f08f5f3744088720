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
  await agent.result('预约回拨:准确时间');
  await agent.hangUp();
  await expect(agent.wrapUp.getByLabel('预约时间')).toHaveValue('明天 9:30');
  await agent.confirm();
  await agent.delivered();
  expect(bank.output()).not.toContain('忙不停');
});

test('a call that nobody takes becomes a task', async ({ workstation, bank, practice }) => {
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await practice.control('ring-back', { user: '1001', number: '154-0000-0007' });
  await expect(agent.region('来电')).toBeVisible();
  await page.keyboard.press('Shift+F2');
  await expect(agent.region('来电')).toBeHidden();
  await agent.delivered();
  await page.keyboard.press(process.platform === 'darwin' ? 'Meta+K' : 'Control+K');
  expect(bank.output()).not.toContain('15400000007');
});
