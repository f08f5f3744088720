/**
 * Makes all projections anew from the entries, in the order they were received. One transaction: readers see the old tables until the
 * new ones are complete. Entries are not judged again: what was disputed stays disputed for the reason it got.
 */

import { z } from 'zod';
import { wireEntrySchema } from '#shared/journal/entry.ts';
import { disputeReasons, receiptStates } from '#shared/journal/upload.ts';
import type { Database, DatabaseTransaction } from '../database/schema.ts';
import { inTransaction } from '../database/transaction.ts';
import { readBody, readHeader } from '../intake/read.ts';
import { projects } from './effect.ts';
import { type Arrived, project } from './project.ts';
import { recomputeCases } from './recompute.ts';

export const projectionTables = [
  'attempts',
  'dispositions',
  'contact_changes',
  'appointments',
  'follow_ups',
  'exceptions',
  'case_states',
] as const;

const pageSize = 500;

/** Returns how many entries were replayed. */
export async function rebuild(database: Database): Promise<number> {
  return inTransaction(database, async (transaction) => {
    for (const table of projectionTables) await transaction.deleteFrom(table).execute();
    let replayed = 0;
    for (let after = 0; ; ) {
      const rows = await page(transaction, after);
      const last = rows.at(-1);
      if (last === undefined) break;
      after = last.position;
      replayed += rows.length;
      for (const batch of batchesOf(rows)) {
        const first = batch[0]!;
        const arrived = batch.map(arrivedOf);
        await project(
          transaction,
          { station: first.station, journal: first.journal, now: first.received_at },
          arrived.filter((one) => one.fork === 0 && projects(one)),
          arrived,
        );
      }
    }
    const ids = (await transaction.selectFrom('cases').select('id').orderBy('id').execute()).map((row) => row.id);
    for (let from = 0; from < ids.length; from += pageSize)
      await recomputeCases(transaction, ids.slice(from, from + pageSize));
    return replayed;
  });
}

function page(transaction: DatabaseTransaction, after: number) {
  return transaction
    .selectFrom('entries')
    .innerJoin('journals', 'journals.journal', 'entries.journal')
    .selectAll('entries')
    .select('journals.station')
    .where('entries.position', '>', after)
    .orderBy('entries.position')
    .limit(pageSize)
    .execute();
}

type Row = Awaited<ReturnType<typeof page>>[number];

/** Neighbours of one journal that were received together. */
function batchesOf(rows: readonly Row[]): Row[][] {
  const batches: Row[][] = [];
  for (const row of rows) {
    const last = batches.at(-1)?.[0];
    const together = last?.journal === row.journal && last.received_at.getTime() === row.received_at.getTime();
    if (together) batches.at(-1)?.push(row);
    else batches.push([row]);
  }
  return batches;
}

function arrivedOf(row: Row): Arrived {
  const wire =
    row.header === null
      ? undefined
      : wireEntrySchema.parse({ header: readHeader(row.header), salt: row.salt, body: row.body });
  return {
    entry: {
      seq: row.seq,
      hash: row.hash,
      wire,
      readable: wire === undefined ? undefined : readBody(wire.header, wire.body),
      soundHash: row.reason !== 'BAD_HASH',
      raw: undefined,
    },
    fork: row.fork,
    state: z.enum(receiptStates).parse(row.state),
    reason: row.reason === null ? undefined : z.enum(disputeReasons).parse(row.reason),
  };
}
