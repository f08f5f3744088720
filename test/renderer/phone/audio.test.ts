import { afterEach, describe, expect, it, vi } from 'vitest';
import { createMicrophone } from '../../../renderer/phone/audio.ts';
import { loudness } from '../../../renderer/phone/levels.ts';

class Track {
  readyState: 'live' | 'ended' = 'live';
  clones: Track[] = [];
  stop() {
    this.readyState = 'ended';
  }
  clone() {
    const copy = new Track();
    this.clones.push(copy);
    return copy;
  }
}

function devices(result: () => Promise<unknown> = async () => undefined) {
  const tracks: Track[] = [];
  const getUserMedia = vi.fn(async () => {
    await result();
    const track = new Track();
    tracks.push(track);
    return { getAudioTracks: () => [track], getTracks: () => [track] };
  });
  return { tracks, getUserMedia, devices: { getUserMedia } as unknown as MediaDevices }; // as: the one member used is there
}

afterEach(() => vi.unstubAllGlobals());

describe('the microphone', () => {
  it('is opened once for the shift, and each call has a track of its own', async () => {
    const fake = devices();
    const microphone = createMicrophone(fake.devices);
    await Promise.all([microphone.open(), microphone.open()]);
    const [first, second] = [await microphone.track(), await microphone.track()];
    expect(fake.getUserMedia).toHaveBeenCalledTimes(1);
    expect(first).not.toBe(second);
    first.stop();
    expect(second.readyState).toBe('live');
    expect(fake.tracks[0]?.readyState).toBe('live');
  });

  it('that was unplugged is opened again at the next dial', async () => {
    const fake = devices();
    const microphone = createMicrophone(fake.devices);
    await microphone.open();
    fake.tracks[0]!.stop();
    await microphone.track();
    expect(fake.getUserMedia).toHaveBeenCalledTimes(2);
  });

  it('is released at sign-out, also when it was just being opened', async () => {
    const fake = devices();
    const microphone = createMicrophone(fake.devices);
    const opening = expect(microphone.open()).rejects.toMatchObject({ code: 'NO_MICROPHONE' });
    microphone.release();
    await opening;
    expect(fake.tracks[0]?.readyState).toBe('ended');
    expect(microphone.level()).toBe(0);
  });

  it.each([
    ['NotAllowedError', 'MICROPHONE_DENIED'],
    ['SecurityError', 'MICROPHONE_DENIED'],
    ['NotFoundError', 'NO_MICROPHONE'],
    ['NotReadableError', 'NO_MICROPHONE'],
  ])('%s is %s, and the next dial tries again', async (name, code) => {
    const fake = devices(() => Promise.reject(Object.assign(new Error(name), { name })));
    const microphone = createMicrophone(fake.devices);
    await expect(microphone.track()).rejects.toMatchObject({
      code,
      sentence: { zh: expect.stringContaining('麦克风') },
    });
    await expect(microphone.track()).rejects.toMatchObject({ code });
    expect(fake.getUserMedia).toHaveBeenCalledTimes(2);
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
