/**
 * Sign-in, renewal, sign-out.
 *
 *    sign-in ──► session (the family) ──► refresh token 1 ──used──► 2 ──used──► 3 …
 *       │              ▲                        │
 *       │              │                        ├── used again within 30 s, no successor used yet: the answer was lost;
 *       │              │                        │   one more successor, of which only one may ever be used
 *       │              └── revoked ◄────────────┴── used again otherwise: somebody else has a copy
 *       └──► earlier sessions of the same account at the same station are revoked
 *
 * Limits lie in the database, so they hold however many instances run. Wrong tries only are counted per address: a whole call
 * centre signs in behind one address at nine o'clock.
 */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { type Person, personSchema, type Session } from '#shared/server/api.ts';
import type { Bank } from '../bank.ts';
import type { DatabaseTransaction } from '../database/schema.ts';
import { inTransaction } from '../database/transaction.ts';
import { Refusal } from '../http/refusal.ts';
import { isPassword, wasteTime } from './passwords.ts';
import {
  accessSeconds,
  hashOfSecret,
  makeRefreshToken,
  offlineSeconds,
  refreshSeconds,
  signAccessToken,
  signGrant,
} from './tokens.ts';

export const wrongPasswordsUntilLock = 5;
export const lockMinutes = 5;
export const triesPerMinute = 10;
/** So long after its first use a refresh token may be used again: longer than a request waits, too short to be worth stealing. */
export const lostAnswerSeconds = 30;

type Renewed = Session & { refreshToken: string };

/** The account whose password this is, with the limits of a sign-in. Throws WRONG_PASSWORD, ACCOUNT_LOCKED, TOO_MANY_TRIES. */
export async function provePassword(bank: Bank, attempt: { account: string; password: string; address: string }) {
  const { database } = bank;
  await refuseTooManyTries(bank, attempt.address);
  const account = await database
    .selectFrom('accounts')
    .selectAll()
    .where('account', '=', attempt.account)
    .executeTakeFirst();
  if (account === undefined) {
    await wasteTime(attempt.password);
    await countTry(bank, attempt.address);
    throw new Refusal('WRONG_PASSWORD');
  }
  if (account.locked) throw new Refusal('ACCOUNT_LOCKED');
  if (account.real_locked_until !== null && account.real_locked_until.getTime() > Date.now())
    throw new Refusal('ACCOUNT_LOCKED', (account.real_locked_until.getTime() - Date.now()) / 1000);
  if (!(await isPassword(account.password_hash, attempt.password))) {
    await countTry(bank, attempt.address);
    await database
      .updateTable('accounts')
      .set({
        // After a lock ran out the count begins again.
        wrong_count: sql`case when real_locked_until is not null then 1 else wrong_count + 1 end`,
        real_locked_until: sql`case when real_locked_until is null and wrong_count + 1 >= ${wrongPasswordsUntilLock}
          then now() + make_interval(mins => ${lockMinutes}) else null end`,
      })
      .where('account', '=', account.account)
      .execute();
    throw new Refusal('WRONG_PASSWORD');
  }
  await database
    .updateTable('accounts')
    .set({ wrong_count: 0, real_locked_until: null })
    .where('account', '=', account.account)
    .execute();
  return account;
}

/** Throws WRONG_PASSWORD, ACCOUNT_LOCKED, TOO_MANY_TRIES, STATION_UNKNOWN, STATION_REVOKED, NOT_ALLOWED (station of another team). */
export async function signIn(
  bank: Bank,
  attempt: { account: string; password: string; station?: string | undefined; address: string },
): Promise<Renewed> {
  const { database } = bank;
  const account = await provePassword(bank, attempt);
  if (attempt.station !== undefined) await refuseForeignStation(bank, attempt.station, account.team);
  const session = randomUUID();
  const refresh = makeRefreshToken();
  const now = new Date();
  await inTransaction(database, async (transaction) => {
    await transaction
      .insertInto('sessions')
      .values({
        id: session,
        account: account.account,
        station: attempt.station ?? null,
        real_created_at: now,
        real_expires_at: new Date(now.getTime() + refreshSeconds * 1000),
        real_revoked_at: null,
      })
      .execute();
    await transaction
      .insertInto('refresh_tokens')
      .values({ hash: refresh.hash, session, predecessor: null, real_used_at: null })
      .execute();
    if (attempt.station !== undefined)
      await endOtherSessions(transaction, { session, account: account.account, station: attempt.station });
    await transaction
      .insertInto('audit')
      .values({ at: bank.clock.now(), what: 'signed in', account: account.account, station: attempt.station ?? null })
      .execute();
  });
  return answer(bank, personOfRow(account), session, refresh.token, attempt.station);
}

