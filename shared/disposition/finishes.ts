import { type Disposition, type FollowUpHint, followUpsFor } from './disposition.ts';

/** Follow-ups that mean: this case is called again by somebody, so it stays open. */
const callsAgain: ReadonlySet<FollowUpHint> = new Set(['CALL_AGAIN', 'APPOINTMENT', 'NEXT_NUMBER', 'SKILLED_AGENT']);

/** Whether a result closes the case. Station and server ask the same question, so they ask it here. */
export const finishesCase = (disposition: Disposition): boolean =>
  !followUpsFor(disposition).some((hint) => callsAgain.has(hint));
