/**
 * Call results (外呼结果): what the network said about one attempt. SIP proposes, the agent confirms, both are stored:
 * in China 空号, 停机 and 关机 are announcements, so a code alone cannot tell (architecture §7, domain.md C1 and 0.5–0.7).
 */
import { z } from 'zod';
import type { Text } from '../text.ts';

export const callResults = [
  'ANSWERED',
  'NO_ANSWER',
  'BUSY',
  'REJECTED',
  'POWER_OFF',
  'OUT_OF_COVERAGE',
  'SUSPENDED',
  'EMPTY_NUMBER',
  'BAD_FORMAT',
  'NUMBER_CHANGED',
  'BARRED',
  'FLAGGED_NUMBER',
  'FORWARDED',
  'VOICEMAIL',
  'ASSISTANT',
  'FAX',
  'ANSWERED_DROPPED',
  'NETWORK_FAULT',
  'STATION_FAULT',
  'CANCELLED_BY_AGENT',
  'MISSED_INCOMING',
  'INTERRUPTED',
] as const;
export const callResultSchema = z.enum(callResults);
export type CallResult = z.infer<typeof callResultSchema>;

/** counts: against the caps. An agent cannot choose what only the system may say. */
export const callResultFacts: Record<
  CallResult,
  { text: Text; counts: boolean; chosenByAgent: boolean; aapor: string }
> = {
  ANSWERED: { text: { zh: '接通', en: 'Answered' }, counts: true, chosenByAgent: true, aapor: '1.1' },
  NO_ANSWER: { text: { zh: '无人接听', en: 'No answer' }, counts: true, chosenByAgent: true, aapor: '3.13' },
  BUSY: { text: { zh: '占线', en: 'Busy' }, counts: true, chosenByAgent: true, aapor: '3.12' },
  REJECTED: { text: { zh: '拒接', en: 'Rejected' }, counts: true, chosenByAgent: true, aapor: '2.112' },
  POWER_OFF: { text: { zh: '关机', en: 'Switched off' }, counts: true, chosenByAgent: true, aapor: '3.15' },
  OUT_OF_COVERAGE: {
    text: { zh: '无法接通', en: 'Out of coverage' },
    counts: true,
    chosenByAgent: true,
    aapor: '3.15',
  },
  SUSPENDED: { text: { zh: '停机', en: 'Suspended' }, counts: true, chosenByAgent: true, aapor: '4.33' },
  EMPTY_NUMBER: { text: { zh: '空号', en: 'Empty number' }, counts: true, chosenByAgent: true, aapor: '4.31' },
  BAD_FORMAT: { text: { zh: '号码有误', en: 'Malformed number' }, counts: false, chosenByAgent: true, aapor: '4.31' },
  NUMBER_CHANGED: { text: { zh: '改号', en: 'Number changed' }, counts: true, chosenByAgent: true, aapor: '4.41' },
  BARRED: { text: { zh: '呼入限制', en: 'Barred' }, counts: true, chosenByAgent: true, aapor: '3.15' },
  FLAGGED_NUMBER: {
    text: { zh: '来电被标记', en: 'Our number is flagged' },
    counts: true,
    chosenByAgent: true,
    aapor: '3.15',
  },
  FORWARDED: { text: { zh: '呼叫转移', en: 'Forwarded' }, counts: true, chosenByAgent: true, aapor: '4.42' },
  VOICEMAIL: { text: { zh: '语音信箱', en: 'Voicemail' }, counts: true, chosenByAgent: true, aapor: '2.22' },
  ASSISTANT: {
    text: { zh: '秘书台 / 手机助理', en: 'Assistant answered' },
    counts: true,
    chosenByAgent: true,
    aapor: '2.22',
  },
  FAX: { text: { zh: '传真', en: 'Fax' }, counts: true, chosenByAgent: true, aapor: '4.20' },
  ANSWERED_DROPPED: {
    text: { zh: '接通后即挂断', en: 'Dropped after answer' },
    counts: true,
    chosenByAgent: true,
    aapor: '2.12',
  },
  NETWORK_FAULT: { text: { zh: '线路故障', en: 'Network fault' }, counts: false, chosenByAgent: true, aapor: '3.16' },
  STATION_FAULT: {
    text: { zh: '坐席终端故障', en: 'Station fault' },
    counts: false,
    chosenByAgent: true,
    aapor: '3.11',
  },
  CANCELLED_BY_AGENT: { text: { zh: '坐席取消', en: 'Cancelled' }, counts: false, chosenByAgent: true, aapor: '3.11' },
  MISSED_INCOMING: { text: { zh: '来电未接', en: 'Missed call' }, counts: false, chosenByAgent: false, aapor: '3.11' },
  INTERRUPTED: {
    text: { zh: '中断（终端异常退出）', en: 'Interrupted (station stopped)' },
    counts: true,
    chosenByAgent: false,
    aapor: '3.11',
  },
};

/** How a call ended, collected by the phone's adapter: sip.js's `Terminated` carries no reason. */
export const callEndedSchema = z.strictObject({
  reason: z.enum([
    'HUNG_UP',
    'CANCELLED',
    'REFUSED',
    'FAILED',
    'LINE_LOST',
    'NO_MICROPHONE',
    'MEDIA_FAILED',
    'INTERRUPTED',
  ]),
  by: z.enum(['AGENT', 'OTHER', 'NETWORK', 'STATION']),
  sipStatus: z.number().int().min(100).max(699).optional(),
  q850: z.number().int().min(0).max(127).optional(),
  /** The far end's words; hostile text, cut to 200 characters. */
  phrase: z.string().max(200).optional(),
});
export type CallEnded = z.infer<typeof callEndedSchema>;

/** One try to pass a call on (转接). BLIND: at once; ATTENDED: after talking to the colleague. `to`: an internal number of the bank. */
export const transferSchema = z.strictObject({
  to: z.string().max(40),
  how: z.enum(['BLIND', 'ATTENDED']),
  /** UNCLEAR: nobody told us what became of it. */
  result: z.enum(['DONE', 'REFUSED', 'UNCLEAR']),
  sipStatus: z.number().int().min(100).max(699).optional(),
});
export type Transfer = z.infer<typeof transferSchema>;
