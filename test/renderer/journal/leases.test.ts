import 'fake-indexeddb/auto'; // before Dexie, which looks for IndexedDB when it is loaded
import { createDecipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { caseSchema } from '#shared/case/case.ts';
import { verifyChain } from '#shared/journal/chain.ts';
import type { Fact } from '#shared/journal/entry.ts';
import { exportSchema } from '#shared/journal/export.ts';
import { defaultPolicy } from '#shared/policy/policy.ts';
import { exportUnsent } from '../../../renderer/journal/export.ts';
import { openLeases } from '../../../renderer/journal/leases.ts';
import {
  by,
  caseOf,
  ended,
  everyRow,
  freshName,
  inBytes,
  recorded,
  started,
  station,
  testKeyBytes,
} from './support.ts';

const attempt = '11111111-1111-4111-8111-111111111111';
const until = '2026-03-02T18:00:00+08:00';
const at = '2026-03-02T02:00:00.000Z';

type OfferedLease = { person: string; epoch: number; cases: unknown[] };
const answerOf = (...leases: OfferedLease[]) => ({
  leases: leases.map((lease) => ({ ...lease, until })),
  policy: defaultPolicy,
  serverTime: at,
  waiting: 3,
});
const received = { at, includes: 0 };

async function stage(name = freshName()) {
  const { journal, database, key } = await station(name);
  let inWork: readonly string[] = [];
  const leases = await openLeases({ database, key, journal, inWork: () => inWork });
  return {
    name,
    journal,
    database,
    leases,
    work: (id: string | undefined) => {
      inWork = id === undefined ? [] : [id];
    },
    ids: () => leases.cases().map((cached) => cached.case.id),
  };
}

describe('leases', () => {
  it('what was leased is there after a restart, with epochs and policy', async () => {
    const first = await stage();
    await first.leases.keepLeases(
      answerOf({ person: 'P-1', epoch: 4, cases: [caseOf('HF-1'), caseOf('HF-2')] }),
      received,
    );
    const again = await stage(first.name);
    expect(again.leases.cases()).toEqual(first.leases.cases());
    expect(again.leases.cases()).toMatchObject([
      { case: { id: 'HF-1' }, epoch: 4, until },
      { case: { id: 'HF-2' }, epoch: 4, until },
    ]);
    expect(again.leases.policy()).toEqual(defaultPolicy);
    expect(again.leases.held()).toEqual({ persons: 1, waiting: 3, at });
  });

  it('no name, number or person lies on the disk in clear', async () => {
    const { leases, database } = await stage();
    await leases.keepLeases(answerOf({ person: 'P-77', epoch: 4, cases: [caseOf('HF-1', 'P-77')] }), received);
    const rows = await everyRow(database);
    expect(rows).toContain('HF-1');
    for (const secret of ['甄样例', '154-0000-0001', 'P-77', '星港支行']) expect(rows).not.toContain(inBytes(secret));
  });

  it('a malformed case is kept out and named, the others stay', async () => {
    const { leases, ids } = await stage();
    const hostile = [
      { ...caseOf('HF-2'), contacts: [] },
      { id: '<script>', nonsense: true },
      null,
      'HF-3',
      { ...caseOf('HF-4'), extra: 1 },
      caseOf('HF-5', 'P-9'), // another person's case under this lease
      caseOf('HF-1'), // named twice
    ];
    const kept = await leases.keepLeases(
      answerOf({ person: 'P-1', epoch: 1, cases: [caseOf('HF-1'), ...hostile, caseOf('HF-6')] }),
      received,
    );
    expect(ids()).toEqual(['HF-1', 'HF-6']);
    expect(kept.problems.map(({ code }) => code)).toEqual(Array(7).fill('CASE_MALFORMED'));
    expect(kept.problems.map(({ sentence }) => /HF-\d/.exec(sentence.en)?.[0])).toEqual([
      'HF-2',
      undefined,
      undefined,
      undefined,
      'HF-4',
      'HF-5',
      'HF-1',
    ]);
  });

  it('of a person leased twice the later epoch counts', async () => {
    const { leases } = await stage();
    const answer = answerOf(
      { person: 'P-1', epoch: 2, cases: [caseOf('HF-1')] },
      { person: 'P-1', epoch: 5, cases: [caseOf('HF-2')] },
    );
    await leases.keepLeases(answer, received);
    expect(leases.cases()).toMatchObject([{ case: { id: 'HF-2' }, epoch: 5 }]);
  });

  it('what is not in the answer is dropped from the disk too; its epoch stays known', async () => {
    const { leases, ids, database, name } = await stage();
    await leases.keepLeases(answerOf({ person: 'P-1', epoch: 4, cases: [caseOf('HF-1'), caseOf('HF-2')] }), received);
    const kept = await leases.keepLeases(answerOf({ person: 'P-1', epoch: 4, cases: [caseOf('HF-2')] }), received);
    expect(kept).toMatchObject({ cases: 1, dropped: 1 });
    expect(ids()).toEqual(['HF-2']);
    expect(await database.cases.toCollection().primaryKeys()).toEqual(['HF-2']);
    expect(leases.caseById('HF-1')).toBeUndefined();
    expect((await stage(name)).leases.epochOf('HF-1')).toBe(4);
    expect(leases.epochOf('HF-9')).toBeUndefined();
  });

  it('a case in work, or with an open attempt, is withdrawn and not erased until the work is done', async () => {
    const { leases, ids, work, journal, database } = await stage();
    const cases = [caseOf('HF-1'), caseOf('HF-2'), caseOf('HF-3')];
    await leases.keepLeases(answerOf({ person: 'P-1', epoch: 4, cases }), received);
    work('HF-1');
    await journal.append([started(attempt, 'HF-2')], by);
    await leases.dropPerson('P-1');
    expect(ids()).toEqual([]);
    expect(leases.caseById('HF-1')).toMatchObject({ case: { id: 'HF-1' }, epoch: 4 });
    expect(leases.caseById('HF-2')).toBeDefined();
    expect(leases.caseById('HF-3')).toBeUndefined();
    work(undefined);
    await journal.append([ended(attempt, 'HF-2'), recorded(attempt, 'HF-2')], by);
    await leases.keepLeases(answerOf(), received);
    expect(await database.cases.count()).toBe(0);
    expect(leases.epochOf('HF-1')).toBe(4);
  });

  it('a barred number is barred however it is written, in later leases and after a restart too', async () => {
    const first = await stage();
    await first.leases.barNumber('15400000001');
    await first.leases.keepLeases(answerOf({ person: 'P-1', epoch: 4, cases: [caseOf('HF-1')] }), received);
    const again = await stage(first.name);
    expect(again.leases.caseById('HF-1')?.case.contacts[0]?.status).toBe('DO_NOT_CALL');
  });

  it('a withdrawn case is gone, a recalled script is known, listeners hear it', async () => {
    const { leases, ids } = await stage();
    let heard = 0;
    const stop = leases.onChange(() => {
      heard += 1;
    });
    await leases.keepLeases(answerOf({ person: 'P-1', epoch: 4, cases: [caseOf('HF-1'), caseOf('HF-2')] }), received);
    await leases.dropCase('HF-1');
    await leases.recallScript({ script: 'borrower', version: 2 });
    await leases.recallScript({ script: 'borrower', version: 2 });
    expect(ids()).toEqual(['HF-2']);
    expect(leases.recalledScripts()).toEqual([{ script: 'borrower', version: 2 }]);
    expect(heard).toBe(4);
    stop();
    await leases.dropCase('HF-2');
    expect(heard).toBe(4);
  });
});

describe('a case with what was recorded here', () => {
  const changed: Fact = {
    kind: 'contact.changed',
    caseId: 'HF-1',
    body: {
      attempt,
      contact: 'mobile',
      status: 'WRONG_PERSON',
      number: { number: '154-0000-0036', source: 'BORROWER' },
    },
  };
  const offered = answerOf({ person: 'P-1', epoch: 4, cases: [caseOf('HF-1')] });
  const own = async (leases: Awaited<ReturnType<typeof stage>>['leases']) => (await leases.casesWithJournal())[0]!.case;

  it('shows the attempt with its result, the changed contact and the appointment', async () => {
    const { leases, journal } = await stage();
    await leases.keepLeases(offered, received);
    await journal.append([started(attempt)], by);
    expect((await own(leases)).attempts).toEqual([]);
    const appointment = { at: until, exact: true, askedBy: 'RESPONDENT' as const };
    const result = [ended(attempt), recorded(attempt, 'HF-1', 'CALLBACK_AGREED'), changed];
    await journal.append([...result, { kind: 'appointment.made', caseId: 'HF-1', body: { attempt, appointment } }], by);
    const merged = await own(leases);
    expect(merged.attempts).toEqual([
      {
        attempt,
        at: '2026-03-02T02:00:00.000Z',
        contact: 'mobile',
        direction: 'out',
        callResult: 'ANSWERED',
        disposition: 'CALLBACK_AGREED',
        talkedSeconds: 61,
      },
    ]);
    expect(merged.contacts[0]).toMatchObject({ status: 'WRONG_PERSON', sources: [{}, { number: '154-0000-0036' }] });
    expect(merged.appointment).toEqual(appointment);
    expect(caseSchema.safeParse(merged).success).toBe(true);
    expect(leases.caseById('HF-1')?.case.attempts).toEqual([]);
  });

  it('what was read earlier, and took longer, is not written over what was read later', async () => {
    const { journal, database, key } = await station();
    let readings = 0;
    let isRead: () => void = () => undefined;
    let release: () => void = () => undefined;
    const read = new Promise<void>((resolve) => {
      isRead = resolve;
    });
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const entriesOfCases: typeof journal.entriesOfCases = async (...asked) => {
      const found = await journal.entriesOfCases(...asked);
      readings += 1;
      if (readings === 1) {
        isRead();
        await held;
      }
      return found;
    };
    const leases = await openLeases({
      database,
      key,
      journal: { ...journal, entriesOfCases },
      inWork: () => [],
    });
    await leases.keepLeases(offered, received);
    await journal.append([started(attempt)], by);
    const early = own(leases);
    await read;
    await journal.append([ended(attempt), recorded(attempt)], by);
    const late = own(leases).finally(release);
    setTimeout(release, 50); // it may have to wait for the early one
    expect((await early).attempts).toEqual([]);
    expect((await late).attempts).toHaveLength(1);
    expect((await own(leases)).attempts).toHaveLength(1);
  });

  it('a result taken back is not shown', async () => {
    const { leases, journal } = await stage();
    await leases.keepLeases(offered, received);
    await journal.append([started(attempt), ended(attempt)], by);
    const [result] = await journal.append([recorded(attempt)], by);
    expect((await own(leases)).attempts).toHaveLength(1);
    const { seq, hash } = result!;
    await journal.append(
      [{ kind: 'amended', caseId: 'HF-1', body: { seq, hash, what: 'TAKEN_BACK', reason: '' } }],
      by,
    );
    expect((await own(leases)).attempts).toEqual([]);
  });

  it("what the server had when it answered is the server's to tell: no attempt twice, no status overwritten", async () => {
    const { leases, journal } = await stage();
    await journal.append([started(attempt), ended(attempt), recorded(attempt), changed], by);
    const known = { ...caseOf('HF-1'), revision: 2 };
    known.attempts = [{ attempt, at, contact: 'mobile', direction: 'out', callResult: 'VOICEMAIL', talkedSeconds: 61 }];
    await leases.keepLeases(answerOf({ person: 'P-1', epoch: 4, cases: [known] }), { at, includes: 4 });
    const merged = await own(leases);
    expect(merged.attempts.map(({ callResult }) => callResult)).toEqual(['VOICEMAIL']);
    expect(merged.contacts[0]?.status).toBe('UNCONFIRMED');
    await journal.append([changed], by);
    expect((await own(leases)).contacts[0]?.status).toBe('WRONG_PERSON');
  });
});

describe("an employer's number that the borrower named", () => {
  const named: Fact = {
    kind: 'contact.changed',
    caseId: 'HF-1',
    body: {
      ...{ attempt, contact: 'told-111111111111', status: 'UNCONFIRMED' },
      number: { number: '0260-0000077', source: 'BORROWER', role: 'EMPLOYER', owner: '云朵牙刷' },
    },
  };
  const linked = (id: string, person = 'P-1') => ({
    ...caseOf(id, person),
    kind: 'EMPLOYER' as const,
    linkedCases: ['HF-1'],
  });
  const contacts = async (leases: Awaited<ReturnType<typeof openLeases>>, id: string) =>
    (await leases.casesWithJournal()).find((cached) => cached.case.id === id)?.case.contacts ?? [];

  it('is in the case of the employer at once, without the server, and only in the linked one; taken back it is gone', async () => {
    const { leases, journal } = await stage();
    const stranger = { ...linked('HF-9', 'P-2') };
    await leases.keepLeases(
      answerOf(
        { person: 'P-1', epoch: 4, cases: [caseOf('HF-1'), linked('HF-2'), { ...linked('HF-3'), linkedCases: [] }] },
        { person: 'P-2', epoch: 1, cases: [stranger] },
      ),
      received,
    );
    await journal.append([started(attempt), ended(attempt)], by);
    const [result] = await journal.append([recorded(attempt), named], by);
    expect((await contacts(leases, 'HF-2')).at(-1)).toMatchObject({
      ...{
        id: 'told-111111111111',
        number: '0260-0000077',
        role: 'EMPLOYER',
        owner: '云朵牙刷',
        status: 'UNCONFIRMED',
      },
      sources: [{ source: 'BORROWER', number: '0260-0000077' }],
    });
    const [first, again] = [await leases.casesWithJournal(), await leases.casesWithJournal()];
    expect(again.map((cached) => cached.case)).toEqual(first.map((cached) => cached.case));
    for (const id of ['HF-3', 'HF-9']) expect(await contacts(leases, id)).toHaveLength(1);
    const { seq, hash } = result!;
    await journal.append(
      [{ kind: 'amended', caseId: 'HF-1', body: { seq, hash, what: 'TAKEN_BACK', reason: '' } }],
      by,
    );
    expect(await contacts(leases, 'HF-2')).toHaveLength(1);
  });

  it('corrected after taking back, it is the corrected one; a number nobody may call stays so', async () => {
    const { leases, journal } = await stage();
    await leases.keepLeases(answerOf({ person: 'P-1', epoch: 4, cases: [caseOf('HF-1'), linked('HF-2')] }), received);
    await journal.append([started(attempt), ended(attempt)], by);
    const [result] = await journal.append([recorded(attempt), named], by);
    expect((await contacts(leases, 'HF-2')).at(-1)?.number).toBe('0260-0000077');
    const { seq, hash } = result!;
    await journal.append(
      [{ kind: 'amended', caseId: 'HF-1', body: { seq, hash, what: 'TAKEN_BACK', reason: '' } }],
      by,
    );
    const { number } = named.body;
    const corrected: Fact = { ...named, body: { ...named.body, number: { ...number!, number: '0260-0000078' } } };
    await journal.append([recorded(attempt), corrected], by);
    expect((await contacts(leases, 'HF-2')).at(-1)?.number).toBe('0260-0000078');
    await leases.barNumber('02600000078');
    for (const id of ['HF-1', 'HF-2']) expect((await contacts(leases, id)).at(-1)?.status).toBe('DO_NOT_CALL');
  });

  it('stands there once when the server tells it too', async () => {
    const { leases, journal } = await stage();
    const told = {
      ...linked('HF-2').contacts[0]!,
      id: 'told-111111111111',
      role: 'EMPLOYER' as const,
      number: '02600000077',
    };
    const known = { ...linked('HF-2'), contacts: [...linked('HF-2').contacts, told] };
    await leases.keepLeases(answerOf({ person: 'P-1', epoch: 4, cases: [caseOf('HF-1'), known] }), received);
    await journal.append([started(attempt), ended(attempt), recorded(attempt), named], by);
    expect(await contacts(leases, 'HF-2')).toEqual(known.contacts);
  });
});

describe('the sealed export', () => {
  it('holds what was not uploaded, opens with the data key only, and its entries verify', async () => {
    const { journal, database } = await stage();
    const station = '33333333-3333-4333-8333-333333333333';
    const sealed = { iv: new Uint8Array(12), data: new Uint8Array(16) };
    await database.keys.bulkPut([
      { name: 'dataKey', byServer: 'QUJD', check: sealed, wrongTries: 0, waitUntil: 0 },
      { name: 'station', station, publicKey: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }, privateKey: sealed },
    ]);
    const headers = await journal.append([started(attempt), ended(attempt)], by);
    const { journal: id } = await journal.head();
    const first = headers[0]!;
    await journal.keepReceipts(id, [{ seq: 1, hash: first.hash, state: 'stored' }]);
    const { text, entries } = await exportUnsent(database);
    expect([entries, text.includes('HUNG_UP'), text.includes('15400000001')]).toEqual([1, false, false]);
    const file = exportSchema.parse(JSON.parse(text));
    expect(file).toMatchObject({
      station,
      wrappedKey: 'QUJD',
      journals: [{ journal: id, entries: [{ header: { seq: 2 } }] }],
    });
    const opened = file.journals[0]!.entries.map(({ header, iv, data }) => {
      const bytes = Buffer.from(data, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', testKeyBytes(), Buffer.from(iv, 'base64'));
      decipher.setAAD(Buffer.from(header.bodyHash)).setAuthTag(bytes.subarray(-16));
      const plain = Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8');
      return { header, salt: plain.slice(0, 24), body: plain.slice(24) };
    });
    expect(opened[0]?.body).toContain('HUNG_UP');
    expect(verifyChain(opened, { seq: 1, hash: first.hash })).toMatchObject({ sound: true, head: { seq: 2 } });
  });
});
