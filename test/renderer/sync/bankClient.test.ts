import { describe, expect, it, vi } from 'vitest';
import { createBankClient } from '../../../renderer/sync/bankClient.ts';
import type { TokenVault } from '../../../renderer/sync/bankSession.ts';
import { watchBoard } from '../../../renderer/sync/boardStream.ts';
import { createConnection } from '../../../renderer/sync/connection.ts';
import { handClock } from '../journal/support.ts';
import { handWait } from './bankModel.ts';

const stationId = '33333333-3333-4333-8333-333333333333';
const clock = handClock();
const person = { account: 'agent-1', name: '坐席一', role: 'agent', team: 'T1', handling: 'IN_HOUSE' };
const session = (n: number, seconds = 600) => ({
  person,
  accessToken: `access-${n}`,
  accessExpiresAt: new Date(clock.now() + seconds * 1000).toISOString(),
  refreshToken: `refresh-${n}`,
  serverTime: new Date(clock.now()).toISOString(),
});
const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status });
const failure = (code: string, status: number) => json({ code, sentence: { zh: '不行', en: 'no' } }, status);

type Call = { path: string; search: string; init: RequestInit; headers: Headers };
function stage(answer: (call: Call, n: number) => Response | Promise<Response>, host: 'shell' | 'browser' = 'shell') {
  const calls: Call[] = [];
  const heard: boolean[] = [];
  const kept = new Map<string, string>();
  const vault: TokenVault = {
    host,
    vaultState: async () => (host === 'shell' ? 'keyring' : 'none'),
    readVault: async (name) => kept.get(name) ?? null,
    writeVault: async (name, value) => void kept.set(name, value),
    forgetVault: async (name) => void kept.delete(name),
  };
  const never = new AbortController();
  const client = createBankClient({
    origin: 'https://bank.test',
    fetch: async (input, init) => {
      const { pathname: path, search } = new URL(String(input));
      const call = { path, search, init: init ?? {}, headers: new Headers(init?.headers) };
      calls.push(call);
      return answer(call, calls.length);
    },
    host,
    clock,
    monotonic: () => 0,
    reach: { heard: () => void heard.push(true), missed: () => void heard.push(false) },
    vault,
    timeout: () => never.signal,
  });
  return { client, calls, heard, kept, giveUp: () => never.abort() };
}
const profile = {
  station: stationId,
  name: 'T1-01',
  practice: true,
  line: null,
  records: false,
  heartbeatSeconds: 10,
};
const signIn = { account: 'agent-1', password: 'secret', station: stationId };

describe('an answer of the bank', () => {
  it.each([
    ['HTML of a gateway', () => new Response('<html>', { status: 200 }), 'BANK_ANSWER_UNREADABLE', false],
    ['a gateway error', () => new Response('Bad Gateway', { status: 502 }), 'BANK_ANSWER_UNREADABLE', false],
    ['JSON of another shape', () => json({ status: 'fine' }), 'BANK_ANSWER_UNREADABLE', false],
    [
      'an unknown field',
      () => json({ status: 'ok', database: 'pglite', demo: true, version: '1', extra: 1 }),
      'BANK_ANSWER_UNREADABLE',
      false,
    ],
    ['a refusal', () => failure('NOT_ALLOWED', 403), 'NOT_ALLOWED', true],
    ['a refusal with an unknown code', () => failure('PLEASE_PAY', 403), 'BANK_ANSWER_UNREADABLE', false],
    ['a 500 of the server itself', () => failure('INTERNAL', 500), 'INTERNAL', true],
    ['no connection', () => Promise.reject(new TypeError('fetch failed')), 'BANK_UNREACHABLE', false],
  ])('%s is told as what it is', async (_name, answer, code, reached) => {
    const { client, heard } = stage(answer);
    await expect(client.health()).rejects.toMatchObject({ code, sentence: { zh: expect.any(String) } });
    expect(heard).toEqual([reached]);
  });

  it('that does not come in time is a timeout', async () => {
    const { client, giveUp } = stage(
      ({ init }) =>
        new Promise((_resolve, reject) => init.signal?.addEventListener('abort', () => reject(new Error('aborted')))),
    );
    const asked = client.health();
    giveUp();
    await expect(asked).rejects.toMatchObject({ code: 'BANK_TIMEOUT', category: 'network' });
  });

  it('sets the clock by the time it names', async () => {
    const serverTime = '2030-01-01T00:00:00.000Z';
    const own = handClock();
    const client = createBankClient({
      origin: 'https://bank.test',
      fetch: async () => json({ directives: [], serverTime }),
      host: 'shell',
      clock: own,
      monotonic: () => 0,
      reach: { heard() {}, missed() {} },
      vault: {
        host: 'shell',
        vaultState: async () => 'none',
        readVault: async () => null,
        writeVault: async () => {},
        forgetVault: async () => {},
      },
    });
    await expect(client.directives(stationId)).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
    await client
      .head('6f1f6b1e-3f64-4c1e-9d51-0a4f6c3b8a11', { station: stationId, sign: async () => '' })
      .catch(() => {});
    expect(own.offset().ms).toBeNull();
    const signedAt: (string | null)[] = [];
    const answered = createBankClient({
      origin: 'https://bank.test',
      fetch: async (input, init) => {
        if (String(input).endsWith('/health'))
          return json({ status: 'ok', database: 'pglite', demo: true, version: '0', serverTime });
        signedAt.push(new Headers(init?.headers).get('x-station-time'));
        return json({ seq: 0, hash: '0', serverTime });
      },
      host: 'shell',
      clock: own,
      monotonic: () => 0,
      reach: { heard() {}, missed() {} },
      vault: {
        host: 'shell',
        vaultState: async () => 'none',
        readVault: async () => null,
        writeVault: async () => {},
        forgetVault: async () => {},
      },
    });
    await answered.head('6f1f6b1e-3f64-4c1e-9d51-0a4f6c3b8a11', { station: stationId, sign: async () => '' });
    expect(signedAt).toEqual([serverTime]); // never signed with a time the server would refuse
    expect(new Date(own.now()).toISOString()).toBe(serverTime);
    own.jump(-3_600_000);
    expect(new Date(own.now()).toISOString()).toBe(serverTime);
  });
});

