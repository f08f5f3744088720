/** Each command of the bank's command line as an administrator runs it, beside a running server: what it changes is asked of that server. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseSchema } from '#shared/case/case.ts';
import {
  directivesSchema,
  failureSchema,
  type Session,
  sessionSchema,
  stationProfileSchema,
} from '#shared/server/api.ts';
import {
  bearer,
  enrolStation,
  leaseFor,
  signInAs,
  startBank,
  type TestBank,
  type TestStation,
} from '../support/bank.ts';
import { bankCommand } from '../support/bankCommand.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';

let postgres: Postgres;
let test: TestBank;
let url: string;

beforeAll(async () => {
  postgres = await startPostgres();
  url = await postgres.createDatabase();
  test = await startBank({ listen: false, database: { type: 'postgresql', url } });
});
afterAll(async () => {
  await test?.stop();
  await postgres?.stop();
});

/** Runs a command that has to succeed, and gives what it said. */
async function run(args: readonly string[], input?: string): Promise<string> {
  const { code, out } = await bankCommand(url, args, input);
  if (code !== 0) throw new Error(`${args.join(' ')}: ${out}`);
  return out.trim();
}

const codeOf = (response: { json(): unknown }) => failureSchema.parse(response.json()).code;
const ask = (path: string, session: Session) => test.app.inject({ url: `/api/v1${path}`, headers: bearer(session) });
const signIn = (account: string, password: string, station?: string) =>
  test.app.inject({ method: 'POST', url: '/api/v1/session', payload: { account, password, station } });
const profileAt = async (station: string) =>
  stationProfileSchema.parse(
    (await ask(`/stations/${station}/profile`, await signInAs(test.app, 'A017', station))).json(),
  );
/** A station as an administrator makes one: no practice, no line yet. */
const enrolledBy = (code: string) => enrolStation({ app: test.app, enrolmentCode: async () => code });

describe('accounts', () => {
  const account = 'B001';
  beforeAll(() => run(['accounts', 'add', account, '新人', 'agent', 'T1'], 'first password\n'));

  it('password: the new one alone is taken, the lock of wrong tries and every session are over', async () => {
    const session = sessionSchema.parse((await signIn(account, 'first password')).json());
    for (let i = 0; i < 5; i += 1) await signIn(account, 'guessed');
    expect(codeOf(await signIn(account, 'first password'))).toBe('ACCOUNT_LOCKED');
    await run(['accounts', 'password', account], 'second password\n');
    expect(codeOf(await ask(`/directives?station=${randomUUID()}`, session))).toBe('TOKEN_EXPIRED');
    expect(codeOf(await signIn(account, 'first password'))).toBe('WRONG_PASSWORD');
    expect((await signIn(account, 'second password')).statusCode).toBe(200);
  });

  it('lock: nobody signs in and no session goes on, until --open', async () => {
    const session = sessionSchema.parse((await signIn(account, 'second password')).json());
    await run(['accounts', 'lock', account]);
    expect(await run(['accounts', 'list'])).toMatch(/^B001 .*locked$/m);
    expect(codeOf(await ask(`/directives?station=${randomUUID()}`, session))).toBe('TOKEN_EXPIRED');
    expect(codeOf(await signIn(account, 'second password'))).toBe('ACCOUNT_LOCKED');
    await run(['accounts', 'lock', account, '--open']);
    expect((await signIn(account, 'second password')).statusCode).toBe(200);
    expect(codeOf(await ask(`/directives?station=${randomUUID()}`, session))).toBe('TOKEN_EXPIRED');
  });
});

