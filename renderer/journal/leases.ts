/**
 * What is leased to this station: cases and persons with their epochs, sealed on the disk, parsed in memory.
 *
 * Assumptions
 *  - an answer names everything the agent holds: what is not in it is dropped;
 *  - a case that is being worked on (or whose attempt a crash left open) is withdrawn, not erased, until the work is done: it is no
 *    longer offered, but its wrap-up and its replay need it;
 *  - the epoch under which a case was last held stays known, so that what is still recorded about it names the right lease;
 *  - one malformed case must not cost the others: it is kept out and told.
 */
import { z } from 'zod';
import { type Case, caseIdSchema, caseSchema, instantSchema } from '#shared/case/case.ts';
import { type Policy, policySchema } from '#shared/policy/policy.ts';
import { Problem } from '#shared/problem.ts';
import type { leaseAnswerSchema } from '#shared/server/api.ts';
import {
  type CaseHistory,
  caseWithHistory,
  historyKinds,
  historyOf,
  type ToldHere,
  toldOf,
  withBarred,
  withTold,
} from './caseHistory.ts';
import { readSealedState, type StationDatabase } from './database.ts';
import type { Journal } from './journal.ts';
import { open, seal } from './seal.ts';
import { storageProblemOf } from './storageProblem.ts';

export type CachedCase = { case: Case; epoch: number; until: string };
export type RecalledScript = { script: string; version: number };
export type KeptLeases = { cases: number; dropped: number; problems: Problem[] };

export type Leases = {
  /**
   * Replaces what is held by an answer of the server. `at`: when it came; `includes`: journal.settledUpTo() before it was asked for.
   * Malformed or contradictory cases are kept out and named in `problems`.
   */
  keepLeases(
    answer: z.infer<typeof leaseAnswerSchema>,
    received: { at: string; includes: number },
  ): Promise<KeptLeases>;
  /** Cases that may be worked on, as leased; barred numbers are marked. */
  cases(): CachedCase[];
  /** Withdrawn cases too, as long as somebody works on them. */
  caseById(id: string): CachedCase | undefined;
  /** With this station's own attempts, contact changes and appointments. */
  casesWithJournal(): Promise<CachedCase[]>;
  /** The epoch a case is or was last held under here. */
  epochOf(caseId: string): number | undefined;
  /** Persons held, and how many open cases of the team nobody holds (as of the last answer). */
  held(): { persons: number; waiting: number; at: string | null };
  policy(): Policy | null;
  recalledScripts(): readonly RecalledScript[];
  dropPerson(person: string): Promise<void>;
  dropCase(caseId: string): Promise<void>;
  /** 谢绝来电: no contact on this number may be dialled from here on, in later leases too. */
  barNumber(number: string): Promise<void>;
  recallScript(recalled: RecalledScript): Promise<void>;
  /** Called after each change; returns the way to stop. */
  onChange(listener: () => void): () => void;
};

const keptSchema = z.strictObject({
  persons: z.array(z.strictObject({ person: z.string(), epoch: z.number().int(), until: instantSchema })),
  cases: z.array(z.strictObject({ id: z.string(), withdrawn: z.boolean() })),
  /** Epochs of cases no longer held, oldest first. */
  pastEpochs: z.array(z.tuple([z.string(), z.number().int()])),
  policy: policySchema.nullable(),
  at: instantSchema.nullable(),
  includes: z.number().int().nonnegative(),
  waiting: z.number().int().nonnegative(),
  barred: z.array(z.string()),
  recalled: z.array(z.strictObject({ script: z.string(), version: z.number().int() })),
});
type Kept = z.infer<typeof keptSchema>;
const nothing: Kept = {
  persons: [],
  cases: [],
  pastEpochs: [],
  policy: null,
  at: null,
  includes: 0,
  waiting: 0,
  barred: [],
  recalled: [],
};

type Memory = { kept: Kept; cases: Map<string, { case: Case; text: string }> };

