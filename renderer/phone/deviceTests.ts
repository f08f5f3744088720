/** Trying a device out: listening for a moment, recording and playing back. Nothing of it is kept or sent. */
import { createMeter, decibelsOf } from './levels.ts';

/**
 * Listens for at most `ms` and returns the loudest level, dBFS; ends early once something was heard. What the browser does for calls (noise
 * suppression) is off: it would make a quiet room look like a dead microphone. null: the browser gives no samples yet (no gesture).
 * Rejects as `getUserMedia`. The microphone is closed afterwards, whatever happens.
 */
export async function listenFor(
  media: Pick<MediaDevices, 'getUserMedia'>,
  device: string,
  ms: number,
  wait: (ms: number) => Promise<void>,
): Promise<number | null> {
  const stream = await media.getUserMedia({
    audio: {
      echoCancellation: false,
      noiseSuppression: false,
      autoGainControl: false,
      ...(device === '' ? {} : { deviceId: { ideal: device } }),
    },
  });
  const meter = createMeter(stream);
  try {
    let loudest = Number.NEGATIVE_INFINITY;
    for (let waited = 0; waited < ms && loudest < heardDecibels; waited += lookEveryMs) {
      await wait(lookEveryMs);
      loudest = Math.max(loudest, meter.decibels());
    }
    return meter.running() ? loudest : null;
  } finally {
    meter.close();
    for (const track of stream.getTracks()) track.stop();
  }
}

const lookEveryMs = 50;
/** Louder than a room: somebody speaks, or something plays. */
export const heardDecibels = -40;
/** Below this not even a quiet room is heard: the microphone is muted on the headset, or dead. */
export const deadDecibels = -75;

/** Records a track for `ms`. Stops the track. */
export async function record(track: MediaStreamTrack, ms: number, signal: AbortSignal): Promise<Blob> {
  const recorder = new MediaRecorder(new MediaStream([track]));
  const parts: Blob[] = [];
  try {
    return await new Promise((resolve, reject) => {
      recorder.ondataavailable = ({ data }) => parts.push(data);
      recorder.onstop = () => resolve(new Blob(parts, { type: recorder.mimeType }));
      recorder.onerror = () => reject(new Error('the recorder failed'));
      const stop = () => {
        clearTimeout(timer);
        if (recorder.state !== 'inactive') recorder.stop();
      };
      const timer = setTimeout(stop, ms);
      signal.addEventListener('abort', stop, { once: true });
      recorder.start();
    });
  } finally {
    track.stop();
  }
}

/** Plays a recording, and tells how loud it was (dBFS, the loudest tenth of a second). `playing` resolves at its end. */
export async function playBack(
  recording: Blob,
  context: AudioContext,
  signal: AbortSignal,
): Promise<{ decibels: number; playing: Promise<void> }> {
  const sound = await context.decodeAudioData(await recording.arrayBuffer());
  const samples = sound.getChannelData(0);
  const length = Math.max(1, Math.round(sound.sampleRate / 10));
  let decibels = Number.NEGATIVE_INFINITY;
  for (let from = 0; from < samples.length; from += length)
    decibels = Math.max(decibels, decibelsOf(samples.subarray(from, from + length)));
  const source = new AudioBufferSourceNode(context, { buffer: sound });
  source.connect(context.destination);
  const playing = new Promise<void>((resolve) => {
    source.onended = () => resolve();
    signal.addEventListener('abort', () => source.stop(), { once: true });
  });
  source.start();
  if (signal.aborted) source.stop();
  return { decibels, playing };
}
