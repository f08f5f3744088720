/**
 * Transactions. PGlite has one connection: whoever uses the outer handle inside a transaction waits for a connection that the
 * transaction holds, for ever. So the work of a transaction is marked, and the driver refuses the outer handle inside it.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Database, DatabaseTransaction } from './schema.ts';

const inside = new AsyncLocalStorage<true>();

export function isInsideTransaction(): boolean {
  return inside.getStore() === true;
}

/** Runs `work` in one transaction: all of it or nothing. Only the handle that `work` receives may be used in it. */
export async function inTransaction<T>(
  database: Database,
  work: (transaction: DatabaseTransaction) => Promise<T>,
): Promise<T> {
  return database.transaction().execute((transaction) => inside.run(true, () => work(transaction)));
}
