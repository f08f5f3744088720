/**
 * The one way a fact gets into the journal.
 *
 *    facts ──parse, serialise, seal──►  ┌ one strict read-write transaction ─────────────────┐
 *           (WebCrypto, asynchronous)   │ read head · hash (synchronous) · add rows · put head │──► durable ──► resolved
 *                                       └─────────────────────────────────────────────────────┘
 *
 * Why sealing is done before the transaction: IndexedDB commits a transaction as soon as it has nothing to do when control returns
 * to the event loop, and WebCrypto returns there. An await of it between reading the head and adding the row would end the
 * transaction. So only database requests are awaited inside, and the chain's hash is a synchronous one.
 *
 * Two handles (two windows) may append at once: IndexedDB lets one read-write transaction at a time at these tables, so each reads
 * the head that the other left. The unique index on [journal+seq] is the second lock: should the head row ever be behind the
 * entries, the transaction fails as a whole, the head is rebuilt from the entries and the append is made again.
 */
import { toBase64 } from '#shared/base64.ts';
import { bodyHashOf, firstPrev, hashOf } from '#shared/journal/chain.ts';
import { bodySchemas, type EntryHeader, type Fact } from '#shared/journal/entry.ts';
import { type EntryRow, type HeadRow, type OpenAttempt, readHead, type StationDatabase } from './database.ts';
import { attemptKinds, openAttemptOf } from './openAttempts.ts';
import type { RandomSource } from './random.ts';
import { type Sealed, seal } from './seal.ts';
import { isConstraint, storageProblemOf } from './storageProblem.ts';

/** Who appends; `leaseEpochOf` tells the epoch under which a case is held at this moment. */
export type AppendedBy = { agent: string; leaseEpochOf?: (caseId: string) => number | undefined };

/** A fact that only waits for its place in the chain. */
export type PreparedFact = {
  fact: Fact;
  at: string;
  clockOffset: number | null;
  clockOffsetAge: number | null;
  bodyHash: string;
  sealed: Sealed;
};

/** Throws on a fact its schema does not allow: that is a bug of the caller, nothing an agent could do about. */
export async function prepareFact(
  fact: Fact,
  time: { at: string; clockOffset: number | null; clockOffsetAge: number | null },
  key: CryptoKey,
  random: RandomSource,
): Promise<PreparedFact> {
  const body = JSON.stringify(bodySchemas[fact.kind].parse(fact.body));
  if (body.length > 20_000) throw new Error(`the body of ${fact.kind} is longer than an entry may be`);
  const salt = toBase64(random.bytes(16));
  const bodyHash = bodyHashOf(salt, body);
  return { fact, ...time, bodyHash, sealed: await seal(key, salt + body, bodyHash, random) };
}

/** The head as the entries themselves tell it; for a head row that is missing or behind. */
export async function rebuildHead(database: StationDatabase, random: RandomSource): Promise<HeadRow> {
  const stored = await readHead(database);
  const last = await database.entries.orderBy('order').last();
  const waiting = database.entries.orderBy('waiting');
  const oldest = await waiting.first();
  const journals = stored?.journals ?? [];
  if (last !== undefined && journals.every(({ journal }) => journal !== last.journal))
    journals.push({ journal: last.journal });
  if (journals.length === 0) journals.push({ journal: random.uuid() });
  const current = journals.at(-1)!.journal;
  const lastOfCurrent = last?.journal === current ? last : undefined;
  const attempts = new Set<string>();
  await database.entries.orderBy('attempt').eachUniqueKey((attempt) => {
    attempts.add(String(attempt));
  });
  const openAttempts: OpenAttempt[] = [];
  for (const attempt of attempts) {
    const found = openAttemptOf(await database.entries.where('attempt').equals(attempt).toArray());
    if (found !== undefined) openAttempts.push(found);
  }
  return {
    name: 'head',
    journal: current,
    seq: lastOfCurrent?.seq ?? 0,
    hash: lastOfCurrent?.header.hash ?? firstPrev,
    order: last?.order ?? 0,
    unsent: await database.entries.orderBy('waiting').count(),
    oldestUnsentAt: oldest?.header.at ?? null,
    openAttempts,
    journals,
  };
}

/** What of a fact may lie in clear beside the sealed body: ids only. `rowAt` finds an entry of this journal by its number. */
function cluesOf(
  { fact }: PreparedFact,
  rowAt: (seq: number) => EntryRow | undefined,
): Pick<EntryRow, 'attempt' | 'amends'> {
  if (fact.kind === 'amended') {
    const { seq, hash, what } = fact.body;
    const target = rowAt(seq);
    if (target?.header.hash !== hash) return {};
    return {
      amends: { seq, takenBack: what === 'TAKEN_BACK' },
      ...(target.attempt === undefined ? {} : { attempt: target.attempt }),
    };
  }
  return 'attempt' in fact.body && fact.body.attempt !== undefined ? { attempt: fact.body.attempt } : {};
}

