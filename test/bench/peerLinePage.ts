/**
 * Runs in a real browser: sip.js's own keeper of a registration (`Web.SessionManager`, on which `SimpleUser` is built) at its best: it reconnects
 * without end, twice a second, registers again, and pings as often as we ask. Says when it noticed that its socket was dead.
 */
import { Web } from 'sip.js';

type Account = { url: string; domain: string; user: string; password: string; pingSeconds: number };

let noticedAt: number | null = null;

export const peerLine = {
  async start({ url, domain, user, password, pingSeconds }: Account): Promise<void> {
    const manager = new Web.SessionManager(url, {
      aor: `sip:${user}@${domain}`,
      reconnectionAttempts: 100_000,
      reconnectionDelay: 0.5,
      optionsPingInterval: pingSeconds,
      registrationRetry: true,
      registrationRetryInterval: 0.1, // longer ones also delay the REGISTER after a reconnection
      registererOptions: { expires: 300 },
      delegate: {
        onServerDisconnect: () => {
          noticedAt ??= performance.now();
        },
      },
      userAgentOptions: {
        authorizationUsername: user,
        authorizationPassword: password,
        logBuiltinEnabled: false,
      },
    });
    await manager.connect();
    await manager.register();
  },
  now: (): number => performance.now(),
  forgetNotice(): void {
    noticedAt = null;
  },
  /** By this page's clock, ms; null: nothing was noticed yet. */
  noticedAt: () => noticedAt,
};
export type PeerLinePage = typeof peerLine;
Object.assign(window, { peerLine });
