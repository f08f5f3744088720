/**
 * The station's database. Nothing personal lies in it in clear, in keys or indexes: case ids, agent accounts, entry kinds and
 * random ids may be read by whoever has the disk; bodies, salts, cached cases, leases and keys are sealed.
 *
 *    entries   order (1, 2, 3 … over all journals of this station), unique on [journal+seq]; `waiting` exists until the receipt,
 *              `purgeable` (time of the receipt) until the sealed body is purged: both indexes stay as small as what is left to do
 *    state     one row `head` (written in the transaction of every append), one row `clock`, sealed rows for leases, profile, offline sign-in and
 *              farewells
 *    cases     one sealed row per leased case
 *    keys      wrapped keys, never a key in clear
 *
 * Durability: 'strict' for every transaction. The default of IndexedDB is 'relaxed': committed, but not on the disk when the power
 * goes. A screen says "saved" after a strict commit only.
 */
import Dexie, { type EntityTable, type Table } from 'dexie';
import type { KnownOffset } from '#shared/clock.ts';
import type { EntryHeader, EntryKind } from '#shared/journal/entry.ts';
import type { Receipt } from '#shared/journal/upload.ts';
import type { Sealed } from './seal.ts';
import { storageProblemOf, storageProblems } from './storageProblem.ts';

/** Drills and the demo have data of their own and never meet the real ones. */
export const databaseNames = { real: 'huifang', practice: 'huifang-practice' } as const;
export type Realm = keyof typeof databaseNames;

export type KeptReceipt = { state: Receipt['state']; reason?: Receipt['reason']; at: number };

export type EntryRow = {
  order: number;
  journal: string;
  seq: number;
  kind: EntryKind;
  header: EntryHeader;
  /** Missing for an entry that is about no case: then it is in no index. */
  caseId?: string;
  attempt?: string;
  /** For `amended`: what it is about. */
  amends?: { seq: number; takenBack: boolean };
  /** Salt (24 characters) and body, bound to `header.bodyHash`; missing after the purge. */
  sealed?: Sealed;
  waiting?: number;
  purgeable?: number;
  receipt?: KeptReceipt;
};

export type JournalOrigin = { journal: string; continues?: { journal: string; seq: number; hash: string } };

/** An attempt without an end, or without a standing result. */
export type OpenAttempt = { attempt: string; caseId: string | null; agent: string; startedAt: string; ended: boolean };

export type HeadRow = {
  name: 'head';
  journal: string;
  seq: number;
  hash: string;
  order: number;
  unsent: number;
  oldestUnsentAt: string | null;
  openAttempts: OpenAttempt[];
  /** All journals of this station, oldest first; the last one is written to. */
  journals: JournalOrigin[];
};

export type SealedRow = { name: 'leases' | 'offlineSession' | 'profile' | 'farewells'; sealed: Sealed };
/** keptClock.ts */
export type ClockRow = { name: 'clock' } & KnownOffset;
export type StateRow = HeadRow | SealedRow | ClockRow;

export type CaseRow = { id: string; sealed: Sealed };

export type DataKeyRow = {
  name: 'dataKey';
  /** RSA-OAEP-256 under the server's key, base64: goes with every export. */
  byServer: string;
  /** Known text under the data key: tells a wrong key from a damaged row. */
  check: Sealed;
  byPin?: { salt: Uint8Array<ArrayBuffer>; cost: { m: number; t: number; p: number }; wrapped: Sealed };
  wrongTries: number;
  /** Wall clock, milliseconds. */
  waitUntil: number;
};
export type StationRow = {
  name: 'station';
  station: string;
  publicKey: { kty: 'EC'; crv: 'P-256'; x: string; y: string };
  /** pkcs8, base64, under the data key. */
  privateKey: Sealed;
};
export type KeyRow = DataKeyRow | StationRow;

/** Dexie counts tens of it in the browser's own version number. */
const schemaVersion = 1;

export class StationDatabase extends Dexie {
  entries!: EntityTable<EntryRow, 'order'>;
  state!: Table<StateRow, StateRow['name']>;
  cases!: EntityTable<CaseRow, 'id'>;
  keys!: Table<KeyRow, KeyRow['name']>;

  constructor(name: string) {
    super(name, { chromeTransactionDurability: 'strict' });
    this.version(schemaVersion).stores({
      entries: 'order, &[journal+seq], [caseId+order], attempt, waiting, purgeable',
      state: 'name',
      cases: 'id',
      keys: 'name',
    });
  }
}

/** Opens the database of a realm. Rejects with a Problem: STORAGE_REFUSED, STORAGE_FULL, STORAGE_NEWER or STORAGE_BROKEN. */
export async function openDatabase(realm: Realm, name: string = databaseNames[realm]): Promise<StationDatabase> {
  const database = new StationDatabase(name);
  try {
    await database.open();
  } catch (error) {
    throw storageProblemOf(error);
  }
  // Dexie opens the data of a newer program without a word; what that program meant by its rows is not known here.
  if (database.backendDB().version >= (schemaVersion + 1) * 10) {
    database.close();
    throw storageProblems.newer();
  }
  return database;
}

export async function readHead(database: StationDatabase): Promise<HeadRow | undefined> {
  const row = await database.state.get('head');
  return row?.name === 'head' ? row : undefined;
}

/** The sealed text of a state row; undefined when there is none. */
export async function readSealedState(database: StationDatabase, name: SealedRow['name']): Promise<Sealed | undefined> {
  const row = await database.state.get(name);
  return row !== undefined && 'sealed' in row ? row.sealed : undefined;
}

export async function readKeyRow<N extends KeyRow['name']>(
  database: StationDatabase,
  name: N,
): Promise<Extract<KeyRow, { name: N }> | undefined> {
  const row = await database.keys.get(name);
  return row?.name === name ? (row as Extract<KeyRow, { name: N }>) : undefined; // the name tells the member
}