const leasesBinding = 'leases';
const rememberedEpochs = 1_000;

export function malformedCase(id: string | null): Problem {
  return new Problem('CASE_MALFORMED', 'server', {
    zh: `后台下发的一个任务（${id ?? '编号无法识别'}）格式有误，已跳过，其余任务不受影响。请通知班长。`,
    en: `A case from the server (${id ?? 'id not readable'}) is malformed and was left out; the others are not affected. Tell your team lead.`,
  });
}

function readableId(value: unknown): string | null {
  const id: unknown = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  const parsed = caseIdSchema.safeParse(id);
  return parsed.success ? parsed.data : null;
}

/** Parses an answer case by case; of a person named twice the higher epoch counts, of a case named twice the first. */
export function readLeases(answer: z.infer<typeof leaseAnswerSchema>): {
  persons: Kept['persons'];
  cases: Case[];
  problems: Problem[];
} {
  const persons = new Map<string, Kept['persons'][number]>();
  const cases = new Map<string, Case>();
  const problems: Problem[] = [];
  const latest = new Map<string, number>();
  for (const { person, epoch } of answer.leases) latest.set(person, Math.max(epoch, latest.get(person) ?? 0));
  for (const { person, epoch, until, cases: offered } of answer.leases) {
    if (persons.has(person) || epoch !== latest.get(person)) continue;
    persons.set(person, { person, epoch, until });
    for (const one of offered) {
      const parsed = caseSchema.safeParse(one);
      const sound = parsed.success && parsed.data.person === person && !cases.has(parsed.data.id);
      if (sound) cases.set(parsed.data.id, parsed.data);
      else problems.push(malformedCase(readableId(one)));
    }
  }
  return { persons: [...persons.values()], cases: [...cases.values()], problems };
}

async function load(database: StationDatabase, key: CryptoKey): Promise<Memory> {
  const sealed = await readSealedState(database, 'leases');
  if (sealed === undefined) return { kept: nothing, cases: new Map() };
  const kept = keptSchema.parse(JSON.parse(await open(key, sealed, leasesBinding)));
  // In the server's order, nearest deadline first.
  const rows = await database.cases.bulkGet(kept.cases.map(({ id }) => id));
  const opened = await Promise.all(
    rows.map(async (row): Promise<[string, { case: Case; text: string }][]> => {
      const text = row && (await open(key, row.sealed, `case ${row.id}`).catch(() => undefined));
      const parsed = text === undefined ? undefined : caseSchema.safeParse(JSON.parse(text));
      return text !== undefined && parsed?.success ? [[parsed.data.id, { case: parsed.data, text }]] : [];
    }),
  );
  return { kept, cases: new Map(opened.flat()) };
}

export type LeasesParts = {
  database: StationDatabase;
  key: CryptoKey;
  journal: Pick<Journal, 'entriesOfCases' | 'caseIdsSince' | 'openAttempts'>;
  /** The cases in work now, one or none, and the one that is gone on with: withdrawn instead of erased. */
  inWork: () => readonly string[];
};