/** The entries that amendments among the facts are about. */
function amendedRows(database: StationDatabase, journal: string, facts: readonly PreparedFact[]): Promise<EntryRow[]> {
  const keys = facts.flatMap(({ fact }) => (fact.kind === 'amended' ? [[journal, fact.body.seq]] : []));
  return database.entries.where('[journal+seq]').anyOf(keys).toArray();
}

const rowsOfAttempt = (database: StationDatabase, attempt: string): Promise<EntryRow[]> =>
  database.entries.where('attempt').equals(attempt).toArray();

/** What was written earlier of the attempts the facts name, by attempt. */
async function rowsOfAttempts(
  database: StationDatabase,
  facts: readonly PreparedFact[],
): Promise<ReadonlyMap<string, readonly EntryRow[]>> {
  const named = new Set(
    facts.flatMap(({ fact: { kind, body } }) =>
      attemptKinds.has(kind) && 'attempt' in body && body.attempt !== undefined ? [body.attempt] : [],
    ),
  );
  return new Map(
    await Promise.all([...named].map(async (attempt) => [attempt, await rowsOfAttempt(database, attempt)] as const)),
  );
}

/** Puts prepared facts behind the head, in one strict transaction; resolves when they are on the disk, with the head they left. */
export async function writeFacts(
  database: StationDatabase,
  facts: readonly PreparedFact[],
  by: AppendedBy,
  random: RandomSource,
): Promise<{ headers: EntryHeader[]; head: HeadRow }> {
  const write = (rebuild: boolean) =>
    database.transaction('rw', database.entries, database.state, async () => {
      // Asked at once and written at once: each wait for the database is one that a dial and a result wait for.
      const [stored, earlier] = await Promise.all([
        rebuild ? undefined : readHead(database),
        rowsOfAttempts(database, facts),
      ]);
      const head = stored ?? (await rebuildHead(database, random));
      const amended = await amendedRows(database, head.journal, facts);
      const rows: EntryRow[] = [];
      const rowAt = (wanted: number) =>
        rows.find((row) => row.seq === wanted) ?? amended.find((row) => row.seq === wanted);
      let { seq, hash, order } = head;
      for (const prepared of facts) {
        const caseId = prepared.fact.caseId ?? null;
        const header: Omit<EntryHeader, 'hash'> = {
          journal: head.journal,
          seq: seq + 1,
          version: 1,
          kind: prepared.fact.kind,
          at: prepared.at,
          clockOffset: prepared.clockOffset,
          clockOffsetAge: prepared.clockOffsetAge,
          agent: by.agent,
          caseId,
          leaseEpoch: (caseId === null ? undefined : by.leaseEpochOf?.(caseId)) ?? null,
          prev: hash,
          bodyHash: prepared.bodyHash,
        };
        seq += 1;
        order += 1;
        hash = hashOf(header);
        rows.push({
          order,
          journal: head.journal,
          seq,
          kind: header.kind,
          header: { ...header, hash },
          ...(caseId === null ? {} : { caseId }),
          ...cluesOf(prepared, rowAt),
          sealed: prepared.sealed,
          waiting: order,
        });
      }
      const touched = new Set(rows.flatMap((row) => (attemptKinds.has(row.kind) ? (row.attempt ?? []) : [])));
      let { openAttempts } = head;
      for (const attempt of touched) {
        // An amendment names its entry, and only that the attempt.
        const before = earlier.get(attempt) ?? (await rowsOfAttempt(database, attempt));
        const found = openAttemptOf([...before, ...rows.filter((row) => row.attempt === attempt)]);
        openAttempts = openAttempts.filter((other) => other.attempt !== attempt).concat(found ?? []);
      }
      const oldestUnsentAt = head.oldestUnsentAt ?? rows[0]?.header.at ?? null;
      const next: HeadRow = {
        ...head,
        seq,
        hash,
        order,
        unsent: head.unsent + rows.length,
        oldestUnsentAt,
        openAttempts,
      };
      // One fails, both are undone: it is one transaction.
      await Promise.all([database.entries.bulkAdd(rows), database.state.put(next)]);
      return { headers: rows.map((row) => row.header), head: next };
    });
  try {
    return await write(false).catch((error: unknown) => {
      if (isConstraint(error)) return write(true);
      throw error;
    });
  } catch (error) {
    throw storageProblemOf(error);
  }
}
