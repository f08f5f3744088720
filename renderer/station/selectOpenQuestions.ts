/** 先记后问: customers tell everything at once. After the gate any question still open can be filled; what is typed waits at its step as a draft. */
import type { Field } from '#shared/script/format.ts';
import type { DialogView } from '../app/view.ts';
import { draftOf } from '../casework/conversation.ts';
import type { Work } from '../casework/work.ts';
import { isTold, questionsAhead } from './reveal.ts';
import { fieldView } from './selectScript.ts';
import type { OpenQuestionsDialog } from './state.ts';

/** null: the call it was opened in is not at its questions any more. */
export function selectOpenQuestions(
  work: Work | null | undefined,
  { attempt, chosen }: OpenQuestionsDialog,
): Extract<DialogView, { type: 'openQuestions' }> | null {
  const conversation = work?.attempt === attempt ? work.conversation : null;
  if (!conversation) return null;
  const ahead = questionsAhead(conversation);
  if (ahead.length === 0) return null;
  const noted = ({ about }: Field) => {
    const { text, choice } = draftOf(conversation, about);
    return text !== '' || choice !== null;
  };
  // Ways that exclude each other ask the same: what is noted for one of them is there at the other.
  const topics = new Set<string>();
  const distinct = ahead.filter(({ fields }) => {
    const fresh = fields.filter(isTold).filter(({ about }) => !topics.has(about));
    for (const { about } of fresh) topics.add(about);
    return fresh.length > 0;
  });
  const step = ahead.find(({ id }) => id === chosen);
  return {
    type: 'openQuestions',
    questions: distinct.map(({ id, fields }) => {
      const told = fields.filter(isTold);
      return {
        step: id,
        label: {
          zh: told.map(({ label }) => label.zh).join('、'),
          en: told.map(({ label }) => label.en).join(', '),
        },
        noted: told.some(noted),
      };
    }),
    chosen: step
      ? { step: step.id, fields: step.fields.filter(isTold).map((field) => fieldView(conversation, field)) }
      : null,
  };
}
