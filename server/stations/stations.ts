/** Stations (坐席终端): enrolled once with a code, known by their P-256 key, revoked by an administrator. */
import { constants, createHash, createPrivateKey, privateDecrypt, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { z } from 'zod';
import { type Enrolment, type enrolSchema, type StationProfile, stationProfileSchema } from '#shared/server/api.ts';
import type { Bank } from '../bank.ts';
import type { Database } from '../database/schema.ts';
import { inTransaction } from '../database/transaction.ts';
import { demoInternalNumbers } from '../demo/internalNumbers.ts';
import { Refusal } from '../http/refusal.ts';
import { countTry, refuseTooManyTries } from '../signIn/sessions.ts';
import { hashOfSecret } from '../signIn/tokens.ts';

export const heartbeatSeconds = 5;
/** The practice PBX says back there what it hears. */
const practiceEchoNumber = '9196';

export async function addEnrolmentCode(
  database: Database,
  code: string,
  settings: { team: string; practice: boolean; hours: number },
): Promise<void> {
  await database
    .insertInto('enrolment_codes')
    .values({
      hash: hashOfSecret(code),
      team: settings.team,
      practice: settings.practice,
      real_expires_at: new Date(Date.now() + settings.hours * 3_600_000),
      real_used_at: null,
    })
    // A server started again with the same code: one that was used stays used.
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Throws ENROLMENT_CODE_WRONG, TOO_MANY_TRIES. A code works once, also for two stations at the same moment. */
export async function enrol(bank: Bank, wish: z.infer<typeof enrolSchema>, address: string): Promise<Enrolment> {
  await refuseTooManyTries(bank, address);
  const id = randomUUID();
  const enrolled = await inTransaction(bank.database, async (transaction) => {
    const code = await transaction
      .updateTable('enrolment_codes')
      .set({ real_used_at: new Date() })
      .where('hash', '=', hashOfSecret(wish.code))
      .where('real_used_at', 'is', null)
      .where('real_expires_at', '>', new Date())
      .returning(['team', 'practice'])
      .executeTakeFirst();
    if (code === undefined) return false;
    await transaction
      .insertInto('stations')
      .values({
        id,
        name: wish.name,
        team: code.team,
        public_key: JSON.stringify(wish.publicKey),
        practice: code.practice,
        records: code.practice,
        line: null,
        practice_seat: code.practice
          ? sql<number>`(select coalesce(max(practice_seat) + 1, 0) from stations)` // which of the practice accounts
          : null,
        enrolled_at: bank.clock.now(),
        real_revoked_at: null,
        wrapped_key_hash: null,
        internal_numbers: null,
        call_waiting: null,
      })
      .execute();
    await transaction
      .insertInto('audit')
      .values({ at: bank.clock.now(), what: 'station enrolled', account: null, station: id })
      .execute();
    return true;
  });
  if (!enrolled) {
    await countTry(bank, address);
    throw new Refusal('ENROLMENT_CODE_WRONG');
  }
  const { kty, n, e } = bank.keys.recovery;
  return { station: id, recoveryKey: { kty, n, e } };
}

const {
  line: lineSchema,
  internalNumbers: internalNumbersSchema,
  callWaiting: callWaitingSchema,
} = stationProfileSchema.shape;

/** Colleagues are sent only where there are any: a station of the release before does not know the word. */
function colleaguesOf(row: {
  internal_numbers: string | null;
  call_waiting: string | null;
  practice: boolean;
}): Pick<StationProfile, 'internalNumbers' | 'callWaiting'> {
  const numbers =
    row.internal_numbers === null
      ? row.practice
        ? [...demoInternalNumbers]
        : undefined
      : internalNumbersSchema.parse(JSON.parse(row.internal_numbers));
  const waiting =
    row.call_waiting === null
      ? row.practice
        ? practiceCallWaiting
        : undefined
      : callWaitingSchema.parse(JSON.parse(row.call_waiting));
  return {
    ...(numbers && numbers.length > 0 ? { internalNumbers: numbers } : {}),
    ...(waiting ? { callWaiting: waiting } : {}),
  };
}
/** In practice everything can be tried. */
const practiceCallWaiting = { preview: 'RING', wrapUp: 'RING' } as const;

/** The profile as it is now: a practice station's line is that of the running practice PBX, never stored. */
export async function profileOf(bank: Bank, station: string): Promise<StationProfile> {
  const row = await bank.database.selectFrom('stations').selectAll().where('id', '=', station).executeTakeFirst();
  if (row === undefined) throw new Refusal('STATION_UNKNOWN');
  return {
    station: row.id,
    name: row.name,
    practice: row.practice,
    line: row.practice
      ? practiceLine(bank, row.practice_seat ?? 0)
      : lineSchema.parse(row.line === null ? null : JSON.parse(row.line)),
    records: row.records,
    heartbeatSeconds,
    ...colleaguesOf(row),
  };
}

function practiceLine(bank: Bank, seat: number): StationProfile['line'] {
  if (bank.practice === null) return null;
  const { url, domain, accounts } = bank.practice;
  const account = accounts[seat % Math.max(1, accounts.length)];
  if (account === undefined) return null;
  return { proxies: [url], domain, ...account, expiresAt: null, iceServers: [], echoNumber: practiceEchoNumber };
}

/**
 * Opens a station's own data key, wrapped with the recovery key; opened and refused, both stand in the audit log. The first wrapped key
 * a station brings is its own from then on; another one, or one of another working station (out of an export, say), is refused.
 * Whoever enrols again after its station was revoked brings the key it had. Throws BAD_REQUEST, NOT_ALLOWED.
 */
export async function unwrapDataKey(bank: Bank, account: string, station: string, wrapped: string): Promise<string> {
  // Opened first: nonsense must not become the station's own key.
  const dataKey = openWithRecoveryKey(bank, wrapped);
  const hash = createHash('sha256').update(Buffer.from(wrapped, 'base64')).digest('hex');
  const own = await inTransaction(bank.database, async (transaction) => {
    const bound = await transaction
      .updateTable('stations')
      .set({ wrapped_key_hash: hash })
      .where('id', '=', station)
      .where((where) => where.or([where('wrapped_key_hash', 'is', null), where('wrapped_key_hash', '=', hash)]))
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('stations as other')
              .select('other.id')
              .where('other.wrapped_key_hash', '=', hash)
              .where('other.id', '<>', station)
              .where('other.real_revoked_at', 'is', null),
          ),
        ),
      )
      .returning('id')
      .executeTakeFirst();
    await transaction
      .insertInto('audit')
      .values({
        at: bank.clock.now(),
        what: bound === undefined ? 'data key refused' : 'data key unwrapped',
        account,
        station,
      })
      .execute();
    return bound !== undefined;
  });
  if (!own) throw new Refusal('NOT_ALLOWED');
  return dataKey;
}

export function openWithRecoveryKey(bank: Pick<Bank, 'keys'>, wrapped: string): string {
  try {
    return privateDecrypt(
      {
        key: createPrivateKey({ key: bank.keys.recovery, format: 'jwk' }),
        padding: constants.RSA_PKCS1_OAEP_PADDING,
        oaepHash: 'sha256',
      },
      Buffer.from(wrapped, 'base64'),
    ).toString('base64');
  } catch {
    throw new Refusal('BAD_REQUEST');
  }
}

/** Proxies of all lines: the only places beside us that a page may connect to. */
export async function lineOrigins(bank: Bank): Promise<string[]> {
  const rows = await bank.database
    .selectFrom('stations')
    .select('line')
    .distinct()
    .where('line', 'is not', null)
    .where('real_revoked_at', 'is', null)
    .execute();
  const urls = rows.flatMap((row) => lineSchema.parse(JSON.parse(row.line ?? 'null'))?.proxies ?? []);
  if (bank.practice !== null) urls.push(bank.practice.url);
  return [...new Set(urls.map((url) => new URL(url)).map((url) => `${url.protocol}//${url.host}`))];
}
