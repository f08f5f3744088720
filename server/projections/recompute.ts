/**
 * What depends on several rows is computed anew from them, in a handful of statements for all that was touched. So the order in
 * which journals arrive does not matter, and a rebuild comes to the same tables.
 */
import { sql } from 'kysely';
import type { DatabaseTransaction } from '../database/schema.ts';
import { tookEffect } from './effect.ts';

/** A call for help, by its attempt: asked twice, it is one. */
export const helpOf = (journal: string, attempt: string) => `HELP:${journal}:${attempt}`;

/** An attempt's result is its newest standing disposition; while it has none, its call for help stands. */
export async function recomputeAttempts(transaction: DatabaseTransaction, attempts: readonly string[]): Promise<void> {
  if (attempts.length === 0) return;
  await sql`
    update attempts a set call_result = d.call_result, disposition = d.code, sub = d.sub
    from (
      select x.attempt, n.call_result, n.code, n.sub from attempts x
      left join lateral (
        select call_result, code, sub from dispositions d
        where d.attempt = x.attempt and d.journal = x.journal and d.standing order by d.seq desc limit 1
      ) n on true
      where x.attempt in (${sql.join(attempts)})
    ) d
    where a.attempt = d.attempt`.execute(transaction);
  await sql`
    update exceptions x set standing = not d.has_result
    from (
      select 'HELP:' || journal || ':' || attempt as id, bool_or(standing) as has_result from dispositions
      where attempt in (${sql.join(attempts)}) group by journal, attempt
    ) d
    where x.id = d.id`.execute(transaction);
}

/**
 * A case's state:
 *   WITHDRAWN   the bank took it back
 *   CONFLICT    two agents finished it: both results stand, a lead decides
 *   FINISHED    one did
 *   OPEN        everything else
 * The appointment is the newest standing one that no later attempt has used; the revision rises with each entry about the case.
 */
export async function recomputeCases(transaction: DatabaseTransaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const sorted = [...ids].sort(); // one order of locks for everybody
  const list = sql.join(sorted);
  await sql`
    insert into case_states (case_id, status, appointment_at, appointment, changes)
    select c.id,
      case when c.withdrawn_at is not null then 'WITHDRAWN'
        when coalesce(f.agents, 0) > 1 then 'CONFLICT'
        when coalesce(f.agents, 0) = 1 then 'FINISHED' else 'OPEN' end,
      p.at, p.body,
      (select count(*)::int from entries where entries.case_id = c.id and entries.kind is not null and ${tookEffect})
    from cases c
    left join (select case_id, count(distinct agent) as agents from dispositions
      where standing and finishes and case_id in (${list}) group by case_id) f on f.case_id = c.id
    left join lateral (
      select x.at, x.body from (
        select m.at, m.body, m.made_at, m.journal, m.seq from appointments m where m.case_id = c.id and m.standing
      ) x
      where not exists (select 1 from attempts a where a.case_id = c.id and a.direction = 'out'
        and a.started_at > x.made_at and a.started_at >= x.at - interval '30 minutes')
      order by x.made_at desc, x.journal, x.seq desc limit 1
    ) p on true
    where c.id in (${list})
    order by c.id
    on conflict (case_id) do update set status = excluded.status, appointment_at = excluded.appointment_at,
      appointment = excluded.appointment, changes = excluded.changes`.execute(transaction);
  await importedAppointments(transaction, sorted);
  await conflicts(transaction, sorted);
}

/** An appointment that came with the case holds until one was made here, or a call was made at its time. */
async function importedAppointments(transaction: DatabaseTransaction, ids: readonly string[]): Promise<void> {
  await sql`
    update case_states s set appointment_at = c.appointment_at, appointment = c.appointment
    from cases c
    where c.id = s.case_id and c.id in (${sql.join(ids)}) and s.appointment is null and c.appointment is not null
      and not exists (select 1 from appointments m where m.case_id = c.id and m.standing)
      and not exists (select 1 from attempts a where a.case_id = c.id and a.direction = 'out'
        and a.started_at >= c.appointment_at - interval '30 minutes')`.execute(transaction);
}

async function conflicts(transaction: DatabaseTransaction, ids: readonly string[]): Promise<void> {
  await sql`
    insert into exceptions (id, type, case_id, agent, team, journal, seq, at, standing)
    select distinct on (d.case_id) 'CONFLICT:' || d.case_id, 'CONFLICT', d.case_id, d.agent, d.team, d.journal, d.seq, d.at, true
    from dispositions d join case_states s on s.case_id = d.case_id
    where d.case_id in (${sql.join(ids)}) and s.status = 'CONFLICT' and d.standing and d.finishes
    order by d.case_id, d.at desc, d.journal, d.seq desc
    on conflict (id) do update set agent = excluded.agent, team = excluded.team, journal = excluded.journal, seq = excluded.seq,
      at = excluded.at, standing = true`.execute(transaction);
  await sql`
    update exceptions x set standing = false from case_states s
    where x.type = 'CONFLICT' and x.case_id = s.case_id and s.case_id in (${sql.join(ids)}) and s.status <> 'CONFLICT'`.execute(
    transaction,
  );
}
