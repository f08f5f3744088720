import { Problem } from '#shared/problem.ts';
import { personSchema } from '#shared/server/api.ts';
import type { Bank } from '../bank.ts';
import { addAccount } from '../signIn/accounts.ts';
import { hashPassword } from '../signIn/passwords.ts';
import { type Command, notFound, readSecret, say, usageProblem } from './arguments.ts';

const shortestPassword = 8;

async function newPassword(): Promise<string> {
  const password = await readSecret('Password:');
  if (password.length < shortestPassword || password.length > 200)
    throw new Problem('PASSWORD_SHORT', 'input', {
      zh: `密码至少 ${shortestPassword} 位。`,
      en: `A password has at least ${shortestPassword} characters.`,
    });
  return password;
}

async function endSessions(bank: Bank, account: string): Promise<void> {
  await bank.database
    .updateTable('sessions')
    .set({ real_revoked_at: new Date() })
    .where('account', '=', account)
    .where('real_revoked_at', 'is', null)
    .execute();
}

export const accountCommands: Readonly<Record<string, Command>> = {
  'accounts add': {
    usage: 'accounts add ACCOUNT NAME ROLE TEAM [--outsourced]   (password by standard input)',
    what: 'adds an account; ROLE is agent, lead, manager, qa, risk, auditor or admin',
    async run(bank, [account, name, role, team], flags) {
      const person = personSchema.safeParse({
        account,
        name,
        role,
        team,
        handling: flags.outsourced === true ? 'OUTSOURCED' : 'IN_HOUSE',
      });
      if (!person.success) throw usageProblem(this.usage);
      const known = await bank.database
        .selectFrom('accounts')
        .select('account')
        .where('account', '=', person.data.account)
        .executeTakeFirst();
      if (known !== undefined)
        throw new Problem('ACCOUNT_EXISTS', 'input', { zh: '该工号已存在。', en: 'This account exists already.' });
      await addAccount(bank.database, person.data, await newPassword());
      say(`added ${person.data.account}`);
    },
  },
  'accounts list': {
    usage: 'accounts list',
    what: 'lists accounts',
    async run(bank) {
      const rows = await bank.database.selectFrom('accounts').selectAll().orderBy('account').execute();
      for (const row of rows)
        say(
          `${row.account.padEnd(12)} ${row.role.padEnd(8)} ${row.team.padEnd(6)} ${row.locked ? 'locked' : ''}`.trimEnd(),
        );
    },
  },
  'accounts password': {
    usage: 'accounts password ACCOUNT   (new password by standard input)',
    what: 'sets a new password, ends a lock and all sessions',
    async run(bank, [account]) {
      if (account === undefined) throw usageProblem(this.usage);
      const set = await bank.database
        .updateTable('accounts')
        .set({ password_hash: await hashPassword(await newPassword()), wrong_count: 0, real_locked_until: null })
        .where('account', '=', account)
        .returning('account')
        .executeTakeFirst();
      if (set === undefined) throw notFound(account);
      await endSessions(bank, account);
      say(`new password for ${account}; its sessions are over`);
    },
  },
  'accounts lock': {
    usage: 'accounts lock ACCOUNT [--open]',
    what: 'locks an account and ends its sessions; --open unlocks',
    async run(bank, [account], flags) {
      if (account === undefined) throw usageProblem(this.usage);
      const locked = flags.open !== true;
      const set = await bank.database
        .updateTable('accounts')
        .set({ locked, wrong_count: 0, real_locked_until: null })
        .where('account', '=', account)
        .returning('account')
        .executeTakeFirst();
      if (set === undefined) throw notFound(account);
      if (locked) await endSessions(bank, account);
      say(`${account} is ${locked ? 'locked' : 'open'}`);
    },
  },
};
