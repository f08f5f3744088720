/**
 * The agent's sign-in at the bank server.
 *
 *    none ──signIn / resume──► signed in ──60 s before the end, or once on a 401──► renewing (one at a time) ──► signed in
 *      ▲                                                                              │ refused: over
 *      └──────────────────────────────── signOut ◄────────────────────────────────────┘ (no connection: stays signed in)
 *
 * The refresh token changes with every use. In the shell it is written to the vault before the new access token is used; without a
 * keyring it lives in memory only. In a browser it is a cookie no script can read.
 */
import type { Bridge } from '#shared/bridge.ts';
import type { Clock } from '#shared/clock.ts';
import { type Session, type SignIn, sessionSchema } from '#shared/server/api.ts';
import { bankProblems, endsSession, refusedByBank } from './bankProblem.ts';
import type { Ask, BankRequest } from './bankRequest.ts';

export type TokenVault = Pick<Bridge, 'host' | 'vaultState' | 'readVault' | 'writeVault' | 'forgetVault'>;

export type BankSession = {
  signIn(request: SignIn): Promise<Session>;
  /** After a restart: a session out of the kept refresh token; null when there is none or it is over. Rejects with a network Problem. */
  resume(station?: string): Promise<Session | null>;
  /** Renews now; one request however many ask. */
  renew(): Promise<Session>;
  /** Ends the session here in any case, at the server when it can be reached. */
  signOut(): Promise<void>;
  current(): Session | null;
  /** Called when the server ended the session; returns the way to stop. */
  onEnded(listener: () => void): () => void;
  /** Sends with the agent's token; renews once when the server does not take it. */
  authorised<T>(request: BankRequest<T>): Promise<T>;
  /** The header for a request that is not of this shape (streams). */
  bearer(): Promise<string>;
};

const renewBeforeMs = 60_000;

export function createBankSession(ask: Ask, vault: TokenVault, clock: Pick<Clock, 'now'>): BankSession {
  let session: Session | null = null;
  let station: string | undefined;
  let inMemory: string | undefined;
  let renewing: Promise<Session> | undefined;
  /** Rises with each sign-in and sign-out: an answer that comes after one of them belongs to nobody. */
  let generation = 0;
  const listeners = new Set<() => void>();

  const usesVault = async () => vault.host === 'shell' && (await vault.vaultState()) === 'keyring';
  const readToken = async () => inMemory ?? ((await usesVault()) ? await vault.readVault('refreshToken') : null);
  const keep = async (next: Session): Promise<Session> => {
    if (next.refreshToken !== undefined) {
      inMemory = next.refreshToken;
      if (await usesVault()) await vault.writeVault('refreshToken', next.refreshToken);
    }
    session = next;
    return next;
  };
  const forget = async () => {
    session = null;
    inMemory = undefined;
    if (await usesVault()) await vault.forgetVault('refreshToken');
  };

  const renewOnce = async (): Promise<Session> => {
    const begun = generation;
    const refreshToken = vault.host === 'browser' ? null : await readToken();
    if (vault.host === 'shell' && refreshToken === null) throw bankProblems.notSignedIn();
    const wish = {
      ...(refreshToken === null ? {} : { refreshToken }),
      ...(station === undefined ? {} : { station }),
    };
    try {
      const next = await ask.value({
        method: 'POST',
        path: '/api/v1/session/refresh',
        text: JSON.stringify(wish),
        answer: sessionSchema,
      });
      if (begun !== generation) throw bankProblems.notSignedIn();
      return await keep(next);
    } catch (error) {
      if (begun !== generation || !endsSession(error)) throw error;
      const wasSignedIn = session !== null;
      await forget();
      if (wasSignedIn) for (const listener of listeners) listener();
      throw error;
    }
  };
  const renew = (): Promise<Session> => {
    renewing ??= renewOnce().finally(() => {
      renewing = undefined;
    });
    return renewing;
  };
  const valid = async (): Promise<Session> => {
    if (session === null) throw bankProblems.notSignedIn();
    return Date.parse(session.accessExpiresAt) - clock.now() < renewBeforeMs ? renew() : session;
  };
  const bearer = async () => `Bearer ${(await valid()).accessToken}`;

  return {
    async signIn(request) {
      const next = await ask.value({
        method: 'POST',
        path: '/api/v1/session',
        text: JSON.stringify(request),
        answer: sessionSchema,
      });
      station = request.station;
      generation += 1;
      return keep(next);
    },
    async resume(atStation) {
      station = atStation;
      try {
        return await renew();
      } catch (error) {
        if (endsSession(error)) return null;
        throw error;
      }
    },
    renew,
    async signOut() {
      const ended = session;
      generation += 1;
      await forget();
      if (ended === null) return;
      const headers = { authorization: `Bearer ${ended.accessToken}` };
      // The session is over here whatever the server says; its token runs out by itself.
      await ask.value({ method: 'DELETE', path: '/api/v1/session', headers, answer: null }).catch(() => undefined);
    },
    current: () => session,
    onEnded(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async authorised(request) {
      const withToken = async () => ({ ...request, headers: { ...request.headers, authorization: await bearer() } });
      const first = await ask.reply(await withToken());
      if (first.ok) return first.value;
      // A second person's wrong password is 401 too: sent again, it would count twice.
      if (first.status !== 401 || first.failure.code === 'WRONG_PASSWORD') throw refusedByBank(first.failure);
      await renew();
      return ask.value(await withToken());
    },
    bearer,
  };
}
