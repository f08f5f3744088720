import 'fake-indexeddb/auto'; // before Dexie, which all files of this worker share and which looks for IndexedDB when it is loaded
import { describe, expect, it, vi } from 'vitest';
import { assign, createActor, createMachine } from 'xstate';
import type { Bridge } from '#shared/bridge.ts';
import { Problem } from '#shared/problem.ts';
import type { Board } from '#shared/server/api.ts';
import { createDesk, everythingSent } from '../../../renderer/station/desk.ts';
import type { Entrance } from '../../../renderer/station/entrance.ts';
import type { Station } from '../../../renderer/station/openStation.ts';
import type { Shift } from '../../../renderer/station/shift.ts';
import { initialState, ownKeysOf } from '../../../renderer/station/state.ts';
import type { BankClient } from '../../../renderer/sync/bankClient.ts';
import { handClock } from '../journal/support.ts';

/** A desk whose shift has a casework that only knows whether something is in work. */
function scene({
  unsent = 0,
  verify = async () => ({ sound: true, entries: 0 }) as const,
  settle = async () => undefined,
}: {
  unsent?: number;
  settle?: BankClient['settle'];
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
    bridge: { writeSettings: async (settings) => void acts.push(JSON.stringify(settings)) } as Bridge, // all that is asked here
    host: 'shell',
    clock,
    entrance: { showSignIn: async () => void acts.push('signIn'), start: async () => undefined } as unknown as Entrance, // all that leaving needs
    client: () =>
      ({
        session: { current: () => ({}), signOut: async () => void acts.push('session over') },
        returnLeases: async () => void acts.push('leases back'),
        settle,
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

describe('a row of the board', () => {
  const row = { id: 'COMPLAINT:j:2', type: 'COMPLAINT', caseId: null, respondent: '忙*', agent: 'A021' } as const;
  const at = '2026-03-02T02:00:00.000Z';
  const settled = { type: 'exception.settled', id: row.id, at, reason: '已回复客户' } as const;
  const opened = (settle: BankClient['settle']) => {
    const here = scene({ settle });
    here.state.board.board = { exceptions: [{ ...row, at }] } as unknown as Board; // all that is looked at
    here.desk.take({ type: 'exception.settling', id: row.id });
    expect(here.state.dialog).toMatchObject({ type: 'settle', exception: row, problem: null, busy: false });
    return here;
  };
  const pass = () => new Promise((resolve) => setImmediate(resolve));

  it('is settled once with the lead’s reason, and leaves the board', async () => {
    const asked: unknown[] = [];
    const { desk, state } = opened(async (settlement) => void asked.push(settlement));
    desk.take(settled);
    desk.take(settled);
    await pass();
    expect(asked).toEqual([{ id: row.id, at, reason: '已回复客户' }]);
    expect([state.dialog, state.board.board?.exceptions]).toEqual([null, []]);
  });

  it('stays when the server says no, and the words say what to do', async () => {
    const { desk, state } = opened(async () => {
      throw new Problem('NOT_FOUND', 'server', { zh: '没有找到。', en: 'Not found.' });
    });
    desk.take(settled);
    await pass();
    expect(state.dialog).toMatchObject({
      type: 'settle',
      busy: false,
      problem: { zh: expect.stringContaining('已被处理') },
    });
    expect(state.board.board?.exceptions).toHaveLength(1);
  });
});

describe('own keys', () => {
  it('a chosen key is kept; one that another command has is not', () => {
    const { acts, state, desk } = scene();
    state.person = { account: 'A017', name: '林晓', role: 'agent', handling: 'IN_HOUSE', team: 'T1' };
    desk.take({ type: 'key.chosen', command: 'mute', chord: { code: 'F6' } });
    expect(state.settings.keys).toEqual({ A017: { mute: { code: 'F6' } } });
    desk.take({ type: 'key.chosen', command: 'hold', chord: { code: 'F6' } });
    desk.take({ type: 'key.chosen', command: 'commit', chord: { code: 'F10' } });
    expect(acts).toEqual(['{"keys":{"A017":{"mute":{"code":"F6"}}}}']);
    desk.take({ type: 'keys.restored' });
    expect(acts.at(-1)).toBe('{"keys":{"A017":{}}}');
    state.settings.keys = { A018: { mute: { code: 'F6' } } };
    expect(ownKeysOf(state)).toEqual({}); // another person's at the same desk
  });
});
