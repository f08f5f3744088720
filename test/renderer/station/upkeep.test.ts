import { expect, it, vi } from 'vitest';
import type { Journal } from '../../../renderer/journal/journal.ts';
import { startUpkeep } from '../../../renderer/station/upkeep.ts';

function upkeep(journal: Partial<Pick<Journal, 'verify' | 'purge'>>) {
  const purged: [number, number][] = [];
  const problems: unknown[] = [];
  const waiting: { ms: number; go: () => void }[] = [];
  const stop = startUpkeep({
    journal: {
      verify: async () => ({ sound: true, entries: 1 }),
      purge: async (...given) => purged.push(given),
      ...journal,
    },
    clock: { wallNow: () => 1_000 },
    wait: (ms, signal) =>
      new Promise((resolve) => {
        waiting.push({ ms, go: resolve });
        signal.addEventListener('abort', () => resolve());
      }),
    onProblem: (error) => problems.push(error),
  });
  const pass = (ms: number) => waiting.findLast((one) => one.ms === ms)?.go();
  return { purged, problems, waiting, stop, pass };
}
const hour = 3_600_000;

it('bodies received a day ago are erased at the start and every hour, also after an hour in which it failed', async () => {
  let tries = 0;
  const { problems, waiting, stop, pass } = upkeep({
    async purge(olderThanMs, now) {
      expect([olderThanMs, now]).toEqual([24 * hour, 1_000]);
      tries += 1;
      if (tries === 1) throw new Error('the disk is away');
      return 0;
    },
  });
  await vi.waitFor(() => expect(waiting.some(({ ms }) => ms === hour)).toBe(true));
  expect([tries, problems.length]).toEqual([1, 1]);
  pass(hour);
  await vi.waitFor(() => expect(tries).toBe(2));
  stop();
});

it('a broken chain is told with its entry, a sound one is not', async () => {
  const sound = upkeep({});
  sound.pass(5_000);
  const broken = upkeep({ verify: async () => ({ sound: false, journal: 'J', seq: 7, fault: 'BAD_HASH' }) });
  broken.pass(5_000);
  await vi.waitFor(() => expect(broken.problems).toMatchObject([{ code: 'JOURNAL_BROKEN', category: 'storage' }]));
  expect(sound.problems).toEqual([]);
  sound.stop();
  broken.stop();
});
