import { afterEach, describe, expect, it, vi } from 'vitest';
import { createActor, createMachine } from 'xstate';
import type { Bridge } from '#shared/bridge.ts';
import { createClock } from '#shared/clock.ts';
import { createAudioDevices } from '../../../renderer/phone/audioDevices.ts';
import type { StationAudio } from '../../../renderer/phone/stationAudio.ts';
import type { Bank } from '../../../renderer/station/openStation.ts';
import {
  type CheckParts,
  checkAfterSignIn,
  listenAgain,
  runChecks,
  runFullCheck,
} from '../../../renderer/station/selfCheck.ts';
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
  const seen = { looks: 0, tones: [] as string[] };
  const parts: CheckParts = {
    state,
    changed: () => {
      seen.looks += 1;
    },
    notify: (notice) => {
      state.notices = [...state.notices, { ...notice, takeBackUntil: null }];
    },
    bridge: { host: 'shell', vaultState: async () => 'keyring', ...bridge },
    clock,
    bank: { client: { health } } as unknown as Bank, // all that is asked of it
    audio: {
      devices: createAudioDevices(media?.media),
      isBlocked: () => false,
      tones: { play: (tone: string) => seen.tones.push(tone) },
    } as unknown as StationAudio, // as above
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
    expect(checks.tones).toEqual([]); // nobody asked for a sound
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

type Servers = { urls: string }[];

/** As much of a shift as the checks ask for; the line can be sent to `registered`. */
function shiftWith(line: 'notConfigured' | 'waiting', iceServers: Servers | null, work: object | null = null): Shift {
  const states = { notConfigured: {}, waiting: { on: { registers: 'registered' } }, refused: {}, registered: {} };
  const machine = createMachine({
    initial: line,
    context: { problem: { zh: '话机服务器没有回应', en: 'The telephone server does not answer' } },
    states,
  });
  return {
    line: createActor(machine).start(),
    profile: { line: iceServers && { iceServers } },
    casework: { getSnapshot: () => ({ context: { call: null, work } }) },
  } as unknown as Shift; // all that is asked of it
}

describe('the self-check after sign-in', () => {
  async function noticesOf(shift: Shift) {
    machine({ media: plugged(), storage: room });
    const { parts, state } = partsOf(plugged(), async () => undefined, {}, 0);
    state.shift = shift;
    await checkAfterSignIn(parts);
    return () => state.notices.map(({ text }) => text.zh);
  }

  it('a line that does not come is said, until it comes', async () => {
    const shift = shiftWith('waiting', []);
    const notices = await noticesOf(shift);
    expect(notices()).toEqual(['话机服务器没有回应']);
    (shift.line as unknown as { send: (event: object) => void }).send({ type: 'registers' }); // as: the machine above
    expect(notices()).toEqual([]);
  });

  it('a server for voice that cannot be used is said with its name', async () => {
    vi.stubGlobal('RTCPeerConnection', throwing);
    const notices = await noticesOf(shiftWith('waiting', [{ urls: 'turn:relay.bank.example' }]));
    expect(notices().sort()).toEqual([expect.stringContaining('turn:relay.bank.example'), '话机服务器没有回应']);
  });

  it('a station that calls by handset is told nothing of either', async () => {
    const notices = await noticesOf(shiftWith('notConfigured', null));
    expect(notices()).toEqual([]);
  });
});

describe('the self-check on demand', () => {
  const checked = async (shift: Shift, media = plugged()) => {
    machine({ media, storage: room });
    const { parts, state, seen } = partsOf(media, async () => undefined, {}, 0);
    state.shift = shift;
    await runFullCheck(parts);
    return { ...seen, of: (id: string) => state.selfCheck.checks.find((check) => check.id === id) };
  };

  it('plays a tone on the speaker and says so, but never beside a call', async () => {
    const free = await checked(shiftWith('waiting', []));
    expect(free.tones).toEqual(['test']);
    expect(free.of('speaker')).toMatchObject({ state: 'ok', sentence: { zh: expect.stringContaining('两声提示音') } });
    const busy = await checked(shiftWith('waiting', [], {}));
    expect(busy.tones).toEqual([]);
    expect(busy.of('speaker')?.sentence?.zh).toContain('没有放提示音');
    const deaf = await checked(shiftWith('waiting', []), fakeDevices([microphoneOf('m')]));
    expect(deaf.tones).toEqual([]);
    expect(deaf.of('speaker')?.state).toBe('failed');
  });

  it('where no server for voice is configured it says that nothing was checked', async () => {
    const { of } = await checked(shiftWith('waiting', []));
    expect(of('ice')?.sentence).toEqual({
      zh: expect.stringContaining('没有配置 STUN/TURN'),
      en: expect.stringContaining('No STUN or TURN server is configured'),
    });
  });

  it('adds line, test call and voice path, and keeps what the last test call found', async () => {
    machine({ media: plugged(), storage: room });
    const { parts, state } = partsOf(plugged(), async () => undefined, {}, 0);
    state.shift = shiftWith('notConfigured', null);
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
