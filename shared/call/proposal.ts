/**
 * What the network seems to have said about a call (architecture §7, domain.md C1 and 0.5): an ordered table, the first row that
 * fits wins. SIP only proposes; the agent, who heard the announcement, confirms.
 *
 *   1  incoming, and what the station itself did to the call
 *   2  answered calls
 *   3  our own end of an unanswered call: cancelled before 20 s, no answer from 20 s on
 *   4  the Q.850 cause, which says more than the status it came with
 *   5  the SIP status, with whether and how long it rang
 *   6  nothing fits: no proposal
 *
 * Early media before an unanswered end may have been 「空号」, 「停机」 or 「关机」 spoken over a code that says something else. Then
 * nothing is preselected, and what announcements say is listed right after the proposal.
 */
import type { Text } from '../text.ts';
import { type CallEnded, type CallResult, callResultFacts } from './callResult.ts';

export type CallFacts = {
  direction: 'out' | 'in';
  ended: CallEnded;
  /** From the first 180 or 183 to the answer or the end; 0: it never rang. */
  rangSeconds: number;
  /** 0: never answered. */
  talkedSeconds: number;
  /** Sound was heard before the answer: an announcement, or only a ring-back tune. */
  earlyMedia: boolean;
};

export type Proposal = {
  /** None when nothing can be said. */
  result?: CallResult;
  /** `proposal.busy`; recorded beside what the agent confirmed. */
  rule: string;
  reason: Text;
  /** Enter confirms it right away. */
  preselect: boolean;
  /** For the keys 1–9, likeliest first, the proposal among them; only what an agent may choose. */
  candidates: readonly CallResult[];
};

/** Below these an own hang-up was a change of mind, and an answered call was never a conversation (domain.md 0.5, L17). */
export const ownHangUpCountsFrom = 20;
export const conversationFrom = 10;

type Row = {
  rule: string;
  when: (facts: CallFacts, code: { status: number; cause: number; rang: boolean }) => boolean;
  result: CallResult | undefined;
  because: (facts: CallFacts) => Text;
  /** What else it may have been. */
  or?: readonly CallResult[];
  /** The system saw it itself: an announcement cannot change it. */
  certain?: boolean;
};

const seconds = (value: number) => String(Math.max(0, Math.round(Number.isFinite(value) ? value : 0)));
const say =
  (zh: string, en: string) =>
  ({ rangSeconds, talkedSeconds }: CallFacts): Text => {
    const fill = (text: string) =>
      text.replace('{rang}', seconds(rangSeconds)).replace('{talked}', seconds(talkedSeconds));
    return { zh: fill(zh), en: fill(en) };
  };

const answered = ({ talkedSeconds }: CallFacts) => talkedSeconds > 0;
const anyOf = (value: number, ...codes: number[]) => codes.includes(value);

