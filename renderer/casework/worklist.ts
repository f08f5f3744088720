/**
 * Which case comes next. The journal decides what was already done: a case with a standing final result is out of the list, one that
 * must wait (retry, appointment) comes back when its time is there. Nothing of this is stored twice.
 */
import type { Case } from '#shared/case/case.ts';
import { byDeadline, type CaseState, firstInQueue, orderQueue, type QueueItem } from '#shared/case/queue.ts';
import { type Disposition, dispositionCodes } from '#shared/disposition/disposition.ts';
import { finishesCase } from '#shared/disposition/finishes.ts';
import type { EntryKind, Fact, FollowUpKind } from '#shared/journal/entry.ts';
import type { Entry } from '../journal/reading.ts';

/** What the journal says of a case since it was leased. Times in epoch milliseconds of the corrected clock. */
export type Handled = {
  finished: boolean;
  notBefore: number | null;
  appointment: { at: string; exact: boolean } | null;
};

const nothing: Handled = { finished: false, notBefore: null, appointment: null };

/** The kinds of entries that say what was handled. */
export const handlingKinds: ReadonlySet<EntryKind> = new Set([
  'disposition.recorded',
  'followUp.requested',
  'appointment.made',
  'amended',
]);

/** Folds entries, oldest first, into what was handled. Results taken back count for nothing. */
export function handledCases(entries: readonly Pick<Entry, 'header' | 'fact'>[]): ReadonlyMap<string, Handled> {
  const takenBack = new Set<string>();
  for (const { fact } of entries)
    if (fact.kind === 'amended' && fact.body.what === 'TAKEN_BACK') takenBack.add(fact.body.hash);
  const facts: Fact[] = [];
  let undone: string | null = null;
  for (const { header, fact } of entries) {
    if (fact.kind === 'disposition.recorded') undone = takenBack.has(header.hash) ? fact.body.attempt : null;
    // What was recorded with a result (follow-ups, appointment) stands directly behind it and goes with it.
    if (undone !== null && 'attempt' in fact.body && fact.body.attempt === undone) continue;
    facts.push(fact);
  }
  return handledWith(new Map(), facts);
}

/** What was handled, with further facts. */
export function handledWith(
  before: ReadonlyMap<string, Handled>,
  facts: readonly Fact[],
): ReadonlyMap<string, Handled> {
  const handled = new Map(before);
  for (const fact of facts) {
    const { caseId } = fact;
    if (!caseId) continue;
    const now = handled.get(caseId) ?? nothing;
    if (fact.kind === 'disposition.recorded') {
      const { disposition } = fact.body;
      // As the server counts: one standing final result finishes the case, whatever a later attempt (a missed call, say) came to.
      const finished = now.finished || (disposition !== undefined && isFinal(disposition));
      handled.set(caseId, { ...nothing, finished });
    } else if (fact.kind === 'followUp.requested') {
      const { kind, due } = fact.body.followUp;
      if (kind === 'CALL_BACK_MISSED')
        handled.set(caseId, { ...now, notBefore: null }); // due is its latest time
      else if (due !== undefined && comesBack.has(kind)) handled.set(caseId, { ...now, notBefore: Date.parse(due) });
    } else if (fact.kind === 'appointment.made') {
      const { at, exact } = fact.body.appointment;
      handled.set(caseId, { ...now, notBefore: Date.parse(at), appointment: { at, exact } });
    }
  }
  return handled;
}
const comesBack: ReadonlySet<FollowUpKind> = new Set(['RETRY', 'APPOINTMENT', 'NEXT_NUMBER']);

function isFinal(disposition: { code: string; sub?: string | undefined }): boolean {
  const code = dispositionCodes.find((known) => known === disposition.code);
  if (!code) return false;
  const named: Disposition = disposition.sub === undefined ? { code } : { code, sub: disposition.sub };
  return finishesCase(named);
}

export const isOpen = (handled: ReadonlyMap<string, Handled>, caseId: string): boolean =>
  !handled.get(caseId)?.finished;

/** The open cases in the order they should be worked. `now` in epoch milliseconds of the corrected clock. */
export function worklist(
  cases: readonly Case[],
  handled: ReadonlyMap<string, Handled>,
  now: number,
  working: string | null = null,
): QueueItem[] {
  const open = byDeadline(cases).filter((case_) => isOpen(handled, case_.id));
  return orderQueue(open, new Date(now), (case_) => stateOf(handled, case_, case_.id === working));
}

/** Of a case that nothing is known of: most of a thousand. */
const untouched: CaseState = {};

function stateOf(handled: ReadonlyMap<string, Handled>, case_: Case, working: boolean): CaseState {
  const notBefore = handled.get(case_.id)?.notBefore ?? null;
  if (!working && notBefore === null && case_.appointment === undefined) return untouched;
  return {
    working,
    appointmentKept: isAppointmentKept(case_),
    notBefore: notBefore === null ? undefined : new Date(notBefore),
  };
}

/** An appointment that was called at, or a little before, does not come to the top again: what that call came to decides. */
export function isAppointmentKept(case_: Case): boolean {
  if (!case_.appointment) return false;
  const from = Date.parse(case_.appointment.at) - appointmentLeadMs;
  return case_.attempts.some((past) => past.direction === 'out' && Date.parse(past.at) >= from);
}
const appointmentLeadMs = 15 * 60_000;

/** The next case to show by itself: not the one just worked, and only what may be worked now. */
export function nextCase(
  cases: readonly Case[],
  handled: ReadonlyMap<string, Handled>,
  now: number,
  after: string | null,
): Case | null {
  const state = (case_: Case) =>
    case_.id === after || !isOpen(handled, case_.id) ? null : stateOf(handled, case_, false);
  return firstInQueue(cases, new Date(now), state) ?? null;
}
