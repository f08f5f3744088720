/** The sentences of the checks, for the person who writes or approves a script. */
import type { Text } from '../text.ts';
import type { Field, Secret } from './format.ts';
import { topicText } from './topics.ts';

const secretNames: Readonly<Record<Secret, Text>> = {
  loan: { zh: '贷款信息', en: 'the loan' },
  income: { zh: '收入信息', en: 'the income' },
  person: { zh: '当事人姓名', en: 'the name of the person' },
  recording: { zh: '录音', en: 'a recording' },
};

function sideText(side: string): Text {
  const number = /^case (\d+)$/.exec(side)?.[1];
  if (number) return { zh: `第 ${number} 个分支`, en: `case ${number}` };
  const names: Readonly<Record<string, Text>> = {
    pass: { zh: '“通过”一侧', en: 'the side "pass"' },
    else: { zh: '“不通过”一侧', en: 'the side "else"' },
    below: { zh: '向下继续', en: 'the way to the step below' },
    skipped: { zh: '“超出授权而略过”', en: 'passing over for want of authorisation' },
  };
  return names[side] ?? { zh: side, en: side };
}

const about = (topic: string, zh: (label: string) => string, en: (label: string) => string): Text => {
  const label = topicText(topic);
  return { zh: zh(label.zh), en: en(label.en) };
};

export const messages = {
  duty: (topic: string) =>
    about(
      topic,
      (label) => `这类回访必须询问“${label}”，但没有必答字段询问它`,
      (label) => `this kind of call must ask "${label}", and no mandatory field does`,
    ),
  unfilled: (name: string): Text => ({ zh: `没有内容可填入 {${name}}`, en: `nothing fills {${name}}` }),
  reveal: (secret: Secret): Text => {
    const { zh, en } = secretNames[secret];
    return { zh: `在允许之前提到了${zh}`, en: `speaks of ${en} before that is allowed` };
  },
  aside: (secret: Secret): Text => {
    const { zh, en } = secretNames[secret];
    return { zh: `插话随时可说，不得提到${zh}`, en: `an aside can be said at any time and must not speak of ${en}` };
  },
  mask: (field: string) =>
    about(
      field,
      (label) => `在询问之前就说出了申请信息“${label}”`,
      (label) => `speaks the file's "${label}" before it was asked`,
    ),
  notice: (): Text => ({
    zh: '尚未告知录音就询问申请信息',
    en: 'asks about the file before the recording notice was given',
  }),
  scope: (topic: string) =>
    about(
      topic,
      (label) => `“${label}”超出授权范围却仍会询问`,
      (label) => `asks "${label}" outside of the authorisation`,
    ),
  asked: (topic: string) =>
    about(
      topic,
      (label) => `未询问“${label}”就来到可判定核实一致的地方`,
      (label) => `comes here without having asked about "${label}"`,
    ),
  end: (): Text => ({ zh: '来到这里却没有任何结果可选', en: 'offers no outcome here' }),
  stands: (name: string): Text => ({
    zh: `提供 ${name}，但其条件并不具备`,
    en: `offers ${name} without what it stands for`,
  }),
  foreign: (name: string): Text => ({
    zh: `${name} 不是这类回访的结果`,
    en: `${name} is no outcome of this kind of call`,
  }),
  trap: (): Text => ({
    zh: '从这里不靠退出无法到达任何结果',
    en: 'no outcome can be reached from here without an exit',
  }),
  dead: (): Text => ({ zh: '没有任何通话会来到这一步', en: 'no call ever comes here' }),
  side: (side: string): Text => {
    const { zh, en } = sideText(side);
    return { zh: `${zh}从不会发生`, en: `${en} is never taken` };
  },
  neverOffered: (name: string): Text => ({ zh: `${name} 从不会出现`, en: `${name} is never offered` }),
} as const;

const sharedAnswers: Readonly<Record<string, Text>> = {
  match: { zh: '一致', en: 'match' },
  near: { zh: '接近', en: 'near' },
  mismatch: { zh: '不一致', en: 'differs' },
  denied: { zh: '否认', en: 'denied' },
  noted: { zh: '已记录', en: 'noted' },
  unknown: { zh: '不清楚', en: 'does not know' },
  refused: { zh: '不愿回答', en: 'refuses' },
  skipped: { zh: '未填', en: 'left empty' },
  said: { zh: '已说明', en: 'said' },
  unasked: { zh: '未问', en: 'not asked' },
};
/** What an answer class is called: the shared ones by our words, a choice by its field's. */
export function answerText(as: string, field?: Field): Text {
  return field?.choices?.[as] ?? sharedAnswers[as] ?? { zh: as, en: as };
}
