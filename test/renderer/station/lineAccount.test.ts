import { expect, it, vi } from 'vitest';
import type { LineAccount } from '../../../renderer/phone/phone.ts';
import { keepLineAccount } from '../../../renderer/station/lineAccount.ts';

const start = Date.parse('2026-03-02T09:00:00+08:00');
const hour = 3_600_000;
const minute = 60_000;
const at = (ms: number) => new Date(start + ms).toISOString();
const account: LineAccount = {
  proxies: ['wss://sip1.bank.example'],
  domain: 'bank.example',
  user: '1017',
  password: 'first',
  expiresAt: at(8 * hour),
  iceServers: [],
};

function keeper(own: Partial<LineAccount> = {}) {
  const state = { now: start, refused: false, answer: { ...account, ...own } as LineAccount | null | Error };
  const used: LineAccount[] = [];
  const voices: LineAccount[] = [];
  const problems: unknown[] = [];
  const asked: number[] = [];
  let sleeping: { until: number; wake: () => void } | undefined;
  const { look, stop } = keepLineAccount({
    account: { ...account, ...own },
    read: async () => {
      asked.push(state.now - start);
      if (state.answer instanceof Error) throw state.answer;
      return state.answer;
    },
    use: (fresh) => used.push(fresh),
    takeVoice: (fresh) => voices.push(fresh),
    refused: () => state.refused,
    now: () => state.now,
    wait: (ms, signal) =>
      new Promise((resolve) => {
        sleeping = { until: state.now + ms, wake: resolve };
        signal.addEventListener('abort', () => resolve());
      }),
    fraction: () => 1,
    onProblem: (problem) => problems.push(problem),
  });
  const settle = async () => {
    while (sleeping === undefined) await new Promise((resolve) => setImmediate(resolve));
  };
  /** Sleeps as the keeper wants to, until that much time is over. */
  const pass = async (ms: number) => {
    for (const end = state.now + ms; ; ) {
      await settle();
      const { until, wake } = sleeping!; // settled
      if (until > end) {
        state.now = end;
        return;
      }
      sleeping = undefined;
      state.now = until;
      wake();
    }
  };
  return { state, used, voices, problems, asked, pass, look, stop, settle };
}

it('a password is fetched anew a quarter of an hour before its end, used once, and then left alone', async () => {
  const { state, used, asked, pass, stop } = keeper();
  await pass(7.7 * hour);
  expect(used).toEqual([]);
  state.answer = { ...account, password: 'second', expiresAt: at(16 * hour) };
  await pass(0.1 * hour);
  expect(used.map(({ password }) => password)).toEqual(['second']);
  expect(asked).toContain(7.75 * hour);
  await pass(7 * hour);
  expect(used).toHaveLength(1);
  stop();
});

it('a short-lived password is renewed when a quarter of its time is left', async () => {
  const { state, used, asked, pass, stop } = keeper({ expiresAt: at(4 * minute) });
  state.answer = { ...account, password: 'second', expiresAt: at(10 * minute) };
  await pass(4 * minute);
  expect(asked).toEqual([3 * minute]);
  expect(used).toHaveLength(1);
  stop();
});

it('while the bank cannot be asked, or has no other yet, it is asked again and again, at most once a minute', async () => {
  const { state, used, asked, pass, stop } = keeper({ expiresAt: at(0) });
  state.answer = new Error('away');
  await pass(10 * minute);
  state.answer = { ...account, expiresAt: at(0) };
  await pass(10 * minute);
  expect(asked.length).toBeGreaterThan(20);
  expect(asked.length).toBeLessThan(30);
  expect(used).toEqual([]);
  state.answer = { ...account, password: 'second' };
  await pass(2 * minute);
  expect(used).toHaveLength(1);
  stop();
});

it('a refused password is asked for at once, also one without an end', async () => {
  const { state, used, asked, look, settle, pass, stop } = keeper({ expiresAt: null });
  await settle();
  state.refused = true;
  state.answer = { ...account, password: 'second', expiresAt: null };
  look();
  await vi.waitFor(() => expect(used.map(({ password }) => password)).toEqual(['second']));
  expect(asked).toHaveLength(1);
  state.refused = false;
  await pass(hour);
  expect(used).toHaveLength(1);
  stop();
});

it('another user, domain or proxy is not put under a running line: it is said, once', async () => {
  const { state, used, problems, pass, stop } = keeper({ expiresAt: at(0) });
  state.answer = { ...account, user: '2000', password: 'other' };
  await pass(10 * minute);
  expect(used).toEqual([]);
  expect(problems).toMatchObject([{ code: 'LINE_CHANGED' }]);
  stop();
});

it('other voice servers are used within a quarter of an hour, with an account that has no end too; nothing else is touched', async () => {
  const { state, used, voices, asked, problems, pass, stop } = keeper({ expiresAt: null });
  const iceServers = [{ urls: 'turn:turn.bank.example', username: 'until-noon', credential: 'secret' }];
  await pass(hour);
  expect([voices, asked.length]).toEqual([[], 4]);
  state.answer = { ...account, expiresAt: null, iceServers };
  await pass(15.5 * minute);
  expect(voices.map((each) => each.iceServers)).toEqual([iceServers]);
  state.answer = { ...account, expiresAt: null, iceServers, relayOnly: true };
  await pass(15.5 * minute);
  expect(voices.map(({ relayOnly }) => relayOnly)).toEqual([undefined, true]);
  await pass(hour);
  expect([voices.length, used, problems]).toEqual([2, [], []]);
  stop();
});

it('a new password is taken whatever proxies and voice servers came with it: those are said and used for themselves', async () => {
  const { state, used, voices, problems, pass, stop } = keeper({ expiresAt: at(0) });
  const iceServers = [{ urls: 'stun:stun.bank.example' }];
  state.answer = { ...account, proxies: ['wss://sip9.bank.example'], password: 'second', iceServers };
  await pass(hour);
  expect(used).toMatchObject([{ password: 'second', proxies: account.proxies }]);
  expect(voices).toMatchObject([{ iceServers }]);
  expect(problems).toMatchObject([{ code: 'LINE_CHANGED' }]);
  stop();
});

it('stopped, it asks nobody any more', async () => {
  const { state, asked, settle, look, stop } = keeper();
  await settle();
  stop();
  state.refused = true;
  look();
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toEqual([]);
});
