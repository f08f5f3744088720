import 'fake-indexeddb/auto';
import { expect, it, vi } from 'vitest';
import { openDatabase } from '../../../renderer/journal/database.ts';
import { keepClock } from '../../../renderer/journal/keptClock.ts';
import { freshName, handClock } from './support.ts';

const hour = 3_600_000;
const noon = '2026-03-02T04:00:00.000Z';

it('a start without the bank knows the server’s time from the start before', async () => {
  const database = await openDatabase('practice', freshName());
  const wrong = handClock('2026-03-02T02:00:00.000Z');
  await keepClock(database, wrong);
  wrong.learn(noon, 0);
  await vi.waitFor(async () => expect(await database.state.get('clock')).toMatchObject({ offset: 2 * hour }));

  const later = handClock('2026-03-02T03:00:00.000Z');
  await keepClock(database, later);
  expect(new Date(later.now()).toISOString()).toBe('2026-03-02T05:00:00.000Z');
  expect(later.offset()).toEqual({ ms: 2 * hour, ageMs: hour });
});

it('is written anew when it moved or grew old, not with every answer', async () => {
  const database = await openDatabase('practice', freshName());
  const put = vi.spyOn(database.state, 'put');
  const clock = handClock('2026-03-02T04:00:00.000Z');
  await keepClock(database, clock);
  const learn = (serverAhead: number) => clock.learn(new Date(clock.wallNow() + serverAhead).toISOString(), 0);
  learn(0);
  learn(900);
  expect(put).toHaveBeenCalledTimes(1);
  learn(1_000);
  expect(put).toHaveBeenCalledTimes(2);
  clock.advance(10 * 60_000);
  learn(1_000);
  expect(put).toHaveBeenCalledTimes(3);
});

it('a damaged row is no obstacle', async () => {
  const database = await openDatabase('practice', freshName());
  await database.state.put({ name: 'clock', offset: Number.NaN, learnedAt: 0 });
  const clock = handClock(noon);
  await keepClock(database, clock);
  expect(clock.offset().ms).toBeNull();
});
