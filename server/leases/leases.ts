/**
 * Leases (领取). A person with all open cases is reserved for one agent at one station until a time.
 *
 *    persons.epoch   rises each time a person is leased; an entry with an older epoch is LATE, whatever the clocks say
 *    leases          one row per (person, epoch); at most one without `ended_at` per person (an index holds that)
 *
 * Taken with FOR UPDATE SKIP LOCKED on the person's row: two agents who ask at the same moment get different persons, and neither
 * waits. A lease whose time is over stays its holder's until somebody else takes the person: no work is lost to a slow clock.
 */
import { sql } from 'kysely';
import { caseFor } from '#shared/case/additions.ts';
import type { Case } from '#shared/case/case.ts';
import { defaultPolicy, type Policy, policySchema } from '#shared/policy/policy.ts';
import type { Bank } from '../bank.ts';
import type { DatabaseTransaction } from '../database/schema.ts';
import { inTransaction } from '../database/transaction.ts';
import { heartbeatSeconds } from '../stations/stations.ts';
import { withCallsElsewhere } from './callsElsewhere.ts';
import { caseDocuments } from './caseDocument.ts';
import { withSharedNumbers } from './employerLines.ts';

export const leaseHours = 12;
/** A station that was silent so long can lose its persons to the same agent at another station. */
const silentSeconds = heartbeatSeconds * 12;

type Holder = { agent: string; team: string; station: string };
export type HeldLease = { person: string; epoch: number; until: string; cases: Case[] };

/**
 * All this agent holds at this station, extended, and new persons until `most` are held: appointments first, then deadlines. `knows`: the
 * additions to a case that the station takes.
 */
export async function lease(
  bank: Bank,
  holder: Holder,
  most: number,
  knows: readonly string[] = [],
): Promise<{ leases: HeldLease[]; waiting: number; policy: Policy }> {
  return inTransaction(bank.database, async (transaction) => {
    const now = bank.clock.now();
    const until = new Date(now.getTime() + leaseHours * 3_600_000);
    // One request of an agent after the other: two at once would each fill up to `most`.
    await transaction
      .selectFrom('accounts')
      .select('account')
      .where('account', '=', holder.agent)
      .forUpdate()
      .execute();
    await followAgent(transaction, holder, now);
    await transaction
      .updateTable('leases')
      .set({ until })
      .where('agent', '=', holder.agent)
      .where('station', '=', holder.station)
      .where('ended_at', 'is', null)
      .execute();
    const held = await heldBy(transaction, holder);
    const before = await withDocuments(transaction, held, now);
    const taken: LeaseRow[] = [];
    for (const person of await takeNew(transaction, holder, now, most - before.length)) {
      const opened = await openLease(transaction, holder, person, now, until);
      if (opened !== undefined) taken.push(opened);
    }
    const documents = [...before, ...(await withDocuments(transaction, taken, now))];
    const called = knows.includes('callsElsewhere') ? await withCallsElsewhere(transaction, documents, now) : documents;
    const leases = knows.includes('sharedNumbers') ? await withSharedNumbers(transaction, called, now) : called;
    return {
      leases: leases.map((held) => ({ ...held, cases: held.cases.map((one) => caseFor(one, knows)) })),
      waiting: await waitingCases(transaction, holder.team, now),
      policy: await policyOf(transaction),
    };
  });
}

type LeaseRow = { person: string; epoch: number; until: Date };

function heldBy(transaction: DatabaseTransaction, holder: Holder): Promise<LeaseRow[]> {
  return transaction
    .selectFrom('leases')
    .select(['person', 'epoch', 'until'])
    .where('agent', '=', holder.agent)
    .where('station', '=', holder.station)
    .where('ended_at', 'is', null)
    .orderBy('leased_at')
    .orderBy('person')
    .execute();
}

/** The agent moved to another seat: what the silent one held is free again, and gets a new epoch when it is leased. */
async function followAgent(transaction: DatabaseTransaction, holder: Holder, now: Date): Promise<void> {
  const heardAfter = new Date(now.getTime() - silentSeconds * 1000);
  await transaction
    .updateTable('leases')
    .set({ ended_at: now, ended_by: 'MOVED' })
    .where('agent', '=', holder.agent)
    .where('station', '!=', holder.station)
    .where('ended_at', 'is', null)
    .where('leased_at', '<', heardAfter)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('presence')
            .select('account')
            .where('presence.account', '=', holder.agent)
            .whereRef('presence.station', '=', 'leases.station')
            .where('heard_at', '>', heardAfter),
        ),
      ),
    )
    .execute();
}

