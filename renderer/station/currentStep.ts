import { topicsOf } from '#shared/script/flow.ts';
import type { Topic } from '#shared/script/move.ts';
import { currentStep } from '#shared/script/scriptMachine.ts';
import type { CaseworkContext } from '../casework/context.ts';

/** The question the agent is at, while the script is open; null otherwise. */
export function currentStepOf({
  work,
}: Pick<CaseworkContext, 'work'>): { id: string; topics: readonly Topic[] } | null {
  if (!work?.conversation || work.wrapUp || work.answeredAt === null) return null;
  const { script, snapshot } = work.conversation;
  const step = currentStep(snapshot, script);
  return step ? { id: step.id, topics: topicsOf(step) } : null;
}
