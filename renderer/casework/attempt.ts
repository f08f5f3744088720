/** The life of one attempt as facts: started before the INVITE, ended by the phone's word, restored from entries after a crash. */
import type { Case, Contact, PastAttempt } from '#shared/case/case.ts';
import { givensOf, givensReading } from '#shared/case/givens.ts';
import { correctedAt, type EntryBody, type Fact } from '#shared/journal/entry.ts';
import type { DialPermit } from '#shared/policy/dialPermit.ts';
import { employerFlagsOfCall } from '#shared/policy/employerFlags.ts';
import { type Policy, withheldScopes } from '#shared/policy/policy.ts';
import { isToldOnly } from '#shared/policy/toldOnly.ts';
import { Problem } from '#shared/problem.ts';
import type { Move } from '#shared/script/move.ts';
import type { Entry } from '../journal/reading.ts';
import type { Call } from '../phone/phone.ts';
import type { CaseworkInput } from './context.ts';
import { startConversation } from './conversation.ts';
import type { Continued, EndedCall, Work } from './work.ts';
import { newWrapUp } from './wrapUp.ts';

type Tools = Pick<CaseworkInput, 'scriptOf' | 'records' | 'handling' | 'policy' | 'now' | 'leasedCase'>;

/** `cases`: those that are held. */
type BeginTools = Tools & { cases: readonly Case[] };

type Begun = Pick<Work, 'attempt' | 'direction' | 'case' | 'contact' | 'number' | 'permit' | 'continues'>;

/** `case` with this station's own attempts goes in; the work holds it as leased, for the replay starts from that. */
function begin(begun: Begun, tools: BeginTools): Work {
  const case_ = begun.case && (tools.leasedCase(begun.case.id) ?? begun.case);
  const script = case_ ? tools.scriptOf(case_) : undefined;
  const withheld = withheldScopes(tools.policy, tools.handling);
  return {
    ...begun,
    case: case_,
    caseId: case_?.id ?? null,
    toldOnly: begun.contact !== null && isToldOnly(begun.contact),
    employerFlags: employerFlagsOfCall({ ...begun, case: case_ }, tools.cases),
    startedAt: tools.now(),
    answeredAt: null,
    recorded: tools.records,
    withheld,
    conversation:
      script && case_
        ? startConversation(script.script, script.ref, givensOf(case_, tools.records, withheld, givensReading))
        : null,
    endedCall: null,
    endRecorded: false,
    wrapUp: null,
    interrupted: false,
    review: null,
    exitsOpen: false,
    help: null,
  };
}

export const outgoingWork = (
  attempt: string,
  case_: Case,
  contact: Contact,
  permit: DialPermit,
  tools: BeginTools,
): Work =>
  begin({ attempt, direction: 'out', case: case_, contact, number: permit.number, permit, continues: null }, tools);

/** One more employee in the call that is up: somebody has answered already. */
export const continuingWork = (
  attempt: string,
  { case: case_, contact, permit }: { case: Case; contact: Contact; permit: DialPermit },
  continues: Continued,
  tools: BeginTools,
): Work => ({
  ...begin({ attempt, direction: 'out', case: case_, contact, number: permit.number, permit, continues }, tools),
  answeredAt: tools.now(),
});

export const incomingWork = (
  attempt: string,
  case_: Case | null,
  contact: Contact | null,
  number: string,
  tools: BeginTools,
): Work => begin({ attempt, direction: 'in', case: case_, contact, number, permit: null, continues: null }, tools);

/** The case an entry of this attempt is about. */
export const about = ({ caseId }: Pick<Work, 'caseId'>) => (caseId === null ? {} : { caseId });

export function startedFact(work: Work): Fact {
  return {
    kind: 'attempt.started',
    ...about(work),
    body: {
      attempt: work.attempt,
      direction: work.direction,
      ...(work.contact ? { contact: work.contact.id } : {}),
      number: work.number,
      ...(work.permit ? { permit: work.permit } : {}),
      ...(work.conversation ? { script: work.conversation.ref, givens: givensReading } : {}),
      ...(work.case ? { caseRevision: work.case.revision } : {}),
      ...(work.conversation?.given['borrower.said'] === 'yes' ? { borrowerSaid: true as const } : {}),
      ...(work.withheld.length > 0 ? { withheld: [...work.withheld] } : {}),
      ...(work.continues ? { continues: work.continues.attempt } : {}),
    },
  };
}

