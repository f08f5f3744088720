/** A call told in words: what was known, and what happened at each step. */
import type { Text } from '../text.ts';
import { stepNamed } from './flow.ts';
import type { Script } from './format.ts';
import type { AnswerClass, Topic } from './move.ts';
import type { ClassMove } from './prove.ts';
import { topicText } from './topics.ts';
import { answerText } from './violation.ts';

export function inWords(
  script: Script,
  given: Readonly<Record<Topic, AnswerClass>>,
  call: readonly ClassMove[],
): readonly Text[] {
  const known = Object.entries(given).map(([topic, as]): Text => {
    const label = topicText(topic);
    return { zh: `已知 ${label.zh}：${as}`, en: `given ${label.en}: ${as}` };
  });
  return [...known, ...call.map((move) => moveInWords(script, move))];
}

function moveInWords(script: Script, move: ClassMove): Text {
  const step = stepNamed(script, move.step);
  if ('exit' in move) {
    const label = script.exits.find((exit) => exit.id === move.exit)?.label ?? { zh: move.exit, en: move.exit };
    return { zh: `${move.step}：退出（${label.zh}）`, en: `${move.step}: exit (${label.en})` };
  }
  const answers = move.as.map((as, n): Text => {
    const field = step?.kind === 'ask' ? step.fields[n] : undefined;
    const answer = answerText(as, field);
    return field
      ? { zh: `${field.label.zh} ${answer.zh}`, en: `${field.label.en} ${answer.en}` }
      : { zh: answer.zh, en: answer.en };
  });
  return {
    zh: `${move.step}：${answers.map((answer) => answer.zh).join('，')}`,
    en: `${move.step}: ${answers.map((answer) => answer.en).join(', ')}`,
  };
}
