import { afterEach, describe, expect, it, vi } from 'vitest';
import { createActor, createMachine } from 'xstate';
import type { Bridge } from '#shared/bridge.ts';
import { createClock } from '#shared/clock.ts';
import { createAudioDevices } from '../../../renderer/phone/audioDevices.ts';
import type { StationAudio } from '../../../renderer/phone/stationAudio.ts';
import type { Bank } from '../../../renderer/station/openStation.ts';
import { type CheckParts, listenAgain, runChecks, runFullCheck } from '../../../renderer/station/selfCheck.ts';
import type { Shift } from '../../../renderer/station/shift.ts';
import { initialState } from '../../../renderer/station/state.ts';
import { fakeDevices, microphoneOf, speakerOf } from '../phone/fakeDevices.ts';

const throwing = () => {
  throw new TypeError('not here');
};

/** What the microphone hears, dBFS; null: the browser gives no samples. */
function hears(decibels: number | null) {
  const amplitude = decibels === null ? 0 : 10 ** (decibels / 20);
  vi.stubGlobal(
    'AudioContext',
    class {
      state = decibels === null ? 'suspended' : 'running';
      createAnalyser = () => ({ fftSize: 0, getFloatTimeDomainData: (into: Float32Array) => into.fill(amplitude) });
      createMediaStreamSource = () => ({ connect: () => undefined });
      resume = async () => undefined;
      close = async () => undefined;
    },
  );
}

type Machine = {
  media?: ReturnType<typeof fakeDevices> | undefined;
  storage?: unknown;
  permission?: PermissionState;
  hears?: number | null;
};

const plugged = () => fakeDevices([microphoneOf('m'), speakerOf('s')]);
const room = { estimate: async () => ({ quota: 1e10, usage: 0 }) };

function machine({ media, storage, permission = 'granted', hears: decibels = -30 }: Machine) {
  hears(decibels);
  vi.stubGlobal('navigator', {
    mediaDevices: media?.media,
    storage,
    permissions: { query: async () => ({ state: permission }) },
  });
}

function partsOf(media: Machine['media'], health: () => unknown, bridge: Partial<Bridge>, offset: number) {
  const state = initialState(0);
  const clock = createClock({ wall: () => 1_000_000, monotonic: () => 0 });
  clock.learn(new Date(1_000_000 + offset).toISOString(), 0);
  const seen = { looks: 0 };
  const parts: CheckParts = {
    state,
    changed: () => {
      seen.looks += 1;
    },
    notify: () => undefined,
    bridge: { host: 'shell', vaultState: async () => 'keyring', ...bridge },
    clock,
    bank: { client: { health } } as unknown as Bank, // all that is asked of it
    audio: { devices: createAudioDevices(media?.media), isBlocked: () => false } as unknown as StationAudio, // as above
    wait: async () => undefined,
  };
  return { parts, state, seen };
}

/** What the checks at the entrance find on such a machine, by their ids. */
async function found(given: Machine, health: () => unknown, bridge: Partial<Bridge> = {}, offset = 0) {
  machine(given);
  const { parts, state, seen } = partsOf(given.media, health, bridge, offset);
  await runChecks(parts);
  return { ...seen, ...Object.fromEntries(state.entrance.checks.map((check) => [check.id, check.state])) };
}

afterEach(() => vi.unstubAllGlobals());

