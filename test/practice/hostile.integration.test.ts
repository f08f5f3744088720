/**
 * Hostile SIP never stops the practice PBX: it goes on answering, makes a normal call afterwards, and leaves nothing behind.
 * `npm run soak` sets HUIFANG_MUTATIONS; a failure names its seed, HUIFANG_SEED repeats it.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DOMAIN } from '../../practice/exchange.ts';
import { tortureMessages } from '../sip/torture.ts';
import { createAgent } from './agent.ts';
import {
  createRandom,
  createRawLine,
  credentials,
  message,
  mutate,
  type RawLine,
  SDP,
  token,
  torture,
  uriOf,
} from './hostile.ts';
import { accounts, type PracticeProcess, startPractice } from './process.ts';
import { until } from './voice.ts';

const mutations = Number(process.env.HUIFANG_MUTATIONS ?? 500);
const seed = Number(process.env.HUIFANG_SEED ?? 4475);
const patience = 60_000 + mutations * 40;

let practice: PracticeProcess;
let line: RawLine;

beforeAll(async () => {
  practice = await startPractice(['--speed', '20']);
  line = createRawLine(practice.port);
});
afterAll(async () => {
  expect(await practice.stop()).toBe(0);
});
afterEach(async () => {
  line.close();
  const agent = await createAgent(practice.port, '1001', accounts['1001']);
  const call = agent.dial('154-0000-0001');
  expect(await call.final).toBe(200);
  await until(() => call.received() > 5);
  expect(await call.bye()).toBe(200);
  await agent.close();
  await practice.idle();
  expect(practice.child.exitCode).toBe(null);
});

/** The exchange still answers on this socket, or has closed it in good order. */
async function stillAnswers(after: string): Promise<void> {
  await line.ready();
  const callId = token();
  line.send(message('OPTIONS', uriOf(''), { callId }));
  const answer = await line.next(new RegExp(callId));
  if (answer === undefined && line.socket().readyState === line.socket().OPEN)
    expect.fail(`seed ${seed}: no answer after ${JSON.stringify(after.slice(0, 200))}`);
}

/** The exchange may still be closing the socket for the mutant before: then it is asked again on a new one. */
async function insist<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (let i = 0; i < 3; i++) {
    await line.ready();
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  return expect.fail('no answer on three sockets');
}

const nonce = (method: 'REGISTER' | 'INVITE'): Promise<string> =>
  insist(async () => {
    const callId = token();
    line.send(message(method, uriOf('9196'), { callId, body: method === 'INVITE' ? SDP : '' }));
    const challenge = await line.next(new RegExp(`^SIP/2.0 40[17][\\s\\S]*${callId}`));
    return /nonce="([^"]+)"/.exec(challenge ?? '')?.[1];
  });

const proxyHeader = (value: string, number: string): string =>
  `Proxy-Authorization: ${credentials(value, 'INVITE', uriOf(number), accounts['1001'])}`;

/** A well-formed request outside of any dialog, half of them with the right password. */
function request(random: ReturnType<typeof createRandom>, invite: string, register: string): string {
  const invitation = (number: string, body = SDP): string =>
    message('INVITE', uriOf(number), { body, extra: [proxyHeader(invite, number)] });
  const authorization = `Authorization: ${credentials(register, 'REGISTER', uriOf(''), accounts['1001'])}`;
  return random.pick([
    () => message('REGISTER', uriOf(''), { extra: [authorization] }),
    () => message('REGISTER', uriOf('')),
    () => invitation('9196'),
    () => invitation('15400000001'),
    () => invitation('15400000006'),
    () => invitation('15400000008'),
    () => invitation('9196', ''),
    () => message('INVITE', uriOf('9196'), { body: SDP }),
    () => message('CANCEL', uriOf('9196')),
    () => message('ACK', uriOf('9196'), { to: ';tag=zz' }),
    () => message('BYE', uriOf('9196'), { to: ';tag=zz' }),
    () => message('REFER', uriOf('9196'), { extra: ['Refer-To: <sip:9@x?Replaces=a%3Bto-tag%3Db>'] }),
    () => message('NOTIFY', uriOf('9196'), { extra: ['Event: refer', 'Subscription-State: active'] }),
    () => message('SUBSCRIBE', uriOf('9196'), { extra: ['Event: presence'] }),
    () => message('MESSAGE', uriOf('9196'), { body: 'hi', type: 'text/plain' }),
    () => message('UPDATE', uriOf('9196')),
  ])();
}

type Dialog = { callId: string; fromTag: string; to: string; target: string; cseq: number };

