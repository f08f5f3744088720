/**
 * Whether an entry can be true. The answer never refuses: `disputed` is kept and shown to a lead, with the reason.
 *
 *   chain    BAD_HASH, BROKEN_CHAIN     the entry is not what it says it is; it takes no effect
 *   lease    NOT_LEASED, LATE           somebody else's person, or an epoch that was superseded; takes effect, both stand
 *   content  COMPARISON_DIFFERS, REPLAY_DIFFERS   our own comparison or replay of the script comes to something else
 *   claim    NO_NOTICE                  names a grant, a second person or a call to go on in that we know nothing of; permits a call by night
 */
import type { DisputeReason } from '#shared/journal/upload.ts';
import { withinOuterLimit } from '#shared/policy/hours.ts';
import { defaultPolicy } from '#shared/policy/policy.ts';
import { assertNever } from '#shared/problem.ts';
import type { DatabaseTransaction } from '../database/schema.ts';
import type { Keys } from '../keys.ts';
import { policyOf } from '../leases/leases.ts';
import { secondPersonFor } from '../signIn/secondPerson.ts';
import { readGrant } from '../signIn/tokens.ts';
import { correctedTime, type PlacedEntry } from './intake.ts';
import type { Readable } from './read.ts';
import { type Replays, replaysFor } from './replayCheck.ts';
import { sameCallsFor } from './sameCall.ts';

export type Verdict = { state: 'stored' | 'disputed' | 'unreadable'; reason?: DisputeReason };

type LeaseRow = { person: string; epoch: number; agent: string; station: string };

/** Reads once what the whole batch needs; the result judges one entry after the other, in order. */
export async function judgeFor(
  transaction: DatabaseTransaction,
  keys: Keys,
  station: string,
  entries: readonly PlacedEntry[],
): Promise<(entry: PlacedEntry, prev: string) => Promise<Verdict>> {
  const readable = entries.flatMap((entry) => entry.readable ?? []);
  const caseIds = [...new Set(readable.flatMap((entry) => entry.header.caseId ?? []))];
  const persons = new Map<string, string>();
  const newest = new Map<string, number>();
  let leases: LeaseRow[] = [];
  if (caseIds.length > 0) {
    const rows = await transaction
      .selectFrom('cases')
      .innerJoin('persons', 'persons.person', 'cases.person')
      .select(['cases.id', 'cases.person', 'persons.epoch'])
      .where('cases.id', 'in', caseIds)
      .execute();
    for (const row of rows) {
      persons.set(row.id, row.person);
      newest.set(row.person, row.epoch);
    }
    if (rows.length > 0)
      leases = await transaction
        .selectFrom('leases')
        .select(['person', 'epoch', 'agent', 'station'])
        .where('person', 'in', [...newest.keys()])
        .execute();
  }
  const replays = await replaysFor(transaction, station, readable);
  const sameCalls = await sameCallsFor(transaction, readable);

  return async (entry, prev) => {
    if (entry.wire === undefined) return { state: 'unreadable' };
    if (!entry.soundHash) return { state: 'disputed', reason: 'BAD_HASH' };
    // Where the entry before was unreadable and named no hash, nothing can be compared.
    if (prev !== '' && entry.wire.header.prev !== prev) return { state: 'disputed', reason: 'BROKEN_CHAIN' };
    if (entry.readable === undefined) return { state: 'unreadable' };
    // Always, and in order: the next entry's judgement builds on this one.
    const content = contentReason(replays, entry.readable);
    const sameCall = sameCalls.judge(entry.readable);
    const reason =
      (await grantReason(keys, station, entry.readable)) ??
      (await secondPersonReason(transaction, station, entry.readable)) ??
      (await hoursReason(transaction, entry.readable)) ??
      sameCall ??
      leaseReason({ persons, newest, leases, station }, entry.readable) ??
      content;
    return reason === undefined ? { state: 'stored' } : { state: 'disputed', reason };
  };
}

/** A shift begins with a grant of ours for this agent at this station. */
async function grantReason(keys: Keys, station: string, entry: Readable): Promise<DisputeReason | undefined> {
  if (entry.kind !== 'shift.started') return undefined;
  const grant = await readGrant(keys, entry.body.grant);
  return grant?.agent === entry.header.agent && grant.station === station ? undefined : 'NO_NOTICE';
}

/** What goes on in the call of another was asked about when that one began. */
const isDialled = (entry: Readable): entry is Extract<Readable, { kind: 'attempt.started' }> =>
  entry.kind === 'attempt.started' && entry.body.continues === undefined;

/** Two numbers that disagree are dialled on the word of somebody who proved here who they are (POST /second-person). */
async function secondPersonReason(
  transaction: DatabaseTransaction,
  station: string,
  entry: Readable,
): Promise<DisputeReason | undefined> {
  if (!isDialled(entry) || entry.body.permit?.check !== 'SECOND_PERSON') return undefined;
  const { confirmedBy } = entry.body.permit;
  const asked = { agent: entry.header.agent, station, at: correctedTime(entry.header) };
  return confirmedBy !== undefined && (await secondPersonFor(transaction, asked, confirmedBy))
    ? undefined
    : 'NO_NOTICE';
}

/**
 * A call outside of the outer limit: the guard gives no permit for one, whatever was agreed on. Its time is the permit's, the very one the guard
 * looked at; the header's says another after a jump of the wall clock, on an honest station too. A station that was away may still hold the
 * policy of yesterday: what either that of the bank or the usual one allows is let be.
 */
async function hoursReason(transaction: DatabaseTransaction, entry: Readable): Promise<DisputeReason | undefined> {
  if (!isDialled(entry) || entry.body.permit === undefined) return undefined;
  const at = new Date(entry.body.permit.permittedAt);
  if (withinOuterLimit(at, [defaultPolicy])) return undefined;
  return withinOuterLimit(at, [await policyOf(transaction)]) ? undefined : 'NO_NOTICE';
}

function leaseReason(
  held: {
    persons: ReadonlyMap<string, string>;
    newest: ReadonlyMap<string, number>;
    leases: readonly LeaseRow[];
    station: string;
  },
  { header }: Readable,
): DisputeReason | undefined {
  if (header.caseId === null) return undefined;
  const person = held.persons.get(header.caseId);
  const own = held.leases.some(
    (lease) =>
      lease.person === person &&
      lease.epoch === header.leaseEpoch &&
      lease.agent === header.agent &&
      lease.station === held.station,
  );
  if (person === undefined || header.leaseEpoch === null || !own) return 'NOT_LEASED';
  return header.leaseEpoch < (held.newest.get(person) ?? 0) ? 'LATE' : undefined;
}

function contentReason(replays: Replays, entry: Readable): DisputeReason | undefined {
  switch (entry.kind) {
    case 'step.recorded':
      return replays.step(entry);
    case 'disposition.recorded':
      return replays.disposition(entry);
    case 'attempt.started':
      replays.started(entry);
      return undefined;
    case 'shift.started':
    case 'shift.ended':
    case 'break.started':
    case 'break.ended':
    case 'attempt.ended':
    case 'script.left':
    case 'help.asked':
    case 'contact.changed':
    case 'appointment.made':
    case 'followUp.requested':
    case 'followUp.closed':
    case 'notice.requested':
    case 'value.unmasked':
    case 'dial.blocked':
    case 'case.skipped':
    case 'directive.acknowledged':
    case 'amended':
      return undefined;
    default:
      return assertNever(entry);
  }
}
