/**
 * A station with its data open: journal, leases, connection and upload. Open from the moment the data key is there, whoever is signed in
 * or nobody: what waits is uploaded under the station's own credential.
 */
import type { Bridge } from '#shared/bridge.ts';
import type { Clock } from '#shared/clock.ts';
import type { StationDatabase } from '../journal/database.ts';
import { type Journal, openJournal } from '../journal/journal.ts';
import { type Leases, openLeases } from '../journal/leases.ts';
import { cryptoRandom } from '../journal/random.ts';
import { openStationKey, type StationKey } from '../journal/stationKey.ts';
import { type BankClient, createBankClient } from '../sync/bankClient.ts';
import { type Connection, createConnection } from '../sync/connection.ts';
import { createOfflineSession, type OfflineSession } from '../sync/offlineSession.ts';
import { waitForReal } from '../sync/timing.ts';
import { createUploader, type Uploader } from '../sync/uploader.ts';

export type Bank = { client: BankClient; connection: Connection };

export type Station = Bank & {
  database: StationDatabase;
  key: CryptoKey;
  signer: StationKey;
  journal: Journal;
  leases: Leases;
  uploader: Uploader;
  offline: OfflineSession;
};

const random = Math.random;

/** The server as this page reaches it; probing begins at once, so that the strip is right before anybody signs in. */
export function openBank(origin: string, bridge: Bridge, clock: Clock): Bank {
  const connection: Connection = createConnection({
    probe: () => client.health(),
    wait: waitForReal,
    fraction: random,
    wallNow: clock.now,
  });
  const client: BankClient = createBankClient({
    origin,
    fetch: (...request) => fetch(...request),
    host: bridge.host,
    clock,
    monotonic: () => performance.now(),
    reach: connection,
    vault: bridge,
  });
  connection.start();
  return { client, connection };
}

export async function openStation(
  { client, connection }: Bank,
  database: StationDatabase,
  key: CryptoKey,
  clock: Clock,
  inWork: () => readonly string[],
): Promise<Station | null> {
  const signer = await openStationKey(database, key);
  if (signer === null) return null;
  const journal = await openJournal({ database, key, clock, random: cryptoRandom });
  const leases = await openLeases({ database, key, journal, inWork });
  const uploader = createUploader({
    journal,
    client,
    signer,
    locks: navigator.locks,
    lockName: `huifang uploader ${database.name}`,
    wait: waitForReal,
    fraction: random,
    clock,
  });
  uploader.start();
  connection.onChange(({ type }) => {
    if (type === 'connected') uploader.wake();
  });
  const offline = createOfflineSession({ database, key, clock, random: cryptoRandom });
  return { client, connection, database, key, signer, journal, leases, uploader, offline };
}
