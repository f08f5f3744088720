import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Settings } from '#shared/bridge.ts';
import { createStationAudio } from '../../../renderer/phone/stationAudio.ts';
import type { Shift } from '../../../renderer/station/shift.ts';
import { createSoundDesk } from '../../../renderer/station/soundDesk.ts';
import { initialState } from '../../../renderer/station/state.ts';
import { fakeDevices, microphoneOf, settled, speakerOf } from '../phone/fakeDevices.ts';

const headset = [microphoneOf('h-in', 'Headset'), speakerOf('h-out', 'Headset')];
const builtIn = [microphoneOf('b-in', 'Built-in'), speakerOf('b-out', 'Built-in')];

async function desk(remembered: Settings = {}, plugged = [...builtIn, ...headset]) {
  const fake = fakeDevices(plugged);
  const state = initialState(0);
  const written: Settings[] = [];
  const waits: (() => void)[] = [];
  const contexts: (EventTarget & { state: string })[] = [];
  const audio = createStationAudio(fake.media, () => {
    const context = Object.assign(new EventTarget(), { state: 'suspended', resume: async () => undefined });
    contexts.push(context);
    return context as unknown as AudioContext; // as: nothing is played here
  });
  const sound = createSoundDesk({
    state,
    changed: () => undefined,
    notify: (notice) => {
      state.notices = [...state.notices.filter(({ id }) => id !== notice.id), { ...notice, takeBackUntil: null }];
    },
    audio,
    writeSettings: (settings) => written.push(settings),
    isCallUp: () => false,
    wait: (_ms, signal) =>
      new Promise((resolve) => {
        waits.push(resolve);
        signal.addEventListener('abort', () => resolve());
      }),
  });
  sound.restore(remembered);
  await settled();
  const row = (role: string) => state.devices.find((device) => device.role === role);
  const notices = () => state.notices.map(({ text }) => text.zh);
  return { fake, state, written, waits, audio, sound, row, notices };
}

beforeEach(() => {
  vi.stubGlobal('Audio', class {});
});
afterEach(() => vi.unstubAllGlobals());

describe('the sound devices', () => {
  it('what is chosen is kept by id and label, and used at once', async () => {
    const { sound, written, row, audio, notices } = await desk();
    sound.take({ type: 'device.chosen', role: 'ringer', id: 'b-out' });
    expect(written).toEqual([{ ringer: { id: 'b-out', label: 'Built-in' } }]);
    expect(row('ringer')).toMatchObject({ chosen: { id: 'b-out' }, used: 'Built-in', note: null });
    expect(audio.devices.of('speaker').used.id).toBe('');
    sound.take({ type: 'device.chosen', role: 'ringer', id: null });
    expect(written.at(-1)).toEqual({ ringer: null });
    expect(notices()).toEqual([]);
  });

  it('a headset that falls out and comes back is said each time, with what is used instead', async () => {
    const chosen = { microphone: { id: 'h-in', label: 'Headset' } };
    const { fake, row, notices } = await desk(chosen);
    expect(notices()).toEqual([]);
    await fake.plug(...builtIn);
    expect(notices()).toEqual(['「Headset」没有插上，麦克风改用系统默认（Built-in）；插回后自动换回。']);
    expect(row('microphone')?.note?.tone).toBe('warning');
    await fake.plug(...builtIn, ...headset);
    expect(notices()).toEqual(['「Headset」已接回，麦克风已换回。']);
    expect(row('microphone')?.note).toBeNull();
  });

  it('the microphone that calls use follows the headset out and in again', async () => {
    const { fake, audio } = await desk({ microphone: { id: 'h-in', label: 'Headset' } });
    await audio.microphone.open();
    expect(fake.live()).toEqual(['h-in']);
    await fake.plug(...builtIn);
    fake.tracks[0]!.pullOut();
    await settled();
    expect(fake.live()).toEqual(['b-in']);
    await fake.plug(...builtIn, ...headset);
    await settled();
    expect(fake.live()).toEqual(['h-in']);
  });

  it('a lost microphone is said until there is one again', async () => {
    const { fake, audio, notices } = await desk({}, [...headset]);
    await audio.microphone.open();
    await fake.plug();
    fake.tracks[0]!.pullOut();
    await settled();
    expect(notices().join()).toContain('没有找到麦克风');
    await fake.plug(...builtIn);
    await settled();
    expect(notices().join()).not.toContain('没有找到麦克风');
    expect(fake.live()).toEqual(['b-in']);
  });

  it('outside of a shift the microphone is open only while the settings are', async () => {
    const { fake, state, sound, audio } = await desk();
    state.dialog = { type: 'settings' };
    sound.look();
    await settled();
    expect(fake.live()).toEqual(['b-in']);
    state.dialog = null;
    sound.look();
    expect(fake.live()).toEqual([]);
    // Within a shift it is the phone's.
    state.shift = {} as Shift; // as: only looked at whether it is there
    await audio.microphone.open();
    state.dialog = { type: 'settings' };
    sound.look();
    state.dialog = null;
    sound.look();
    await settled();
    expect(fake.live()).toEqual(['b-in']);
  });

  it('a call that rings while the speaker is tried out goes on ringing after it; a second press stops the tone', async () => {
    const { sound, audio, row, waits } = await desk();
    const heard: string[] = [];
    audio.tones.play = (tone) => heard.push(tone);
    audio.tones.stop = () => heard.push('stop');
    sound.take({ type: 'device.tested', role: 'speaker' });
    audio.tones.play('ringer');
    waits.pop()?.();
    await settled();
    expect(row('speaker')?.test).toBe('idle');
    expect(heard).toEqual(['test', 'ringer']);
    sound.take({ type: 'device.tested', role: 'speaker' });
    sound.take({ type: 'device.tested', role: 'speaker' });
    await settled();
    expect(heard.slice(2)).toEqual(['test', 'stop']);
  });

  it('a test that cannot be done says why', async () => {
    const { fake, sound, row } = await desk();
    fake.state.refuse = 'NotAllowedError';
    sound.take({ type: 'device.tested', role: 'microphone' });
    await settled();
    expect(row('microphone')).toMatchObject({
      test: 'idle',
      found: { tone: 'bad', text: { zh: expect.stringContaining('禁止') } },
    });
  });
});
