/**
 * The tones of a Chinese exchange (GB/T 3380): everything is 450 Hz, only the rhythm tells them apart.
 * All audio in this room is mu-law at 8000 bytes a second; 160 bytes are one packet of 20 ms.
 */
import { encodeSample } from './mulaw.ts';

export type Audio = Uint8Array;
export const SAMPLES_PER_SECOND = 8000;
export const FRAME_SAMPLES = 160;

const EDGE_SECONDS = 0.005;
const LOUDNESS = 8000;

/** Digital silence of some seconds (0 or more). */
export const silence = (seconds: number): Audio => new Uint8Array(Math.round(seconds * SAMPLES_PER_SECOND)).fill(0xff);
export const SILENT_FRAME: Audio = new Uint8Array(FRAME_SAMPLES).fill(0xff);

/**
 * A tone that is on and then off, once. Rising and falling over 5 ms, or the ear hears clicks.
 * @param hertz 300–3400
 * @param onSeconds, offSeconds 0 or more
 */
export function cadence(hertz: number, onSeconds: number, offSeconds: number): Audio {
  const total = Math.round((onSeconds + offSeconds) * SAMPLES_PER_SECOND);
  return Uint8Array.from({ length: total }, (_, i) => {
    const t = i / SAMPLES_PER_SECOND;
    if (t >= onSeconds) return 0xff;
    const edge = Math.min(1, t / EDGE_SECONDS, (onSeconds - t) / EDGE_SECONDS);
    const envelope = 0.5 - 0.5 * Math.cos(Math.PI * edge);
    return encodeSample(Math.round(LOUDNESS * envelope * Math.sin(2 * Math.PI * hertz * t)));
  });
}

/** 忙音: 0.35 s on, 0.35 s off. */
export const busyTone = (): Audio => cadence(450, 0.35, 0.35);
