/**
 * What working a case once can come to (domain.md C3), as one exhaustive table: the words for people, the reason that
 * must be named beside it, the evidence that must lie with it, whether a second agent has to look (二次核实), and what
 * usually follows. Which of them a call may offer, and when, is not here: that is the script and its duties.
 */
import { z } from 'zod';
import type { Text } from '../text.ts';

export const dispositionCodes = [
  'VERIFIED',
  'VERIFIED_MINOR',
  'PARTIAL',
  'INFO_UPDATED',
  'WRONG_EMPLOYER',
  'LEFT_JOB',
  'NOT_KNOWN_THERE',
  'EMPLOYER_NO_ANSWER',
  'RESPONDENT_UNAWARE',
  'EMPLOYER_POLICY_REFUSAL',
  'REFUSED',
  'NO_RECORDING_CONSENT',
  'DENIES_APPLICATION',
  'CALLBACK_AGREED',
  'BREAK_OFF',
  'SUSPECTED_FRAUD',
  'MISUSE_OF_FUNDS',
  'GUARANTOR_UNAWARE',
  'GUARANTOR_UNWILLING',
  'SUPPORT_REFERRAL',
  'DECEASED',
  'INCAPABLE',
  'LANGUAGE_BARRIER',
  'UNREACHABLE',
  'DO_NOT_CALL',
  'COMPLAINT',
  'CANCELLED',
  'ID_FAILED',
  'THIRD_PARTY',
  'WRONG_NUMBER',
] as const;
export const dispositionCodeSchema = z.enum(dispositionCodes);
export type DispositionCode = z.infer<typeof dispositionCodeSchema>;

/** A disposition with its reason, as it is offered, chosen and recorded. */
export const dispositionSchema = z.strictObject({
  code: dispositionCodeSchema,
  sub: z
    .string()
    .regex(/^[A-Z][A-Z_]*$/)
    .optional(),
});
export type Disposition = { code: DispositionCode; sub?: string };

/** What must lie with a disposition. `recording` and `answers` are there by themselves; the rest is asked for. */
export const evidenceKeys = [
  'answers',
  'recording',
  'recordingMark',
  'differingFields',
  'missingFields',
  'registeredValue',
  'statedValue',
  'whoSaid',
  'formChecked',
  'dialLog',
  'doubleEntry',
  'proofRequested',
  'leftOn',
  'nameVariants',
  'daypartsTried',
  'callRecords',
  'respondent',
  'transferOffered',
  'writtenChannel',
  'refusalReason',
  'statement',
  'appointmentTime',
  'lastStep',
  'flags',
  'registerCheck',
  'hardshipCause',
  'hardshipSince',
  'wantedHelp',
  'informant',
  'language',
  'complaintDemand',
  'withdrawnBy',
] as const;
export type EvidenceKey = (typeof evidenceKeys)[number];

/** What usually comes next, most important first. A hint: policy decides times, numbers and people. */
export const followUpHints = [
  'CLOSE',
  'NOTE_TO_APPROVER',
  'CALL_AGAIN',
  'APPOINTMENT',
  'NEXT_NUMBER',
  'EMPLOYER_CALL',
  'SECOND_VERIFICATION',
  'SUPPLEMENT',
  'DOCUMENTS',
  'DATA_FIX',
  'QUALITY_INCIDENT',
  'FIELD_VISIT',
  'BRANCH_INTERVIEW',
  'ACCOUNT_MANAGER',
  'RISK_REVIEW',
  'FRAUD_DESK',
  'LEGAL_HOLD',
  'SUPPORT_DESK',
  'SPECIAL_DESK',
  'COMPLAINT_DESK',
  'SKILLED_AGENT',
  'BLOCK_NUMBER',
  'BORROWER_CALL',
] as const;
export type FollowUpHint = (typeof followUpHints)[number];

export type DispositionRule = {
  readonly text: Text;
  /** Present when a reason must be named: saving without one is refused. */
  readonly subCodes?: Readonly<Record<string, Text>>;
  readonly evidence: readonly EvidenceKey[];
  /** Another agent must verify, with another source for the number (domain.md C3, column "2nd verification"). */
  readonly secondVerification: boolean;
  /** Code of the AAPOR Standard Definitions; 'none' where the standard has no word for it. */
  readonly aapor: string;
  readonly followUp: readonly FollowUpHint[];
  /** Where a reason differs from its disposition; evidence is in addition, the others replace. */
  readonly bySub?: Readonly<
    Record<string, Partial<Pick<DispositionRule, 'evidence' | 'followUp' | 'secondVerification'>>>
  >;
};

