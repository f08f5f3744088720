/**
 * Runs in a page of the workstation's origin: fills the station's own journal by the product's own modules, and empties it by the
 * product's own uploader.
 */
import { createClock } from '#shared/clock.ts';
import type { Fact } from '#shared/journal/entry.ts';
import { bridge } from '../../renderer/app/bridge.ts';
import { openDatabase, readKeyRow } from '../../renderer/journal/database.ts';
import { dataKeyKeeper } from '../../renderer/journal/dataKey.ts';
import { openJournal } from '../../renderer/journal/journal.ts';
import { openLeases } from '../../renderer/journal/leases.ts';
import { cryptoRandom } from '../../renderer/journal/random.ts';
import { openStationKey } from '../../renderer/journal/stationKey.ts';
import { createBankClient } from '../../renderer/sync/bankClient.ts';
import { waitForReal } from '../../renderer/sync/timing.ts';
import { createUploader } from '../../renderer/sync/uploader.ts';

const chunk = 500;
const clock = createClock({ wall: Date.now, monotonic: () => performance.now() });

async function open({ account, password, pin }: { account: string; password: string; pin: string }) {
  const host = bridge();
  const { serverOrigin } = await host.readConfiguration();
  const sent: string[] = [];
  const client = createBankClient({
    origin: serverOrigin,
    fetch: (address, request) => {
      if (String(address).endsWith('/batches') && typeof request?.body === 'string') sent.push(request.body);
      return fetch(address, request);
    },
    host: host.host,
    clock,
    monotonic: () => performance.now(),
    reach: { heard: () => undefined, missed: () => undefined },
    vault: host,
  });
  const database = await openDatabase('practice');
  const row = await readKeyRow(database, 'station');
  if (row === undefined) throw new Error('the station is not enrolled');
  const keeper = dataKeyKeeper({ vault: host, database, clock, random: cryptoRandom });
  const keeping = await keeper.state();
  const key =
    keeping.type === 'ready'
      ? keeping.key
      : keeping.type === 'needsPin'
        ? await keeper.unlock(pin)
        : await client.session
            .signIn({ account, password, station: row.station })
            .then(() => keeper.unlockByServer((wrapped) => client.unwrap(row.station, wrapped)));
  const signer = await openStationKey(database, key);
  if (signer === null) throw new Error('the station has no key');
  const journal = await openJournal({ database, key, clock, random: cryptoRandom });
  const leases = await openLeases({ database, key, journal, inWork: () => [] });
  return { client, database, journal, leases, signer, sent, account };
}

/** A call that nobody answered, as the casework records it: four entries. */
function noAnswer(caseId: string, number: string): Fact[] {
  const attempt = crypto.randomUUID();
  const now = new Date(clock.now()).toISOString();
  const permit = {
    ...{ caseId, contact: 'mobile', number: number.replaceAll('-', ''), source: 'APPLICATION_FORM' as const },
    ...{ check: 'TWO_SOURCES' as const, attemptNumber: 1, hoursRule: 'hours.open', permittedAt: now, demo: true },
  };
  return [
    {
      kind: 'attempt.started',
      caseId,
      body: { attempt, direction: 'out', contact: 'mobile', number: permit.number, permit, caseRevision: 1 },
    },
    {
      kind: 'attempt.ended',
      caseId,
      body: {
        ...{ attempt, ended: { reason: 'FAILED', by: 'OTHER', sipStatus: 480, q850: 19, phrase: 'No Answer' } },
        ...{ callId: crypto.randomUUID(), rangSeconds: 45, talkedSeconds: 0, earlyMedia: false },
      },
    },
    {
      kind: 'disposition.recorded',
      caseId,
      body: {
        ...{ attempt, flags: [], note: '', by: 'AGENT' },
        callResult: { proposed: 'NO_ANSWER', rule: 'proposal.causeNoAnswer', confirmed: 'NO_ANSWER' },
      },
    },
    {
      kind: 'followUp.requested',
      caseId,
      body: { attempt, followUp: { kind: 'RETRY', due: now, contact: 'mobile', rule: 'retry.noAnswer' } },
    },
  ];
}

let opened: Awaited<ReturnType<typeof open>> | undefined;
const station = () => {
  if (opened === undefined) throw new Error('open first');
  return opened;
};

export const lab = {
  async open(who: { account: string; password: string; pin: string }): Promise<void> {
    opened = await open(who);
  },
  /** Appends `count` entries about generated leased cases, but none about the persons in `spared`. */
  async fill(count: number, spared: readonly string[]): Promise<void> {
    const { journal, leases, account } = station();
    const cases = leases
      .cases()
      .filter(({ case: { id, person } }) => id.startsWith('GEN-') && !spared.includes(person));
    if (cases.length === 0) throw new Error('no generated case is leased');
    const by = { agent: account, leaseEpochOf: leases.epochOf };
    const facts: Fact[] = [];
    for (let n = 0; facts.length < count; n += 1) {
      const { id, contacts } = cases[n % cases.length]!.case; // there is one, see above
      facts.push(...noAnswer(id, contacts[0]?.number ?? ''));
    }
    for (let n = 0; n < count; n += chunk) await journal.append(facts.slice(n, Math.min(count, n + chunk)), by);
  },
  unsent: () => station().journal.unsent(),
  head: () => station().journal.head(),
  /** Bytes of the entries behind `order`, as they lie in the database. */
  async bytesSince(order: number): Promise<number> {
    const rows = await station().database.entries.where('order').above(order).toArray();
    return rows.reduce((sum, { sealed, ...row }) => sum + JSON.stringify(row).length + (sealed?.data.length ?? 0), 0);
  },
  /** The uploader from its start until everything has its receipt. Returns the time and the exact batches it sent. */
  async drain() {
    const { client, journal, signer, sent, database } = station();
    const { count } = await journal.unsent();
    sent.length = 0;
    const uploader = createUploader({
      ...{ journal, client, signer, locks: navigator.locks, lockName: `bench ${database.name}` },
      ...{ wait: waitForReal, fraction: Math.random, clock },
    });
    const began = performance.now();
    const idle = new Promise<number>((resolve) => {
      uploader.onChange(({ type }) => {
        if (type === 'idle') resolve(performance.now());
      });
    });
    const stop = uploader.start();
    const milliseconds = (await idle) - began;
    await stop();
    return {
      entries: count - (await journal.unsent()).count,
      milliseconds,
      station: signer.station,
      batches: [...sent],
    };
  },
  /** Milliseconds one strict transaction takes that puts so many bytes, with nothing of ours around it. */
  async barePut(bytes: number): Promise<number> {
    bareDatabase ??= openBare();
    const bare = await bareDatabase;
    const value = { bytes: crypto.getRandomValues(new Uint8Array(Math.min(bytes, 65_536))) };
    const began = performance.now();
    await new Promise<void>((resolve, reject) => {
      const transaction = bare.transaction('rows', 'readwrite', { durability: 'strict' });
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
      transaction.objectStore('rows').add(value);
    });
    return performance.now() - began;
  },
};

let bareDatabase: Promise<IDBDatabase> | undefined;
function openBare(): Promise<IDBDatabase> {
  const opening = indexedDB.open('bare', 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('rows', { autoIncrement: true });
  return new Promise((resolve, reject) => {
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}

export type LabPage = typeof lab;
Object.assign(window, { lab });