/** In order; a row may rely on those above it. */
const rows: readonly Row[] = [
  // 1. incoming, and the station itself
  {
    rule: 'proposal.interrupted',
    when: ({ ended }) => ended.reason === 'INTERRUPTED',
    result: 'INTERRUPTED',
    because: say('坐席终端异常退出，通话未正常结束', 'the station stopped; the call never ended properly'),
    certain: true,
  },
  {
    rule: 'proposal.missedIncoming',
    when: (facts) => facts.direction === 'in' && !answered(facts),
    result: 'MISSED_INCOMING',
    because: say('来电振铃 {rang} 秒，没有接听', 'an incoming call rang {rang} s and was not answered'),
    certain: true,
  },
  // 2. answered
  {
    rule: 'proposal.lostAtOnce',
    when: (facts) =>
      answered(facts) &&
      facts.talkedSeconds < conversationFrom &&
      (facts.ended.by === 'NETWORK' || facts.ended.reason === 'LINE_LOST'),
    result: 'NETWORK_FAULT',
    because: say('接通 {talked} 秒后线路中断', 'the line was lost {talked} s after the answer'),
    or: ['ANSWERED_DROPPED', 'ANSWERED'],
    certain: true,
  },
  {
    rule: 'proposal.noSound',
    when: (facts) =>
      answered(facts) && facts.talkedSeconds < conversationFrom && anyReason(facts, 'MEDIA_FAILED', 'NO_MICROPHONE'),
    result: 'STATION_FAULT',
    because: say('接通 {talked} 秒后本机语音故障', "this station's sound failed {talked} s after the answer"),
    or: ['ANSWERED_DROPPED', 'ANSWERED'],
    certain: true,
  },
  {
    rule: 'proposal.dropped',
    when: (facts) => answered(facts) && facts.talkedSeconds < conversationFrom && facts.ended.by === 'OTHER',
    result: 'ANSWERED_DROPPED',
    because: say('接通 {talked} 秒后对方挂机', 'they hung up {talked} s after the answer'),
    or: ['ANSWERED', 'VOICEMAIL', 'ASSISTANT', 'FAX'],
  },
  {
    rule: 'proposal.answered',
    when: answered,
    result: 'ANSWERED',
    because: say('接通，通话 {talked} 秒', 'answered, {talked} s of conversation'),
    or: ['VOICEMAIL', 'ASSISTANT', 'FAX', 'FORWARDED', 'FLAGGED_NUMBER'],
  },
  // the station before an answer
  {
    rule: 'proposal.noMicrophone',
    when: (facts) =>
      anyReason(facts, 'NO_MICROPHONE', 'MEDIA_FAILED') ||
      (facts.ended.reason === 'FAILED' && facts.ended.by === 'STATION'),
    result: 'STATION_FAULT',
    because: say('麦克风或语音不可用，电话没有打出', 'no microphone or no sound; the call was not made'),
    certain: true,
  },
  {
    rule: 'proposal.lineLost',
    when: (facts) => anyReason(facts, 'LINE_LOST'),
    result: 'NETWORK_FAULT',
    because: say('振铃 {rang} 秒，话机连接中断', 'the line was lost after {rang} s of ringing'),
    or: ['NO_ANSWER'],
    certain: true,
  },
  // 3. our own end
  {
    rule: 'proposal.ownHangUp',
    when: (facts) => ownEnd(facts) && facts.rangSeconds >= ownHangUpCountsFrom,
    result: 'NO_ANSWER',
    because: say('振铃 {rang} 秒后坐席挂机', 'the agent hung up after {rang} s of ringing'),
    or: ['POWER_OFF', 'OUT_OF_COVERAGE', 'BUSY'],
  },
  {
    rule: 'proposal.cancelled',
    when: ownEnd,
    result: 'CANCELLED_BY_AGENT',
    because: say('振铃 {rang} 秒即由坐席挂机，不足 20 秒', 'the agent hung up after {rang} s, before 20 s were over'),
    or: ['NO_ANSWER', 'BUSY', 'POWER_OFF'],
  },
  // 4. Q.850
  {
    rule: 'proposal.causeEmpty',
    when: (_, { cause }) => cause === 1,
    result: 'EMPTY_NUMBER',
    because: say('线路返回：号码未分配', 'the network says: number not allocated'),
    or: ['SUSPENDED', 'NUMBER_CHANGED'],
  },
  {
    rule: 'proposal.causeBusy',
    when: (_, { cause }) => cause === 17,
    result: 'BUSY',
    because: say('线路返回：对方忙', 'the network says: busy'),
    or: ['REJECTED'],
  },
  {
    rule: 'proposal.causeNoAnswer',
    when: (_, { cause, rang }) => cause === 19 || (cause === 18 && rang),
    result: 'NO_ANSWER',
    because: say('线路返回：振铃 {rang} 秒无人应答', 'the network says: no answer, {rang} s of ringing'),
    or: ['POWER_OFF', 'OUT_OF_COVERAGE'],
  },
  {
    rule: 'proposal.causeAbsent',
    when: (_, { cause }) => cause === 20,
    result: 'POWER_OFF',
    because: say('线路返回：用户不在网', 'the network says: subscriber absent'),
    or: ['OUT_OF_COVERAGE', 'SUSPENDED'],
  },
  {
    rule: 'proposal.causeUnreachable',
    when: (_, { cause }) => anyOf(cause, 18, 27),
    result: 'OUT_OF_COVERAGE',
    because: say('线路返回：用户无响应', 'the network says: no user responding'),
    or: ['POWER_OFF', 'SUSPENDED'],
  },
  {
    rule: 'proposal.causeRejected',
    when: (_, { cause, status }) => cause === 21 && status !== 403,
    result: 'REJECTED',
    because: say('线路返回：呼叫被拒绝', 'the network says: call rejected'),
    or: ['BARRED', 'FLAGGED_NUMBER'],
  },
  {
    rule: 'proposal.causeChanged',
    when: (_, { cause }) => cause === 22,
    result: 'NUMBER_CHANGED',
    because: say('线路返回：号码已更改', 'the network says: number changed'),
    or: ['EMPTY_NUMBER'],
  },
  {
    rule: 'proposal.causeFormat',
    when: (_, { cause }) => cause === 28,
    result: 'BAD_FORMAT',
    because: say('线路返回：号码格式有误', 'the network says: malformed number'),
    or: ['EMPTY_NUMBER'],
  },
  {
    rule: 'proposal.causeNetwork',
    when: (_, { cause }) => anyOf(cause, 2, 3, 25, 34, 38, 41, 42, 44, 47),
    result: 'NETWORK_FAULT',
    because: say('线路返回：网络故障或拥塞', 'the network says: fault or congestion'),
    or: ['OUT_OF_COVERAGE'],
  },
  // 5. SIP status
  {
    rule: 'proposal.busy',
    when: (_, { status }) => anyOf(status, 486, 600),
    result: 'BUSY', // also within 8 s after ringing: REJECTED only when an announcement or the agent says so (domain.md 0.5)
    because: say('对方忙，振铃 {rang} 秒', 'busy after {rang} s of ringing'),
    or: ['REJECTED'],
  },
  {
    rule: 'proposal.rejected',
    when: (_, { status }) => anyOf(status, 603, 607, 608),
    result: 'REJECTED',
    because: say('对方拒接，振铃 {rang} 秒', 'declined after {rang} s of ringing'),
    or: ['BARRED', 'FLAGGED_NUMBER', 'BUSY'],
  },
  {
    rule: 'proposal.barred',
    when: (_, { status }) => anyOf(status, 403, 433),
    result: 'BARRED',
    because: say('呼叫被限制', 'the call was barred'),
    or: ['REJECTED', 'SUSPENDED', 'FLAGGED_NUMBER'],
  },
  {
    rule: 'proposal.empty',
    when: (_, { status }) => anyOf(status, 404, 604),
    result: 'EMPTY_NUMBER',
    because: say('线路返回：号码不存在', 'the network says: no such number'),
    or: ['SUSPENDED', 'NUMBER_CHANGED'],
  },
  {
    rule: 'proposal.format',
    when: (_, { status }) => anyOf(status, 414, 416, 484, 485),
    result: 'BAD_FORMAT',
    because: say('线路返回：号码不完整或有误', 'the network says: incomplete or malformed number'),
    or: ['EMPTY_NUMBER'],
  },
  {
    rule: 'proposal.changed',
    when: (_, { status }) => anyOf(status, 301, 410),
    result: 'NUMBER_CHANGED',
    because: say('线路返回：号码已更改', 'the network says: number changed'),
    or: ['EMPTY_NUMBER'],
  },
  {
    rule: 'proposal.forwarded',
    when: (_, { status }) => anyOf(status, 300, 302, 305, 380),
    result: 'FORWARDED',
    because: say('线路返回：呼叫转移', 'the network says: forwarded'),
    or: ['NUMBER_CHANGED'],
  },
  {
    rule: 'proposal.station',
    when: (_, { status }) => anyOf(status, 401, 407, 415, 420, 421, 488, 606),
    result: 'STATION_FAULT',
    because: say('话机认证或语音格式不被接受', "the line's credentials or sound format were not accepted"),
    or: ['NETWORK_FAULT'],
    certain: true,
  },
  {
    rule: 'proposal.noAnswer',
    when: (_, { status, rang }) => rang && anyOf(status, 408, 480, 487),
    result: 'NO_ANSWER',
    because: say('振铃 {rang} 秒，无人接听', 'it rang {rang} s and nobody answered'),
    or: ['POWER_OFF', 'OUT_OF_COVERAGE', 'REJECTED'],
  },
  {
    rule: 'proposal.powerOff',
    when: (_, { status }) => status === 480,
    result: 'POWER_OFF',
    because: say('没有振铃，对方暂时不可及', 'it never rang; temporarily unavailable'),
    or: ['OUT_OF_COVERAGE', 'SUSPENDED'],
  },
  {
    rule: 'proposal.unreachable',
    when: (_, { status }) => status === 430,
    result: 'OUT_OF_COVERAGE',
    because: say('没有振铃，无法接通', 'it never rang; cannot be reached'),
    or: ['POWER_OFF'],
  },
  {
    rule: 'proposal.networkFault',
    when: (facts, { status }) =>
      anyOf(status, 408, 487) || (status >= 500 && status < 600) || (status === 0 && facts.ended.by === 'NETWORK'),
    result: 'NETWORK_FAULT',
    because: say('线路或网络故障', 'a fault of the line or the network'),
    or: ['OUT_OF_COVERAGE', 'POWER_OFF'],
  },
  // 6. codes nobody knows
  {
    rule: 'proposal.unknownRang',
    when: ({ rangSeconds }) => rangSeconds >= ownHangUpCountsFrom,
    result: 'NO_ANSWER',
    because: say('振铃 {rang} 秒后结束，原因不明', 'it ended after {rang} s of ringing, for no known reason'),
    or: ['BUSY', 'POWER_OFF', 'OUT_OF_COVERAGE'],
  },
  {
    rule: 'proposal.none',
    when: () => true,
    result: undefined,
    because: say('线路没有给出明确的结果，请选择', 'the network gave no clear result; please choose'),
    or: ['NO_ANSWER', 'BUSY', 'POWER_OFF', 'OUT_OF_COVERAGE', 'SUSPENDED', 'EMPTY_NUMBER'],
  },
];

