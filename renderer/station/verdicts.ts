import type { Field } from '#shared/script/format.ts';
import type { Answer, AnswerClass } from '#shared/script/move.ts';
import { formatMoney, formatTerm, parseMoney, parseMonth, parseTerm } from '#shared/script/parse.ts';
import type { Language } from '#shared/text.ts';
import type { Badge } from '../app/view.ts';

const verdicts: Readonly<Record<string, Badge>> = {
  match: { text: { zh: '一致', en: 'Agrees' }, tone: 'good' },
  near: { text: { zh: '略有出入', en: 'Nearly' }, tone: 'warning' },
  mismatch: { text: { zh: '不一致', en: 'Differs' }, tone: 'bad' },
  noted: { text: { zh: '已记录', en: 'Noted' }, tone: 'neutral' },
  unknown: { text: { zh: '不清楚', en: 'Does not know' }, tone: 'warning' },
  refused: { text: { zh: '不愿回答', en: 'Refused' }, tone: 'warning' },
  skipped: { text: { zh: '未填', en: 'Left out' }, tone: 'neutral' },
  denied: { text: { zh: '否认', en: 'Denies' }, tone: 'bad' },
};
const chosen: Badge = { text: { zh: '已记录', en: 'Noted' }, tone: 'neutral' };

/** The class of an answer as a word; a choice of its own shows as noted, its label stands beside it. */
export const verdictBadge = (as: AnswerClass): Badge => verdicts[as] ?? chosen;

/** What was said, in words: an option or a choice by its label, never by its code. */
export function saidWords(
  field: Field | undefined,
  { as, value }: Pick<Answer, 'as' | 'value'>,
  language: Language,
): string {
  if (value !== undefined) return valueWords(field, value, language);
  return field?.choices?.[as]?.[language] ?? '';
}

/** A value of the file or of an answer as people write it: 1400000 is 1,400,000 元, 240 is 240 个月(20 年). What cannot be read stays as it is. */
export function valueWords(field: Field | undefined, value: string, language: Language): string {
  const zh = language === 'zh';
  switch (field?.answer) {
    case 'money': {
      const yuan = parseMoney(value);
      if (yuan === undefined) return value;
      return zh ? formatMoney(yuan) : formatMoney(yuan).replace('元', 'yuan');
    }
    case 'term': {
      const months = parseTerm(value);
      if (months === undefined) return value;
      return zh ? formatTerm(months) : `${months} months`;
    }
    case 'month': {
      const [year, month] = (parseMonth(value) ?? '').split('-');
      return zh && year && month ? `${year}年${Number(month)}月` : value;
    }
    default:
      return field?.options?.[value]?.[language] ?? value;
  }
}
