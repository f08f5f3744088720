/**
 * A far end behind Kamailio that does what a test says: for what no scenario file can say. It speaks SIP over UDP and plain RTP, as a
 * carrier's gateway does; Kamailio and rtpengine stand between it and the station.
 *
 *   const number = network.callee(async (call) => {
 *     call.ring();                                    // 180
 *     await call.answer();                            // 200, waits for the ACK
 *     await call.reinvite('sendonly');                // holds; gives the response
 *     call.bye();
 *   });
 *   const dialled = await station.dial(number);
 *   const call = await network.called(number);        // the same FarCall, for the test to look at and drive on
 *   expect(call.media.received()).toBeGreaterThan(0); // the customer hears us
 *
 * What comes within the dialog is answered as a plain telephone would (BYE 200, re-INVITE 200 with the matching direction, INFO, UPDATE,
 * OPTIONS 200, REFER 202 and NOTIFYs that it is done) unless `call.on(METHOD, answer)` says otherwise.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createFarMedia, type FarMedia } from './farMedia.ts';
import { addressIn, type Direction, directionIn, parseSip, plainSdp, type SipMessage, writeSip } from './sipText.ts';

export type Answer = {
  status: number;
  phrase?: string;
  headers?: readonly string[];
  /** With a body of SDP. */
  sdp?: string;
  /** The To tag: another one is another branch of a fork. */
  tag?: string;
};

type Answering = (request: SipMessage) => Answer | null | Promise<Answer>;

export type Asked = { headers?: readonly string[]; sdp?: string; body?: string; tag?: string };

export type FarCall = {
  readonly number: string;
  readonly callId: string;
  readonly invite: SipMessage;
  readonly media: FarMedia;
  /** Everything that came in this call, in order. */
  readonly heard: readonly SipMessage[];
  /** Resolves with the `times`-th request of that method, also when it came already. */
  until(method: string, times?: number): Promise<SipMessage>;
  /** A response to the INVITE, as often and whatever you like. */
  respond(answer: Answer): void;
  ring(): void;
  /** 183 with audio. */
  early(answer?: Partial<Answer>): void;
  /** 200 with audio; resolves with the ACK. */
  answer(answer?: Partial<Answer>): Promise<void>;
  /** The SDP this far end would say now. */
  sdp(direction?: Direction): string;
  /** A request of our own within the dialog; resolves with the final response. `tag`: of another branch. */
  request(method: string, options?: Asked): Promise<SipMessage>;
  /**
   * A re-INVITE with that direction, acknowledged, `before` being awaited first. Resolves with the final response. `late`: without a description;
   * the station offers, and the direction is said in the ACK.
   */
  reinvite(
    direction: Direction,
    how?: { headers?: readonly string[]; before?: Promise<unknown>; late?: boolean },
  ): Promise<SipMessage>;
  bye(headers?: readonly string[]): Promise<SipMessage>;
  /** How requests of a method are answered from now on, now or later; null: not at all. Without `answer`: as a plain telephone again. */
  on(method: string, answer?: Answering): void;
  /** Who holds, by the last offer of the station. */
  stationSays(): Direction;
  /** Over: a BYE or CANCEL went or came, or a final refusal was sent. */
  ended(): boolean;
};

export type FarBehaviour = (call: FarCall) => void | Promise<void>;

const mirrored: Record<Direction, Direction> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
};
/** What is said to those who offer that, by one who holds. */
const mirroredHeld: Record<Direction, Direction> = { ...mirrored, sendrecv: 'sendonly', sendonly: 'inactive' };
const phrases: Readonly<Record<number, string>> = {
  180: 'Ringing',
  183: 'Session Progress',
  200: 'OK',
  202: 'Accepted',
};

const randomBranch = () => `z9hG4bK${Math.random().toString(36).slice(2)}`;

export type FarEnd = Awaited<ReturnType<typeof startFarEnd>>;

