/**
 * The journal (工作日志) of this station: append-only, hash-chained, sealed; the only place a fact lives and the only thing uploaded.
 *
 * Assumptions
 *  - the power may go at any moment: what `append` resolved is on the disk, what it did not resolve is there as a whole or not at all;
 *  - two windows may hold the same database;
 *  - the disk may be restored or cloned: then the server knows entries this journal has not, and a new journal is begun that
 *    names the old head (`startNewJournal`); the old one is still read and still uploaded.
 */
import { liveQuery } from 'dexie';
import type { Clock } from '#shared/clock.ts';
import { type ChainFault, type ChainPoint, chainStart, faultOf } from '#shared/journal/chain.ts';
import type { EntryHeader, EntryKind, Fact } from '#shared/journal/entry.ts';
import type { Receipt } from '#shared/journal/upload.ts';
import { type AppendedBy, prepareFact, rebuildHead, writeFacts } from './appending.ts';
import {
  type EntryRow,
  type HeadRow,
  type JournalOrigin,
  type OpenAttempt,
  readHead,
  type StationDatabase,
} from './database.ts';
import type { RandomSource } from './random.ts';
import { type Entry, type EntryLine, hasFact, lineOf, openRow, partOf, type UploadPart } from './reading.ts';
import { keepReceipts, purgeBodies } from './receipts.ts';
import { storageProblemOf, storageProblems } from './storageProblem.ts';

export type JournalStatus = { journal: string; seq: number; unsent: number; oldestUnsentAt: string | null };
export type JournalHead = ChainPoint & { journal: string; order: number };
export type JournalVerdict =
  | { sound: true; entries: number }
  | { sound: false; journal: string; seq: number; fault: ChainFault };

/** How many entries have no receipt, and since when the oldest of them waits. */
export type Unsent = { count: number; oldestAt: string | null };

export type Journal = {
  /**
   * Adds all facts in one transaction, in call order; resolves with their headers once they are durable. Rejects with a Problem
   * (STORAGE_FULL, STORAGE_BROKEN, …) and nothing written, or throws on a fact that its schema does not allow (a bug).
   * `waiting` hears what waits for the server with them, before it resolves.
   */
  append(facts: readonly Fact[], by: AppendedBy, waiting?: (unsent: Unsent) => void): Promise<EntryHeader[]>;
  /** Entries of a case whose bodies are still here, oldest first; of these kinds only, if named (the others are not even opened). */
  entriesOf(caseId: string, kinds?: ReadonlySet<EntryKind>): Promise<Entry[]>;
  /** The same of many cases in one look, by case; cases without any are not in it. */
  entriesOfCases(caseIds: Iterable<string>, kinds: ReadonlySet<EntryKind>): Promise<Map<string, Entry[]>>;
  /** Entries of these kinds recorded at `since` (this machine's clock, ms) or later, oldest first; the others are not even opened. */
  entriesFrom(since: number, kinds: ReadonlySet<EntryKind>): Promise<Entry[]>;
  /** Entries with a greater `order`, oldest first; over all journals of this station. */
  entriesSince(order: number): Promise<Entry[]>;
  /** Cases that entries after `order` are about, and the last `order` looked at. */
  caseIdsSince(order: number): Promise<{ caseIds: ReadonlySet<string>; order: number }>;
  /** A page for the journal's screen; `before` and `after` are values of `order`. */
  all(options: { newestFirst: boolean; limit: number; before?: number; after?: number }): Promise<EntryLine[]>;
  head(): Promise<JournalHead>;
  unsent(): Promise<Unsent>;
  /** The greatest `order` up to which the server has everything. */
  settledUpTo(): Promise<number>;
  /** Called at once and after every change, by this window or another; returns the way to stop. */
  onChange(listener: (status: JournalStatus) => void): () => void;
  /** Attempts without an end or without a result that stands: what a crash left open. */
  openAttempts(): Promise<OpenAttempt[]>;
  /** The oldest entries without a receipt, of one journal, at most `limit` and at most one batch; null when nothing waits. */
  waitingBatch(limit: number): Promise<UploadPart | null>;
  /** Entries of a journal from `seq` on, with or without receipts; null past its end. Problem JOURNAL_BODY_GONE after the purge. */
  batchFrom(journal: string, seq: number, limit: number): Promise<UploadPart | null>;
  /** Whether the journal has this very entry; true for seq 0. */
  contains(journal: string, point: ChainPoint): Promise<boolean>;
  keepReceipts(journal: string, receipts: readonly Receipt[]): Promise<{ kept: number; unmatched: number }>;
  /** Checks every entry of every journal of this station; names the first broken record. */
  verify(): Promise<JournalVerdict>;
  /** Erases bodies whose receipt is older than `olderThanMs`; returns how many. */
  purge(olderThanMs: number, now: number): Promise<number>;
  /** Begins a new journal that continues `oldHead` (what the server has of the old one); nothing when that was done already. */
  startNewJournal(oldHead: ChainPoint & { journal: string }): Promise<JournalHead>;
  close(): void;
};