const text = (zh: string, en: string): Text => ({ zh, en });

export const dispositions: Readonly<Record<DispositionCode, DispositionRule>> = {
  VERIFIED: {
    text: text('核实一致', 'Verified'),
    evidence: ['answers', 'recording'],
    secondVerification: false,
    aapor: '1.1',
    followUp: ['CLOSE'],
  },
  VERIFIED_MINOR: {
    text: text('基本一致（轻微差异）', 'Verified, minor differences'),
    evidence: ['answers', 'recording', 'differingFields'],
    secondVerification: false,
    aapor: '1.1',
    followUp: ['CLOSE', 'NOTE_TO_APPROVER'],
  },
  PARTIAL: {
    text: text('部分核实', 'Partly verified'),
    evidence: ['answers', 'missingFields'],
    secondVerification: false,
    aapor: '1.2',
    followUp: ['CALL_AGAIN', 'SUPPLEMENT'],
  },
  INFO_UPDATED: {
    text: text('信息变更', 'Information updated'),
    subCodes: {
      EMPLOYER: text('单位变更', 'Employer changed'),
      CONTACT: text('联系方式变更', 'Contact changed'),
    },
    evidence: ['answers', 'statedValue', 'doubleEntry', 'proofRequested'],
    secondVerification: false,
    aapor: '1.1',
    followUp: ['EMPLOYER_CALL'],
    bySub: { EMPLOYER: { secondVerification: true, followUp: ['SECOND_VERIFICATION', 'EMPLOYER_CALL', 'DOCUMENTS'] } },
  },
  WRONG_EMPLOYER: {
    text: text('单位不符', 'Wrong employer'),
    subCodes: {
      OUTDATED: text('信息未更新（换工作）', 'Outdated: changed job'),
      REORG: text('单位改名/重组/派驻', 'Renamed, reorganised or seconded'),
      DISPATCH: text('劳务派遣', 'Labour dispatch'),
      RECORD_SLIP: text('登记笔误', 'Recorded wrongly'),
      SPOKEN_SLIP: text('口误（当场更正）', 'Slip of the tongue, corrected at once'),
      WRONG_NUMBER_DIALLED: text('号码拨错', 'Wrong number dialled'),
      CONCEALMENT: text('疑似故意隐瞒', 'Suspected concealment'),
      REFUSES: text('不愿说明（隐私）', 'Will not explain'),
      UNKNOWN: text('原因不明', 'Reason unknown'),
    },
    evidence: ['registeredValue', 'statedValue', 'whoSaid', 'recordingMark'],
    secondVerification: true,
    aapor: '1.1',
    followUp: ['SECOND_VERIFICATION'],
    bySub: {
      OUTDATED: { evidence: ['proofRequested'], followUp: ['SECOND_VERIFICATION', 'DOCUMENTS', 'EMPLOYER_CALL'] },
      REORG: { evidence: ['proofRequested'], followUp: ['SECOND_VERIFICATION', 'DOCUMENTS', 'EMPLOYER_CALL'] },
      DISPATCH: { evidence: ['proofRequested'], followUp: ['SECOND_VERIFICATION', 'DOCUMENTS', 'EMPLOYER_CALL'] },
      RECORD_SLIP: { evidence: ['formChecked'], followUp: ['SECOND_VERIFICATION', 'DATA_FIX'] },
      WRONG_NUMBER_DIALLED: {
        evidence: ['dialLog'],
        followUp: ['SECOND_VERIFICATION', 'NEXT_NUMBER', 'QUALITY_INCIDENT'],
      },
      CONCEALMENT: { followUp: ['SECOND_VERIFICATION', 'RISK_REVIEW'] },
      REFUSES: { evidence: ['refusalReason'], followUp: ['SECOND_VERIFICATION', 'BRANCH_INTERVIEW'] },
    },
  },
  LEFT_JOB: {
    text: text('已离职', 'Left the job'),
    evidence: ['leftOn', 'whoSaid', 'respondent'],
    secondVerification: true,
    aapor: '1.1',
    followUp: ['SECOND_VERIFICATION', 'BORROWER_CALL', 'DOCUMENTS'],
  },
  NOT_KNOWN_THERE: {
    text: text('查无此人', 'Employer does not know the person'),
    evidence: ['nameVariants', 'respondent'],
    secondVerification: true,
    aapor: '4.7',
    followUp: ['SECOND_VERIFICATION', 'NEXT_NUMBER', 'RISK_REVIEW'],
  },
  EMPLOYER_NO_ANSWER: {
    text: text('单位无人接听', 'Employer does not answer'),
    evidence: ['daypartsTried', 'callRecords'],
    secondVerification: false,
    aapor: '3.13',
    followUp: ['NEXT_NUMBER', 'DOCUMENTS', 'FIELD_VISIT'],
  },
  RESPONDENT_UNAWARE: {
    text: text('接听人不了解情况', 'Respondent does not know'),
    evidence: ['respondent', 'transferOffered'],
    secondVerification: false,
    aapor: '2.21',
    followUp: ['CALL_AGAIN', 'NEXT_NUMBER'],
  },
  EMPLOYER_POLICY_REFUSAL: {
    text: text('单位规定不予提供', 'Employer policy forbids'),
    evidence: ['respondent', 'writtenChannel'],
    secondVerification: false,
    aapor: '2.111',
    followUp: ['DOCUMENTS'],
  },
  REFUSED: {
    text: text('拒绝配合', 'Refused'),
    subCodes: { SOFT: text('暂时拒绝', 'For now'), HARD: text('明确拒绝', 'For good') },
    evidence: ['recording', 'refusalReason'],
    secondVerification: false,
    aapor: '2.112',
    followUp: ['ACCOUNT_MANAGER'],
    bySub: { SOFT: { followUp: ['CALL_AGAIN', 'ACCOUNT_MANAGER'] }, HARD: { followUp: ['BRANCH_INTERVIEW'] } },
  },
  NO_RECORDING_CONSENT: {
    text: text('不同意录音', 'No consent to recording'),
    evidence: ['statement'],
    secondVerification: false,
    aapor: '2.112',
    followUp: ['BRANCH_INTERVIEW'],
  },
  DENIES_APPLICATION: {
    text: text('否认申请', 'Denies having applied'),
    evidence: ['statement', 'recordingMark'],
    secondVerification: true,
    aapor: 'none',
    followUp: ['FRAUD_DESK', 'SECOND_VERIFICATION'],
  },
  CALLBACK_AGREED: {
    text: text('预约回拨', 'Call-back agreed'),
    subCodes: { EXACT: text('准确时间', 'Exact time'), ABOUT: text('大致时段', 'About this time') },
    evidence: ['appointmentTime', 'whoSaid'],
    secondVerification: false,
    aapor: '2.12',
    followUp: ['APPOINTMENT'],
  },
  BREAK_OFF: {
    text: text('中途挂断', 'Broken off'),
    evidence: ['answers', 'lastStep'],
    secondVerification: false,
    aapor: '2.12',
    followUp: ['CALL_AGAIN'],
  },
  SUSPECTED_FRAUD: {
    text: text('疑似包装/虚假单位', 'Suspected packaging or fake employer'),
    evidence: ['flags', 'recordingMark', 'registerCheck'],
    secondVerification: true,
    aapor: 'none',
    followUp: ['RISK_REVIEW', 'SECOND_VERIFICATION'],
  },
  MISUSE_OF_FUNDS: {
    text: text('资金用途异常', 'Funds used otherwise'),
    subCodes: {
      SECURITIES: text('流入股市', 'Securities'),
      BUSINESS: text('用于经营', 'Business'),
      OTHER: text('其他用途', 'Other'),
    },
    evidence: ['statement', 'recordingMark'],
    secondVerification: true,
    aapor: 'none',
    followUp: ['RISK_REVIEW', 'SECOND_VERIFICATION'],
  },
  GUARANTOR_UNAWARE: {
    text: text('担保人不知情', 'Guarantor is unaware'),
    evidence: ['statement'],
    secondVerification: true,
    aapor: 'none',
    followUp: ['LEGAL_HOLD', 'SECOND_VERIFICATION'],
  },
  GUARANTOR_UNWILLING: {
    text: text('担保人不愿意', 'Guarantor is unwilling'),
    evidence: ['statement'],
    secondVerification: true,
    aapor: 'none',
    followUp: ['LEGAL_HOLD', 'SECOND_VERIFICATION'],
  },
  SUPPORT_REFERRAL: {
    text: text('还款困难转介', 'Referred for hardship support'),
    evidence: ['statement', 'hardshipCause', 'hardshipSince', 'wantedHelp'],
    secondVerification: false,
    aapor: 'none',
    followUp: ['SUPPORT_DESK'],
  },
  DECEASED: {
    text: text('本人身故', 'Deceased'),
    evidence: ['informant'],
    secondVerification: true,
    aapor: '2.31',
    followUp: ['SPECIAL_DESK', 'BLOCK_NUMBER', 'SECOND_VERIFICATION'],
  },
  INCAPABLE: {
    text: text('无法沟通（疾病等）', 'Unable to talk (illness)'),
    evidence: ['informant'],
    secondVerification: false,
    aapor: '2.32',
    followUp: ['ACCOUNT_MANAGER'],
  },
  LANGUAGE_BARRIER: {
    text: text('语言/方言障碍', 'Language or dialect barrier'),
    evidence: ['language'],
    secondVerification: false,
    aapor: '2.331',
    followUp: ['SKILLED_AGENT', 'BRANCH_INTERVIEW'],
  },
  UNREACHABLE: {
    text: text('达到上限仍未联系上', 'Not reached within the limit'),
    evidence: ['callRecords', 'daypartsTried'],
    secondVerification: false,
    aapor: '3.90',
    followUp: ['SUPPLEMENT', 'FIELD_VISIT'],
  },
  DO_NOT_CALL: {
    text: text('谢绝来电', 'Asks not to be called'),
    evidence: ['recording', 'statement'],
    secondVerification: false,
    aapor: '2.112b',
    followUp: ['BLOCK_NUMBER', 'BRANCH_INTERVIEW'],
  },
  COMPLAINT: {
    text: text('投诉', 'Complaint'),
    evidence: ['recording', 'complaintDemand'],
    secondVerification: false,
    aapor: '2.112b',
    followUp: ['COMPLAINT_DESK'],
  },
  CANCELLED: {
    text: text('业务撤销', 'Case withdrawn'),
    evidence: ['withdrawnBy'],
    secondVerification: false,
    aapor: '4.7',
    followUp: ['CLOSE'],
  },
  ID_FAILED: {
    text: text('身份核验未通过', 'Identity not confirmed'),
    evidence: ['recording'],
    secondVerification: false,
    aapor: '2.20',
    followUp: ['BRANCH_INTERVIEW', 'ACCOUNT_MANAGER'],
  },
  THIRD_PARTY: {
    text: text('他人接听', 'Somebody else answered'),
    evidence: ['whoSaid'],
    secondVerification: false,
    aapor: '2.21',
    followUp: ['CALL_AGAIN'],
  },
  WRONG_NUMBER: {
    text: text('打错/非本人号码', 'Wrong number'),
    evidence: ['dialLog'],
    secondVerification: false,
    aapor: '4.7',
    followUp: ['BLOCK_NUMBER', 'NEXT_NUMBER'],
  },
};

