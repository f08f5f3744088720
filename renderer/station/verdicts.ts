import type { AnswerClass } from '#shared/script/move.ts';
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