/**
 * The next pair of tokens. Throws NOT_SIGNED_IN, STATION_UNKNOWN, STATION_REVOKED, NOT_ALLOWED; after a refusal for the station the
 * token is as good as before. A token used before ends the whole session, unless its answer can have been lost.
 */
export async function refresh(bank: Bank, token: string, station: string | undefined): Promise<Renewed> {
  const hash = hashOfSecret(token);
  const renewed = await inTransaction(bank.database, async (transaction) => {
    const session = await lockedSessionOf(transaction, hash);
    if (session === undefined) return undefined;
    if (!(await takeToken(transaction, hash))) {
      // Not thrown: the end of the session has to be committed.
      await transaction
        .updateTable('sessions')
        .set({ real_revoked_at: new Date() })
        .where('id', '=', session.id)
        .where('real_revoked_at', 'is', null)
        .execute();
      return undefined;
    }
    const row = await transaction
      .selectFrom('sessions')
      .innerJoin('accounts', 'accounts.account', 'sessions.account')
      .selectAll('accounts')
      .where('sessions.id', '=', session.id)
      .where('sessions.real_revoked_at', 'is', null)
      .where('sessions.real_expires_at', '>', new Date())
      .where('accounts.locked', '=', false)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const named = station ?? session.station ?? undefined;
    if (named !== undefined) await refuseForeignStation({ database: transaction }, named, row.team);
    const next = makeRefreshToken();
    await transaction
      .insertInto('refresh_tokens')
      .values({ hash: next.hash, session: session.id, predecessor: hash, real_used_at: null })
      .execute();
    if (named !== undefined && named !== session.station) {
      await transaction.updateTable('sessions').set({ station: named }).where('id', '=', session.id).execute();
      await endOtherSessions(transaction, { session: session.id, account: row.account, station: named });
    }
    return { person: personOfRow(row), session: session.id, token: next.token, station: named };
  });
  if (renewed === undefined) throw new Refusal('NOT_SIGNED_IN');
  return answer(bank, renewed.person, renewed.session, renewed.token, renewed.station);
}

/** The session of a token, locked: two requests with tokens of one session are judged one after the other. */
async function lockedSessionOf(
  transaction: DatabaseTransaction,
  hash: string,
): Promise<{ id: string; station: string | null } | undefined> {
  return transaction
    .selectFrom('sessions')
    .select(['id', 'station'])
    .where('id', 'in', (query) => query.selectFrom('refresh_tokens').select('session').where('hash', '=', hash))
    .forUpdate()
    .executeTakeFirst();
}

/** Marks a token as used; false when it may not be used (any more). */
async function takeToken(transaction: DatabaseTransaction, hash: string): Promise<boolean> {
  const token = await transaction
    .selectFrom('refresh_tokens')
    .select(['predecessor', 'real_used_at'])
    .where('hash', '=', hash)
    .executeTakeFirstOrThrow();
  if (token.real_used_at !== null) {
    const age = Date.now() - token.real_used_at.getTime();
    return age <= lostAnswerSeconds * 1000 && !(await oneWasUsed(transaction, hash));
  }
  // Another answer to the same token arrived and is in use: this one was read by somebody else.
  if (token.predecessor !== null && (await oneWasUsed(transaction, token.predecessor))) return false;
  await transaction.updateTable('refresh_tokens').set({ real_used_at: new Date() }).where('hash', '=', hash).execute();
  return true;
}

