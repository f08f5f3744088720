/**
 * One more employee in the call that is up (shared/policy/sameCall.ts): who may be next, and what it makes of the casework. Pure.
 *
 *   attempt.ended of this one (continuedBy) ─ its result and what follows ─ attempt.started of the next (continues): one append, all or none
 *
 * The call itself knows nothing of it: the INVITE had the first attempt's id, and the last attempt gets the call's end.
 */
import type { Case, Contact } from '#shared/case/case.ts';
import { byDeadline } from '#shared/case/queue.ts';
import type { DialPermit } from '#shared/policy/dialPermit.ts';
import { contactOnCall, letsGoOn, permitInCall } from '#shared/policy/sameCall.ts';
import { checkOf } from './acts.ts';
import { continuingWork, endedFact, endOf, ownPart, startedFact } from './attempt.ts';
import type { CaseworkContext } from './context.ts';
import type { EndedCall, Work } from './work.ts';
import { handledWith, isOpen } from './worklist.ts';
import { confirmedResult, wrapUpFacts } from './wrapUp.ts';

export type EmployeeOnCall = { case: Case; contact: Contact; permit: DialPermit };

/** The cases this call was about so far. */
const askedIn = ({ caseId, continues }: Work): readonly string[] => [
  ...(continues?.asked ?? []),
  ...(caseId === null ? [] : [caseId]),
];

/** The further employees the desk on the line may be asked about, the most urgent first; none where there is no such desk. */
export function employeesOnCall(context: CaseworkContext): readonly EmployeeOnCall[] {
  const { work, handled, cases, policy } = context;
  if (!work?.permit || work.case?.kind !== 'EMPLOYER' || work.answeredAt === null || work.endedCall) return [];
  if (confirmedResult(work) !== 'ANSWERED' || !letsGoOn(work.wrapUp?.disposition?.code ?? null)) return [];
  const { permit: call, case: last } = work;
  const now = new Date(context.now());
  const asked = askedIn(work);
  const before = [last, ...cases.filter(({ id }) => id !== last.id && asked.includes(id))];
  return byDeadline(cases).flatMap((one) => {
    const contact = asked.includes(one.id) || !isOpen(handled, one.id) ? undefined : contactOnCall(one, call);
    if (!contact || !context.scriptOf(one)) return [];
    const leaseUntil = new Date(context.leaseEnd(one.id) ?? 0);
    const line = context.hasLine ? { practice: context.practice } : null;
    const permit = permitInCall({ case: one, contact, call, before, policy, now, line, cases, leaseUntil });
    return permit ? [{ case: one, contact, permit }] : [];
  });
}

export const isOffered = (context: CaseworkContext, caseId: string): boolean =>
  employeesOnCall(context).some(({ case: { id } }) => id === caseId);

/** What going on with this case records, and the work it is then; null where it is not offered. */
export function goesOn(context: CaseworkContext, caseId: string): CaseworkContext['goingOn'] {
  const { work, call } = context;
  const next = employeesOnCall(context).find(({ case: { id } }) => id === caseId);
  if (!work || !call || !next) return null;
  const soFar = endOf(call, { reason: 'HUNG_UP', by: 'AGENT' });
  // The agent is through with this employee, and the call goes on: how it sounded is told at its end.
  const endedCall: EndedCall = { ...ownPart(work, soFar), quality: undefined };
  const then = continuingWork(
    context.newId(),
    next,
    {
      attempt: work.attempt,
      talkedSeconds: soFar.talkedSeconds,
      transfers: soFar.transfers?.length ?? 0,
      asked: askedIn(work),
    },
    context,
  );
  return {
    work: then,
    facts: [
      endedFact(work, endedCall, then.attempt),
      ...wrapUpFacts({ ...work, endedCall }, context, context.now()),
      startedFact(then),
    ],
  };
}

/** After both are durable. Where the call ended meanwhile, it ended for the next one. What was confirmed is not taken back any more. */
export function goneOn(context: CaseworkContext): Partial<CaseworkContext> {
  const { work, call, goingOn } = context;
  if (!goingOn) return {};
  const { facts } = goingOn;
  const ended = work?.endedCall?.ended;
  const next: Work = {
    ...goingOn.work,
    endedCall: ended && call ? ownPart(goingOn.work, endOf(call, ended)) : null,
  };
  const selected = next.caseId;
  return {
    work: next,
    handled: handledWith(context.handled, facts),
    selected,
    check: next.contact && checkOf({ ...context, selected }, next.contact.id),
    unmasked: new Set<string>(),
    takeBack: null,
    goingOn: null,
  };
}
