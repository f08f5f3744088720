import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { caseSchema } from '#shared/case/case.ts';
import { stationProfileSchema } from '#shared/server/api.ts';
import { profileOf } from '../../../server/stations/stations.ts';
import {
  batchText,
  bearer,
  enrolStation,
  leaseFor,
  sendBatch,
  signInAs,
  type TestBank,
  writeJournal,
} from '../../support/bank.ts';

export function mainWaySuite(get: () => TestBank): void {
  describe('the main way', () => {
    it('an enrolled station signs in, leases, sends entries, and the lead sees the result', async () => {
      const test = get();
      const station = await enrolStation(test);
      const session = await signInAs(test.app, 'A017', station.id);
      expect(session.grant).toBeDefined();
      const profile = await test.app.inject({
        url: `/api/v1/stations/${station.id}/profile`,
        headers: bearer(session),
      });
      expect(stationProfileSchema.parse(profile.json()).line?.user).toBe('1001');
      // Colleagues to pass a call on to, where there are any; who has none does not hear the word.
      expect(stationProfileSchema.parse(profile.json()).internalNumbers?.map(({ number }) => number)).toContain('8001');
      const change = (values: { internal_numbers: string }) =>
        test.bank.database.updateTable('stations').set(values).where('id', '=', station.id).execute();
      await change({ internal_numbers: '[]' });
      expect(await profileOf(test.bank, station.id)).not.toHaveProperty('internalNumbers');

      const leased = await leaseFor(test.app, session, station);
      expect(leased.leases).toHaveLength(12);
      expect(leased.leases.flatMap((lease) => lease.cases.map((one) => caseSchema.parse(one).id))).toHaveLength(15);
      expect(leased.leases[0]?.person).toBe('P-DEMO-09'); // its appointment is today

      const lease = leased.leases.find((one) => one.person === 'P-DEMO-07')!;
      const journal = writeJournal({ agent: 'A017' });
      const about = { caseId: 'DEMO-07', leaseEpoch: lease.epoch };
      const attempt = randomUUID();
      const entries = [
        journal.entry('shift.started', { shift: randomUUID(), grant: session.grant!, practice: true }),
        journal.entry(
          'attempt.started',
          { attempt, direction: 'out', contact: 'mobile', number: '15400000007' },
          about,
        ),
        journal.entry(
          'attempt.ended',
          {
            attempt,
            ended: { reason: 'FAILED', by: 'NETWORK', sipStatus: 486 },
            rangSeconds: 3,
            talkedSeconds: 0,
            earlyMedia: true,
          },
          about,
        ),
        journal.entry(
          'disposition.recorded',
          { attempt, callResult: { rule: 'busy', confirmed: 'BUSY' }, flags: [], note: '', by: 'AGENT' },
          about,
        ),
      ];
      const answer = await sendBatch(
        test.app,
        station,
        journal.journal,
        batchText(station.id, journal.journal, entries),
      );
      expect(answer).toMatchObject({ type: 'receipts', head: journal.head() });
      expect(answer.type === 'receipts' && answer.receipts.map((one) => [one.state, one.reason])).toEqual(
        entries.map(() => ['stored', undefined]),
      );

      const lead = await signInAs(test.app, 'L002');
      const board = (await test.app.inject({ url: '/api/v1/board', headers: bearer(lead) })).json();
      expect(board.today).toMatchObject({ attempts: 1, answered: 0, byCallResult: { BUSY: 1 } });
      expect(board.results[0]).toMatchObject({ caseId: 'DEMO-07', respondent: '忙*停', callResult: 'BUSY' });

      const again = await leaseFor(test.app, session, station);
      const after = caseSchema.parse(
        again.leases.flatMap((one) => one.cases).find((one) => (one as { id: string }).id === 'DEMO-07'),
      );
      expect(after.revision).toBe(4);
      expect(after.attempts).toMatchObject([{ attempt, callResult: 'BUSY' }]);
    });
  });
}
