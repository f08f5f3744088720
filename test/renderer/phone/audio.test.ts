import { describe, expect, it } from 'vitest';
import { createMicrophone } from '../../../renderer/phone/audio.ts';
import { loudness } from '../../../renderer/phone/levels.ts';
import { fakeDevices, microphoneOf, settled } from './fakeDevices.ts';

const headset = microphoneOf('headset');
const builtIn = microphoneOf('builtIn');

describe('the microphone', () => {
  it('is opened once for the shift, and each call has a track of its own', async () => {
    const fake = fakeDevices([builtIn]);
    const microphone = createMicrophone(fake.media);
    await Promise.all([microphone.open(), microphone.open()]);
    const [first, second] = [await microphone.track(), await microphone.track()];
    expect(fake.asked).toEqual(['']);
    expect(first).not.toBe(second);
    first.stop();
    expect(second.readyState).toBe('live');
    expect(fake.live()).toEqual(['builtIn']);
  });

  it('is released at sign-out, also when it was just being opened', async () => {
    const fake = fakeDevices([builtIn]);
    const microphone = createMicrophone(fake.media);
    const opening = expect(microphone.open()).rejects.toMatchObject({ code: 'NO_MICROPHONE' });
    microphone.release();
    await opening;
    expect(fake.live()).toEqual([]);
    expect(microphone.level()).toBe(0);
  });

  it('is never opened by a change of devices while nobody is signed in', async () => {
    const fake = fakeDevices([builtIn]);
    const microphone = createMicrophone(fake.media);
    microphone.change();
    await settled();
    await microphone.open();
    microphone.release();
    microphone.change();
    fake.tracks[0]!.pullOut();
    await settled();
    expect(fake.asked).toEqual(['']);
    expect(fake.live()).toEqual([]);
  });

  it('that is signed out of in the middle of a change is not left open', async () => {
    const fake = fakeDevices([builtIn, headset]);
    let wanted = '';
    const microphone = createMicrophone(fake.media, () => wanted);
    await microphone.open();
    wanted = 'headset';
    microphone.change();
    microphone.release();
    await settled();
    expect(fake.live()).toEqual([]);
  });

  it('changes to another device while calls run: they are told, and the old one is closed', async () => {
    const fake = fakeDevices([builtIn, headset]);
    let wanted = '';
    const microphone = createMicrophone(fake.media, () => wanted);
    await microphone.open();
    let told = 0;
    microphone.onReplaced(() => {
      told += 1;
    });
    wanted = 'headset';
    microphone.change();
    await settled();
    expect(told).toBe(1);
    expect(fake.live()).toEqual(['headset']);
    expect(await microphone.track()).toMatchObject({ device: 'headset' });
  });

  it('that was pulled out gives way to the system’s default at once, and nobody need dial for that', async () => {
    const fake = fakeDevices([builtIn, headset]);
    const microphone = createMicrophone(fake.media, () => 'headset');
    await microphone.open();
    const told: string[] = [];
    microphone.onReplaced(() => told.push('replaced'));
    fake.state.devices = [builtIn];
    fake.tracks[0]!.pullOut();
    await settled();
    expect(told).toEqual(['replaced']);
    expect(fake.asked).toEqual(['headset', 'headset', '']);
    expect(fake.live()).toEqual(['builtIn']);
  });

  it('that was the only one is said to be lost, and the next dial tries again', async () => {
    const fake = fakeDevices([headset]);
    const microphone = createMicrophone(fake.media);
    await microphone.open();
    const lost: string[] = [];
    microphone.onLost(({ code }) => lost.push(code));
    fake.state.devices = [];
    fake.tracks[0]!.pullOut();
    await settled();
    expect(lost).toEqual(['NO_MICROPHONE']);
    await expect(microphone.track()).rejects.toMatchObject({ code: 'NO_MICROPHONE' });
    fake.state.devices = [headset];
    expect(await microphone.track()).toMatchObject({ device: 'headset' });
  });

  it('goes on speaking when another cannot be opened', async () => {
    const fake = fakeDevices([builtIn, headset]);
    const microphone = createMicrophone(fake.media);
    await microphone.open();
    const lost: unknown[] = [];
    microphone.onLost((problem) => lost.push(problem));
    fake.state.refuse = 'NotReadableError';
    microphone.change();
    await settled();
    expect(lost).toEqual([]);
    expect(fake.live()).toEqual(['builtIn']);
  });

  it('ends with the last wish when two changes come within a moment', async () => {
    const fake = fakeDevices([builtIn, headset]);
    let wanted = 'builtIn';
    const microphone = createMicrophone(fake.media, () => wanted);
    await microphone.open();
    wanted = 'headset';
    microphone.change();
    wanted = 'builtIn';
    microphone.change();
    wanted = 'headset';
    microphone.change();
    await settled();
    expect(fake.live()).toEqual(['headset']);
  });

  it.each([
    ['NotAllowedError', 'MICROPHONE_DENIED'],
    ['SecurityError', 'MICROPHONE_DENIED'],
    ['NotFoundError', 'NO_MICROPHONE'],
    ['NotReadableError', 'NO_MICROPHONE'],
  ])('%s is %s, and the next dial tries again', async (name, code) => {
    const fake = fakeDevices([builtIn]);
    fake.state.refuse = name;
    const microphone = createMicrophone(fake.media);
    await expect(microphone.track()).rejects.toMatchObject({
      code,
      sentence: { zh: expect.stringContaining('麦克风') },
    });
    await expect(microphone.track()).rejects.toMatchObject({ code });
    expect(fake.asked).toHaveLength(2);
  });

  it('does not exist in a page without media devices', async () => {
    await expect(createMicrophone(undefined).open()).rejects.toMatchObject({ code: 'NO_MICROPHONE' });
  });
});

it('loudness goes from silence at 0 to full scale at 1', () => {
  expect(loudness(new Float32Array(100))).toBe(0);
  expect(loudness(new Float32Array(100).fill(1))).toBeCloseTo(1, 5);
  expect(loudness(new Float32Array(100).fill(0.01))).toBeCloseTo(1 / 3, 2);
  expect(loudness([])).toBe(0);
});
