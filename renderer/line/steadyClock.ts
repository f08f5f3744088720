/**
 * Timers for the line that a hidden page does not slow down: browsers let the timers of a page in the background fire once a second, after five
 * minutes once a minute, unless it is in a call; those of a worker go on. Where there is no worker the page's own timers have to do.
 */

/** As XState wants a clock. */
export type SteadyClock = {
  setTimeout(tell: () => void, milliseconds: number): number;
  clearTimeout(id: number): void;
};

/** What is used of a Worker; tests hand in one of their own. */
export type TimerWorker = Pick<Worker, 'postMessage'> & {
  onmessage: ((event: MessageEvent<number>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
};

type Running = { tell: () => void; milliseconds: number; since: number; own?: ReturnType<typeof setTimeout> };

const newWorker = (): TimerWorker => new Worker(new URL('./steadyWorker.ts', import.meta.url), { type: 'module' });

/** `start`: makes the worker; one that cannot be made, or fails later, costs nobody a timer. */
export function createSteadyClock(start: () => TimerWorker = newWorker): SteadyClock {
  const running = new Map<number, Running>();
  let lastId = 0;

  const fire = (id: number) => {
    const timer = running.get(id);
    running.delete(id);
    timer?.tell();
  };
  const runHere = (id: number, timer: Running) => {
    const left = Math.max(0, timer.milliseconds - (performance.now() - timer.since));
    timer.own = setTimeout(() => fire(id), left);
  };
  let worker: TimerWorker | undefined;
  const withoutWorker = () => {
    worker = undefined;
    for (const [id, timer] of running) if (timer.own === undefined) runHere(id, timer);
  };
  try {
    worker = start();
    worker.onmessage = ({ data }) => fire(data);
    worker.onerror = withoutWorker;
  } catch {
    withoutWorker();
  }

  return {
    setTimeout(tell, milliseconds) {
      lastId += 1;
      const timer: Running = { tell, milliseconds, since: performance.now() };
      running.set(lastId, timer);
      if (worker) worker.postMessage({ id: lastId, milliseconds });
      else runHere(lastId, timer);
      return lastId;
    },
    clearTimeout(id) {
      const timer = running.get(id);
      if (!timer) return;
      running.delete(id);
      if (timer.own === undefined) worker?.postMessage({ id });
      else clearTimeout(timer.own);
    },
  };
}
