/** 空号: the announcement is heard before the failure, so nothing is preselected and the agent says what was heard. */
import { agentAt } from './agent.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 20 });

test('an empty number is heard, confirmed by the agent, and the next number follows', async ({
  workstation,
  bank,
  practice,
}) => {
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await agent.open('DEMO-06');
  await agent.dial();
  await expect(page.getByText(/空号.请核对后再拨/)).toBeVisible({ timeout: 20_000 });
  await expect(agent.wrapUp).toBeVisible({ timeout: 20_000 });
  await expect(agent.wrapUp).toContainText('请选择外呼结果');
  await expect(agent.wrapUp.getByRole('button', { name: /确认，下一个/ })).toBeDisabled();
  await agent.wrapUp.getByRole('radio', { name: '空号' }).click();
  await expect(agent.wrapUp).toContainText(/家庭座机|下一个号码|换号/);
  await agent.confirm();
  await agent.delivered();
  await agent.open('DEMO-06');
  await expect(agent.preview).toContainText('026****0006');
  expect(practice.log().some((line) => line.fact === 'ended' && line.status === 404)).toBe(true);
  expect(bank.output()).not.toContain('15400000006');
});
