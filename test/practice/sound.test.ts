import { describe, expect, it } from 'vitest';
import { decodeAdpcm, encodeAdpcm } from '../../practice/adpcm.ts';
import { decodeMulaw, encodeMulaw, encodeSample } from '../../practice/mulaw.ts';
import { busyTone, cadence, SAMPLES_PER_SECOND, silence } from '../../practice/tones.ts';

const sine = (hertz: number, loudness: number): Int16Array =>
  Int16Array.from({ length: 4000 }, (_, i) =>
    Math.round(loudness * Math.sin((2 * Math.PI * hertz * i) / SAMPLES_PER_SECOND)),
  );

/** Decibels by which the error lies below the signal. */
function fidelity(signal: Int16Array, copy: Int16Array): number {
  let [power, error] = [0, 0];
  signal.forEach((sample, i) => {
    power += sample ** 2;
    error += (sample - copy[i]!) ** 2;
  });
  return 10 * Math.log10(power / error);
}

/** Twice the frequency of a tone. */
const crossingsPerSecond = (samples: Int16Array): number => {
  let crossings = 0;
  for (let i = 1; i < samples.length; i++) if (samples[i - 1]! < 0 !== samples[i]! < 0) crossings += 1;
  return (crossings * SAMPLES_PER_SECOND) / samples.length;
};

describe('mu-law', () => {
  it('agrees with the values of G.711', () => {
    expect([0, 32_767, -32_768, 132, -132].map(encodeSample)).toEqual([0xff, 0x80, 0x00, 0xef, 0x6f]);
  });

  it('returns every byte as it was', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i).filter((byte) => byte !== 0x7f); // minus zero reads as zero
    expect(encodeMulaw(decodeMulaw(bytes))).toEqual(bytes);
  });

  it('keeps speech 30 dB above its own noise', () => {
    const speech = sine(440, 9000);
    expect(fidelity(speech, decodeMulaw(encodeMulaw(speech)))).toBeGreaterThan(30);
  });
});

describe('the prompts’ coding', () => {
  it('keeps speech 20 dB above its own noise at half a byte a sample', () => {
    const speech = sine(300, 9000);
    const bytes = encodeAdpcm(speech);
    expect(bytes.length).toBe(speech.length / 2);
    expect(fidelity(speech, decodeAdpcm(bytes))).toBeGreaterThan(20);
  });

  it('pads an odd clip with silence', () => {
    expect(decodeAdpcm(encodeAdpcm(new Int16Array(3))).length).toBe(4);
  });
});

describe('the tones of a Chinese exchange', () => {
  it('busy is 450 Hz for 0.35 s, then silence for 0.35 s', () => {
    const samples = decodeMulaw(busyTone());
    expect(samples.length).toBe(0.7 * SAMPLES_PER_SECOND);
    expect(crossingsPerSecond(samples.subarray(0, 0.35 * SAMPLES_PER_SECOND)) / 2).toBeCloseTo(450, -1);
    expect(samples.subarray(0.35 * SAMPLES_PER_SECOND).every((sample) => sample === 0)).toBe(true);
  });

  it('rises and falls over 5 ms, without a click', () => {
    const samples = decodeMulaw(cadence(450, 0.1, 0));
    const loudest = (part: Int16Array): number => Math.max(...part.map(Math.abs));
    expect(loudest(samples.subarray(0, 4))).toBeLessThan(500);
    expect(loudest(samples.subarray(-4))).toBeLessThan(500);
    expect(loudest(samples)).toBeGreaterThan(7500);
  });

  it('silence is silent', () => {
    expect(decodeMulaw(silence(0.01)).every((sample) => sample === 0)).toBe(true);
  });
});
