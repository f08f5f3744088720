/**
 * Hostile SIP: a raw socket, well-formed requests to start from, seeded mutations of them, and messages after the
 * torture tests of RFC 4475. Everything is repeatable from a seed.
 */
import { createHash } from 'node:crypto';
import { WebSocket } from 'ws';
import { DOMAIN } from '../../practice/exchange.ts';

export type Random = {
  below: (limit: number) => number;
  pick: <T>(from: readonly T[]) => T;
  chance: (share: number) => boolean;
};

/** mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return { below, pick: (from) => from[below(from.length)]!, chance: (share) => next() < share };
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
let counter = 0;
export const token = (): string => `hostile${++counter}`;

const fingerprint = Array(32).fill('AB').join(':');
export const SDP = [
  'v=0',
  'o=- 1 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 0 110 126',
  'c=IN IP4 0.0.0.0',
  'a=candidate:1 1 udp 2122260223 127.0.0.1 9 typ host generation 0',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:abcdefghijklmnopqrstuvwx',
  `a=fingerprint:sha-256 ${fingerprint}`,
  'a=setup:actpass',
  'a=mid:0',
  'a=sendrecv',
  'a=rtcp-mux',
  'a=rtpmap:111 opus/48000/2',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:110 telephone-event/48000',
  'a=rtpmap:126 telephone-event/8000',
  '',
].join('\r\n');

export type Parts = {
  to?: string;
  body?: string;
  type?: string;
  extra?: readonly string[];
  cseq?: number;
  callId?: string;
  fromTag?: string;
};

export function message(method: string, uri: string, parts: Parts = {}): string {
  const {
    to = '',
    body = '',
    type = 'application/sdp',
    extra = [],
    cseq = 1,
    callId = token(),
    fromTag = token(),
  } = parts;
  return [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/WS agent.invalid;branch=z9hG4bK${token()}`,
    'Max-Forwards: 70',
    `To: <sip:9196@${DOMAIN}>${to}`,
    `From: "A" <sip:1001@${DOMAIN}>;tag=${fromTag}`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} ${method}`,
    'Contact: <sip:abc@agent.invalid;transport=ws>',
    ...extra,
    ...(body ? [`Content-Type: ${type}`] : []),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

export const uriOf = (user: string): string => (user === '' ? `sip:${DOMAIN}` : `sip:${user}@${DOMAIN}`);

/** The credentials of agent 1001 for one request. */
export function credentials(nonce: string, method: string, uri: string, password: string): string {
  const cnonce = token();
  const secret = md5(`1001:${DOMAIN}:${password}`);
  const response = md5(`${secret}:${nonce}:00000001:${cnonce}:auth:${md5(`${method}:${uri}`)}`);
  return `Digest algorithm=MD5, username="1001", realm="${DOMAIN}", nonce="${nonce}", uri="${uri}", response="${response}", qop=auth, cnonce="${cnonce}", nc=00000001`;
}

const nasty = [
  '\0',
  '%00',
  '\r\n',
  '\n',
  '\t',
  '',
  '你好',
  '\ud800',
  '<',
  '>',
  '"',
  '\\"',
  ';',
  '?',
  '@',
  ':',
  '%%%',
  'sip:',
  'tel:+86',
  'http://x',
  '99999999999999999999',
  '-1',
  'NaN',
  '1e9',
  '__proto__',
  'constructor',
  ','.repeat(2000),
  '('.repeat(3000),
  '"'.repeat(3000),
  'a'.repeat(9000),
  ';a=b'.repeat(2000),
  '[::1]',
  '127.0.0.1:99999',
  '*',
];
const startLines = [
  'INVITE  sip:9196@x SIP/2.0',
  'invite sip:9196@x SIP/2.0',
  'INVITE sip:9196@x SIP/7.0',
  'SIP/2.0 99 x',
  'SIP/2.0 700 x',
  'SIP/2.0 200',
  'FOO sip:x SIP/2.0',
  'INVITE <sip:9196@x> SIP/2.0',
  'INVITE tel:123 SIP/2.0',
  'GET / HTTP/1.1',
  'INVITE sip:%39196@x;a=b?Route=%3Cx%3E SIP/2.0',
];
const names = /^(From|To|Via|Contact|Call-ID|CSeq|Content-Length|Content-Type|Max-Forwards)/im;

