/**
 * A registrar gone mad: stands between a station and the practice PBX, and while the storm lasts spoils what the PBX says and says things
 * of its own. What the station says is passed on as it is. Outside of the storm it is transparent: the same line must work again.
 *
 *   station ◄──(spoiled, invented)── hostile way ◄── practice PBX
 *      └──────────────────────────────────────────────────►
 *
 * Everything is drawn from one seed; `story()` tells it and the last messages, for the failure's sake.
 */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { createRandom, mutate, SDP } from '../practice/hostile.ts';
import { tortureMessages } from './torture.ts';

export type HostileWay = {
  readonly url: string;
  /** How much of what the PBX says is spoiled, 0..1; 0: the storm is over. */
  storm(share: number): void;
  /** Says so many messages of its own to every station; returns how many were said. */
  invent(count: number): number;
  /** One message, exactly. */
  say(text: string | Buffer): void;
  /** Messages spoiled and invented so far. */
  said(): number;
  story(): string;
  stop(): Promise<void>;
};

/** Kept for a failure's story. */
const lastMessages = 5;
const domain = 'practice.huifang';
const statuses = [
  100, 180, 181, 183, 199, 200, 202, 300, 302, 380, 400, 401, 403, 404, 407, 408, 415, 420, 423, 480, 481, 486, 487,
  488, 491, 500, 503, 600, 603, 606, 699,
];

/** What the last dialog with the station looks like from the PBX's side. */
type Known = { contact: string; callId: string; from: string; to: string; response: string };

export async function startHostileWay(options: { port: number; seed: number }): Promise<HostileWay> {
  const random = createRandom(options.seed);
  const server = http.createServer();
  const sockets = new WebSocketServer({ server, handleProtocols: (offered) => offered.has('sip') && 'sip' });
  const pairs = new Set<{ near: WebSocket; far: WebSocket; known: Known }>();
  const last: string[] = [];
  let share = 0;
  let said = 0;
  let tokens = 0;
  const token = () => `h${options.seed}-${++tokens}`;

  const send = (near: WebSocket, text: string | Buffer) => {
    if (near.readyState !== WebSocket.OPEN) return;
    said += 1;
    last.push(JSON.stringify(String(text).slice(0, 2_000)));
    if (last.length > lastMessages) last.shift();
    near.send(text);
  };

  /** A request of the PBX's side, in the last dialog or outside of any. */
  const request = (known: Known, method: string, inside: boolean, body = '', extra: readonly string[] = []): string =>
    [
      `${method} ${known.contact} SIP/2.0`,
      `Via: SIP/2.0/WS hostile.invalid;branch=z9hG4bK${token()}`,
      'Max-Forwards: 70',
      `From: ${inside ? known.to : `<sip:15400000036@${domain}>;tag=${token()}`}`,
      `To: ${inside ? known.from : `<${known.contact}>`}`,
      `Call-ID: ${inside ? known.callId : token()}`,
      `CSeq: ${1 + random.below(50)} ${method}`,
      'Contact: <sip:hostile@hostile.invalid;transport=ws>',
      ...extra,
      ...(body === ''
        ? []
        : [`Content-Type: ${body.startsWith('v=0') ? 'application/sdp' : 'application/dtmf-relay'}`]),
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n');

  const invented = (known: Known): string | Buffer => {
    const torture = () => random.pick(tortureMessages({ to: known.contact, domain, token })).text;
    const inside = random.chance(0.6);
    const plain = random.pick<() => string>([
      () => request(known, 'INVITE', false, SDP),
      () => request(known, 'INVITE', false),
      () => request(known, 'INVITE', true, SDP.replace('sendrecv', random.pick(['sendonly', 'inactive', 'recvonly']))),
      () => request(known, 'BYE', inside),
      () => request(known, 'CANCEL', inside),
      () => request(known, 'ACK', inside, random.chance(0.5) ? SDP : ''),
      () => request(known, 'INFO', inside, 'Signal=5\r\nDuration=100'),
      () => request(known, 'UPDATE', inside, random.chance(0.5) ? SDP : ''),
      () => request(known, 'OPTIONS', inside),
      () => request(known, 'PRACK', inside, '', ['RAck: 1 1 INVITE']),
      () => request(known, 'MESSAGE', inside, 'hello'),
      () => request(known, 'REFER', inside, '', ['Refer-To: <sip:9@x?Replaces=a%3Bto-tag%3Db>']),
      () => request(known, 'NOTIFY', inside, '', ['Event: refer', 'Subscription-State: terminated']),
      () => request(known, 'SUBSCRIBE', inside, '', ['Event: presence']),
      () => known.response.replace(/^SIP\/2\.0 \d+/, `SIP/2.0 ${random.pick(statuses)}`),
      torture,
    ])();
    if (random.chance(0.15)) return plain;
    const mutant = mutate(plain, random);
    return random.chance(0.1) ? Buffer.from(mutant, 'latin1') : mutant;
  };

  /** A response of the PBX, spoiled: another status, or mutated. A request of it only mutated. */
  const spoiled = (text: string): string => {
    if (!random.chance(share)) return text;
    if (text.startsWith('SIP/2.0 ') && random.chance(0.4))
      return text.replace(/^SIP\/2\.0 \d+/, `SIP/2.0 ${random.pick(statuses)}`);
    return mutate(text, random);
  };

  sockets.on('connection', (near) => {
    const far = new WebSocket(`ws://127.0.0.1:${options.port}/`, 'sip');
    const known: Known = {
      contact: `sip:nobody@${domain}`,
      callId: token(),
      from: '<sip:a@b>',
      to: '<sip:c@d>',
      response: 'SIP/2.0 200 OK',
    };
    const pair = { near, far, known };
    pairs.add(pair);
    const opened = once(far, 'open').catch(() => undefined);
    near.on('message', (data) => {
      const text = String(data);
      known.contact = /^Contact: <([^>]+)>/im.exec(text)?.[1] ?? known.contact;
      void opened.then(() => far.readyState === WebSocket.OPEN && far.send(text));
    });
    far.on('message', (data) => {
      const text = String(data);
      const header = (name: string) => new RegExp(`^${name}: *(.*)$`, 'im').exec(text)?.[1]?.trim();
      if (text.startsWith('SIP/2.0 ')) {
        known.response = text;
        if (/^CSeq: *\d+ INVITE/im.test(text)) {
          known.callId = header('Call-ID') ?? known.callId;
          known.from = header('From') ?? known.from;
          known.to = header('To') ?? known.to;
        }
      }
      const out = share > 0 ? spoiled(text) : text;
      if (out !== text) send(near, out);
      else if (near.readyState === WebSocket.OPEN) near.send(text);
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => undefined); // `close` follows
      one.on('close', () => {
        pairs.delete(pair);
        other.close();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, // as: it listens on TCP
    storm(next) {
      share = next;
    },
    invent(count) {
      const before = said;
      for (const { near, known } of [...pairs]) for (let one = 0; one < count; one++) send(near, invented(known));
      return said - before;
    },
    say(text) {
      for (const { near } of [...pairs]) send(near, text);
    },
    said: () => said,
    story: () => `seed ${options.seed}, ${said} messages; the last of them:\n${last.join('\n')}`,
    async stop() {
      for (const { near, far } of [...pairs]) {
        near.terminate();
        far.terminate();
      }
      sockets.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
