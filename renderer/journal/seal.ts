/**
 * Sealing (AES-256-GCM): whatever names a person or a number is sealed before it reaches the disk, from the first row on.
 *
 *    iv    12 random bytes, new for each seal (so at most 2^32 seals for one key; a station makes about 10^5 a year)
 *    data  ciphertext and 16 bytes of tag, over UTF-8 text
 *    `boundTo` is authenticated, not stored: a sealed text moved to another row does not open there
 */
import { cryptoRandom, type RandomSource } from './random.ts';

export type Sealed = { iv: Uint8Array<ArrayBuffer>; data: Uint8Array<ArrayBuffer> };

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

export async function seal(
  key: CryptoKey,
  text: string,
  boundTo = '',
  random: RandomSource = cryptoRandom,
): Promise<Sealed> {
  const iv = random.bytes(12);
  const algorithm = { name: 'AES-GCM', iv, additionalData: encoder.encode(boundTo) };
  return { iv, data: new Uint8Array(await crypto.subtle.encrypt(algorithm, key, encoder.encode(text))) };
}

/** Rejects when the key, the binding or a single bit is another one. */
export async function open(key: CryptoKey, sealed: Sealed, boundTo = ''): Promise<string> {
  const algorithm = { name: 'AES-GCM', iv: sealed.iv, additionalData: encoder.encode(boundTo) };
  return decoder.decode(await crypto.subtle.decrypt(algorithm, key, sealed.data));
}

/** A data key out of 32 bytes; the page can use it but not read it out again. */
export function importDataKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
}
