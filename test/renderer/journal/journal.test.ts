import 'fake-indexeddb/auto'; // before Dexie, which looks for IndexedDB when it is loaded
import { describe, expect, it, vi } from 'vitest';
import { hashOf, verifyChain } from '#shared/journal/chain.ts';
import type { Fact } from '#shared/journal/entry.ts';
import type { EntryRow, HeadRow } from '../../../renderer/journal/database.ts';
import { openJournal } from '../../../renderer/journal/journal.ts';
import { cryptoRandom } from '../../../renderer/journal/random.ts';
import {
  breakEnded,
  breakStarted,
  by,
  ended,
  everyRow,
  freshName,
  handClock,
  inBytes,
  recorded,
  skipped,
  started,
  station,
  testKey,
} from './support.ts';

const attempt = '11111111-1111-4111-8111-111111111111';
const other = '22222222-2222-4222-8222-222222222222';
const texts = (entries: { fact: Fact | null }[]) =>
  entries.map(({ fact }) => (fact?.kind === 'case.skipped' ? fact.body.reason : fact?.kind));

describe('append', () => {
  it('chains what it is given, in order, and the chain verifies', async () => {
    const { journal } = await station();
    const headers = await journal.append([breakStarted, breakEnded, skipped(1)], by);
    expect(headers.map(({ seq, kind }) => [seq, kind])).toEqual([
      [1, 'break.started'],
      [2, 'break.ended'],
      [3, 'case.skipped'],
    ]);
    expect(verifyChain(headers.map((header) => ({ header })))).toMatchObject({ sound: true, head: { seq: 3 } });
    expect(await journal.verify()).toEqual({ sound: true, entries: 3 });
    expect(await journal.head()).toMatchObject({ seq: 3, hash: headers[2]!.hash, journal: headers[0]!.journal });
  });

  it('writes down the station clock, what is known of the server clock, the agent and the lease', async () => {
    const clock = handClock('2026-03-02T02:00:00.000Z');
    const { journal } = await station(freshName(), clock);
    const [before] = await journal.append([skipped(1)], by);
    expect(before).toMatchObject({ clockOffset: null, clockOffsetAge: null, leaseEpoch: null });
    clock.learn('2026-03-02T02:00:05.000Z', 100);
    clock.advance(1_500);
    const [after] = await journal.append([skipped(2)], { agent: 'agent-1', leaseEpochOf: () => 7 });
    expect(after).toMatchObject({
      at: '2026-03-02T02:00:01.500Z',
      clockOffset: 5_050,
      clockOffsetAge: 1_500,
      agent: 'agent-1',
      leaseEpoch: 7,
    });
  });

  it('tells what waits for the server before anybody hears that it is saved, as the journal itself does', async () => {
    const { journal } = await station();
    await journal.append([breakStarted], by);
    const told: unknown[] = [];
    await journal.append([breakEnded, skipped(1)], by, (unsent) => told.push(unsent));
    expect(told).toEqual([await journal.unsent()]);
    expect(told).toMatchObject([{ count: 3 }]);
  });

  it('keeps everything over a restart', async () => {
    const name = freshName();
    const first = await station(name);
    await first.journal.append([skipped(1), skipped(2)], by);
    first.journal.close();
    const second = await station(name);
    await second.journal.append([skipped(3)], by);
    expect(texts(await second.journal.entriesOf('HF-1'))).toEqual(['甄样例 1', '甄样例 2', '甄样例 3']);
    expect(await second.journal.verify()).toEqual({ sound: true, entries: 3 });
  });

  it('100 appends at once keep the order in which they were called', async () => {
    const { journal } = await station();
    await Promise.all(Array.from({ length: 100 }, (_, n) => journal.append([skipped(n)], by)));
    expect(texts(await journal.entriesSince(0))).toEqual(Array.from({ length: 100 }, (_, n) => `甄样例 ${n}`));
    expect(await journal.verify()).toEqual({ sound: true, entries: 100 });
  });

  it('two windows append to one chain', async () => {
    const name = freshName();
    const [one, two] = await Promise.all([station(name), station(name)]);
    await Promise.all(
      Array.from({ length: 30 }, (_, n) => (n % 2 === 0 ? one : two).journal.append([skipped(n), breakEnded], by)),
    );
    expect(await one.journal.verify()).toEqual({ sound: true, entries: 60 });
    expect(await two.journal.head()).toEqual(await one.journal.head());
    expect((await one.journal.unsent()).count).toBe(60);
  });

  it('all facts of one call stand or none: a stop in between leaves nothing half-written', async () => {
    const { journal, database } = await station();
    await journal.append([skipped(1)], by);
    const before = await journal.head();
    const stop = (_key: unknown, row: EntryRow) => {
      if (row.seq === 3) throw new Error('power cut');
    };
    database.entries.hook('creating', stop);
    await expect(journal.append([skipped(2), skipped(3), skipped(4)], by)).rejects.toThrow('power cut');
    database.entries.hook('creating').unsubscribe(stop);
    expect(await journal.head()).toEqual(before);
    expect(await database.entries.count()).toBe(1);
    await journal.append([skipped(5)], by);
    expect(await journal.verify()).toEqual({ sound: true, entries: 2 });
  });

  it('a full disk is told with what to do, and nothing is half-written', async () => {
    const { journal, database } = await station();
    const full = () => {
      throw new DOMException('no space', 'QuotaExceededError');
    };
    database.entries.hook('creating', full);
    await expect(journal.append([skipped(1)], by)).rejects.toMatchObject({
      code: 'STORAGE_FULL',
      category: 'storage',
      sentence: { zh: expect.stringContaining('释放磁盘空间') },
    });
    database.entries.hook('creating').unsubscribe(full);
    expect(await journal.unsent()).toEqual({ count: 0, oldestAt: null });
    await journal.append([skipped(1)], by);
    expect((await journal.unsent()).count).toBe(1);
  });

  it('a head row that is behind the entries is rebuilt, no number is given twice', async () => {
    const { journal, database } = await station();
    await journal.append([skipped(1)], by);
    const stale = await database.state.get('head');
    await journal.append([skipped(2), started(attempt)], by);
    await database.state.put(stale!);
    const [header] = await journal.append([skipped(3)], by);
    expect(header?.seq).toBe(4);
    expect(await journal.verify()).toEqual({ sound: true, entries: 4 });
    expect((await journal.unsent()).count).toBe(4);
    expect((await journal.openAttempts()).map((open) => open.attempt)).toEqual([attempt]);
  });

  it('a fact its schema does not allow is a bug and reaches no disk', async () => {
    const { journal } = await station();
    const malformed = { kind: 'break.started', body: { reason: 'HOLIDAY' } } as unknown as Fact; // on purpose
    await expect(journal.append([malformed], by)).rejects.toThrow();
    await journal.append([breakStarted], by);
    expect(await journal.verify()).toEqual({ sound: true, entries: 1 });
  });
});

