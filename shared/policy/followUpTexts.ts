/** Every rule that makes a follow-up, in words: what stands beside the line at wrap-up (screens.md). */
import { type FollowUpHint, followUpHints } from '../disposition/disposition.ts';
import type { Text } from '../text.ts';

const text = (zh: string, en: string): Text => ({ zh, en });

const ownRules = {
  'retry.noAnswer': text('无人接听：至少隔 3 小时并换时段', 'no answer: 3 hours at least, and another part of the day'),
  'retry.busy': text('占线：先隔 15 分钟，再隔 30 分钟', 'busy: after 15, then 30 minutes'),
  'retry.busyDaypart': text('多次占线：换时段', 'busy again and again: another part of the day'),
  'retry.powerOff': text('关机：隔 4 小时', 'switched off: after 4 hours'),
  'retry.powerOffDay': text('再次关机：次日', 'switched off again: the next day'),
  'retry.outOfCoverage': text('无法接通：隔 2 小时并换时段', 'out of coverage: after 2 hours, another part of the day'),
  'retry.rejected': text(
    '拒接：下一工作日换时段，先发短信',
    'rejected: next working day, another part of the day, SMS first',
  ),
  'retry.suspended': text('停机：3 天后再试一次', 'suspended: once more after 3 days'),
  'retry.voicemail': text(
    '语音信箱或秘书台：隔 3 小时并换时段',
    'voicemail or assistant: after 3 hours, another part of the day',
  ),
  'retry.dropped': text('接通即挂断：30 分钟后再呼一次', 'dropped at once: once more after 30 minutes'),
  'retry.droppedAgain': text('再次挂断：换时段，先发短信', 'dropped again: another part of the day, SMS first'),
  'retry.flagged': text('来电被标记：下一工作日，先发短信', 'our number is flagged: next working day, SMS first'),
  'retry.networkFault': text('线路故障：5 分钟后，不计次数', 'network fault: after 5 minutes, not counted'),
  'retry.stationFault': text('终端故障：排除后再呼，不计次数', 'station fault: after it is repaired, not counted'),
  'retry.interrupted': text('终端异常退出：尽快继续', 'the station stopped: go on soon'),
  'retry.slot': text('按对方说的方便接听时段', 'in the part of the day that was named for this number'),
  'retry.capDay': text('今天的次数已满：次日再呼', "today's calls are used up: the next day"),
  'number.afterMisses': text('同一号码三次未接通：换号码', 'missed three times on one number: the next one'),
  'number.empty': text('空号：直接换号码', 'empty number: the next one at once'),
  'number.suspended': text('停机：直接换号码', 'suspended: the next one at once'),
  'number.badFormat': text('号码有误：换号码', 'malformed: the next one'),
  'number.changed': text('已改号：换号码', 'number changed: the next one'),
  'number.barred': text('呼入限制：换号码', 'barred: the next one'),
  'number.fax': text('传真线路：换号码', 'a fax line: the next one'),
  'supplement.noNumber': text('没有其他可用号码', 'no other number can be used'),
  'supplement.tried': text('唯一可用号码已三次未接通', 'the only number was missed three times'),
  'supplement.total': text('已达外呼次数上限', 'the limit of attempts is reached'),
  'employer.exhausted': text(
    '单位各号码均已试过：改用社保、公积金或在职证明',
    'employer: all numbers tried; use social-insurance or employment papers',
  ),
  'notice.afterMisses': text(
    '两次未接通：短信告知官方号码和建议时段，不含金额',
    'missed twice: SMS with the official number and a time, no amounts',
  ),
  'notice.beforeRejected': text('拒接：再呼前先发短信', 'rejected: an SMS goes first'),
  'notice.afterDrop': text('接通即挂断：短信说明身份与核实方式', 'dropped: an SMS says who we are and how to check it'),
  'notice.barred': text('呼入限制：短信告知', 'barred: told by SMS'),
  'notice.flagged': text('来电被标记：短信告知官方号码', 'our number is flagged: SMS with the official number'),
  'manager.rejectedTwice': text('两次拒接：请客户经理联系', 'rejected twice: the account manager gets in touch'),
  'manager.questions': text(
    '客户有疑问：请客户经理答复',
    'the customer has questions: the account manager answers them',
  ),
  'data.badFormat': text('号码有误：核对申请资料后更正', 'malformed number: correct it from the application'),
  'incoming.missed': text('来电未接：10 分钟内回拨', 'missed call: call back within 10 minutes'),
} as const;

const hintTexts: Readonly<Record<FollowUpHint, Text>> = {
  CLOSE: text('任务完成，归档', 'done, closed'),
  NOTE_TO_APPROVER: text('提示审批人', 'a note to the approver'),
  CALL_AGAIN: text('本次结果允许再次外呼', 'this result allows another call'),
  APPOINTMENT: text('按客户约定的时间', 'at the time the customer asked for'),
  NEXT_NUMBER: text('此号码无法完成核实', 'this number cannot bring the answer'),
  EMPLOYER_CALL: text('单位有变化，向单位核实', 'the employer differs: verify there'),
  SECOND_VERIFICATION: text(
    '需由另一坐席、另一来源的号码核实',
    'another agent verifies, with a number of another source',
  ),
  SUPPLEMENT: text('联系不上，请补充联系方式', 'not reached: ask for other numbers'),
  DOCUMENTS: text('以书面材料核实', 'verified by papers instead'),
  DATA_FIX: text('登记有误，双人更正', 'recorded wrongly: corrected by four eyes'),
  QUALITY_INCIDENT: text('拨错号码，登记质量事件', 'a wrong number was dialled: recorded as an incident'),
  FIELD_VISIT: text('电话核实不成', 'not verified by phone'),
  BRANCH_INTERVIEW: text('改为网点面谈核实', 'verified at the branch instead'),
  ACCOUNT_MANAGER: text('由客户经理跟进', 'the account manager follows up'),
  RISK_REVIEW: text('有疑点，转风险', 'something is doubtful: risk decides'),
  FRAUD_DESK: text('当日转反欺诈', 'to the fraud desk the same day'),
  LEGAL_HOLD: text('暂停审批，转法务', 'held for legal'),
  SUPPORT_DESK: text('转还款支持，限期答复', 'to the support desk, with a date for the answer'),
  SPECIAL_DESK: text('停止外呼，转专人处理', 'no more calls: a special desk takes over'),
  COMPLAINT_DESK: text('按投诉时限处理', 'handled within the complaint clock'),
  SKILLED_AGENT: text('转会该语言或方言的坐席', 'to an agent who speaks the language'),
  BLOCK_NUMBER: text('停用此号码', 'this number is not used any more'),
  BORROWER_CALL: text('向借款人本人核实', 'ask the borrower'),
};

export type FollowUpRule = keyof typeof ownRules | `disposition.${FollowUpHint}`;

const hintRules = Object.fromEntries(followUpHints.map((hint) => [`disposition.${hint}`, hintTexts[hint]]));
/** Complete by construction: the own rules and one per hint, which `Object.fromEntries` cannot express. */
export const ruleText = { ...ownRules, ...hintRules } as Readonly<Record<FollowUpRule, Text>>;

export const isFollowUpRule = (rule: string): rule is FollowUpRule => Object.hasOwn(ruleText, rule);
