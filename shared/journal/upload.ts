/**
 * How entries reach the bank server.
 *
 *    station ──POST /api/v1/journals/:journal/batches──► server
 *            body: exact text of a Batch, signed by the station's P-256 key (header x-station-signature, base64, IEEE P1363 over the
 *            UTF-8 body) ; header x-station: station id.  No agent is signed in for this: the station answers for its journal.
 *            ◄── BatchAnswer
 *
 * Assumptions
 *  - the same batch may arrive twice, partly, late, or by two connections at once; the answer may be lost: delivery is at least
 *    once, effect is once;
 *  - clocks are wrong and jump: nothing here reads one to decide;
 *  - a disk image may be restored or cloned: same seq with another hash is a fork, both are kept and flagged;
 *  - the server may restart in the middle: a batch is one transaction (entries, then projections);
 *  - versions differ by up to two releases: `protocol` says which.
 */
import { z } from 'zod';
import { idSchema, wireEntrySchema } from './entry.ts';

export const protocolVersion = 1;
/** At most this many entries in a batch; and at most this many bytes of body text in all. */
export const batchLimit = { entries: 200, bytes: 1_000_000 } as const;

export const batchSchema = z.strictObject({
  protocol: z.literal(protocolVersion),
  station: idSchema,
  journal: idSchema,
  /** The journal this one continues, when a restored disk made a new one necessary. */
  continues: z.strictObject({ journal: idSchema, seq: z.number().int().positive(), hash: z.string() }).optional(),
  entries: z.array(wireEntrySchema).min(1).max(batchLimit.entries),
});
export type Batch = z.infer<typeof batchSchema>;

/** stored: new and counted. duplicate: had it, nothing happened. disputed: kept and shown to a lead, with the reason.
 *  unreadable: kept as bytes, could not be understood. All four mean: the server has it, durably. */
export const receiptStates = ['stored', 'duplicate', 'disputed', 'unreadable'] as const;
export type ReceiptState = (typeof receiptStates)[number];

export const disputeReasons = [
  'FORK', // same seq, other hash
  'LATE', // superseded lease epoch
  'REPLAY_DIFFERS', // the server's own replay does not arrive where the station was
  'COMPARISON_DIFFERS', // the server's comparison gives another verdict
  'BROKEN_CHAIN',
  'BAD_HASH',
  'NOT_LEASED',
  'NO_NOTICE', // what was recorded cannot be true
] as const;
export type DisputeReason = (typeof disputeReasons)[number];

export const receiptSchema = z.strictObject({
  seq: z.number().int().positive(),
  hash: z.string(),
  state: z.enum(receiptStates),
  reason: z.enum(disputeReasons).optional(),
});
export type Receipt = z.infer<typeof receiptSchema>;

/** `head`: the last entry the server has without a gap, so that a restored station can notice it. tryLater is for a whole batch. */
export const batchAnswerSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('receipts'),
    receipts: z.array(receiptSchema),
    head: z.strictObject({ seq: z.number().int().nonnegative(), hash: z.string() }),
    serverTime: z.string(),
  }),
  z.strictObject({ type: z.literal('tryLater'), afterSeconds: z.number().positive() }),
  z.strictObject({ type: z.literal('gap'), expectedSeq: z.number().int().positive() }),
]);
export type BatchAnswer = z.infer<typeof batchAnswerSchema>;
