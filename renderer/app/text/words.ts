/** Words for people, one exhaustive table for each union of the contract: a new member does not compile until it has words. */
import type { ContactRole, ContactStatus, NumberSource } from '#shared/case/case.ts';
import type { BreakReason, EntryKind, FollowUpKind, NoticeTemplate } from '#shared/journal/entry.ts';
import type { DisputeReason, ReceiptState } from '#shared/journal/upload.ts';
import type { Board, Presence, Role } from '#shared/server/api.ts';
import type { Text } from '#shared/text.ts';

const text = (zh: string, en: string): Text => ({ zh, en });

export const entryTexts: Readonly<Record<EntryKind, Text>> = {
  'shift.started': text('签入', 'Signed in'),
  'shift.ended': text('签出', 'Signed out'),
  'break.started': text('示忙', 'Break began'),
  'break.ended': text('示闲', 'Break ended'),
  'attempt.started': text('呼叫开始', 'Attempt began'),
  'attempt.ended': text('呼叫结束', 'Attempt ended'),
  'step.recorded': text('话术步骤已记录', 'Script step recorded'),
  'script.left': text('离开话术', 'Script left'),
  'help.asked': text('求助班长', 'Help asked for'),
  'disposition.recorded': text('话后处理完成', 'Wrap-up recorded'),
  'contact.changed': text('联系方式变更', 'Contact changed'),
  'appointment.made': text('预约回拨', 'Appointment made'),
  'followUp.requested': text('后续安排', 'Follow-up requested'),
  'followUp.closed': text('后续安排已关闭', 'Follow-up closed'),
  'notice.requested': text('请求短信通知', 'SMS notice asked for'),
  'value.unmasked': text('查看完整信息', 'Value unmasked'),
  'dial.blocked': text('拨打被拦截', 'Dial blocked'),
  'case.skipped': text('跳过任务', 'Case skipped'),
  'directive.acknowledged': text('指令已执行', 'Directive acknowledged'),
  amended: text('更正', 'Amended'),
};

export const breakReasonTexts: Readonly<Record<BreakReason, Text>> = {
  MEAL: text('用餐', 'Meal'),
  TRAINING: text('培训', 'Training'),
  REST: text('休息', 'Rest'),
  MEETING: text('会议', 'Meeting'),
  TECHNICAL: text('设备故障', 'Technical trouble'),
};

export const preNoticeText = text('发送短信预告', 'Send an SMS notice first');

export const noticeTemplateTexts: Readonly<Record<NoticeTemplate, Text>> = {
  BEFORE_FIRST_CALL: text('首次外呼前', 'before the first call'),
};

export const numberSourceTexts: Readonly<Record<NumberSource, Text>> = {
  APPLICATION_FORM: text('申请表', 'Application form'),
  FORM_IMAGE: text('申请表影像', 'Form image'),
  PUBLIC_DIRECTORY: text('公开信息', 'Public directory'),
  EMPLOYER_RECORD: text('单位核实记录', 'Employer record'),
  BORROWER: text('借款人提供', 'Told by the borrower'),
  THIRD_PARTY: text('他人提供', 'Told by somebody else'),
  INCOMING: text('来电号码', 'Caller’s number'),
};

export const contactRoleTexts: Readonly<Record<ContactRole, Text>> = {
  BORROWER: text('本人', 'Borrower'),
  HOME: text('家庭', 'Home'),
  EMPLOYER: text('单位', 'Employer'),
  EMPLOYER_PUBLIC: text('单位总机', 'Employer, switchboard'),
  EMPLOYER_HR: text('人事部', 'Employer, personnel'),
  COLLEAGUE: text('同事', 'Colleague'),
  GUARANTOR: text('担保人', 'Guarantor'),
  COBORROWER: text('共同借款人', 'Co-borrower'),
  EMERGENCY: text('紧急联系人', 'Emergency contact'),
};

export const contactStatusTexts: Readonly<Record<ContactStatus, Text>> = {
  OK: text('可用', 'Usable'),
  UNCONFIRMED: text('未核实', 'Not confirmed'),
  INVALID: text('无效', 'Invalid'),
  SUSPENDED: text('停机', 'Suspended'),
  REPLACED: text('已更换', 'Replaced'),
  WRONG_PERSON: text('非本人', 'Wrong person'),
  NOT_VOICE: text('非语音', 'Not voice'),
  DO_NOT_CALL: text('谢绝来电', 'Do not call'),
};

export const roleTexts: Readonly<Record<Role, Text>> = {
  agent: text('坐席', 'Agent'),
  lead: text('班长', 'Team lead'),
  manager: text('主管', 'Manager'),
  qa: text('质检', 'Quality'),
  risk: text('风险', 'Risk'),
  auditor: text('审计', 'Auditor'),
  admin: text('管理员', 'Administrator'),
};

export type PresenceState = Presence['state'];
export const presenceTexts: Readonly<Record<PresenceState, Text>> = {
  AVAILABLE: text('空闲', 'Available'),
  ON_CALL: text('通话中', 'On a call'),
  WRAP_UP: text('话后处理', 'Wrap-up'),
  BREAK: text('示忙', 'Break'),
  PREVIEW: text('拨前校验', 'Dial check'),
};