describe('what lies on the disk', () => {
  it('no name, number or note in any row of any table', async () => {
    const { journal, database } = await station();
    await journal.append([skipped(1), started(attempt), ended(attempt), recorded(attempt)], by);
    const rows = await everyRow(database);
    expect(rows).toContain('HF-1');
    for (const secret of ['甄样例', '15400000001', 'HUNG_UP']) expect(rows).not.toContain(inBytes(secret));
  });

  it('a changed record is named by verify', async () => {
    const change = async (alter: (row: EntryRow) => EntryRow) => {
      const { journal, database } = await station();
      await journal.append(
        [1, 2, 3, 4, 5].map((n) => skipped(n)),
        by,
      );
      const row = (await database.entries.get(3))!;
      await database.entries.put(alter(row));
      const { journal: id } = await journal.head();
      return { verdict: await journal.verify(), id };
    };
    const header = await change((row) => ({ ...row, header: { ...row.header, agent: 'agent-9' } }));
    expect(header.verdict).toEqual({ sound: false, journal: header.id, seq: 3, fault: 'BAD_HASH' });
    const rehashed = await change((row) => {
      const changed = { ...row.header, agent: 'agent-9' };
      return { ...row, header: { ...changed, hash: hashOf(changed) } };
    });
    expect(rehashed.verdict).toMatchObject({ sound: false, seq: 4, fault: 'BROKEN_CHAIN' });
    const body = await change((row) => {
      row.sealed!.data[5]! ^= 1;
      return row;
    });
    expect(body.verdict).toMatchObject({ sound: false, seq: 3, fault: 'BAD_BODY' });
  });

  it('a missing record is named by verify', async () => {
    const { journal, database } = await station();
    await journal.append(
      [1, 2, 3, 4].map((n) => skipped(n)),
      by,
    );
    await database.entries.delete(2);
    expect(await journal.verify()).toMatchObject({ sound: false, seq: 3, fault: 'BAD_SEQ' });
  });

  it('a damaged body does not hide the other entries, and does not hold up the upload', async () => {
    const { journal, database } = await station();
    await journal.append([skipped(1), skipped(2), skipped(3)], by);
    const row = (await database.entries.get(2))!;
    row.sealed!.data[0]! ^= 1;
    await database.entries.put(row);
    expect(texts(await journal.entriesOf('HF-1'))).toEqual(['甄样例 1', '甄样例 3']);
    expect(texts(await journal.all({ newestFirst: false, limit: 9 }))).toEqual(['甄样例 1', undefined, '甄样例 3']);
    expect((await journal.waitingBatch(9))?.entries.map(({ body }) => body.length > 0)).toEqual([true, false, true]);
  });
});

