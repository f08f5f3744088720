/**
 * Intake: a batch of entries into the tables, once, whatever the network did (protocol: shared/journal/upload.ts).
 *
 *    read (lenient) ──► lock the journal's row ──► known already? ──► judge ──► store ──► project ──► new head
 *                       └────────────────────────── one transaction ──────────────────────────────┘
 *
 *  - the journal's row is locked first: the same batch twice at once is handled one after the other, the second finds duplicates;
 *  - everything honestly recorded is stored: what cannot be true is `disputed`, what cannot be understood is `unreadable`;
 *  - the head is the last seq without a gap; an entry beyond it is not taken, for the one before must come first.
 */
import { firstPrev } from '#shared/journal/chain.ts';
import { correctedAt } from '#shared/journal/entry.ts';
import type { BatchAnswer, DisputeReason, Receipt, ReceiptState } from '#shared/journal/upload.ts';
import type { Bank } from '../bank.ts';
import type { DatabaseTransaction } from '../database/schema.ts';
import { inTransaction } from '../database/transaction.ts';
import { Refusal } from '../http/refusal.ts';
import { projects } from '../projections/effect.ts';
import { type Arrived, project } from '../projections/project.ts';
import { judgeFor } from './judge.ts';
import { type ReadEntry, readBatch } from './read.ts';

type Head = { seq: number; hash: string };

/**
 * Takes in one batch whose signature was checked. `text` is the exact body. Usable without HTTP.
 * Throws `Refusal`: BAD_REQUEST for no batch at all, VERSION_TOO_OLD, NOT_ALLOWED for a journal of another station.
 */
export async function intake(
  bank: Pick<Bank, 'database' | 'clock' | 'keys'>,
  station: string,
  text: string,
  journalOfPath?: string,
): Promise<BatchAnswer> {
  const batch = readBatch(text);
  if (batch.station !== station || (journalOfPath !== undefined && batch.journal !== journalOfPath))
    throw new Refusal('BAD_REQUEST');
  return inTransaction(bank.database, async (transaction) => {
    const now = bank.clock.now();
    const head = await lockJournal(transaction, batch.journal, station, batch.continues, now);
    const entries = withPlaces(batch.entries, head);
    const first = entries[0]!.seq;
    if (first > head.seq + 1) return { type: 'gap', expectedSeq: head.seq + 1 };

    const known = await knownEntries(transaction, batch.journal, first, entries.at(-1)!.seq);
    const judge = await judgeFor(transaction, bank.keys, station, entries);
    const receipts: Receipt[] = [];
    const arrived: Arrived[] = [];
    const receive = (entry: PlacedEntry, fork: number, state: ReceiptState, reason?: DisputeReason) => {
      arrived.push({ entry, fork, state, reason });
      receipts.push({ seq: entry.seq, hash: entry.hash, state, ...(reason === undefined ? {} : { reason }) });
    };
    for (const entry of entries) {
      if (entry.seq > head.seq + 1) break; // a hole inside the batch: what follows comes again
      const there = known.get(entry.seq) ?? [];
      if (there.some((old) => isSame(old, entry))) {
        receipts.push({ seq: entry.seq, hash: entry.hash, state: 'duplicate' });
        continue;
      }
      if (entry.seq <= head.seq) {
        const fork = there.length;
        if (entry.readable === undefined) receive(entry, fork, 'unreadable');
        else receive(entry, fork, 'disputed', 'FORK');
      } else {
        const verdict = await judge(entry, head.hash);
        receive(entry, 0, verdict.state, verdict.reason);
        head.seq = entry.seq;
        head.hash = entry.hash;
      }
      known.set(entry.seq, [...there, { hash: entry.hash, raw: entry.wire === undefined ? rawText(entry) : null }]);
    }
    await store(transaction, batch.journal, arrived, now);
    await project(
      transaction,
      { station, journal: batch.journal, now },
      arrived.filter((one) => one.fork === 0 && projects(one)),
      arrived,
    );
    await transaction
      .updateTable('journals')
      .set({ head_seq: head.seq, head_hash: head.hash, received_at: now })
      .where('journal', '=', batch.journal)
      .execute();
    return { type: 'receipts', receipts, head: { ...head }, serverTime: now.toISOString() };
  });
}

