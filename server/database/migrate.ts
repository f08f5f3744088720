/**
 * Migrations: a list in order, each run once in one transaction. Two instances that start together wait for each other.
 */
import { sql } from 'kysely';
import { foundation } from './migrations/0001-foundation.ts';
import { renewalAndKeys } from './migrations/0002-renewal-and-keys.ts';
import { callQuality } from './migrations/0003-call-quality.ts';
import { colleagues } from './migrations/0004-colleagues.ts';
import { toldNumbers } from './migrations/0005-told-numbers.ts';
import { slots } from './migrations/0006-slots.ts';
import { preNotices } from './migrations/0007-pre-notices.ts';
import { attemptsByNumber } from './migrations/0008-attempts-by-number.ts';
import { settledExceptions } from './migrations/0009-settled-exceptions.ts';
import { continuedAttempts } from './migrations/0010-continued-attempts.ts';
import { employerLines } from './migrations/0011-employer-lines.ts';
import type { Database, DatabaseTransaction } from './schema.ts';
import { inTransaction } from './transaction.ts';

/** `fill`: what no statement can work out of the rows there are. */
type Migration = {
  readonly name: string;
  readonly statements: readonly string[];
  fill?(transaction: DatabaseTransaction): Promise<void>;
};
export const migrations: readonly Migration[] = [
  foundation,
  renewalAndKeys,
  callQuality,
  colleagues,
  toldNumbers,
  slots,
  preNotices,
  attemptsByNumber,
  settledExceptions,
  continuedAttempts,
  employerLines,
];

/** Any number; the same in every version of this server. */
const migrationLock = 726_201;

/** Brings the tables up to date; returns the names of the migrations that ran. */
export async function migrate(database: Database): Promise<string[]> {
  return inTransaction(database, async (transaction) => {
    // Waiting for another instance, and filling a large bank's tables, take longer than any question of the day may.
    await sql`set local statement_timeout = 0`.execute(transaction);
    await sql`select pg_advisory_xact_lock(${sql.lit(migrationLock)})`.execute(transaction);
    await sql`create table if not exists migrations (name text primary key, ran_at timestamptz not null default now())`.execute(
      transaction,
    );
    const done = await sql<{ name: string }>`select name from migrations`.execute(transaction);
    const doneNames = new Set(done.rows.map((row) => row.name));
    const ran: string[] = [];
    for (const migration of migrations) {
      if (doneNames.has(migration.name)) continue;
      for (const statement of migration.statements) await sql.raw(statement).execute(transaction);
      await migration.fill?.(transaction);
      await sql`insert into migrations (name) values (${migration.name})`.execute(transaction);
      ran.push(migration.name);
    }
    return ran;
  });
}
