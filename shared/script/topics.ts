/**
 * The words of knowledge: what can be known before, asked during, or learned by a call. Topics that a case's file
 * carries have the same words, so that an answer finds its file value without a table between them.
 */
import type { Text } from '../text.ts';
import { leaving } from './format.ts';
import type { Topic } from './move.ts';

const text = (zh: string, en: string): Text => ({ zh, en });

/** What a case's `file: Record<Topic, string>` can hold. Values are written as the comparison echoes them. */
export const fileTopicTexts = {
  'person.name': text('姓名', 'Full name'),
  'person.title': text('称谓', 'Form of address'),
  'person.idLast4': text('身份证后四位', 'Last four of the ID number'),
  'person.home': text('家庭住址', 'Home address'),
  'person.birthMonth': text('出生年月', 'Year and month of birth'),
  'application.purpose': text('贷款用途', 'Purpose of the loan'),
  'loan.amount': text('贷款金额', 'Amount of the loan'),
  'loan.term': text('贷款期限', 'Term of the loan'),
  'property.estate': text('房屋小区', 'Estate'),
  'property.size': text('房屋面积（㎡）', 'Size of the home (m²)'),
  'property.price': text('房屋总价', 'Price of the home'),
  'employer.name': text('工作单位', 'Employer'),
  'employer.address': text('单位地址', "Employer's address"),
  'employer.department': text('部门', 'Department'),
  'employer.position': text('职务', 'Position'),
  'employer.since': text('入职时间', 'Employed since'),
  'employer.phone': text('单位电话', "Employer's telephone"),
  'income.monthly': text('月收入', 'Monthly income'),
  'income.payday': text('发薪日', 'Pay day'),
  'debts.monthly': text('其他贷款月还款', 'Monthly payments on other loans'),
  'downpayment.source': text('首付款来源', 'Source of the down payment'),
} as const satisfies Readonly<Record<Topic, Text>>;
export type FileTopic = keyof typeof fileTopicTexts;
export const fileTopics = Object.keys(fileTopicTexts) as readonly FileTopic[]; // keys of a const object are its type

/** Known before the call, from the case and the station (given.ts). */
const givenTopicTexts = {
  'call.earlierMisses': text('此前未接通', 'Earlier calls missed'),
  'station.records': text('通话录音', 'The line is recorded'),
  'consent.employerInquiry': text('授权：向单位核实', 'Authorised: asking the employer'),
  'consent.incomeInquiry': text('授权：核实收入', 'Authorised: asking about income'),
  'borrower.said': text('借款人已说明工作情况', 'The borrower has spoken of the job'),
} as const satisfies Readonly<Record<Topic, Text>>;

/** Learned by the call only. */
const learnedTopicTexts = {
  [leaving]: text('退出', 'Leaving'),
  'contact.person': text('接听人', 'Who answers'),
  'contact.convenient': text('是否方便', 'Convenient now'),
  'contact.slot': text('方便接听时间', 'Good time to call'),
  'consent.recording': text('同意录音', 'Consent to recording'),
  'notice.recording': text('已告知录音', 'Recording notice'),
  'application.signer': text('申请及签字人', 'Who applied and signed'),
  'application.handler': text('经办人', 'Who handled it'),
  'employer.registered': text('自述登记单位', 'Employer named on the application'),
  'employer.change': text('单位差异原因', 'Why the employer differs'),
  'employer.changedOn': text('换工作时间', 'Changed job in'),
  'employer.tenure': text('工作时长', 'Time with the employer'),
  'employer.proof': text('新单位证明', 'Proof of the new employer'),
  'employer.probation': text('试用期', 'Probation'),
  'employer.signingEntity': text('合同签订单位', 'Entity that signed the contract'),
  'employer.workplace': text('实际工作地点', 'Place of work'),
  'employer.contactPerson': text('单位联系人', "Employer's contact"),
  'employer.slot': text('单位方便接听时间', 'Good time to call the employer'),
  'employer.phoneTwice': text('单位电话（再录一次）', "Employer's telephone, once more"),
  'employer.numberAge': text('号码使用时间', 'How long the number was theirs'),
  'employer.headcount': text('单位人数', 'Number of employees'),
  'employer.secondLine': text('总机或人事固话', 'Switchboard or HR landline'),
  'employer.secondPhone': text('单位第二号码', 'Second number of the employer'),
  'job.duties': text('主要工作', 'Duties'),
  'job.concreteness': text('具体程度', 'Concreteness'),
  'job.agreement': text('与借款人所述', "Against the borrower's words"),
  'income.method': text('发放方式', 'How it is paid'),
  'loan.understanding': text('还款约定是否清楚', 'Terms of repayment clear'),
  'loan.questions': text('客户疑问', 'Open questions'),
  'person.news': text('本人情况', 'About the person'),
  'barrier.kind': text('沟通障碍', 'Barrier'),
  'barrier.language': text('语言或方言', 'Language or dialect'),
  'refusal.kind': text('拒绝程度', 'Kind of refusal'),
  'refusal.reason': text('拒绝原因', 'Reason for refusal'),
  'complaint.demand': text('投诉诉求', 'What the complaint asks for'),
  'appointment.time': text('约定时间', 'Agreed time'),
  'appointment.precision': text('时间精确度', 'Exact or about'),
  'respondent.name': text('接听人称呼', 'Name of the respondent'),
  'respondent.role': text('接听人岗位', 'Role of the respondent'),
  'respondent.competent': text('能否核实', 'Can confirm'),
  'respondent.transfer': text('转接', 'Put through'),
  'employment.status': text('在职情况', 'Employment'),
  'employment.variant': text('其他登记方式', 'Otherwise registered'),
  'employment.leftOn': text('离职时间', 'Left in'),
  'employment.nameVariants': text('已核对的姓名写法', 'Names tried'),
  'observed.manner': text('表现', 'Manner'),
  'observed.opening': text('接听方式', 'How it was answered'),
  'observed.answers': text('答复方式', 'Way of answering'),
  'observed.surroundings': text('背景声', 'Surroundings'),
} as const satisfies Readonly<Record<Topic, Text>>;

/** Labels of every topic, for screens and reports. */
export const topicLabels: Readonly<Record<Topic, Text>> = {
  ...fileTopicTexts,
  ...givenTopicTexts,
  ...learnedTopicTexts,
};

/** The label of a topic; a topic nobody named shows as itself. */
export const topicText = (topic: Topic): Text => topicLabels[topic] ?? { zh: topic, en: topic };

export const sectionTexts = {
  truth: text('真实性', 'Truth'),
  completeness: text('完整性', 'Completeness'),
  capacity: text('还款能力', 'Ability to repay'),
  willingness: text('还款意愿', 'Willingness to repay'),
} as const;
