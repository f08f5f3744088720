/**
 * The loudspeaker (or headset) the far side is heard with. It can be another one in mid-call (`setSinkId`), nothing is renegotiated.
 *
 * A page nobody has touched yet may not make a sound: `play` is refused then. That is said (`onBlocked`), and tried again with the next key
 * or click, which the caller passes on as `unlock`.
 */
import type { Speaker } from './audio.ts';
import { createMeter, type Meter } from './levels.ts';

export type OwnSpeaker = Speaker & {
  /** Loudness 0..1 of what the far side says now; 0 when nothing is played, and in the first 0.3 s of it. */
  level(): number;
  /** From now on; '' is the system's default. What plays moves over. */
  playOn(id: string): void;
  /** In a person's gesture: starts what the browser kept back. */
  unlock(): void;
  isBlocked(): boolean;
  onBlocked(listener: (blocked: boolean) => void): () => void;
};

type Playing = {
  element: HTMLAudioElement;
  stream: MediaStream;
  since: number;
  meter: Meter | undefined;
  blocked: boolean;
};

/** A meter has a context of its own: making one can wait until the first voice is heard, ms. */
const measuredFrom = 300;

/** `newElement`, `newMeter` and `now` (ms, of a clock that does not jump) are replaced by tests. */
export function createSpeaker(
  newElement: () => HTMLAudioElement = () => new Audio(),
  newMeter: (stream: MediaStream) => Meter = createMeter,
  now: () => number = () => performance.now(),
): OwnSpeaker {
  const playing = new Set<Playing>();
  const listeners = new Set<(blocked: boolean) => void>();
  let device = '';
  let told = false;

  const isBlocked = () => [...playing].some(({ blocked }) => blocked);
  const tell = () => {
    if (isBlocked() === told) return;
    told = !told;
    for (const listener of [...listeners]) listener(told);
  };
  const sinkTo = (element: HTMLAudioElement) => {
    // Gone meanwhile: the default plays, and whoever watches the devices says so.
    if ('setSinkId' in element)
      void element.setSinkId(device).catch(() => element.setSinkId('').catch(() => undefined));
  };
  const start = async (one: Playing) => {
    try {
      await one.element.play();
      one.blocked = false;
    } catch (error) {
      one.blocked = error instanceof DOMException && error.name === 'NotAllowedError'; // an AbortError: it was stopped meanwhile
    }
    tell();
  };

  return {
    play(stream) {
      const one: Playing = { element: newElement(), stream, since: now(), meter: undefined, blocked: false };
      one.element.autoplay = true;
      one.element.srcObject = stream;
      if (device !== '') sinkTo(one.element);
      playing.add(one);
      void start(one);
      return () => {
        playing.delete(one);
        one.element.pause();
        one.element.srcObject = null;
        one.meter?.close();
        tell();
      };
    },
    level() {
      let loudest = 0;
      for (const one of playing) {
        if (!one.meter && now() - one.since < measuredFrom) continue;
        if (!one.meter && one.stream.getAudioTracks().length === 0) continue; // held, or not sent yet: a meter would refuse it
        one.meter ??= newMeter(one.stream);
        loudest = Math.max(loudest, one.meter.level());
      }
      return loudest;
    },
    playOn(id) {
      if (id === device) return;
      device = id;
      for (const { element } of playing) sinkTo(element);
    },
    unlock() {
      for (const one of playing) if (one.blocked) void start(one);
    },
    isBlocked,
    onBlocked(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
