import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createSteadyClock, type TimerWorker } from '../../../renderer/line/steadyClock.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function clockWithWorker() {
  const asked: unknown[] = [];
  const worker: TimerWorker = {
    postMessage: (message: unknown) => asked.push(message),
    onmessage: null,
    onerror: null,
  };
  const clock = createSteadyClock(() => worker);
  return { asked, worker, clock, says: (id: number) => worker.onmessage?.({ data: id } as MessageEvent<number>) }; // as: its one member that is read
}

it('a timer counts in the worker, not in the page', () => {
  const { asked, clock, says } = clockWithWorker();
  let fired = 0;
  const id = clock.setTimeout(() => fired++, 60_000);
  vi.advanceTimersByTime(120_000);
  expect([fired, asked]).toEqual([0, [{ id, milliseconds: 60_000 }]]);
  says(id);
  says(id);
  expect(fired).toBe(1);
});

it('a timer that was cleared never fires, also when the worker had said so already', () => {
  const { asked, clock, says } = clockWithWorker();
  let fired = 0;
  const id = clock.setTimeout(() => fired++, 1_000);
  clock.clearTimeout(id);
  says(id);
  expect([fired, asked.at(-1)]).toEqual([0, { id }]);
});

it('without a worker the page’s own timers do', () => {
  const clock = createSteadyClock(() => {
    throw new Error('not permitted');
  });
  const fired: string[] = [];
  clock.setTimeout(() => fired.push('kept'), 1_000);
  clock.clearTimeout(clock.setTimeout(() => fired.push('cleared'), 1_000));
  vi.advanceTimersByTime(1_000);
  expect(fired).toEqual(['kept']);
});

it('a worker that fails gives its timers back, with the time that is left', () => {
  const { worker, clock } = clockWithWorker();
  const fired: number[] = [];
  clock.setTimeout(() => fired.push(1), 1_000);
  vi.advanceTimersByTime(600);
  worker.onerror?.({} as ErrorEvent); // as: nothing of it is read
  vi.advanceTimersByTime(399);
  expect(fired).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(fired).toEqual([1]);
});
