import { expect, it, vi } from 'vitest';
import type { Session } from '#shared/server/api.ts';
import { createRejoin } from '../../../renderer/station/rejoin.ts';
import { bankProblems } from '../../../renderer/sync/bankProblem.ts';

const at = '2026-03-02T02:00:00.000Z';
const sessionOf = (account: string): Session => ({
  person: { account, name: '坐席', role: 'agent', team: 'T1', handling: 'IN_HOUSE' },
  accessToken: 'access',
  accessExpiresAt: at,
  serverTime: at,
});

function scene(kept: () => Promise<Session | null>) {
  const now = {
    connected: true,
    call: false,
    session: null as Session | null,
    resumed: 0,
    asked: 0,
    tries: 0,
    locked: false,
  };
  const rejoin = createRejoin({
    session: {
      current: () => now.session,
      async resume() {
        now.tries += 1;
        now.session = await kept();
        return now.session;
      },
      async signOut() {
        now.session = null;
      },
    },
    station: () => 'station',
    account: () => (now.locked ? null : 'a1'),
    connected: () => now.connected,
    callIsUp: () => now.call,
    resumed: () => {
      now.resumed += 1;
    },
    ask: () => {
      now.asked += 1;
      now.locked = true;
    },
  });
  return { now, rejoin };
}

it('a shift begun offline goes on by the kept token, without a question', async () => {
  const { now, rejoin } = scene(async () => sessionOf('a1'));
  now.connected = false;
  rejoin.look();
  expect(now.tries).toBe(0);
  now.connected = true;
  rejoin.look();
  rejoin.look();
  await vi.waitFor(() => expect(now.resumed).toBe(1));
  expect(now).toMatchObject({ tries: 1, asked: 0 });
});

it('without a token of this person the password is asked for, once, and not during a call', async () => {
  for (const kept of [null, sessionOf('somebody else')]) {
    const { now, rejoin } = scene(async () => kept);
    now.call = true;
    rejoin.look();
    await vi.waitFor(() => expect(now.tries).toBe(1));
    await vi.waitFor(() => expect(now.session).toBeNull());
    rejoin.look();
    expect(now.asked).toBe(0);
    now.call = false;
    await vi.waitFor(() => {
      rejoin.look();
      expect(now.asked).toBe(1);
    });
    rejoin.look();
    expect(now).toMatchObject({ asked: 1, tries: 1, resumed: 0 });
  }
});

it('a session that the server ended is not tried again: the password is asked for after the call', () => {
  const { now, rejoin } = scene(async () => null);
  now.call = true;
  rejoin.ended();
  expect(now.asked).toBe(0);
  now.call = false;
  rejoin.look();
  expect(now).toMatchObject({ asked: 1, tries: 0 });
});

it('a connection lost during the question is no answer: it is tried at the next one', async () => {
  let lost = true;
  const { now, rejoin } = scene(async () => {
    if (!lost) return sessionOf('a1');
    now.connected = false;
    throw bankProblems.unreachable();
  });
  rejoin.look();
  await vi.waitFor(() => expect(now.connected).toBe(false));
  lost = false;
  now.connected = true;
  await vi.waitFor(() => {
    rejoin.look();
    expect(now.resumed).toBe(1);
  });
  expect(now.asked).toBe(0);
});
