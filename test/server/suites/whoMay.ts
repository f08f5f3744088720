import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { failureSchema, roles, type Session, sessionSchema } from '#shared/server/api.ts';
import {
  batchText,
  bearer,
  enrolStation,
  passwordOf,
  postBatch,
  signInAs,
  type TestBank,
  type TestStation,
  writeJournal,
} from '../../support/bank.ts';
import { codeOf, newAccount, signIn } from './access.ts';

export function whoMaySuite(get: () => TestBank): void {
  describe('who may do what', () => {
    const guarded = [
      { method: 'GET', url: '/api/v1/board', roles: ['lead', 'manager'] },
      { method: 'GET', url: '/api/v1/directives?station=STATION', roles: ['agent', 'lead'] },
      { method: 'GET', url: '/api/v1/stations/STATION/profile', roles: ['agent', 'lead'] },
      { method: 'POST', url: '/api/v1/stations/STATION/data-key', roles: ['agent', 'lead'] },
      { method: 'POST', url: '/api/v1/leases', roles: ['agent'] },
      { method: 'POST', url: '/api/v1/leases/return', roles: ['agent'] },
      { method: 'POST', url: '/api/v1/presence', roles: ['agent', 'lead'] },
      { method: 'POST', url: '/api/v1/second-person', roles: ['agent'] },
      { method: 'POST', url: '/api/v1/board/settled', roles: ['lead', 'manager'] },
      { method: 'GET', url: '/api/v1/board/stream', roles: ['lead', 'manager'] },
    ] as const;

    it('every route but sign-in, enrolment and the stations’ own is in the table of this test', async () => {
      const { paths } = (await get().app.inject({ url: '/openapi.json' })).json<{
        paths: Record<string, Record<string, unknown>>;
      }>();
      const described = Object.entries(paths).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
      );
      const known = [
        'POST /api/v1/session',
        'DELETE /api/v1/session',
        'POST /api/v1/session/refresh',
        'POST /api/v1/stations',
        'GET /health',
        ...guarded.map(({ method, url }) => `${method} ${url.split('?')[0]!.replace('STATION', '{station}')}`),
        'POST /api/v1/journals/{journal}/batches',
        'GET /api/v1/journals/{journal}/head',
      ];
      expect(described.sort()).toEqual(known.sort());
    });

    it('each role reaches its own routes only, and nobody without a token', async () => {
      const station = await enrolStation(get());
      const sessions = new Map<string, string>();
      for (const role of roles) {
        const response = await signIn(get(), await newAccount(get(), role), 'right password');
        sessions.set(role, sessionSchema.parse(response.json()).accessToken);
      }
      for (const route of guarded) {
        const url = route.url.replace('STATION', station.id);
        const ask = (headers: Record<string, string>) =>
          get().app.inject({ method: route.method, url, headers, ...(route.method === 'POST' ? { payload: {} } : {}) });
        expect([url, codeOf(await ask({}))]).toEqual([url, 'NOT_SIGNED_IN']);
        for (const [role, token] of sessions) {
          const may = (route.roles as readonly string[]).includes(role);
          if (may && url.endsWith('/stream')) continue; // it does not end by itself; tested with the board
          const { statusCode } = await ask({ authorization: `Bearer ${token}` });
          expect([route.method, url, role, statusCode === 403]).toEqual([route.method, url, role, !may]);
        }
      }
    });

    /** Everything that names a station, as one of its agents asks it; its code, by request. */
    async function refusalsOf(station: TestStation, session: Session): Promise<Record<string, string>> {
      const presence = {
        ...{ station: station.id, state: 'AVAILABLE', since: new Date().toISOString() },
        ...{ unsent: 0, oldestUnsentAt: null, line: 'REGISTERED' },
      };
      const journal = writeJournal({ agent: 'A017' });
      const batch = batchText(station.id, journal.journal, [journal.entry('break.ended', {})]);
      const head = `/api/v1/journals/${journal.journal}/head`;
      const now = get().bank.clock.now().toISOString();
      const signed = {
        'x-station': station.id,
        'x-station-time': now,
        'x-station-signature': station.sign(`GET ${head}\n${now}`),
      };
      const { app } = get();
      const ask = (url: string, payload?: object) =>
        app.inject({
          ...(payload === undefined ? {} : { method: 'POST', payload }),
          url: `/api/v1${url}`,
          headers: bearer(session),
        });
      const asked = {
        signIn: ask('/session', { account: 'A017', password: passwordOf('A017'), station: station.id }),
        refresh: ask('/session/refresh', { refreshToken: session.refreshToken, station: station.id }),
        profile: ask(`/stations/${station.id}/profile`),
        dataKey: ask(`/stations/${station.id}/data-key`, { wrapped: '' }),
        directives: ask(`/directives?station=${station.id}`),
        leases: ask('/leases', { station: station.id, most: 5 }),
        return: ask('/leases/return', { station: station.id }),
        presence: ask('/presence', presence),
        batch: postBatch(app, station, journal.journal, batch),
        head: app.inject({ url: head, headers: signed }),
      };
      const codes: Record<string, string> = {};
      for (const [name, answer] of Object.entries(asked)) {
        const { statusCode, body } = await answer;
        codes[name] = statusCode < 300 ? 'taken' : failureSchema.parse(JSON.parse(body)).code;
      }
      return codes;
    }
    const all = (code: string) => ({
      ...{ signIn: code, refresh: code, profile: code, dataKey: code, directives: code },
      ...{ leases: code, return: code, presence: code, batch: code, head: code },
    });

    it('a station of another team cannot be used, read or leased for; what it recorded is taken from it alone', async () => {
      const foreign = await enrolStation(get(), 'T2');
      const codes = await refusalsOf(foreign, await signInAs(get().app, 'A017'));
      expect(codes).toEqual({ ...all('NOT_ALLOWED'), batch: 'taken', head: 'taken' });
    });

    it('a station nobody enrolled is refused on every route that names one', async () => {
      const unknown = { ...(await enrolStation(get())), id: randomUUID() };
      expect(await refusalsOf(unknown, await signInAs(get().app, 'A017'))).toEqual(all('STATION_UNKNOWN'));
    });

    describe('a revoked station', () => {
      const revoke = (station: string) =>
        get()
          .bank.database.updateTable('stations')
          .set({ real_revoked_at: new Date() })
          .where('id', '=', station)
          .execute();

      it('is refused on every route that names one, whether the session is its own or another’s', async () => {
        const station = await enrolStation(get());
        const [here, elsewhere] = [await signInAs(get().app, 'A017', station.id), await signInAs(get().app, 'A021')];
        await revoke(station.id);
        expect(await refusalsOf(station, here)).toEqual(all('STATION_REVOKED'));
        expect(await refusalsOf(station, elsewhere)).toEqual(all('STATION_REVOKED'));
      });

      it('shows no board any more to the lead who signed in there, and its stream of the board ends', async () => {
        const station = await enrolStation(get());
        const lead = await signInAs(get().app, 'L002', station.id);
        const url = '/api/v1/board/stream';
        const streaming = await get().app.inject({ url, headers: bearer(lead), payloadAsStream: true });
        expect(streaming.statusCode).toBe(200);
        await revoke(station.id);
        await text(streaming.stream()); // resolves only because the stream ended
        const board = await get().app.inject({ url: '/api/v1/board', headers: bearer(lead) });
        expect(codeOf(board)).toBe('STATION_REVOKED');
      });
    });

    it('a lead sees the board of the own team only', async () => {
      const board = await get().app.inject({
        url: '/api/v1/board',
        headers: bearer(await signInAs(get().app, 'L009')),
      });
      expect(board.json()).toMatchObject({ team: 'T2', queue: [], agents: [{ account: 'A091' }] });
    });
  });
}
