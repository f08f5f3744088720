/**
 * What a call that comes in meets (来电, screens.md; features.md P0). A call is never answered by itself, and one that is not taken is a
 * missed call of its caller, whatever the reason.
 *
 *     nothing open ──► rings        before the dial, wrap-up ──► as the station's profile says        in a call, on a break ──► busy (486)
 */
import { z } from 'zod';
import { assertNever } from '../problem.ts';

export const answersToIncoming = ['RING', 'BUSY'] as const;
export const answerToIncomingSchema = z.enum(answersToIncoming);
export type AnswerToIncoming = (typeof answersToIncoming)[number];

/** Call waiting (来电等待) of one station. */
export const callWaitingSchema = z.strictObject({
  /** While the next number is being checked. */
  preview: answerToIncomingSchema,
  /** While the last call is being wrapped up: the agent takes it, and comes back to the wrap-up afterwards. */
  wrapUp: answerToIncomingSchema,
});
export type CallWaiting = z.infer<typeof callWaitingSchema>;

/** Where a profile says nothing. */
export const defaultCallWaiting: CallWaiting = { preview: 'RING', wrapUp: 'BUSY' };

/** What the agent is doing when somebody calls. SAVING: a result is just becoming durable. */
export type AgentMoment = 'IDLE' | 'PREVIEW' | 'IN_CALL' | 'RINGING' | 'WRAP_UP' | 'SAVING' | 'BREAK';

export function answerToIncoming(moment: AgentMoment, waiting: CallWaiting): AnswerToIncoming {
  switch (moment) {
    case 'IDLE':
      return 'RING';
    case 'PREVIEW':
      return waiting.preview;
    case 'WRAP_UP':
      return waiting.wrapUp;
    case 'IN_CALL':
    case 'RINGING':
    case 'SAVING':
    case 'BREAK':
      return 'BUSY';
    default:
      return assertNever(moment);
  }
}
