/**
 * The hash chain of a journal; the station writes it, the server checks it with this same code.
 *
 *    bodyHash = SHA-256(16 random bytes ‖ UTF-8 body)
 *    hash     = SHA-256(UTF-8 of JSON.stringify([journal, seq, version, kind, at, clockOffset, clockOffsetAge, agent, caseId,
 *               leaseEpoch, prev, bodyHash]))
 *    prev     = hash of the entry before, 64 zeros for the first
 *
 * Synchronous on purpose: an await between reading the head and adding the entry would let IndexedDB commit the transaction.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { fromBase64 } from '../base64.ts';
import type { EntryHeader } from './entry.ts';

/** `prev` of the first entry of a journal. */
export const firstPrev = '0'.repeat(64);

/** Hex SHA-256 of the salt's bytes followed by the exact UTF-8 body. Throws when the salt is not base64. */
export function bodyHashOf(saltBase64: string, body: string): string {
  return bytesToHex(sha256.create().update(fromBase64(saltBase64)).update(utf8ToBytes(body)).digest());
}

/** Hex SHA-256 of a header; its own `hash`, if present, is not part of it. */
export function hashOf(header: Omit<EntryHeader, 'hash'>): string {
  const fields = [
    header.journal,
    header.seq,
    header.version,
    header.kind,
    header.at,
    header.clockOffset,
    header.clockOffsetAge,
    header.agent,
    header.caseId,
    header.leaseEpoch,
    header.prev,
    header.bodyHash,
  ];
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(fields))));
}

/** BAD_SEQ: a number is missing or doubled. BROKEN_CHAIN: `prev` is not the entry before. BAD_HASH: the header was changed.
 *  BAD_BODY: the body was. */
export const chainFaults = ['BAD_SEQ', 'BROKEN_CHAIN', 'BAD_HASH', 'BAD_BODY'] as const;
export type ChainFault = (typeof chainFaults)[number];

/** An entry to be checked; without salt and body where the body was erased or is not at hand. */
export type ChainEntry = { header: EntryHeader; salt?: string; body?: string };
export type ChainPoint = { seq: number; hash: string };
export type ChainVerdict =
  | { sound: true; head: ChainPoint }
  | { sound: false; index: number; seq: number; fault: ChainFault };

export const chainStart: ChainPoint = { seq: 0, hash: firstPrev };

/** What is wrong with one entry that should follow `before`; undefined when it does. */
export function faultOf(entry: ChainEntry, before: ChainPoint): ChainFault | undefined {
  const { header } = entry;
  if (header.seq !== before.seq + 1) return 'BAD_SEQ';
  if (header.prev !== before.hash) return 'BROKEN_CHAIN';
  if (header.hash !== hashOf(header)) return 'BAD_HASH';
  if (entry.salt === undefined || entry.body === undefined) return undefined;
  return bodyHashOf(entry.salt, entry.body) === header.bodyHash ? undefined : 'BAD_BODY';
}

/** Checks entries of one journal in order of `seq`, following `start`; names the first broken record. */
export function verifyChain(entries: Iterable<ChainEntry>, start: ChainPoint = chainStart): ChainVerdict {
  let head = start;
  let index = 0;
  for (const entry of entries) {
    const fault = faultOf(entry, head);
    if (fault !== undefined) return { sound: false, index, seq: entry.header.seq, fault };
    head = { seq: entry.header.seq, hash: entry.header.hash };
    index += 1;
  }
  return { sound: true, head };
}
