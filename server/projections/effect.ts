/** Which entries take effect: for a program that has them, and for a query that looks for them. */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { DisputeReason, ReceiptState } from '#shared/journal/upload.ts';

/** An entry whose place or hash is wrong is shown to a lead, but counts for nothing. */
export const withoutEffect: ReadonlySet<DisputeReason> = new Set(['FORK', 'BROKEN_CHAIN', 'BAD_HASH']);

/** One that is disputed about its lease or its content takes effect too. Of an entry that is no fork. */
export function projects({ state, reason }: { state: ReceiptState; reason: DisputeReason | undefined }): boolean {
  if (state === 'stored') return true;
  return state === 'disputed' && reason !== undefined && !withoutEffect.has(reason);
}

/** The same of a row of `entries`, under that name in the query. */
export const tookEffect: RawBuilder<SqlBool> = sql`(entries.fork = 0 and (entries.state = 'stored'
  or (entries.state = 'disputed' and entries.reason not in (${sql.join([...withoutEffect])}))))`;
