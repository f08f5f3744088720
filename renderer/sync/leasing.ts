/**
 * Keeps the cache of leased cases topped up while an agent is signed in, and pulls directives.
 *
 *    every 15 s, or when somebody says so:  directives ─► applied and answered
 *                                           fewer than `fewest` persons open, or last answer older than 5 min ─► leases
 *    every 3 s while an answer is awaited (a notice to be sent):  leases
 *    no connection: nothing is asked and nothing is dropped; the shift goes on with what is here
 */
import type { Clock } from '#shared/clock.ts';
import type { Problem } from '#shared/problem.ts';
import type { AppendedBy } from '../journal/appending.ts';
import type { Journal } from '../journal/journal.ts';
import type { Leases } from '../journal/leases.ts';
import type { BankClient } from './bankClient.ts';
import { createDirectives } from './directives.ts';
import { createSleeper, type Wait } from './timing.ts';

export type Leasing = {
  /** Runs until the returned function is called. */
  start(): () => void;
  /** Ask for leases and directives now. */
  askNow(): void;
};

export type LeasingParts = {
  client: Pick<BankClient, 'leases' | 'directives'>;
  leases: Leases;
  journal: Pick<Journal, 'append' | 'entriesSince' | 'settledUpTo'>;
  station: string;
  by: () => AppendedBy;
  /** Persons with a case that still can be worked on, as the casework counts them. */
  personsOpen: () => Promise<number>;
  /** Persons to hold; asked for when fewer than `fewest` are open. */
  most: number;
  fewest: number;
  /** Something was asked of the server a moment ago, and only its next answer says what became of it. */
  awaits: () => boolean;
  /** May it ask now: signed in, and the server reachable. */
  mayAsk: () => boolean;
  signOut: (reason: string) => void;
  /** Malformed cases, and failures other than of the network. */
  onProblem: (problem: Problem | Error) => void;
  clock: Pick<Clock, 'now' | 'wallNow'>;
  wait: Wait;
};

const everyMs = 15_000;
const awaitingMs = 3_000;
const staleMs = 5 * 60_000;

export function createLeasing(parts: LeasingParts): Leasing {
  const { client, leases, journal, station, personsOpen, most, fewest, mayAsk, onProblem, clock, wait } = parts;
  const sleeper = createSleeper(wait);
  const applyDirectives = createDirectives({ leases, journal, by: parts.by, signOut: parts.signOut });
  let askedFor = false;

  const isStale = () => {
    const { at } = leases.held();
    return at === null || clock.now() - Date.parse(at) > staleMs;
  };
  const topUp = async (): Promise<void> => {
    // Before the question: what the server did not have by then may be missing in its answer.
    const includes = await journal.settledUpTo();
    const answer = await client.leases(station, most);
    const kept = await leases.keepLeases(answer, { at: new Date(clock.now()).toISOString(), includes });
    for (const problem of kept.problems) onProblem(problem);
  };
  const turn = async (): Promise<void> => {
    if (!mayAsk()) return;
    await applyDirectives(await client.directives(station));
    const wanted = askedFor || isStale() || parts.awaits() || (await personsOpen()) < fewest;
    if (!wanted || !mayAsk()) return;
    askedFor = false;
    await topUp();
  };
  const run = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      sleeper.forget();
      await turn().catch((error: unknown) => {
        // No connection is the strip's to show, and the next turn's to overcome.
        const isNetwork = error instanceof Error && 'category' in error && error.category === 'network';
        if (!isNetwork) onProblem(error instanceof Error ? error : new Error(String(error)));
      });
      await sleeper.sleep(parts.awaits() ? awaitingMs : everyMs, signal);
    }
  };
  return {
    start() {
      const controller = new AbortController();
      void run(controller.signal);
      return () => controller.abort();
    },
    askNow() {
      askedFor = true;
      sleeper.wake();
    },
  };
}
