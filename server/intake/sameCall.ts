/**
 * Whether an attempt that says it went on in the call of another can be true (shared/policy/sameCall.ts): in the same journal there is that
 * other attempt, to the same number, it was answered, its end names this one and was written with it, and nobody else went on from it. It is a
 * claim (NO_NOTICE) where it is not so: for such an attempt nobody is asked about hours or a second person, and it counts as no call.
 */
import type { DisputeReason } from '#shared/journal/upload.ts';
import type { DatabaseTransaction } from '../database/schema.ts';
import { digitsOf } from '../leases/caseDocument.ts';
import { tookEffect } from '../projections/effect.ts';
import { correctedTime } from './intake.ts';
import { type Readable, readBody, readHeader } from './read.ts';

type Of<K extends Readable['kind']> = Extract<Readable, { kind: K }>;

export type SameCalls = {
  /** In order, with every entry that may be continued; a reason where this one goes on and cannot. */
  judge(entry: Readable): DisputeReason | undefined;
};

/** The first start counts, as in the projections; `next`: who went on from it. */
type Known = { started?: Of<'attempt.started'>; ended?: Of<'attempt.ended'>; next?: string };

/** An end and the start that goes on from it are one append; so much may lie between their times, in ms. */
const longestBetweenMs = 60_000;

/** Reads once what the batch's attempts go on from. */
export async function sameCallsFor(transaction: DatabaseTransaction, entries: readonly Readable[]): Promise<SameCalls> {
  const journal = entries[0]?.header.journal;
  const named = entries.flatMap((entry) => (entry.kind === 'attempt.started' ? (entry.body.continues ?? []) : []));
  const known = new Map<string, Known>();
  const add = (attempt: string, more: Known) => known.set(attempt, { ...known.get(attempt), ...more });
  const note = (entry: Readable) => {
    if (entry.kind === 'attempt.started')
      add(entry.body.attempt, { started: known.get(entry.body.attempt)?.started ?? entry });
    if (entry.kind === 'attempt.ended') add(entry.body.attempt, { ended: entry });
  };
  if (journal !== undefined && named.length > 0) {
    const rows = await transaction
      .selectFrom('entries')
      .select(['header', 'body'])
      .where('journal', '=', journal)
      .where('attempt', 'in', named)
      .where('kind', 'in', ['attempt.started', 'attempt.ended'])
      .where(tookEffect)
      .orderBy('seq')
      .execute();
    for (const { header, body } of rows) {
      const entry = header === null || body === null ? undefined : readBody(readHeader(header), body);
      if (entry) note(entry);
    }
    const went = await transaction
      .selectFrom('attempts')
      .select(['attempt', 'continues'])
      .where('continues', 'in', named)
      .execute();
    for (const { attempt, continues } of went) if (continues !== null) add(continues, { next: attempt });
  }
  const goesOn = ({ header, body: { attempt, number, continues, permit } }: Of<'attempt.started'>): boolean => {
    const before = known.get(continues ?? '');
    return (
      (before?.next ?? attempt) === attempt &&
      permit !== undefined &&
      before?.started?.body.direction === 'out' &&
      digitsOf(before.started.body.number) === digitsOf(number) &&
      (before.ended?.body.talkedSeconds ?? 0) > 0 &&
      before.ended?.body.continuedBy === attempt &&
      Math.abs(+correctedTime(header) - +correctedTime(before.ended.header)) <= longestBetweenMs
    );
  };
  return {
    judge(entry) {
      const claims = entry.kind === 'attempt.started' && entry.body.continues !== undefined ? entry : undefined;
      const isTrue = claims === undefined || goesOn(claims);
      note(entry);
      if (claims?.body.continues !== undefined && isTrue) add(claims.body.continues, { next: claims.body.attempt });
      return isTrue ? undefined : 'NO_NOTICE';
    },
  };
}
