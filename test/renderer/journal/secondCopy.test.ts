import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import type { Fact } from '#shared/journal/entry.ts';
import { exportOfCopy } from '#shared/journal/export.ts';
import { keepSecondCopy } from '../../../renderer/journal/secondCopy.ts';
import { station } from './support.ts';

const pause: Fact = { kind: 'break.started', body: { reason: 'MEAL' } };
const by = { agent: 'A017' };
const stationId = '33333333-3333-4333-8333-333333333333';

/** A journal whose copy is kept in memory; each wait ends when the test says so. */
async function stage() {
  const { journal, database } = await station();
  const sealed = { iv: new Uint8Array(12), data: new Uint8Array(16) };
  await database.keys.bulkPut([
    { name: 'dataKey', byServer: 'QUJD', check: sealed, wrongTries: 0, waitUntil: 0 },
    { name: 'station', station: stationId, publicKey: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }, privateKey: sealed },
  ]);
  const file = { text: '', refuses: false, begun: 0 };
  const waits: (() => void)[] = [];
  const stop = keepSecondCopy({
    database,
    journal,
    bridge: {
      beginCopy: async (head) => {
        file.begun += 1;
        file.text = `${head}\n`;
      },
      appendCopy: async (lines) => {
        if (file.refuses) throw new Error('the disk is full');
        file.text += `${lines}\n`;
      },
    },
    wait: () => new Promise<void>((resolve) => waits.push(resolve)),
  });
  const copied = () =>
    exportOfCopy(file.text)?.journals.flatMap(({ entries }) => entries.map(({ header }) => header.seq));
  const pass = () => {
    for (const resolve of waits.splice(0)) resolve();
  };
  /** Lets moments pass until the copy holds these entries. */
  const holds = (seqs: readonly number[]) =>
    expect
      .poll(() => {
        pass();
        return copied();
      })
      .toEqual(seqs);
  return { journal, file, holds, stop };
}

describe('the second copy of what was not uploaded', () => {
  it('follows the journal, sealed, as an export the server can open', async () => {
    const { journal, file, holds, stop } = await stage();
    await holds([]);
    await journal.append([pause], by);
    await holds([1]);
    await journal.append([{ kind: 'break.ended', body: {} }, pause], by);
    await holds([1, 2, 3]);
    expect(exportOfCopy(file.text)).toMatchObject({ station: stationId, wrappedKey: 'QUJD' });
    expect(file.text).not.toContain('MEAL');
    expect(file.begun).toBe(1);
    stop();
  });

  it('is begun anew once everything is delivered, and goes on with what comes then', async () => {
    const { journal, holds, stop } = await stage();
    const [first] = await journal.append([pause], by);
    await holds([1]);
    await journal.keepReceipts(first!.journal, [{ seq: 1, hash: first!.hash, state: 'stored' }]);
    await holds([]);
    await journal.append([{ kind: 'break.ended', body: {} }], by);
    await holds([2]);
    stop();
  });

  it('that could not be written is whole after the next change', async () => {
    const { journal, file, holds, stop } = await stage();
    file.refuses = true;
    await journal.append([pause], by);
    await holds([]);
    file.refuses = false;
    await journal.append([{ kind: 'break.ended', body: {} }], by);
    await holds([1, 2]);
    stop();
  });

  it('that was cut off in the middle of a line loses that line only, and what is no copy is none', async () => {
    const { journal, file, holds, stop } = await stage();
    await journal.append([pause, { kind: 'break.ended', body: {} }], by);
    await holds([1, 2]);
    const cut = exportOfCopy(file.text.slice(0, -20));
    expect(cut?.journals[0]?.entries.map(({ header }) => header.seq)).toEqual([1]);
    expect(exportOfCopy('{"format":"huifang-export-1"}\n')).toBeUndefined();
    expect(exportOfCopy('')).toBeUndefined();
    stop();
  });
});
