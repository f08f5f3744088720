import type { Field } from '#shared/script/format.ts';
import type { Answer, AnswerClass } from '#shared/script/move.ts';
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
  const label = value === undefined ? undefined : field?.options?.[value];
  return label?.[language] ?? value ?? field?.choices?.[as]?.[language] ?? '';
}
