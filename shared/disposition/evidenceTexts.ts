import type { ContactRole } from '../case/case.ts';
import type { Text } from '../text.ts';
import type { EvidenceKey } from './disposition.ts';

const text = (zh: string, en: string): Text => ({ zh, en });

/** What the agent is asked for beside a result. */
export const evidenceTexts: Readonly<Record<EvidenceKey, Text>> = {
  answers: text('全部必问回答', 'All required answers'),
  recording: text('录音', 'Recording'),
  recordingMark: text('录音位置（分：秒）', 'Place in the recording (m:ss)'),
  differingFields: text('不一致的项目', 'Fields that differ'),
  missingFields: text('缺少的项目', 'Missing fields'),
  registeredValue: text('登记的单位', 'Registered employer'),
  statedValue: text('客户所说', 'What was said'),
  whoSaid: text('由谁说明', 'Who said so'),
  formChecked: text('申请表影像核对结果', 'What the form’s image shows'),
  dialLog: text('拨号记录', 'Dial log'),
  doubleEntry: text('新信息（再录一次）', 'New value, entered once more'),
  proofRequested: text('已要求的证明', 'Proof asked for'),
  leftOn: text('离职时间', 'Left on'),
  nameVariants: text('已核对的其他姓名', 'Other names tried'),
  daypartsTried: text('已尝试的时段', 'Dayparts tried'),
  callRecords: text('通话记录', 'Call records'),
  respondent: text('接听人（部门/称呼）', 'Who answered (department, name)'),
  transferOffered: text('是否同意转接', 'Transfer offered'),
  writtenChannel: text('书面核实渠道', 'Written channel'),
  refusalReason: text('不愿说明的原因', 'Reason for refusing'),
  statement: text('客户原话', 'Statement in their words'),
  appointmentTime: text('预约时间', 'Time agreed'),
  lastStep: text('中断处', 'Last step'),
  flags: text('疑点', 'Red flags'),
  registerCheck: text('企业登记核对', 'Company register check'),
  hardshipCause: text('困难原因', 'Cause of hardship'),
  hardshipSince: text('从何时开始', 'Since when'),
  wantedHelp: text('希望的支持', 'Help wanted'),
  informant: text('告知人及关系', 'Informant and relation'),
  language: text('语言 / 方言', 'Language or dialect'),
  complaintDemand: text('投诉诉求', 'What the complaint asks for'),
  withdrawnBy: text('由谁撤销', 'Withdrawn by'),
};

/** Who speaks on a number of this kind, as evidence names them: the relation to the borrower, never the kind of telephone. */
export const speakerWords: Readonly<Record<ContactRole, string>> = {
  BORROWER: '本人',
  HOME: '家人',
  EMPLOYER: '单位',
  EMPLOYER_PUBLIC: '单位总机',
  EMPLOYER_HR: '单位人事',
  COLLEAGUE: '同事',
  GUARANTOR: '担保人',
  COBORROWER: '共同借款人',
  EMERGENCY: '紧急联系人',
};
