/** The borrower names another employer: the sub-flow asks why, the reason and its evidence are forced, a second agent must look. */
import { agentAt, clean } from './agent.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 20 });

const changedJob = {
  ...clean,
  'person.idLast4': '0036',
  'person.home': '星港市虚构区流水巷3号',
  'loan.amount': '90万',
  'loan.term': '20年',
  'property.estate': '星港市土豆苑',
  'employer.name': '云朵牙刷机械有限公司',
  'employer.registered': '月背土豆食品有限公司',
  'employer.change': '=换了工作',
  'employer.changedOn': '2026年9月',
  'employer.probation': '=是',
  'employer.proof': '=能提供',
  'employer.address': '星港市虚构区云朵路3号',
  'employer.since': '2026年9月',
  'income.monthly': '13000',
  'employer.phone': '026-0000-0023',
  'employer.phoneTwice': '026-0000-0023',
  'downpayment.source': '=卖房所得',
};

test('another employer leads to a forced reason with evidence and a second verification', async ({
  workstation,
  bank,
  folder,
}) => {
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await agent.talk('DEMO-03-B');
  const before = await agent.walk(changedJob, 'borrower.employerDiffers');
  expect(before.at(-1)).toBe('borrower.employer');
  await expect(agent.script).toContainText('不一致');
  await expect(agent.script).toContainText('月背土豆食品');
  await agent.walk(changedJob);
  await agent.result('单位不符：信息未更新（换工作）');
  await agent.hangUp();

  const proof = agent.wrapUp.getByLabel('已要求的证明');
  await expect(agent.wrapUp.getByLabel('登记的单位')).toHaveValue(/月背土豆/);
  await expect(agent.wrapUp.getByLabel('客户所说')).toHaveValue(/云朵牙刷/);
  await proof.fill('');
  await expect(agent.wrapUp.getByRole('button', { name: /确认，下一个/ })).toBeDisabled();
  await expect(agent.wrapUp).toContainText('还差：已要求的证明');
  await page.keyboard.press('Enter');
  await expect(proof).toHaveValue('能提供'); // what the script heard, taken again
  await proof.fill('新劳动合同、社保记录');
  await expect(agent.wrapUp).toContainText('二次核实');
  await agent.confirm();
  await agent.delivered();

  const lead = agentAt((await workstation({ host: 'chromium', profileFolder: `${folder}/lead` })).page);
  await lead.signIn('L002', 'huifang-l002');
  const exception = lead.region('需要处理').getByRole('listitem').filter({ hasText: '范*' });
  await expect(exception).toContainText('二次核实');
  const requested = await bank.query(
    "select case_id from entries where kind = 'followUp.requested' and body::jsonb #>> '{followUp,kind}' = $1",
    ['SECOND_VERIFICATION'],
  );
  expect(requested).toEqual([{ case_id: 'DEMO-03-B' }]);
  expect(bank.output()).not.toContain('云朵牙刷');
});