describe('stations', () => {
  it('enrol-code: one station of that team enrols with what it printed, for practice only with --practice; list names them', async () => {
    const [code, practiceCode] = await Promise.all([
      run(['stations', 'enrol-code', 'T1']),
      run(['stations', 'enrol-code', 'T1', '--practice']),
    ]);
    const [station, practice] = [await enrolledBy(code), await enrolledBy(practiceCode)];
    await expect(enrolledBy(code)).rejects.toThrow('ENROLMENT_CODE_WRONG');
    expect(await profileAt(station.id)).toMatchObject({ practice: false, line: null, records: false });
    expect(await profileAt(practice.id)).toMatchObject({ practice: true });
    const codes = await test.bank.database.selectFrom('enrolment_codes').select('real_expires_at').execute();
    for (const { real_expires_at } of codes)
      expect(Math.abs(real_expires_at.getTime() - Date.now() - 24 * 3_600_000)).toBeLessThan(10 * 60_000);
    const list = (await run(['stations', 'list'])).split('\n');
    expect(list).toContain(`${station.id} T1     no line`);
    expect(list).toContain(`${practice.id} T1     practice`);
  });

  it('revoke: the station is refused, and what it held is leased to others', async () => {
    const station = await enrolStation(test);
    const session = await signInAs(test.app, 'A017', station.id);
    const held = (await leaseFor(test.app, session, station, 3)).leases;
    expect(held.length).toBe(3);
    await run(['stations', 'revoke', station.id]);
    expect(codeOf(await ask(`/stations/${station.id}/profile`, session))).toBe('STATION_REVOKED');
    expect(await run(['stations', 'list'])).toMatch(new RegExp(`^${station.id} .*revoked$`, 'm'));
    const other = await enrolStation(test);
    const taken = (await leaseFor(test.app, await signInAs(test.app, 'A021', other.id), other, 50)).leases;
    expect(taken.map(({ person }) => person)).toEqual(expect.arrayContaining(held.map(({ person }) => person)));
    await run(['stations', 'revoke', other.id]); // the others' tests find all cases free
  });

  describe('the line', () => {
    let station: TestStation;
    beforeAll(async () => {
      station = await enrolledBy(await run(['stations', 'enrol-code', 'T1']));
      await run(
        [
          ...['stations', 'line', station.id, '--proxies', 'wss://sip1.bank.example,wss://sip2.bank.example'],
          ...['--domain', 'bank.example', '--user', '1017', '--expires', '2026-12-01T08:00:00+08:00'],
          ...['--echo', '9196', '--records'],
        ],
        'geheim-1\n',
      );
      await run(
        [
          ...['stations', 'voice', station.id, '--stun', 'stun:stun.bank.example:3478'],
          ...['--turn', 'turns:turn.bank.example:5349', '--turn-user', 'agents', '--relay-only'],
        ],
        'turn-geheim\n',
      );
    });

    const given = {
      proxies: ['wss://sip1.bank.example', 'wss://sip2.bank.example'],
      domain: 'bank.example',
      user: '1017',
      iceServers: [
        { urls: 'stun:stun.bank.example:3478' },
        { urls: 'turns:turn.bank.example:5349', username: 'agents', credential: 'turn-geheim' },
      ],
      relayOnly: true,
      echoNumber: '9196',
    };

    it('is read by the station as it was given', async () => {
      const { line, records } = await profileAt(station.id);
      expect(line).toEqual({ ...given, password: 'geheim-1', expiresAt: '2026-12-01T08:00:00+08:00' });
      expect(records).toBe(true);
      expect(await run(['stations', 'list'])).toMatch(new RegExp(`^${station.id} T1 +line$`, 'm'));
    });

    it('keeps all that is not named when its next password is given; the end belongs to the password', async () => {
      const end = '2026-12-08T08:00:00+08:00';
      await run(['stations', 'line', station.id, '--expires', end], 'geheim-2\n');
      expect(await profileAt(station.id)).toMatchObject({ records: true });
      expect((await profileAt(station.id)).line).toEqual({ ...given, password: 'geheim-2', expiresAt: end });
      await run(['stations', 'line', station.id], 'geheim-3\n');
      expect((await profileAt(station.id)).line).toEqual({ ...given, password: 'geheim-3', expiresAt: null });
    });

    it('changes what is named, and takes back what is said to be none', async () => {
      await run(['stations', 'line', station.id, '--user', '1018', '--echo', 'none', '--no-records'], 'geheim-4\n');
      const { echoNumber: _none, ...rest } = given;
      const { line, records } = await profileAt(station.id);
      expect(line).toEqual({ ...rest, user: '1018', password: 'geheim-4', expiresAt: null });
      expect(records).toBe(false);
      await run(['stations', 'voice', station.id]);
      expect((await profileAt(station.id)).line).toMatchObject({ user: '1018', iceServers: [], relayOnly: false });
    });

    it('of a station that has none yet wants all of it', async () => {
      const bare = await enrolledBy(await run(['stations', 'enrol-code', 'T1']));
      const refused = await bankCommand(url, ['stations', 'line', bare.id, '--user', '1017'], 'geheim\n');
      expect(refused).toMatchObject({ code: 1, out: expect.stringContaining('a domain and a user are needed') });
      expect((await profileAt(bare.id)).line).toBeNull();
    });
  });

  it('internal and call-waiting: the station reads them, and no name is nobody', async () => {
    const station = await enrolledBy(await run(['stations', 'enrol-code', 'T1']));
    await run(['stations', 'internal', station.id, '8001=授信值班/Credit desk', '8002=投诉处理']);
    await run(['stations', 'call-waiting', station.id, 'busy', 'ring']);
    const profile = await profileAt(station.id);
    expect(profile.internalNumbers).toEqual([
      { number: '8001', name: { zh: '授信值班', en: 'Credit desk' } },
      { number: '8002', name: { zh: '投诉处理', en: '投诉处理' } },
    ]);
    expect(profile.callWaiting).toEqual({ preview: 'BUSY', wrapUp: 'RING' });
    await run(['stations', 'internal', station.id]);
    expect(await profileAt(station.id)).not.toHaveProperty('internalNumbers');
  });
});