/** `port`: where it listens. `proxy`: Kamailio's UDP port, where requests of its own go. */
export async function startFarEnd(port: number, proxy: number) {
  const socket = createSocket('udp4');
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
  const behaviours = new Map<string, FarBehaviour>();
  const calls = new Map<string, { call: FarCall; take: (message: SipMessage) => void; close: () => void }>();
  const byNumber = new Map<string, FarCall[]>();
  const faults: unknown[] = [];
  /** Final answers by transaction: a request that is repeated gets the same one once more. */
  const said = new Map<string, string>();
  let nextNumber = 30_000;
  const contact = `Contact: <sip:far@127.0.0.1:${port}>`;
  const send = (text: string, to = proxy) => socket.send(text, to, '127.0.0.1');

  const transaction = (message: SipMessage) =>
    `${message.method} ${/branch=([^;,\s]+)/.exec(message.header('Via'))?.[1] ?? message.header('Via')}`;

  const respondTo = (request: SipMessage, { status, phrase, headers = [], sdp, tag }: Answer) => {
    const to = request.header('To');
    const lines = [
      ...request.headers('Via').map((via) => `Via: ${via}`),
      ...request.headers('Record-Route').map((route) => `Record-Route: ${route}`),
      `From: ${request.header('From')}`,
      `To: ${/;tag=/.test(to) || tag === undefined || status === 100 ? to : `${to};tag=${tag}`}`,
      `Call-ID: ${request.header('Call-ID')}`,
      `CSeq: ${request.header('CSeq')}`,
      ...(headers.some((line) => line.startsWith('Contact:')) ? [] : [contact]),
      ...headers,
      ...(sdp === undefined ? [] : ['Content-Type: application/sdp']),
    ];
    const text = writeSip(`SIP/2.0 ${status} ${phrase ?? phrases[status] ?? 'Far'}`, lines, sdp);
    if (status >= 200) said.set(transaction(request), text);
    send(text);
  };

  async function openCall(invite: SipMessage, number: string): Promise<void> {
    const media = await createFarMedia();
    const callId = invite.header('Call-ID');
    const ownTag = `far${callId.slice(0, 8)}`;
    const heard: SipMessage[] = [];
    const waiting: { method: string; times: number; resolve: (message: SipMessage) => void }[] = [];
    const pending = new Map<string, (response: SipMessage) => void>();
    const handlers = new Map<string, Answering>();
    let version = 1;
    let sequence = 0;
    /** Of the station's requests. */
    let newest = Number.parseInt(invite.header('CSeq'), 10);
    let ended = false;
    let answered = false;
    /** By a re-INVITE of our own that was agreed to. */
    let holds = false;
    let answerTag = ownTag;
    /** Branches that answered and were not let go. */
    const talking = new Set<string>();
    let stationSays = directionIn(invite.body);
    /** Where requests of our own go; every re-INVITE and UPDATE may move it (RFC 3261 12.2.2). */
    let target = addressIn(invite.header('Contact'));
    const count = (method: string) => heard.filter((message) => message.method === method).length;

    const plainAnswer = (request: SipMessage): Answer => {
      if (request.method === 'INVITE' || (request.method === 'UPDATE' && request.body !== '')) {
        stationSays = directionIn(request.body);
        media.sendTo(request.body);
        media.say(['sendonly', 'inactive'].includes(stationSays) ? 'nothing' : 'tone');
        version += 1;
        return { status: 200, sdp: plainSdp(media.port, version, (holds ? mirroredHeld : mirrored)[stationSays]) };
      }
      return { status: request.method === 'REFER' ? 202 : 200 };
    };

    const request: FarCall['request'] = (method, { headers = [], sdp, body, tag = answerTag } = {}) => {
      if (method !== 'ACK') sequence += 1;
      const branch = randomBranch();
      const text = writeSip(
        `${method} ${target} SIP/2.0`,
        [
          `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=${branch}`,
          ...invite.headers('Record-Route').map((route) => `Route: ${route}`),
          `From: ${invite.header('To')};tag=${tag}`,
          `To: ${invite.header('From')}`,
          `Call-ID: ${callId}`,
          `CSeq: ${sequence} ${method}`,
          'Max-Forwards: 70',
          contact,
          ...headers,
          ...(sdp === undefined ? [] : ['Content-Type: application/sdp']),
        ],
        sdp ?? body,
      );
      const own = sequence;
      return new Promise((resolve) => {
        pending.set(`${own} ${method}`, (response) => {
          // A refusal is acknowledged within its transaction (RFC 3261 17.1.1.3): else it is said again and again.
          if (method === 'INVITE' && (response.status ?? 0) >= 300) acknowledge(own, tag, branch);
          resolve(response);
        });
        send(text);
      });
    };

    const acknowledge = (number: number, tag = answerTag, branch = randomBranch(), sdp?: string) =>
      send(
        writeSip(
          `ACK ${target} SIP/2.0`,
          [
            `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=${branch}`,
            ...invite.headers('Record-Route').map((route) => `Route: ${route}`),
            ...[`From: ${invite.header('To')};tag=${tag}`, `To: ${invite.header('From')}`],
            ...[`Call-ID: ${callId}`, `CSeq: ${number} ACK`, 'Max-Forwards: 70'],
            ...(sdp === undefined ? [] : ['Content-Type: application/sdp']),
          ],
          sdp,
        ),
      );

    const call: FarCall = {
      number,
      callId,
      invite,
      media,
      heard,
      until: (method, times = 1) =>
        new Promise((resolve) => {
          const there = heard.filter((message) => message.method === method)[times - 1];
          if (there) resolve(there);
          else waiting.push({ method, times, resolve });
        }),
      respond(answer) {
        if (answer.status >= 300) ended = true;
        else if (answer.status >= 200) talking.add(answer.tag ?? ownTag);
        respondTo(invite, { tag: ownTag, ...answer });
        // Voice follows the description that announces it, as at any gateway: rtpengine takes none before.
        if (answer.sdp !== undefined) media.sendTo(invite.body);
      },
      ring: () => call.respond({ status: 180 }),
      early: (answer = {}) => call.respond({ status: 183, sdp: call.sdp(), ...answer }),
      async answer(answer = {}) {
        answered = true;
        answerTag = answer.tag ?? ownTag;
        call.respond({ status: 200, sdp: call.sdp(mirrored[stationSays]), ...answer });
        await call.until('ACK');
      },
      sdp: (direction = 'sendrecv') => plainSdp(media.port, version, direction),
      request,
      async reinvite(direction, { headers = [], before, late = false } = {}) {
        version += 1;
        const sdp = call.sdp(direction);
        const response = await request('INVITE', { ...(late ? {} : { sdp }), headers });
        if ((response.status ?? 0) < 300) {
          holds = direction === 'sendonly' || direction === 'inactive';
          media.sendTo(response.body);
          await before;
          const number = Number.parseInt(response.header('CSeq'), 10);
          acknowledge(number, answerTag, randomBranch(), late ? sdp : undefined);
        }
        return response;
      },
      bye(headers = []) {
        ended = true;
        media.say('nothing');
        return request('BYE', { headers });
      },
      on(method, answer) {
        if (answer) handlers.set(method, answer);
        else handlers.delete(method);
      },
      stationSays: () => stationSays,
      ended: () => ended,
    };

    const take = (message: SipMessage) => {
      if (message.status !== undefined) {
        if (message.status < 200) return;
        pending.get(message.header('CSeq'))?.(message);
        return;
      }
      if (message.method !== 'ACK' && message.method !== 'CANCEL') {
        const own = Number.parseInt(message.header('CSeq'), 10);
        // A proxy says it again after something newer was said: it changes nothing any more (RFC 3261 12.2.2).
        if (own < newest) return respondTo(message, { status: 500, tag: answerTag });
        newest = own;
      }
      heard.push(message);
      if (['INVITE', 'UPDATE'].includes(message.method)) target = addressIn(message.header('Contact')) || target;
      for (const one of [...waiting].filter(
        ({ method, times }) => method === message.method && count(method) >= times,
      )) {
        waiting.splice(waiting.indexOf(one), 1);
        one.resolve(message);
      }
      if (message.method === 'ACK') return;
      if (message.method === 'BYE') talking.delete(/;tag=([^;>\s]+)/.exec(message.header('To'))?.[1] ?? '');
      // One branch of two that is let go leaves the other one talking.
      if ((message.method === 'BYE' && talking.size === 0) || message.method === 'CANCEL') {
        ended = true;
        media.say('nothing');
      }
      const answer = (handlers.get(message.method) ?? plainAnswer)(message);
      if (answer instanceof Promise)
        answer.then((later) => respondTo(message, { tag: answerTag, ...later })).catch((cause) => faults.push(cause));
      else if (answer) respondTo(message, { tag: answerTag, ...answer });
      if (message.method === 'CANCEL' && answer && !answered) respondTo(invite, { status: 487, tag: ownTag });
      if (message.method === 'REFER' && !handlers.has('REFER'))
        void notify(request).catch((cause) => faults.push(cause));
    };
    calls.set(callId, { call, take, close: () => media.close() });
    byNumber.set(number, [...(byNumber.get(number) ?? []), call]);
    heard.push(invite);
    await (behaviours.get(number) ?? ((one: FarCall) => one.respond({ status: 404 })))(call);
  }

  socket.on('message', (data) => {
    const message = parseSip(data.toString('utf8'));
    const known = calls.get(message.header('Call-ID'));
    const before =
      message.status === undefined && message.method !== 'ACK' ? said.get(transaction(message)) : undefined;
    if (before !== undefined) return send(before);
    if (known && !(message.method === 'INVITE' && !/;tag=/.test(message.header('To')))) return known.take(message);
    if (message.method !== 'INVITE' || message.status !== undefined) {
      if (message.status === undefined && message.method !== 'ACK') respondTo(message, { status: 481, tag: 'gone' });
      return;
    }
    if (known && transaction(known.call.invite) === transaction(message)) return; // the INVITE once more, before its final answer
    const number = /^sips?:([^@;>]+)/.exec(message.uri)?.[1] ?? '';
    respondTo(message, { status: 100, phrase: 'Trying' });
    openCall(message, number).catch((cause) => faults.push(cause));
  });

  return {
    port,
    /** A number of its own that answers so. */
    callee(behaviour: FarBehaviour): string {
      nextNumber += 1;
      const number = String(nextNumber);
      behaviours.set(number, behaviour);
      return number;
    },
    behave: (number: string, behaviour: FarBehaviour) => void behaviours.set(number, behaviour),
    /** The `times`-th call a number got; undefined when it did not come yet. */
    call: (number: string, times = 1): FarCall | undefined => byNumber.get(number)?.[times - 1],
    /** What a behaviour threw. */
    faults: (): readonly unknown[] => faults,
    async stop(): Promise<void> {
      for (const { close } of calls.values()) close();
      await new Promise<void>((done) => socket.close(() => done()));
    },
  };
}

/** What a transfer is told by who carries it out: under way, then done. */
async function notify(request: FarCall['request']): Promise<void> {
  for (const [state, fragment] of [
    ['active;expires=60', 'SIP/2.0 100 Trying\r\n'],
    ['terminated;reason=noresource', 'SIP/2.0 200 OK\r\n'],
  ] as const)
    await request('NOTIFY', {
      headers: ['Event: refer', `Subscription-State: ${state}`, 'Content-Type: message/sipfrag;version=2.0'],
      body: fragment,
    });
}
