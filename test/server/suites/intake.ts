import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { caseAdditions } from '#shared/case/additions.ts';
import { type Case, caseSchema } from '#shared/case/case.ts';
import type { CaseKind } from '#shared/case/kind.ts';
import { bodyHashOf, hashOf } from '#shared/journal/chain.ts';
import type { WireEntry } from '#shared/journal/entry.ts';
import type { BatchAnswer } from '#shared/journal/upload.ts';
import { defaultPolicy } from '#shared/policy/policy.ts';
import type { Answer, Move } from '#shared/script/move.ts';
import { scriptFor } from '#shared/script/scripts.ts';
import { boardSchema, type Session } from '#shared/server/api.ts';
import { generateCases } from '../../../server/demo/generate.ts';
import { caseDocuments } from '../../../server/leases/caseDocument.ts';
import { importCases } from '../../../server/leases/importCases.ts';
import { sendDueNotices } from '../../../server/notices/notices.ts';
import { projectionTables, rebuild } from '../../../server/projections/rebuild.ts';
import {
  type Answers,
  changedJobBorrower,
  changedJobFile,
  cleanEmployer,
  cleanFile,
  ordinaryDay,
  play,
} from '../../shared/script/support/calls.ts';
import {
  batchText,
  bearer,
  enrolStation,
  leaseFor,
  passwordOf,
  postBatch,
  sendBatch,
  signInAs,
  type TestBank,
  type TestStation,
  workdayMorning,
  writeJournal,
} from '../../support/bank.ts';

/** More than the tests below take. */
const cases = 50;

const states = (answer: BatchAnswer) =>
  answer.type === 'receipts'
    ? answer.receipts.map((one) => (one.reason ? `${one.state} ${one.reason}` : one.state))
    : [answer.type];

