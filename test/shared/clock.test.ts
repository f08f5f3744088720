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

  it('the first answer counts however slow it was', () => {
    const { clock } = hands();
    clock.learn(iso(2_000_000), 20_000);
    expect(clock.now()).toBe(2_010_000);
  });
});
