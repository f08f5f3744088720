/**
 * Runs in a real browser: who else keeps a registration, each at its best. sip.js's own keeper (`Web.SessionManager`, on which `SimpleUser` is
 * built) reconnects without end, at once and then twice a second, registers again, and pings as often as we ask. JsSIP 3.13 reconnects every
 * second, its shortest interval, and has no ping. Each says when it noticed that its socket was dead.
 */
import JsSIP from 'jssip';
import { Web } from 'sip.js';

export type LinePeerName = 'sip.js' | 'JsSIP';
type Account = { url: string; domain: string; user: string; password: string; pingSeconds: number };

const expires = 300;
const noticedAt = new Map<LinePeerName, number>();
const notice = (name: LinePeerName) => {
  if (!noticedAt.has(name)) noticedAt.set(name, performance.now());
};

async function sipJs({ url, domain, user, password, pingSeconds }: Account): Promise<void> {
  const manager = new Web.SessionManager(url, {
    aor: `sip:${user}@${domain}`,
    reconnectionAttempts: 100_000,
    reconnectionDelay: 0.5,
    optionsPingInterval: pingSeconds,
    registrationRetry: true,
    registrationRetryInterval: 0.1, // longer ones also delay the REGISTER after a reconnection
    registererOptions: { expires },
    delegate: { onServerDisconnect: () => notice('sip.js') },
    userAgentOptions: {
      authorizationUsername: user,
      authorizationPassword: password,
      logBuiltinEnabled: false,
    },
  });
  await manager.connect();
  await manager.register();
}

async function jsSip({ url, domain, user, password }: Account): Promise<void> {
  JsSIP.debug.disable();
  const agent = new JsSIP.UA({
    ...{ sockets: [new JsSIP.WebSocketInterface(url)], uri: `sip:${user}@${domain}`, password },
    // Its shortest interval: whole seconds only.
    ...{ register_expires: expires, connection_recovery_min_interval: 1, connection_recovery_max_interval: 1 },
  });
  agent.on('disconnected', () => notice('JsSIP'));
  const registered = new Promise((resolve) => agent.on('registered', resolve));
  agent.start();
  await registered;
}

const starters: Record<LinePeerName, (account: Account) => Promise<void>> = { 'sip.js': sipJs, JsSIP: jsSip };

export const peerLine = {
  start: (name: LinePeerName, account: Account): Promise<void> => starters[name](account),
  forgetNotice: (name: LinePeerName) => void noticedAt.delete(name),
  /** By this page's clock, ms; null: nothing was noticed yet. */
  noticedAt: (name: LinePeerName) => noticedAt.get(name) ?? null,
};
export type PeerLinePage = typeof peerLine;
Object.assign(window, { peerLine });
