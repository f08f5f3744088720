import { describe, expect, it } from 'vitest';
import { qualityTexts, qualityWord } from '../../../renderer/call/callQuality.ts';
import type { CallMeasurement } from '../../../renderer/phone/phone.ts';

const measured = (changes: Partial<CallMeasurement> = {}): CallMeasurement => ({
  packetsReceived: 100,
  roundTrip: 50,
  jitter: 2,
  loss: 0,
  ...changes,
});
const before = measured({ packetsReceived: 50 });

describe('qualityWord', () => {
  it.each([
    ['GOOD', measured()],
    ['FAIR', measured({ roundTrip: 201 })],
    ['POOR', measured({ roundTrip: 401 })],
    ['POOR', measured({ jitter: 31 })],
    ['POOR', measured({ loss: 0.031 })],
    ['FAIR', measured({ loss: 0.03 })],
    ['GOOD', measured({ roundTrip: undefined, jitter: undefined, loss: undefined })],
    ['SILENT', measured({ packetsReceived: 50 })],
  ] as const)('%s', (word, now) => {
    expect(qualityWord(now, before)).toBe(word);
    expect(qualityTexts[word].zh).not.toBe('');
  });

  it('says nothing before anything was measured', () => {
    expect(qualityWord(null, null)).toBe('UNKNOWN');
    expect(qualityWord(measured(), null)).toBe('GOOD');
  });
});
