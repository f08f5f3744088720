/** What casework hears: from the person, from the phone, from the bank. Dotted names, one union each. */

import type { CallResult } from '#shared/call/callResult.ts';
import type { Case } from '#shared/case/case.ts';
import type { BreakReason, FollowUpKind } from '#shared/journal/entry.ts';
import type { SecondDecision } from '#shared/policy/dialGuard.ts';
import type { Policy } from '#shared/policy/policy.ts';
import type { AnswerClass, StepId, Topic } from '#shared/script/move.ts';
import type { Call, Digit } from '../phone/phone.ts';
import type { MissedCall } from './missedCalls.ts';
import type { Work } from './work.ts';
import type { Handled } from './worklist.ts';

export type AgentEvent =
  | { type: 'case.chosen'; caseId: string }
  | { type: 'case.skipped'; reason: string }
  | { type: 'contact.chosen'; contact: string }
  | { type: 'number.typed'; text: string }
  | { type: 'number.unmasked'; contact: string }
  | { type: 'preNotice.opened' }
  | { type: 'preNotice.closed' }
  | { type: 'preNotice.confirmed' }
  | { type: 'dial.asked' }
  | { type: 'answer.asked' }
  | { type: 'candidate.chosen'; caseId: string }
  | { type: 'hangUp.asked' }
  | { type: 'mute.asked'; muted: boolean }
  | { type: 'hold.asked'; held: boolean }
  | { type: 'digit.pressed'; digit: Digit }
  | { type: 'extension.redialled' }
  /** Passing the call on: at once, or after asking; `number` is one of the internal numbers. */
  | { type: 'transfer.asked'; number: string }
  | { type: 'consult.asked'; number: string }
  | { type: 'consult.swapped' }
  | { type: 'consult.completed' }
  | { type: 'consult.cancelled' }
  /** A missed call, by its first attempt: looked at to call back, or closed without. */
  | { type: 'missed.chosen'; attempt: string }
  | { type: 'missed.closed'; attempt: string; reason: string }
  | { type: 'draft.typed'; about: Topic; text: string }
  | { type: 'draft.chosen'; about: Topic; as: AnswerClass }
  | { type: 'step.committed'; step: StepId }
  | { type: 'exits.toggled' }
  | { type: 'exit.chosen'; step: StepId; exit: string }
  | { type: 'help.asked' }
  /** That help was asked for is read. */
  | { type: 'help.read' }
  | { type: 'previous.asked' }
  | { type: 'review.closed' }
  | { type: 'correction.asked' }
  | { type: 'correction.given'; step: StepId; reason: string }
  | { type: 'outcome.chosen'; code: string; sub: string | null }
  | { type: 'result.chosen'; result: CallResult }
  | { type: 'moreResults.toggled' }
  | { type: 'disposition.chosen'; code: string; sub: string | null }
  | { type: 'evidence.typed'; key: string; text: string }
  | { type: 'followUp.ticked'; kind: FollowUpKind; ticked: boolean }
  | { type: 'appointment.typed'; at: string; exact: boolean }
  | { type: 'note.typed'; text: string }
  | { type: 'wrapUp.confirmed' }
  /** This result is confirmed, and the same call goes on with the next employee. */
  | { type: 'employee.chosen'; caseId: string }
  | { type: 'takeBack.asked' }
  | { type: 'problem.seen' }
  /** What the call complained of is read. */
  | { type: 'callProblem.seen' }
  | { type: 'break.started'; reason: BreakReason }
  | { type: 'break.ended' };

export type PhoneEvent = { type: 'incoming.arrived'; call: Call };

export type BankEvent =
  /** Whose password was proved at the server decided which number of this contact is right. */
  | { type: 'number.decided'; caseId: string; contact: string; decision: SecondDecision }
  /** `handled` only when it was read afresh from the journal. */
  | { type: 'cases.changed'; cases: readonly Case[]; handled?: ReadonlyMap<string, Handled> }
  | { type: 'policy.changed'; policy: Policy }
  | { type: 'missed.changed'; missed: readonly MissedCall[] }
  | { type: 'attempt.restored'; work: Work };

export type CaseworkEvent = AgentEvent | PhoneEvent | BankEvent;
