import type { Database } from '../database/schema.ts';
import { hashPassword } from './passwords.ts';

/** Fails when the account exists. */
export async function addAccount(
  database: Database,
  account: { account: string; name: string; role: string; team: string; handling: string },
  password: string,
): Promise<void> {
  await database
    .insertInto('accounts')
    .values({
      ...account,
      password_hash: await hashPassword(password),
      wrong_count: 0,
      real_locked_until: null,
      locked: false,
    })
    .execute();
}
