/** Receipts into the journal, and the purge that they allow. */
import type { Receipt } from '#shared/journal/upload.ts';
import { type EntryRow, type KeptReceipt, readHead, type StationDatabase } from './database.ts';

const changed = (row: EntryRow, changes: Partial<EntryRow>, without: 'waiting' | 'sealed' | 'purgeable'): EntryRow => {
  const next = { ...row, ...changes };
  delete next[without];
  return next;
};

/**
 * Marks the entries that the server has. A receipt for an entry that is not here, or whose hash is another one, changes nothing and
 * is counted as unmatched; a second receipt for the same entry changes nothing.
 */
export function keepReceipts(
  database: StationDatabase,
  journal: string,
  receipts: readonly Receipt[],
  at: number,
): Promise<{ kept: number; unmatched: number }> {
  return database.transaction('rw', database.entries, database.state, async () => {
    const rows = await database.entries
      .where('[journal+seq]')
      .anyOf(receipts.map(({ seq }) => [journal, seq]))
      .toArray();
    const bySeq = new Map(rows.map((row) => [row.seq, row]));
    const updated: EntryRow[] = [];
    let unmatched = 0;
    for (const { seq, hash, state, reason } of receipts) {
      const row = bySeq.get(seq);
      if (row === undefined || row.header.hash !== hash) {
        unmatched += 1;
        continue;
      }
      if (row.receipt !== undefined) continue;
      const receipt: KeptReceipt = { state, at, ...(reason === undefined ? {} : { reason }) };
      const received = changed(row, { receipt, purgeable: at }, 'waiting');
      bySeq.set(seq, received);
      updated.push(received);
    }
    if (updated.length > 0) {
      await database.entries.bulkPut(updated);
      const head = await readHead(database);
      const oldest = await database.entries.orderBy('waiting').first();
      if (head !== undefined)
        await database.state.put({
          ...head,
          unsent: head.unsent - updated.length,
          oldestUnsentAt: oldest?.header.at ?? null,
        });
    }
    return { kept: updated.length, unmatched };
  });
}

/**
 * Erases the sealed bodies of entries received before `before` (milliseconds); headers stay, so the chain still verifies. Entries
 * without a receipt and those of open attempts are never touched. Returns how many.
 */
export function purgeBodies(database: StationDatabase, before: number): Promise<number> {
  return database.transaction('rw', database.entries, database.state, async () => {
    const open = new Set((await readHead(database))?.openAttempts.map(({ attempt }) => attempt));
    const rows = await database.entries.where('purgeable').below(before).toArray();
    const purged = rows
      .filter((row) => row.receipt !== undefined && (row.attempt === undefined || !open.has(row.attempt)))
      .map((row) => changed(changed(row, {}, 'sealed'), {}, 'purgeable'));
    await database.entries.bulkPut(purged);
    return purged.length;
  });
}
