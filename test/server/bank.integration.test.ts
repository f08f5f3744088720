import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { healthSchema } from '#shared/server/api.ts';
import { movableClock, practiceForTests, startBank, type TestBank } from '../support/bank.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { accessSuite, codeOf, signIn } from './suites/access.ts';
import { boardSuite } from './suites/board.ts';
import { intakeSuite } from './suites/intake.ts';
import { leasesSuite } from './suites/leases.ts';
import { mainWaySuite } from './suites/mainWay.ts';
import { sameCallSuite } from './suites/sameCall.ts';
import { whoMaySuite } from './suites/whoMay.ts';

// The same promises as bankOnPglite.integration.test.ts, kept by a real PostgreSQL.
let postgres: Postgres;
let test: TestBank;
beforeAll(async () => {
  postgres = await startPostgres();
  test = await startBank({
    listen: false,
    clock: movableClock(),
    practice: practiceForTests,
    database: { type: 'postgresql', url: await postgres.createDatabase() },
  });
});
afterAll(async () => {
  await test?.stop();
  await postgres?.stop();
});

mainWaySuite(() => test);
accessSuite(() => test);
whoMaySuite(() => test);
describe('entries', () => intakeSuite(() => test));
leasesSuite(() => test);
boardSuite(() => test);
sameCallSuite(() => test);

/** A way to the database that can be cut; open connections are cut with it. */
async function wayTo(url: string) {
  const far = new URL(url);
  const open = new Set<Socket>();
  const relay = createServer((near) => {
    const onward = connect(Number(far.port), far.hostname);
    for (const socket of [near, onward]) {
      open.add(socket);
      socket.on('error', () => undefined); // the other end was cut
    }
    near.pipe(onward).pipe(near);
  });
  const listen = async (port: number) => {
    relay.listen(port, '127.0.0.1');
    await once(relay, 'listening');
    return (relay.address() as AddressInfo).port; // as: it listens on TCP
  };
  const port = await listen(0);
  const near = new URL(url);
  near.port = String(port);
  return {
    url: near.href,
    restore: () => listen(port),
    async cut() {
      relay.close();
      for (const socket of open) socket.destroy();
      open.clear();
      await once(relay, 'close');
    },
  };
}

describe('a database that is lost', () => {
  let way: Awaited<ReturnType<typeof wayTo>>;
  let away: TestBank;
  beforeAll(async () => {
    way = await wayTo(await postgres.createDatabase());
    away = await startBank({ listen: false, demo: false, database: { type: 'postgresql', url: way.url } });
  });
  afterAll(async () => {
    await away?.stop();
    await way?.cut();
  });

  it('in the middle of a query costs that query, not the server', async () => {
    const query = sql`select pg_sleep(20)`.execute(away.bank.database);
    // An error that nobody listens to would end the server's process; here it fails the run.
    await Promise.all([way.cut(), expect(query).rejects.toThrow()]);
    await way.restore();
    expect((await sql`select 1`.execute(away.bank.database)).rows).toHaveLength(1);
  });

  it('makes /health say degraded and a sign-in try later, until it is back', async () => {
    const health = async () => {
      const answer = await away.app.inject({ url: '/health' });
      return [answer.statusCode, healthSchema.parse(answer.json()).status];
    };
    expect(await health()).toEqual([200, 'ok']);
    await way.cut();
    expect(await health()).toEqual([200, 'degraded']);
    const refused = await signIn(away, 'A017', 'wrong');
    expect([refused.statusCode, codeOf(refused)]).toEqual([503, 'TRY_LATER']);
    await way.restore();
    expect(await health()).toEqual([200, 'ok']);
    expect(codeOf(await signIn(away, 'A017', 'wrong'))).toBe('WRONG_PASSWORD');
  });
});
