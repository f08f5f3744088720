import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { CallResult } from '#shared/call/callResult.ts';
import { boardSchema } from '#shared/server/api.ts';
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