describe('the self-check at the entrance', () => {
  const fine = async () => undefined;

  it('says ok to a machine that has everything, each check as soon as it is known', async () => {
    const checks = await found({ media: plugged(), storage: room }, fine);
    expect(checks).toMatchObject({
      microphone: 'ok',
      speaker: 'ok',
      server: 'ok',
      storage: 'ok',
      clock: 'ok',
      keyring: 'ok',
    });
    expect(checks.looks).toBe(7);
  });

  it('never rejects, whatever the machine refuses', async () => {
    const nothing = await found({}, throwing, { vaultState: throwing });
    expect(Object.values(nothing)).not.toContain('running');
    expect(nothing).toMatchObject({ server: 'warning', storage: 'warning', keyring: 'warning' });
  });

  it('a server out of reach is a warning in the shell and stops a browser; a clock far off is said', async () => {
    const good = { media: plugged(), storage: room };
    const unreachable = () => Promise.reject(new Error('no'));
    expect(await found(good, unreachable)).toMatchObject({ server: 'warning' });
    expect(await found(good, unreachable, { host: 'browser' })).toMatchObject({ server: 'failed' });
    expect(await found(good, fine, {}, 121_000)).toMatchObject({ clock: 'warning' });
  });

  it('a full disk, no microphone and a machine without keyring are said', async () => {
    const poor = {
      media: fakeDevices([speakerOf('s')]),
      storage: { estimate: async () => ({ quota: 10, usage: 9 }) },
    };
    const checks = await found(poor, fine, { vaultState: async () => 'none' });
    expect(checks).toMatchObject({ storage: 'warning', keyring: 'warning', microphone: 'failed', speaker: 'ok' });
    expect(await found({ media: fakeDevices([microphoneOf('m')]), storage: room }, fine)).toMatchObject({
      speaker: 'failed',
    });
  });

  it('listens for a moment: a quiet room is fine, dead silence is not, and the microphone is closed again', async () => {
    const media = plugged();
    expect(await found({ media, storage: room, hears: -65 }, fine)).toMatchObject({ microphone: 'ok' });
    expect(await found({ media, storage: room, hears: -120 }, fine)).toMatchObject({ microphone: 'warning' });
    expect(media.tracks).toHaveLength(2);
    expect(media.live()).toEqual([]);
  });

  it('a microphone that is forbidden or taken is told apart', async () => {
    const refused = async (refuse: string) => {
      const media = plugged();
      const error = new DOMException('no', refuse);
      media.media.getUserMedia = () => Promise.reject(error);
      machine({ media, storage: room });
      const { parts, state } = partsOf(media, fine, {}, 0);
      await runChecks(parts);
      return state.entrance.checks.find(({ id }) => id === 'microphone');
    };
    expect(await refused('NotAllowedError')).toMatchObject({
      state: 'failed',
      sentence: { zh: expect.stringContaining('允许') },
    });
    expect(await refused('NotReadableError')).toMatchObject({
      state: 'failed',
      sentence: { zh: expect.stringContaining('占用') },
    });
  });

  it('nobody in a browser is asked for the microphone before there is a reason to', async () => {
    const media = plugged();
    const checks = await found({ media, storage: room, permission: 'prompt' }, fine, { host: 'browser' });
    expect(checks).toMatchObject({ microphone: 'warning' });
    expect(media.asked).toEqual([]);
  });

  it('what a browser kept silent is listened to again, and nothing else is', async () => {
    const media = plugged();
    machine({ media, storage: room, hears: null });
    let asked = 0;
    const { parts, state } = partsOf(media, async () => (asked += 1), { host: 'browser' }, 0);
    await runChecks(parts);
    const before = asked;
    const microphone = () => state.entrance.checks.find(({ id }) => id === 'microphone')?.state;
    expect(microphone()).toBe('ok');
    hears(-120);
    await listenAgain(parts);
    expect(microphone()).toBe('warning');
    expect(asked).toBe(before);
    expect(state.entrance.checks.map(({ id }) => id)).toContain('server');
  });
});

describe('the self-check on demand', () => {
  it('adds line, test call and voice path, and keeps what the last test call found', async () => {
    machine({ media: plugged(), storage: room });
    const { parts, state } = partsOf(plugged(), async () => undefined, {}, 0);
    const line = createActor(createMachine({ initial: 'notConfigured', states: { notConfigured: {} } })).start();
    state.shift = { line, profile: { line: null } } as unknown as Shift; // all that is asked of it
    await runFullCheck(parts);
    const ids = () => state.selfCheck.checks.map(({ id }) => id);
    expect(ids()).toEqual(['microphone', 'speaker', 'line', 'echo', 'ice', 'server', 'storage', 'clock', 'keyring']);
    expect(state.selfCheck.checks.find(({ id }) => id === 'line')?.state).toBe('failed');
    state.selfCheck.checks = state.selfCheck.checks.map((check) =>
      check.id === 'echo' ? { ...check, state: 'ok' } : check,
    );
    await runFullCheck(parts);
    expect(state.selfCheck.checks.find(({ id }) => id === 'echo')?.state).toBe('ok');
    expect(state.selfCheck.running).toBe(false);
  });

  it('a lead at the board has no line to check', async () => {
    machine({ media: plugged(), storage: room });
    const { parts, state } = partsOf(plugged(), async () => undefined, {}, 0);
    await runFullCheck(parts);
    expect(state.selfCheck.checks.map(({ id }) => id)).toEqual([
      'microphone',
      'speaker',
      'server',
      'storage',
      'clock',
      'keyring',
    ]);
  });
});
