/** What the borrower said of the job comes into the call to the employer: after the employer's answer, beside it, and never before. */
import { agentAt, clean } from './agent.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 20 });

const employer = {
  ...clean,
  'respondent.name': '余虚构',
  'respondent.role': '=人事',
  'respondent.competent': '=可以',
  'employment.status': '=在职',
  'job.duties': '裁纸、送样品',
  'job.agreement': '=矛盾',
  'employer.headcount': '300',
  'employer.secondLine': '=有固话',
  'employer.secondPhone': '',
  'observed.opening': '',
  'observed.answers': '',
  'observed.surroundings': '',
  'observed.manner': '',
};

test('the borrower’s words and the employer’s stand beside each other, and a contradiction is on record', async ({
  workstation,
  bank,
}) => {
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await agent.talk('DEMO-01-B');
  await agent.walk({ ...clean, 'employer.slot': '=上午' });
  await agent.result('核实一致');
  await agent.hangUp();
  const renewed = page.waitForResponse((response) => response.url().endsWith('/leases'));
  await agent.confirm();
  await agent.delivered();
  await renewed;

  await agent.open('DEMO-01-E');
  await expect(agent.region('回访任务')).toContainText('方便接听：上午');
  await agent.dial();
  await agent.answered();
  const words = agent.script.getByRole('group', { name: /单位与借款人的说法/ });
  await agent.walk(employer, 'employer.duties');
  await expect(agent.script).toContainText('提交后与借款人的说法比对');
  for (const region of [agent.script, agent.region('回访任务')])
    await expect(region).not.toContainText('画新文具的外观图');
  await agent.answer(employer);
  await expect(words.getByRole('row', { name: /主要工作/ })).toHaveText(/裁纸、送样品.*画新文具的外观图/);
  await agent.walk(employer);
  await agent.result('基本一致（轻微差异）');
  await expect(agent.wrapUp.getByLabel('不一致的项目')).toHaveValue(/与借款人所述/);
  await agent.hangUp();
  await agent.confirm();
  await agent.delivered();
  const results = await bank.query('select code, flags from dispositions where case_id = $1 and standing', [
    'DEMO-01-E',
  ]);
  expect(results).toEqual([{ code: 'VERIFIED_MINOR', flags: '["DUTIES_DIFFER"]' }]);
  const disputed = await bank.query("select reason from entries where state = 'disputed'", []);
  expect(disputed).toEqual([]);
});
