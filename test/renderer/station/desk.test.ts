import 'fake-indexeddb/auto'; // before Dexie, which all files of this worker share and which looks for IndexedDB when it is loaded
import { describe, expect, it, vi } from 'vitest';
import { assign, createActor, createMachine } from 'xstate';
import type { Bridge } from '#shared/bridge.ts';
import { createDesk, everythingSent } from '../../../renderer/station/desk.ts';
import type { Entrance } from '../../../renderer/station/entrance.ts';
import type { Station } from '../../../renderer/station/openStation.ts';
import type { Shift } from '../../../renderer/station/shift.ts';
import { initialState } from '../../../renderer/station/state.ts';
import type { BankClient } from '../../../renderer/sync/bankClient.ts';
import { handClock } from '../journal/support.ts';

/** A desk whose shift has a casework that only knows whether something is in work. */
function scene({
  unsent = 0,
  verify = async () => ({ sound: true, entries: 0 }) as const,
}: {
  unsent?: number;
  verify?: () => Promise<{ sound: true; entries: number }>;
} = {}) {
  const acts: string[] = [];
  const clock = handClock();
  const state = initialState(clock.now());
  const working = { work: { attempt: '1' } as { attempt: string } | null };
  const casework = createActor(
    createMachine({
      context: working,
      initial: 'working',
      states: {
        working: { on: { done: { target: 'idle', actions: assign({ work: null }) } } },
        idle: {},
      },
    }),
  );
  casework.start();
  state.shift = { casework, end: async (by: string) => void acts.push(`ended by ${by}`) } as unknown as Shift; // all that leaving needs
  state.station = {
    signer: { station: 'station' },
    connection: { state: () => ({ type: 'connected', since: 0 }) },
    uploader: { wake: () => acts.push('wake') },
    journal: {
      verify,
      all: async () => [],
      onChange: (listener: (status: { unsent: number }) => void) => {
        queueMicrotask(() => listener({ unsent }));
        return () => acts.push('listened');
      },
    },
  } as unknown as Station; // all that leaving needs
  const desk = createDesk({
    state,
    changed: () => undefined,
    notify: (notice) => (state.notices = [...state.notices, { ...notice, takeBackUntil: null }]),
    bridge: {} as Bridge, // not asked here
    clock,
    entrance: { showSignIn: async () => void acts.push('signIn'), start: async () => undefined } as unknown as Entrance, // all that leaving needs
    client: () =>
      ({
        session: { current: () => ({}), signOut: async () => void acts.push('session over') },
        returnLeases: async () => void acts.push('leases back'),
      }) as unknown as BankClient, // all that leaving needs
    openDialog: (dialog) => acts.push(`open ${dialog}`),
  });
  return { acts, state, desk, finish: () => casework.send({ type: 'done' }) };
}

describe('signing out', () => {
  it('an agent with a call or a result open stays, and is told what to do', () => {
    const { acts, state, desk } = scene();
    state.dialog = { type: 'signOut', unsent: 0 };
    desk.take({ type: 'signOut.confirmed' });
    expect([acts, state.dialog, state.shift !== null]).toEqual([[], null, true]);
    expect(state.notices[0]?.text.en).toContain('confirm its result');
  });

  it('the server waits for the result, then the shift ends once and the cases go back after the entries', async () => {
    const { acts, state, desk, finish } = scene();
    await desk.signOut('SERVER');
    await desk.signOut('SERVER');
    expect([acts, state.shift !== null]).toEqual([[], true]);
    finish();
    await vi.waitFor(() => expect(acts.at(-1)).toBe('signIn'));
    expect(acts).toEqual(['ended by SERVER', 'wake', 'listened', 'leases back', 'session over', 'signIn']);
  });

  it('what was not sent in time keeps its lease', async () => {
    vi.useFakeTimers();
    const { state } = scene({ unsent: 3 });
    if (!state.station) throw new Error('the scene has a station');
    const sent = everythingSent(state.station, 4_000);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(await sent).toBe(false);
    vi.useRealTimers();
  });
});

it('a check of the journal that fails is said', async () => {
  const { state, desk } = scene({
    verify: async () => {
      throw new Error('the disk is away');
    },
  });
  desk.take({ type: 'journal.verify' });
  await vi.waitFor(() => expect(state.notices).toMatchObject([{ id: 'desk', tone: 'bad' }]));
});
