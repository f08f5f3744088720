/**
 * SMS notices that agents asked for. Held until a result can no longer be taken back, then sent through the gateway. The gateway is a
 * stand-in that only marks them sent: a real one gets (journal, seq) as its idempotency key.
 */
import { sql } from 'kysely';
import type { Bank } from '../bank.ts';
import { inTransaction } from '../database/transaction.ts';

/** Sends what is due; several instances may do it at once. Returns how many went out. */
export async function sendDueNotices(bank: Pick<Bank, 'database' | 'clock'>): Promise<number> {
  return inTransaction(bank.database, async (transaction) => {
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
