/** Nobody answers: the number is typed off the form, the result is one key, and for five seconds it can be taken back. */
import { agentAt } from './agent.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 20 });

test('a no-answer is one key, can be taken back, and is delivered once', async ({ workstation, bank }) => {
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await agent.open('DEMO-05');

  const number = agent.preview.getByLabel('对照输入号码');
  await expect(agent.preview.getByRole('img')).toBeVisible();
  await expect(agent.preview).not.toContainText('0005');
  await number.fill('026-0000-0006');
  await page.keyboard.press('F2');
  await expect(agent.preview).toContainText('不一致');
  await number.fill('02600000005');
  await agent.dial();
  await expect(agent.wrapUp).toContainText('无人接听', { timeout: 30_000 });
  await expect(agent.wrapUp).toContainText('再次外呼');
  await agent.enterIsReady();
  await page.keyboard.press('Enter');
  await expect(page.getByText('结果已保存')).toBeVisible();
  await page.keyboard.press('F8');
  await expect(agent.wrapUp).toContainText('无人接听');
  await agent.wrapUp.getByRole('radio', { name: '占线' }).click();
  await agent.confirm();
  await agent.delivered();

  const kinds = await bank.query<{ kind: string; count: string }>(
    'select kind, count(*) as count from entries group by kind',
  );
  const count = (kind: string) => Number(kinds.find((row) => row.kind === kind)?.count ?? 0);
  expect(count('attempt.started')).toBe(1);
  expect(count('disposition.recorded')).toBe(2);
  expect(count('amended')).toBe(1);
  const standing = await bank.query<{ call_result: string }>('select call_result from attempts');
  expect(standing.map((row) => row.call_result)).toEqual(['BUSY']);
  await agent.open('DEMO-05');
  await expect(agent.region('回访任务')).toContainText('外呼单位座机：占线');
});
