/**
 * The sound of a station: one for the life of the page, so that what was chosen outlives a shift.
 *
 *   audioDevices ──which device──► microphone (every call gets its track), speaker, tones (progress tones there, the ringer on its own)
 *        ▲
 *   devicechange, a track that ended
 */
import { createMicrophone, type OwnMicrophone } from './audio.ts';
import { type AudioDevices, createAudioDevices } from './audioDevices.ts';
import { createMeter } from './levels.ts';
import { createTonePlayer, type OwnTonePlayer } from './localTones.ts';
import { createSpeaker, type OwnSpeaker } from './speaker.ts';

export type StationAudio = {
  microphone: OwnMicrophone;
  speaker: OwnSpeaker;
  tones: OwnTonePlayer;
  devices: AudioDevices;
  /** In the gesture of signing in: from here on the first ring of the day is heard. */
  unlock(): void;
  /** In any gesture: what the browser kept back is heard. Cheap, may be called with each key. */
  wake(): void;
  /** Something should be heard now and the browser keeps it back until a key or a click. */
  isBlocked(): boolean;
  /** It may have become so, or no longer be. */
  onBlocked(listener: () => void): void;
};

/** `media`: undefined in a page without devices. */
export function createStationAudio(
  media: MediaDevices | undefined,
  newContext: () => AudioContext = () => new AudioContext(),
): StationAudio {
  const devices = createAudioDevices(media);
  const tones = createTonePlayer(newContext);
  // The microphone's meter lasts for the shift and shares a context. A call's has one of its own, which ends with it: Chromium keeps what
  // listens to a stream, and the stream, for as long as the context runs (`npm run bench -- calls` counts them).
  const newMeter = (stream: MediaStream) => createMeter(stream, tones.contextOf('speaker'));
  const microphone = createMicrophone(media, () => devices.of('microphone').used.id, newMeter);
  const speaker = createSpeaker();

  const apply = () => {
    speaker.playOn(devices.of('speaker').used.id);
    tones.playOn('speaker', devices.of('speaker').used.id);
    tones.playOn('ringer', devices.of('ringer').used.id);
  };
  devices.onNews((role) => {
    if (role === 'microphone') microphone.change();
    else apply();
  });

  return {
    microphone: {
      ...microphone,
      async open() {
        await microphone.open();
        void devices.look(); // permitted now: the devices have names
      },
    },
    speaker,
    tones,
    devices: {
      ...devices,
      restore(chosen) {
        devices.restore(chosen);
        apply();
      },
    },
    unlock() {
      tones.unlock();
      speaker.unlock();
    },
    wake() {
      tones.wake();
      speaker.unlock();
    },
    isBlocked: () => speaker.isBlocked() || tones.isBlocked(),
    onBlocked(listener) {
      speaker.onBlocked(listener);
      tones.onState(listener);
    },
  };
}
