/** The far end of the SIP tests is a plain telephone: what a proxy says again, after something newer was said, changes nothing (RFC 3261 12.2.2). */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { startFarEnd } from './farEnd.ts';
import { claimPorts } from './ports.ts';
import { type Direction, parseSip, plainSdp, type SipMessage, writeSip } from './sipText.ts';

it('a hold that comes again after its end is no hold', async () => {
  const ports = await claimPorts();
  const [farPort, ownPort] = [ports.at(1), ports.at(2)];
  const proxy = createSocket('udp4');
  proxy.bind(ownPort, '127.0.0.1');
  await once(proxy, 'listening');
  const far = await startFarEnd(farPort, ownPort);
  try {
    const number = far.callee(async (call) => void (await call.answer()));
    let toTag = '';
    const say = (method: string, sequence: number, direction?: Direction) =>
      proxy.send(
        writeSip(
          `${method} sip:${number}@127.0.0.1 SIP/2.0`,
          [
            `Via: SIP/2.0/UDP 127.0.0.1:${ownPort};branch=z9hG4bK${method}${sequence}`,
            'From: <sip:station@127.0.0.1>;tag=station',
            `To: <sip:${number}@127.0.0.1>${toTag}`,
            'Call-ID: one-call',
            `CSeq: ${sequence} ${method}`,
            `Contact: <sip:station@127.0.0.1:${ownPort}>`,
          ],
          direction && plainSdp(ownPort, sequence, direction),
        ),
        farPort,
        '127.0.0.1',
      );
    /** The final response to that request. */
    const answered = async (sequence: number): Promise<SipMessage> => {
      for (;;) {
        const [data] = await once(proxy, 'message');
        const message = parseSip(String(data));
        if ((message.status ?? 0) >= 200 && message.header('CSeq') === `${sequence} INVITE`) return message;
      }
    };
    const ask = (sequence: number, direction: Direction) => {
      const answer = answered(sequence);
      say('INVITE', sequence, direction);
      return answer;
    };

    toTag = /;tag=[^;>]+/.exec((await ask(1, 'sendrecv')).header('To'))?.[0] ?? '';
    say('ACK', 1);
    const call = far.call(number);
    await call?.until('ACK');
    call?.on('INVITE', () => null);
    say('INVITE', 2, 'sendonly');
    await call?.until('INVITE', 2);
    call?.on('INVITE');
    expect((await ask(3, 'sendrecv')).status).toBe(200);
    expect((await ask(2, 'sendonly')).status).toBe(500);
    expect(call?.stationSays()).toBe('sendrecv');
    expect(far.faults()).toEqual([]);
  } finally {
    await far.stop();
    proxy.close();
    await ports.free();
  }
});
