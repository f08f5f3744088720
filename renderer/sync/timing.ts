/** Waiting and backing off, with time and chance from outside so that tests need neither. */

/** Resolves after `ms` (infinity: not by itself), or as soon as `signal` aborts; never rejects. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

export const waitForReal: Wait = (ms, signal) =>
  new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = Number.isFinite(ms) ? setTimeout(done, ms) : undefined;
    signal.addEventListener('abort', done);
  });

/** Between 0 (included) and 1, e.g. Math.random. */
export type Fraction = () => number;

/** Milliseconds before try `tries` + 1: one second doubling to `mostMs`, of which half to all, so that stations do not come at once. */
export function backOffMs(tries: number, fraction: Fraction, mostMs = 60_000): number {
  const full = Math.min(mostMs, 1_000 * 2 ** Math.min(20, Math.max(0, tries - 1)));
  return Math.round(full * (0.5 + fraction() / 2));
}

/** A sleeper that somebody else can wake: one at a time. */
export function createSleeper(wait: Wait) {
  let current: AbortController | undefined;
  let calledEarly = false;
  return {
    /** Ends the sleep, or the next one if nobody sleeps. */
    wake(): void {
      if (current === undefined) calledEarly = true;
      else current.abort();
    },
    async sleep(ms: number, signal: AbortSignal): Promise<void> {
      if (signal.aborted) return;
      if (calledEarly) {
        calledEarly = false;
        return;
      }
      const controller = new AbortController();
      current = controller;
      await wait(ms, AbortSignal.any([controller.signal, signal]));
      current = undefined;
    },
    /** Forgets a wake that came too early. */
    forget(): void {
      calledEarly = false;
    },
  };
}