/** Locks up to `count` persons of the team with open cases whom nobody holds. */
async function takeNew(transaction: DatabaseTransaction, holder: Holder, now: Date, count: number): Promise<string[]> {
  if (count <= 0) return [];
  const free = await sql<{ person: string }>`
    select p.person from persons p
    where p.team = ${holder.team}
      and exists (select 1 from cases c join case_states s on s.case_id = c.id where c.person = p.person and s.status = 'OPEN')
      and not exists (select 1 from leases l where l.person = p.person and l.ended_at is null and l.until > ${now})
    order by
      (select min(s.appointment_at) from cases c join case_states s on s.case_id = c.id
        where c.person = p.person and s.status = 'OPEN') asc nulls last,
      (select min(c.deadline) from cases c join case_states s on s.case_id = c.id
        where c.person = p.person and s.status = 'OPEN') asc,
      p.person
    limit ${count}
    for update of p skip locked`.execute(transaction);
  return free.rows.map((row) => row.person);
}

async function openLease(
  transaction: DatabaseTransaction,
  holder: Holder,
  person: string,
  now: Date,
  until: Date,
): Promise<LeaseRow | undefined> {
  await transaction
    .updateTable('leases')
    .set({ ended_at: now, ended_by: 'EXPIRED' })
    .where('person', '=', person)
    .where('ended_at', 'is', null)
    .where('until', '<=', now)
    .execute();
  // The choice was made on a snapshot taken before the row was locked: whoever came first may hold the person by now.
  const other = await transaction
    .selectFrom('leases')
    .select('epoch')
    .where('person', '=', person)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  if (other !== undefined) return undefined;
  const { epoch } = await transaction
    .updateTable('persons')
    .set({ epoch: sql`epoch + 1` })
    .where('person', '=', person)
    .returning('epoch')
    .executeTakeFirstOrThrow();
  await transaction
    .insertInto('leases')
    .values({
      person,
      epoch,
      agent: holder.agent,
      station: holder.station,
      leased_at: now,
      until,
      ended_at: null,
      ended_by: null,
    })
    .execute();
  return { person, epoch, until };
}

/** Documents of the held persons' open cases; every leased revision is kept whole, for it is what a replay will name. */
async function withDocuments(
  transaction: DatabaseTransaction,
  held: readonly LeaseRow[],
  now: Date,
): Promise<HeldLease[]> {
  if (held.length === 0) return [];
  const open = await transaction
    .selectFrom('cases')
    .innerJoin('case_states', 'case_states.case_id', 'cases.id')
    .select(['cases.id', 'cases.person'])
    .where(
      'cases.person',
      'in',
      held.map((row) => row.person),
    )
    .where('case_states.status', '=', 'OPEN')
    .orderBy('cases.deadline')
    .orderBy('cases.id')
    .execute();
  const documents = await caseDocuments(
    transaction,
    open.map((row) => row.id),
  );
  if (documents.length > 0)
    await transaction
      .insertInto('case_revisions')
      .values(
        documents.map((document) => ({
          case_id: document.id,
          revision: document.revision,
          document: JSON.stringify(document),
          at: now,
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  const byId = new Map(documents.map((document) => [document.id, document]));
  return held
    .map((row) => ({
      person: row.person,
      epoch: row.epoch,
      until: row.until.toISOString(),
      cases: open.filter((entry) => entry.person === row.person).flatMap((entry) => byId.get(entry.id) ?? []),
    }))
    .filter((row) => row.cases.length > 0);
}

async function waitingCases(transaction: DatabaseTransaction, team: string, now: Date): Promise<number> {
  const { count } = await transaction
    .selectFrom('cases')
    .innerJoin('case_states', 'case_states.case_id', 'cases.id')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('cases.team', '=', team)
    .where('case_states.status', '=', 'OPEN')
    .where(
      sql<boolean>`not exists (select 1 from leases l where l.person = cases.person and l.ended_at is null and l.until > ${now})`,
    )
    .executeTakeFirstOrThrow();
  return count;
}

/** The bank's policy, or the default one. */
export async function policyOf(transaction: DatabaseTransaction): Promise<Policy> {
  const row = await transaction.selectFrom('settings').select('value').where('name', '=', 'policy').executeTakeFirst();
  return row === undefined ? defaultPolicy : policySchema.parse(JSON.parse(row.value));
}

/** Gives back what the agent holds at this station and nobody has begun: an attempt under way keeps its person. */
export async function returnLeases(bank: Bank, holder: Omit<Holder, 'team'>): Promise<void> {
  await bank.database
    .updateTable('leases')
    .set({ ended_at: bank.clock.now(), ended_by: 'RETURNED' })
    .where('agent', '=', holder.agent)
    .where('station', '=', holder.station)
    .where('ended_at', 'is', null)
    .where(
      sql<boolean>`not exists (select 1 from attempts a join cases c on c.id = a.case_id
        where c.person = leases.person and a.agent = leases.agent and a.call_result is null and a.started_at >= leases.leased_at)`,
    )
    .execute();
}
