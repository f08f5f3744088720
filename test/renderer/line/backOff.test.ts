import { describe, expect, it } from 'vitest';
import { backOff, patientRounds, returnDelay } from '../../../renderer/line/backOff.ts';

describe('backOff', () => {
  it('within the first round of proxies it is at most 0.3 s', () => {
    for (const failures of [0, 1, 2]) expect(backOff(failures, 3, () => 1)).toBeLessThanOrEqual(300);
  });

  it('a server that is away for seconds is found again within one: the first rounds wait at most that long', () => {
    const waits = Array.from({ length: patientRounds }, (_, index) => backOff(index + 1, 1, () => 1));
    expect(Math.max(...waits)).toBe(1_000);
    expect(
      Array.from({ length: patientRounds }, (_, index) => backOff(index + 1, 1, () => 0)).reduce((a, b) => a + b),
    ).toBe(6_000);
  });

  it('then doubles with every round and never exceeds 30 s', () => {
    expect([13, 14, 15, 16, 17, 18, 100].map((failures) => backOff(failures, 1, () => 1))).toEqual([
      2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
    ]);
  });

  it('jitter takes off up to half, so that stations do not come back together', () => {
    expect(backOff(15, 1, () => 0)).toBe(4_000);
    expect(backOff(15, 1, () => 0.5)).toBe(6_000);
    expect(backOff(0, 1, () => 0)).toBe(0);
  });

  it('survives a profile without proxies', () => {
    expect(backOff(1, 0, () => 1)).toBe(1_000);
  });
});

describe('returnDelay', () => {
  it('half a minute first, doubling to five minutes, a quarter of jitter to either side', () => {
    expect([0, 1, 2, 3, 4, 50].map((tries) => returnDelay(tries, () => 0.5))).toEqual([
      30_000, 60_000, 120_000, 240_000, 300_000, 300_000,
    ]);
    expect([returnDelay(0, () => 0), returnDelay(0, () => 1)]).toEqual([22_500, 37_500]);
  });
});
