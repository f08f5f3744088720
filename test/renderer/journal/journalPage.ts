/** Runs in a real browser: the journal with its real database, under the hand of journal.integration.test.ts. */
import { createClock } from '#shared/clock.ts';
import type { Fact } from '#shared/journal/entry.ts';
import { defaultPolicy } from '#shared/policy/policy.ts';
import { openDatabase } from '../../../renderer/journal/database.ts';
import { openJournal } from '../../../renderer/journal/journal.ts';
import { openLeases } from '../../../renderer/journal/leases.ts';
import { cryptoRandom } from '../../../renderer/journal/random.ts';
import { importDataKey } from '../../../renderer/journal/seal.ts';

/** What each read-write transaction promised, as the browser itself says. */
const durabilities: { database: string; durability: string }[] = [];
const original = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function (...parameters) {
  const transaction = original.apply(this, parameters);
  if (transaction.mode === 'readwrite') durabilities.push({ database: this.name, durability: transaction.durability });
  return transaction;
};

/** Given by the test before the page loads: in this file they would lie in the browser's cache of scripts. */
const { name, number, branch } = (window as unknown as { words: { name: string; number: string; branch: string } })
  .words; // as: so given

const by = { agent: 'agent-1', leaseEpochOf: () => 1 };
const note = (n: number): Fact => ({
  kind: 'case.skipped',
  caseId: `HF-${1 + (n % 1000)}`,
  body: { reason: `${name} ${number} ${n}` },
});

async function openStation() {
  const database = await openDatabase('practice');
  const key = await importDataKey(new Uint8Array(32).map((_, i) => i * 7));
  const clock = createClock({ wall: Date.now, monotonic: () => performance.now() });
  const journal = await openJournal({ database, key, clock, random: cryptoRandom });
  const leases = await openLeases({ database, key, journal, inWork: () => [] });
  return { journal, leases };
}

const within = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** A database without anything of ours: one put of as many bytes, as strict. */
async function openBare() {
  const opening = indexedDB.open('bare', 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('rows', { autoIncrement: true });
  const database = await within(opening);
  return (value: unknown) =>
    new Promise<void>((resolve, reject) => {
      const transaction = database.transaction('rows', 'readwrite', { durability: 'strict' });
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
      transaction.objectStore('rows').add(value);
    });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

const percentiles = (times: number[]) => {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 10) / 10;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
};

function caseOf(n: number) {
  const at = '2026-03-02T02:00:00.000Z';
  const source = { source: 'APPLICATION_FORM', number };
  const contact = { id: 'mobile', label: '手机', number, role: 'BORROWER', owner: name };
  return {
    id: `HF-${n}`,
    revision: 1,
    kind: 'PRELOAN_BORROWER',
    person: `P-${n}`,
    application: 'A-1',
    team: 'T1',
    isDemo: true,
    respondent: { name, title: 'MR' },
    borrower: { name, title: 'MR' },
    branch,
    accountManager: '经理',
    loanType: 'PERSONAL_HOME',
    handling: 'IN_HOUSE',
    authorisation: { version: '1', date: '2026-02-01', scope: [] },
    createdAt: at,
    deadline: at,
    contacts: [{ ...contact, status: 'OK', sources: [source] }],
    file: {},
    attempts: [],
    history: [],
    linkedCases: [],
  };
}

const station = await openStation();

export const lab = {
  durabilities,
  append: async (count: number) => {
    await Promise.all(Array.from({ length: count }, (_, n) => station.journal.append([note(n)], by)));
  },
  verify: () => station.journal.verify(),
  unsent: () => station.journal.unsent(),
  cases: () => station.leases.cases().length,
  async fill(entries: number, cases: number) {
    for (let n = 0; n < entries; n += 500)
      await station.journal.append(
        Array.from({ length: 500 }, (_, k) => note(n + k)),
        by,
      );
    const leases = Array.from({ length: cases }, (_, n) => ({
      person: `P-${n + 1}`,
      epoch: 1,
      until: '2026-03-02T18:00:00+08:00',
      cases: [caseOf(n + 1)],
    }));
    const serverTime = new Date().toISOString();
    await station.leases.keepLeases(
      { leases, policy: defaultPolicy, serverTime, waiting: 0 },
      { at: serverTime, includes: 0 },
    );
  },
  async figures(count: number) {
    const put = await openBare();
    const appends: number[] = [];
    const puts: number[] = [];
    const row = { text: 'x'.repeat(700) };
    for (let n = 0; n < count; n += 1) {
      puts.push(await timed(() => put(row)));
      appends.push(await timed(() => station.journal.append([note(n)], by)));
    }
    const merged = await timed(() => station.leases.casesWithJournal());
    const mergedAgain = await timed(() => station.leases.casesWithJournal());
    return { append: percentiles(appends), put: percentiles(puts), merged, mergedAgain };
  },
  /** So many batches of what waits, as the uploader takes them, receipts at once. */
  drain: (batches: number) =>
    timed(async () => {
      for (let n = 0; n < batches; n += 1) {
        const part = await station.journal.waitingBatch(200);
        if (part === null) return;
        const receipts = part.entries.map(({ header }) => ({
          seq: header.seq,
          hash: header.hash,
          state: 'stored' as const,
        }));
        await station.journal.keepReceipts(part.journal, receipts);
      }
    }),
  /** In clear, to prove that the search through the profile would find it. */
  control: async (text: string) => (await openBare())({ text }),
};
export type JournalLab = typeof lab;
Object.assign(window, { lab });