/** The evidence that must lie with this result, its own reason included. */
export function evidenceFor({ code, sub }: Disposition): readonly EvidenceKey[] {
  const rule = dispositions[code];
  return [...rule.evidence, ...((sub ? rule.bySub?.[sub]?.evidence : undefined) ?? [])];
}

export function needsSecondVerification({ code, sub }: Disposition): boolean {
  const rule = dispositions[code];
  return (sub ? rule.bySub?.[sub]?.secondVerification : undefined) ?? rule.secondVerification;
}

export function followUpsFor({ code, sub }: Disposition): readonly FollowUpHint[] {
  const rule = dispositions[code];
  return (sub ? rule.bySub?.[sub]?.followUp : undefined) ?? rule.followUp;
}

/** A reason is named exactly where the table has reasons, and is one of them. */
export function isCompleteDisposition({ code, sub }: Disposition): boolean {
  const reasons = dispositions[code].subCodes;
  return reasons === undefined ? sub === undefined : sub !== undefined && sub in reasons;
}

/** "单位不符:信息未更新(换工作)"; an unknown reason shows as its code. */
export function dispositionText({ code, sub }: Disposition): Text {
  const { text: name, subCodes } = dispositions[code];
  if (sub === undefined) return name;
  const reason = subCodes?.[sub] ?? { zh: sub, en: sub };
  return { zh: `${name.zh}：${reason.zh}`, en: `${name.en}: ${reason.en}` };
}
