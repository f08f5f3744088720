/**
 * Makes the browser's database begin a new log before ours is opened. A browser that is killed while it writes leaves an unfinished record at the
 * end of LevelDB's log; Chromium goes on writing behind it, finds a bad checksum at the start after the next, and deletes the whole
 * database with everything that was not uploaded. The shell cuts such an end off (electron/databaseLogs.ts); a page cannot reach the file. But
 * a log is done with, and deleted, as soon as what it holds (Chromium: at most 4 MiB) has gone into a table, and all databases of an origin share
 * one log: so a database of nothing is written until that has happened, and thrown away. About 0.1 s.
 *
 * What stays: a second kill within that tenth of a second. Other browsers keep their data in other ways; there it is of no use and does no harm.
 */
import Dexie from 'dexie';

const logBytes = 4 * 1024 * 1024;
/** Values from 64 KiB on lie in files of their own and would fill no log. */
const rowBytes = 60 * 1024;
const rows = Math.ceil((logBytes * 1.25) / rowBytes);

/** Never rejects: a disk that is full or refused is said, in words, by whoever opens the real database next. */
export async function beginNewLog(): Promise<void> {
  const filler = new Dexie('huifang-filler', { chromeTransactionDurability: 'relaxed' });
  try {
    filler.version(1).stores({ rows: '' });
    const nothing = new Uint8Array(rowBytes);
    const keys = Array.from({ length: rows }, (_, key) => key);
    await filler.table('rows').bulkPut(
      keys.map(() => nothing),
      keys,
    );
    await filler.delete();
  } catch {
    filler.close();
  }
}
