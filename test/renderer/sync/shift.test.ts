import 'fake-indexeddb/auto'; // before Dexie, which looks for IndexedDB when it is loaded
import { describe, expect, it, vi } from 'vitest';
import { defaultPolicy } from '#shared/policy/policy.ts';
import { Problem } from '#shared/problem.ts';
import type { Directive, Presence, Session } from '#shared/server/api.ts';
import { openLeases } from '../../../renderer/journal/leases.ts';
import { cryptoRandom } from '../../../renderer/journal/random.ts';
import { bankProblems } from '../../../renderer/sync/bankProblem.ts';
import { createDirectives } from '../../../renderer/sync/directives.ts';
import { createLeasing } from '../../../renderer/sync/leasing.ts';
import { createOfflineSession } from '../../../renderer/sync/offlineSession.ts';
import { createPresence, settleMs } from '../../../renderer/sync/presence.ts';
import { by, caseOf, freshName, skipped, station } from '../journal/support.ts';

const stationId = '33333333-3333-4333-8333-333333333333';
const at = '2026-03-02T02:00:00.000Z';
const until = '2026-03-02T18:00:00+08:00';
const answerOf = (epoch: number, ...cases: unknown[]) => ({
  leases: [{ person: 'P-1', epoch, until, cases }],
  policy: defaultPolicy,
  serverTime: at,
  waiting: 0,
});
let directiveCount = 0;
const directive = (order: Directive['order']): Directive => {
  directiveCount += 1;
  const id = `44444444-4444-4444-8444-${String(directiveCount).padStart(12, '0')}`;
  return { id, at, order, reason: 'by the lead' };
};

async function shift(name = freshName()) {
  const made = await station(name);
  const { journal, database, key } = made;
  const leases = await openLeases({ database, key, journal, inWork: () => [] });
  const signedOut: string[] = [];
  const parts = { leases, journal, by: () => by, signOut: (reason: string) => void signedOut.push(reason) };
  const acknowledged = async () =>
    (await journal.entriesSince(0)).flatMap(({ fact }) =>
      fact.kind === 'directive.acknowledged' ? [fact.body.directive] : [],
    );
  return { ...made, name, leases, parts, signedOut, acknowledged };
}

describe('directives', () => {
  it('each kind is applied and answered by an entry, once', async () => {
    const { leases, parts, signedOut, acknowledged } = await shift();
    const cases = [caseOf('HF-1'), caseOf('HF-2')];
    await leases.keepLeases(answerOf(4, ...cases), { at, includes: 0 });
    const applyAll = createDirectives(parts);
    const list = [
      directive({ type: 'CASE_WITHDRAWN', caseId: 'HF-2' }),
      directive({ type: 'DO_NOT_CALL', number: '154-0000-0001' }),
      directive({ type: 'SCRIPT_RECALLED', script: 'borrower', version: 1 }),
      directive({ type: 'SIGN_OUT' }),
    ];
    await applyAll(list);
    await applyAll(list);
    expect(leases.cases().map((cached) => [cached.case.id, cached.case.contacts[0]?.status])).toEqual([
      ['HF-1', 'DO_NOT_CALL'],
    ]);
    expect(leases.recalledScripts()).toEqual([{ script: 'borrower', version: 1 }]);
    expect(signedOut).toEqual(['by the lead']);
    expect(await acknowledged()).toEqual(list.map(({ id }) => id));
    await applyAll([directive({ type: 'LEASE_REVOKED', person: 'P-1', epoch: 4 })]);
    expect(leases.cases()).toEqual([]);
  });

  it('the revocation of an older lease leaves the later one alone, and is answered', async () => {
    const { leases, parts, acknowledged } = await shift();
    await leases.keepLeases(answerOf(5, caseOf('HF-1')), { at, includes: 0 });
    await createDirectives(parts)([directive({ type: 'LEASE_REVOKED', person: 'P-1', epoch: 4 })]);
    expect(leases.cases()).toHaveLength(1);
    expect(await acknowledged()).toHaveLength(1);
  });

  it('a sign-out that was answered before a restart signs nobody out again', async () => {
    const first = await shift();
    const order = directive({ type: 'SIGN_OUT' });
    await createDirectives(first.parts)([order]);
    const again = await shift(first.name);
    await createDirectives(again.parts)([order]);
    expect([first.signedOut.length, again.signedOut.length]).toEqual([1, 0]);
    expect(await again.acknowledged()).toHaveLength(1);
  });
});

