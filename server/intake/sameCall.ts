/**
 * Whether an attempt that says it went on in the call of another can be true (shared/policy/sameCall.ts): in the same journal there is that
 * other attempt, to the same number, it was answered, and its end names this one. It is a claim (NO_NOTICE) where it is not so: for such an
 * attempt nobody is asked about hours or a second person, and it counts as no call.
 */
import type { DisputeReason } from '#shared/journal/upload.ts';
import type { DatabaseTransaction } from '../database/schema.ts';
import { digitsOf } from '../leases/caseDocument.ts';
import { type Readable, readBody, readHeader } from './read.ts';

type Of<K extends Readable['kind']> = Extract<Readable, { kind: K }>;

export type SameCalls = {
  /** In order, with every entry that may be continued; a reason where this one goes on and cannot. */
  judge(entry: Readable): DisputeReason | undefined;
};

type Known = { started?: Of<'attempt.started'>; ended?: Of<'attempt.ended'> };

/** Reads once what the batch's attempts go on from. */
export async function sameCallsFor(transaction: DatabaseTransaction, entries: readonly Readable[]): Promise<SameCalls> {
  const journal = entries[0]?.header.journal;
  const named = entries.flatMap((entry) => (entry.kind === 'attempt.started' ? (entry.body.continues ?? []) : []));
  const known = new Map<string, Known>();
  const note = (entry: Readable) => {
    if (entry.kind === 'attempt.started')
      known.set(entry.body.attempt, { ...known.get(entry.body.attempt), started: entry });
    if (entry.kind === 'attempt.ended')
      known.set(entry.body.attempt, { ...known.get(entry.body.attempt), ended: entry });
  };
  if (journal !== undefined && named.length > 0) {
    const rows = await transaction
      .selectFrom('entries')
      .select(['header', 'body'])
      .where('journal', '=', journal)
      .where('attempt', 'in', named)
      .where('kind', 'in', ['attempt.started', 'attempt.ended'])
      .where('fork', '=', 0)
      .orderBy('seq')
      .execute();
    for (const { header, body } of rows) {
      const entry = header === null || body === null ? undefined : readBody(readHeader(header), body);
      if (entry) note(entry);
    }
  }
  const goesOn = ({ body: { attempt, number, continues, permit } }: Of<'attempt.started'>): boolean => {
    const before = known.get(continues ?? '');
    return (
      permit !== undefined &&
      before?.started?.body.direction === 'out' &&
      digitsOf(before.started.body.number) === digitsOf(number) &&
      (before.ended?.body.talkedSeconds ?? 0) > 0 &&
      before.ended?.body.continuedBy === attempt
    );
  };
  return {
    judge(entry) {
      const isTrue = entry.kind !== 'attempt.started' || entry.body.continues === undefined || goesOn(entry);
      note(entry);
      return isTrue ? undefined : 'NO_NOTICE';
    },
  };
}
