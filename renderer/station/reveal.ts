/** What may be said where the call stands, and which questions may be filled before they are asked. */
import type { Ask, Field } from '#shared/script/format.ts';
import { identityConfirmed, mayReveal, openQuestions } from '#shared/script/scriptMachine.ts';
import type { ScriptView } from '../app/view.ts';
import type { Conversation } from '../casework/work.ts';

export function revealOf({ script, snapshot }: Conversation): ScriptView['reveal'] {
  if (script.kind === 'EMPLOYER') return mayReveal(script, snapshot, 'person') ? 'employment' : 'employer';
  return identityConfirmed(script, snapshot) && mayReveal(script, snapshot) ? 'matter' : 'nothing';
}

/** What a customer can tell ahead: neither the agent's own observation, nor what follows by itself, nor what has to be heard a second time. */
export const isTold = (field: Field): boolean => !field.observed && !field.derived && field.repeats === undefined;

/** Questions that may be filled ahead now; none before the gate, nor on the way out. */
export function questionsAhead(conversation: Conversation): readonly Ask[] {
  const reveal = revealOf(conversation);
  if (reveal !== 'matter' && reveal !== 'employment') return [];
  return openQuestions(conversation.script, conversation.snapshot).flatMap((step) =>
    step.kind === 'ask' && step.text && step.fields.some(isTold) ? [step] : [],
  );
}