export function intakeSuite(get: () => TestBank): void {
  let station: TestStation;
  let session: Session;
  const leased: { id: string; person: string; epoch: number; revision: number }[] = [];
  const nextCase = () => leased.shift()!;

  beforeAll(async () => {
    const { app, bank } = get();
    const far = new Date(bank.clock.now().getTime() - 30 * 86_400_000); // due first
    await importCases(bank.database, generateCases(cases, 5, far), { allOrNothing: true });
    station = await enrolStation(get());
    session = await signInAs(app, 'A017', station.id);
    for (const lease of (await leaseFor(app, session, station, 60)).leases) {
      const document = caseSchema.parse(lease.cases[0]);
      if (document.id.startsWith('GEN-5-'))
        leased.push({ id: document.id, person: lease.person, epoch: lease.epoch, revision: document.revision });
    }
    expect(leased.length).toBe(cases);
  });

  const send = (journal: string, entries: readonly unknown[]) =>
    sendBatch(get().app, station, journal, batchText(station.id, journal, entries));
  const about = (one: { id: string; epoch: number }) => ({ caseId: one.id, leaseEpoch: one.epoch });

  /** started, ended and wrapped up as nobody answered. */
  function noAnswer(
    journal: ReturnType<typeof writeJournal>,
    one: { id: string; epoch: number },
    note = '',
    confirmed: 'NO_ANSWER' | 'CANCELLED_BY_AGENT' = 'NO_ANSWER',
  ): WireEntry[] {
    const attempt = randomUUID();
    return [
      journal.entry(
        'attempt.started',
        { attempt, direction: 'out', contact: 'mobile', number: '15400000001' },
        about(one),
      ),
      journal.entry(
        'attempt.ended',
        {
          attempt,
          ended: { reason: 'FAILED', by: 'NETWORK', sipStatus: 480 },
          rangSeconds: 40,
          talkedSeconds: 0,
          earlyMedia: false,
        },
        about(one),
      ),
      journal.entry(
        'disposition.recorded',
        { attempt, callResult: { rule: 'rang', confirmed }, flags: [], note, by: 'AGENT' },
        about(one),
      ),
    ];
  }

  /** A borrower and their employer, linked, held by this station; `lease` asks for the employer's case anew, as a station that knows all of it. */
  async function twoCases(seed: string) {
    const { app, bank } = get();
    const far = new Date(bank.clock.now().getTime() - 40 * 86_400_000);
    const [model] = generateCases(1, Number(seed), far);
    const firm = changedJobFile['employer.name']!;
    const ids = [`TWO-${seed}-B`, `TWO-${seed}-E`] as const;
    const both = { ...model!, file: { ...changedJobFile } };
    const borrower = { ...both, id: ids[0], linkedCases: [ids[1]] };
    const number = '026-0000-0023';
    const source = { source: 'PUBLIC_DIRECTORY' as const, number };
    const contact = { ...model!.contacts[0]!, id: 'employer', label: '单位座机', number, role: 'EMPLOYER' as const };
    const employer = {
      ...both,
      id: ids[1],
      file: { ...cleanFile },
      kind: 'EMPLOYER' as const,
      respondent: { name: firm, title: 'NONE' as const },
      contacts: [{ ...contact, owner: firm, sources: [source] }],
      linkedCases: [ids[0]],
    };
    await importCases(bank.database, [borrower, employer], { allOrNothing: true });
    const held = async () => (await leaseFor(app, session, station, 60, caseAdditions)).leases;
    const find = async (id: string) => {
      for (const lease of await held())
        for (const one of lease.cases) {
          const document = caseSchema.parse(one);
          if (document.id === id) return { ...document, epoch: lease.epoch };
        }
      throw new Error(`${id} is not leased`);
    };
    return { borrower: await find(ids[0]), employer: await find(ids[1]), lease: () => find(ids[1]) };
  }

  /** A call that was talked through, its moves as recorded from this revision of the case. */
  async function talk(
    of: { id: string; epoch: number; kind: CaseKind },
    caseRevision: number,
    moves: readonly Move[],
  ): Promise<string[]> {
    const { script, hash } = scriptFor(of.kind)!;
    const journal = writeJournal({ agent: 'A017' });
    const ground = { attempt: randomUUID(), script: { id: script.id, version: script.version, hash }, caseRevision };
    const start = { ...ground, direction: 'out', contact: 'mobile', number: '15400000001' } as const;
    const entries = [
      journal.entry('attempt.started', start, about(of)),
      ...moves.map((move) => journal.entry('step.recorded', { ...ground, move, comparator: '1' }, about(of))),
    ];
    return states(await send(journal.journal, entries));
  }

  const attemptsOf = async (caseId: string) =>
    get().bank.database.selectFrom('attempts').selectAll().where('case_id', '=', caseId).execute();

  describe('intake', () => {
    it('the same batch twice at once takes effect once', async () => {
      const one = nextCase();
      const journal = writeJournal({ agent: 'A017' });
      const entries = noAnswer(journal, one);
      const answers = await Promise.all([send(journal.journal, entries), send(journal.journal, entries)]);
      expect(answers.map((answer) => [...new Set(states(answer))].join()).sort()).toEqual(['duplicate', 'stored']);
      expect(await attemptsOf(one.id)).toHaveLength(1);
    });

    it('half a batch, then all of it: the first half is known, the rest is stored', async () => {
      const journal = writeJournal({ agent: 'A017' });
      const entries = noAnswer(journal, nextCase());
      await send(journal.journal, entries.slice(0, 1));
      expect(states(await send(journal.journal, entries))).toEqual(['duplicate', 'stored', 'stored']);
    });

    it('a gap is named, and nothing beyond it is taken', async () => {
      const journal = writeJournal({ agent: 'A017' });
      const entries = noAnswer(journal, nextCase());
      expect(await send(journal.journal, entries.slice(1))).toEqual({ type: 'gap', expectedSeq: 1 });
      const holed = await send(journal.journal, [entries[0], entries[2]]);
      expect(holed).toMatchObject({ receipts: [{ seq: 1, state: 'stored' }], head: { seq: 1 } });
    });

    it('a fork is kept beside what was there, flagged, and counts for nothing', async () => {
      const one = nextCase();
      const journal = writeJournal({ agent: 'A017' });
      const entries = noAnswer(journal, one);
      await send(journal.journal, entries);
      const cloned = forge(entries[2]!, (body) => ({ ...body, note: 'from a cloned disk' }));
      expect(states(await send(journal.journal, [cloned]))).toEqual(['disputed FORK']);
      expect(states(await send(journal.journal, [cloned]))).toEqual(['duplicate']);
      const kept = await get()
        .bank.database.selectFrom('entries')
        .select(['fork', 'reason'])
        .where('journal', '=', journal.journal)
        .where('seq', '=', 3)
        .orderBy('fork')
        .execute();
      expect(kept).toEqual([
        { fork: 0, reason: null },
        { fork: 1, reason: 'FORK' },
      ]);
    });

    it('a changed body and a broken chain are disputed, and do not stop what follows', async () => {
      const journal = writeJournal({ agent: 'A017' });
      const entries = noAnswer(journal, nextCase());
      const changed = { ...entries[1]!, body: entries[1]!.body.replace('40', '41') };
      expect(states(await send(journal.journal, [entries[0], changed, entries[2]]))).toEqual([
        'stored',
        'disputed BAD_HASH',
        'stored',
      ]);
      const other = writeJournal({ agent: 'A017' });
      other.entry('break.started', { reason: 'MEAL' });
      const second = other.entry('break.ended', {});
      const moved = forgeHeader(second, { seq: 1 });
      expect(states(await send(other.journal, [moved]))).toEqual(['disputed BROKEN_CHAIN']);
    });

    it('an entry that cannot be understood is kept as bytes and costs the others nothing', async () => {
      const journal = writeJournal({ agent: 'A017' });
      const entries = noAnswer(journal, nextCase());
      const answer = await send(journal.journal, [entries[0], { nonsense: '\u0000 <script>' }, entries[2]]);
      expect(states(answer)).toEqual(['stored', 'unreadable', 'stored']);
      expect(states(await send(journal.journal, [entries[0], { nonsense: '\u0000 <script>' }, entries[2]]))).toEqual([
        'duplicate',
        'duplicate',
        'duplicate',
      ]);
    });

    it('a bad signature, a foreign journal and a body that is no batch are refused', async () => {
      const journal = writeJournal({ agent: 'A017' });
      const text = batchText(station.id, journal.journal, [journal.entry('break.ended', {})]);
      const code = async (response: Promise<{ json(): { code: string } }>) => (await response).json().code;
      expect(await code(postBatch(get().app, station, journal.journal, text, station.sign(`${text} `)))).toBe(
        'BAD_SIGNATURE',
      );
      expect(await code(postBatch(get().app, station, journal.journal, text, 'rubbish'))).toBe('BAD_SIGNATURE');
      expect(await code(postBatch(get().app, station, journal.journal, 'no batch'))).toBe('BAD_REQUEST');
      await sendBatch(get().app, station, journal.journal, text);
      const thief = await enrolStation(get());
      const stolen = batchText(thief.id, journal.journal, [journal.entry('break.ended', {})]);
      expect(await code(postBatch(get().app, thief, journal.journal, stolen))).toBe('NOT_ALLOWED');
    });

    it('a batch larger than the limit is refused as such, and all of it is stored when it comes in parts', async () => {
      const journal = writeJournal({ agent: 'A017' });
      const [start, end, result] = noAnswer(journal, nextCase());
      const attempt = JSON.parse(start!.body).attempt;
      // As wide as text gets: a control character is six bytes in the body, and seven on the way.
      const notes = Array.from({ length: 120 }, () =>
        journal.entry('disposition.recorded', {
          ...{ attempt, callResult: { rule: 'rang', confirmed: 'NO_ANSWER' }, flags: [], by: 'AGENT' },
          note: '\u0001'.repeat(2000),
        }),
      );
      const entries = [start!, end!, result!, ...notes];
      const text = batchText(station.id, journal.journal, entries);
      const refused = await postBatch(get().app, station, journal.journal, text);
      expect([refused.statusCode, refused.json().code]).toEqual([413, 'TOO_LARGE']);
      const half = Math.ceil(entries.length / 2);
      const taken = [
        await send(journal.journal, entries.slice(0, half)),
        await send(journal.journal, entries.slice(half)),
      ];
      expect(
        taken.flatMap((answer) => (answer.type === 'receipts' ? answer.receipts : [])).map(({ seq }) => seq),
      ).toEqual(entries.map(({ header }) => header.seq));
      expect(taken.at(-1)).toMatchObject({ head: journal.head() });
    });

    it('a protocol the server does not read is named as such, and nothing of it is stored', async () => {
      const journal = writeJournal({ agent: 'A017' });
      const entry = journal.entry('break.started', { reason: 'MEAL' });
      const text = batchText(station.id, journal.journal, [entry]);
      const newer = text.replace('"protocol":1', '"protocol":2');
      const refused = await postBatch(get().app, station, journal.journal, newer);
      expect([refused.statusCode, refused.json().code]).toEqual([426, 'VERSION_TOO_OLD']);
      expect(states(await send(journal.journal, [entry]))).toEqual(['stored']);
    });

    it('an entry of another version than the server reads is kept as it came, and the chain goes on after it', async () => {
      const journal = writeJournal({ agent: 'A017' });
      const first = journal.entry('break.started', { reason: 'MEAL' });
      const { header, ...rest } = journal.entry('break.ended', {});
      const newer = { ...rest, header: { ...header, version: 2 } };
      const entries = [first, newer, journal.entry('break.started', { reason: 'REST' })];
      expect(states(await send(journal.journal, entries))).toEqual(['stored', 'unreadable', 'stored']);
      expect(states(await send(journal.journal, entries))).toEqual(['duplicate', 'duplicate', 'duplicate']);
      const kept = await get()
        .bank.database.selectFrom('entries')
        .select('raw')
        .where('journal', '=', journal.journal)
        .where('seq', '=', 2)
        .executeTakeFirstOrThrow();
      expect(JSON.parse(Buffer.from(kept.raw!, 'base64').toString('utf8'))).toEqual(newer);
    });

    it('an entry of a superseded epoch is late: stored, shown to the lead, and both results stand', async () => {
      const one = nextCase();
      const { app, bank } = get();
      const early = writeJournal({ agent: 'A017' });
      const first = finished(early, one);
      // The lease was taken from the first agent and given to the second.
      await bank.database
        .updateTable('leases')
        .set({ ended_at: bank.clock.now(), ended_by: 'TEST' })
        .where('person', '=', one.person)
        .execute();
      const other = await enrolStation(get());
      const second = await signInAs(app, 'A021', other.id);
      const taken = (await leaseFor(app, second, other, 200)).leases.find((lease) => lease.person === one.person)!;
      expect(taken.epoch).toBe(one.epoch + 1);
      const later = writeJournal({ agent: 'A021' });
      const theirs = finished(later, { id: one.id, epoch: taken.epoch });
      expect(states(await sendBatch(app, other, later.journal, batchText(other.id, later.journal, theirs)))).toEqual([
        'stored',
        'stored',
      ]);
      expect(states(await send(early.journal, first))).toEqual(['disputed LATE', 'disputed LATE']);
      expect(
        states(
          await send(early.journal, [
            early.entry('value.unmasked', { what: 'NAME' }, { caseId: 'DEMO-01-B', leaseEpoch: 99 }),
          ]),
        ),
      ).toEqual(['disputed NOT_LEASED']);
      const board = (await app.inject({ url: '/api/v1/board', headers: bearer(await signInAs(app, 'L002')) })).json<{
        exceptions: { type: string; caseId: string }[];
      }>();
      expect(
        board.exceptions
          .filter((x) => x.caseId === one.id)
          .map((x) => x.type)
          .sort(),
      ).toEqual(['CONFLICT', 'DISPUTED']);
      await app.inject({
        method: 'POST',
        url: '/api/v1/leases/return',
        headers: bearer(second),
        payload: { station: other.id },
      });
    });

    it('a result the script does not offer, or a verdict our comparison does not share, is disputed', async () => {
      const one = nextCase();
      const { script, hash } = scriptFor('PRELOAN_BORROWER')!;
      const ref = { id: script.id, version: script.version, hash };
      const journal = writeJournal({ agent: 'A017' });
      const attempt = randomUUID();
      const start = journal.entry(
        'attempt.started',
        {
          attempt,
          direction: 'out',
          contact: 'mobile',
          number: '15400000001',
          script: ref,
          caseRevision: one.revision,
        },
        about(one),
      );
      const wrongStep = journal.entry(
        'step.recorded',
        {
          attempt,
          script: ref,
          caseRevision: one.revision,
          move: { type: 'said', step: 'borrower.nowhere' },
          comparator: '1',
        },
        about(one),
      );
      const verified = journal.entry(
        'disposition.recorded',
        {
          attempt,
          callResult: { rule: 'talked', confirmed: 'ANSWERED' },
          disposition: { code: 'VERIFIED', evidence: {} },
          flags: [],
          note: '',
          by: 'AGENT',
        },
        about(one),
      );
      expect(states(await send(journal.journal, [start, wrongStep]))).toEqual(['stored', 'disputed REPLAY_DIFFERS']);
      expect(states(await send(journal.journal, [verified]))).toEqual(['disputed REPLAY_DIFFERS']);
    });

    it('a second entry that is not the first one, or a derived answer that does not follow, is disputed', async () => {
      const { script, hash } = scriptFor('PRELOAN_BORROWER')!;
      const ref = { id: script.id, version: script.version, hash };
      const { moves } = play(script, changedJobBorrower, changedJobFile, ordinaryDay);
      const lastOf = async (until: string, change: Partial<Answer>) => {
        const one = nextCase();
        const journal = writeJournal({ agent: 'A017' });
        const ground = { attempt: randomUUID(), script: ref, caseRevision: one.revision };
        const start = { ...ground, direction: 'out', contact: 'mobile', number: '15400000001' } as const;
        const at = moves.findIndex((move) => move.step === until);
        const last = moves[at];
        if (last?.type !== 'answered') throw new Error(`${until} was not answered`);
        const answers = last.answers.map((answer, n) =>
          n === last.answers.length - 1 ? { ...answer, ...change } : answer,
        );
        const entries = [
          journal.entry('attempt.started', start, about(one)),
          ...[...moves.slice(0, at), { ...last, answers }].map((move) =>
            journal.entry('step.recorded', { ...ground, move, comparator: '1' }, about(one)),
          ),
        ];
        return states(await send(journal.journal, entries)).at(-1);
      };
      const twice = 'borrower.employerPhoneTwice';
      expect(await lastOf(twice, {})).toBe('stored');
      expect(await lastOf(twice, { value: '02600000024' })).toBe('disputed COMPARISON_DIFFERS');
      expect(await lastOf('borrower.newPosition', {})).toBe('stored');
      expect(await lastOf('borrower.newPosition', { as: 'settled' })).toBe('disputed COMPARISON_DIFFERS');
    });

    it('a call is replayed with the reading of earlier misses that it began with', async () => {
      const { app, bank } = get();
      const due = new Date(bank.clock.now().getTime() - 40 * 86_400_000);
      const [made] = generateCases(1, 13, due);
      const fault = { contact: 'mobile', direction: 'out', callResult: 'STATION_FAULT', talkedSeconds: 0 } as const;
      const attempts = ['one', 'two'].map((attempt) => ({ ...fault, attempt, at: due.toISOString() }));
      await importCases(bank.database, [{ ...made!, attempts }], { allOrNothing: true });
      const lease = (await leaseFor(app, session, station, 200)).leases.find(({ person }) => person === made!.person)!;
      const one = { caseId: made!.id, leaseEpoch: lease.epoch };
      const { script, hash } = scriptFor('PRELOAN_BORROWER')!;
      const caseRevision = caseSchema.parse(lease.cases[0]).revision;
      const sent = async (misses: 'none' | 'several', givens: { givens?: 2 }) => {
        const ground = {
          attempt: randomUUID(),
          script: { id: script.id, version: script.version, hash },
          caseRevision,
        };
        const given = { ...ordinaryDay, 'call.earlierMisses': misses };
        const { moves } = play(script, changedJobBorrower, changedJobFile, given, 'borrower.idLast4');
        const journal = writeJournal({ agent: 'A017' });
        const start = { ...ground, ...givens, direction: 'out', contact: 'mobile', number: '15400000000' } as const;
        const last = {
          type: 'answered',
          step: 'borrower.idLast4',
          answers: [{ about: 'person.idLast4', as: 'match' }],
        } as const;
        const entries = [
          journal.entry('attempt.started', start, one),
          ...[...moves, { ...last, answers: [...last.answers] }].map((move) =>
            journal.entry('step.recorded', { ...ground, move, comparator: '1' }, one),
          ),
        ];
        return states(await send(journal.journal, entries)).at(-1);
      };
      expect(await sent('none', { givens: 2 })).toBe('stored');
      expect(await sent('several', { givens: 2 })).toBe('disputed REPLAY_DIFFERS');
      expect(await sent('several', {})).toBe('stored');
    });

    it('questions withheld from an outsourced agent are left out of the replay; nobody in house can say so', async () => {
      const { bank } = get();
      const { script, hash } = scriptFor('PRELOAN_BORROWER')!;
      const ref = { id: script.id, version: script.version, hash };
      const { moves } = play(script, changedJobBorrower, changedJobFile, {
        ...ordinaryDay,
        'consent.incomeInquiry': 'absent',
      });
      const sent = async () => {
        const one = nextCase();
        const journal = writeJournal({ agent: 'A017' });
        const ground = { attempt: randomUUID(), script: ref, caseRevision: one.revision };
        const start = {
          ...ground,
          direction: 'out' as const,
          contact: 'mobile',
          number: '15400000001',
          withheld: ['INCOME' as const],
        };
        const entries = [
          journal.entry('attempt.started', start, about(one)),
          ...moves.map((move) => journal.entry('step.recorded', { ...ground, move, comparator: '1' }, about(one))),
        ];
        return states(await send(journal.journal, entries));
      };
      expect(await sent()).toContain('disputed REPLAY_DIFFERS');
      const is = (handling: string) =>
        bank.database.updateTable('accounts').set({ handling }).where('account', '=', 'A017').execute();
      await is('OUTSOURCED');
      expect(await sent()).not.toContain('disputed REPLAY_DIFFERS');
      await is('IN_HOUSE');
    });

    it('a number dialled on the word of a second person is disputed unless that person was asked here', async () => {
      const start = async (confirmedBy?: string) => {
        const one = nextCase();
        const journal = writeJournal({ agent: 'A017' });
        const number = '15400000001';
        const permit = {
          caseId: one.id,
          contact: 'mobile',
          number,
          source: 'APPLICATION_FORM' as const,
          check: 'SECOND_PERSON' as const,
          ...(confirmedBy === undefined ? {} : { confirmedBy }),
          attemptNumber: 1,
          hoursRule: 'open',
          permittedAt: workdayMorning.toISOString(),
          demo: false,
        };
        const body = { attempt: randomUUID(), direction: 'out' as const, contact: 'mobile', number, permit };
        return states(await send(journal.journal, [journal.entry('attempt.started', body, about(one))]));
      };
      expect(await start('L002')).toEqual(['disputed NO_NOTICE']);
      const asked = await get().app.inject({
        method: 'POST',
        url: '/api/v1/second-person',
        headers: bearer(session),
        payload: { account: 'L002', password: passwordOf('L002') },
      });
      expect(asked.statusCode).toBe(200);
      expect(await start('L002')).toEqual(['stored']);
      expect(await start('A021')).toEqual(['disputed NO_NOTICE']);
      expect(await start()).toEqual(['disputed NO_NOTICE']);
    });

    it('what a borrower said of the job reaches the employer’s case, a higher revision of it, for stations that know it', async () => {
      const { app, bank } = get();
      const { borrower, employer, lease } = await twoCases('61');
      const before = await lease();
      expect(before.borrowerSaid).toBeUndefined();
      const { moves } = play(scriptFor('PRELOAN_BORROWER')!.script, changedJobBorrower, borrower.file, ordinaryDay);
      await talk(borrower, borrower.revision, moves);
      const after = await lease();
      expect(after.borrowerSaid).toEqual({
        'employer.name': '云朵牙刷机械',
        'employer.department': '物流部',
        'employer.position': '主管',
        'job.duties': '安排发货',
      });
      expect(after.revision).toBeGreaterThan(before.revision);
      expect(after.contacts.map(({ slot }) => slot)).toEqual([{ part: 'AFTERNOON' }]);
      // A station that does not know it would refuse the case.
      const older = (await leaseFor(app, session, station, 60)).leases.flatMap(({ cases }) => cases);
      const plain = older.find((one) => caseSchema.parse(one).id === employer.id);
      expect([plain, JSON.stringify(plain)]).toEqual([
        expect.objectContaining({ revision: after.revision }),
        expect.not.stringMatching(/borrowerSaid|slot/),
      ]);
      await rebuild(bank.database);
      expect(await lease()).toEqual(after);
    });

    it('an employer’s words are replayed beside what the borrower had said when the case was leased; to leave that out is disputed', async () => {
      const { borrower, employer, lease } = await twoCases('62');
      const silent = await lease();
      const { script } = scriptFor('EMPLOYER')!;
      const calls = ['no', 'yes'].map((said) => {
        const { moves } = play(script, cleanEmployer, employer.file, { ...ordinaryDay, 'borrower.said': said });
        expect(moves.some(({ step }) => step === 'employer.compared')).toBe(said === 'yes');
        return moves;
      });
      const [without = [], compared = []] = calls;
      expect(await talk(employer, silent.revision, without)).not.toContain('disputed REPLAY_DIFFERS');
      const spoke = play(scriptFor('PRELOAN_BORROWER')!.script, changedJobBorrower, borrower.file, ordinaryDay);
      await talk(borrower, borrower.revision, spoke.moves);
      const spoken = await lease();
      expect(await talk(employer, spoken.revision, compared)).not.toContain('disputed REPLAY_DIFFERS');
      expect(await talk(employer, spoken.revision, without)).toContain('disputed REPLAY_DIFFERS');
      // The attempt names the revision it was leased with, whatever was said since.
      expect(await talk(employer, silent.revision, without)).not.toContain('disputed REPLAY_DIFFERS');
      expect(await talk(employer, silent.revision, compared)).toContain('disputed REPLAY_DIFFERS');
    });

    /** An employer's cases that are held here, and what becomes of a call with these answers about one of them that came to this. */
    const employerCalls = async (seed: number, made: readonly Partial<Case>[], answers: Answers = cleanEmployer) => {
      const { app, bank } = get();
      const due = new Date(bank.clock.now().getTime() - 40 * 86_400_000);
      const number = '026-0000-0001';
      const sources = (['APPLICATION_FORM', 'PUBLIC_DIRECTORY'] as const).map((source) => ({ source, number }));
      const owner = '纸鹤航天文具（虚构）有限公司';
      const office = {
        id: 'office',
        label: '单位座机',
        role: 'EMPLOYER',
        owner,
        number,
        status: 'OK',
        sources,
      } as const;
      const employers = generateCases(made.length, seed, due).map((one, index) => ({
        ...one,
        ...{ kind: 'EMPLOYER' as const, file: { ...cleanFile }, contacts: [{ ...office, sources: [...sources] }] },
        ...made[index],
      }));
      await importCases(bank.database, employers, { allOrNothing: true });
      const held = (await leaseFor(app, session, station, 200)).leases;
      const { script, hash } = scriptFor('EMPLOYER')!;
      const ref = { id: script.id, version: script.version, hash };
      const { moves } = play(script, answers, cleanFile, ordinaryDay);
      return employers.map(({ id }) => async (contact: string, code: string, flags: string[]) => {
        const lease = held.find(({ cases }) => caseSchema.parse(cases[0]).id === id)!;
        const one = { caseId: id, leaseEpoch: lease.epoch };
        const ground = { attempt: randomUUID(), script: ref, caseRevision: caseSchema.parse(lease.cases[0]).revision };
        const journal = writeJournal({ agent: 'A017' });
        const result = {
          attempt: ground.attempt,
          callResult: { rule: 'talked', confirmed: 'ANSWERED' as const },
          disposition: { code, evidence: {} },
          ...{ flags, note: '', by: 'AGENT' as const },
        };
        const called = contact === 'office' ? number.replaceAll('-', '') : '02600000023';
        const entries = [
          journal.entry('attempt.started', { ...ground, direction: 'out', contact, number: called }, one),
          ...moves.map((move) => journal.entry('step.recorded', { ...ground, move, comparator: '1' }, one)),
          journal.entry('disposition.recorded', result, one),
        ];
        return states(await send(journal.journal, entries)).at(-1);
      });
    };

    it('at a number of the employer that was only told, partly verified is no dispute, and elsewhere it is one', async () => {
      const [first, second] = await employerCalls(9, [{}, {}]);
      const flags = ['NUMBER_TOLD_ONLY'];
      expect(await first!('office', 'PARTIAL', flags)).toBe('disputed REPLAY_DIFFERS');
      expect(await first!('told-0123456789ab', 'PARTIAL', flags)).toBe('stored');
      // A station that does not know the rule yet says honestly what its script offered.
      expect(await second!('told-0123456789ab', 'VERIFIED', flags)).toBe('stored');
    });

    it('suspected fraud by two flags of the number is no dispute, and by fewer it is one', async () => {
      const record = { source: '企业公示系统', lookedUpOn: '2026-02-20', found: true, foundedOn: '2023-01-09' };
      const [clean, younger, both] = await employerCalls(10, [
        {},
        { companyRecord: record },
        { companyRecord: { ...record, areaCodes: ['021'] } },
      ]);
      expect(await clean!('office', 'SUSPECTED_FRAUD', [])).toBe('disputed REPLAY_DIFFERS');
      expect(await younger!('office', 'SUSPECTED_FRAUD', ['COMPANY_YOUNGER'])).toBe('disputed REPLAY_DIFFERS');
      // What the record says is read off the leased case, whatever the station names; that another case has the number is its word.
      expect(await younger!('office', 'SUSPECTED_FRAUD', ['AREA_DIFFERS'])).toBe('disputed REPLAY_DIFFERS');
      expect(await younger!('office', 'SUSPECTED_FRAUD', ['NUMBER_SHARED'])).toBe('stored');
      expect(await both!('office', 'SUSPECTED_FRAUD', [])).toBe('stored');
      // One flag of the answers and that one; but a person's number is no employer's, whatever is said of it.
      const number = '026-0000-0001';
      const sources = [{ source: 'APPLICATION_FORM' as const, number }];
      const own = {
        id: 'office',
        label: '手机',
        role: 'BORROWER',
        owner: '甄样例',
        number,
        status: 'OK',
        sources,
      } as const;
      const mobileOnly: Answers = {
        ...cleanEmployer,
        'employer.secondLine': [{ choice: 'mobileOnly' }, { skipped: true }],
      };
      const [firm, person] = await employerCalls(11, [{}, { contacts: [{ ...own, sources }] }], mobileOnly);
      expect(await firm!('office', 'SUSPECTED_FRAUD', [])).toBe('disputed REPLAY_DIFFERS');
      expect(await firm!('office', 'SUSPECTED_FRAUD', ['MOBILE_ONLY', 'NUMBER_SHARED'])).toBe('stored');
      expect(await person!('office', 'SUSPECTED_FRAUD', ['NUMBER_SHARED'])).toBe('disputed REPLAY_DIFFERS');
    });

    it('a call that was permitted by night is disputed; what the bank’s own limit allows, and any clock of the header, is not', async () => {
      const { bank } = get();
      const start = async (clock: string) => {
        const one = nextCase();
        const journal = writeJournal({ agent: 'A017', at: () => new Date('2026-11-25T03:00:00+08:00') }); // a wall clock that jumped
        const number = '15400000001';
        const permit = {
          ...({ caseId: one.id, contact: 'mobile', number, source: 'APPLICATION_FORM', check: 'TWO_SOURCES' } as const),
          ...{ attemptNumber: 1, hoursRule: 'hours.appointment', demo: true },
          permittedAt: new Date(`2026-11-25T${clock}:00+08:00`).toISOString(),
        };
        const body = { attempt: randomUUID(), direction: 'out' as const, contact: 'mobile', number, permit };
        leased.push(one);
        return states(await send(journal.journal, [journal.entry('attempt.started', body, about(one))]));
      };
      expect(await start('08:00')).toEqual(['stored']);
      expect(await start('21:59')).toEqual(['stored']);
      expect(await start('22:00')).toEqual(['disputed NO_NOTICE']);
      expect(await start('07:30')).toEqual(['disputed NO_NOTICE']);
      const hours = { ...defaultPolicy.hours, outer: { from: 7 * 60, to: 21 * 60 } };
      const value = JSON.stringify({ ...defaultPolicy, hours });
      await bank.database.insertInto('settings').values({ name: 'policy', value }).execute();
      expect([await start('07:30'), await start('21:30')]).toEqual([['stored'], ['stored']]);
      await bank.database.deleteFrom('settings').where('name', '=', 'policy').execute();
    });

    it('a result taken back leaves the case open, and its notice is never sent', async () => {
      const one = nextCase();
      const { app, bank } = get();
      const journal = writeJournal({ agent: 'A017' });
      const [start, result] = finished(journal, one);
      const { attempt } = JSON.parse(start!.body);
      const notice = journal.entry(
        'followUp.requested',
        { attempt, followUp: { kind: 'SMS_NOTICE', rule: 'sms.afterMisses' } },
        about(one),
      );
      await send(journal.journal, [start, result, notice]);
      const stateOf = async () =>
        (
          await bank.database
            .selectFrom('case_states')
            .select('status')
            .where('case_id', '=', one.id)
            .executeTakeFirstOrThrow()
        ).status;
      expect(await stateOf()).toBe('FINISHED');
      await send(journal.journal, [
        journal.entry('amended', { seq: 2, hash: result!.header.hash, what: 'TAKEN_BACK', reason: 'slip' }, about(one)),
      ]);
      expect(await stateOf()).toBe('OPEN');
      await bank.database
        .updateTable('notices')
        .set({ real_held_until: new Date(0) })
        .execute();
      await sendDueNotices(bank);
      const row = await bank.database
        .selectFrom('notices')
        .selectAll()
        .where('attempt', '=', attempt)
        .executeTakeFirstOrThrow();
      expect([row.sent_at, row.cancelled_at !== null]).toEqual([null, true]);
      const again = await leaseFor(app, session, station, 60);
      const document = caseSchema.parse(
        again.leases.flatMap((x) => x.cases).find((x) => caseSchema.parse(x).id === one.id),
      );
      expect(document.revision).toBe(one.revision + 4);
    });

    /** What the case's history says now, and how much its revision rose since it was leased. */
    const historyNow = async (one: { id: string; revision: number }) => {
      const [document] = await get()
        .bank.database.transaction()
        .execute((tx) => caseDocuments(tx, [one.id]));
      const { history, revision } = caseSchema.parse(document);
      return [history.map(({ text }) => text.zh), revision - one.revision];
    };
    const noticesOf = (caseId: string) =>
      get()
        .bank.database.selectFrom('notices')
        .select(['attempt', 'contact', 'template', 'sent_at', 'cancelled_at'])
        .where('case_id', '=', caseId)
        .execute();
    const preNotice = { contact: 'mobile', template: 'BEFORE_FIRST_CALL' } as const;

    it('a notice before the first call is sent once a case whoever asks, and the history says so at each time', async () => {
      const one = nextCase();
      const { bank } = get();
      const journal = writeJournal({ agent: 'A017' });
      const twice = [0, 1].map(() => journal.entry('notice.requested', preNotice, about(one)));
      expect(states(await send(journal.journal, twice))).toEqual(['stored', 'stored']);
      expect(await noticesOf(one.id)).toEqual([{ ...preNotice, attempt: null, sent_at: null, cancelled_at: null }]);
      expect(await historyNow(one)).toEqual([['已请求短信预告'], 2]);
      await sendDueNotices(bank);
      expect(await historyNow(one)).toEqual([['已发送短信预告'], 3]);

      // Another station, which did not know: taken in, and nothing comes of it.
      const other = await enrolStation(get());
      const later = writeJournal({ agent: 'A021' });
      const again = [later.entry('notice.requested', preNotice, about(one)), later.entry('break.ended', {})];
      const text = batchText(other.id, later.journal, again);
      expect(states(await sendBatch(get().app, other, later.journal, text))).toEqual(['disputed NOT_LEASED', 'stored']);
      expect(await sendDueNotices(bank)).toBe(0);
      expect(await noticesOf(one.id)).toHaveLength(1);
      await rebuild(bank.database);
      expect(await noticesOf(one.id)).toHaveLength(1);
    });

    it('a notice before the first call counts from who does not hold the case too; a template nobody knows costs nothing', async () => {
      const one = nextCase();
      const other = await enrolStation(get());
      const journal = writeJournal({ agent: 'A021' });
      const unknown = forge(journal.entry('notice.requested', preNotice, about(one)), (body) => ({
        ...body,
        template: 'OF_A_NEWER_STATION',
      }));
      const text = batchText(other.id, journal.journal, [unknown]);
      expect(states(await sendBatch(get().app, other, journal.journal, text))).toEqual(['unreadable']);
      const next = writeJournal({ agent: 'A021' });
      const entries = [next.entry('notice.requested', preNotice, about(one))];
      const sent = await sendBatch(get().app, other, next.journal, batchText(other.id, next.journal, entries));
      expect(states(sent)).toEqual(['disputed NOT_LEASED']);
      await sendDueNotices(get().bank);
      expect(await noticesOf(one.id)).toMatchObject([{ sent_at: expect.any(Date) }]);
    });

    it('a notice that arrives with the call it was to announce is not sent; after a slip of the hand it is', async () => {
      const { bank } = get();
      const asked = async (result: 'NO_ANSWER' | 'CANCELLED_BY_AGENT') => {
        const one = nextCase();
        const journal = writeJournal({ agent: 'A017' });
        const request = journal.entry('notice.requested', preNotice, about(one));
        await send(journal.journal, [request, ...noAnswer(journal, one, '', result)]);
        await sendDueNotices(bank);
        return historyNow(one);
      };
      expect(await asked('NO_ANSWER')).toEqual([['短信预告未发送：已先外呼，或任务已结束'], 5]);
      expect(await asked('CANCELLED_BY_AGENT')).toEqual([['已发送短信预告'], 5]);
    });

    it('while the first call rings its notice still goes out, and not for a case that is over', async () => {
      const { bank } = get();
      const [ringing, over] = [nextCase(), nextCase()];
      const journal = writeJournal({ agent: 'A017' });
      const ask = (one: { id: string; epoch: number }) => journal.entry('notice.requested', preNotice, about(one));
      const [start] = noAnswer(writeJournal({ agent: 'A017' }), ringing);
      const call = journal.entry('attempt.started', JSON.parse(start!.body), about(ringing));
      await send(journal.journal, [call, ask(ringing), ...finished(journal, over), ask(over)]);
      await sendDueNotices(bank);
      expect((await historyNow(ringing))[0]).toEqual(['已发送短信预告']);
      expect((await historyNow(over))[0]).toEqual(['短信预告未发送：已先外呼，或任务已结束']);
    });

    it('a follow-up closed with a reason stands no more, the others do, and a rebuild says the same', async () => {
      const one = nextCase();
      const { bank } = get();
      const journal = writeJournal({ agent: 'A017' });
      const [closed, open] = [randomUUID(), randomUUID()];
      const kind = 'CALL_BACK_MISSED';
      const entries = [closed, open].flatMap((attempt) => [
        journal.entry('attempt.started', { attempt, direction: 'in', number: '15400000001' }, about(one)),
        journal.entry('followUp.requested', { attempt, followUp: { kind, rule: 'incoming.missed' } }, about(one)),
      ]);
      entries.push(journal.entry('followUp.closed', { attempt: closed, kind, reason: '已回电' }, about(one)));
      expect(states(await send(journal.journal, entries))).toEqual(Array(5).fill('stored'));
      const standing = async () =>
        (
          await bank.database
            .selectFrom('follow_ups')
            .select('attempt')
            .where('case_id', '=', one.id)
            .where('standing', '=', true)
            .execute()
        ).map(({ attempt }) => attempt);
      expect(await standing()).toEqual([open]);
      await rebuild(bank.database);
      expect(await standing()).toEqual([open]);
    });

    it('a call for help stands first on the board until its call has a result, asked twice is one, and a rebuild says the same', async () => {
      const one = nextCase();
      const { app, bank } = get();
      const journal = writeJournal({ agent: 'A017' });
      const [first, attempt] = [randomUUID(), randomUUID()];
      const call = { direction: 'out', contact: 'mobile', number: '15400000001' } as const;
      const result = (of: string) =>
        journal.entry(
          'disposition.recorded',
          {
            attempt: of,
            callResult: { rule: 'talked', confirmed: 'ANSWERED' },
            disposition: { code: 'COMPLAINT', evidence: {} },
            flags: [],
            note: '',
            by: 'AGENT',
          },
          about(one),
        );
      const ask = (of: string) => journal.entry('help.asked', { attempt: of, step: 'borrower.opening' }, about(one));
      const lead = await signInAs(app, 'L002');
      /** Calls for help of this journal on the board, and what stands first on it. */
      const onBoard = async () => {
        const { exceptions } = boardSchema.parse(
          (await app.inject({ url: '/api/v1/board', headers: bearer(lead) })).json(),
        );
        const calls = exceptions.filter(({ id }) => id.startsWith(`HELP:${journal.journal}`));
        return { calls, first: exceptions[0] };
      };
      const entries = [
        journal.entry('attempt.started', { attempt: first, ...call }, about(one)),
        ask(first),
        result(first),
        journal.entry('attempt.started', { attempt, ...call }, about(one)),
        ask(attempt),
        ask(attempt),
      ];
      expect(states(await send(journal.journal, entries))).toEqual(Array(6).fill('stored'));
      const { calls, first: top } = await onBoard();
      expect(calls).toEqual([
        {
          id: `HELP:${journal.journal}:${attempt}`,
          type: 'HELP',
          caseId: one.id,
          respondent: expect.stringMatching(/^.\*/),
          at: entries[4]?.header.at,
          agent: 'A017',
        },
      ]);
      expect(top).toEqual(calls[0]); // before the complaint beside it
      await rebuild(bank.database);
      expect((await onBoard()).calls).toEqual(calls);

      const wrapUp = result(attempt);
      await send(journal.journal, [wrapUp]);
      expect((await onBoard()).calls).toEqual([]);
      const { seq, hash } = wrapUp.header;
      const takenBack = { seq, hash, what: 'TAKEN_BACK', reason: 'slip' } as const;
      await send(journal.journal, [journal.entry('amended', takenBack, about(one))]);
      expect((await onBoard()).calls).toEqual(calls);
      await send(journal.journal, [result(attempt)]);
      await rebuild(bank.database);
      expect((await onBoard()).calls).toEqual([]);
    });

    it('a result taken back takes all of its wrap-up with it, and nothing of another attempt', async () => {
      const one = nextCase();
      const { bank } = get();
      const journal = writeJournal({ agent: 'A017' });
      const due = new Date(bank.clock.now().getTime() + 7_200_000).toISOString();
      /** A call and what its wrap-up leaves: result, contact, appointment, follow-up, notice. */
      const wrappedUp = (contact: string) => {
        const attempt = randomUUID();
        const followUp = (kind: 'SMS_NOTICE' | 'SECOND_VERIFICATION') =>
          journal.entry('followUp.requested', { attempt, followUp: { kind, due, rule: 'test.rule' } }, about(one));
        const start = journal.entry(
          'attempt.started',
          { attempt, direction: 'out', contact: 'mobile', number: '15400000001' },
          about(one),
        );
        const result = journal.entry(
          'disposition.recorded',
          {
            attempt,
            callResult: { rule: 'talked', confirmed: 'ANSWERED' },
            disposition: { code: 'COMPLAINT', evidence: {} },
            flags: [],
            note: '',
            by: 'AGENT',
          },
          about(one),
        );
        const changed = { attempt, contact, number: { number: '154-0000-0098', source: 'BORROWER' } } as const;
        const agreed = { attempt, appointment: { at: due, exact: true, askedBy: 'RESPONDENT' } } as const;
        const entries = [
          start,
          result,
          journal.entry('contact.changed', changed, about(one)),
          journal.entry('appointment.made', agreed, about(one)),
          followUp('SECOND_VERIFICATION'),
          followUp('SMS_NOTICE'),
        ];
        return { attempt, result, entries };
      };
      const kept = wrappedUp('new-kept');
      const slip = wrappedUp('new-slip');
      const { seq, hash } = slip.result.header;
      const takenBack = journal.entry('amended', { seq, hash, what: 'TAKEN_BACK', reason: 'slip' }, about(one));
      await send(journal.journal, [...kept.entries, ...slip.entries]);

      /** What stands of each part, as the seqs of its entries. */
      const standing = async () => {
        const of = async (table: 'dispositions' | 'contact_changes' | 'appointments' | 'follow_ups' | 'exceptions') =>
          (
            await bank.database
              .selectFrom(table)
              .select('seq')
              .where('journal', '=', journal.journal)
              .where('standing', '=', true)
              .orderBy('seq')
              .execute()
          ).map((row) => row.seq);
        const notices = await bank.database
          .selectFrom('notices')
          .select('seq')
          .where('journal', '=', journal.journal)
          .where('cancelled_at', 'is', null)
          .orderBy('seq')
          .execute();
        return {
          results: await of('dispositions'),
          contacts: await of('contact_changes'),
          appointments: await of('appointments'),
          followUps: await of('follow_ups'),
          exceptions: await of('exceptions'),
          notices: notices.map((row) => row.seq),
        };
      };
      expect(await standing()).toEqual({
        results: [2, 8],
        contacts: [3, 9],
        appointments: [4, 10],
        followUps: [5, 6, 11, 12],
        exceptions: [2, 8],
        notices: [6, 12],
      });
      await send(journal.journal, [takenBack]);
      expect(await standing()).toEqual({
        results: [2],
        contacts: [3],
        appointments: [4],
        followUps: [5, 6],
        exceptions: [2],
        notices: [6],
      });
    });

    it('a contact change and an appointment reach the next lease', async () => {
      const one = nextCase();
      const journal = writeJournal({ agent: 'A017' });
      const at = new Date(get().bank.clock.now().getTime() + 7_200_000).toISOString();
      const attempt = randomUUID();
      await send(journal.journal, [
        journal.entry(
          'attempt.started',
          { attempt, direction: 'out', contact: 'mobile', number: '15400000001' },
          about(one),
        ),
        journal.entry('contact.changed', { attempt, contact: 'mobile', status: 'INVALID' }, about(one)),
        journal.entry('contact.changed', { attempt, contact: 'mobile', slot: { words: '晚上七点以后' } }, about(one)),
        journal.entry(
          'contact.changed',
          { attempt, contact: 'new-1', number: { number: '154-0000-0099', source: 'BORROWER' } },
          about(one),
        ),
        journal.entry(
          'contact.changed',
          {
            attempt,
            contact: 'new-2',
            number: {
              number: '02600000023',
              source: 'BORROWER',
              role: 'EMPLOYER',
              owner: '云朵牙刷机械（虚构）有限公司',
            },
            slot: { part: 'MORNING' },
          },
          about(one),
        ),
        journal.entry(
          'appointment.made',
          { attempt, appointment: { at, exact: true, askedBy: 'RESPONDENT' } },
          about(one),
        ),
      ]);
      const leases = (await leaseFor(get().app, session, station, 60, caseAdditions)).leases;
      const document = caseSchema.parse(leases.flatMap((x) => x.cases).find((x) => caseSchema.parse(x).id === one.id));
      expect(document.contacts.map(({ slot }) => slot)).toEqual([
        { words: '晚上七点以后' },
        undefined,
        { part: 'MORNING' },
      ]);
      expect(document.appointment?.at).toBe(at);
      expect(document.contacts.map((contact) => [contact.id, contact.status])).toEqual([
        ['mobile', 'INVALID'],
        ['new-1', 'UNCONFIRMED'],
        ['new-2', 'UNCONFIRMED'],
      ]);
      expect(document.contacts.map(({ role }) => role)).toEqual(['BORROWER', 'BORROWER', 'EMPLOYER']);
      expect(document.contacts[2]).toMatchObject({
        number: '02600000023',
        owner: '云朵牙刷机械（虚构）有限公司',
        sources: [{ source: 'BORROWER', number: '02600000023' }],
      });
    });

    it('markup and 2000 characters in a note, and a clock of the year 1, are kept as they are', async () => {
      const one = nextCase();
      const journal = writeJournal({ agent: 'A017', at: () => new Date('0001-01-01T00:00:00Z') });
      const note = `<img src=x onerror=alert(1)>𠮷"'; drop table entries;--`.padEnd(2000, '字');
      expect(states(await send(journal.journal, noAnswer(journal, one, note.slice(0, 2000))))).toEqual([
        'stored',
        'stored',
        'stored',
      ]);
      const row = await get()
        .bank.database.selectFrom('dispositions')
        .select('note')
        .where('case_id', '=', one.id)
        .executeTakeFirstOrThrow();
      expect(row.note).toBe(note.slice(0, 2000));
    });

    it('the head is told to the station that signs for it', async () => {
      const journal = writeJournal({ agent: 'A017' });
      await send(journal.journal, [journal.entry('break.started', { reason: 'REST' })]);
      const path = `/api/v1/journals/${journal.journal}/head`;
      const ask = (time: string) =>
        get().app.inject({
          url: path,
          headers: {
            'x-station': station.id,
            'x-station-time': time,
            'x-station-signature': station.sign(`GET ${path}\n${time}`),
          },
        });
      const now = get().bank.clock.now();
      expect((await ask(now.toISOString())).json()).toMatchObject(journal.head());
      expect((await ask(new Date(now.getTime() - 600_000).toISOString())).statusCode).toBe(401);
    });
  });

  describe('projections', () => {
    it('a rebuild comes to the same tables', async () => {
      const { bank } = get();
      const dump = async () => {
        const tables: Record<string, string[]> = {};
        for (const table of projectionTables)
          tables[table] = (await bank.database.selectFrom(table).selectAll().execute())
            .map((row) => JSON.stringify(row))
            .sort();
        return tables;
      };
      const before = await dump();
      expect(before.attempts!.length).toBeGreaterThan(5);
      expect(await rebuild(bank.database)).toBeGreaterThan(20);
      expect(await dump()).toEqual(before);
    });
  });

  /** A call that ends with a result that finishes the case, of a kind no script is asked about. */
  function finished(journal: ReturnType<typeof writeJournal>, one: { id: string; epoch: number }): WireEntry[] {
    const attempt = randomUUID();
    return [
      journal.entry(
        'attempt.started',
        { attempt, direction: 'out', contact: 'mobile', number: '15400000001' },
        about(one),
      ),
      journal.entry(
        'disposition.recorded',
        {
          attempt,
          callResult: { rule: 'talked', confirmed: 'ANSWERED' },
          disposition: { code: 'ID_FAILED', evidence: {} },
          flags: [],
          note: '',
          by: 'AGENT',
        },
        about(one),
      ),
    ];
  }
}

function forge(entry: WireEntry, change: (body: object) => object): WireEntry {
  const body = JSON.stringify(change(JSON.parse(entry.body)));
  return forgeHeader({ ...entry, body }, { bodyHash: bodyHashOf(entry.salt, body) });
}

function forgeHeader(entry: WireEntry, change: Partial<WireEntry['header']>): WireEntry {
  const { hash: _old, ...header } = { ...entry.header, ...change };
  return { ...entry, header: { ...header, hash: hashOf(header) } };
}
