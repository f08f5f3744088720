import { describe, expect, it } from 'vitest';
import { readStatistics } from '../../../renderer/phone/statistics.ts';

const inbound = {
  type: 'inbound-rtp',
  kind: 'audio',
  codecId: 'C1',
  packetsReceived: 100,
  packetsLost: 3,
  packetsDiscarded: 1,
  jitter: 0.004,
  jitterBufferDelay: 320,
  jitterBufferEmittedCount: 8000,
};
const codec = { type: 'codec', mimeType: 'audio/PCMU' };
const pair = (seconds: number, nominated = true) => ({
  type: 'candidate-pair',
  nominated,
  currentRoundTripTime: seconds,
});

describe('readStatistics', () => {
  it('reads counts, milliseconds and the codec', () => {
    expect(
      readStatistics([
        ['I1', inbound],
        ['C1', codec],
        ['P1', pair(0.05)],
      ]),
    ).toEqual({
      roundTrip: 50,
      jitter: 4,
      packetsReceived: 100,
      packetsLost: 3,
      packetsDiscarded: 1,
      buffered: { milliseconds: 320_000, samples: 8000 },
      codec: 'PCMU',
    });
  });

  it('takes the path in use, not one that was left by an ICE restart', () => {
    const report = [
      ['I1', inbound],
      ['P1', pair(3)],
      ['P2', pair(0.02)],
      ['T1', { type: 'transport', selectedCandidatePairId: 'P2' }],
    ] as const;
    expect(readStatistics(report)?.roundTrip).toBe(20);
  });

  it('the way to the far side is longer than the one to a media proxy', () => {
    const far = { type: 'remote-inbound-rtp', kind: 'audio', roundTripTime: 0.3 };
    expect(
      readStatistics([
        ['I1', inbound],
        ['P1', pair(0.02)],
        ['R1', far],
      ])?.roundTrip,
    ).toBe(300);
  });

  it('is nothing without an inbound report: on hold it disappears', () => {
    expect(
      readStatistics([
        ['P1', pair(0.02)],
        ['I2', { ...inbound, kind: 'video' }],
      ]),
    ).toBeUndefined();
  });

  it('what is not reported stays unknown', () => {
    expect(readStatistics([['I1', { type: 'inbound-rtp', kind: 'audio', jitter: Number.NaN }]])).toEqual({
      roundTrip: undefined,
      jitter: undefined,
      packetsReceived: 0,
      packetsLost: 0,
      packetsDiscarded: 0,
      buffered: undefined,
      codec: undefined,
    });
  });
});