type Mutation = (text: string, random: Random) => string;
const onLine =
  (change: (line: string, random: Random) => string): Mutation =>
  (text, random) => {
    const lines = text.split('\r\n');
    const at = random.below(lines.length);
    lines[at] = change(lines[at]!, random);
    return lines.join('\r\n');
  };
const mutations: readonly Mutation[] = [
  (text, random) => text.slice(0, random.below(text.length)),
  (text, random) => {
    const at = random.below(text.length);
    return text.slice(0, at) + random.pick(nasty) + text.slice(at + random.below(20));
  },
  (text, random) =>
    text
      .split('\r\n')
      .filter(() => !random.chance(0.08))
      .join('\r\n'),
  (text, random) =>
    text
      .split('\r\n')
      .flatMap((line) => (random.chance(0.1) ? [line, line] : [line]))
      .join('\r\n'),
  onLine((line, random) => line.slice(0, line.indexOf(':') + 1) + random.pick(nasty)),
  (text, random) => text.replace(/\r\n/g, () => (random.chance(0.1) ? '\n' : '\r\n')),
  (text, random) =>
    text.replace(/\d+/g, (digits) =>
      random.chance(0.1) ? random.pick(['0', '-1', '4294967296', '1e5', '0x10']) : digits,
    ),
  onLine((line, random) => line.replace(':', random.pick([' :', '', '::', ':\r\n ', ': ,']))),
  (text, random) => [random.pick(startLines), ...text.split('\r\n').slice(1)].join('\r\n'),
  (text, random) =>
    text.replace(names, (name) =>
      random.pick(['f', 't', 'v', 'm', 'i', 'l', 'c', `x-${name}`, '__proto__', 'hasOwnProperty']),
    ),
  (text, random) =>
    text.replace(/Content-Length: \d+/, `Content-Length: ${random.pick(['99999', '-5', 'abc', '', '1 1'])}`),
  (text) => text + text,
  (text, random) =>
    text.replace(/a=\S+/g, (line) =>
      random.chance(0.2)
        ? random.pick(['a=mid:', 'a=setup:foo', 'a=candidate:', 'a=rtpmap:0', 'a=ice-ufrag:', line.slice(0, 8)])
        : line,
    ),
];

/** One to four mutations. */
export function mutate(text: string, random: Random): string {
  let mutant = text;
  for (let i = 1 + random.below(4); i > 0; i--) mutant = random.pick(mutations)(mutant, random);
  return mutant;
}