function anyReason({ ended }: CallFacts, ...reasons: CallEnded['reason'][]): boolean {
  return reasons.includes(ended.reason);
}

/** We ended it before an answer: the agent, or the station when the ring time was over. */
function ownEnd({ ended }: CallFacts): boolean {
  return (
    ended.by === 'AGENT' || (ended.by === 'STATION' && (ended.reason === 'CANCELLED' || ended.reason === 'HUNG_UP'))
  );
}

const announcements: readonly CallResult[] = ['EMPTY_NUMBER', 'SUSPENDED', 'POWER_OFF', 'OUT_OF_COVERAGE', 'BUSY'];
/** What an agent may need in any case, in the order of the keys. */
const usual: readonly CallResult[] = [
  'NO_ANSWER',
  'BUSY',
  'POWER_OFF',
  'OUT_OF_COVERAGE',
  'SUSPENDED',
  'EMPTY_NUMBER',
  'REJECTED',
  'ASSISTANT',
];

/** Names of all rows, in order; for the flow on paper and for tests. */
export const proposalRules: readonly string[] = rows.map((row) => row.rule);

/**
 * The proposed call result with its reason in words («振铃 40 秒后坐席挂机;没有听到提示音»). Total: every combination, hostile
 * ones too, comes to some row. Nothing of the far end's phrase is read or shown.
 */
