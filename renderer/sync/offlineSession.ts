/**
 * Signing in without the bank (shell only): whoever signed in online at this station may sign in again here with the same password until
 * the `offlineUntil` of the server's grant.
 *
 * Kept, sealed under the data key: person, grant, a random salt and the argon2id hash of the password. Never the password. Wrong tries
 * are counted over restarts, after five each further one waits (`pinWaitSeconds`).
 */
import { z } from 'zod';
import { fromBase64, toBase64 } from '#shared/base64.ts';
import { instantSchema } from '#shared/case/case.ts';
import type { Clock } from '#shared/clock.ts';
import { Problem } from '#shared/problem.ts';
import { type Person, personSchema, type Session } from '#shared/server/api.ts';
import { readSealedState, type StationDatabase } from '../journal/database.ts';
import { pinWaitSeconds } from '../journal/dataKey.ts';
import type { RandomSource } from '../journal/random.ts';
import { open, seal } from '../journal/seal.ts';
import { type DerivationCost, deriveBytes, secretCost } from '../journal/secretDerivation.ts';

const costSchema = z.strictObject({ m: z.number().int(), t: z.number().int(), p: z.number().int() });
const keptSchema = z.array(
  z.strictObject({
    person: personSchema,
    grant: z.string(),
    keptAt: instantSchema,
    offlineUntil: instantSchema,
    salt: z.string(),
    hash: z.string(),
    cost: costSchema,
    wrongTries: z.number().int().nonnegative(),
    waitUntil: z.number(),
  }),
);
type Kept = z.infer<typeof keptSchema>;

export type OfflineGrant = { person: Person; grant: string; offlineUntil: string };

export type OfflineSession = {
  /** After an online sign-in; does nothing when the server gave no grant. */
  keep(session: Session, password: string): Promise<void>;
  /** Rejects with OFFLINE_UNKNOWN, OFFLINE_ENDED, WRONG_PASSWORD or OFFLINE_WAIT. */
  signIn(account: string, password: string): Promise<OfflineGrant>;
  forget(account: string): Promise<void>;
};

const problems = {
  unknown: () =>
    new Problem('OFFLINE_UNKNOWN', 'access', {
      zh: '这台终端上没有您的离线签入资格。请连上银行后台后签入一次。',
      en: 'You cannot sign in offline at this station yet. Sign in once while the bank server can be reached.',
    }),
  ended: () =>
    new Problem('OFFLINE_ENDED', 'access', {
      zh: '离线签入的期限已过，请连上银行后台后重新签入。本机记录不受影响。',
      en: 'The time for signing in offline is over. Sign in while the bank server can be reached; records here are not affected.',
    }),
  wrong: () =>
    new Problem('WRONG_PASSWORD', 'input', {
      zh: '密码不正确。离线时请用上次联网签入的密码。',
      en: 'Wrong password. Offline, use the password of your last sign-in with connection.',
    }),
  wait: (seconds: number) =>
    new Problem('OFFLINE_WAIT', 'access', {
      zh: `错误次数过多，请 ${seconds} 秒后再试。`,
      en: `Too many wrong tries: try again in ${seconds} seconds.`,
    }),
} as const;

const binding = 'offlineSession';
const mostAgents = 20;
const freeTries = 5;
/** pinWaitSeconds begins after ten. */
const earlier = 10 - freeTries;
/** A clock set back further than this behind the grant's own time is not believed. */
const clockSlackMs = 10 * 60_000;

export type OfflineSessionParts = {
  database: StationDatabase;
  key: CryptoKey;
  clock: Pick<Clock, 'now' | 'wallNow'>;
  random: RandomSource;
  cost?: DerivationCost;
};

export function createOfflineSession(parts: OfflineSessionParts): OfflineSession {
  const { database, key, clock, random, cost = secretCost } = parts;

  const read = async (): Promise<Kept> => {
    const sealed = await readSealedState(database, 'offlineSession');
    return sealed === undefined ? [] : keptSchema.parse(JSON.parse(await open(key, sealed, binding)));
  };
  const write = async (kept: Kept): Promise<void> => {
    await database.state.put({ name: 'offlineSession', sealed: await seal(key, JSON.stringify(kept), binding) });
  };
  const others = async (account: string) => (await read()).filter(({ person }) => person.account !== account);

  return {
    async keep({ person, grant, offlineUntil, serverTime }, password) {
      if (grant === undefined || offlineUntil === undefined) return;
      const salt = random.bytes(16);
      const hash = toBase64(await deriveBytes(password, salt, cost));
      const kept = { person, grant, offlineUntil, keptAt: serverTime, salt: toBase64(salt), hash, cost };
      await write([...(await others(person.account)), { ...kept, wrongTries: 0, waitUntil: 0 }].slice(-mostAgents));
    },
    async signIn(account, password) {
      const kept = (await read()).find(({ person }) => person.account === account);
      if (kept === undefined) throw problems.unknown();
      const now = clock.now();
      if (now >= Date.parse(kept.offlineUntil) || now < Date.parse(kept.keptAt) - clockSlackMs) throw problems.ended();
      const wait = Math.ceil((kept.waitUntil - clock.wallNow()) / 1_000);
      if (wait > 0) throw problems.wait(wait);
      const wrongTries = kept.wrongTries + 1;
      const waitUntil = clock.wallNow() + pinWaitSeconds(wrongTries + earlier) * 1_000;
      await write([...(await others(account)), { ...kept, wrongTries, waitUntil }]);
      const hash = toBase64(await deriveBytes(password, fromBase64(kept.salt), kept.cost));
      if (hash !== kept.hash) throw problems.wrong();
      await write([...(await others(account)), { ...kept, wrongTries: 0, waitUntil: 0 }]);
      const { person, grant, offlineUntil } = kept;
      return { person, grant, offlineUntil };
    },
    forget: async (account) => write(await others(account)),
  };
}
