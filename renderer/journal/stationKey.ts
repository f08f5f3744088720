/**
 * The station's key pair (P-256): it signs batches, whoever is signed in. The private key lies on the disk as pkcs8 sealed under the
 * data key; in the page it can be used but not read out.
 */
import { fromBase64, toBase64 } from '#shared/base64.ts';
import { Problem } from '#shared/problem.ts';
import { readKeyRow, type StationDatabase, type StationRow } from './database.ts';
import { open, type Sealed, seal } from './seal.ts';

export type StationKey = {
  station: string;
  publicKey: StationRow['publicKey'];
  /** ECDSA with SHA-256 over the UTF-8 text, IEEE P1363 (64 bytes), base64. */
  sign(text: string): Promise<string>;
};

const curve = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const binding = 'stationKey';
const encoder = new TextEncoder();

export type NewStationKey = { publicKey: StationRow['publicKey']; privateKey: Sealed };

/** A new pair; the private half leaves this function sealed only. */
export async function createStationKey(dataKey: CryptoKey): Promise<NewStationKey> {
  const pair = await crypto.subtle.generateKey(curve, true, ['sign', 'verify']);
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey));
  const { x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  if (x === undefined || y === undefined) throw new Error('a P-256 key has x and y');
  const privateKey = await seal(dataKey, toBase64(pkcs8), binding);
  pkcs8.fill(0);
  return { publicKey: { kty: 'EC', crv: 'P-256', x, y }, privateKey };
}

/** The enrolled station's key; null before enrolment. Rejects with STATION_KEY_LOST when it does not open. */
export async function openStationKey(database: StationDatabase, dataKey: CryptoKey): Promise<StationKey | null> {
  const row = await readKeyRow(database, 'station');
  if (row === undefined) return null;
  const key = await open(dataKey, row.privateKey, binding)
    .then((text) => crypto.subtle.importKey('pkcs8', fromBase64(text), curve, false, ['sign']))
    .catch((error: unknown) => {
      throw new Problem(
        'STATION_KEY_LOST',
        'storage',
        {
          zh: '终端密钥打不开，记录会保留在本机但不能上传。请联系技术支持重新登记这台终端。',
          en: 'The station key does not open: records stay here but cannot be uploaded. Ask support to enrol this station again.',
        },
        error,
      );
    });
  return {
    station: row.station,
    publicKey: row.publicKey,
    async sign(text) {
      const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
      return toBase64(new Uint8Array(await crypto.subtle.sign(algorithm, key, encoder.encode(text))));
    },
  };
}
