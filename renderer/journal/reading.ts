/** Rows back into entries: unsealing, parsing, and the form in which they travel. */
import { bodySchemas, type EntryHeader, type Fact, type WireEntry } from '#shared/journal/entry.ts';
import { batchLimit } from '#shared/journal/upload.ts';
import type { EntryRow, JournalOrigin, KeptReceipt } from './database.ts';
import { open } from './seal.ts';

export type EntryState = { type: 'waiting' } | { type: 'received'; receipt: KeptReceipt };
export type Entry = { order: number; header: EntryHeader; fact: Fact; state: EntryState };
/** `fact` is null where the body was purged or cannot be opened. */
export type EntryLine = Omit<Entry, 'fact'> & { fact: Fact | null };

const saltLength = 24;

export type Opened = { salt: string; body: string };

/** Salt and exact body of a row; undefined when purged, rejected with the platform's error when it does not open. */
export async function openRow(key: CryptoKey, row: EntryRow): Promise<Opened | undefined> {
  if (row.sealed === undefined) return undefined;
  const text = await open(key, row.sealed, row.header.bodyHash);
  return { salt: text.slice(0, saltLength), body: text.slice(saltLength) };
}

function factOf(row: EntryRow, body: string): Fact | null {
  const { kind, header } = row;
  try {
    const parsed = bodySchemas[kind].safeParse(JSON.parse(body));
    if (!parsed.success) return null;
    // The schema was looked up by the same kind: kind and body belong together.
    return { kind, body: parsed.data, ...(header.caseId === null ? {} : { caseId: header.caseId }) } as Fact;
  } catch {
    return null;
  }
}

export async function lineOf(key: CryptoKey, row: EntryRow): Promise<EntryLine> {
  const opened = await openRow(key, row).catch(() => undefined);
  const state: EntryState =
    row.receipt === undefined ? { type: 'waiting' } : { type: 'received', receipt: row.receipt };
  return { order: row.order, header: row.header, fact: opened === undefined ? null : factOf(row, opened.body), state };
}

export const hasFact = (line: EntryLine): line is Entry => line.fact !== null;

/** Entries of one journal, ready to be sent. */
export type UploadPart = JournalOrigin & { entries: WireEntry[] };

const encoder = new TextEncoder();

/**
 * As many of the rows as one batch may hold, in the form in which they travel. All rows are of one journal.
 * A body that no longer opens goes as an empty one: the server keeps it as disputed, and the rest is not held up.
 */
export async function partOf(key: CryptoKey, origin: JournalOrigin, rows: readonly EntryRow[]): Promise<UploadPart> {
  const entries: WireEntry[] = [];
  let bytes = 0;
  for (const row of rows) {
    const opened = await openRow(key, row).catch(() => ({ salt: `${'A'.repeat(saltLength - 2)}==`, body: '' }));
    if (opened === undefined) break;
    bytes += encoder.encode(opened.body).length;
    if (entries.length > 0 && bytes > batchLimit.bytes) break;
    entries.push({ header: row.header, ...opened });
  }
  return { ...origin, entries };
}