describe('reading', () => {
  it('pages from the newest on', async () => {
    const { journal } = await station();
    await journal.append(
      [1, 2, 3, 4, 5].map((n) => skipped(n)),
      by,
    );
    const page = await journal.all({ newestFirst: true, limit: 2 });
    expect(texts(page)).toEqual(['甄样例 5', '甄样例 4']);
    expect(texts(await journal.all({ newestFirst: true, limit: 2, before: page[1]!.order }))).toEqual([
      '甄样例 3',
      '甄样例 2',
    ]);
  });

  it('entries of one case only', async () => {
    const { journal } = await station();
    await journal.append([skipped(1, 'HF-1'), skipped(2, 'HF-10'), breakStarted, skipped(3, 'HF-1')], by);
    expect(texts(await journal.entriesOf('HF-1'))).toEqual(['甄样例 1', '甄样例 3']);
  });

  it('a listener hears the count at once and after each change, of another window too', async () => {
    const name = freshName();
    const [one, two] = await Promise.all([station(name), station(name)]);
    const heard: number[] = [];
    const stop = one.journal.onChange(({ unsent }) => heard.push(unsent));
    await vi.waitFor(() => expect(heard.at(-1)).toBe(0));
    await two.journal.append([skipped(1), skipped(2)], by);
    await vi.waitFor(() => expect(heard.at(-1)).toBe(2));
    stop();
    await one.journal.append([skipped(3)], by);
    await one.journal.head();
    expect(heard.at(-1)).toBe(2);
  });
});

describe('open attempts', () => {
  const open = async (...facts: Fact[]) => {
    const { journal } = await station();
    for (const fact of facts) await journal.append([fact], by);
    return (await journal.openAttempts()).map(({ attempt: id, ended: isEnded }) => [id, isEnded]);
  };

  it('one that was never ended, and one without a result, are open; a finished one is not', async () => {
    expect(await open(started(attempt))).toEqual([[attempt, false]]);
    expect(await open(started(attempt), ended(attempt))).toEqual([[attempt, true]]);
    expect(await open(started(attempt), ended(attempt), recorded(attempt))).toEqual([]);
    expect(await open(started(attempt), recorded(attempt))).toEqual([[attempt, false]]);
  });

  it('a result taken back opens the attempt again until the next one stands', async () => {
    const { journal } = await station();
    await journal.append([started(attempt), ended(attempt)], by);
    const [result] = await journal.append([recorded(attempt)], by);
    await journal.append([started(other), ended(other), recorded(other)], by);
    const takenBack: Fact = {
      kind: 'amended',
      caseId: 'HF-1',
      body: { seq: result!.seq, hash: result!.hash, what: 'TAKEN_BACK', reason: '' },
    };
    await journal.append([takenBack], by);
    expect((await journal.openAttempts()).map((a) => a.attempt)).toEqual([attempt]);
    await journal.append([recorded(attempt)], by);
    expect(await journal.openAttempts()).toEqual([]);
  });

  it('a correction leaves the result standing, and an amendment that names another hash changes nothing', async () => {
    const { journal } = await station();
    await journal.append([started(attempt), ended(attempt)], by);
    const [result] = await journal.append([recorded(attempt)], by);
    const amend = (hash: string, what: 'TAKEN_BACK' | 'CORRECTED'): Fact => ({
      kind: 'amended',
      body: { seq: result!.seq, hash, what, reason: '' },
    });
    await journal.append([amend(result!.hash, 'CORRECTED'), amend('f'.repeat(64), 'TAKEN_BACK')], by);
    expect(await journal.openAttempts()).toEqual([]);
  });
});

