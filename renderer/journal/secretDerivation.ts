/** A key out of something a person typed (argon2id, RFC 9106; costs of OWASP's list: 19 MiB, 2 passes, 1 lane). */
import { argon2idAsync } from '@noble/hashes/argon2.js';
import { importDataKey } from './seal.ts';

export type DerivationCost = { m: number; t: number; p: number };
/** m in KiB; about half a second on an office machine. */
export const secretCost: DerivationCost = { m: 19_456, t: 2, p: 1 };

/** 32 bytes; yields to the page now and then, so that it does not freeze. */
export async function deriveBytes(
  secret: string,
  salt: Uint8Array,
  cost: DerivationCost,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await argon2idAsync(secret.normalize('NFKC'), salt, { ...cost, dkLen: 32 }));
}

export async function deriveKey(secret: string, salt: Uint8Array, cost: DerivationCost): Promise<CryptoKey> {
  return importDataKey(await deriveBytes(secret, salt, cost));
}
