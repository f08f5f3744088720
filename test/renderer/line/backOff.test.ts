import { describe, expect, it } from 'vitest';
import { backOff } from '../../../renderer/line/backOff.ts';

describe('backOff', () => {
  it('within the first round of proxies it is at most 0.3 s', () => {
    for (const failures of [0, 1, 2]) expect(backOff(failures, 3, () => 1)).toBeLessThanOrEqual(300);
  });

  it('doubles with every round and never exceeds 30 s', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 100].map((failures) => backOff(failures, 1, () => 1))).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
    ]);
  });

  it('jitter takes off up to half, so that stations do not come back together', () => {
    expect(backOff(4, 1, () => 0)).toBe(4_000);
    expect(backOff(4, 1, () => 0.5)).toBe(6_000);
    expect(backOff(0, 1, () => 0)).toBe(0);
  });

  it('survives a profile without proxies', () => {
    expect(backOff(1, 0, () => 1)).toBe(1_000);
  });
});