describe('the session', () => {
  it('no cookie in the shell, only a cookie in a browser; nothing is cached', async () => {
    const shell = stage(() => json(session(1)));
    await shell.client.session.signIn(signIn);
    expect(shell.calls[0]?.init).toMatchObject({ credentials: 'omit', cache: 'no-store' });
    expect(shell.kept.get('refreshToken')).toBe('refresh-1');
    const { refreshToken: _gone, ...withCookie } = session(1);
    const browser = stage(() => json(withCookie), 'browser');
    await browser.client.session.signIn(signIn);
    expect(browser.calls[0]?.init.credentials).toBe('include');
    expect(browser.calls[0]?.headers.get('x-client')).toBe('browser');
    expect(browser.kept.size).toBe(0);
    await browser.client.session.renew();
    expect(JSON.parse(String(browser.calls[1]?.init.body))).toEqual({ station: stationId });
  });

  it('is renewed before its end, by one request however many ask', async () => {
    const { client, calls } = stage(({ path }, n) =>
      path.endsWith('/session') ? json(session(1, 30)) : path.endsWith('/refresh') ? json(session(n)) : json(profile),
    );
    await client.session.signIn(signIn);
    await Promise.all([1, 2, 3].map(() => client.profile(stationId)));
    expect(calls.filter(({ path }) => path.endsWith('/refresh'))).toHaveLength(1);
    expect(calls.slice(2).map(({ headers }) => headers.get('authorization'))).toEqual(Array(3).fill('Bearer access-2'));
  });

  it('is renewed once when the server does not take the token, then it is over', async () => {
    const { client, calls, kept } = stage(({ path }) => {
      if (path.endsWith('/session')) return json(session(1));
      return failure('TOKEN_EXPIRED', 401);
    });
    let ended = 0;
    client.session.onEnded(() => {
      ended += 1;
    });
    await client.session.signIn(signIn);
    await expect(client.profile(stationId)).rejects.toMatchObject({ code: 'TOKEN_EXPIRED' });
    expect(calls.map(({ path }) => path.split('/').at(-1))).toEqual(['session', 'profile', 'refresh']);
    expect([ended, kept.size, client.session.current()]).toEqual([1, 0, null]);
  });

  it('a second person’s wrong password is sent once, and ends nobody’s session', async () => {
    const { client, calls } = stage(({ path }) =>
      path.endsWith('/session') ? json(session(1)) : failure('WRONG_PASSWORD', 401),
    );
    await client.session.signIn(signIn);
    await expect(client.secondPerson({ account: 'L002', password: 'wrong' })).rejects.toMatchObject({
      code: 'WRONG_PASSWORD',
    });
    expect(calls.map(({ path }) => path.split('/').at(-1))).toEqual(['session', 'second-person']);
    expect(client.session.current()).not.toBeNull();
  });

  it('a refusal that has nothing to do with the token is not asked again', async () => {
    const { client, calls } = stage(({ path }) =>
      path.endsWith('/session') ? json(session(1)) : failure('NOT_ALLOWED', 403),
    );
    await client.session.signIn(signIn);
    await expect(client.board()).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
    expect(calls).toHaveLength(2);
  });

  it('without a connection a renewal fails, the session stays', async () => {
    const { client } = stage(({ path }) => {
      if (path.endsWith('/session')) return json(session(1, 30));
      throw new TypeError('fetch failed');
    });
    await client.session.signIn(signIn);
    await expect(client.profile(stationId)).rejects.toMatchObject({ code: 'BANK_UNREACHABLE' });
    expect(client.session.current()?.accessToken).toBe('access-1');
  });

  it('after a restart the kept token resumes it; an old one gives nothing', async () => {
    const good = stage(() => json(session(2)));
    good.kept.set('refreshToken', 'refresh-1');
    expect((await good.client.session.resume(stationId))?.accessToken).toBe('access-2');
    expect(good.kept.get('refreshToken')).toBe('refresh-2');
    const old = stage(() => failure('TOKEN_EXPIRED', 401));
    old.kept.set('refreshToken', 'refresh-0');
    expect(await old.client.session.resume(stationId)).toBeNull();
    expect(await stage(() => json(session(2))).client.session.resume(stationId)).toBeNull();
  });

  it('a renewal that comes back after the sign-out signs nobody in', async () => {
    let release = (_response: Response) => {};
    const { client, kept } = stage(({ path, init }) => {
      if (path.endsWith('/refresh'))
        return new Promise<Response>((resolve) => {
          release = resolve;
        });
      return init.method === 'DELETE' ? new Response(null, { status: 204 }) : json(session(1));
    });
    await client.session.signIn(signIn);
    const renewal = client.session.renew();
    await vi.waitFor(() => expect(kept.size).toBe(1));
    await client.session.signOut();
    release(json(session(2)));
    await expect(renewal).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
    expect([client.session.current(), kept.size]).toEqual([null, 0]);
  });
});

