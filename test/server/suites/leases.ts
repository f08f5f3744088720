import { describe, expect, it } from 'vitest';
import { caseSchema } from '#shared/case/case.ts';
import { generateCases } from '../../../server/demo/generate.ts';
import { giveDirective } from '../../../server/directives/directives.ts';
import { importCases } from '../../../server/leases/importCases.ts';
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

export function leasesSuite(get: () => TestBank): void {
  describe('leases', () => {
    it('two agents who ask at the same moment never hold one person', async () => {
      const { app, bank } = get();
      await importCases(bank.database, generateCases(150, 11, bank.clock.now()), { allOrNothing: true });
      const stations = [await enrolStation(get()), await enrolStation(get())];
      const sessions = [await signInAs(app, 'A017'), await signInAs(app, 'A021')];
      const answers = await Promise.all([0, 1, 0, 1].map((who) => leaseFor(app, sessions[who]!, stations[who]!, 12)));
      const first = new Set([...answers[0]!.leases, ...answers[2]!.leases].map((one) => one.person));
      const second = [...answers[1]!.leases, ...answers[3]!.leases].map((one) => one.person);
      expect(first.size).toBe(12);
      expect(new Set(second).size).toBe(12);
      expect(second.filter((person) => first.has(person))).toEqual([]);
    });

    it('asking again gives the same persons with the same epoch, and keeps every leased revision', async () => {
      const { app, bank } = get();
      const station = await enrolStation(get());
      const session = await signInAs(app, 'A017');
      await app.inject({
        method: 'POST',
        url: '/api/v1/leases/return',
        headers: bearer(session),
        payload: { station: station.id },
      });
      const [before, after] = [await leaseFor(app, session, station, 3), await leaseFor(app, session, station, 3)];
      expect(after.leases.map((one) => [one.person, one.epoch])).toEqual(
        before.leases.map((one) => [one.person, one.epoch]),
      );
      const leased = caseSchema.parse(after.leases[0]!.cases[0]);
      const kept = await bank.database
        .selectFrom('case_revisions')
        .select('document')
        .where('case_id', '=', leased.id)
        .where('revision', '=', leased.revision)
        .executeTakeFirstOrThrow();
      expect(caseSchema.parse(JSON.parse(kept.document))).toEqual(leased);
    });

    it('what is given back is leased to another agent with a higher epoch', async () => {
      const { app } = get();
      const [first, second] = [await enrolStation(get()), await enrolStation(get())];
      const [a, b] = [await signInAs(app, 'A017'), await signInAs(app, 'A021')];
      const held = await leaseFor(app, a, first, 200);
      const back = await app.inject({
        method: 'POST',
        url: '/api/v1/leases/return',
        headers: bearer(a),
        payload: { station: first.id },
      });
      expect(back.statusCode).toBe(204);
      const taken = await leaseFor(app, b, second, 200);
      const epochs = new Map(held.leases.map((one) => [one.person, one.epoch]));
      const passedOn = taken.leases.filter((one) => epochs.has(one.person));
      expect(passedOn.length).toBeGreaterThan(0);
      for (const lease of passedOn) expect(lease.epoch).toBe(epochs.get(lease.person)! + 1);
      await app.inject({
        method: 'POST',
        url: '/api/v1/leases/return',
        headers: bearer(b),
        payload: { station: second.id },
      });
    });
  });

  describe('directives', () => {
    it('are heard until the station acknowledges them by an entry', async () => {
      const { app, bank } = get();
      const station = await enrolStation(get());
      const session = await signInAs(app, 'A017', station.id);
      const id = await giveDirective(bank.database, {
        at: bank.clock.now(),
        agent: 'A017',
        order: { type: 'DO_NOT_CALL', number: '15400000007' },
        reason: 'asked for it',
      });
      const ask = async () =>
        (await app.inject({ url: `/api/v1/directives?station=${station.id}`, headers: bearer(session) }))
          .json<{ directives: { id: string }[] }>()
          .directives.map((one) => one.id);
      expect(await ask()).toContain(id);
      const journal = writeJournal({ agent: 'A017' });
      const entry = journal.entry('directive.acknowledged', { directive: id });
      await sendBatch(app, station, journal.journal, batchText(station.id, journal.journal, [entry]));
      expect(await ask()).not.toContain(id);
    });
  });

  describe('import', () => {
    it('names each bad case by its place, and takes the good ones', async () => {
      const [good, bad] = generateCases(2, 77);
      const broken = { ...bad, contacts: [{ ...bad!.contacts[0], number: '' }], markup: '<b>' };
      const report = await importCases(get().bank.database, [good, broken, { id: 'NO' }, good], {
        allOrNothing: false,
      });
      expect(report.added).toBe(1);
      expect(report.bad.map((one) => `${one.index} ${one.path}`)).toEqual(
        expect.arrayContaining(['1 contacts.0.number', '3 id']),
      );
      const none = await importCases(get().bank.database, [...generateCases(1, 78), broken], { allOrNothing: true });
      expect([none.added, none.bad.length > 0]).toEqual([0, true]);
    });
  });
}
