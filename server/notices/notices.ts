/**
 * SMS notices that agents asked for. Held until a result can no longer be taken back, then sent through the gateway. The gateway is a
 * stand-in that only marks them sent: a real one gets (journal, seq) as its idempotency key, and the words of `noticeText`.
 *
 * A notice before the first call may arrive after that call, from a station that was away from the server: then it would announce what is
 * over, and is not sent.
 */
import { sql } from 'kysely';
import { callResultFacts, callResults } from '#shared/call/callResult.ts';
import type { Bank } from '../bank.ts';
import type { DatabaseTransaction } from '../database/schema.ts';
import { inTransaction } from '../database/transaction.ts';

/** Sends what is due; several instances may do it at once. Returns how many went out. */
export async function sendDueNotices(bank: Pick<Bank, 'database' | 'clock'>): Promise<number> {
  return inTransaction(bank.database, async (transaction) => {
    await dropLatePreNotices(transaction, bank.clock.now());
    const due = await transaction
      .selectFrom('notices')
      .select(['journal', 'seq'])
      .where('sent_at', 'is', null)
      .where('cancelled_at', 'is', null)
      .where(sql<boolean>`real_held_until <= now()`)
      .limit(100)
      .forUpdate()
      .skipLocked()
      .execute();
    for (const notice of due)
      await transaction
        .updateTable('notices')
        .set({ sent_at: bank.clock.now() })
        .where('journal', '=', notice.journal)
        .where('seq', '=', notice.seq)
        .execute();
    return due.length;
  });
}

/** Results after which nobody had been called: the first call is still to come. */
const noCall = callResults.filter((result) => !callResultFacts[result].counts && result !== 'MISSED_INCOMING');

/** Of cases that were called, or are open no more. While the first call rings its notice still goes out: it says who rings. */
async function dropLatePreNotices(transaction: DatabaseTransaction, now: Date): Promise<void> {
  await sql`
    update notices n set cancelled_at = ${now}
    where n.attempt is null and n.sent_at is null and n.cancelled_at is null
      and (exists (select 1 from attempts a where a.case_id = n.case_id and a.ended_at is not null
          and (a.call_result is null or a.call_result not in (${sql.join(noCall)})))
        or exists (select 1 from case_states s where s.case_id = n.case_id and s.status <> 'OPEN'))`.execute(
    transaction,
  );
}
