/**
 * Runs in a real browser: our phone without its workstation, sip.js `SimpleUser` and JsSIP 3.13, each at its best: no ICE server to wait
 * for unless told, no log, and the microphone held open all the time, so that `getUserMedia` has no device to start. All are measured alike,
 * at the WebSocket and at the peer connection, wherever the library believes itself to be.
 */
import JsSIP from 'jssip';
import { Web } from 'sip.js';
import { createActor } from 'xstate';
import { lineMachine, lineState } from '../../renderer/line/lineMachine.ts';
import type { Call } from '../../renderer/phone/phone.ts';
import { browserParts, createSipPhone } from '../../renderer/phone/sipPhone.ts';
import { createStationAudio } from '../../renderer/phone/stationAudio.ts';

export type PeerName = 'huifang' | 'sip.js' | 'JsSIP';
export type PeerAccount = { url: string; domain: string; user: string; password: string; stun?: string };
/** Milliseconds from the call of the library's dial function; answerToAudio from the 200 on the wire to the first packet of audio. */
export type PeerTimes = { invite: number; firstAudio: number | null; answerToAudio: number | null };

type Peer = { dial(number: string): void; hangUp(): void };

let inviteAt: number | null = null;
let answerAt: number | null = null;
const connections: RTCPeerConnection[] = [];
let finals = 0;
/** The far side heard of the call: a library that cancels before the answer to its challenge forgets that it did, and rings on. */
let noticed = false;

window.WebSocket = class extends WebSocket {
  constructor(url: string | URL, protocols?: string | string[]) {
    super(url, protocols);
    this.addEventListener('message', ({ data }) => {
      const status = typeof data === 'string' && /^SIP\/2\.0 (\d{3})/.exec(data)?.[1];
      if (!status || !/^CSeq: \d+ INVITE/im.test(data)) return;
      if (!['100', '401', '407'].includes(status)) noticed = true;
      if (status === '200') answerAt ??= performance.now();
      if (status >= '300' && status !== '407' && status !== '401') finals += 1;
    });
  }
  override send(data: string) {
    if (inviteAt === null && data.startsWith('INVITE ')) inviteAt = performance.now();
    super.send(data);
  }
};
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    connections.push(this);
  }
};

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
async function until(what: string, done: () => boolean | Promise<boolean>, milliseconds: number): Promise<void> {
  const limit = performance.now() + milliseconds;
  while (!(await done())) {
    if (performance.now() > limit) throw new Error(`${what}: not within ${milliseconds} ms`);
    await pause(2);
  }
}

/** The far side sends a packet so often, ms. */
const packetEvery = 20;

/**
 * When the first packet of audio came, by this page's clock; null: none yet. A browser gives the same report again for 50 ms, so when a packet is
 * first seen in one says little: the report's own time of the last packet counts, less the packets before it.
 */
async function firstPacketAt(): Promise<number | null> {
  for (const connection of connections) {
    if (connection.connectionState === 'closed' || !connection.remoteDescription) continue;
    for (const report of (await connection.getStats()).values())
      if (report.type === 'inbound-rtp' && report.packetsReceived > 0)
        return report.lastPacketReceivedTimestamp - performance.timeOrigin - (report.packetsReceived - 1) * packetEvery;
  }
  return null;
}

const iceServers = ({ stun }: PeerAccount) => (stun === undefined ? [] : [{ urls: stun }]);