export type PlacedEntry = ReadEntry & { seq: number };

function withPlaces(entries: readonly ReadEntry[], head: Head): PlacedEntry[] {
  let before = head.seq;
  return entries.map((entry) => {
    const seq = entry.seq ?? before + 1;
    before = seq;
    return { ...entry, seq };
  });
}

async function lockJournal(
  transaction: DatabaseTransaction,
  journal: string,
  station: string,
  continues: string | undefined,
  now: Date,
): Promise<Head> {
  await transaction
    .insertInto('journals')
    .values({
      journal,
      station,
      continues: continues ?? null,
      head_seq: 0,
      head_hash: firstPrev,
      received_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await transaction
    .selectFrom('journals')
    .select(['station', 'head_seq', 'head_hash'])
    .where('journal', '=', journal)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (row.station !== station) throw new Refusal('NOT_ALLOWED');
  return { seq: row.head_seq, hash: row.head_hash };
}

type Known = { hash: string; raw: string | null };

async function knownEntries(
  transaction: DatabaseTransaction,
  journal: string,
  from: number,
  to: number,
): Promise<Map<number, Known[]>> {
  const rows = await transaction
    .selectFrom('entries')
    .select(['seq', 'hash', 'raw'])
    .where('journal', '=', journal)
    .where('seq', '>=', from)
    .where('seq', '<=', Math.max(from, to))
    .orderBy('fork')
    .execute();
  const known = new Map<number, Known[]>();
  for (const { seq, hash, raw } of rows) known.set(seq, [...(known.get(seq) ?? []), { hash, raw }]);
  return known;
}

/** What was understood is known by its hash, what was not by its bytes: a claimed hash proves nothing there. */
function isSame(old: Known, entry: PlacedEntry): boolean {
  if (entry.wire === undefined) return old.raw === rawText(entry);
  return old.raw === null && old.hash === entry.hash;
}

function rawText(entry: ReadEntry): string {
  return Buffer.from(JSON.stringify(entry.raw), 'utf8').toString('base64');
}

async function store(
  transaction: DatabaseTransaction,
  journal: string,
  arrived: readonly Arrived[],
  now: Date,
): Promise<void> {
  if (arrived.length === 0) return;
  await transaction
    .insertInto('entries')
    .values(
      arrived.map(({ entry, fork, state, reason }) => {
        const header = entry.wire?.header;
        return {
          journal,
          seq: entry.seq,
          fork,
          hash: entry.hash,
          state,
          reason: reason ?? null,
          kind: header?.kind ?? null,
          agent: header?.agent ?? null,
          case_id: header?.caseId ?? null,
          attempt: attemptOf(entry),
          lease_epoch: header?.leaseEpoch ?? null,
          at: header === undefined ? null : correctedTime(header),
          header: header === undefined ? null : JSON.stringify(header),
          salt: entry.wire?.salt ?? null,
          body: entry.wire?.body ?? null,
          raw: entry.wire === undefined ? rawText(entry) : null,
          received_at: now,
        };
      }),
    )
    .execute();
}

function attemptOf(entry: ReadEntry): string | null {
  const body = entry.readable?.body;
  return body !== undefined && 'attempt' in body ? (body.attempt ?? null) : null;
}

/** The station's wall clock plus the offset to ours that it knew then. */
export function correctedTime(header: { at: string; clockOffset: number | null }): Date {
  const at = correctedAt(header);
  // A clock beyond every calendar must not cost the entry.
  const sane = Math.min(Math.max(at, 0), Date.UTC(9000, 0, 1));
  return new Date(sane);
}
