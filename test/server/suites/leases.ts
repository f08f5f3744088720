import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { CallResult } from '#shared/call/callResult.ts';
import { type Case, caseSchema } from '#shared/case/case.ts';
import { countCalls } from '#shared/policy/caps.ts';
import { employerFlags } from '#shared/policy/employerFlags.ts';
import { defaultPolicy } from '#shared/policy/policy.ts';
import { employerLines } from '../../../server/database/migrations/0011-employer-lines.ts';
import { inTransaction } from '../../../server/database/transaction.ts';
import { generateCases } from '../../../server/demo/generate.ts';
import { giveDirective } from '../../../server/directives/directives.ts';
import { caseDocuments } from '../../../server/leases/caseDocument.ts';
import { importCases } from '../../../server/leases/importCases.ts';
import { recomputeCases } from '../../../server/projections/recompute.ts';
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

    it('tells of today’s calls by anybody to a number, and of closed cases to their person, to a station that asks', async () => {
      const { app, bank } = get();
      const now = bank.clock.now();
      const due = new Date(now.getTime() - 50 * 86_400_000); // first of all
      const firm = { id: 'office', label: '单位座机', role: 'EMPLOYER', owner: '共用总机（虚构）有限公司' } as const;
      const number = '026-0000-0055';
      const sources = (['APPLICATION_FORM', 'PUBLIC_DIRECTORY'] as const).map((source) => ({ source, number }));
      const contacts = [{ ...firm, number, status: 'OK' as const, sources }];
      const [a, b, mobile] = generateCases(3, 17, due);
      const employer = (one: Case): Case => ({ ...one, kind: 'EMPLOYER', contacts });
      const load = (...list: Case[]) => importCases(bank.database, list, { allOrNothing: true });
      await load(employer(a!), { ...mobile!, person: a!.person });
      const [ours, theirs] = [await enrolStation(get()), await enrolStation(get())];
      const [us, them] = [await signInAs(app, 'A017', ours.id), await signInAs(app, 'A021', theirs.id)];
      const leased = async (who: 'us' | 'them', id: string, callsElsewhere = true) => {
        const knows = callsElsewhere ? ['callsElsewhere'] : [];
        const { leases } = await (who === 'us'
          ? leaseFor(app, us, ours, 200, knows)
          : leaseFor(app, them, theirs, 200, knows));
        const of = leases.flatMap(({ cases, epoch }) => cases.map((one) => ({ epoch, case: caseSchema.parse(one) })));
        return of.find((one) => one.case.id === id)!;
      };
      const guardOf = (of: Case) =>
        countCalls({ case: of, contact: of.contacts[0]!, policy: defaultPolicy, now, cases: [] });
      const journal = writeJournal({ agent: 'A017', at: () => now });
      const { epoch } = await leased('us', a!.id);
      await load(employer(b!)); // the other agent's, for the first one holds all there was
      await leased('them', b!.id);
      const call = async (callResult: CallResult, code?: string) => {
        const attempt = randomUUID();
        const about = { caseId: a!.id, leaseEpoch: epoch };
        const entries = [
          journal.entry(
            'attempt.started',
            { attempt, direction: 'out', contact: 'office', number: '02600000055' },
            about,
          ),
          journal.entry(
            'disposition.recorded',
            {
              attempt,
              callResult: { rule: 'test', confirmed: callResult },
              ...(code === undefined ? {} : { disposition: { code, evidence: {} } }),
              flags: [],
              note: '',
              by: 'AGENT',
            },
            about,
          ),
        ];
        await sendBatch(app, ours, journal.journal, batchText(ours.id, journal.journal, entries));
      };
      await call('NO_ANSWER');
      await call('STATION_FAULT'); // nobody was disturbed
      expect(guardOf((await leased('them', b!.id)).case)).toMatchObject({ numberToday: 1, allToday: 0, blocks: [] });
      expect((await leased('us', mobile!.id)).case.callsElsewhere).toBeUndefined(); // the open case carries it
      await call('ANSWERED', 'LEFT_JOB');
      const other = (await leased('them', b!.id)).case;
      expect(guardOf(other)).toMatchObject({ numberToday: 2, blocks: [{ rule: 'caps.numberDay' }] });
      expect(other.callsElsewhere?.some(({ samePerson }) => samePerson)).toBe(false);
      const same = (await leased('us', mobile!.id)).case;
      expect(same.callsElsewhere?.map(({ role, samePerson }) => [role, samePerson])).toEqual([
        ['EMPLOYER', true],
        ['EMPLOYER', true],
      ]);
      expect(guardOf(same)).toMatchObject({ numberToday: 0, personToday: 0, allToday: 2 });
      const older = (await leased('them', b!.id, false)).case;
      expect(Object.keys(older)).not.toContain('callsElsewhere');
      const kept = await bank.database
        .selectFrom('case_revisions')
        .select('document')
        .where('case_id', '=', b!.id)
        .execute();
      expect(kept.filter(({ document }) => document.includes('callsElsewhere'))).toEqual([]);
      for (const [who, where] of [
        [us, ours],
        [them, theirs],
      ] as const)
        await app.inject({
          method: 'POST',
          url: '/api/v1/leases/return',
          headers: bearer(who),
          payload: { station: where.id },
        });
    });

    it('tells which of an employer’s numbers another case gives for another employer, whoever holds that one', async () => {
      const { app, bank } = get();
      const now = bank.clock.now();
      const station = await enrolStation(get());
      const session = await signInAs(app, 'A017', station.id);
      const sources = [{ source: 'APPLICATION_FORM' as const, number: '010-8888-7766' }];
      const about = (id: string, employer: string, number: string, ...more: string[]): Case => ({
        ...generateCases(1, 91, new Date(now.getTime() - 60 * 86_400_000))[0]!,
        ...{ id, kind: 'EMPLOYER', person: id, file: { 'employer.name': employer } },
        contacts: [number, ...more].map((each, index) => ({
          ...{ id: `office-${index}`, label: '单位座机', role: 'EMPLOYER', owner: employer, status: 'OK', sources },
          number: each,
        })),
      });
      const load = (...list: Case[]) => importCases(bank.database, list, { allOrNothing: true });
      const leased = async (id: string, knows: readonly string[] = ['sharedNumbers']) => {
        const { leases } = await leaseFor(app, session, station, 200, knows);
        const cases = leases.flatMap((held) => held.cases.map((one) => caseSchema.parse(one)));
        return cases.find((one) => one.id === id);
      };
      // A file that says so itself is not believed.
      const said = { sharedNumbers: ['010-88887766'] };
      await load({ ...about('LINE-1', '纸鹤航天文具有限公司', '010-88887766', '010-88887768'), ...said });
      expect((await leased('LINE-1'))?.sharedNumbers).toBeUndefined();
      await load(
        about('LINE-2', '云朵牙刷机械有限公司', '+86 10 8888 7766'),
        about('LINE-3', '纸鹤航天文具（虚构）有限公司', '010-88887766'), // a colleague's
        { ...about('LINE-4', '云朵牙刷机械有限公司', '010-88887768'), person: 'LINE-1' }, // the same person's
        { ...about('LINE-5', '云朵牙刷机械有限公司', '010-88887768'), deadline: '2019-01-01T00:00:00Z' }, // long ago
      );
      await inTransaction(bank.database, async (transaction) => {
        await transaction.updateTable('cases').set({ withdrawn_at: now }).where('id', '=', 'LINE-2').execute();
        await recomputeCases(transaction, ['LINE-2']);
      });
      expect(await leased('LINE-2')).toBeUndefined(); // nobody holds it
      const one = (await leased('LINE-1'))!;
      expect(one.sharedNumbers).toEqual(['010-88887766']);
      expect(employerFlags(one, one.contacts[0]!, [one])).toEqual(['NUMBER_SHARED']);
      expect(await leased('LINE-1', [])).not.toHaveProperty('sharedNumbers');
      const lines = () =>
        bank.database.selectFrom('employer_lines').selectAll().orderBy('case_id').orderBy('number').execute();
      const kept = await lines();
      await inTransaction(bank.database, async (transaction) => {
        await transaction.deleteFrom('employer_lines').execute();
        await employerLines.fill(transaction); // as of a bank that had its cases before
      });
      expect(await lines()).toEqual(kept);
      await load(about('LINE-2', '云朵牙刷机械有限公司', '010-88887767'));
      expect((await leased('LINE-1'))?.sharedNumbers).toBeUndefined();
      await app.inject({
        method: 'POST',
        url: '/api/v1/leases/return',
        headers: bearer(session),
        payload: { station: station.id },
      });
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

  describe('a number of the employer that the borrower named', () => {
    const [number, attempt] = ['02600000023', randomUUID()];
    const contact = 'told-1';
    const documents = (ids: readonly string[]) =>
      inTransaction(get().bank.database, (transaction) => caseDocuments(transaction, ids));
    const contactsOf = async (id: string) => (await documents([id]))[0]!.contacts.map((one) => one.id);

    it('is a contact of the linked case of the employer, whatever became of the borrower’s; of no other case', async () => {
      const { app, bank } = get();
      const [a, b, c, d] = generateCases(4, 79, bank.clock.now()) as [Case, Case, Case, Case];
      const employers = (of: Case): Case => ({
        ...of,
        kind: 'EMPLOYER',
        contacts: [{ ...of.contacts[0]!, id: 'office', role: 'EMPLOYER' }],
      });
      const same = { person: a.person, application: a.application };
      const cases = [
        { ...a, linkedCases: [b.id] },
        { ...employers(b), ...same, linkedCases: [a.id] },
        { ...employers(c), person: a.person, linkedCases: [a.id] }, // another application
        { ...employers(d), linkedCases: [a.id] }, // another borrower's
      ];
      await importCases(bank.database, cases, { allOrNothing: true });
      const { revision } = (await documents([b.id]))[0]!;
      const station = await enrolStation(get());
      const journal = writeJournal({ agent: 'A017' });
      const about = { caseId: a.id };
      const said = { number, source: 'BORROWER', role: 'EMPLOYER', owner: '云朵牙刷机械（虚构）有限公司' } as const;
      const callResult = { rule: 'talked', confirmed: 'ANSWERED' } as const;
      const disposition = { code: 'WRONG_EMPLOYER', sub: 'OUTDATED', evidence: {} };
      const result = journal.entry(
        'disposition.recorded',
        { attempt, callResult, disposition, flags: [], note: '', by: 'AGENT' },
        about,
      );
      const told = journal.entry('contact.changed', { attempt, contact, status: 'UNCONFIRMED', number: said }, about);
      const own = { attempt, contact: 'told-2', number: { number: '15400000099', source: 'BORROWER' } } as const;
      const send = (...entries: unknown[]) =>
        sendBatch(app, station, journal.journal, batchText(station.id, journal.journal, entries));
      await send(result, told, journal.entry('contact.changed', own, about));
      const [employer] = await documents([b.id]);
      expect(caseSchema.parse(employer).contacts.slice(1)).toMatchObject([
        { id: contact, number, role: 'EMPLOYER', status: 'UNCONFIRMED', sources: [{ source: 'BORROWER', number }] },
      ]);
      expect(employer!.revision).toBe(revision + 1);
      expect([await contactsOf(c.id), await contactsOf(d.id)]).toEqual([['office'], ['office']]);

      // What is found out there stays with it, and a result taken back takes the number along.
      const there = { attempt: randomUUID(), contact, status: 'INVALID' } as const;
      await send(journal.entry('contact.changed', there, { caseId: b.id }));
      expect((await documents([b.id]))[0]).toMatchObject({
        revision: revision + 2,
        contacts: [{ id: 'office' }, { id: contact, status: 'INVALID' }],
      });
      const { seq, hash } = result.header;
      await send(journal.entry('amended', { seq, hash, what: 'TAKEN_BACK', reason: 'slip' }, about));
      expect(await contactsOf(b.id)).toEqual(['office']);
      expect((await documents([b.id]))[0]!.revision).toBe(revision + 3);
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