describe('directives', () => {
  let station: TestStation;
  let session: Session;
  beforeAll(async () => {
    station = await enrolStation(test);
    session = await signInAs(test.app, 'A017', station.id);
  });

  const leased = async () => (await leaseFor(test.app, session, station, 50)).leases;
  const casesOf = (leases: Awaited<ReturnType<typeof leased>>) =>
    leases.flatMap((lease) => lease.cases.map((one) => caseSchema.parse(one)));
  /** What the station hears, without ids and times. */
  async function heard(as = session): Promise<unknown[]> {
    const answer = directivesSchema.parse((await ask(`/directives?station=${station.id}`, as)).json());
    return answer.directives.map(({ order, reason }) => ({ ...order, reason }));
  }

  it('revoke: the holder hears which lease, and the person comes with the next epoch', async () => {
    const before = (await leased()).find(({ person }) => person === 'P-DEMO-07')!;
    await run(['directives', 'revoke', 'P-DEMO-07', '另有安排']);
    expect(await heard()).toContainEqual({
      type: 'LEASE_REVOKED',
      person: 'P-DEMO-07',
      epoch: before.epoch,
      reason: '另有安排',
    });
    expect(await heard(await signInAs(test.app, 'A021', station.id))).toEqual([]);
    const after = (await leased()).find(({ person }) => person === 'P-DEMO-07')!;
    expect(after.epoch).toBe(before.epoch + 1);
  });

  it('withdraw: the case is leased no more, its stations hear of it', async () => {
    expect(casesOf(await leased()).map(({ id }) => id)).toContain('DEMO-08');
    await run(['directives', 'withdraw', 'DEMO-08', '客户撤回申请']);
    expect(await heard()).toContainEqual({ type: 'CASE_WITHDRAWN', caseId: 'DEMO-08', reason: '客户撤回申请' });
    expect(casesOf(await leased()).map(({ id }) => id)).not.toContain('DEMO-08');
    const state = await test.bank.database
      .selectFrom('case_states')
      .select('status')
      .where('case_id', '=', 'DEMO-08')
      .executeTakeFirstOrThrow();
    expect(state.status).toBe('WITHDRAWN');
  });

  it('do-not-call: every contact of that number comes barred, however it is written', async () => {
    const statuses = async () =>
      casesOf(await leased()).flatMap(({ contacts }) =>
        contacts.filter(({ number }) => number.replaceAll('-', '') === '15400000007').map(({ status }) => status),
      );
    expect(await statuses()).not.toContain('DO_NOT_CALL');
    await run(['directives', 'do-not-call', '154-0000-0007', '本人要求']);
    expect(await heard()).toContainEqual({ type: 'DO_NOT_CALL', number: '15400000007', reason: '本人要求' });
    expect(new Set(await statuses())).toEqual(new Set(['DO_NOT_CALL']));
  });

  it('recall-script: stations hear which version', async () => {
    await run(['directives', 'recall-script', 'borrower', '3']);
    expect(await heard()).toContainEqual({ type: 'SCRIPT_RECALLED', script: 'borrower', version: 3, reason: '' });
  });

  it('sign-out: the sessions of the agent are over and the station hears it; a colleague’s goes on', async () => {
    const colleague = await signInAs(test.app, 'A021', station.id);
    await run(['directives', 'sign-out', 'A017', '下班']);
    expect(codeOf(await ask(`/directives?station=${station.id}`, session))).toBe('TOKEN_EXPIRED');
    const order = { type: 'SIGN_OUT', reason: '下班' };
    expect(await heard(await signInAs(test.app, 'A017', station.id))).toContainEqual(order);
    expect(await heard(colleague)).not.toContainEqual(order);
  });
});