/** Loads what is held. A sealed case that no longer opens is left out; the server leases it again. */
export async function openLeases({ database, key, journal, inWork }: LeasesParts): Promise<Leases> {
  let memory: Memory;
  try {
    memory = await load(database, key);
  } catch (error) {
    throw storageProblemOf(error);
  }
  const listeners = new Set<() => void>();
  let queue: Promise<unknown> = Promise.resolve();

  const store = async (next: Memory): Promise<void> => {
    const changed = [...next.cases].filter(([id, { text }]) => memory.cases.get(id)?.text !== text);
    const rows = await Promise.all(
      changed.map(async ([id, { text }]) => ({ id, sealed: await seal(key, text, `case ${id}`) })),
    );
    const sealed = await seal(key, JSON.stringify(next.kept), leasesBinding);
    const gone = [...memory.cases.keys()].filter((id) => !next.cases.has(id));
    try {
      await database.transaction('rw', database.cases, database.state, async () => {
        await database.cases.bulkPut(rows);
        await database.cases.bulkDelete(gone);
        await database.state.put({ name: 'leases', sealed });
      });
    } catch (error) {
      throw storageProblemOf(error);
    }
    memory = next;
    for (const listener of listeners) listener();
  };

  /** One change after the other, each seeing what the one before left. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = queue.then(work);
    queue = done.catch(() => undefined);
    return done;
  };

  const needed = async (): Promise<Set<string>> => {
    const unfinished = (await journal.openAttempts()).flatMap(({ caseId }) => caseId ?? []);
    return new Set(unfinished.concat(inWork()));
  };
  /** By name: the strip asks for every case's lease at every change, and a search through all persons for each would be felt. */
  const indexes = new WeakMap<Kept['persons'], ReadonlyMap<string, Kept['persons'][number]>>();
  const personOf = ({ persons }: Kept, person: string) => {
    const index = indexes.get(persons) ?? new Map(persons.map((held) => [held.person, held]));
    indexes.set(persons, index);
    return index.get(person);
  };
  const epochIn = ({ kept, cases }: Memory, id: string): number | undefined => {
    const cached = cases.get(id);
    const held = cached === undefined ? undefined : personOf(kept, cached.case.person)?.epoch;
    return held ?? kept.pastEpochs.findLast(([caseId]) => caseId === id)?.[1];
  };

  /** The memory with only `offered` cases open; the others withdrawn when needed, else erased; their epochs remembered. */
  const withOffered = async (kept: Kept, offered: Memory['cases']): Promise<Memory> => {
    const keep = await needed();
    const cases = new Map(offered);
    const withdrawn: string[] = [];
    const lost: Kept['pastEpochs'] = [];
    for (const [id, cached] of memory.cases) {
      if (offered.has(id)) continue;
      const epoch = epochIn(memory, id);
      if (epoch !== undefined) lost.push([id, epoch]);
      if (!keep.has(id)) continue;
      cases.set(id, cached);
      withdrawn.push(id);
    }
    const lostIds = new Set(lost.map(([id]) => id));
    return {
      cases,
      kept: {
        ...kept,
        cases: [...cases.keys()].map((id) => ({ id, withdrawn: withdrawn.includes(id) })),
        pastEpochs: [...kept.pastEpochs.filter(([id]) => !lostIds.has(id)), ...lost].slice(-rememberedEpochs),
      },
    };
  };
  const isWithdrawn = (id: string) => memory.kept.cases.some((one) => one.id === id && one.withdrawn);
  const offeredNow = (): Memory['cases'] => new Map([...memory.cases].filter(([id]) => !isWithdrawn(id)));

  const cachedOf = (id: string): CachedCase | undefined => {
    const cached = memory.cases.get(id);
    const epoch = epochIn(memory, id);
    if (cached === undefined || epoch === undefined) return undefined;
    const until = personOf(memory.kept, cached.case.person)?.until ?? memory.kept.at ?? cached.case.createdAt;
    return { case: withBarred(cached.case, memory.kept.barred), epoch, until };
  };

  const cases = () => {
    const withdrawn = new Set(memory.kept.cases.flatMap(({ id, withdrawn: gone }) => (gone ? [id] : [])));
    return [...memory.cases.keys()].flatMap((id) => (withdrawn.has(id) ? [] : (cachedOf(id) ?? [])));
  };

  /** Of the cases that were touched since the last answer; read again only when a case was touched again. */
  let seen = { includes: -1, order: 0, histories: new Map<string, CaseHistory>() };
  const readHistories = async (): Promise<Map<string, CaseHistory>> => {
    const { includes } = memory.kept;
    if (seen.includes !== includes) seen = { includes, order: includes, histories: new Map() };
    const { caseIds, order } = await journal.caseIdsSince(seen.order);
    for (const [caseId, entries] of await journal.entriesOfCases(caseIds, historyKinds))
      seen.histories.set(caseId, historyOf(entries, includes));
    seen.order = order;
    return seen.histories;
  };
  /** One reading after the other: what was read earlier must not be written over what was read later. */
  let reading: Promise<unknown> = Promise.resolve();
  const ownHistories = (): ReturnType<typeof readHistories> => {
    const read = reading.then(readHistories);
    reading = read.catch(() => undefined);
    return read;
  };

  /** The same object again until the lease or the entries of this very case change: a confirmed result must not cost a thousand cases. */
  const mergedFrom = new WeakMap<CaseHistory, { leased: Case; merged: Case }>();
  const withOwn = (leased: Case, own: CaseHistory): Case => {
    const known = mergedFrom.get(own);
    if (known?.leased === leased) return known.merged;
    const merged = caseWithHistory(leased, own);
    mergedFrom.set(own, { leased, merged });
    return merged;
  };

  /** Likewise the same object while the same numbers were named. */
  const numbersOf = new WeakMap<Case, { told: string; made: Case }>();
  const withNumbers = (leased: Case, told: ToldHere): Case => {
    const made = withTold(leased, told);
    if (made === leased) return leased;
    const added = JSON.stringify(made.contacts.slice(leased.contacts.length));
    const known = numbersOf.get(leased);
    if (known?.told === added) return known.made;
    numbersOf.set(leased, { told: added, made });
    return made;
  };

  return {
    keepLeases: (answer, { at, includes }) =>
      inTurn(async () => {
        const { persons, cases: parsed, problems } = readLeases(answer);
        const offered: Memory['cases'] = new Map(
          parsed.map((one) => [one.id, { case: one, text: JSON.stringify(one) }]),
        );
        const dropped = [...offeredNow().keys()].filter((id) => !offered.has(id)).length;
        const { policy, waiting } = answer;
        await store(await withOffered({ ...memory.kept, persons, policy, waiting, at, includes }, offered));
        return { cases: offered.size, dropped, problems };
      }),
    cases,
    caseById: cachedOf,
    async casesWithJournal() {
      const histories = await ownHistories();
      const told = [...histories].flatMap(([id, own]) => {
        const of = memory.cases.get(id)?.case;
        return of ? toldOf(of, own) : [];
      });
      return cases().map((cached) => {
        const own = histories.get(cached.case.id);
        const leased = withNumbers(cached.case, told);
        // A number that was told here may be one that nobody may call.
        const case_ = withBarred(own === undefined ? leased : withOwn(leased, own), memory.kept.barred);
        return case_ === cached.case ? cached : { ...cached, case: case_ };
      });
    },
    epochOf: (caseId) => epochIn(memory, caseId),
    held: () => ({ persons: memory.kept.persons.length, waiting: memory.kept.waiting, at: memory.kept.at }),
    policy: () => memory.kept.policy,
    recalledScripts: () => memory.kept.recalled,
    dropPerson: (person) =>
      inTurn(async () => {
        const offered = new Map([...offeredNow()].filter(([, cached]) => cached.case.person !== person));
        const persons = memory.kept.persons.filter((held) => held.person !== person);
        await store(await withOffered({ ...memory.kept, persons }, offered));
      }),
    dropCase: (caseId) =>
      inTurn(async () => {
        const offered = offeredNow();
        offered.delete(caseId);
        await store(await withOffered(memory.kept, offered));
      }),
    barNumber: (number) =>
      inTurn(async () => {
        const barred = [...new Set([...memory.kept.barred, number])];
        await store({ ...memory, kept: { ...memory.kept, barred } });
      }),
    recallScript: ({ script, version }) =>
      inTurn(async () => {
        const others = memory.kept.recalled.filter((one) => one.script !== script || one.version !== version);
        await store({ ...memory, kept: { ...memory.kept, recalled: [...others, { script, version }] } });
      }),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
