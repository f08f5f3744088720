/** How loud something is now: for meters, and for the checks that listen. */

export type Meter = { level(): number; close(): void };

/**
 * Root mean square of samples as a level 0..1 on a scale of decibels: 0 at -60 dBFS and below, 1 at 0 dBFS.
 */
export function loudness(samples: ArrayLike<number>): number {
  return Math.min(1, Math.max(0, (decibelsOf(samples) + 60) / 60));
}

/** Root mean square of samples, dBFS; -120 for digital silence and for no samples. */
export function decibelsOf(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < samples.length; index++) sum += (samples[index] ?? 0) ** 2;
  return 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-12);
}

/** 85 ms at 48 kHz: whoever looks ten times a second misses 15 ms at most, and no rhythm of the sound can hide between two looks. */
const windowSamples = 4096;

/**
 * Measures a stream without playing it. While the browser keeps sound back (no gesture yet) the level is 0. Without a context to share it has
 * one of its own: close it, a page may have only a few.
 */
export function createMeter(
  stream: MediaStream,
  shared?: AudioContext,
): Meter & { decibels(): number; running(): boolean } {
  const context = shared ?? new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = windowSamples;
  const source = context.createMediaStreamSource(stream);
  source.connect(analyser);
  const samples = new Float32Array(new ArrayBuffer(analyser.fftSize * 4));
  const read = () => {
    if (context.state === 'suspended') void context.resume().catch(() => undefined);
    analyser.getFloatTimeDomainData(samples);
    return samples;
  };
  return {
    level: () => loudness(read()),
    decibels: () => decibelsOf(read()),
    running: () => context.state === 'running',
    close() {
      if (shared) source.disconnect();
      else void context.close().catch(() => undefined);
    },
  };
}
