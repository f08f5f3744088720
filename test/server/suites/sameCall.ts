/** Several employees of one employer in one call: one call, an attempt of each case (shared/policy/sameCall.ts). */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { caseAdditions } from '#shared/case/additions.ts';
import { type Case, caseSchema } from '#shared/case/case.ts';
import type { EntryBody, WireEntry } from '#shared/journal/entry.ts';
import { boardSchema, type Session } from '#shared/server/api.ts';
import { attemptsBetween } from '../../../server/cli/reconcile.ts';
import { generateCases } from '../../../server/demo/generate.ts';
import { importCases } from '../../../server/leases/importCases.ts';
import { rebuild } from '../../../server/projections/rebuild.ts';
import { callsOf } from '../../../server/reconcile/compare.ts';
import {
  batchText,
  bearer,
  enrolStation,
  leaseFor,
  sendBatch,
  signInAs,
  type TestBank,
  type TestStation,
  writeJournal,
} from '../../support/bank.ts';

const number = '02600000061';

export function sameCallSuite(get: () => TestBank): void {
  describe('several employees in one call', () => {
    let station: TestStation;
    let session: Session;
    /** What another agent holds at another station: one more employee's case. */
    let elsewhere: () => ReturnType<typeof leaseFor>;
    const held = new Map<string, { caseId: string; leaseEpoch: number }>();
    const ids = ['SAME-1-E', 'SAME-2-E', 'SAME-3-E', 'SAME-4-E', 'SAME-5-E'] as const;

    const leases = async (additions: readonly string[] = caseAdditions) =>
      (await leaseFor(get().app, session, station, 60, additions)).leases;
    const documentOf = async (id: string, additions?: readonly string[]): Promise<Case> => {
      const cases = (await leases(additions)).flatMap((lease) => lease.cases.map((one) => caseSchema.parse(one)));
      const found = cases.find((one) => one.id === id);
      if (!found) throw new Error(`${id} is not leased`);
      return found;
    };

    beforeAll(async () => {
      const { app, bank } = get();
      const far = new Date(bank.clock.now().getTime() - 60 * 86_400_000); // due first
      const models = generateCases(ids.length, 61, far);
      const employers = ids.map((id, at) => {
        const model = models[at]!;
        const desk = { ...model.contacts[0]!, id: 'desk', role: 'EMPLOYER' as const, number };
        const source = { source: 'PUBLIC_DIRECTORY' as const, number };
        return {
          ...model,
          id,
          person: id,
          kind: 'EMPLOYER' as const,
          linkedCases: [],
          contacts: [{ ...desk, sources: [source] }],
        };
      });
      const [theirs] = employers.splice(4);
      await importCases(bank.database, employers, { allOrNothing: true });
      station = await enrolStation(get());
      session = await signInAs(app, 'A017', station.id);
      for (const lease of await leases())
        for (const one of lease.cases.map((each) => caseSchema.parse(each)))
          held.set(one.id, { caseId: one.id, leaseEpoch: lease.epoch });
      await importCases(bank.database, [theirs!], { allOrNothing: true }); // the other agent's, for the first one holds all there was
      const another = await enrolStation(get());
      const them = await signInAs(app, 'A021', another.id);
      elsewhere = () => leaseFor(app, them, another, 200, caseAdditions);
      await elsewhere();
    });

    const at = (id: string) => {
      const header = held.get(id);
      if (!header) throw new Error(`${id} is not leased`);
      return header;
    };
    const send = async (journal: ReturnType<typeof writeJournal>, entries: readonly WireEntry[]) => {
      const text = batchText(station.id, journal.journal, entries);
      const answer = await sendBatch(get().app, station, journal.journal, text);
      if (answer.type !== 'receipts') throw new Error(answer.type);
      return answer.receipts.map(({ state, reason }) => (reason ? `${state} ${reason}` : state));
    };
    const started = (
      journal: ReturnType<typeof writeJournal>,
      id: string,
      attempt: string,
      changes: Partial<EntryBody<'attempt.started'>> = {},
      permittedAt = get().bank.clock.now().toISOString(),
    ) => {
      const permit = {
        ...({ caseId: id, contact: 'desk', number, source: 'PUBLIC_DIRECTORY', check: 'TWO_SOURCES' } as const),
        ...{ attemptNumber: 1, hoursRule: 'hours.employer', permittedAt, demo: false },
      };
      const body = { attempt, direction: 'out' as const, contact: 'desk', number, permit, ...changes };
      return journal.entry('attempt.started', body, at(id));
    };
    /** The end, and that it was answered. */
    const closed = (
      journal: ReturnType<typeof writeJournal>,
      id: string,
      attempt: string,
      changes: Partial<EntryBody<'attempt.ended'>> = {},
    ) => [
      journal.entry(
        'attempt.ended',
        {
          attempt,
          ended: { reason: 'HUNG_UP', by: 'AGENT' },
          callId: 'one-call',
          rangSeconds: 4,
          talkedSeconds: 30,
          earlyMedia: false,
          ...changes,
        },
        at(id),
      ),
      journal.entry(
        'disposition.recorded',
        { attempt, callResult: { rule: 'proposal.answered', confirmed: 'ANSWERED' }, flags: [], note: '', by: 'AGENT' },
        at(id),
      ),
    ];
    const rowOf = (attempt: string) =>
      get().bank.database.selectFrom('attempts').selectAll().where('attempt', '=', attempt).executeTakeFirstOrThrow();
    const today = async () => {
      const lead = await signInAs(get().app, 'L002');
      const answer = await get().app.inject({ url: '/api/v1/board', headers: bearer(lead) });
      return boardSchema.parse(answer.json());
    };

    it('is one call on the board and in the caps, two results, and one call for the PBX, whichever batch it comes in', async () => {
      const before = await today();
      const moment = new Date(get().bank.clock.now().getTime() + 60_000); // the newest on the board
      const journal = writeJournal({ agent: 'A017', at: () => moment });
      const [first, second] = [randomUUID(), randomUUID()];
      // The call began before the outer limit, and the second employee was asked about after it.
      const night = new Date('2026-11-25T22:01:00+08:00').toISOString();
      const entries = [
        started(journal, 'SAME-1-E', first),
        ...closed(journal, 'SAME-1-E', first, { continuedBy: second }),
        started(journal, 'SAME-2-E', second, { continues: first }, night),
        ...closed(journal, 'SAME-2-E', second, { rangSeconds: 0, talkedSeconds: 12 }),
      ];
      expect(await send(journal, entries.slice(0, 3))).toEqual(['stored', 'stored', 'stored']);
      expect(await send(journal, entries.slice(3))).toEqual(['stored', 'stored', 'stored']);
      expect([(await rowOf(first)).continues, (await rowOf(second)).continues]).toEqual([null, first]);

      const after = await today();
      expect(after.today.attempts - before.today.attempts).toBe(1);
      expect(after.today.answered - before.today.answered).toBe(1);
      const shown = after.results.map(({ caseId }) => caseId);
      expect(shown).toEqual(expect.arrayContaining(['SAME-1-E', 'SAME-2-E']));

      expect((await documentOf('SAME-2-E')).attempts.at(-1)).toMatchObject({ attempt: second, continued: true });
      expect((await documentOf('SAME-1-E')).attempts.at(-1)?.continued).toBeUndefined();
      const unknowing = caseAdditions.filter((each) => each !== 'continuedAttempts');
      expect(Object.keys((await documentOf('SAME-2-E', unknowing)).attempts.at(-1) ?? {})).not.toContain('continued');

      const { started_at } = await rowOf(first);
      const attempts = await attemptsBetween(get().bank.database, started_at.getTime(), started_at.getTime(), true);
      const [call, ...others] = callsOf(attempts.filter(({ attempt }) => attempt === first || attempt === second));
      expect(others).toEqual([]);
      expect(call).toMatchObject({ attempt: first, talkedSeconds: 42, callId: 'one-call' });

      const theirs = (await elsewhere()).leases.flatMap(({ cases }) => cases.map((one) => caseSchema.parse(one)));
      const { callsElsewhere = [] } = theirs.find(({ id }) => id === 'SAME-5-E') ?? {};
      expect(callsElsewhere.filter((one) => one.number === number)).toHaveLength(1);

      await rebuild(get().bank.database);
      expect((await rowOf(second)).continues).toBe(first);
    });

    it('a claim to go on in a call that was not answered, went on with another one, or is not there is disputed and is a call of its own', async () => {
      const claim = async (
        end: Partial<EntryBody<'attempt.ended'>> | null,
        changes: Partial<EntryBody<'attempt.started'>> = {},
        own = false,
      ) => {
        const journal = writeJournal({ agent: 'A017' });
        const [first, second] = [randomUUID(), randomUUID()];
        const entries = [
          started(journal, 'SAME-3-E', first),
          ...(end === null ? [] : closed(journal, 'SAME-3-E', first, own ? end : { continuedBy: second, ...end })),
          started(journal, 'SAME-4-E', second, { continues: first, ...changes }),
        ];
        const state = (await send(journal, entries)).at(-1);
        return [state, (await rowOf(second)).continues === first];
      };
      expect(await claim({})).toEqual(['stored', true]);
      const refused = ['disputed NO_NOTICE', false];
      expect(await claim(null)).toEqual(refused);
      expect(await claim({ talkedSeconds: 0 })).toEqual(refused);
      expect(await claim({}, {}, true)).toEqual(refused);
      expect(await claim({ continuedBy: randomUUID() }, {}, true)).toEqual(refused);
      expect(await claim({}, { continues: randomUUID() })).toEqual(refused);
      expect(await claim({}, { number: '02600000062' })).toEqual(refused);
      expect(await claim({}, { permit: undefined })).toEqual(refused);
    });

    it('only one goes on from an attempt, whichever batch the next one comes in; and a chain of three is one call', async () => {
      const journal = writeJournal({ agent: 'A017' });
      const [first, second, third, other, another] = Array.from({ length: 5 }, randomUUID);
      const whole = [
        started(journal, 'SAME-1-E', first!),
        ...closed(journal, 'SAME-1-E', first!, { continuedBy: second! }),
        started(journal, 'SAME-2-E', second!, { continues: first! }),
        ...closed(journal, 'SAME-2-E', second!, { rangSeconds: 0, continuedBy: third! }),
        started(journal, 'SAME-3-E', third!, { continues: second! }),
        ...closed(journal, 'SAME-3-E', third!, { rangSeconds: 0 }),
        ...closed(journal, 'SAME-1-E', first!, { continuedBy: other! }),
        started(journal, 'SAME-4-E', other!, { continues: first! }),
      ];
      const states = await send(journal, whole);
      expect(new Set(await send(journal, whole))).toEqual(new Set(['duplicate']));
      expect(states.slice(0, 9).every((state) => state === 'stored')).toBe(true);
      expect(states.at(-1)).toBe('disputed NO_NOTICE');
      const later = [
        ...closed(journal, 'SAME-1-E', first!, { continuedBy: another! }),
        started(journal, 'SAME-4-E', another!, { continues: first! }),
      ];
      expect((await send(journal, later)).at(-1)).toBe('disputed NO_NOTICE');
      const continues = async () =>
        Promise.all([second, third, other, another].map(async (id) => (await rowOf(id!)).continues));
      expect(await continues()).toEqual([first, second, null, null]);
      await rebuild(get().bank.database);
      expect(await continues()).toEqual([first, second, null, null]);
      const { started_at } = await rowOf(first!);
      const rows = await attemptsBetween(get().bank.database, started_at.getTime(), started_at.getTime(), true);
      expect(callsOf(rows).find(({ attempt }) => attempt === first)?.talkedSeconds).toBe(90);
    });

    it('an entry that takes no effect is nothing to go on from, in the same batch or a later one', async () => {
      for (const together of [true, false]) {
        const journal = writeJournal({ agent: 'A017' });
        const [first, second] = [randomUUID(), randomUUID()];
        const begun = started(journal, 'SAME-3-E', first);
        const rest = [
          ...closed(journal, 'SAME-3-E', first, { continuedBy: second }),
          started(journal, 'SAME-4-E', second, { continues: first }),
        ];
        const broken = { ...begun, body: begun.body.replace('"out"', '"out" ') };
        if (!together) expect(await send(journal, [broken])).toEqual(['disputed BAD_HASH']);
        expect((await send(journal, together ? [broken, ...rest] : rest)).at(-1)).toBe('disputed NO_NOTICE');
        expect((await rowOf(second)).continues).toBeNull();
      }
    });

    it('nobody goes on in a call that ended before', async () => {
      let moment = new Date();
      const journal = writeJournal({ agent: 'A017', at: () => moment });
      const [first, second] = [randomUUID(), randomUUID()];
      const entries = [
        started(journal, 'SAME-3-E', first),
        ...closed(journal, 'SAME-3-E', first, { continuedBy: second }),
      ];
      moment = new Date(moment.getTime() + 3_600_000);
      const states = await send(journal, [...entries, started(journal, 'SAME-4-E', second, { continues: first })]);
      expect(states.at(-1)).toBe('disputed NO_NOTICE');
    });

    it('nobody goes on from an attempt that another journal has by the same id', async () => {
      const [first, second] = [randomUUID(), randomUUID()];
      const honest = writeJournal({ agent: 'A017' });
      await send(honest, [started(honest, 'SAME-3-E', first), ...closed(honest, 'SAME-3-E', first)]);
      const other = writeJournal({ agent: 'A017' });
      await send(other, [
        started(other, 'SAME-3-E', first),
        ...closed(other, 'SAME-3-E', first, { continuedBy: second }),
        started(other, 'SAME-4-E', second, { continues: first }),
      ]);
      expect((await rowOf(second)).continues).toBeNull();
    });

    it('nobody goes on in the call of another journal', async () => {
      const [first, second] = [randomUUID(), randomUUID()];
      const one = writeJournal({ agent: 'A017' });
      await send(one, [started(one, 'SAME-3-E', first), ...closed(one, 'SAME-3-E', first, { continuedBy: second })]);
      const other = writeJournal({ agent: 'A017' });
      expect(await send(other, [started(other, 'SAME-4-E', second, { continues: first })])).toEqual([
        'disputed NO_NOTICE',
      ]);
    });
  });
}