export type JournalParts = {
  database: StationDatabase;
  key: CryptoKey;
  clock: Pick<Clock, 'wallNow' | 'offset'>;
  random: RandomSource;
};

const chunk = 500;
const unsentOf = ({ unsent, oldestUnsentAt }: HeadRow): Unsent => ({ count: unsent, oldestAt: oldestUnsentAt });
const headOf = ({ journal, seq, hash, order }: HeadRow): JournalHead => ({ journal, seq, hash, order });

async function ensureHead(database: StationDatabase, random: RandomSource): Promise<void> {
  await database.transaction('rw', database.entries, database.state, async () => {
    const head = await readHead(database);
    const last = await database.entries.orderBy('order').last();
    if (head !== undefined && head.order === (last?.order ?? 0)) return;
    await database.state.put(await rebuildHead(database, random));
  });
}

async function verifyJournals(database: StationDatabase, key: CryptoKey): Promise<JournalVerdict> {
  const heads = new Map<string, ChainPoint>();
  let order = 0;
  for (;;) {
    const rows = await database.entries.where('order').above(order).limit(chunk).toArray();
    if (rows.length === 0) return { sound: true, entries: order };
    const opened = await Promise.all(rows.map((row) => openRow(key, row).catch(() => ({ salt: '', body: '' }))));
    for (const [index, row] of rows.entries()) {
      const { journal, header } = row;
      const before = heads.get(journal) ?? chainStart;
      const misplaced = header.journal !== journal || header.seq !== row.seq || row.order !== order + 1;
      const fault = misplaced ? 'BAD_SEQ' : faultOf({ header, ...opened[index] }, before);
      if (fault !== undefined) return { sound: false, journal, seq: row.seq, fault };
      heads.set(journal, { seq: row.seq, hash: header.hash });
      order = row.order;
    }
  }
}

