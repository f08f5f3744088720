/**
 * A second copy of what was not uploaded, in a file of the shell. The browser engine throws the whole database away when it finds it damaged (a bad disk,
 * a fault of its own); then this is what is left. It is made of the rows as they lie, sealed, and only the server opens it
 * (`recover`, shared/journal/export.ts).
 *
 * Nobody waits for it: it follows the journal a moment behind. What is delivered within that moment never gets into it, and once everything is
 * delivered it is begun anew. A copy that holds delivered entries is harmless: the server knows them.
 */
import { toBase64 } from '#shared/base64.ts';
import type { Bridge } from '#shared/bridge.ts';
import { type CopyHead, type CopyLine, copyFormat } from '#shared/journal/export.ts';
import { type EntryRow, type HeadRow, readHead, readKeyRow, type StationDatabase } from './database.ts';
import type { Journal } from './journal.ts';

/** How far it is behind (ms). */
const momentMs = 500;
const rowsAtOnce = 500;

export type SecondCopyParts = {
  database: StationDatabase;
  journal: Pick<Journal, 'onChange'>;
  bridge: Pick<Bridge, 'beginCopy' | 'appendCopy'>;
  /** Resolves after so long, and early when the signal is aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
};

async function headLine(database: StationDatabase): Promise<string | undefined> {
  const [dataKey, station] = await Promise.all([readKeyRow(database, 'dataKey'), readKeyRow(database, 'station')]);
  if (dataKey === undefined || station === undefined) return undefined;
  const head: CopyHead = { format: copyFormat, station: station.station, wrappedKey: dataKey.byServer };
  return JSON.stringify(head);
}

function lineOf({ journal, header, sealed }: EntryRow, { journals }: HeadRow): string[] {
  if (sealed === undefined) return [];
  const origin = journals.find((one) => one.journal === journal) ?? { journal };
  const line: CopyLine = { ...origin, header, iv: toBase64(sealed.iv), data: toBase64(sealed.data) };
  return [JSON.stringify(line)];
}

/** Follows the journal from now on; returns the way to stop. A copy that cannot be written is tried again at the next change. */
export function keepSecondCopy({ database, journal, bridge, wait }: SecondCopyParts): () => void {
  /** What the file holds: its first line, and entries up to this `order`. */
  let begun: { head: string; upTo: number; empty: boolean } | undefined;
  let asked = false;
  let working = false;
  const stopping = new AbortController();

  async function copy(): Promise<void> {
    const [line, head] = await Promise.all([headLine(database), readHead(database)]);
    if (line === undefined || head === undefined) return;
    if (begun?.head !== line || (head.unsent === 0 && !begun.empty)) {
      begun = undefined;
      await bridge.beginCopy(line);
      begun = { head: line, upTo: 0, empty: true };
    }
    for (;;) {
      const rows = await database.entries.where('waiting').above(begun.upTo).limit(rowsAtOnce).toArray();
      const last = rows.at(-1);
      if (last === undefined) return;
      const lines = rows.flatMap((row) => lineOf(row, head));
      if (lines.length > 0) {
        await bridge.appendCopy(lines.join('\n'));
        begun.empty = false;
      }
      begun.upTo = last.order;
    }
  }

  async function work(): Promise<void> {
    if (working) return;
    working = true;
    while (asked && !stopping.signal.aborted) {
      await wait(momentMs, stopping.signal);
      asked = false;
      await copy().catch(() => {
        begun = undefined; // what the file holds is not known: it is begun anew
      });
    }
    working = false;
  }

  const stop = journal.onChange(() => {
    asked = true;
    void work();
  });
  return () => {
    stopping.abort();
    stop();
  };
}
