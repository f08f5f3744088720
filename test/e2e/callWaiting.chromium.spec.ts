/** 来电等待: what a caller meets in wrap-up and on a break is the bank's policy, and heard on the wire as busy. */
import { agentAt } from './agent.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 20 });

test('who rings during a wrap-up that is not to be disturbed, or on a break, hears busy and becomes a task', async ({
  workstation,
  bank,
  practice,
}) => {
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.firstScreen();
  const [station] = await bank.query<{ id: string }>('select id from stations');
  await bank.command(['stations', 'call-waiting', station?.id ?? '', 'ring', 'busy']);
  await agent.signIn('A017', 'huifang-a017', 60_000);
  await agent.lineIsThere();
  const missed = page.getByRole('group', { name: '来电未接' });
  /** Somebody rings, and hears what the exchange logs. */
  const ringsBusy = async (number: string) => {
    const { callId } = (await practice.control('ring-back', { user: '1001', number })) as {
      callId: string; // as: practice/control.ts answers so
    };
    const ends = () => practice.log().filter((line) => line.fact === 'ended' && line.callId === callId);
    await expect.poll(ends).toMatchObject([{ by: 'reject', status: 486 }]);
    await expect(agent.region('来电')).toBeHidden();
  };

  await agent.open('DEMO-06');
  await agent.dial();
  await expect(agent.wrapUp).toBeVisible({ timeout: 40_000 });
  await ringsBusy('154-0000-0007');
  await expect(agent.wrapUp).toBeVisible();
  await expect(missed).toContainText('剩');
  await agent.wrapUp.getByRole('radio', { name: '空号' }).click();
  await agent.confirm();

  await expect(agent.preview).toBeVisible();
  await page.keyboard.press('Alt+B');
  await page.getByRole('dialog').getByText('休息').click();
  await expect(agent.callBar).toContainText('示忙');
  await ringsBusy('154-0000-0011');
  await agent.delivered();
  await expect
    .poll(() => bank.query("select call_result, case_id from attempts where direction = 'in' order by case_id"))
    .toEqual([
      { call_result: 'MISSED_INCOMING', case_id: 'DEMO-07' },
      { call_result: 'MISSED_INCOMING', case_id: 'DEMO-11' },
    ]);
});
