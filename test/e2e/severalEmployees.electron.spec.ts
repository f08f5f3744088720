/** The desk of an employer is asked about two employees in one call, by keyboard alone: one INVITE, two results. */
import { writeFileSync } from 'node:fs';
import { demoCases } from '../../server/demo/cases.ts';
import type { Workstation } from '../support/workstation.ts';
import { type Agent, type Answers, agentAt } from './agent.ts';
import { answerByKeys, finderOf, signInByKeys } from './byKeys.ts';
import { test as e2e, expect } from './fixtures.ts';
import { invitesOf } from './killedOracle.ts';

/** What personnel says of either of them: as in the file. */
const asInFile: Answers = {
  'employer.name': '纸鹤航天文具有限公司',
  'respondent.name': '余虚构',
  'respondent.role': '=人事',
  'respondent.competent': '=可以',
  'employment.status': '=在职',
  'employer.department': '设计部',
  'employer.position': '产品设计师',
  'employer.since': '2019年3月',
  'job.duties': '画新文具的外观图',
  'job.concreteness': '=具体',
  'income.monthly': '一万五',
  'employer.address': '星港市虚构区折纸大道8号三楼',
  'employer.headcount': '300',
  'employer.secondLine': '=有固话',
};

/** DEMO-01's employer has another employee who applied: nobody of the demo's own. */
function colleague() {
  const [first] = demoCases(new Date()).filter(({ id }) => id === 'DEMO-01-E');
  if (!first) throw new Error('the demo has no such case');
  const borrower = { name: '全虚构', title: 'MR' as const };
  return { ...first, id: 'DEMO-21-E', person: 'P-DEMO-21', application: 'DEMO-21', borrower, linkedCases: [] };
}

/** The first employee is verified by keyboard alone, and personnel is still on the line. */
const test = e2e.extend<{
  deskWaits: () => Promise<{ station: Workstation; agent: Agent; toResult: () => Promise<void> }>;
}>({
  deskWaits: async ({ workstation, bank, folder, host }, use) => {
    await use(async () => {
      const file = `${folder}/colleague.json`;
      writeFileSync(file, JSON.stringify([colleague()]));
      expect(await bank.command(['import', file])).toContain('added 1');
      const station = await workstation();
      const { page, context } = station;
      const agent = agentAt(page);
      await signInByKeys(page, 'A017', 'huifang-a017');
      await agent.lineIsThere();
      await expect(agent.preview).toBeVisible(); // the cases are there to be found
      const cdp = await context.newCDPSession(page);
      await agent.openFinder(finderOf[host]);
      await page.keyboard.type('DEMO-01-E');
      await agent.enterIsReady();
      await page.keyboard.press('Enter');
      await expect(agent.region('回访任务')).toContainText('DEMO-01-E');
      await agent.dial();
      await agent.answered();
      const toResult = async () => {
        while ((await agent.step()) !== 'employer.result') await answerByKeys(page, cdp, asInFile);
        await page.keyboard.press('Digit1');
        await expect(agent.wrapUp).toContainText('核实一致');
      };
      await toResult();
      return { station, agent, toResult };
    });
  },
});

/** Enter goes to the list of who may be next, the digit is the first of them. */
async function goOn({ page, wrapUp }: Agent): Promise<void> {
  const next = wrapUp.getByRole('radiogroup', { name: '同一通电话继续核实' });
  await expect
    .poll(async () => {
      await page.keyboard.press('Enter');
      return next.evaluate((list) => list === document.activeElement);
    })
    .toBe(true);
  await page.keyboard.press('Digit1');
}

test.use({ practiceSpeed: 20 });

test('two employees of one employer are verified in one call', async ({
  deskWaits,
  workstation,
  bank,
  practice,
  folder,
}) => {
  const { agent, toResult } = await deskWaits();
  const { page } = agent;
  const next = agent.wrapUp.getByRole('radiogroup', { name: '同一通电话继续核实' });
  await expect(next.getByRole('radio')).toHaveText(/全\*构.*DEMO-21-E/);
  await goOn(agent);
  await expect(agent.script).toContainText('同一通电话：开场白已说过');
  await expect(agent.region('回访任务')).toContainText('DEMO-21-E');
  await expect(agent.inCall).toBeVisible();
  await expect(page.getByRole('button', { name: /撤回/ })).toHaveCount(0);
  // The first result is on its way before the call is over.
  await agent.delivered();
  expect(await bank.query('select case_id, code from dispositions')).toEqual([
    { case_id: 'DEMO-01-E', code: 'VERIFIED' },
  ]);
  await toResult();

  await page.keyboard.press('Shift+F2');
  await expect(agent.inCall).toHaveCount(0);
  await expect
    .poll(async () => {
      await page.keyboard.press('Enter');
      return page.getByText('结果已保存').isVisible();
    })
    .toBe(true);
  await agent.delivered();

  const attempts = await bank.query(
    'select attempt, case_id, continues, call_id, disposition from attempts order by started_at',
  );
  const [first, second] = attempts;
  expect(attempts).toEqual([
    expect.objectContaining({ case_id: 'DEMO-01-E', continues: null, disposition: 'VERIFIED' }),
    expect.objectContaining({ case_id: 'DEMO-21-E', continues: first?.attempt, disposition: 'VERIFIED' }),
  ]);
  expect(second?.call_id).toBe(first?.call_id);
  expect(invitesOf(practice)).toEqual([first?.attempt]);
  expect(await bank.query("select state, reason from entries where state <> 'stored'")).toEqual([]);

  const lead = agentAt((await workstation({ host: 'chromium', profileFolder: `${folder}/lead` })).page);
  await lead.signIn('L002', 'huifang-l002');
  for (const id of ['DEMO-01-E', 'DEMO-21-E'])
    await expect(lead.region('最新结果').getByRole('row').filter({ hasText: id })).toContainText('核实一致');
});

test('killed with the second employee: the first one’s result is delivered, the second one is interrupted and finished later', async ({
  deskWaits,
  bank,
  practice,
}) => {
  const { station, agent: before } = await deskWaits();
  await goOn(before);
  await expect(before.script).toContainText('同一通电话：开场白已说过');
  await station.kill();

  const again = await station.relaunch();
  const agent = agentAt(again.page);
  await agent.signIn('A017', 'huifang-a017');
  await expect(agent.wrapUp).toContainText('上次中断');
  await expect(agent.region('回访任务')).toContainText('DEMO-21-E');
  await agent.confirm();
  await agent.delivered();
  const attempts = await bank.query(
    'select attempt, case_id, continues, call_result from attempts order by started_at',
  );
  expect(attempts).toEqual([
    expect.objectContaining({ case_id: 'DEMO-01-E', continues: null, call_result: 'ANSWERED' }),
    expect.objectContaining({ case_id: 'DEMO-21-E', continues: attempts[0]?.attempt, call_result: 'INTERRUPTED' }),
  ]);
  expect(invitesOf(practice)).toEqual([attempts[0]?.attempt]);
});
