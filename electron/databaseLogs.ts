/**
 * Puts the logs of the page's database right before Chromium opens it. A process that is killed while it writes leaves an unfinished record at
 * the end of a log. LevelDB passes over it, but goes on writing behind it (Chromium sets `reuse_logs`); at the start after the next it
 * finds a bad checksum in the middle, and Chromium then deletes the whole database: station, journal, all that was not uploaded. Seen once in
 * some hundreds of kills. What is unfinished was never durable, so it is cut off, and the next record begins where a record may begin.
 *
 * The format: blocks of 32 KiB; in them records of crc32c (4 bytes, masked), length (2), type (1: whole, 2: first, 3: middle, 4: last part), data.
 */
import { closeSync, ftruncateSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const blockBytes = 32_768;
const headerBytes = 7;
const whole = 1;
const last = 4;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc >>> 0;
});

/** CRC-32C as LevelDB stores it. */
export function maskedCrc(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (table[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  const plain = ~crc >>> 0;
  return (((plain >>> 15) | (plain << 17)) + 0xa282ead8) >>> 0;
}

/** Bytes of the sound record that begins at `at`, and its type; undefined: none does. */
function recordAt(log: Buffer, at: number): { bytes: number; type: number } | undefined {
  const left = blockBytes - (at % blockBytes);
  if (left < headerBytes || at + headerBytes > log.length) return undefined;
  const bytes = headerBytes + log.readUInt16LE(at + 4);
  const type = log[at + 6] ?? 0;
  if (type < whole || type > last || bytes > left || at + bytes > log.length) return undefined;
  return log.readUInt32LE(at) === maskedCrc(log.subarray(at + 6, at + bytes)) ? { bytes, type } : undefined;
}

/**
 * How many bytes of a log can be gone on with. The whole length where nothing is unfinished, and also where something sound follows what is
 * broken: then cutting would lose it, and nothing is touched.
 */
export function soundLength(log: Buffer): number {
  let at = 0;
  let end = 0;
  for (;;) {
    const left = blockBytes - (at % blockBytes);
    if (left < headerBytes) {
      at += left;
      continue;
    }
    const record = recordAt(log, at);
    if (record === undefined) break;
    at += record.bytes;
    if (record.type === whole || record.type === last) end = at;
  }
  if (end >= log.length) return log.length;
  for (let behind = at + 1; behind + headerBytes <= log.length; behind += 1)
    if (recordAt(log, behind) !== undefined) return log.length;
  return end;
}

/** Cuts what is unfinished in the databases below `userData`; returns how many files were cut. Never throws: Chromium says what it cannot open. */
export function cutUnfinishedRecords(userData: string): number {
  let cut = 0;
  try {
    const databases = readdirSync(join(userData, 'IndexedDB')).filter((name) => name.endsWith('.leveldb'));
    for (const database of databases) {
      const folder = join(userData, 'IndexedDB', database);
      for (const name of readdirSync(folder).filter((one) => /^\d+\.log$|^MANIFEST-\d+$/.test(one)))
        if (cutFile(join(folder, name))) cut += 1;
    }
  } catch {
    // No database yet, or none that may be read.
  }
  return cut;
}

function cutFile(path: string): boolean {
  const log = readFileSync(path);
  const length = soundLength(log);
  if (length === log.length) return false;
  const file = openSync(path, 'r+');
  try {
    ftruncateSync(file, length);
  } finally {
    closeSync(file);
  }
  return true;
}
