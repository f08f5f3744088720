/**
 * What a case's history says of SMS notices. A case is parsed strictly, and stations are updated later than servers: so that a notice was
 * asked for or sent is told in the history's words, which every station shows, and read back from them here.
 */
import type { Text } from '../text.ts';
import type { Case } from './case.ts';

/** The pre-notice (短信预告), before the first call. */
export const preNoticeLines = {
  requested: { zh: '已请求短信预告', en: 'SMS notice before the first call: asked for' },
  sent: { zh: '已发送短信预告', en: 'SMS notice before the first call: sent' },
  notSent: {
    zh: '短信预告未发送：已先外呼，或任务已结束',
    en: 'SMS notice before the first call: not sent, the call came first or the case was over',
  },
} as const satisfies Record<string, Text>;

/** A notice after an attempt, as it was asked for in a wrap-up. */
export const noticeSentLine: Text = { zh: '已发送短信通知', en: 'SMS notice sent' };

type History = Pick<Case, 'history'>;
const lastLine = ({ history }: History, line: Text) => history.findLast(({ text }) => text.en === line.en);

/** What became of the pre-notice, and since when; null: nobody asked for one. */
export function preNoticeOf(one: History): { state: keyof typeof preNoticeLines; at: string } | null {
  for (const state of ['sent', 'notSent', 'requested'] as const) {
    const line = lastLine(one, preNoticeLines[state]);
    if (line) return { state, at: line.at };
  }
  return null;
}

/** Whether a notice after an attempt went out. */
export const isNoticeSent = (one: History): boolean => lastLine(one, noticeSentLine) !== undefined;

/** Whether the customer got an SMS about the call, whoever's words say so: lines that came with the case count too. */
export const gotSms = ({ history }: History): boolean =>
  history.some(
    ({ text }) =>
      text.en.includes('SMS') && text.en !== preNoticeLines.requested.en && text.en !== preNoticeLines.notSent.en,
  );
