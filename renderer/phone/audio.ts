/**
 * The microphone of the station.
 *
 *   closed ──open()──► open ──release()──► closed          nobody signed in: nothing is held open
 *                      │  ▲
 *        change(), or   │  │ the wanted device, else the system's default ─► onReplaced: every call gets a track of it
 *        its track ended└──┘ nothing there ─► onLost, and the next use tries again
 *
 * It is opened once (at sign-in) and kept for the shift: opening takes 50 to 300 ms that a dial must not wait for, and a microphone opened
 * per call is the one that gets lost between calls. Every call gets a track of its own (a clone), so that muting or ending one call cannot
 * touch another.
 */
import { Problem } from '#shared/problem.ts';
import { createMeter, type Meter } from './levels.ts';
import { phoneProblem } from './phoneProblems.ts';

export type Microphone = {
  /** Rejects with NO_MICROPHONE or MICROPHONE_DENIED. */
  open(): Promise<void>;
  /** A track for one call; stop it when the call ends. Rejects as `open`. */
  track(): Promise<MediaStreamTrack>;
  /** 0..1, now. */
  level(): number;
  /** Another device took over while it was open; a track from now on is of that. Returns the function that ends the subscription. */
  onReplaced(listener: () => void): () => void;
  release(): void;
};

/** What the owner of the devices drives beside it. */
export type OwnMicrophone = Microphone & {
  isOpen(): boolean;
  /** Another device is wanted; nothing happens while it is closed. */
  change(): void;
  /** It ended and no other could be opened. */
  onLost(listener: (problem: Problem) => void): () => void;
};

export type Speaker = {
  /** Plays a stream until the returned function is called. */
  play(stream: MediaStream): () => void;
};

export type Devices = Pick<MediaDevices, 'getUserMedia'> | undefined;

/** Errors of `getUserMedia` that say: not this device. */
const notThisDevice = new Set(['OverconstrainedError', 'NotFoundError', 'NotReadableError', 'AbortError']);
const nameOf = (error: unknown) => (error instanceof Error || error instanceof DOMException ? error.name : '');

/** `wanted`: id of the device at this moment, '' for the system's default, which is also taken when that one cannot be had. */
export function createMicrophone(
  devices: Devices,
  wanted: () => string = () => '',
  newMeter: (stream: MediaStream) => Meter = createMeter,
): OwnMicrophone {
  let stream: MediaStream | undefined;
  /** Its track said it ended; a page cannot always see that on the track itself. */
  let gone: MediaStream | undefined;
  let opening: Promise<MediaStream> | undefined;
  let meter: Meter | undefined;
  let generation = 0;
  let isWanted = false;
  let changing: 'no' | 'yes' | 'again' = 'no';
  const replaced = new Set<() => void>();
  const lost = new Set<(problem: Problem) => void>();

  const live = () =>
    stream === gone ? undefined : stream?.getAudioTracks().find((track) => track.readyState === 'live');

  const request = async (): Promise<MediaStream> => {
    if (!devices) throw phoneProblem('NO_MICROPHONE');
    const ask = (device: string) =>
      devices.getUserMedia({
        audio: {
          echoCancellation: true,
          noiseSuppression: true,
          autoGainControl: true,
          ...(device === '' ? {} : { deviceId: { exact: device } }),
        },
        video: false,
      });
    const device = wanted();
    try {
      return await ask(device).catch((error: unknown) => {
        if (device !== '' && notThisDevice.has(nameOf(error))) return ask('');
        throw error;
      });
    } catch (error) {
      const denied = nameOf(error) === 'NotAllowedError' || nameOf(error) === 'SecurityError';
      throw phoneProblem(denied ? 'MICROPHONE_DENIED' : 'NO_MICROPHONE', error);
    }
  };

  /** A stream that was asked for in another life is never left open. */
  const requestNow = async (): Promise<MediaStream> => {
    const mine = generation;
    const opened = await request();
    if (mine === generation) return opened;
    for (const track of opened.getTracks()) track.stop();
    throw phoneProblem('NO_MICROPHONE');
  };

  const take = (opened: MediaStream) => {
    closeMeter();
    stream = opened;
    for (const track of opened.getAudioTracks())
      track.addEventListener('ended', () => {
        if (stream !== opened) return;
        gone = opened;
        void change();
      });
  };

  const openStream = async (): Promise<MediaStream> => {
    isWanted = true;
    if (stream && live()) return stream;
    opening ??= requestNow().finally(() => {
      opening = undefined;
    });
    const opened = await opening;
    if (stream !== opened) take(opened);
    return opened;
  };

  const closeMeter = () => {
    meter?.close();
    meter = undefined;
  };

  const changeOnce = async () => {
    try {
      const opened = await requestNow();
      const before = stream;
      take(opened);
      for (const listener of [...replaced]) listener();
      for (const track of before?.getTracks() ?? []) track.stop();
    } catch (error) {
      // What still speaks goes on speaking.
      if (isWanted && !live() && error instanceof Problem) for (const listener of [...lost]) listener(error);
    }
  };

  /** One after the other: two headsets that come and go within a moment must not end with the first one. */
  const change = async () => {
    if (!isWanted) return;
    if (changing !== 'no') {
      changing = 'again';
      return;
    }
    do {
      changing = 'yes';
      await opening?.catch(() => undefined);
      if (isWanted) await changeOnce();
    } while (isAgain());
    changing = 'no';
  };
  const isAgain = () => changing === 'again' && isWanted;

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
      meter ??= newMeter(stream);
      return meter.level();
    },
    isOpen: () => isWanted,
    change: () => void change(),
    onReplaced(listener) {
      replaced.add(listener);
      return () => replaced.delete(listener);
    },
    onLost(listener) {
      lost.add(listener);
      return () => lost.delete(listener);
    },
    release() {
      generation += 1;
      isWanted = false;
      closeMeter();
      for (const track of stream?.getTracks() ?? []) track.stop();
      stream = undefined;
      gone = undefined;
    },
  };
}

/** A sentence for whoever looks at the failure of a device. */
export const sentenceOf = (error: unknown) => (error instanceof Problem ? error.sentence : undefined);
