/**
 * The account of the line is kept good while a shift runs: a password that ends is fetched anew from the bank server before it does, and one
 * that the registrar refuses is asked for at once. What is new is used at the next REGISTER; socket, binding and calls stay.
 *
 *    far from its end ──(at 3/4 of its time, at the latest 15 min before)──► due ──► asked for ──► another one: used, and told to the line
 *    refused by the registrar ───────────────────────────────────────────► due         └──► the same, or nobody answers: again, backing off
 *
 * Assumption: only what a running line can change changes here. Another user, domain or list of proxies takes effect at the next sign-in.
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

  const renew = async (): Promise<boolean> => {
    const fresh = await parts.read().catch(() => null); // the connection says for itself that it is away
    if (!fresh || signal.aborted) return false;
    const same = (one: LineAccount) => JSON.stringify([one.user, one.domain, one.proxies]);
    if (same(fresh) !== same(account)) {
      if (!toldChange) parts.onProblem(changed);
      toldChange = true;
      return false;
    }
    if (fresh.password === account.password && fresh.expiresAt === account.expiresAt) return false;
    account = fresh;
    due = renewalAt(fresh);
    parts.use(fresh);
    return true;
  };

  const keep = async () => {
    let tries = 0;
    while (!signal.aborted) {
      const isDue = parts.refused() || parts.now() >= due;
      if (isDue) tries = (await renew()) ? 0 : tries + 1;
      else tries = 0;
      // Also after one that worked: the line needs a moment to try it before it can say that it is refused, too.
      const pause = isDue ? backOffMs(Math.max(1, tries), parts.fraction) : Math.min(lookMs, due - parts.now());
      await sleeper.sleep(Math.max(0, pause), signal);
    }
  };
  void keep().catch(parts.onProblem);
  return { look: () => sleeper.wake(), stop: () => controller.abort() };
}
