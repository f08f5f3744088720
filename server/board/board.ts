/**
 * The board (班长看板) of one team, from the projections and the presence rows. Names leave masked.
 * Times of day are Asia/Shanghai; "today" is the business clock's day.
 */
import { sql } from 'kysely';
import { addDays, clockText, dayOf, instantOf, minuteOfDay } from '#shared/policy/calendar.ts';
import { countsAgainstCaps } from '#shared/policy/caps.ts';
import { type Board, boardSchema, presenceSchema } from '#shared/server/api.ts';
import type { Bank } from '../bank.ts';
import { heartbeatSeconds } from '../stations/stations.ts';
import { exceptionsOf } from './exceptions.ts';
import { respondentsOf } from './respondents.ts';

const resultsShown = 50;
const trendBegins = 8 * 60;
const halfHour = 30;

export async function boardOf(bank: Bank, team: string): Promise<Board> {
  const now = bank.clock.now();
  const from = instantOf(dayOf(now), 0);
  const to = instantOf(addDays(dayOf(now), 1), 0);
  // One after the other: PGlite has one connection, and a pool should not be emptied by a board.
  const queue = await queueOf(bank, team, now, to);
  const agents = await agentsOf(bank, team, now);
  const attempts = await attemptsOf(bank, team, from, to);
  const today = await todayOf(bank, team, from, to, attempts);
  const exceptions = await exceptionsOf(bank, team);
  const results = await resultsOf(bank, team, from, to);
  return boardSchema.parse({
    at: now.toISOString(),
    team,
    queue,
    agents: exceptionsFirst(agents, new Set(exceptions.flatMap((one) => one.agent ?? []))),
    today,
    trend: trendOf(attempts, now),
    exceptions,
    results,
  });
}

async function queueOf(bank: Bank, team: string, now: Date, endOfDay: Date): Promise<Board['queue']> {
  return bank.database
    .selectFrom('cases')
    .innerJoin('case_states', 'case_states.case_id', 'cases.id')
    .select([
      'cases.kind',
      sql<number>`count(*)::int`.as('open'),
      sql<number>`count(*) filter (where cases.deadline >= ${now} and cases.deadline < ${endOfDay})::int`.as(
        'dueToday',
      ),
      sql<number>`count(*) filter (where cases.deadline < ${now})::int`.as('overdue'),
    ])
    .where('cases.team', '=', team)
    .where('case_states.status', '=', 'OPEN')
    .groupBy('cases.kind')
    .orderBy('cases.kind')
    .execute();
}

type AgentRow = Board['agents'][number];

async function agentsOf(bank: Bank, team: string, now: Date): Promise<AgentRow[]> {
  const rows = await bank.database
    .selectFrom('accounts')
    .leftJoin('presence', 'presence.account', 'accounts.account')
    .select(['accounts.account', 'accounts.name', 'presence.body', 'presence.heard_at'])
    .select([
      sql<boolean>`exists (select 1 from sessions s where s.account = accounts.account and s.real_revoked_at is null
        and s.real_expires_at > now()
        and not exists (select 1 from stations t where t.id = s.station and t.real_revoked_at is not null))`.as(
        'signed_in',
      ),
      sql<Date | null>`(select max(l.until) from leases l where l.agent = accounts.account and l.ended_at is null)`.as(
        'leased_until',
      ),
    ])
    .where('accounts.team', '=', team)
    .where('accounts.role', '=', 'agent')
    .where('accounts.locked', '=', false)
    .orderBy('accounts.account')
    .execute();
  const present = rows.map((row) => ({
    row,
    presence: row.body === null ? undefined : presenceSchema.safeParse(JSON.parse(row.body)).data,
  }));
  const names = await respondentsOf(
    bank,
    present.flatMap(({ presence }) => presence?.caseId ?? []),
    team,
  );
  return present.map(({ row, presence }) => ({
    account: row.account,
    name: row.name,
    signedIn: row.signed_in,
    state: presence?.state ?? null,
    breakReason: presence?.breakReason ?? null,
    since: presence?.since ?? null,
    respondent: presence?.caseId === undefined ? null : (names.get(presence.caseId) ?? null),
    step: presence?.step ?? null,
    unsent: presence?.unsent ?? 0,
    oldestUnsentAt: presence?.oldestUnsentAt ?? null,
    lastHeardAt: row.heard_at?.toISOString() ?? null,
    connected: row.heard_at !== null && now.getTime() - row.heard_at.getTime() <= 3 * heartbeatSeconds * 1000,
    leasedUntil: row.leased_until?.toISOString() ?? null,
  }));
}

