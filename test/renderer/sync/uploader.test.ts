import 'fake-indexeddb/auto'; // before Dexie, which looks for IndexedDB when it is loaded
import { describe, expect, it, vi } from 'vitest';
import { firstPrev, hashOf } from '#shared/journal/chain.ts';
import type { EntryHeader } from '#shared/journal/entry.ts';
import { createStationKey, openStationKey } from '../../../renderer/journal/stationKey.ts';
import { createBankClient } from '../../../renderer/sync/bankClient.ts';
import { createUploader, type UploaderState } from '../../../renderer/sync/uploader.ts';
import { by, freshName, seeded, skipped, station } from '../journal/support.ts';
import { createBankModel, createLocks, type Fault, faults, handWait } from './bankModel.ts';

vi.setConfig({ testTimeout: 30_000 }); // the in-memory IndexedDB is slow on a busy machine
const stationId = '33333333-3333-4333-8333-333333333333';
const noVault = {
  host: 'shell' as const,
  vaultState: async () => 'none' as const,
  readVault: async () => null,
  writeVault: async () => {},
  forgetVault: async () => {},
};

async function setUp({ locks = createLocks(), name = freshName(), fraction = (): number => 0.5 } = {}) {
  const { journal, database, clock, key } = await station(name);
  if ((await openStationKey(database, key)) === null)
    await database.keys.put({ name: 'station', station: stationId, ...(await createStationKey(key)) });
  const signer = (await openStationKey(database, key))!;
  const bank = createBankModel(signer, clock);
  const wait = handWait(clock);
  const client = createBankClient({
    origin: 'http://bank.test',
    fetch: (input, init) => bank.fetch(input, init),
    host: 'shell',
    clock,
    monotonic: () => 0,
    reach: { heard() {}, missed() {} },
    vault: noVault,
  });
  const parts = { journal, client, signer, locks, lockName: 'upload', wait, fraction, clock };
  const uploader = createUploader(parts);
  const states: UploaderState[] = [];
  uploader.onChange((state) => states.push(state));
  const drained = () =>
    vi.waitFor(
      async () => {
        expect((await journal.unsent()).count).toBe(0);
        expect(uploader.state().type).toBe('idle');
      },
      { timeout: 25_000, interval: 5 },
    );
  return { journal, database, clock, bank, wait, uploader, states, drained, parts, name };
}
type Stage = Awaited<ReturnType<typeof setUp>>;

const append = (stage: Stage, count: number) =>
  stage.journal.append(
    Array.from({ length: count }, (_, n) => skipped(n)),
    by,
  );
/** The faults of the next requests, one each; then none. */
const script = (stage: Stage, ...plan: (Fault | undefined)[]) => {
  stage.bank.fault = (path) => (path.endsWith('/batches') ? plan.shift() : undefined);
};
const counted = (stage: Stage) => [...stage.bank.effects.values()];
const pauses = (stage: Stage) => stage.states.filter((state) => state.type === 'paused');