export function proposeCallResult(facts: CallFacts): Proposal {
  const code = {
    status: facts.ended.sipStatus ?? 0,
    cause: facts.ended.q850 ?? 0,
    rang: facts.rangSeconds > 0,
  };
  const row = rows.find(({ when }) => when(facts, code))!; // the last row fits everything
  const heard = facts.earlyMedia && facts.direction === 'out' && !answered(facts) && !row.certain;
  const reason = row.because(facts);
  const tone =
    facts.direction === 'out' && !answered(facts) && !row.certain
      ? facts.earlyMedia
        ? { zh: '；听到了提示音，请按所听内容选择', en: '; something was heard before the end: choose by what it said' }
        : { zh: '；没有听到提示音', en: '; no announcement was heard' }
      : { zh: '', en: '' };
  const ordered = [
    ...(row.result === undefined ? [] : [row.result]),
    ...(heard ? announcements : []),
    ...(row.or ?? []),
    ...(answered(facts) ? [] : usual),
  ];
  const candidates = [...new Set(ordered)].filter((result) => callResultFacts[result].chosenByAgent);
  return {
    ...(row.result === undefined ? {} : { result: row.result }),
    rule: row.rule,
    reason: { zh: reason.zh + tone.zh, en: reason.en + tone.en },
    preselect: row.result !== undefined && !heard,
    candidates,
  };
}
