import { describe, expect, it } from 'vitest';
import { createAudioDevices } from '../../../renderer/phone/audioDevices.ts';
import { fakeDevices, microphoneOf, speakerOf } from './fakeDevices.ts';

const headset = [microphoneOf('h-in', 'Headset'), speakerOf('h-out', 'Headset')];
const builtIn = [microphoneOf('b-in', 'Built-in'), speakerOf('b-out', 'Built-in')];

async function watched(...plugged: ReturnType<typeof microphoneOf>[]) {
  const fake = fakeDevices(plugged);
  const devices = createAudioDevices(fake.media);
  const news: string[] = [];
  devices.onNews((role, what) => news.push(`${role} ${what}`));
  return { fake, devices, news };
}

describe('the devices', () => {
  it('are listed without the entries that only mean the default', async () => {
    const { devices } = await watched(...builtIn, ...headset);
    await devices.look();
    expect(devices.of('speaker')).toMatchObject({
      devices: [
        { id: 'b-out', label: 'Built-in' },
        { id: 'h-out', label: 'Headset' },
      ],
      chosen: null,
      used: { id: '', label: 'Built-in' },
      away: false,
    });
  });

  it('each role is chosen by itself', async () => {
    const { devices, news } = await watched(...builtIn, ...headset);
    await devices.look();
    devices.choose('microphone', { id: 'h-in', label: 'Headset' });
    devices.choose('ringer', { id: 'h-out', label: 'Headset' });
    expect(devices.of('microphone').used.id).toBe('h-in');
    expect(devices.of('ringer').used.id).toBe('h-out');
    expect(devices.of('speaker').used.id).toBe('');
    expect(news).toEqual(['microphone changed', 'ringer changed']);
    devices.choose('ringer', null);
    expect(devices.of('ringer').used.id).toBe('');
  });

  it('a headset that is unplugged is said to be lost, and used again by itself when it comes back', async () => {
    const { fake, devices, news } = await watched(...builtIn, ...headset);
    devices.restore({ microphone: { id: 'h-in', label: 'Headset' }, speaker: { id: 'h-out', label: 'Headset' } });
    await devices.look();
    expect(news).toEqual([]);
    await fake.plug(...builtIn);
    expect(devices.of('microphone')).toMatchObject({ away: true, used: { id: '', label: 'Built-in' } });
    await fake.plug(...builtIn, ...headset);
    expect(devices.of('microphone')).toMatchObject({ away: false, used: { id: 'h-in' } });
    expect(news).toEqual(['microphone lost', 'speaker lost', 'microphone returned', 'speaker returned']);
  });

  it('a headset in another socket has another id and is known by its label', async () => {
    const { devices, news } = await watched(...builtIn, microphoneOf('other', 'Headset'));
    devices.restore({ microphone: { id: 'h-in', label: 'Headset' } });
    await devices.look();
    expect(devices.of('microphone')).toMatchObject({ used: { id: 'other' }, away: false });
    expect(news).toEqual(['microphone changed']);
  });

  it('one that was left at home is said at the first look', async () => {
    const { devices, news } = await watched(...builtIn);
    devices.restore({ microphone: { id: 'h-in', label: 'Headset' } });
    await devices.look();
    expect(news).toEqual(['microphone lost']);
  });

  it('nothing is chosen and the system takes another default: that is news too', async () => {
    const { fake, devices, news } = await watched(...builtIn);
    await devices.look();
    await fake.plug(...headset, ...builtIn);
    expect(news).toEqual(['microphone changed', 'speaker changed', 'ringer changed']);
    expect(devices.of('microphone').used).toEqual({ id: '', label: 'Headset' });
  });

  it('nothing is called away before the browser tells what there is', async () => {
    const { fake, devices, news } = await watched(...builtIn, ...headset);
    fake.state.blind = true;
    devices.restore({ microphone: { id: 'h-in', label: 'Headset' } });
    await devices.look();
    expect(devices.of('microphone')).toMatchObject({ away: false, none: false, used: { id: 'h-in' } });
    expect(news).toEqual([]);
  });

  it('no device at all is told from one that is not known', async () => {
    const { devices } = await watched();
    expect(devices.of('microphone').none).toBe(false);
    await devices.look();
    expect(devices.of('microphone').none).toBe(true);
    expect(createAudioDevices(undefined).of('speaker').none).toBe(false);
  });
});
