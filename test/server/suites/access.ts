import { constants, createPublicKey, publicEncrypt, randomBytes, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, vi } from 'vitest';
import { failureSchema, type Session, sessionSchema } from '#shared/server/api.ts';
import { buildApp } from '../../../server/app.ts';
import type { Api } from '../../../server/http/api.ts';
import { addAccount } from '../../../server/signIn/accounts.ts';
import { lostAnswerSeconds, triesPerMinute } from '../../../server/signIn/sessions.ts';
import { hashOfSecret, readAccessToken, signAccessToken } from '../../../server/signIn/tokens.ts';
import { bearer, enrolStation, passwordOf, signInAs, type TestBank } from '../../support/bank.ts';

export const signIn = (test: TestBank, account: string, password: string, remoteAddress = randomAddress()) =>
  test.app.inject({ method: 'POST', url: '/api/v1/session', payload: { account, password }, remoteAddress });
const randomAddress = () => `10.${[1, 2, 3].map(() => Math.floor(Math.random() * 250)).join('.')}`;
export const codeOf = (response: { json(): unknown }) => failureSchema.parse(response.json()).code;

export async function newAccount(test: TestBank, role: string, team = 'T1') {
  const account = `X${randomUUID().slice(0, 8)}`;
  await addAccount(test.bank.database, { account, name: '测试', role, team, handling: 'IN_HOUSE' }, 'right password');
  return account;
}

