/**
 * A customer who rings the station through Kamailio: one call, on a socket of its own.
 *
 *   const caller = await network.ring(station.user, '15400000036');
 *   const call = await station.call(0);
 *   await call.answer();
 *   await caller.answered;                            // true; false when it was refused or cancelled
 *   expect(caller.media.received()).toBeGreaterThan(0);
 *   caller.bye();
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createFarMedia, type FarMedia } from './farMedia.ts';
import { addressIn, parseSip, plainSdp, type SipMessage, writeSip } from './sipText.ts';

export type FarCaller = {
  readonly callId: string;
  readonly media: FarMedia;
  /** Responses to the INVITE, in order. */
  readonly statuses: readonly number[];
  /** Requests of the station within the call. */
  readonly heard: readonly SipMessage[];
  /** Resolves with the final response: true for 200, which is acknowledged. */
  readonly answered: Promise<boolean>;
  cancel(): void;
  bye(): void;
  close(): void;
};

/** `proxy`: Kamailio's UDP port. `number`: as the station shows it. `offer`: another one than a plain telephone's. */
export async function ringStation(options: {
  proxy: number;
  domain: string;
  user: string;
  number: string;
  offer?: ((plain: string) => string) | undefined;
}): Promise<FarCaller> {
  const { proxy, domain, user, number, offer = (plain) => plain } = options;
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  const media = await createFarMedia();
  const callId = `ring-${port}-${Math.random().toString(36).slice(2)}`;
  const branch = `z9hG4bK${callId}`;
  const target = `sip:${user}@${domain}`;
  const from = `From: <sip:${number}@${domain}>;tag=caller`;
  const contact = `Contact: <sip:caller@127.0.0.1:${port}>`;
  const statuses: number[] = [];
  const heard: SipMessage[] = [];
  let final: SipMessage | undefined;
  let settle: (answered: boolean) => void = () => undefined;
  const answered = new Promise<boolean>((resolve) => {
    settle = resolve;
  });
  const send = (text: string) => socket.send(text, proxy, '127.0.0.1');

  /** A request in the dialog the final response made, or (ACK of a refusal, CANCEL) of the INVITE itself. */
  const say = (method: 'ACK' | 'BYE' | 'CANCEL', sequence: number) => {
    const within = final !== undefined && (final.status ?? 0) < 300;
    const uri = within ? addressIn(final?.header('Contact') ?? '') : target;
    const routes = within ? [...(final?.headers('Record-Route') ?? [])].reverse() : [];
    send(
      writeSip(`${method} ${uri} SIP/2.0`, [
        `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=${within ? `${branch}${method}` : branch}`,
        ...routes.map((route) => `Route: ${route}`),
        ...[from, `To: ${final?.header('To') ?? `<${target}>`}`, `Call-ID: ${callId}`],
        ...[`CSeq: ${sequence} ${method}`, 'Max-Forwards: 70'],
      ]),
    );
  };

  socket.on('message', (data) => {
    const message = parseSip(data.toString('utf8'));
    if (message.status === undefined) {
      heard.push(message);
      if (message.method === 'ACK') return;
      const copied = ['Via', 'Record-Route', 'From', 'To', 'Call-ID', 'CSeq'] as const;
      const lines = copied.flatMap((name) => message.headers(name).map((value) => `${name}: ${value}`));
      const sdp = message.body === '' ? [] : ['Content-Type: application/sdp'];
      send(writeSip('SIP/2.0 200 OK', [...lines, contact, ...sdp], sdp.length > 0 ? plainSdp(media.port, 2) : ''));
      return;
    }
    if (message.method !== 'INVITE') return;
    statuses.push(message.status);
    if (message.status < 200) return;
    final = message;
    say('ACK', 1);
    if (message.status < 300) media.sendTo(message.body);
    settle(message.status < 300);
  });

  send(
    writeSip(
      `INVITE ${target} SIP/2.0`,
      [
        `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=${branch}`,
        ...[from, `To: <${target}>`, `Call-ID: ${callId}`, 'CSeq: 1 INVITE', 'Max-Forwards: 70', contact],
        'Content-Type: application/sdp',
      ],
      offer(plainSdp(media.port, 1)),
    ),
  );

  return {
    callId,
    media,
    statuses,
    heard,
    answered,
    cancel: () => say('CANCEL', 1),
    bye: () => say('BYE', 2),
    close() {
      media.close();
      socket.close();
    },
  };
}
