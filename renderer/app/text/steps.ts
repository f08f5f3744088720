/** A step of a script in words: its id means nothing to a person. */
import { stepNamed } from '#shared/script/flow.ts';
import type { Script } from '#shared/script/format.ts';
import type { Topic } from '#shared/script/move.ts';
import { bundledScripts } from '#shared/script/scripts.ts';
import { topicText } from '#shared/script/topics.ts';
import type { Text } from '#shared/text.ts';

/** How many characters of a sentence stand for the step that says it. */
const beginning = { zh: 18, en: 40 } as const;

export const topicWords = (topics: readonly Topic[]): Text => ({
  zh: topics.map((topic) => topicText(topic).zh).join('、'),
  en: topics.map((topic) => topicText(topic).en).join(', '),
});

/** What a step asks, or how the sentence begins that it says; its id where no script here has it. */
export function stepWords(id: string, scripts: readonly Script[] = bundledScripts.map(({ script }) => script)): Text {
  for (const script of scripts) {
    const step = stepNamed(script, id);
    if (step?.kind === 'ask')
      return topicWords(step.fields.filter(({ derived }) => !derived).map((field) => field.about));
    if (step?.kind === 'say') return { zh: begin(step.text.zh, beginning.zh), en: begin(step.text.en, beginning.en) };
    if (step?.kind === 'outcome') return { zh: '回访结果', en: 'Result of the case' };
  }
  return { zh: id, en: id };
}

function begin(sentence: string, length: number): string {
  const spoken = sentence.replaceAll(/\{[^}]*\}/g, '…');
  return spoken.length <= length ? spoken : `${spoken.slice(0, length)}…`;
}