async function huifang(account: PeerAccount): Promise<Peer> {
  const { url, domain, user, password } = account;
  const audio = createStationAudio(navigator.mediaDevices);
  const phone = createSipPhone(
    { proxies: [url], domain, user, password, expiresAt: null, iceServers: iceServers(account) },
    browserParts(audio),
  );
  const line = createActor(lineMachine, {
    input: { driver: phone.line, proxies: [url], now: () => Date.now(), random: () => Math.random() },
  });
  line.start();
  line.send({ type: 'line.signIn' });
  await until('our registration', () => lineState(line.getSnapshot().value) === 'REGISTERED', 20_000);
  await phone.prepare();
  let call: Call | undefined;
  const permit = { caseId: 'HF-1', contact: 'c', source: 'APPLICATION_FORM', check: 'TWO_SOURCES' } as const;
  const rest = { attemptNumber: 1, hoursRule: 'bench', permittedAt: '2026-03-02T09:30:00+08:00', demo: true };
  return {
    dial(number) {
      call = phone.dial({ ...permit, ...rest, number }, crypto.randomUUID());
    },
    hangUp: () => call?.hangUp(),
  };
}

async function sipJs(account: PeerAccount): Promise<Peer> {
  const { url, domain, user, password } = account;
  const simple = new Web.SimpleUser(url, {
    aor: `sip:${user}@${domain}`,
    media: { constraints: { audio: true, video: false }, remote: { audio: new Audio() } },
    userAgentOptions: {
      authorizationUsername: user,
      authorizationPassword: password,
      logBuiltinEnabled: false,
      sessionDescriptionHandlerFactoryOptions: { peerConnectionConfiguration: { iceServers: iceServers(account) } },
    },
  });
  await simple.connect();
  await simple.register();
  return {
    dial: (number) => void simple.call(`sip:${number}@${domain}`, { earlyMedia: true }),
    hangUp: () => void simple.hangup().catch(() => undefined), // over already
  };
}

async function jsSip(account: PeerAccount): Promise<Peer> {
  const { url, domain, user, password } = account;
  JsSIP.debug.disable();
  const mediaStream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const agent = new JsSIP.UA({
    ...{ sockets: [new JsSIP.WebSocketInterface(url)], uri: `sip:${user}@${domain}`, password, session_timers: false },
  });
  const registered = new Promise((resolve) => agent.on('registered', resolve));
  agent.start();
  await registered;
  return {
    dial: (number) =>
      void agent.call(`sip:${number}@${domain}`, { mediaStream, pcConfig: { iceServers: iceServers(account) } }),
    hangUp: () => agent.terminateSessions(),
  };
}

const makers: Record<PeerName, (account: PeerAccount) => Promise<Peer>> = { huifang, 'sip.js': sipJs, JsSIP: jsSip };
const made = new Map<PeerName, Peer>();

export const peer = {
  async start(name: PeerName, account: PeerAccount): Promise<void> {
    await navigator.mediaDevices.getUserMedia({ audio: true });
    made.set(name, await makers[name](account));
  },
  /** `wait`: what the call is for; it is ended afterwards. */
  async dial(name: PeerName, number: string, wait: 'invite' | 'audio' = 'invite'): Promise<PeerTimes> {
    const one = made.get(name);
    if (one === undefined) throw new Error(`${name} has not started`);
    inviteAt = answerAt = null;
    finals = 0;
    noticed = false;
    const began = performance.now();
    one.dial(number);
    await until('an INVITE', () => inviteAt !== null, 60_000);
    let audioAt: number | null = null;
    if (wait === 'audio') {
      const isHeard = async () => {
        audioAt = await firstPacketAt();
        return audioAt !== null;
      };
      await until('audio', isHeard, 20_000);
    }
    await until('a word of the far side', () => noticed, 20_000);
    const answered: number | null = answerAt; // what hanging up brings is not counted
    if (finals === 0) one.hangUp();
    await until('the end', () => finals > 0 || answered !== null, 20_000);
    await until(
      'the end of media',
      () => connections.every((c) => c.connectionState === 'closed' || !c.remoteDescription),
      20_000,
    );
    return {
      invite: (inviteAt ?? Number.NaN) - began,
      firstAudio: audioAt === null ? null : audioAt - began,
      answerToAudio: audioAt === null || answered === null ? null : audioAt - answered,
    };
  },
};
export type PeerPage = typeof peer;
Object.assign(window, { peer });