describe('leasing', () => {
  it('asks when few persons are open or the answer is old, says what the server knew, and survives a lost connection', async () => {
    const { leases, parts, journal, clock } = await shift();
    await journal.append([skipped(1)], by);
    let open = 0;
    let awaited = false;
    let fail: unknown;
    const asked: number[] = [];
    const problems: (Problem | Error)[] = [];
    const wakes: (() => void)[] = [];
    const waits: number[] = [];
    const turns = () => wakes.length;
    const leasing = createLeasing({
      ...parts,
      client: {
        directives: async () => {
          if (fail !== undefined) throw fail;
          return [];
        },
        leases: async (_station, most) => {
          asked.push(most);
          return answerOf(4, caseOf('HF-1'), { id: 'HF-2' });
        },
      },
      station: stationId,
      awaits: () => awaited,
      personsOpen: async () => open,
      most: 20,
      fewest: 5,
      mayAsk: () => true,
      onProblem: (problem) => problems.push(problem),
      clock,
      wait: (ms, signal) =>
        new Promise((resolve) => {
          waits.push(ms);
          wakes.push(resolve);
          signal.addEventListener('abort', () => resolve());
        }),
    });
    const nextTurn = async () => {
      const before = turns();
      wakes[before - 1]!();
      await vi.waitFor(() => expect(turns()).toBe(before + 1));
    };
    const stop = leasing.start();
    await vi.waitFor(() => expect(turns()).toBe(1));
    expect(asked).toEqual([20]);
    expect(problems).toMatchObject([{ code: 'CASE_MALFORMED' }]);
    open = 20;
    await nextTurn();
    expect(asked).toHaveLength(1);
    clock.advance(6 * 60_000);
    await nextTurn();
    expect(asked).toHaveLength(2);
    open = 4;
    await nextTurn();
    expect(asked).toHaveLength(3);
    open = 20;
    awaited = true;
    await nextTurn();
    expect([asked.length, waits.at(-1)]).toEqual([4, 3_000]);
    awaited = false;
    await nextTurn();
    expect([asked.length, waits.at(-1)]).toEqual([4, 15_000]);
    fail = bankProblems.unreachable();
    await nextTurn();
    fail = new Problem('STATION_REVOKED', 'access', { zh: '已停用', en: 'revoked' });
    await nextTurn();
    expect(asked).toHaveLength(4);
    expect(problems.at(-1)).toMatchObject({ code: 'STATION_REVOKED' });
    expect(problems.some((problem) => problem instanceof Problem && problem.category === 'network')).toBe(false);
    expect(leases.cases()).toHaveLength(1);
    stop();
  });
});

describe('presence', () => {
  it('is said at each heartbeat and soon when something changed; failures do not stop it', async () => {
    const said: (string | undefined)[] = [];
    const waits: number[] = [];
    let current: Presence | null = null;
    let settle: () => void = () => undefined;
    const presence = createPresence({
      client: {
        presence: async ({ caseId }) => {
          said.push(caseId);
          throw bankProblems.unreachable();
        },
      },
      read: async () => current,
      heartbeatSeconds: 10,
      wait: (ms, signal) =>
        new Promise((resolve) => {
          waits.push(ms);
          if (ms === settleMs) settle = resolve;
          signal.addEventListener('abort', () => resolve());
        }),
    });
    const stop = presence.start();
    settle();
    await vi.waitFor(() => expect(waits).toEqual([settleMs, 10_000]));
    expect(said).toEqual([]);
    const state = {
      station: stationId,
      state: 'ON_CALL',
      since: at,
      unsent: 0,
      oldestUnsentAt: null,
      line: 'REGISTERED',
    } as const;
    const wakes = () => waits.filter((ms) => ms === settleMs).length;
    for (const [told, ...changes] of [
      ['HF-1', 'HF-1'],
      ['HF-3', 'HF-2', 'HF-3'],
    ]) {
      const before = wakes();
      for (const caseId of changes) {
        current = { ...state, caseId };
        presence.say();
        await vi.waitFor(() => expect(wakes()).toBe(before + 1));
      }
      settle();
      await vi.waitFor(() => expect(said.at(-1)).toBe(told));
      await vi.waitFor(() => expect(waits.at(-1)).toBe(10_000));
    }
    expect(said).toEqual(['HF-1', 'HF-3']); // what changed shortly before is told with it
    stop();
  });
});

