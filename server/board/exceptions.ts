/**
 * What a lead has to look at (需要处理), and how it is settled.
 *
 *   exceptions            from entries, by the projections         HELP ends with its result, a conflict with a result taken back
 *   CALL_BACK_LATE        a missed call nobody answered for, past the time that was promised (domain.md 0.12: the owner, then the team)
 *   EMPLOYER_NOT_CALLED   the borrower named a number of the employer, and no case is open in which it could be dialled
 *   settled_exceptions    a lead's decision with its reason, about the entry the row stood for; a newer entry makes the row stand again
 */
import { sql } from 'kysely';
import { callResultFacts, callResults } from '#shared/call/callResult.ts';
import { contactRoles } from '#shared/case/case.ts';
import { isEmployerRole } from '#shared/policy/hours.ts';
import type { Board, Settlement } from '#shared/server/api.ts';
import type { Bank } from '../bank.ts';
import { inTransaction } from '../database/transaction.ts';
import { Refusal } from '../http/refusal.ts';
import { respondentsOf } from './respondents.ts';

const exceptionsShown = 200;
/** Days back: a promise of ten minutes is worth nothing after a week, a case has ended after a month. */
const shownFor = { callBacks: 7, employers: 30 } as const;

type Row = {
  id: string;
  type: Board['exceptions'][number]['type'];
  case_id: string | null;
  agent: string | null;
  at: Date;
  journal: string;
  seq: number;
};

const counting = callResults.filter((result) => callResultFacts[result].counts);
const employerRoles = contactRoles.filter(isEmployerRole);

async function standing({ database, clock }: Pick<Bank, 'database' | 'clock'>, team: string): Promise<Row[]> {
  const now = clock.now();
  const before = (days: number) => new Date(now.getTime() - days * 86_400_000);
  const { rows } = await sql<Row>`
    select x.id, x.type, x.case_id, x.agent, x.at, x.journal, x.seq from (
      select id, type, case_id, agent, at, journal, seq from exceptions where team = ${team} and standing
      union all
      select 'CALL_BACK_LATE:' || f.journal || ':' || f.seq, 'CALL_BACK_LATE', f.case_id, a.agent, f.due, f.journal, f.seq
      from follow_ups f join attempts a on a.attempt = f.attempt and a.journal = f.journal
      where f.kind = 'CALL_BACK_MISSED' and f.standing and f.due < ${now} and f.due > ${before(shownFor.callBacks)}
        and a.team = ${team}
        and not exists (select 1 from attempts b where b.team = a.team and b.attempt <> a.attempt and b.started_at >= a.started_at
          and (b.case_id = f.case_id or (a.number <> '' and b.number = a.number))
          and ((b.direction = 'out' and b.call_result in (${sql.join(counting)}))
            or (b.direction = 'in' and b.call_result <> 'MISSED_INCOMING')))
      union all
      select 'EMPLOYER_NOT_CALLED:' || t.journal || ':' || t.seq, 'EMPLOYER_NOT_CALLED', t.case_id, t.agent, t.at, t.journal, t.seq
      from contact_changes t join cases c on c.id = t.case_id
      where t.standing and t.source = 'BORROWER' and t.number is not null and t.at > ${before(shownFor.employers)}
        and t.role in (${sql.join(employerRoles)})
        and c.team = ${team} and c.kind <> 'EMPLOYER'
        and not exists (select 1 from cases e join case_states s on s.case_id = e.id
          where e.person = c.person and e.kind = 'EMPLOYER' and (s.status = 'OPEN'
            or exists (select 1 from dispositions d where d.case_id = e.id and d.standing and d.finishes and d.at > t.at)))
    ) x
    where not exists (select 1 from settled_exceptions d where d.exception = x.id and d.journal = x.journal and d.seq = x.seq)
    order by x.type = 'HELP' desc, x.type = 'CALL_BACK_LATE' desc, x.at desc, x.id
    limit ${exceptionsShown}`.execute(database);
  return rows;
}

/** Somebody who waits on the line first, then who was promised a call, then the newest. */
export async function exceptionsOf(bank: Bank, team: string): Promise<Board['exceptions']> {
  const rows = await standing(bank, team);
  const names = await respondentsOf(
    bank,
    rows.flatMap((row) => row.case_id ?? []),
    team,
  );
  return rows.map(({ id, type, case_id, agent, at }) => ({
    id,
    type,
    caseId: case_id,
    respondent: case_id === null ? null : (names.get(case_id) ?? null),
    at: at.toISOString(),
    agent,
  }));
}

/** Types that boards know only since these came; who does not say so gets none: a board is parsed strictly. */
const newer: ReadonlySet<Row['type']> = new Set(['CALL_BACK_LATE', 'EMPLOYER_NOT_CALLED']);

export const forOlderBoards = (board: Board): Board => ({
  ...board,
  exceptions: board.exceptions.filter(({ type }) => !newer.has(type)),
});

/**
 * Takes one row off the board of `team`. Throws NOT_FOUND for what does not stand there (any more), for a row that stands for something
 * newer than what was looked at, and for a call for help, which ends with the call's result.
 */
export async function settle(
  bank: Bank,
  lead: { account: string; team: string },
  settlement: Settlement,
): Promise<void> {
  const row = (await standing(bank, lead.team)).find(({ id }) => id === settlement.id);
  if (row === undefined || row.type === 'HELP' || row.at.toISOString() !== settlement.at)
    throw new Refusal('NOT_FOUND');
  const { account } = lead;
  const at = bank.clock.now();
  await inTransaction(bank.database, async (transaction) => {
    const settled = await transaction
      .insertInto('settled_exceptions')
      .values({ exception: row.id, journal: row.journal, seq: row.seq, at, account, reason: settlement.reason })
      .onConflict((conflict) => conflict.doNothing())
      .returning('exception')
      .executeTakeFirst();
    if (settled === undefined) return; // two leads at once
    const what = `exception settled: ${row.id}`;
    await transaction.insertInto('audit').values({ at, what, account, station: null }).execute();
  });
}
