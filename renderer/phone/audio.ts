/**
 * Microphone and speaker of the station.
 *
 * The microphone is opened once (at sign-in) and kept for the shift: opening takes 50 to 300 ms that a dial must not wait for, and a microphone
 * opened per call is the one that gets lost between calls. Every call gets a track of its own (a clone), so that muting or ending one
 * call cannot touch another. Signing out releases it; an unplugged one is noticed at the next use.
 */
import { Problem } from '#shared/problem.ts';
import { phoneProblem } from './phoneProblems.ts';

export type Microphone = {
  /** Rejects with NO_MICROPHONE or MICROPHONE_DENIED. */
  open(): Promise<void>;
  /** A track for one call; stop it when the call ends. Rejects as `open`. */
  track(): Promise<MediaStreamTrack>;
  /** 0..1, now. */
  level(): number;
  release(): void;
};

export type Speaker = {
  /** Plays a stream until the returned function is called. */
  play(stream: MediaStream): () => void;
};

export type Devices = Pick<MediaDevices, 'getUserMedia'> | undefined;

/** `device`: id of the wanted microphone; another is taken when it is not there. */
export function createMicrophone(devices: Devices, device?: string): Microphone {
  let stream: MediaStream | undefined;
  let opening: Promise<MediaStream> | undefined;
  let meter: { context: AudioContext; analyser: AnalyserNode; samples: Float32Array<ArrayBuffer> } | undefined;
  let generation = 0;

  const live = () => stream?.getAudioTracks().find((track) => track.readyState === 'live');

  const request = async (): Promise<MediaStream> => {
    if (!devices) throw phoneProblem('NO_MICROPHONE');
    try {
      return await devices.getUserMedia({
        audio: {
          echoCancellation: true,
          noiseSuppression: true,
          autoGainControl: true,
          ...(device ? { deviceId: { ideal: device } } : {}),
        },
        video: false,
      });
    } catch (error) {
      const denied = error instanceof Error && (error.name === 'NotAllowedError' || error.name === 'SecurityError');
      throw phoneProblem(denied ? 'MICROPHONE_DENIED' : 'NO_MICROPHONE', error);
    }
  };

  const openStream = async (): Promise<MediaStream> => {
    if (stream && live()) return stream;
    const mine = generation;
    opening ??= request().finally(() => {
      opening = undefined;
    });
    const opened = await opening;
    if (mine !== generation) {
      for (const track of opened.getTracks()) track.stop(); // signed out meanwhile: never left open
      throw phoneProblem('NO_MICROPHONE');
    }
    if (stream !== opened) closeMeter();
    stream = opened;
    return opened;
  };

  const closeMeter = () => {
    void meter?.context.close().catch(() => undefined);
    meter = undefined;
  };

  const openMeter = (source: MediaStream) => {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    context.createMediaStreamSource(source).connect(analyser);
    return { context, analyser, samples: new Float32Array(new ArrayBuffer(analyser.fftSize * 4)) };
  };

  return {
    async open() {
      await openStream();
    },
    async track() {
      const track = (await openStream()).getAudioTracks()[0];
      if (!track) throw phoneProblem('NO_MICROPHONE');
      return track.clone();
    },
    level() {
      if (!stream || !live()) return 0;
      meter ??= openMeter(stream);
      if (meter.context.state === 'suspended') void meter.context.resume().catch(() => undefined);
      meter.analyser.getFloatTimeDomainData(meter.samples);
      return loudness(meter.samples);
    },
    release() {
      generation += 1;
      closeMeter();
      for (const track of stream?.getTracks() ?? []) track.stop();
      stream = undefined;
    },
  };
}

/** Root mean square of samples as a level 0..1 on a scale of decibels: 0 at -60 dBFS and below, 1 at 0 dBFS. */
export function loudness(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < samples.length; index++) sum += (samples[index] ?? 0) ** 2;
  const decibels = 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-12);
  return Math.min(1, Math.max(0, (decibels + 60) / 60));
}

/** `device`: id of the wanted loudspeaker; the default one when it is not there. */
export function createSpeaker(device?: string): Speaker {
  return {
    play(stream) {
      const element = new Audio();
      element.autoplay = true;
      element.srcObject = stream;
      if (device && 'setSinkId' in element) void element.setSinkId(device).catch(() => undefined); // gone: the default plays
      void element.play().catch(() => undefined); // no gesture yet: `autoplay` starts it with the first one
      return () => {
        element.pause();
        element.srcObject = null;
      };
    },
  };
}

/** A sentence for whoever looks at the failure of a device. */
export const sentenceOf = (error: unknown) => (error instanceof Problem ? error.sentence : undefined);