/** Who needs a look comes first: an exception of today, entries that wait, a station that fell silent. */
function exceptionsFirst(agents: readonly AgentRow[], withException: ReadonlySet<string>): AgentRow[] {
  const rank = (agent: AgentRow) => {
    if (agent.signedIn && !agent.connected && agent.unsent > 0) return 0;
    if (withException.has(agent.account)) return 1;
    if (agent.signedIn && (!agent.connected || agent.unsent > 0)) return 2;
    return agent.signedIn ? 3 : 4;
  };
  return [...agents].sort((a, b) => rank(a) - rank(b) || a.account.localeCompare(b.account));
}

type AttemptRow = { started_at: Date; call_result: string | null };

/**
 * The team's calls of a day: 接通率 = 接通 ÷ 外呼. Neither what came in nor a call that never reached a network is one of them, and one that asked
 * about several employees is one.
 */
async function attemptsOf(bank: Bank, team: string, from: Date, to: Date): Promise<AttemptRow[]> {
  const attempts = await bank.database
    .selectFrom('attempts')
    .select(['started_at', 'call_result'])
    .where('team', '=', team)
    .where('direction', '=', 'out')
    .where('continues', 'is', null)
    .where('started_at', '>=', from)
    .where('started_at', '<', to)
    .execute();
  // One that is still open counts, as a newer station's result does.
  return attempts.filter(({ call_result }) =>
    countsAgainstCaps({ direction: 'out', callResult: call_result ?? 'INTERRUPTED' }),
  );
}

async function todayOf(
  bank: Bank,
  team: string,
  from: Date,
  to: Date,
  attempts: readonly AttemptRow[],
): Promise<Board['today']> {
  const byDisposition = await bank.database
    .selectFrom('dispositions')
    .select(['code', sql<number>`count(*)::int`.as('count')])
    .where('team', '=', team)
    .where('at', '>=', from)
    .where('at', '<', to)
    .where('standing', '=', true)
    .where('code', 'is not', null)
    .groupBy('code')
    .execute();
  const finished = await bank.database
    .selectFrom('dispositions')
    .innerJoin('cases', 'cases.id', 'dispositions.case_id')
    .select([
      sql<number>`count(distinct cases.id)::int`.as('finished'),
      sql<number>`count(distinct cases.id) filter (where dispositions.at <= cases.deadline)::int`.as('on_time'),
    ])
    .where('dispositions.team', '=', team)
    .where('dispositions.at', '>=', from)
    .where('dispositions.at', '<', to)
    .where('dispositions.standing', '=', true)
    .where('dispositions.finishes', '=', true)
    .executeTakeFirstOrThrow();
  const byCallResult: Record<string, number> = {};
  for (const { call_result } of attempts)
    if (call_result !== null) byCallResult[call_result] = (byCallResult[call_result] ?? 0) + 1;
  return {
    attempts: attempts.length,
    answered: attempts.filter(isAnswered).length,
    finished: finished.finished,
    byDisposition: Object.fromEntries(byDisposition.map((row) => [row.code ?? '', row.count])),
    byCallResult,
    onTime: finished.on_time,
  };
}

const isAnswered = (attempt: AttemptRow) => attempt.call_result === 'ANSWERED';

/** Half hours from 08:00 until now; what happened earlier stands in the first. */
function trendOf(attempts: readonly AttemptRow[], now: Date): Board['trend'] {
  const last = Math.max(0, Math.floor((minuteOfDay(now) - trendBegins) / halfHour));
  const trend = Array.from({ length: last + 1 }, (_, index) => ({
    at: clockText(trendBegins + index * halfHour),
    attempts: 0,
    answered: 0,
  }));
  for (const attempt of attempts) {
    const index = Math.floor((minuteOfDay(attempt.started_at) - trendBegins) / halfHour);
    const slot = trend[Math.min(last, Math.max(0, index))];
    if (slot === undefined) continue;
    slot.attempts += 1;
    if (isAnswered(attempt)) slot.answered += 1;
  }
  return trend;
}

async function resultsOf(bank: Bank, team: string, from: Date, to: Date): Promise<Board['results']> {
  const rows = await bank.database
    .selectFrom('dispositions')
    .select(['at', 'case_id', 'agent', 'call_result', 'code', 'sub'])
    .where('team', '=', team)
    .where('at', '>=', from)
    .where('at', '<', to)
    .where('standing', '=', true)
    .where('case_id', 'is not', null)
    .orderBy('at', 'desc')
    .orderBy('journal')
    .orderBy('seq', 'desc')
    .limit(resultsShown)
    .execute();
  const names = await respondentsOf(
    bank,
    rows.flatMap((row) => row.case_id ?? []),
    team,
  );
  return rows.map((row) => ({
    at: row.at.toISOString(),
    caseId: row.case_id ?? '',
    respondent: names.get(row.case_id ?? '') ?? '**',
    agent: row.agent,
    callResult: row.call_result,
    disposition: row.code,
    sub: row.sub,
  }));
}
