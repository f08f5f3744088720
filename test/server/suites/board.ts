import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { CallResult } from '#shared/call/callResult.ts';
import type { Case } from '#shared/case/case.ts';
import { type Board, boardSchema, type Session } from '#shared/server/api.ts';
import { generateCases } from '../../../server/demo/generate.ts';
import { importCases } from '../../../server/leases/importCases.ts';
import { rebuild } from '../../../server/projections/rebuild.ts';
import {
  batchText,
  bearer,
  enrolStation,
  sendBatch,
  signInAs,
  type TestBank,
  writeJournal,
} from '../../support/bank.ts';

export function boardSuite(get: () => TestBank): void {
  describe('the board', () => {
    it('keeps the last word of a station that fell silent, and says that it is not connected', async () => {
      const { app, bank } = get();
      const station = await enrolStation(get());
      const agent = await signInAs(app, 'A021', station.id);
      const now = bank.clock.now();
      const presence = {
        station: station.id,
        state: 'ON_CALL',
        since: now.toISOString(),
        caseId: 'DEMO-01-B',
        step: 'borrower.employer',
        unsent: 7,
        oldestUnsentAt: now.toISOString(),
        line: 'REGISTERED',
      };
      const said = await app.inject({
        method: 'POST',
        url: '/api/v1/presence',
        headers: bearer(agent),
        payload: presence,
      });
      expect(said.statusCode).toBe(204);
      const lead = await signInAs(app, 'L002');
      const board = async () =>
        boardSchema.parse((await app.inject({ url: '/api/v1/board', headers: bearer(lead) })).json());
      const row = async () => (await board()).agents.find((one) => one.account === 'A021');
      expect(await row()).toMatchObject({ connected: true, unsent: 7, respondent: '甄*例', state: 'ON_CALL' });
      await bank.database
        .updateTable('presence')
        .set({ heard_at: new Date(now.getTime() - 16_000) })
        .execute();
      expect(await row()).toMatchObject({ connected: false, unsent: 7, signedIn: true });
      expect((await board()).agents[0]?.account).toBe('A021'); // silent with unsent entries: first
    });

    it('shows an agent as signed in while a session lives: not one that was left, ran out, or is of a revoked station', async () => {
      const { app, bank } = get();
      const station = await enrolStation(get());
      const lead = await signInAs(app, 'L002');
      const isSignedIn = async () =>
        boardSchema
          .parse((await app.inject({ url: '/api/v1/board', headers: bearer(lead) })).json())
          .agents.find((one) => one.account === 'A021')?.signedIn;
      const sessions = () => bank.database.updateTable('sessions').where('account', '=', 'A021');
      await sessions().set({ real_revoked_at: new Date() }).execute();
      expect(await isSignedIn()).toBe(false);

      await signInAs(app, 'A021', station.id); // a page that was closed
      const again = await signInAs(app, 'A021', station.id);
      expect(await isSignedIn()).toBe(true);
      await app.inject({ method: 'DELETE', url: '/api/v1/session', headers: bearer(again) });
      expect(await isSignedIn()).toBe(false);

      await signInAs(app, 'A021', station.id);
      await sessions()
        .set({ real_expires_at: new Date(0) })
        .execute();
      expect(await isSignedIn()).toBe(false);

      await signInAs(app, 'A021', station.id);
      expect(await isSignedIn()).toBe(true);
      const revoked = { real_revoked_at: new Date() };
      await bank.database.updateTable('stations').set(revoked).where('id', '=', station.id).execute();
      expect(await isSignedIn()).toBe(false);
    });

    it('counts as calls what was dialled and may have rung: nothing that came in, no fault of the station', async () => {
      const { app } = get();
      const station = await enrolStation(get());
      const lead = await signInAs(app, 'L002');
      const figures = async () => {
        const { today, trend } = boardSchema.parse(
          (await app.inject({ url: '/api/v1/board', headers: bearer(lead) })).json(),
        );
        const sum = (of: 'attempts' | 'answered') => trend.reduce((total, slot) => total + slot[of], 0);
        expect([sum('attempts'), sum('answered')]).toEqual([today.attempts, today.answered]);
        return [today.attempts, today.answered];
      };
      const [attempts, answered] = (await figures()) as [number, number];
      const journal = writeJournal({ agent: 'A021', at: () => get().bank.clock.now() });
      const call = (direction: 'in' | 'out', confirmed: CallResult) => {
        const attempt = randomUUID();
        const callResult = { rule: 'test', confirmed };
        return [
          journal.entry('attempt.started', { attempt, direction, number: '15400000007' }),
          journal.entry('disposition.recorded', { attempt, callResult, flags: [], note: '', by: 'AGENT' }),
        ];
      };
      const entries = [
        ...call('out', 'ANSWERED'),
        ...call('out', 'NO_ANSWER'),
        ...call('out', 'STATION_FAULT'),
        ...call('in', 'MISSED_INCOMING'),
        ...call('in', 'ANSWERED'),
      ];
      await sendBatch(app, station, journal.journal, batchText(station.id, journal.journal, entries));
      expect(await figures()).toEqual([attempts + 2, answered + 1]);
    });

    describe('what a lead has to look at', () => {
      type Row = Board['exceptions'][number];
      const rows = async (lead: Session, query = '?knows=followUps'): Promise<Row[]> =>
        boardSchema.parse((await get().app.inject({ url: `/api/v1/board${query}`, headers: bearer(lead) })).json())
          .exceptions;
      const settle = (lead: Session, row: Pick<Row, 'id' | 'at'>, reason = '已回电客户') =>
        get().app.inject({
          method: 'POST',
          url: '/api/v1/board/settled',
          headers: bearer(lead),
          payload: { id: row.id, at: row.at, reason },
        });
      const newest = () => new Date(get().bank.clock.now().getTime() + 1000);
      const journalOf = async (at = newest) => {
        const station = await enrolStation(get());
        const journal = writeJournal({ agent: 'A021', at });
        const send = (...entries: unknown[]) =>
          sendBatch(get().app, station, journal.journal, batchText(station.id, journal.journal, entries));
        return { ...journal, send };
      };
      type Journal = Awaited<ReturnType<typeof journalOf>>;
      const result = (journal: Journal, attempt: string, confirmed: CallResult, code?: string) =>
        journal.entry('disposition.recorded', {
          attempt,
          callResult: { rule: 'test', confirmed },
          ...(code === undefined ? {} : { disposition: { code, evidence: {} } }),
          ...{ flags: [], note: '', by: 'AGENT' },
        });

      it('is settled once with a reason by a lead of the team; for good, also after a rebuild', async () => {
        const { app, bank } = get();
        const lead = await signInAs(app, 'L002');
        const journal = await journalOf();
        await journal.send(
          result(journal, randomUUID(), 'ANSWERED', 'COMPLAINT'),
          journal.entry('help.asked', { attempt: randomUUID(), step: 'borrower.employer' }),
        );
        const mine = async () => (await rows(lead)).filter(({ id }) => id.includes(journal.journal));
        const [help, complaint] = (await mine()) as [Row, Row];
        expect([help.type, complaint.type]).toEqual(['HELP', 'COMPLAINT']);
        const codes = async (response: ReturnType<typeof settle>) => (await response).statusCode;
        expect(await codes(settle(await signInAs(app, 'L009'), complaint))).toBe(404);
        expect(await codes(settle(lead, complaint, ' '))).toBe(400);
        expect(await codes(settle(lead, { ...complaint, at: '2026-01-01T00:00:00Z' }))).toBe(404);
        expect(await codes(settle(lead, help))).toBe(404); // it ends with the call's result
        expect(await codes(settle(lead, complaint))).toBe(204);
        expect(await codes(settle(lead, complaint))).toBe(404);
        expect(await mine()).toEqual([help]);
        await rebuild(bank.database);
        expect(await mine()).toEqual([help]);
        const kept = await bank.database
          .selectFrom('settled_exceptions')
          .selectAll()
          .where('exception', '=', complaint.id)
          .execute();
        expect(kept).toMatchObject([{ account: 'L002', reason: '已回电客户' }]);
        const audited = bank.database.selectFrom('audit').select('account').where('what', 'like', `%${complaint.id}`);
        expect(await audited.execute()).toEqual([{ account: 'L002' }]);
      });

      it('stands again when another entry is disputed after it was settled', async () => {
        const lead = await signInAs(get().app, 'L002');
        let minutes = 0;
        const journal = await journalOf(() => new Date(newest().getTime() + minutes++ * 60_000));
        const unleased = () =>
          journal.entry('value.unmasked', { what: 'NAME' }, { caseId: 'DEMO-01-B', leaseEpoch: 99 });
        const mine = async () => (await rows(lead)).filter(({ id }) => id.includes(journal.journal));
        await journal.send(unleased());
        const [first] = (await mine()) as [Row];
        expect((await settle(lead, first)).statusCode).toBe(204);
        expect(await mine()).toEqual([]);
        await journal.send(unleased());
        const [again] = (await mine()) as [Row];
        expect(again).toMatchObject({ id: first.id, type: 'DISPUTED' });
        expect((await settle(lead, first)).statusCode).toBe(404); // not what was looked at
        expect((await settle(lead, again)).statusCode).toBe(204);
      });

      it('is a missed call nobody has called back in time, until somebody of the team does; older boards do not hear of it', async () => {
        const lead = await signInAs(get().app, 'L002');
        const now = get().bank.clock.now().getTime();
        const missed = async (journal: Journal, number: string, due: number) => {
          const attempt = randomUUID();
          const followUp = {
            kind: 'CALL_BACK_MISSED',
            due: new Date(due).toISOString(),
            rule: 'incoming.missed',
          } as const;
          await journal.send(
            journal.entry('attempt.started', { attempt, direction: 'in', number }),
            result(journal, attempt, 'MISSED_INCOMING'),
            journal.entry('followUp.requested', { attempt, followUp }),
          );
        };
        const late = async (query?: string) =>
          (await rows(lead, query)).filter(({ type }) => type === 'CALL_BACK_LATE').map(({ id }) => id.split(':')[1]);
        const [one, other, soon] = [await journalOf(), await journalOf(), await journalOf()];
        await missed(one, '15412340001', now - 1000);
        await missed(other, '15412340002', now - 2000);
        await missed(soon, '15412340003', now + 60_000);
        expect(await late()).toEqual([one.journal, other.journal]);
        expect(await late('')).toEqual([]);
        const team = await journalOf();
        const call = (confirmed: CallResult) => {
          const attempt = randomUUID();
          const start = { attempt, direction: 'out', number: '15412340001' } as const;
          return team.send(team.entry('attempt.started', start), result(team, attempt, confirmed));
        };
        await call('STATION_FAULT');
        expect(await late()).toEqual([one.journal, other.journal]);
        await call('NO_ANSWER');
        expect(await late()).toEqual([other.journal]);
        const [{ id, at }] = (await rows(lead)).filter(({ type }) => type === 'CALL_BACK_LATE') as [Row];
        expect((await settle(lead, { id, at })).statusCode).toBe(204);
        expect(await late()).toEqual([]);
      });

      it('is a number of the employer that no open case can dial', async () => {
        const { app, bank } = get();
        const lead = await signInAs(app, 'L002');
        const [a, b] = generateCases(2, 80, bank.clock.now()) as [Case, Case];
        const office = { ...b.contacts[0]!, role: 'EMPLOYER' } as const;
        const employer: Case = {
          ...b,
          kind: 'EMPLOYER',
          person: a.person,
          application: a.application,
          contacts: [office],
        };
        await importCases(bank.database, [a, { ...employer, linkedCases: [a.id] }], { allOrNothing: true });
        const journal = await journalOf();
        const number = { number: '02600000024', source: 'BORROWER', role: 'EMPLOYER' } as const;
        await journal.send(journal.entry('contact.changed', { contact: 'told-9', number }, { caseId: a.id }));
        const open = async () =>
          (await rows(lead)).filter(({ type, caseId }) => type === 'EMPLOYER_NOT_CALLED' && caseId === a.id).length;
        expect(await open()).toBe(0);
        const state = (status: string) =>
          bank.database.updateTable('case_states').set({ status }).where('case_id', '=', employer.id).execute();
        await state('WITHDRAWN');
        expect(await open()).toBe(1);
        await state('OPEN');
        expect(await open()).toBe(0);
      });
    });

    it('is streamed while the session lasts, and ends when it is revoked', async () => {
      const { app } = get();
      const lead = await signInAs(app, 'L002');
      // Resolves with the headers: from then on the session has been let in, and its end is the stream's.
      const streaming = await app.inject({
        url: '/api/v1/board/stream',
        headers: bearer(lead),
        payloadAsStream: true,
      });
      expect(streaming.headers['content-type']).toContain('application/x-ndjson');
      const left = await app.inject({ method: 'DELETE', url: '/api/v1/session', headers: bearer(lead) });
      expect(left.statusCode).toBe(204);
      const body = await text(streaming.stream()); // resolves only because the stream ended
      expect(body).not.toBe('');
      for (const line of body.split('\n').filter((one) => one !== '')) boardSchema.parse(JSON.parse(line));
    });

    it('is streamed to each lead of the own team only', async () => {
      const { app } = get();
      const lead = await signInAs(app, 'L009');
      const streaming = await app.inject({ url: '/api/v1/board/stream', headers: bearer(lead), payloadAsStream: true });
      const lines = createInterface({ input: streaming.stream() });
      const [line] = await once(lines, 'line');
      expect(boardSchema.parse(JSON.parse(line))).toMatchObject({
        team: 'T2',
        queue: [],
        agents: [{ account: 'A091' }],
      });
      await app.inject({ method: 'DELETE', url: '/api/v1/session', headers: bearer(lead) });
      await once(lines, 'close');
    });

    it('the interface describes itself as OpenAPI 3.1 with every route', async () => {
      const document = (await get().app.inject({ url: '/openapi.json' })).json();
      expect(document.openapi).toBe('3.1.0');
      expect(document.paths['/api/v1/leases'].post.responses['200']).toBeDefined();
      expect(document.paths['/api/v1/session'].post.requestBody.content['application/json'].schema.required).toEqual([
        'account',
        'password',
      ]);
    });
  });
}