describe('the board stream', () => {
  const board = {
    at: '2026-03-02T02:00:00.000Z',
    team: 'T1',
    queue: [],
    agents: [],
    today: { attempts: 0, answered: 0, finished: 0, byDisposition: {}, byCallResult: {}, onTime: 0 },
    trend: [],
    exceptions: [],
    results: [],
  };
  const streamOf = (...chunks: string[]) =>
    new Response(
      new ReadableStream({
        start(controller) {
          for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
          controller.close();
        },
      }),
    );
  const signedIn = async (...streams: (() => Response)[]) => {
    const made = stage(({ path }) => (path.endsWith('/session') ? json(session(1)) : (streams.shift() ?? streamOf)()));
    await made.client.session.signIn(signIn);
    return made;
  };

  it('says each board, cut wherever the network cuts it, and skips the heartbeat', async () => {
    const line = JSON.stringify(board);
    const { client, calls } = await signedIn(() =>
      streamOf('\n', line.slice(0, 9), `${line.slice(9)}\n\n${line}`, '\n'),
    );
    const teams: string[] = [];
    const reading = client.boardStream(({ team }) => teams.push(team), new AbortController().signal);
    await expect(reading).rejects.toMatchObject({ code: 'BANK_UNREACHABLE' });
    expect(teams).toEqual(['T1', 'T1']);
    expect(calls.at(-1)?.search).toBe('?knows=followUps'); // a server sends newer exceptions to who says so
  });

  it('is opened again after a loss, and a line that is no board is a loss', async () => {
    const line = `${JSON.stringify(board)}\n`;
    const { client } = await signedIn(
      () => streamOf('{"team":1}\n'),
      () => streamOf('<html>\n'),
      () => streamOf(line),
    );
    const losses: unknown[] = [];
    const stop = new AbortController();
    await watchBoard(
      client.boardStream,
      { onBoard: () => stop.abort(), onLost: (problem) => losses.push(problem) },
      { wait: handWait(clock), fraction: () => 0, signal: stop.signal },
    );
    expect(losses).toMatchObject([{ code: 'BANK_ANSWER_UNREADABLE' }, { code: 'BANK_ANSWER_UNREADABLE' }]);
  });
});

describe('the connection', () => {
  it('is judged by answers only, probed with back-off while lost, and tells when it changes', async () => {
    const own = handClock();
    let up = false;
    let probes = 0;
    const wait = handWait(own);
    const connection = createConnection({
      probe: async () => {
        probes += 1;
        if (probes >= 4) up = true;
        if (up) connection.heard();
        else connection.missed();
      },
      wait,
      fraction: () => 0,
      wallNow: own.wallNow,
    });
    const begun = own.wallNow();
    const told: string[] = [];
    connection.onChange(({ type }) => told.push(type));
    expect(connection.state()).toEqual({ type: 'disconnected', since: begun });
    const stop = connection.start();
    await vi.waitFor(() => expect(connection.state().type).toBe('connected'));
    expect(wait.waited).toEqual([500, 1_000, 2_000]);
    own.advance(5_000);
    up = false;
    connection.missed();
    expect(connection.state()).toEqual({ type: 'disconnected', since: own.wallNow() });
    await vi.waitFor(() => expect(probes).toBeGreaterThan(4));
    await vi.waitFor(() => expect(connection.state().type).toBe('connected'));
    stop();
    expect(told).toEqual(['connected', 'disconnected', 'connected']);
  });
});