const establish = (): Promise<Dialog> =>
  insist(async () => {
    const header = proxyHeader(await nonce('INVITE'), '9196');
    const [callId, fromTag] = [token(), token()];
    line.send(message('INVITE', uriOf('9196'), { callId, fromTag, body: SDP, extra: [header] }));
    const answer = await line.next(new RegExp(`^SIP/2.0 (200|503)[\\s\\S]*${callId}`));
    // Full: mutants left their calls up, and those end with their socket.
    if (answer?.startsWith('SIP/2.0 503')) line.close();
    const to = /^To:[^\r]*(;tag=[^;\r]+)/m.exec(answer ?? '')?.[1];
    const target = /^Contact: <([^>]+)>/m.exec(answer ?? '')?.[1];
    if (to === undefined || target === undefined) return undefined;
    line.send(message('ACK', target, { callId, fromTag, to }));
    return { callId, fromTag, to, target, cseq: 1 };
  });

/** A well-formed request inside a dialog. */
function inside(random: ReturnType<typeof createRandom>, dialog: Dialog): string {
  const { target, callId, fromTag, to } = dialog;
  dialog.cseq += 1;
  const parts = { callId, fromTag, to, cseq: dialog.cseq };
  return random.pick([
    () =>
      message('INVITE', target, {
        ...parts,
        body: SDP.replace('sendrecv', random.pick(['sendonly', 'inactive', 'sendrecv'])),
      }),
    () => message('INVITE', target, parts),
    () => message('ACK', target, { ...parts, cseq: dialog.cseq - 1 }),
    () => message('ACK', target, { ...parts, cseq: dialog.cseq - 1, body: SDP }),
    () => message('INFO', target, { ...parts, body: 'Signal=5\r\nDuration=100', type: 'application/dtmf-relay' }),
    () =>
      message('INFO', target, {
        ...parts,
        body: '{"step":"a.b","topics":["a"]}',
        type: 'application/x-practice-step+json',
      }),
    () => message('REFER', target, { ...parts, extra: ['Refer-To: <sip:9@x?Replaces=a%3Bto-tag%3Db>'] }),
    () => message('REFER', target, parts),
    () => message('NOTIFY', target, { ...parts, extra: ['Event: refer'] }),
    () => message('PRACK', target, parts),
    () => message('UPDATE', target, parts),
    () => message('OPTIONS', target, parts),
    () => message('SUBSCRIBE', target, parts),
  ])();
}

describe('hostile SIP never stops the practice PBX', () => {
  it('messages after RFC 4475', async () => {
    const table = tortureMessages({ to: uriOf('9196'), domain: DOMAIN, token });
    for (const text of [...table.map((message) => message.text), ...torture()]) {
      await line.ready();
      line.send(text);
      await stillAnswers(text);
    }
  });

  it(
    `${mutations} mutants outside of calls`,
    async () => {
      const random = createRandom(seed);
      let [invite, register] = ['', ''];
      for (let i = 0; i < mutations; i++) {
        if (i % 250 === 0) [invite, register] = [await nonce('INVITE'), await nonce('REGISTER')];
        await line.ready();
        const mutant = mutate(request(random, invite, register), random);
        line.send(random.chance(0.2) ? Buffer.from(mutant, 'latin1') : mutant);
        if (i % 10 === 0) await stillAnswers(mutant);
      }
      await stillAnswers('the last mutant');
    },
    patience,
  );

  it(
    `${mutations} mutants inside calls`,
    async () => {
      const random = createRandom(seed + 1);
      for (let i = 0; i < mutations; ) {
        const dialog = await establish();
        for (let k = 0; k < 12 && i < mutations; k++, i++) {
          const text = inside(random, dialog);
          const sent = random.chance(0.25) ? text : mutate(text, random);
          await line.ready();
          line.send(sent);
          if (i % 10 === 0) await stillAnswers(sent);
        }
        if (random.chance(0.7)) line.send(message('BYE', dialog.target, { ...dialog, cseq: dialog.cseq + 1 }));
      }
      await stillAnswers('the last mutant');
    },
    patience,
  );

  it('abused frames close their socket and no other', async () => {
    const bystander = createRawLine(practice.port);
    await bystander.ready();
    const abuses: ((line: RawLine) => void)[] = [
      ({ send }) => send(Buffer.alloc(1 << 20, 0x78)),
      ({ socket }) => rawSocket(socket()).write(Buffer.from([0x83, 0x80, 0, 0, 0, 0])),
      ({ socket }) => rawSocket(socket()).write(Buffer.from([0x81, 0x01, 0x41])),
      ({ socket }) => rawSocket(socket()).write(Buffer.from([0x81, 0x83, 0, 0, 0, 0, 0xff, 0xfe, 0xc0])),
      ({ socket }) => rawSocket(socket()).destroy(),
    ];
    for (const abuse of abuses) {
      await line.ready();
      const closed = new Promise((resolve) => line.socket().once('close', resolve));
      abuse(line);
      await closed;
    }
    const callId = token();
    bystander.send(message('OPTIONS', uriOf(''), { callId }));
    expect(await bystander.next(new RegExp(callId))).toContain('SIP/2.0 200');
    bystander.close();
  });
});

type Raw = { write: (data: Buffer) => void; destroy: () => void };
/** ws keeps the TCP socket under a private name; only through it can a frame be broken. */
function rawSocket(socket: object): Raw {
  return (socket as { _socket: Raw })._socket;
}
