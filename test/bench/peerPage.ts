/**
 * Runs in a real browser: sip.js `SimpleUser` at its best. No ICE server to wait for, no log, and the microphone held open all the time,
 * so that `getUserMedia` has no device to start.
 */
import { Web } from 'sip.js';

type Account = { url: string; domain: string; user: string; password: string };

let inviteAt: number | null = null;
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (data) {
  if (inviteAt === null && typeof data === 'string' && data.startsWith('INVITE ')) inviteAt = performance.now();
  send.call(this, data);
};

let user: Web.SimpleUser | undefined;
let domain = '';
let hungUp: () => void = () => undefined;

export const peer = {
  async start(account: Account): Promise<void> {
    await navigator.mediaDevices.getUserMedia({ audio: true });
    domain = account.domain;
    user = new Web.SimpleUser(account.url, {
      aor: `sip:${account.user}@${account.domain}`,
      media: { constraints: { audio: true, video: false }, remote: { audio: new Audio() } },
      delegate: { onCallHangup: () => hungUp() },
      userAgentOptions: {
        authorizationUsername: account.user,
        authorizationPassword: account.password,
        logBuiltinEnabled: false,
        sessionDescriptionHandlerFactoryOptions: { peerConnectionConfiguration: { iceServers: [] } },
      },
    });
    await user.connect();
    await user.register();
  },
  async dial(number: string): Promise<number> {
    if (user === undefined) throw new Error('not started');
    const over = new Promise<void>((resolve) => {
      hungUp = resolve;
    });
    inviteAt = null;
    const began = performance.now();
    await user.call(`sip:${number}@${domain}`);
    if (inviteAt === null) throw new Error('call() is done and no INVITE was sent');
    const taken = inviteAt - began;
    await user.hangup();
    await over;
    return taken;
  },
};
export type PeerPage = typeof peer;
Object.assign(window, { peer });
