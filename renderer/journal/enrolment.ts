/**
 * Enrolment: once per installation; again when the server revoked the station, and then the data key stays, so that what was
 * recorded before can still be read and sent.
 *
 *    make data key and station key ──► POST /stations (one-time code) ──► vault ──► store the rows in one transaction
 *
 * A stop after the server's answer and before the transaction costs the code, nothing else: support makes another one.
 */
import { assertNever, Problem } from '#shared/problem.ts';
import type { Enrolment, EnrolRequest } from '#shared/server/api.ts';
import type { KeyRow, StationDatabase } from './database.ts';
import type { DataKeyKeeper, NewDataKey } from './dataKey.ts';
import { createStationKey, openStationKey, type StationKey } from './stationKey.ts';
import { storageProblemOf } from './storageProblem.ts';

export type EnrolmentParts = {
  database: StationDatabase;
  keeper: DataKeyKeeper;
  enrol: (request: EnrolRequest) => Promise<Enrolment>;
};

const locked = () =>
  new Problem('DATA_KEY_LOCKED', 'access', {
    zh: '请先用终端口令（或在线签入）打开这台终端的数据，再重新登记。',
    en: 'Open the data of this station first (station PIN, or sign in online), then enrol it again.',
  });

/** The data key to go on with, and how to keep it. */
async function dataKeyFor(keeper: DataKeyKeeper, pin: string | undefined): Promise<NewDataKey | { key: CryptoKey }> {
  const state = await keeper.state();
  switch (state.type) {
    case 'ready':
      return { key: state.key };
    case 'needsEnrolment':
      return keeper.create(pin);
    case 'needsPin':
    case 'needsSignIn':
      throw locked();
    default:
      return assertNever(state);
  }
}

/**
 * Rejects with the server's Problem (ENROLMENT_CODE_WRONG, …), PIN_TOO_SHORT, DATA_KEY_LOCKED, or a storage Problem. `pin` where the
 * keeper wants one.
 */
export async function enrolStation(
  { database, keeper, enrol }: EnrolmentParts,
  { code, name, pin }: { code: string; name: string; pin?: string },
): Promise<{ dataKey: CryptoKey; stationKey: StationKey }> {
  const dataKey = await dataKeyFor(keeper, pin);
  const { publicKey, privateKey } = await createStationKey(dataKey.key);
  const { station, recoveryKey } = await enrol({ code, name, publicKey });
  const rows: KeyRow[] = [{ name: 'station', station, publicKey, privateKey }];
  if ('save' in dataKey) {
    await dataKey.save();
    rows.push(await dataKey.rowFor(recoveryKey));
  }
  try {
    await database.keys.bulkPut(rows);
  } catch (error) {
    throw storageProblemOf(error);
  }
  if ('hold' in dataKey) dataKey.hold();
  const stationKey = await openStationKey(database, dataKey.key);
  if (stationKey === null) throw new Error('the station row was stored just now');
  return { dataKey: dataKey.key, stationKey };
}