export function accessSuite(get: () => TestBank): void {
  describe('sign-in', () => {
    it('a wrong password and an unknown account get the same answer', async () => {
      const [wrong, unknown] = [await signIn(get(), 'A017', 'wrong'), await signIn(get(), 'NOBODY', 'wrong')];
      expect([wrong.statusCode, codeOf(wrong)]).toEqual([401, 'WRONG_PASSWORD']);
      expect(unknown.json()).toEqual(wrong.json());
    });

    it('every password lies in the table as an argon2id hash of 19 MiB and two passes', async () => {
      await newAccount(get(), 'agent');
      const accounts = await get().bank.database.selectFrom('accounts').select('password_hash').execute();
      expect(accounts.length).toBeGreaterThan(2); // the demo's too
      for (const { password_hash } of accounts) expect(password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    });

    it('an access token lives for ten minutes, as the answer says, and no longer', async () => {
      const session = await signInAs(get().app, 'L002');
      const payload = session.accessToken.split('.')[1] ?? '';
      const { iat, exp } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
      expect(Math.abs(Date.now() / 1000 - iat)).toBeLessThan(60); // the real clock, not the demo's
      expect(exp - iat).toBe(600);
      expect(Date.parse(session.accessExpiresAt) - Date.parse(session.serverTime)).toBe(600_000);

      const { keys } = get().bank;
      const id = await readAccessToken(keys, session.accessToken);
      const boardWithTokenOf = async (secondsAgo: number) => {
        const token = await signAccessToken(keys, id, new Date(Date.now() - secondsAgo * 1000));
        return get().app.inject({ url: '/api/v1/board', headers: { authorization: `Bearer ${token}` } });
      };
      expect((await boardWithTokenOf(540)).statusCode).toBe(200);
      expect(codeOf(await boardWithTokenOf(601))).toBe('TOKEN_EXPIRED');
    });

    it('five wrong passwords lock the account, also for the right one, and say for how long', async () => {
      const account = await newAccount(get(), 'agent');
      for (let i = 0; i < 5; i += 1) expect(codeOf(await signIn(get(), account, 'wrong'))).toBe('WRONG_PASSWORD');
      const locked = await signIn(get(), account, 'right password');
      expect([locked.statusCode, codeOf(locked)]).toEqual([423, 'ACCOUNT_LOCKED']);
      expect(Number(locked.headers['retry-after'])).toBeGreaterThan(200);
    });

    it('ten wrong tries from one address slow it down, whatever the account', async () => {
      const address = randomAddress();
      for (let i = 0; i < 10; i += 1) await signIn(get(), `NOBODY${i}`, 'wrong', address);
      const refused = await signIn(get(), 'A017', passwordOf('A017'), address);
      expect([refused.statusCode, codeOf(refused)]).toEqual([429, 'TOO_MANY_TRIES']);
      expect((await signIn(get(), 'A017', passwordOf('A017'))).statusCode).toBe(200);
    });

    describe('a refresh token', () => {
      const renew = (refreshToken: string | undefined, station?: string) =>
        get().app.inject({
          method: 'POST',
          url: '/api/v1/session/refresh',
          payload: { refreshToken, ...(station === undefined ? {} : { station }) },
        });
      const renewed = async (token: string | undefined) => sessionSchema.parse((await renew(token)).json());
      const isOver = async (session: Session) =>
        expect(
          codeOf(
            await get().app.inject({ url: `/api/v1/directives?station=${randomUUID()}`, headers: bearer(session) }),
          ),
        ).toBe('TOKEN_EXPIRED');

      it('used again after its successor was used ends the whole session', async () => {
        const first = await signInAs(get().app, 'A021');
        const second = await renewed(first.refreshToken);
        expect(second.refreshToken).not.toBe(first.refreshToken);
        const third = await renewed(second.refreshToken);
        expect(codeOf(await renew(first.refreshToken))).toBe('NOT_SIGNED_IN');
        expect(codeOf(await renew(third.refreshToken))).toBe('NOT_SIGNED_IN');
        await isOver(third);
      });

      it('whose answer was lost is taken again, and the session goes on with the answer that arrived', async () => {
        const first = await signInAs(get().app, 'A021');
        await renewed(first.refreshToken); // lost
        await renewed(first.refreshToken); // lost too
        const arrived = await renewed(first.refreshToken);
        const next = await renewed(arrived.refreshToken);
        expect((await renew(next.refreshToken)).statusCode).toBe(200);
      });

      it('has one successor in use: a second answer to it, used by somebody else, ends the session', async () => {
        const first = await signInAs(get().app, 'A021');
        const [one, other] = [await renewed(first.refreshToken), await renewed(first.refreshToken)];
        const next = await renewed(one.refreshToken);
        expect(codeOf(await renew(other.refreshToken))).toBe('NOT_SIGNED_IN');
        expect(codeOf(await renew(next.refreshToken))).toBe('NOT_SIGNED_IN');
        await isOver(next);
      });

      it('used again half a minute later ends the session, also when its successor was never used', async () => {
        const first = await signInAs(get().app, 'A021');
        const second = await renewed(first.refreshToken);
        await get()
          .bank.database.updateTable('refresh_tokens')
          .set({ real_used_at: new Date(Date.now() - (lostAnswerSeconds + 1) * 1000) })
          .where('hash', '=', hashOfSecret(first.refreshToken ?? ''))
          .execute();
        expect(codeOf(await renew(first.refreshToken))).toBe('NOT_SIGNED_IN');
        expect(codeOf(await renew(second.refreshToken))).toBe('NOT_SIGNED_IN');
      });

      it('refused for the station is not used up', async () => {
        const foreign = await enrolStation(get(), 'T2');
        const first = await signInAs(get().app, 'A021');
        expect(codeOf(await renew(first.refreshToken, foreign.id))).toBe('NOT_ALLOWED');
        const rows = await get()
          .bank.database.selectFrom('refresh_tokens')
          .select('real_used_at')
          .where('hash', '=', hashOfSecret(first.refreshToken ?? ''))
          .execute();
        expect(rows).toEqual([{ real_used_at: null }]);
        expect((await renew(first.refreshToken)).statusCode).toBe(200);
      });

      it('sent twice at the same moment is answered twice', async () => {
        const first = await signInAs(get().app, 'A021');
        const answers = await Promise.all([renew(first.refreshToken), renew(first.refreshToken)]);
        expect(answers.map((one) => one.statusCode)).toEqual([200, 200]);
      });
    });

    it('a sign-in ends the earlier session of the account at this station, and no other', async () => {
      const [here, there] = [await enrolStation(get()), await enrolStation(get())];
      const closedPage = await signInAs(get().app, 'A021', here.id);
      const elsewhere = await signInAs(get().app, 'A021', there.id);
      const colleague = await signInAs(get().app, 'A017', here.id);
      const now = await signInAs(get().app, 'A021', here.id);
      const profile = async (session: Session, station: string) =>
        (await get().app.inject({ url: `/api/v1/stations/${station}/profile`, headers: bearer(session) })).statusCode;
      expect(await profile(closedPage, here.id)).toBe(401);
      expect(await profile(elsewhere, there.id)).toBe(200);
      expect(await profile(colleague, here.id)).toBe(200);
      expect(await profile(now, here.id)).toBe(200);
    });

    it('a browser gets its refresh token in a cookie no script reads, and only our own page may use it', async () => {
      const ask = (origin: string, url: string, cookie?: string) =>
        get().app.inject({
          method: 'POST',
          url,
          headers: { 'x-client': 'browser', origin, host: 'bank.example', ...(cookie ? { cookie } : {}) },
          payload: url.endsWith('refresh') ? {} : { account: 'A021', password: passwordOf('A021') },
        });
      const answer = await ask('http://bank.example', '/api/v1/session');
      expect(sessionSchema.parse(answer.json()).refreshToken).toBeUndefined();
      const set = String(answer.headers['set-cookie']);
      expect(set).toMatch(/HttpOnly/);
      expect(set).toMatch(/SameSite=Strict/);
      expect(set).toMatch(/Path=\/api\/v1\/session/);
      const cookie = set.split(';')[0];
      expect(codeOf(await ask('http://evil.example', '/api/v1/session/refresh', cookie))).toBe('NOT_ALLOWED');
      expect((await ask('http://bank.example', '/api/v1/session/refresh', cookie)).statusCode).toBe(200);
    });

    it('signing out ends the session at once', async () => {
      const session = await signInAs(get().app, 'L002');
      const left = await get().app.inject({ method: 'DELETE', url: '/api/v1/session', headers: bearer(session) });
      expect(left.statusCode).toBe(204);
      const board = await get().app.inject({ url: '/api/v1/board', headers: bearer(session) });
      expect(codeOf(board)).toBe('TOKEN_EXPIRED');
    });
  });

  describe('behind a balancer', () => {
    const balancer = '10.251.0.5'; // no address of randomAddress()

    /** Somebody who has guessed as often as is allowed. */
    async function guessed(address: string) {
      const tries = Array.from({ length: triesPerMinute }, () => ({ address, real_at: new Date() }));
      await get().bank.database.insertInto('tries').values(tries).execute();
    }
    /** Status of a wrong sign-in that comes over `via` with this X-Forwarded-For. */
    const wrongSignIn = async (app: Api, forwardedFor: string, via = balancer) =>
      (
        await app.inject({
          method: 'POST',
          url: '/api/v1/session',
          payload: { account: 'NOBODY', password: 'wrong' },
          remoteAddress: via,
          headers: { 'x-forwarded-for': forwardedFor },
        })
      ).statusCode;

    it('who guesses is slowed down alone, whatever header the guesser adds', async () => {
      const app = await buildApp(get().bank, { trustProxy: ['10.251.0.0/24'] });
      await guessed('192.0.2.1');
      expect(await wrongSignIn(app, '192.0.2.1')).toBe(429);
      expect(await wrongSignIn(app, '192.0.2.2')).toBe(401);
      expect(await wrongSignIn(app, '192.0.2.77, 192.0.2.1')).toBe(429); // the balancer writes the true address last
      await app.close();
    });

    it('the header of anybody else, and any header at a server that was told of no balancer, says nothing', async () => {
      const app = await buildApp(get().bank, { trustProxy: ['10.251.0.0/24'] });
      await guessed('198.51.100.1');
      expect(await wrongSignIn(app, '192.0.2.3', '198.51.100.1')).toBe(429);
      await app.close();
      await guessed(balancer);
      expect(await wrongSignIn(get().app, '192.0.2.3')).toBe(429);
    });
  });

  describe('a second person', () => {
    /** The agent A017 asks, at a station of T1. */
    async function scene(app = get().app) {
      const station = await enrolStation(get());
      const session = await signInAs(get().app, 'A017', station.id);
      const confirm = (account: string, password: string, remoteAddress = randomAddress()) =>
        app.inject({
          method: 'POST',
          url: '/api/v1/second-person',
          headers: bearer(session),
          payload: { account, password },
          remoteAddress,
        });
      return { station, confirm };
    }

    it('of the team is answered by name, gets no session, and is in the audit log', async () => {
      const { station, confirm } = await scene();
      const lead = await confirm('L002', passwordOf('L002'));
      expect([lead.statusCode, lead.json(), lead.cookies]).toEqual([200, { account: 'L002', name: '秦班长' }, []]);
      expect((await confirm('A021', passwordOf('A021'))).json()).toMatchObject({ account: 'A021' });
      const audited = await get()
        .bank.database.selectFrom('audit')
        .select(['what', 'account'])
        .where('station', '=', station.id)
        .where('what', 'like', 'second person%')
        .orderBy('id')
        .execute();
      expect(audited).toEqual(['L002', 'A021'].map((account) => ({ what: 'second person for A017', account })));
      const sessions = await get()
        .bank.database.selectFrom('sessions')
        .select('account')
        .where('station', '=', station.id)
        .execute();
      expect(sessions).toEqual([{ account: 'A017' }]);
    });

    it('is neither the agent, nor of another team, nor somebody who calls nobody, nor locked out', async () => {
      const { confirm } = await scene();
      const [auditor, gone] = [await newAccount(get(), 'auditor'), await newAccount(get(), 'agent')];
      await get().bank.database.updateTable('accounts').set({ locked: true }).where('account', '=', gone).execute();
      const codes = [
        ['A017', passwordOf('A017')],
        ['L009', passwordOf('L009')],
        [auditor, 'right password'],
        [gone, 'right password'],
        ['L009', 'wrong'],
        ['NOBODY', 'wrong'],
      ] as const;
      const answers = [];
      for (const [account, password] of codes) answers.push(codeOf(await confirm(account, password)));
      expect(answers).toEqual([
        ...['SAME_PERSON', 'NOT_OF_TEAM', 'NOT_OF_TEAM', 'ACCOUNT_LOCKED'],
        ...['WRONG_PASSWORD', 'WRONG_PASSWORD'], // which accounts exist, and where, is told to nobody
      ]);
    });

    it('counts as a sign-in: five wrong passwords lock the account, ten tries slow the address down', async () => {
      const { confirm } = await scene();
      const [account, address] = [await newAccount(get(), 'lead'), randomAddress()];
      for (let i = 0; i < 5; i += 1) expect(codeOf(await confirm(account, 'wrong', address))).toBe('WRONG_PASSWORD');
      expect(codeOf(await confirm(account, 'right password'))).toBe('ACCOUNT_LOCKED');
      expect(codeOf(await signIn(get(), account, 'right password'))).toBe('ACCOUNT_LOCKED');
      for (let i = 0; i < 5; i += 1) await confirm(`NOBODY${i}`, 'wrong', address);
      expect(codeOf(await confirm('L002', passwordOf('L002'), address))).toBe('TOO_MANY_TRIES');
    });

    it('is not in a log, nor the password; what is no account or too long is refused', async () => {
      const log: string[] = [];
      const app = await buildApp(get().bank, { log: { write: (line) => void log.push(line) } });
      const { confirm } = await scene(app);
      await confirm('L002', passwordOf('L002'));
      await confirm('L002', 'a slip of the fingers');
      expect(codeOf(await confirm('', 'x'))).toBe('BAD_REQUEST');
      expect(codeOf(await confirm('L002', 'x'.repeat(201)))).toBe('BAD_REQUEST');
      expect(codeOf(await confirm('L002', 'x'.repeat(400_000)))).toBe('TOO_LARGE');
      await app.close();
      expect(log.join()).toContain('/api/v1/second-person');
      expect(log.join()).not.toMatch(/L002|秦|huifang-l002|a slip/);
    });
  });

  describe('stations', () => {
    it('an enrolment code works once', async () => {
      const code = await get().enrolmentCode();
      const enrol = () =>
        get().app.inject({
          method: 'POST',
          url: '/api/v1/stations',
          payload: { code, name: 's', publicKey: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' } },
        });
      const answers = await Promise.all([enrol(), enrol()]);
      expect(answers.map((one) => one.statusCode).sort()).toEqual([200, 403]);
    });

    it('an enrolment code works for 24 hours', async () => {
      const [inTime, late] = [await get().enrolmentCode(), await get().enrolmentCode()];
      const enrol = (code: string) =>
        get().app.inject({
          method: 'POST',
          url: '/api/v1/stations',
          payload: { code, name: 's', publicKey: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' } },
          remoteAddress: randomAddress(),
        });
      const made = Date.now();
      vi.useFakeTimers({ toFake: ['Date'] });
      try {
        vi.setSystemTime(made + 24 * 3_600_000 - 60_000);
        expect((await enrol(inTime)).statusCode).toBe(200);
        vi.setSystemTime(made + 24 * 3_600_000);
        expect(codeOf(await enrol(late))).toBe('ENROLMENT_CODE_WRONG');
      } finally {
        vi.useRealTimers();
      }
    });

    describe('the data key of a browser', () => {
      /** As a station wraps it: RSA-OAEP-256 with the server's recovery key. */
      const wrap = (dataKey: Buffer) => {
        const { kty, n, e } = get().bank.keys.recovery;
        const key = createPublicKey({ key: { kty, n, e }, format: 'jwk' });
        const padding = constants.RSA_PKCS1_OAEP_PADDING;
        return publicEncrypt({ key, padding, oaepHash: 'sha256' }, dataKey).toString('base64');
      };
      const unwrap = (session: Session, station: string, wrapped: string) =>
        get().app.inject({
          method: 'POST',
          url: `/api/v1/stations/${station}/data-key`,
          headers: bearer(session),
          payload: { wrapped },
        });

      it('is unwrapped as often as its page is loaded, by whoever signed in at this station', async () => {
        const station = await enrolStation(get());
        const dataKey = randomBytes(32);
        const wrapped = wrap(dataKey);
        for (const account of ['A017', 'A021', 'A017']) {
          const answer = await unwrap(await signInAs(get().app, account, station.id), station.id, wrapped);
          expect(answer.json()).toEqual({ dataKey: dataKey.toString('base64') });
        }
      });

      it('is not unwrapped for a session at another station, or at none', async () => {
        const [here, there] = [await enrolStation(get()), await enrolStation(get())];
        const wrapped = wrap(randomBytes(32));
        for (const station of [there.id, undefined]) {
          const session = await signInAs(get().app, 'A017', station);
          expect(codeOf(await unwrap(session, here.id, wrapped))).toBe('NOT_ALLOWED');
        }
      });

      it('out of a foreign export is refused, at a station with a key and at a new one, and the audit log says so', async () => {
        const [owner, second] = [await enrolStation(get()), await enrolStation(get())];
        const [owned, seconds] = [wrap(randomBytes(32)), wrap(randomBytes(32))];
        const atOwner = await signInAs(get().app, 'A017', owner.id);
        const atSecond = await signInAs(get().app, 'A021', second.id);
        expect((await unwrap(atOwner, owner.id, owned)).statusCode).toBe(200);
        expect(codeOf(await unwrap(atSecond, second.id, owned))).toBe('NOT_ALLOWED'); // has none yet
        expect((await unwrap(atSecond, second.id, seconds)).statusCode).toBe(200);
        expect(codeOf(await unwrap(atSecond, second.id, wrap(randomBytes(32))))).toBe('NOT_ALLOWED');
        const audited = await get()
          .bank.database.selectFrom('audit')
          .select(['what', 'account'])
          .where('station', '=', second.id)
          .where('what', 'like', 'data key%')
          .orderBy('id')
          .execute();
        expect(audited).toEqual(
          ['refused', 'unwrapped', 'refused'].map((what) => ({ what: `data key ${what}`, account: 'A021' })),
        );
      });

      it('goes with a browser that enrols again after its station was revoked; nonsense binds nothing', async () => {
        const before = await enrolStation(get());
        const wrapped = wrap(randomBytes(32));
        expect((await unwrap(await signInAs(get().app, 'A017', before.id), before.id, wrapped)).statusCode).toBe(200);
        await get()
          .bank.database.updateTable('stations')
          .set({ real_revoked_at: new Date() })
          .where('id', '=', before.id)
          .execute();
        const after = await enrolStation(get());
        const session = await signInAs(get().app, 'A017', after.id);
        const nonsense = randomBytes(384).toString('base64');
        expect(codeOf(await unwrap(session, after.id, nonsense))).toBe('BAD_REQUEST');
        expect((await unwrap(session, after.id, wrapped)).statusCode).toBe(200);
      });
    });
  });

  describe('answers', () => {
    it('carry the headers that keep pages apart, and are never kept', async () => {
      const { headers } = await get().app.inject({ url: '/api/v1/board' });
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        'x-frame-options': 'DENY',
      });
      const preflight = (origin: string) =>
        get().app.inject({
          method: 'OPTIONS',
          url: '/api/v1/leases',
          headers: { origin, 'access-control-request-method': 'POST' },
        });
      expect((await preflight('app://huifang')).headers['access-control-allow-origin']).toBe('app://huifang');
      expect((await preflight('http://evil.example')).headers['access-control-allow-origin']).toBeUndefined();
    });

    it('to nonsense are a sentence in both languages', async () => {
      const answers = await Promise.all([
        get().app.inject({
          method: 'POST',
          url: '/api/v1/session',
          payload: '{"account":',
          headers: { 'content-type': 'application/json' },
        }),
        get().app.inject({ method: 'POST', url: '/api/v1/session', payload: { account: 'A', password: 'b', more: 1 } }),
        get().app.inject({
          method: 'POST',
          url: '/api/v1/session',
          payload: { account: 'A', password: 'b'.repeat(400_000) },
        }),
        get().app.inject({ url: '/api/v1/nothing' }),
      ]);
      expect(answers.map((one) => [one.statusCode, codeOf(one)])).toEqual([
        [400, 'BAD_REQUEST'],
        [400, 'BAD_REQUEST'],
        [413, 'TOO_LARGE'],
        [404, 'NOT_FOUND'],
      ]);
    });

    it('a client that never finishes its request is cut off with a sentence, and others are served meanwhile', async () => {
      const app = await buildApp(get().bank, { requestMs: 500 });
      const origin = await app.listen({ port: 0, host: '127.0.0.1' });
      const slow = connect(Number(new URL(origin).port), '127.0.0.1');
      const answered = text(slow);
      const head = ['POST /api/v1/session HTTP/1.1', 'host: x', 'content-type: application/json', 'content-length: 50'];
      slow.write(`${head.join('\r\n')}\r\n\r\n{"account":`);
      let served = 0;
      let over = false;
      void answered.then(() => {
        over = true;
      });
      while (!over) {
        expect((await fetch(`${origin}/health`)).status).toBe(200);
        served += 1;
      }
      expect(served).toBeGreaterThan(0);
      const [headers = '', body = ''] = (await answered).split('\r\n\r\n');
      expect(headers).toMatch(/^HTTP\/1\.1 408 /);
      expect(failureSchema.parse(JSON.parse(body))).toMatchObject({
        code: 'TRY_LATER',
        sentence: { en: expect.stringContaining('not complete in time') },
      });
      await app.close();
    });

    it('/health says which database, and that it is a demo', async () => {
      expect((await get().app.inject({ url: '/health' })).json()).toMatchObject({ status: 'ok', demo: true });
    });
  });
}
