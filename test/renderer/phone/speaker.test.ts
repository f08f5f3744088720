import { describe, expect, it } from 'vitest';
import { createSpeaker } from '../../../renderer/phone/speaker.ts';
import { settled } from './fakeDevices.ts';

class FakeElement {
  autoplay = false;
  srcObject: unknown = null;
  sinks: string[] = [];
  paused = true;
  constructor(private readonly room: { blocked: boolean; gone: string[] }) {}
  async setSinkId(id: string) {
    if (this.room.gone.includes(id)) throw new DOMException('gone', 'NotFoundError');
    this.sinks.push(id);
  }
  async play() {
    if (this.room.blocked) throw new DOMException('no gesture', 'NotAllowedError');
    this.paused = false;
  }
  pause() {
    this.paused = true;
  }
}

function room() {
  const state = { blocked: false, gone: [] as string[], clock: 0, meters: 0 };
  const elements: FakeElement[] = [];
  const speaker = createSpeaker(
    () => {
      const element = new FakeElement(state);
      elements.push(element);
      return element as unknown as HTMLAudioElement; // as: the members used are there
    },
    () => {
      state.meters += 1;
      return { level: () => 0.5, close: () => (state.meters -= 1) };
    },
    () => state.clock,
  );
  return { state, elements, speaker };
}
/** as: of a stream only its tracks are asked for. */
const streamOf = (tracks: unknown[]) => ({ getAudioTracks: () => tracks }) as unknown as MediaStream;
const stream = streamOf(['voice']);

describe('the speaker', () => {
  it('moves what plays to another device, and later calls begin there', async () => {
    const { speaker, elements } = room();
    speaker.play(stream);
    speaker.playOn('headset');
    speaker.play(stream);
    await settled();
    expect(elements.map(({ sinks }) => sinks)).toEqual([['headset'], ['headset']]);
    speaker.playOn('');
    expect(elements.map(({ sinks }) => sinks.at(-1))).toEqual(['', '']);
  });

  it('falls back to the default when the device is gone', async () => {
    const { speaker, elements, state } = room();
    state.gone = ['headset'];
    speaker.playOn('headset');
    speaker.play(stream);
    await settled();
    expect(elements[0]?.sinks).toEqual(['']);
  });

  it('says when the browser holds the sound back, and starts it with the next gesture', async () => {
    const { speaker, elements, state } = room();
    const told: boolean[] = [];
    speaker.onBlocked((blocked) => told.push(blocked));
    state.blocked = true;
    speaker.play(stream);
    await settled();
    expect(speaker.isBlocked()).toBe(true);
    state.blocked = false;
    speaker.unlock();
    await settled();
    expect(elements[0]?.paused).toBe(false);
    expect(told).toEqual([true, false]);
  });

  it('a call that ends while it is held back leaves nothing held back', async () => {
    const { speaker, state } = room();
    state.blocked = true;
    const stop = speaker.play(stream);
    await settled();
    stop();
    expect(speaker.isBlocked()).toBe(false);
  });

  it('tells how loud the far side is, and silence once the call is over', () => {
    const { speaker, state } = room();
    expect(speaker.level()).toBe(0);
    const stop = speaker.play(stream);
    expect(speaker.level()).toBe(0); // the first voice has other things to do
    expect(state.meters).toBe(0);
    state.clock = 300;
    expect(speaker.level()).toBe(0.5);
    stop();
    expect(speaker.level()).toBe(0);
    expect(state.meters).toBe(0);
  });

  it('measures the others while one sends nothing yet, as on hold, and that one once it sends', () => {
    const { speaker, state } = room();
    const tracks: unknown[] = [];
    speaker.play(streamOf(tracks));
    speaker.play(stream);
    state.clock = 300;
    expect(speaker.level()).toBe(0.5);
    expect(state.meters).toBe(1);
    tracks.push('voice');
    speaker.level();
    expect(state.meters).toBe(2);
  });
});
