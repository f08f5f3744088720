import { describe, expect, it } from 'vitest';
import { qualityAdvice, qualityTexts, qualityWord } from '../../../renderer/call/callQuality.ts';
import type { CallMeasurement } from '../../../renderer/phone/phone.ts';

const measured = (changes: Partial<CallMeasurement> = {}): CallMeasurement => ({
  packetsReceived: 100,
  roundTrip: 50,
  jitter: 2,
  loss: 0,
  mos: 4.3,
  codec: 'opus',
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
    ['POOR', measured({ mos: 3.49 })],
    ['FAIR', measured({ mos: 3.5 })],
    ['GOOD', measured({ roundTrip: undefined, jitter: undefined, loss: undefined, mos: undefined })],
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

describe('what to do', () => {
  it.each([
    [{ roundTrip: 401 }, '往返 401 ms', '停一停'],
    [{ jitter: 31 }, '抖动 31 ms', '网线'],
    [{ loss: 0.05 }, '丢包 5 %', '再说一遍'],
    [{ mos: 3.2 }, '语音评分 3.2', '复述'],
  ] as const)('%j is said with its number and a remedy', (change, number, remedy) => {
    const sentence = qualityAdvice('POOR', measured(change))?.zh ?? '';
    expect(sentence).toContain(number);
    expect(sentence).toContain(remedy);
  });

  it('no number is shown of a line that is well or only fair', () => {
    expect(qualityAdvice('GOOD', measured())).toBeNull();
    expect(qualityAdvice('FAIR', measured({ roundTrip: 300 }))).toBeNull();
    expect(qualityAdvice('HELD', null)).toBeNull();
  });

  it('all that is wrong is said, words that get lost first', () => {
    const sentence = qualityAdvice('POOR', measured({ loss: 0.2, roundTrip: 900, mos: 1.5 }))?.en ?? '';
    expect(sentence.indexOf('loss 20 %')).toBe(0);
    expect(sentence).toContain('round trip 900 ms');
    expect(sentence).toContain('MOS 1.5');
  });

  it('silence says what to do without a number', () => {
    expect(qualityAdvice('SILENT', measured())?.zh).toContain('挂断重拨');
  });
});
