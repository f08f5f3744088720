/**
 * The account of the line is kept good while a shift runs: a password that ends is fetched anew from the bank server before it does, and one
 * that the registrar refuses is asked for at once. What is new is used at the next REGISTER; socket, binding and calls stay. Beside that the
 * account is read every quarter of an hour, for the credentials of a TURN server may last no longer than that; they are used from the next call on.
 *
 *    far from its end ──(at 3/4 of its time, at the latest 15 min before)──► due ──► asked for ──► another one: used, and told to the line
 *    refused by the registrar ───────────────────────────────────────────► due         └──► the same, or nobody answers: again, backing off
 *
 * Assumption: only what a running line can change changes here. Another user, domain or list of proxies takes effect at the next sign-in, and
 * so does the password of another user.
 */
import { Problem } from '#shared/problem.ts';
import type { LineAccount } from '../phone/phone.ts';
import { backOffMs, createSleeper, type Fraction, type Wait } from '../sync/timing.ts';

export type LineAccountParts = {
  account: LineAccount;
  /** The account as the bank has it now; null: none any more. Rejects while the bank cannot be asked. */
  read: () => Promise<LineAccount | null>;
  /** Takes another password, and when it ends. */
  use: (account: LineAccount) => void;
  /** Takes other servers for the voice. */
  takeVoice: (account: LineAccount) => void;
  /** Whether the registrar refuses us now. */
  refused: () => boolean;
  /** Milliseconds since the epoch, as the server counts them. */
  now: () => number;
  wait: Wait;
  fraction: Fraction;
  onProblem: (problem: unknown) => void;
};

/** A password is renewed this long (ms) before its end, or when a quarter of its time is left. */
const mostAheadMs = 15 * 60_000;
/** Read again at the latest after this (ms), whatever its end; with jitter down to the half. */
const refreshMs = 15 * 60_000;
/** Looked at again at the latest after this (ms): the computer may have slept. */
const lookMs = 30_000;

const changed = new Problem('LINE_CHANGED', 'input', {
  zh: '管理员更改了本终端的话机（账号或服务器），重新签入后生效。',
  en: 'Your administrator changed this station’s line (its account or servers). It takes effect when you sign in again.',
});

/** `look`: asks now whether something is due (after a refusal, after the connection came back). */
export function keepLineAccount(parts: LineAccountParts): { look: () => void; stop: () => void } {
  const controller = new AbortController();
  const { signal } = controller;
  const sleeper = createSleeper(parts.wait);
  let { account } = parts;
  let toldChange = false;

  const renewalAt = (of: LineAccount): number => {
    if (of.expiresAt === null) return Number.POSITIVE_INFINITY;
    const end = Date.parse(of.expiresAt);
    return end - Math.min(mostAheadMs, Math.max(0, end - parts.now()) / 4);
  };
  let due = renewalAt(account);
  let refreshAt = 0;
  const refreshLater = () => {
    refreshAt = parts.now() + refreshMs * (0.5 + 0.5 * parts.fraction());
  };
  refreshLater();
  const differ = (one: LineAccount, other: LineAccount, keys: readonly (keyof LineAccount)[]) =>
    keys.some((key) => JSON.stringify(one[key]) !== JSON.stringify(other[key]));

  /** Whether there was a new password. */
  const renew = async (): Promise<boolean> => {
    refreshLater();
    const fresh = await parts.read().catch(() => null); // the connection says for itself that it is away
    if (!fresh || signal.aborted) return false;
    if (differ(fresh, account, ['user', 'domain', 'proxies'])) {
      if (!toldChange) parts.onProblem(changed);
      toldChange = true;
    }
    if (differ(fresh, account, ['iceServers', 'relayOnly'])) {
      account = { ...account, iceServers: fresh.iceServers, relayOnly: fresh.relayOnly };
      parts.takeVoice(account);
    }
    // The password of another account would be refused for this one, and might lock it.
    if (differ(fresh, account, ['user', 'domain']) || !differ(fresh, account, ['password', 'expiresAt'])) return false;
    account = { ...account, password: fresh.password, expiresAt: fresh.expiresAt };
    due = renewalAt(account);
    parts.use(account);
    return true;
  };

  const keep = async () => {
    let tries = 0;
    while (!signal.aborted) {
      const isDue = parts.refused() || parts.now() >= due;
      if (isDue) tries = (await renew()) ? 0 : tries + 1;
      else {
        tries = 0;
        if (parts.now() >= refreshAt) await renew();
      }
      // Also after one that worked: the line needs a moment to try it before it can say that it is refused, too.
      const pause = isDue ? backOffMs(Math.max(1, tries), parts.fraction) : Math.min(lookMs, due - parts.now());
      await sleeper.sleep(Math.max(0, pause), signal);
    }
  };
  void keep().catch(parts.onProblem);
  return { look: () => sleeper.wake(), stop: () => controller.abort() };
}