/** Opens the journal of a database; makes an empty one the first time. Rejects with a storage Problem. */
export async function openJournal({ database, key, clock, random }: JournalParts): Promise<Journal> {
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw storageProblemOf(error);
    }
  };
  await guarded(() => ensureHead(database, random));

  const currentHead = async (): Promise<HeadRow> => {
    const head = await readHead(database);
    if (head === undefined) throw storageProblems.broken();
    return head;
  };
  const lines = (rows: readonly EntryRow[]) => Promise.all(rows.map((row) => lineOf(key, row)));
  const facts = async (rows: readonly EntryRow[]) => (await lines(rows)).filter(hasFact);
  const originOf = async (journal: string): Promise<JournalOrigin> =>
    (await currentHead()).journals.find((origin) => origin.journal === journal) ?? { journal };
  const rowsOf = (caseId: string) =>
    database.entries.where('[caseId+order]').between([caseId, 0], [caseId, Infinity]).toArray();
  const rowAt = (journal: string, seq: number) => database.entries.where({ journal, seq }).first();

  const subscriptions = new Set<{ unsubscribe(): void }>();
  let queue: Promise<unknown> = Promise.resolve();

  return {
    append(facts, by, waiting) {
      const offset = clock.offset();
      const time = {
        at: new Date(clock.wallNow()).toISOString(),
        clockOffset: offset.ms,
        clockOffsetAge: offset.ageMs,
      };
      const prepared = Promise.all(facts.map((fact) => prepareFact(fact, time, key, random)));
      prepared.catch(() => undefined); // awaited below, maybe much later: a rejection is told there
      const written = queue.then(async () => {
        const ready = await prepared;
        if (ready.length === 0) return [];
        const { headers, head } = await writeFacts(database, ready, by, random);
        waiting?.(unsentOf(head));
        return headers;
      });
      queue = written.catch(() => undefined);
      return written;
    },
    entriesOf: (caseId, kinds) =>
      guarded(async () => {
        const rows = await rowsOf(caseId);
        return facts(kinds === undefined ? rows : rows.filter(({ kind }) => kinds.has(kind)));
      }),
    entriesOfCases: (caseIds, kinds) =>
      guarded(async () => {
        const rows = await database.transaction('r', database.entries, () =>
          Promise.all([...caseIds].map((caseId) => rowsOf(caseId))),
        );
        const byCase = new Map<string, Entry[]>();
        for (const entry of await facts(rows.flat().filter(({ kind }) => kinds.has(kind)))) {
          const { caseId = '' } = entry.fact; // each was found by its case
          byCase.set(caseId, [...(byCase.get(caseId) ?? []), entry]);
        }
        return byCase;
      }),
    entriesFrom: (since, kinds) =>
      guarded(async () => {
        const rows: EntryRow[] = [];
        for (let before = Infinity; ; ) {
          const page = await database.entries.where('order').below(before).reverse().limit(chunk).toArray();
          rows.push(...page.filter(({ kind, header }) => kinds.has(kind) && Date.parse(header.at) >= since));
          const last = page.at(-1);
          if (last === undefined || Date.parse(last.header.at) < since) return facts(rows.reverse());
          before = last.order;
        }
      }),
    entriesSince: (order) => guarded(async () => facts(await database.entries.where('order').above(order).toArray())),
    caseIdsSince: (order) =>
      guarded(async () => {
        const caseIds = new Set<string>();
        let last = order;
        for (;;) {
          // In pieces: a cursor that stops at each of ten thousand rows takes seconds.
          const rows = await database.entries.where('order').above(last).limit(chunk).toArray();
          for (const { caseId } of rows) if (caseId !== undefined) caseIds.add(caseId);
          last = rows.at(-1)?.order ?? last;
          if (rows.length < chunk) break;
        }
        return { caseIds, order: last };
      }),
    all: ({ newestFirst, limit, before = Infinity, after = 0 }) =>
      guarded(async () => {
        const range = database.entries.where('order').between(after, before, false, false);
        return lines(await (newestFirst ? range.reverse() : range).limit(limit).toArray());
      }),
    head: () => guarded(async () => headOf(await currentHead())),
    unsent: () => guarded(async () => unsentOf(await currentHead())),
    settledUpTo: () =>
      guarded(() =>
        database.transaction('r', database.entries, database.state, async () => {
          const oldest = await database.entries.orderBy('waiting').first();
          return oldest === undefined ? (await currentHead()).order : oldest.order - 1;
        }),
      ),
    onChange(listener) {
      const subscription = liveQuery(() => readHead(database)).subscribe((head) => {
        if (head === undefined) return;
        const { journal, seq, unsent, oldestUnsentAt } = head;
        listener({ journal, seq, unsent, oldestUnsentAt });
      });
      subscriptions.add(subscription);
      return () => {
        subscriptions.delete(subscription);
        subscription.unsubscribe();
      };
    },
    openAttempts: () => guarded(async () => (await currentHead()).openAttempts),
    waitingBatch: (limit) =>
      guarded(async () => {
        const rows = await database.entries.orderBy('waiting').limit(limit).toArray();
        const journal = rows[0]?.journal;
        if (journal === undefined) return null;
        const ofOneJournal = rows.filter((row) => row.journal === journal);
        return partOf(key, await originOf(journal), ofOneJournal);
      }),
    batchFrom: (journal, seq, limit) =>
      guarded(async () => {
        const rows = await database.entries
          .where('[journal+seq]')
          .between([journal, seq], [journal, Infinity])
          .limit(limit)
          .toArray();
        if (rows.length === 0) return null;
        const part = await partOf(key, await originOf(journal), rows);
        if (part.entries.length === 0) throw storageProblems.bodyGone();
        return part;
      }),
    contains: (journal, point) =>
      guarded(async () => point.seq === 0 || (await rowAt(journal, point.seq))?.header.hash === point.hash),
    keepReceipts: (journal, receipts) => guarded(() => keepReceipts(database, journal, receipts, clock.wallNow())),
    verify: () => guarded(() => verifyJournals(database, key)),
    purge: (olderThanMs, now) => guarded(() => purgeBodies(database, now - olderThanMs)),
    startNewJournal: ({ journal, seq, hash }) =>
      guarded(() =>
        database.transaction('rw', database.state, async () => {
          const head = await currentHead();
          if (head.journal !== journal) return headOf(head);
          const next: JournalOrigin = { journal: random.uuid(), continues: { journal, seq, hash } };
          const begun: HeadRow = {
            ...head,
            ...chainStart,
            journal: next.journal,
            journals: [...head.journals, next],
          };
          await database.state.put(begun);
          return headOf(begun);
        }),
      ),
    close() {
      for (const subscription of subscriptions) subscription.unsubscribe();
      subscriptions.clear();
      database.close();
    },
  };
}