/** `continuedBy`: the attempt the same call goes on with. */
export function endedFact(work: Work, call: EndedCall, continuedBy?: string): Fact {
  return {
    kind: 'attempt.ended',
    ...about(work),
    body: {
      attempt: work.attempt,
      ended: call.ended,
      ...(call.callId === undefined ? {} : { callId: call.callId.slice(0, 300) }),
      rangSeconds: call.rangSeconds,
      talkedSeconds: call.talkedSeconds,
      earlyMedia: call.earlyMedia,
      ...(call.quality === undefined ? {} : { quality: call.quality }),
      ...(call.transfers === undefined ? {} : { transfers: [...call.transfers].slice(-20) }),
      ...(continuedBy === undefined ? {} : { continuedBy }),
    },
  };
}

/** An incoming call nobody took: closed by the system, and a task for its owner (domain.md 0.12). */
export function missedFacts(work: Work, call: EndedCall, policy: Policy, now: number): readonly Fact[] {
  return [
    startedFact(work),
    endedFact(work, call),
    {
      kind: 'disposition.recorded',
      ...about(work),
      body: {
        attempt: work.attempt,
        callResult: { proposed: 'MISSED_INCOMING', rule: 'incoming.missed', confirmed: 'MISSED_INCOMING' },
        flags: [],
        note: '',
        by: 'SYSTEM',
      },
    },
    {
      kind: 'followUp.requested',
      ...about(work),
      body: {
        attempt: work.attempt,
        followUp: {
          kind: 'CALL_BACK_MISSED',
          due: new Date(now + policy.gaps.callBackMissed * 60_000).toISOString(),
          ...(work.contact ? { contact: work.contact.id } : {}),
          rule: 'incoming.missed',
        },
      },
    },
  ];
}

export const endOf = (call: Call, ended: EndedCall['ended']): EndedCall => ({ ended, ...call.facts() });

/** Somebody was there when it began, however soon the call was over (s). */
const leastTalked = 0.1;

/** What of a call is this attempt's, when others in the same call came before it. */
export function ownPart({ continues }: Pick<Work, 'continues'>, call: EndedCall): EndedCall {
  if (!continues) return call;
  const transfers = call.transfers?.slice(continues.transfers) ?? [];
  return {
    ...call,
    rangSeconds: 0,
    talkedSeconds: Math.max(leastTalked, call.talkedSeconds - (continues.talkedSeconds ?? 0)),
    earlyMedia: false,
    transfers: transfers.length > 0 ? transfers : undefined,
  };
}

/** How an attempt is closed whose call never came to be: it was recorded as started, and the phone refused. */
export const neverBegan: EndedCall = {
  ended: { reason: 'FAILED', by: 'STATION' },
  callId: undefined,
  rangSeconds: 0,
  talkedSeconds: 0,
  earlyMedia: false,
};

/** How a call is closed that the process did not survive. */
export const interruptedCall: EndedCall = {
  ended: { reason: 'INTERRUPTED', by: 'STATION' },
  callId: undefined,
  rangSeconds: 0,
  talkedSeconds: 0,
  earlyMedia: false,
};

/** null when the answers do not fit the case as it is leased now: they stay in the journal, and the attempt is wrapped up without them. */
function continued(...conversation: Parameters<typeof startConversation>) {
  try {
    return startConversation(...conversation);
  } catch (cause) {
    if (cause instanceof Problem) return null;
    throw cause;
  }
}

/**
 * The case as the attempt began with it. A lease renewed since may have brought the borrower's words, and this very attempt among the earlier
 * ones: with it the script would begin otherwise, and the answers would not fit.
 */