async function oneWasUsed(transaction: DatabaseTransaction, predecessor: string): Promise<boolean> {
  const used = await transaction
    .selectFrom('refresh_tokens')
    .select('hash')
    .where('predecessor', '=', predecessor)
    .where('real_used_at', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return used !== undefined;
}

/** A page that was closed never signs out: who signs in again at the same station was in the earlier session too. */
async function endOtherSessions(
  transaction: DatabaseTransaction,
  { session, account, station }: { session: string; account: string; station: string },
): Promise<void> {
  await transaction
    .updateTable('sessions')
    .set({ real_revoked_at: new Date() })
    .where('account', '=', account)
    .where('station', '=', station)
    .where('id', '<>', session)
    .where('real_revoked_at', 'is', null)
    .execute();
}

/** Ends the session a refresh token (used or not) belongs to; an unknown token changes nothing. */
export async function endSessionOf(bank: Bank, token: string): Promise<void> {
  await bank.database
    .updateTable('sessions')
    .set({ real_revoked_at: new Date() })
    .where('real_revoked_at', 'is', null)
    .where('id', 'in', (query) =>
      query.selectFrom('refresh_tokens').select('session').where('hash', '=', hashOfSecret(token)),
    )
    .execute();
}

export async function endSession(bank: Bank, session: string): Promise<void> {
  await bank.database
    .updateTable('sessions')
    .set({ real_revoked_at: new Date() })
    .where('id', '=', session)
    .where('real_revoked_at', 'is', null)
    .execute();
}

function personOfRow(row: { account: string; name: string; role: string; team: string; handling: string }): Person {
  const { account, name, role, team, handling } = row;
  return personSchema.parse({ account, name, role, team, handling });
}

async function answer(
  bank: Bank,
  person: Person,
  session: string,
  refreshToken: string,
  station: string | undefined,
): Promise<Renewed> {
  const now = bank.clock.now();
  const offlineUntil = new Date(now.getTime() + offlineSeconds * 1000).toISOString();
  return {
    person,
    accessToken: await signAccessToken(bank.keys, session, new Date()),
    accessExpiresAt: new Date(now.getTime() + accessSeconds * 1000).toISOString(),
    refreshToken,
    serverTime: now.toISOString(),
    ...(station === undefined
      ? {}
      : { grant: await signGrant(bank.keys, { agent: person.account, station, offlineUntil }), offlineUntil }),
  };
}

/** A station works for one team. Throws STATION_UNKNOWN, STATION_REVOKED, NOT_ALLOWED. */
export async function refuseForeignStation(bank: Pick<Bank, 'database'>, station: string, team: string): Promise<void> {
  const row = await bank.database
    .selectFrom('stations')
    .select(['team', 'real_revoked_at'])
    .where('id', '=', station)
    .executeTakeFirst();
  if (row === undefined) throw new Refusal('STATION_UNKNOWN');
  if (row.real_revoked_at !== null) throw new Refusal('STATION_REVOKED');
  if (row.team !== team) throw new Refusal('NOT_ALLOWED');
}

export async function countTry(bank: Bank, address: string): Promise<void> {
  await bank.database.insertInto('tries').values({ address, real_at: new Date() }).execute();
}

/** Also for enrolment codes: whoever guesses is slowed down. Throws TOO_MANY_TRIES. */
export async function refuseTooManyTries(bank: Bank, address: string): Promise<void> {
  const since = new Date(Date.now() - 60_000);
  await bank.database.deleteFrom('tries').where('real_at', '<', since).execute();
  const { count, oldest } = await bank.database
    .selectFrom('tries')
    .select([sql<number>`count(*)::int`.as('count'), sql<Date | null>`min(real_at)`.as('oldest')])
    .where('address', '=', address)
    .executeTakeFirstOrThrow();
  if (count >= triesPerMinute)
    throw new Refusal('TOO_MANY_TRIES', Math.max(1, 60 - (Date.now() - (oldest?.getTime() ?? 0)) / 1000));
}
