/**
 * What is known of the bank server's reachability, judged by real requests only (the browser's own `online` is a hint to try, not a
 * fact: a cable may be in while the bank is away).
 *
 *    disconnected since T ──any answer of the server──► connected
 *          ▲      │ probe (GET /health) with back-off, at most 30 s apart; at once when somebody says "try now"
 *          │      └────────┘
 *          └──────a request without an answer of the server── connected
 */
import { backOffMs, createSleeper, type Fraction, type Wait } from './timing.ts';

/** `since`: milliseconds of the station's wall clock. */
export type ConnectionState = { type: 'connected'; since: number } | { type: 'disconnected'; since: number };

export type Connection = {
  state(): ConnectionState;
  /** A request was answered by the server. */
  heard(): void;
  /** A request was not. */
  missed(): void;
  /** Called after each change of `type`; returns the way to stop. */
  onChange(listener: (state: ConnectionState) => void): () => void;
  /** Probes while disconnected, until the returned function is called. */
  start(): () => void;
  /** `online`, wake, or a person: probe now, even when connected. */
  tryNow(): void;
};

export type ConnectionParts = {
  /** Resolves when the server answered; the request itself says `heard` or `missed`. */
  probe: () => Promise<unknown>;
  wait: Wait;
  fraction: Fraction;
  wallNow: () => number;
};

const mostMs = 30_000;

/** Disconnected until the first answer. */
export function createConnection({ probe, wait, fraction, wallNow }: ConnectionParts): Connection {
  let state: ConnectionState = { type: 'disconnected', since: wallNow() };
  const listeners = new Set<(state: ConnectionState) => void>();
  const sleeper = createSleeper(wait);

  const become = (type: ConnectionState['type']) => {
    if (state.type === type) return;
    state = { type, since: wallNow() };
    sleeper.wake();
    for (const listener of listeners) listener(state);
  };

  const run = async (signal: AbortSignal) => {
    let tries = 0;
    while (!signal.aborted) {
      await probe().catch(() => undefined);
      if (state.type === 'connected') {
        tries = 0;
        sleeper.forget();
        await sleeper.sleep(Number.POSITIVE_INFINITY, signal);
      } else {
        tries += 1;
        sleeper.forget();
        await sleeper.sleep(backOffMs(tries, fraction, mostMs), signal);
      }
    }
  };

  return {
    state: () => state,
    heard: () => become('connected'),
    missed: () => become('disconnected'),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start() {
      const controller = new AbortController();
      void run(controller.signal);
      return () => controller.abort();
    },
    tryNow: () => sleeper.wake(),
  };
}
