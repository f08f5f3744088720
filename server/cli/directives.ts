/** Orders to stations, with what they change here at once. */
import { Problem } from '#shared/problem.ts';
import { type Directive, directiveSchema } from '#shared/server/api.ts';
import type { Bank } from '../bank.ts';
import type { DatabaseTransaction } from '../database/schema.ts';
import { inTransaction } from '../database/transaction.ts';
import { giveDirective } from '../directives/directives.ts';
import { digitsOf } from '../leases/caseDocument.ts';
import { recomputeCases } from '../projections/recompute.ts';
import { type Command, notFound, say, usageProblem } from './arguments.ts';

async function give(
  bank: Bank,
  transaction: DatabaseTransaction,
  order: Directive['order'],
  reason: string | undefined,
  to: { agent?: string; station?: string } = {},
): Promise<void> {
  const parsed = directiveSchema.pick({ order: true, reason: true }).safeParse({ order, reason: reason ?? '' });
  if (!parsed.success)
    throw new Problem('DIRECTIVE_WRONG', 'input', { zh: '指令内容有误。', en: 'The directive is wrong.' });
  await giveDirective(transaction, { at: bank.clock.now(), ...to, ...parsed.data });
}

export const directiveCommands: Readonly<Record<string, Command>> = {
  'directives revoke': {
    usage: 'directives revoke PERSON [REASON]',
    what: "takes a person's lease back",
    async run(bank, [person, reason]) {
      if (person === undefined) throw usageProblem(this.usage);
      await inTransaction(bank.database, async (transaction) => {
        const ended = await transaction
          .updateTable('leases')
          .set({ ended_at: bank.clock.now(), ended_by: 'REVOKED' })
          .where('person', '=', person)
          .where('ended_at', 'is', null)
          .returning(['agent', 'station', 'epoch'])
          .executeTakeFirst();
        if (ended === undefined) throw notFound(person);
        const to = { agent: ended.agent, station: ended.station };
        await give(bank, transaction, { type: 'LEASE_REVOKED', person, epoch: ended.epoch }, reason, to);
      });
      say(`the lease of ${person} is revoked`);
    },
  },
  'directives withdraw': {
    usage: 'directives withdraw CASE [REASON]',
    what: 'withdraws a case: nobody is to call it any more',
    async run(bank, [caseId, reason]) {
      if (caseId === undefined) throw usageProblem(this.usage);
      await inTransaction(bank.database, async (transaction) => {
        const row = await transaction
          .updateTable('cases')
          .set({ withdrawn_at: bank.clock.now() })
          .where('id', '=', caseId)
          .returning('id')
          .executeTakeFirst();
        if (row === undefined) throw notFound(caseId);
        await recomputeCases(transaction, [caseId]);
        await give(bank, transaction, { type: 'CASE_WITHDRAWN', caseId }, reason);
      });
      say(`${caseId} is withdrawn`);
    },
  },
  'directives do-not-call': {
    usage: 'directives do-not-call NUMBER [REASON]',
    what: 'nobody dials this number any more',
    async run(bank, [number, reason]) {
      const digits = digitsOf(number ?? '');
      if (digits === '') throw usageProblem(this.usage);
      await inTransaction(bank.database, async (transaction) => {
        await transaction
          .insertInto('do_not_call')
          .values({ digits, at: bank.clock.now(), reason: reason ?? '' })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        await give(bank, transaction, { type: 'DO_NOT_CALL', number: digits }, reason);
      });
      say('noted');
    },
  },
  'directives recall-script': {
    usage: 'directives recall-script SCRIPT VERSION [REASON]',
    what: 'no call begins with this version any more',
    async run(bank, [script, version, reason]) {
      if (script === undefined || !/^\d+$/.test(version ?? '')) throw usageProblem(this.usage);
      await inTransaction(bank.database, (transaction) =>
        give(bank, transaction, { type: 'SCRIPT_RECALLED', script, version: Number(version) }, reason),
      );
      say(`${script} ${version} is recalled`);
    },
  },
  'directives sign-out': {
    usage: 'directives sign-out ACCOUNT [REASON]',
    what: 'ends all sessions of an agent',
    async run(bank, [account, reason]) {
      if (account === undefined) throw usageProblem(this.usage);
      await inTransaction(bank.database, async (transaction) => {
        const known = await transaction
          .selectFrom('accounts')
          .select('account')
          .where('account', '=', account)
          .executeTakeFirst();
        if (known === undefined) throw notFound(account);
        await transaction
          .updateTable('sessions')
          .set({ real_revoked_at: new Date() })
          .where('account', '=', account)
          .where('real_revoked_at', 'is', null)
          .execute();
        await give(bank, transaction, { type: 'SIGN_OUT' }, reason, { agent: account });
      });
      say(`${account} is signed out`);
    },
  },
};