export const receiptTexts: Readonly<Record<'waiting' | ReceiptState, Text>> = {
  waiting: text('待上传', 'Waiting'),
  stored: text('已入库', 'Stored'),
  duplicate: text('已入库', 'Stored'),
  disputed: text('有疑问', 'Disputed'),
  unreadable: text('无法解析', 'Unreadable'),
};

/** What a disputed receipt means for the agent, and that nothing is lost. */
export const disputeTexts: Readonly<Record<DisputeReason, Text>> = {
  FORK: text(
    '日志不连续：同一序号有两份记录，两份都已保留，班长会处理。',
    'Two records carry this number. Both are kept; your lead will look.',
  ),
  LATE: text(
    '领取已过期：任务可能已转给他人，记录已保留，班长会处理。',
    'The lease had passed on. The record is kept; your lead will look.',
  ),
  REPLAY_DIFFERS: text(
    '后台重放话术的结论不同，记录已保留，等待复核。',
    'The server’s replay of the script differs. Kept for review.',
  ),
  COMPARISON_DIFFERS: text(
    '后台比对的结论不同，记录已保留，等待复核。',
    'The server’s comparison differs. Kept for review.',
  ),
  BROKEN_CHAIN: text(
    '日志不连续：与前一条接不上，记录已保留并标记。',
    'It does not follow the entry before. Kept and marked.',
  ),
  BAD_HASH: text('内容与校验值不符，记录已保留并标记。', 'Content and checksum differ. Kept and marked.'),
  NOT_LEASED: text(
    '此任务当时不在您名下，记录已保留，班长会处理。',
    'The case was not yours at the time. Kept; your lead will look.',
  ),
  NO_NOTICE: text('记录之间互相矛盾，已保留，等待复核。', 'What was recorded contradicts itself. Kept for review.'),
};

export const followUpTexts: Readonly<Record<FollowUpKind, Text>> = {
  RETRY: text('再次外呼', 'Call again'),
  NEXT_NUMBER: text('换号再拨', 'Next number'),
  APPOINTMENT: text('预约回拨', 'Appointment'),
  SMS_NOTICE: text('发送短信预告', 'Send an SMS notice'),
  SECOND_VERIFICATION: text('二次核实', 'Second verification'),
  EMPLOYER_CALL: text('单位核实', 'Call the employer'),
  SUPPLEMENT_CONTACT: text('补充联系方式', 'Find another contact'),
  DOCUMENTS: text('补充材料', 'Documents'),
  ACCOUNT_MANAGER: text('转客户经理', 'To the account manager'),
  BRANCH_INTERVIEW: text('网点面谈', 'Interview at the branch'),
  FIELD_VISIT: text('上门核实', 'Field visit'),
  RISK_REVIEW: text('风险复核', 'Risk review'),
  FRAUD_DESK: text('转反欺诈', 'To the fraud desk'),
  COMPLAINT_DESK: text('转投诉', 'To the complaints desk'),
  DATA_CORRECTION: text('更正登记', 'Correct the record'),
  CALL_BACK_MISSED: text('来电未接，10 分钟内回拨', 'Missed call: ring back within 10 minutes'),
};

export type ExceptionType = Board['exceptions'][number]['type'];
export const exceptionTexts: Readonly<Record<ExceptionType, Text>> = {
  HELP: text('求助', 'Call for help'),
  CONFLICT: text('结果冲突', 'Conflicting results'),
  SECOND_VERIFICATION: text('二次核实', 'Second verification'),
  COMPLAINT: text('投诉', 'Complaint'),
  JOURNAL_BROKEN: text('日志不连续', 'Journal broken'),
  DISPUTED: text('记录有疑问', 'Disputed entry'),
  FRAUD: text('疑似虚假', 'Suspected fraud'),
  CALL_BACK_LATE: text('未接来电未回拨', 'Missed call not called back'),
  EMPLOYER_NOT_CALLED: text('新单位电话待核实', 'Employer’s new number not called'),
};
export const exceptionHints: Readonly<Record<ExceptionType, Text>> = {
  HELP: text('坐席在等您', 'the agent waits for you'),
  CONFLICT: text('领取过期后两人各有结果', 'two agents hold a result for it'),
  SECOND_VERIFICATION: text('等待另一位坐席', 'waits for another agent'),
  COMPLAINT: text('客户要求回复', 'the customer wants an answer'),
  JOURNAL_BROKEN: text('终端日志有缺，已标记', 'entries are missing, marked'),
  DISPUTED: text('已保留，等待查看', 'kept, waits to be looked at'),
  FRAUD: text('按正常结束，转反欺诈', 'ended normally, to the fraud desk'),
  CALL_BACK_LATE: text('已过约定时限，请安排回拨', 'past the promised time: have it called back'),
  EMPLOYER_NOT_CALLED: text(
    '借款人提供了号码，但没有可外呼的单位核实任务：请派单或补充材料',
    'told by the borrower, but no employer case is open: make one, or ask for papers',
  ),
};
