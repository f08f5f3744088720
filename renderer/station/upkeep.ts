/**
 * What the journal needs beside the work, while a shift runs:
 *
 *    at the start, then hourly   sealed bodies are erased a day after their receipt (headers stay, the chain still verifies)
 *    soon after the start, once  the whole chain is checked; a break is told, the work goes on
 */
import type { Clock } from '#shared/clock.ts';
import type { Journal } from '../journal/journal.ts';
import { storageProblems } from '../journal/storageProblem.ts';
import type { Wait } from '../sync/timing.ts';

export type UpkeepParts = {
  journal: Pick<Journal, 'verify' | 'purge'>;
  clock: Pick<Clock, 'wallNow'>;
  wait: Wait;
  onProblem: (error: unknown) => void;
};

const hourMs = 3_600_000;
/** A body is kept this long (ms) after its receipt: the agent's own day can still be read at the station. */
export const keptAfterReceiptMs = 24 * hourMs;
/** The sign-in is not to wait for a long journal. */
const beforeCheckMs = 5_000;

/** The returned function stops it. */
export function startUpkeep({ journal, clock, wait, onProblem }: UpkeepParts): () => void {
  const controller = new AbortController();
  const { signal } = controller;
  const purge = async () => {
    while (!signal.aborted) {
      await journal.purge(keptAfterReceiptMs, clock.wallNow()).catch(onProblem);
      await wait(hourMs, signal);
    }
  };
  const check = async () => {
    await wait(beforeCheckMs, signal);
    if (signal.aborted) return;
    const verdict = await journal.verify();
    if (!verdict.sound) onProblem(storageProblems.chain(verdict.seq));
  };
  void purge();
  void check().catch(onProblem);
  return () => controller.abort();
}
