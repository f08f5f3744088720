import { describe, expect, it } from 'vitest';
import { createSpeechDetector, listenEveryMs } from '../../../renderer/call/mutedSpeech.ts';
import { random } from '../../shared/script/support/random.ts';

/** When it was first noticed (ms from the beginning), undefined when never. `level` gives the level at a time. */
function noticedAt(seconds: number, level: (at: number) => number): number | undefined {
  const isSpeaking = createSpeechDetector();
  for (let at = 0; at <= seconds * 1000; at += listenEveryMs) if (isSpeaking(level(at), at)) return at;
  return undefined;
}
/** Syllables: loud two thirds of the time, pauses between them. */
const speech = (at: number) => (at % 600 < 400 ? 0.62 : 0.12);

describe('somebody who speaks while muted', () => {
  it('is noticed after a second or two of speech, not at the first word', () => {
    const at = noticedAt(10, speech);
    expect(at).toBeGreaterThanOrEqual(1_000);
    expect(at).toBeLessThanOrEqual(3_000);
  });

  it('is noticed too when the mute came in the middle of a sentence', () => {
    expect(noticedAt(10, (at) => (at < 300 ? 0.62 : speech(at)))).toBeLessThanOrEqual(4_000);
  });

  it('is no more told a moment after the last word, and told again at the next sentence', () => {
    const isSpeaking = createSpeechDetector();
    const told: boolean[] = [];
    for (let at = 0; at <= 20_000; at += listenEveryMs) {
      const level = at < 5_000 || at > 12_000 ? speech(at) : 0.1;
      const now = isSpeaking(level, at);
      if (now !== (told.at(-1) ?? false)) told.push(now);
    }
    expect(told).toEqual([true, false, true]);
  });
});

describe('noise is no speech', () => {
  it.each<[string, (at: number) => number]>([
    ['silence', () => 0],
    ['a loud fan', (at) => 0.55 + 0.03 * Math.sin(at)],
    ['a murmuring office', (at) => 0.3 + 0.1 * Math.sin(at / 700)],
    ['a cough now and then', (at) => (at % 8_000 < 600 ? 0.8 : 0.1)],
    ['typing', (at) => (random(at)() < 0.3 ? 0.7 : 0.15)],
    ['somebody who speaks far away', (at) => (at % 600 < 400 ? 0.3 : 0.1)],
  ])('%s', (_, level) => {
    expect(noticedAt(60, level)).toBeUndefined();
  });

  it('a timer that stood still for a minute makes no minute of speech', () => {
    const isSpeaking = createSpeechDetector();
    isSpeaking(0.1, 0);
    isSpeaking(0.7, 60_000);
    expect(isSpeaking(0.7, 120_000)).toBe(false);
  });
});
