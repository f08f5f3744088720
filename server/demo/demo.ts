/** Makes the demo's accounts and cases, once; a second start finds what the first one left. */
import type { Database } from '../database/schema.ts';
import { importCases } from '../leases/importCases.ts';
import { addAccount } from '../signIn/accounts.ts';
import { demoAccounts } from './accounts.ts';
import { demoCases } from './cases.ts';

export async function ensureDemo(database: Database, now: Date): Promise<void> {
  const known = new Set((await database.selectFrom('accounts').select('account').execute()).map((row) => row.account));
  for (const { password, ...account } of demoAccounts)
    if (!known.has(account.account)) await addAccount(database, { ...account, handling: 'IN_HOUSE' }, password);
  const anyCase = await database.selectFrom('cases').select('id').limit(1).executeTakeFirst();
  if (anyCase === undefined) await importCases(database, demoCases(now), { allOrNothing: true });
}
