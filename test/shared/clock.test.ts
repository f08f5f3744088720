import { describe, expect, it } from 'vitest';
import { createClock } from '#shared/clock.ts';

function hands(start = 1_000_000) {
  const at = { wall: start, monotonic: 0 };
  const clock = createClock({ wall: () => at.wall, monotonic: () => at.monotonic });
  const pass = (ms: number) => {
    at.wall += ms;
    at.monotonic += ms;
  };
  return { at, clock, pass };
}
const iso = (ms: number) => new Date(ms).toISOString();

describe('the clock', () => {
  it('before any contact it is the wall clock of the start, and says that it knows no better', () => {
    const { at, clock, pass } = hands();
    pass(500);
    at.wall += 3_600_000;
    expect(clock.now()).toBe(1_000_500);
    expect(clock.wallNow()).toBe(4_600_500);
    expect(clock.offset()).toEqual({ ms: null, ageMs: null });
  });

  it('after a contact it is the server clock, half of the way added; a jump of the wall clock does not move it', () => {
    const { at, clock, pass } = hands();
    clock.learn(iso(2_000_000), 200);
    expect(clock.now()).toBe(2_000_100);
    pass(1_000);
    at.wall -= 7_200_000;
    expect(clock.now()).toBe(2_001_100);
    expect(clock.offset()).toEqual({ ms: 1_000_100, ageMs: 1_000 });
  });

  it('nonsense and slow answers do not spoil what is known', () => {
    const { clock } = hands();
    clock.learn(iso(2_000_000), 0);
    clock.learn('yesterday', 10);
    clock.learn(iso(9_000_000), -5);
    clock.learn(iso(9_000_000), Number.NaN);
    clock.learn(iso(9_000_000), 20_000);
    expect(clock.now()).toBe(2_000_000);
  });

  it('what an earlier start knew puts the wall clock right and says its age, until a server is heard, however slowly', () => {
    const { at, clock, pass } = hands();
    clock.recall({ offset: 7_200_000, learnedAt: 400_000 });
    expect(clock.now()).toBe(8_200_000);
    expect(clock.offset()).toEqual({ ms: 7_200_000, ageMs: 600_000 });
    pass(1_000);
    at.wall += 3_600_000;
    expect(clock.now()).toBe(8_201_000);
    clock.learn(iso(2_000_000), 20_000);
    expect(clock.now()).toBe(2_010_000);
    clock.recall({ offset: 0, learnedAt: 400_000 });
    expect(clock.now()).toBe(2_010_000);
  });

  it('what an earlier start knew of a clock that was set back since is worth nothing', () => {
    const { clock } = hands();
    clock.recall({ offset: 7_200_000, learnedAt: 1_000_001 });
    expect(clock.now()).toBe(1_000_000);
    expect(clock.offset()).toEqual({ ms: null, ageMs: null });
  });

  it('tells what it learned, and nothing of what it did not take', () => {
    const { clock, pass } = hands();
    const told: unknown[] = [];
    clock.onLearned((known) => told.push(known));
    pass(500);
    clock.learn(iso(2_000_000), 200);
    clock.learn(iso(9_000_000), 20_000);
    expect(told).toEqual([{ offset: 999_600, learnedAt: 1_000_500 }]);
  });

  it('the first answer counts however slow it was', () => {
    const { clock } = hands();
    clock.learn(iso(2_000_000), 20_000);
    expect(clock.now()).toBe(2_010_000);
  });
});