function asBegun(leased: Case, started: EntryBody<'attempt.started'>, startedAt: number): Case {
  const { borrowerSaid, ...rest } = leased;
  const isEarlier = ({ attempt, at }: PastAttempt) => attempt !== started.attempt && Date.parse(at) <= startedAt;
  return {
    ...rest,
    ...(started.borrowerSaid && borrowerSaid ? { borrowerSaid } : {}),
    attempts: leased.attempts.filter(isEarlier),
    revision: started.caseRevision ?? leased.revision,
  };
}

/**
 * The work of an attempt as its entries tell it, oldest first; null when they do not begin with its start. `shown`: the cases with what this
 * station knows, for the number that was called may have been told here.
 */
export function restoreWork(
  entries: readonly Pick<Entry, 'header' | 'fact'>[],
  caseOf: (id: string) => Case | undefined,
  tools: Tools,
  shown: readonly Case[] = [],
): Work | null {
  const first = entries.find((entry) => entry.fact.kind === 'attempt.started');
  if (first?.fact.kind !== 'attempt.started') return null;
  const started = first.fact.body;
  const leased = (first.fact.caseId && caseOf(first.fact.caseId)) || null;
  const startedAt = correctedAt(first.header);
  const case_ = leased && asBegun(leased, started, startedAt);
  const moves: Move[] = [];
  const movedAt: number[] = [];
  let answeredAt: number | null = null;
  let endedCall: EndedCall | null = null;
  let help: Work['help'] = null;
  for (const { header, fact } of entries) {
    if (!('attempt' in fact.body) || fact.body.attempt !== started.attempt) continue;
    if (fact.kind === 'step.recorded') {
      moves.push(fact.body.move);
      movedAt.push(correctedAt(header));
    }
    if (fact.kind === 'help.asked') help = 'read';
    if (fact.kind === 'attempt.ended') {
      const { ended, callId, rangSeconds, talkedSeconds, earlyMedia, quality, transfers } = fact.body;
      endedCall = { ended, callId, rangSeconds, talkedSeconds, earlyMedia, quality, transfers };
      if (talkedSeconds > 0) answeredAt = correctedAt(header) - talkedSeconds * 1000;
    }
  }
  const script = case_ && started.script ? tools.scriptOf(case_, started.script) : undefined;
  const sameScript = script && started.script && script.ref.hash === started.script.hash;
  // Help is asked for from the script: somebody had answered.
  const talked = moves.length > 0 || help !== null || (endedCall?.talkedSeconds ?? 0) > 0;
  const goOn = (as: Case) =>
    sameScript && talked
      ? continued(
          script.script,
          script.ref,
          givensOf(as, tools.records, started.withheld, started.givens),
          moves,
          movedAt,
        )
      : null;
  // What this shift dialled before stands in the lease of now, and perhaps did not in that of then.
  const conversation = case_ && (goOn(case_) ?? goOn({ ...case_, attempts: [] }));
  const contact =
    [case_, shown.find(({ id }) => id === case_?.id)]
      .flatMap((one) => one?.contacts ?? [])
      .find(({ id }) => id === started.contact) ?? null;
  return {
    attempt: started.attempt,
    direction: started.direction,
    case: case_,
    caseId: first.fact.caseId ?? null,
    contact,
    number: started.number,
    permit: started.permit ?? null,
    continues:
      started.continues === undefined
        ? null
        : { attempt: started.continues, talkedSeconds: null, transfers: 0, asked: [] },
    // What the leased case does not have was told in a call since.
    toldOnly: case_ !== null && started.contact !== undefined && (contact === null || isToldOnly(contact)),
    employerFlags: employerFlagsOfCall({ case: case_, contact, number: started.number }, shown),
    withheld: started.withheld ?? [],
    startedAt,
    answeredAt: talked ? (answeredAt ?? startedAt) : null,
    recorded: tools.records,
    conversation,
    endedCall,
    endRecorded: endedCall !== null,
    wrapUp: newWrapUp(tools.now(), null),
    interrupted: true,
    review: null,
    exitsOpen: false,
    help,
  };
}

/** The work of a call that is over, put aside for another call: its wrap-up goes on where it stood. `now`: epoch milliseconds. */
export const parked = (work: Work, now: number): Work => ({
  ...work,
  review: null,
  exitsOpen: false,
  wrapUp: work.wrapUp ?? newWrapUp(now, null),
});
