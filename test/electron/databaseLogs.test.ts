import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cutUnfinishedRecords, maskedCrc, soundLength } from '../../electron/databaseLogs.ts';

const block = 32_768;
/** A log of these payloads, as LevelDB writes them: parts at the ends of blocks, zeros where no header fits. */
function logOf(...payloads: number[]): Buffer {
  let log = Buffer.alloc(0);
  for (const [n, bytes] of payloads.entries()) {
    let rest = Buffer.alloc(bytes, n + 1);
    let isFirst = true;
    do {
      let left = block - (log.length % block);
      if (left < 7) {
        log = Buffer.concat([log, Buffer.alloc(left)]);
        left = block;
      }
      const part = rest.subarray(0, left - 7);
      rest = rest.subarray(part.length);
      const type = isFirst ? (rest.length === 0 ? 1 : 2) : rest.length === 0 ? 4 : 3;
      const header = Buffer.alloc(7);
      header.writeUInt16LE(part.length, 4);
      header[6] = type;
      header.writeUInt32LE(maskedCrc(Buffer.concat([header.subarray(6), part])), 0);
      log = Buffer.concat([log, header, part]);
      isFirst = false;
    } while (rest.length > 0);
  }
  return log;
}

describe('a log of the page’s database', () => {
  it('is checked by CRC-32C, masked as LevelDB does it', () => {
    // 「123456789」 gives e3069283 (RFC 3720 B.4 names the polynomial); unmasked by LevelDB's own rule.
    const masked = maskedCrc(Buffer.from('123456789'));
    const rotated = (masked - 0xa282ead8) >>> 0;
    expect(((rotated >>> 17) | (rotated << 15)) >>> 0).toBe(0xe3069283);
  });

  it.each([
    ['empty', []],
    ['of small records', [10, 200, 0, 3_000]],
    ['whose records go over the ends of blocks', [40_000, 100, 90_000]],
    ['with a block’s last bytes left over', [block - 7 - 3, 50]],
  ])('%s is left as it is', (_, payloads) => {
    const log = logOf(...payloads);
    expect(soundLength(log)).toBe(log.length);
  });

  it.each([1, 6, 7, 60, 106])('that ends after %i bytes of a record is cut to the record before', (kept) => {
    const sound = logOf(10, 200);
    const torn = logOf(10, 200, 100).subarray(0, sound.length + kept);
    expect(soundLength(torn)).toBe(sound.length);
  });

  it('whose last record lacks its later parts is cut to the record before', () => {
    const sound = logOf(10);
    for (const kept of [block, block + 5, 2 * block, 2 * block + 900])
      expect(soundLength(logOf(10, 100_000).subarray(0, kept))).toBe(sound.length);
  });

  it('with something sound behind what is broken is not touched: that would be lost', () => {
    const log = Buffer.concat([logOf(10, 200).subarray(0, 150), logOf(30)]);
    expect(soundLength(log)).toBe(log.length);
  });
});

it('only logs and manifests are cut, and a folder that is not there is nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'huifang-logs-'));
  expect(cutUnfinishedRecords(folder)).toBe(0);
  const database = join(folder, 'IndexedDB/app_huifang_0.indexeddb.leveldb');
  mkdirSync(database, { recursive: true });
  const torn = Buffer.concat([logOf(10), Buffer.alloc(50, 9)]);
  for (const name of ['000003.log', 'MANIFEST-000001', '000002.ldb', 'LOG']) writeFileSync(join(database, name), torn);
  expect(cutUnfinishedRecords(folder)).toBe(2);
  expect(readFileSync(join(database, '000003.log'))).toEqual(logOf(10));
  expect(readFileSync(join(database, '000002.ldb'))).toEqual(torn);
  expect(cutUnfinishedRecords(folder)).toBe(0);
});
