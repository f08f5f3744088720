/**
 * The second person (第二人) who decides about a number: proves who they are at the agent's station, and gets no session.
 */
import { type SecondPerson, secondPersonRequestSchema, secondPersonSchema } from '#shared/server/api.ts';
import type { Bank } from '../bank.ts';
import type { Api } from '../http/api.ts';
import { personOf, type SignedIn } from '../http/guard.ts';
import { Refusal } from '../http/refusal.ts';
import { provePassword } from './sessions.ts';

const mayConfirm: readonly string[] = ['agent', 'lead'];
const auditedFor = (agent: string) => `second person for ${agent}`;

/** A decision is good for the call it was asked for; a station's clock may be off by some of it (ms). */
const goodForMs = 12 * 3_600_000;

/**
 * Throws SAME_PERSON, NOT_OF_TEAM (another team, or neither agent nor lead), and what a sign-in throws. The team is told only
 * to who has the password, so that nobody learns here which accounts exist.
 */
async function confirm(
  bank: Bank,
  agent: SignedIn,
  attempt: { account: string; password: string; address: string },
): Promise<SecondPerson> {
  if (attempt.account === agent.account) throw new Refusal('SAME_PERSON');
  const { account, name, role, team } = await provePassword(bank, attempt);
  if (team !== agent.team || !mayConfirm.includes(role)) throw new Refusal('NOT_OF_TEAM');
  await bank.database
    .insertInto('audit')
    .values({ at: bank.clock.now(), what: auditedFor(agent.account), account, station: agent.station })
    .execute();
  return { account, name };
}

/** Whether `account` proved to be there for this agent at this station, around `at` (12 hours either way). */
export async function secondPersonFor(
  database: Pick<Bank['database'], 'selectFrom'>,
  asked: { agent: string; station: string; at: Date },
  account: string,
): Promise<boolean> {
  const row = await database
    .selectFrom('audit')
    .select('id')
    .where('what', '=', auditedFor(asked.agent))
    .where('account', '=', account)
    .where('station', '=', asked.station)
    .where('at', '>', new Date(asked.at.getTime() - goodForMs))
    .where('at', '<', new Date(asked.at.getTime() + goodForMs))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export function secondPersonRoutes(app: Api, bank: Bank): void {
  app.post(
    '/second-person',
    {
      config: { who: ['agent'] },
      schema: { body: secondPersonRequestSchema, response: { 200: secondPersonSchema } },
    },
    (request) => confirm(bank, personOf(request), { ...request.body, address: request.ip }),
  );
}