/** After RFC 4475: what is odd but right, what is wrong, and what is only long. */
export const torture = (): string[] => [
  message('INVITE', `${uriOf('9196')};unknownparam`).replace(
    'Max-Forwards: 70',
    'MaX-fOrWaRdS: 0068\r\nNewFangled: newfangled\r\n continued value\r\nUnknown: ;;,,;;,;',
  ),
  message(
    "!interesting-Method0123456789_*+`.%indeed'~",
    "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@example.com",
  ),
  message('INVITE', `sip:sips%3Auser%40example.com@${DOMAIN}`),
  message('REGISTER', `sip:${DOMAIN}`).replace(/Contact: .*/, 'Contact: <sip:%00@host5.example.com>'),
  message('RE%47IST%45R', `sip:${DOMAIN}`),
  message('OPTIONS', uriOf('x')).replace(/From: .*/, 'From: caller<sip:caller@example.com>;tag=323'),
  message('INVITE', uriOf('9196')).replace(
    /To: .*/,
    `To: "${'I have a user name of extreme proportion '.repeat(8)}"<sip:u@example.com;p=${'very'.repeat(60)}>`,
  ),
  message('OPTIONS', uriOf('x')).replace(
    /Via: .*/,
    `Via: SIP/2.0/WS h.invalid;branch=z9hG4bKl${'\r\nv: SIP/2.0/TCP x.example.com;branch=z9hG4bK2'.repeat(33)}`,
  ),
  message('REGISTER', `sip:${DOMAIN}`) + message('INVITE', uriOf('9196'), { body: SDP }),
  message('INVITE', uriOf('9196')).replace(/Via: .*/, 'Via: SIP/2.0/WS 192.0.2.15;;,;,,'),
  message('INVITE', uriOf('9196'), { body: SDP }).replace(/Content-Length: \d+/, 'Content-Length: 9999'),
  message('INVITE', uriOf('9196'), { body: SDP }).replace(/Content-Length: \d+/, 'Content-Length: -999'),
  message('REGISTER', `sip:${DOMAIN}`)
    .replace('CSeq: 1', 'CSeq: 36893488147419103232')
    .replace('ws>', 'ws>;expires=280297596632815'),
  message('INVITE', uriOf('9196')).replace(/To: .*/, 'To: "Mr. J. User <sip:j.user@example.com>'),
  message('INVITE', `<${uriOf('9196')}>`),
  message('INVITE', 'sip:user@example.com; lr'),
  message('OPTIONS', uriOf('x')).replace('SIP/2.0\r\n', 'SIP/7.0\r\n'),
  message('OPTIONS', uriOf('x')).replace('CSeq: 1 OPTIONS', 'CSeq: 1 INVITE'),
  message('OPTIONS', 'nobodyKnowsThisScheme:totallyopaquecontent'),
  message('REGISTER', `sip:${DOMAIN}`).replace(/From: .*/, 'From: <http://www.example.com>;tag=3234233'),
  message('OPTIONS', uriOf('x'), { extra: ['Require: nothingSupportsThis'] }),
  message('REGISTER', `sip:${DOMAIN}`, { extra: ['Authorization: NoOneKnowsThisScheme opaque-data=here'] }),
  message('INVITE', uriOf('9196'), { extra: ['CSeq: 8 REGISTER', 'Call-ID: other', 'Max-Forwards: 5'] }),
  message('REGISTER', `sip:${DOMAIN}`).replace(/Contact: .*/, 'Contact: *'),
  message('REGISTER', `sip:${DOMAIN}`).replace(
    /Contact: .*/,
    `Contact: ${Array(500).fill('<sip:a@b>;expires=1').join(',')}`,
  ),
  message('INVITE', uriOf('9196'), { body: SDP }).replace(/Content-Type.*\r\n/, ''),
  message('PRACK', uriOf('9196'), { extra: ['RAck: 1 1 INVITE'] }),
  message('INFO', uriOf('9196'), { to: ';tag=zz', body: 'Signal=5', type: 'application/dtmf-relay' }),
  'SIP/2.0 200 = 2**3 * 5**2 но сто девяносто девять\r\nVia: SIP/2.0/WS practice.invalid;branch=z9hG4bK1\r\nCall-ID: u\r\nCSeq: 35 INVITE\r\nFrom: <sip:u@e>;tag=1\r\nTo: <sip:u@f>;tag=2\r\nContent-Length: 0\r\n\r\n',
  'SIP/2.0 4294967301 better not break\r\nVia: SIP/2.0/WS practice.invalid;branch=z9hG4bK1\r\nCall-ID: b\r\nCSeq: x\r\nFrom: <sip:u@e>;tag=3\r\nTo: <sip:u@f>\r\n\r\n',
  'INVITE sip:9196@x SIP/2.0\r\nCSeq: 1 INVITE\r\nVia: SIP/2.0/WS 192.0.2.95;branch=z9hG4bKinsuf\r\n\r\n',
  '',
  '\r\n',
  '\0'.repeat(1000),
  message('OPTIONS', uriOf('x')).replace(';branch', `${';a'.repeat(5000)};branch`),
];

export type RawLine = {
  send: (data: string | Buffer) => void;
  /** The next message that the pattern matches; undefined after three seconds. */
  next: (pattern: RegExp) => Promise<string | undefined>;
  socket: () => WebSocket;
  /** Opens the socket again when the exchange closed it. */
  ready: () => Promise<void>;
  close: () => void;
};

export function createRawLine(port: number): RawLine {
  let current: WebSocket | undefined;
  let inbox: string[] = [];
  const open = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/`, 'sip');
      socket.on('message', (data) => inbox.push(data.toString()));
      socket.on('error', reject);
      socket.on('open', () => {
        current = socket;
        inbox = [];
        resolve();
      });
    });
  return {
    send: (data) => current?.send(data),
    next: async (pattern) => {
      for (let i = 0; i < 1500; i++) {
        const found = inbox.findIndex((text) => pattern.test(text));
        if (found >= 0) return inbox.splice(found, 1)[0];
        if (current?.readyState !== WebSocket.OPEN) return undefined;
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      return undefined;
    },
    socket: () => current!,
    ready: async () => {
      if (current?.readyState !== WebSocket.OPEN) await open();
      else if (inbox.length > 500) inbox = [];
    },
    close: () => current?.terminate(),
  };
}