describe('receipts and the purge', () => {
  it('a receipt takes an entry out of the waiting ones; a second one or a foreign one changes nothing', async () => {
    const { journal, clock } = await station();
    await journal.append([skipped(1)], by);
    clock.advance(1_000);
    const [second] = await journal.append([skipped(2)], by);
    const { journal: id } = await journal.head();
    const first = (await journal.waitingBatch(1))!.entries[0]!.header;
    const receipt = { seq: 1, hash: first.hash, state: 'stored' } as const;
    expect(await journal.keepReceipts(id, [receipt])).toEqual({ kept: 1, unmatched: 0 });
    expect(await journal.keepReceipts(id, [receipt])).toEqual({ kept: 0, unmatched: 0 });
    expect(await journal.keepReceipts(id, [{ ...receipt, seq: 2 }])).toEqual({ kept: 0, unmatched: 1 });
    expect(await journal.keepReceipts(id, [{ ...receipt, seq: 9 }])).toEqual({ kept: 0, unmatched: 1 });
    expect(await journal.unsent()).toEqual({ count: 1, oldestAt: second!.at });
    expect(await journal.settledUpTo()).toBe(1);
    const [line] = await journal.all({ newestFirst: false, limit: 1 });
    expect(line?.state).toMatchObject({ type: 'received', receipt: { state: 'stored' } });
  });

  it('only bodies with an old receipt are purged; the chain still verifies', async () => {
    const { journal, clock } = await station();
    const headers = await journal.append([skipped(1), skipped(2), skipped(3)], by);
    const { journal: id } = await journal.head();
    const receipt = (n: number) => ({ seq: n, hash: headers[n - 1]!.hash, state: 'stored' as const });
    await journal.keepReceipts(id, [receipt(1)]);
    clock.advance(10_000);
    await journal.keepReceipts(id, [receipt(2)]);
    clock.advance(1_000);
    expect(await journal.purge(5_000, clock.wallNow())).toBe(1);
    expect(await journal.purge(5_000, clock.wallNow())).toBe(0);
    expect(texts(await journal.all({ newestFirst: false, limit: 9 }))).toEqual([undefined, '甄样例 2', '甄样例 3']);
    expect(await journal.verify()).toEqual({ sound: true, entries: 3 });
    await expect(journal.batchFrom(id, 1, 9)).rejects.toMatchObject({ code: 'JOURNAL_BODY_GONE' });
    expect((await journal.batchFrom(id, 2, 9))?.entries).toHaveLength(2);
  });

  it('an open attempt keeps its bodies, however old', async () => {
    const { journal, clock } = await station();
    const [header] = await journal.append([started(attempt)], by);
    await journal.keepReceipts(header!.journal, [{ seq: 1, hash: header!.hash, state: 'stored' }]);
    clock.advance(1e9);
    expect(await journal.purge(1, clock.wallNow())).toBe(0);
    await journal.append([ended(attempt), recorded(attempt)], by);
    expect(await journal.purge(1, clock.wallNow())).toBe(1);
  });
});

describe('a restored disk', () => {
  it('a new journal names the old head, begins at 1, and the old one is still sent first', async () => {
    const { journal, database, key, clock } = await station();
    await journal.append([skipped(1)], by);
    const old = await journal.head();
    expect(await journal.contains(old.journal, { seq: 1, hash: old.hash })).toBe(true);
    expect(await journal.contains(old.journal, { seq: 2, hash: 'a'.repeat(64) })).toBe(false);
    const oldHead = { journal: old.journal, seq: 2, hash: 'a'.repeat(64) };
    const begun = await journal.startNewJournal(oldHead);
    expect(await journal.startNewJournal(oldHead)).toEqual(begun);
    const [header] = await journal.append([skipped(2)], by);
    expect(header).toMatchObject({ journal: begun.journal, seq: 1, prev: '0'.repeat(64) });
    const batch = await journal.waitingBatch(10);
    expect(batch).toMatchObject({ journal: old.journal, entries: [{ header: { seq: 1 } }] });
    expect(batch).not.toHaveProperty('continues');
    await journal.keepReceipts(old.journal, [{ seq: 1, hash: old.hash, state: 'disputed', reason: 'FORK' }]);
    expect(await journal.waitingBatch(10)).toMatchObject({ journal: begun.journal, continues: oldHead });
    expect(texts(await journal.entriesSince(0))).toEqual(['甄样例 1', '甄样例 2']);
    expect(await journal.verify()).toEqual({ sound: true, entries: 2 });
    const again = await openJournal({ database, key, clock, random: cryptoRandom });
    expect((await again.head()).journal).toBe(begun.journal);
  });

  it('a database whose head row is lost is opened from its entries', async () => {
    const name = freshName();
    const { journal, database } = await station(name);
    await journal.append([skipped(1), started(attempt)], by);
    const head = (await database.state.get('head')) as HeadRow; // the row named head
    await database.state.delete('head');
    const again = await station(name, handClock(), await testKey());
    expect(await again.database.state.get('head')).toEqual(head);
  });
});
