import 'fake-indexeddb/auto';
import { type Case, caseSchema } from '#shared/case/case.ts';
import { type Clock, createClock } from '#shared/clock.ts';
import type { Fact } from '#shared/journal/entry.ts';
import { openDatabase, type StationDatabase } from '../../../renderer/journal/database.ts';
import { type Journal, openJournal } from '../../../renderer/journal/journal.ts';
import { cryptoRandom } from '../../../renderer/journal/random.ts';
import { importDataKey } from '../../../renderer/journal/seal.ts';

/** A clock that is set by hand. */
export function handClock(
  start = '2026-03-02T02:00:00.000Z',
): Clock & { advance(ms: number): void; jump(ms: number): void } {
  let wall = Date.parse(start);
  let monotonic = 0;
  const clock = createClock({ wall: () => wall, monotonic: () => monotonic });
  return {
    ...clock,
    advance(ms) {
      wall += ms;
      monotonic += ms;
    },
    jump(ms) {
      wall += ms;
    },
  };
}

/** A repeatable source between 0 and 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const testKeyBytes = () => new Uint8Array(32).map((_, i) => i);
export const testKey = () => importDataKey(testKeyBytes());

let opened = 0;
export const freshName = () => `test-${process.pid}-${++opened}`;

export type Station = {
  journal: Journal;
  database: StationDatabase;
  clock: ReturnType<typeof handClock>;
  key: CryptoKey;
};

/** A journal in an in-memory IndexedDB; the same `name` opens the same data again. */
export async function station(name = freshName(), clock = handClock(), key?: CryptoKey): Promise<Station> {
  const database = await openDatabase('practice', name);
  const dataKey = key ?? (await testKey());
  const journal = await openJournal({ database, key: dataKey, clock, random: cryptoRandom });
  return { journal, database, clock, key: dataKey };
}

export const by = { agent: 'agent-1' };
export const breakStarted: Fact = { kind: 'break.started', body: { reason: 'MEAL' } };
export const breakEnded: Fact = { kind: 'break.ended', body: {} };

/** Facts of the case HF-1; the note carries its number so that order can be seen. */
export const skipped = (n: number, caseId = 'HF-1'): Fact => ({
  kind: 'case.skipped',
  caseId,
  body: { reason: `甄样例 ${n}` },
});

export const started = (attempt: string, caseId = 'HF-1'): Fact => ({
  kind: 'attempt.started',
  caseId,
  body: { attempt, direction: 'out', contact: 'mobile', number: '15400000001' },
});
export const ended = (attempt: string, caseId = 'HF-1'): Fact => ({
  kind: 'attempt.ended',
  caseId,
  body: {
    attempt,
    ended: { reason: 'HUNG_UP', by: 'OTHER', sipStatus: 200 },
    rangSeconds: 5,
    talkedSeconds: 61.4,
    earlyMedia: false,
  },
});
export const recorded = (attempt: string, caseId = 'HF-1', disposition?: string): Fact => ({
  kind: 'disposition.recorded',
  caseId,
  body: {
    attempt,
    callResult: { rule: 'sip.200', confirmed: 'ANSWERED' },
    ...(disposition === undefined ? {} : { disposition: { code: disposition, evidence: {} } }),
    flags: [],
    note: '',
    by: 'AGENT',
  },
});

/** A demo case of the borrower, one mobile. */
export const caseOf = (id: string, person = 'P-1'): Case =>
  caseSchema.parse({
    id,
    revision: 1,
    kind: 'PRELOAN_BORROWER',
    person,
    application: 'A-1',
    team: 'T1',
    isDemo: true,
    respondent: { name: '甄样例', title: 'MR' },
    borrower: { name: '甄样例', title: 'MR' },
    branch: '星港支行',
    accountManager: '经理',
    loanType: 'PERSONAL_HOME',
    handling: 'IN_HOUSE',
    authorisation: { version: '1', date: '2026-02-01', scope: [] },
    createdAt: '2026-03-02T02:00:00.000Z',
    deadline: '2026-03-02T18:00:00+08:00',
    contacts: [
      {
        id: 'mobile',
        label: '手机',
        number: '154-0000-0001',
        role: 'BORROWER',
        owner: '甄样例',
        status: 'UNCONFIRMED',
        sources: [{ source: 'APPLICATION_FORM', number: '154-0000-0001' }],
      },
    ],
    file: {},
    attempts: [],
    history: [],
    linkedCases: [],
  });

/** All rows of a database as one text in which any UTF-8 text of theirs, also within bytes, can be found by `inBytes`. */
export async function everyRow(database: StationDatabase): Promise<string> {
  const rows = await Promise.all(database.tables.map((table) => table.toArray()));
  const text = JSON.stringify(rows, (_key, value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
  );
  return text + Buffer.from(text, 'utf8').toString('latin1');
}
export const inBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