describe('the uploader', () => {
  it('sends what waits, in order, in batches of at most 200, each entry once', async () => {
    const stage = await setUp();
    await append(stage, 230);
    const stop = stage.uploader.start();
    await stage.drained();
    expect(stage.bank.batches.map(({ entries }) => entries.length)).toEqual([200, 30]);
    expect(stage.bank.order).toEqual(Array.from({ length: 230 }, (_, n) => n + 1));
    expect(stage.wait.waited).toEqual([]);
    await stop();
    expect(stage.uploader.state()).toEqual({ type: 'stopped' });
  });

  it('wakes up for what is appended later', async () => {
    const stage = await setUp();
    const stop = stage.uploader.start();
    await vi.waitFor(() => expect(stage.uploader.state().type).toBe('idle'));
    for (let n = 1; n <= 3; n += 1) {
      await append(stage, 1);
      await stage.drained();
      expect(counted(stage)).toEqual(Array.from({ length: n }, () => 1));
    }
    await stop();
  });

  it('a lost answer: the same entries go again and count once', async () => {
    const stage = await setUp();
    await append(stage, 3);
    script(stage, 'lostAnswer');
    const stop = stage.uploader.start();
    await stage.drained();
    expect(stage.bank.batches).toHaveLength(2);
    expect(stage.bank.batches[1]).toEqual(stage.bank.batches[0]);
    expect(counted(stage)).toEqual([1, 1, 1]);
    await stop();
  });

  it('half of the receipts: only the rest goes again', async () => {
    const stage = await setUp();
    await append(stage, 4);
    script(stage, 'halfReceipts');
    const stop = stage.uploader.start();
    await stage.drained();
    expect(stage.bank.batches.map(({ entries }) => entries.map(({ header }) => header.seq))).toEqual([
      [1, 2, 3, 4],
      [3, 4],
    ]);
    await stop();
  });

  it('there is no last attempt: the pause grows to a minute and stays there', async () => {
    const stage = await setUp();
    await append(stage, 1);
    script(
      stage,
      ...Array.from({ length: 12 }, (_, n) => (['unreachable', 'http500', 'html', 'garbage'] as const)[n % 4]),
    );
    const stop = stage.uploader.start();
    await stage.drained();
    expect(stage.wait.waited).toEqual([750, 1500, 3000, 6000, 12000, 24000, 45000, 45000, 45000, 45000, 45000, 45000]);
    expect(
      pauses(stage)
        .slice(0, 4)
        .map(({ problem }) => problem?.code),
    ).toEqual(['BANK_UNREACHABLE', 'INTERNAL', 'BANK_ANSWER_UNREADABLE', 'BANK_ANSWER_UNREADABLE']);
    await stop();
  });

  it('a server that asks for time gets at least that much, and a person cannot cut it short', async () => {
    const stage = await setUp();
    await append(stage, 1);
    script(stage, 'tryLater', 'busy');
    stage.uploader.onChange((state) => state.type === 'paused' && stage.uploader.wake());
    const stop = stage.uploader.start();
    await stage.drained();
    expect(stage.wait.waited).toEqual([7_700, 9_900]);
    expect(pauses(stage).every(({ problem }) => problem === null)).toBe(true);
    await stop();
  });

  it('waking ends the pause after a failure', async () => {
    const stage = await setUp();
    let ended = 0;
    stage.parts.wait = Object.assign(
      (_ms: number, signal: AbortSignal) =>
        new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => {
            ended += 1;
            resolve();
          });
        }),
      { waited: [] },
    );
    const uploader = createUploader(stage.parts);
    await append(stage, 1);
    script(stage, 'unreachable');
    const stop = uploader.start();
    await vi.waitFor(() => expect(uploader.state().type).toBe('paused'));
    expect(ended).toBe(0);
    uploader.wake();
    await vi.waitFor(() => expect(uploader.state().type).toBe('idle'));
    expect(ended).toBe(1);
    await stop();
  });

  it('a server restored from a backup gets everything from where it stands, receipts or not', async () => {
    const stage = await setUp();
    await append(stage, 5);
    const stop = stage.uploader.start();
    await stage.drained();
    stage.bank.restore((await stage.journal.head()).journal, 2);
    await append(stage, 1);
    await stage.drained();
    expect(stage.bank.order).toEqual([3, 4, 5, 6]);
    expect(counted(stage)).toEqual([1, 1, 1, 1]);
    await stop();
  });

  it('a restored disk: the server knows entries this journal has not, so a new journal names the old head', async () => {
    const stage = await setUp();
    await append(stage, 2);
    const { journal: old } = await stage.journal.head();
    const [first] = (await stage.journal.waitingBatch(1))!.entries;
    const twin = (seq: number, prev: string) => {
      const { hash: _hash, ...fields }: EntryHeader = { ...first!.header, seq, prev, agent: 'agent-2' };
      const header = { ...fields, hash: hashOf(fields) };
      stage.bank.take({ ...first!, header });
      return header.hash;
    };
    const serverHead = twin(2, twin(1, firstPrev));
    stage.bank.effects.clear();
    const stop = stage.uploader.start();
    await stage.drained();
    await append(stage, 1);
    await stage.drained();
    expect((await stage.journal.head()).journal).not.toBe(old);
    const last = stage.bank.batches.at(-1)!;
    expect(last.continues).toEqual({ journal: old, seq: 2, hash: serverHead });
    expect(last.entries.map(({ header }) => header.seq)).toEqual([1]);
    expect(counted(stage)).toEqual([1, 1, 1]);
    const lines = await stage.journal.all({ newestFirst: false, limit: 9 });
    expect(lines.map(({ state }) => state.type === 'received' && state.receipt.reason)).toEqual([
      'FORK',
      'FORK',
      undefined,
    ]);
    await stop();
  });

  it('two windows: one uploads, the other waits its turn and takes over', async () => {
    const locks = createLocks();
    const one = await setUp({ locks });
    const two = createUploader(one.parts);
    await append(one, 30);
    const stopOne = one.uploader.start();
    const stopTwo = two.start();
    await one.drained();
    expect(two.state().type).toBe('otherWindow');
    expect(one.bank.batches).toHaveLength(1);
    await stopOne();
    await vi.waitFor(() => expect(two.state().type).toBe('idle'));
    await append(one, 1);
    await vi.waitFor(async () => expect((await one.journal.unsent()).count).toBe(0));
    await stopTwo();
  });

  it('receipts that name other entries are no progress and no hot loop', async () => {
    const stage = await setUp();
    await append(stage, 2);
    let lies = 3;
    const honest = stage.bank.fetch;
    stage.bank.fetch = async (input, init) => {
      const response = await honest(input, init);
      if (!String(input).endsWith('/batches') || lies === 0) return response;
      lies -= 1;
      return new Response((await response.text()).replaceAll(/"hash":"[0-9a-f]{8}/g, '"hash":"00000000'));
    };
    const stop = stage.uploader.start();
    await stage.drained();
    expect(stage.wait.waited).toHaveLength(3);
    expect(pauses(stage)[0]?.problem?.code).toBe('UPLOAD_NO_PROGRESS');
    expect(counted(stage)).toEqual([1, 1]);
    await stop();
  });

  it('a batch that is too large for the way is made smaller', async () => {
    const stage = await setUp();
    await append(stage, 10);
    const honest = stage.bank.fetch;
    stage.bank.fetch = async (input, init) =>
      String(init?.body ?? '').length > 4_000
        ? new Response('{"code":"TOO_LARGE","sentence":{"zh":"过大","en":"too large"}}', { status: 413 })
        : honest(input, init);
    const stop = stage.uploader.start();
    await stage.drained();
    expect(counted(stage)).toHaveLength(10);
    await stop();
  });

  it.each([1, 2, 3, 4, 5, 6])(
    'whatever happens on the way (seed %i), everything arrives exactly once',
    async (seed) => {
      const random = seeded(seed);
      const stage = await setUp({ fraction: random });
      stage.bank.fault = () => (random() < 0.6 ? faults[Math.floor(random() * faults.length)] : undefined);
      let stop = stage.uploader.start();
      for (let n = 0; n < 12; n += 1) {
        await append(stage, 1 + Math.floor(random() * 10));
        if (random() < 0.3) {
          // The program is closed and opened again in the middle of whatever it did.
          await stop();
          stop = stage.uploader.start();
        }
      }
      stage.bank.fault = () => (random() < 0.3 ? faults[Math.floor(random() * faults.length)] : undefined);
      await stage.drained();
      await stop();
      const { seq } = await stage.journal.head();
      expect(stage.bank.order).toEqual(Array.from({ length: seq }, (_, n) => n + 1));
      expect(new Set(counted(stage))).toEqual(new Set([1]));
      expect(await stage.journal.verify()).toEqual({ sound: true, entries: seq });
    },
  );
});
