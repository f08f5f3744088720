import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Bridge } from '#shared/bridge.ts';
import { createClock } from '#shared/clock.ts';
import type { Bank } from '../../../renderer/station/openStation.ts';
import { runChecks } from '../../../renderer/station/selfCheck.ts';
import { initialState } from '../../../renderer/station/state.ts';

const media = (...kinds: string[]) => ({ enumerateDevices: async () => kinds.map((kind) => ({ kind })) });
const throwing = () => {
  throw new TypeError('not here');
};
type Machine = { mediaDevices?: unknown; storage?: unknown };

/** What the checks find on such a machine, by their ids. */
async function found(machine: Machine, health: () => unknown, bridge: Partial<Bridge> = {}, offset = 0) {
  vi.stubGlobal('navigator', machine);
  const state = initialState(0);
  const clock = createClock({ wall: () => 1_000_000, monotonic: () => 0 });
  clock.learn(new Date(1_000_000 + offset).toISOString(), 0);
  let looks = 0;
  await runChecks({
    state,
    changed: () => {
      looks += 1;
    },
    notify: () => undefined,
    bridge: { host: 'shell', vaultState: async () => 'keyring', ...bridge } as Bridge, // all that is asked of it
    clock,
    bank: { client: { health } } as unknown as Bank, // all that is asked of it
  });
  return { looks, ...Object.fromEntries(state.entrance.checks.map((check) => [check.id, check.state])) };
}

afterEach(() => vi.unstubAllGlobals());

describe('the self-check', () => {
  const good = {
    mediaDevices: media('audioinput', 'audiooutput'),
    storage: { estimate: async () => ({ quota: 1e10, usage: 0 }) },
  };

  it('says ok to a machine that has everything, each check as soon as it is known', async () => {
    const checks = await found(good, async () => undefined);
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
    const refusing = { mediaDevices: { enumerateDevices: throwing }, storage: { estimate: throwing } };
    expect(Object.values(await found(refusing, () => Promise.reject(new Error('no'))))).not.toContain('running');
  });

  it('a server out of reach is a warning in the shell and stops a browser; a clock far off is said', async () => {
    const unreachable = () => Promise.reject(new Error('no'));
    expect(await found(good, unreachable)).toMatchObject({ server: 'warning' });
    expect(await found(good, unreachable, { host: 'browser' })).toMatchObject({ server: 'failed' });
    expect(await found(good, async () => undefined, {}, 121_000)).toMatchObject({ clock: 'warning' });
  });

  it('a full disk, no microphone and a machine without keyring are said', async () => {
    const poor = { mediaDevices: media('audiooutput'), storage: { estimate: async () => ({ quota: 10, usage: 9 }) } };
    const checks = await found(poor, async () => undefined, { vaultState: async () => 'none' } as Partial<Bridge>);
    expect(checks).toMatchObject({ storage: 'warning', keyring: 'warning' });
    expect(checks).toHaveProperty('microphone', expect.not.stringMatching('ok'));
  });
});
