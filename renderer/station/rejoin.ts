/**
 * A person at work without a session at the bank server (signed in offline, or the session ended during a call) gets one again:
 *
 *    connected, no session ──the kept refresh token──► session of the same person ──► leases, directives and presence go on
 *                                    │ none, over, or somebody else's
 *                                    └──► the lock screen asks for the password, once no call is up
 *
 * Assumption: looked at after every change; so nothing is waited for here but the one request.
 */
import { Problem } from '#shared/problem.ts';
import type { BankSession } from '../sync/bankSession.ts';

export type RejoinParts = {
  session: Pick<BankSession, 'current' | 'resume' | 'signOut'>;
  station: () => string | undefined;
  /** Who is at work here; null: nobody, or the screen is locked already (unlocking signs in). */
  account: () => string | null;
  connected: () => boolean;
  callIsUp: () => boolean;
  resumed: () => void;
  /** Ask for the password. */
  ask: () => void;
};

export type Rejoin = {
  /** The server ended the session: its token is of no use any more. */
  ended(): void;
  /** Does what can be done now. */
  look(): void;
};

export function createRejoin({ session, station, account, connected, callIsUp, resumed, ask }: RejoinParts): Rejoin {
  let asking = false;
  /** Whose kept token was tried in vain: once is enough. */
  let inVain: string | null = null;

  const hasSession = async (who: string): Promise<boolean> => {
    const kept = await session.resume(station());
    if (kept === null || kept.person.account === who) return kept !== null;
    await session.signOut(); // whoever was here before
    return false;
  };

  const resume = async (who: string): Promise<void> => {
    try {
      if (await hasSession(who)) resumed();
      else inVain = who;
    } catch (error) {
      // Away again: tried anew with the next connection, which `connected` knows of. Anything else will not be better then.
      if (!(error instanceof Problem) || error.category !== 'network') inVain = who;
    }
  };

  const look = (): void => {
    if (session.current() !== null) {
      inVain = null;
      return;
    }
    const who = account();
    if (who === null || asking || !connected()) return;
    if (inVain === who) {
      if (!callIsUp()) ask();
      return;
    }
    asking = true;
    void resume(who).finally(() => {
      asking = false;
      look();
    });
  };

  return {
    ended() {
      inVain = account();
      look();
    },
    look,
  };
}