describe('presence that cannot be read', () => {
  it('is tried again at the next beat', async () => {
    let reads = 0;
    let beat: () => void = () => undefined;
    const presence = createPresence({
      client: { presence: async () => undefined },
      read: async () => {
        reads += 1;
        throw new Error('the disk is away');
      },
      heartbeatSeconds: 10,
      wait: (_ms, signal) =>
        new Promise((resolve) => {
          beat = resolve;
          signal.addEventListener('abort', () => resolve());
        }),
    });
    const stop = presence.start();
    await vi.waitFor(() => {
      beat();
      expect(reads).toBeGreaterThan(1);
    });
    stop();
  });
});

describe('signing in without the bank', () => {
  const session: Session = {
    person: { account: 'agent-1', name: '坐席一', role: 'agent', team: 'T1', handling: 'IN_HOUSE' },
    accessToken: 'access',
    accessExpiresAt: at,
    serverTime: at,
    grant: 'grant.of.the.server',
    offlineUntil: '2026-03-02T14:00:00.000Z',
  };
  const offline = async (name = freshName()) => {
    const { database, key, clock } = await station(name);
    const cost = { m: 8, t: 1, p: 1 };
    return {
      name,
      database,
      clock,
      session: createOfflineSession({ database, key, clock, random: cryptoRandom, cost }),
    };
  };

  it('works with the same password until the grant ends, and not with another one', async () => {
    const first = await offline();
    await first.session.keep(session, '密码-secret');
    const { session: again, clock, database } = await offline(first.name);
    expect(await again.signIn('agent-1', '密码-secret')).toEqual({
      person: session.person,
      grant: session.grant,
      offlineUntil: session.offlineUntil,
    });
    await expect(again.signIn('agent-1', 'secret')).rejects.toMatchObject({ code: 'WRONG_PASSWORD' });
    await expect(again.signIn('agent-2', '密码-secret')).rejects.toMatchObject({ code: 'OFFLINE_UNKNOWN' });
    clock.advance(12 * 3_600_000);
    await expect(again.signIn('agent-1', '密码-secret')).rejects.toMatchObject({ code: 'OFFLINE_ENDED' });
    const rows = JSON.stringify(await database.state.toArray(), (_key, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    );
    for (const secret of ['secret', 'agent-1', 'grant.of']) expect(rows).not.toContain(secret);
  });

  it('a clock set back far behind the grant is not believed', async () => {
    const first = await offline();
    await first.session.keep({ ...session, serverTime: '2026-03-02T03:00:00.000Z' }, 'secret');
    await expect(first.session.signIn('agent-1', 'secret')).rejects.toMatchObject({ code: 'OFFLINE_ENDED' });
  });

  it('after five wrong passwords it waits, over a restart too', async () => {
    const first = await offline();
    await first.session.keep(session, 'secret');
    for (let n = 0; n < 5; n += 1)
      await expect(first.session.signIn('agent-1', `guess-${n}`)).rejects.toMatchObject({ code: 'WRONG_PASSWORD' });
    const { session: again, clock } = await offline(first.name);
    await expect(again.signIn('agent-1', 'secret')).rejects.toMatchObject({ code: 'OFFLINE_WAIT' });
    clock.advance(30_000);
    expect((await again.signIn('agent-1', 'secret')).person.account).toBe('agent-1');
  });

  it('without a grant nothing is kept; forgotten is forgotten', async () => {
    const { session: kept } = await offline();
    const { grant: _grant, ...withoutGrant } = session;
    await kept.keep(withoutGrant, 'secret');
    await expect(kept.signIn('agent-1', 'secret')).rejects.toMatchObject({ code: 'OFFLINE_UNKNOWN' });
    await kept.keep(session, 'secret');
    await kept.forget('agent-1');
    await expect(kept.signIn('agent-1', 'secret')).rejects.toMatchObject({ code: 'OFFLINE_UNKNOWN' });
  });
});
