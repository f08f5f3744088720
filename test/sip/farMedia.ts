/**
 * The voice of the scripted far end: PCMU over plain RTP. Says a tone or sends back what comes, counts and weighs what it hears: the
 * truth about "the customer hears us" is here, not in the station's own statistics.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { decodeSample, encodeSample } from '../../practice/mulaw.ts';

const packetMilliseconds = 20;
const samples = 160;
const digits = '0123456789*#ABCD';

export type FarMedia = {
  readonly port: number;
  /** Where to send: the address and port of the other side's SDP; nothing is sent while there is none. */
  sendTo(sdp: string): void;
  /** What is sent: a tone (440 Hz), what comes in, or nothing. A tone unless told. */
  say(what: 'tone' | 'echo' | 'nothing'): void;
  /** Packets of audio that came so far. */
  received(): number;
  /** Loudness of the loudest packet of the last second, or since then (performance.now(), ten seconds at most), 0..1 (root mean square). 0: none came. */
  loudness(since?: number): number;
  /** Digits that came by RFC 4733. */
  digits(): string;
  close(): void;
};

const tone = Buffer.from(
  Array.from({ length: 8000 }, (_, index) =>
    encodeSample(Math.round(8000 * Math.sin((2 * Math.PI * 440 * index) / 8000))),
  ),
);

const loudnessOf = (payload: Uint8Array) =>
  Math.sqrt(payload.reduce((sum, byte) => sum + (decodeSample(byte) / 32_768) ** 2, 0) / Math.max(1, payload.length));

export async function createFarMedia(): Promise<FarMedia> {
  const socket: Socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  let target: { port: number; address: string } | undefined;
  let saying: 'tone' | 'echo' | 'nothing' = 'tone';
  let sequence = 0;
  let received = 0;
  let heard: { at: number; loudness: number }[] = [];
  let heardDigits = '';
  let lastDigit = -1;
  const began = performance.now();

  const send = (payload: Buffer) => {
    if (target === undefined) return;
    const packet = Buffer.alloc(12 + payload.length);
    packet[0] = 0x80;
    packet.writeUInt16BE(sequence & 0xffff, 2);
    packet.writeUInt32BE((sequence * samples) >>> 0, 4);
    packet.writeUInt32BE(0x5ea5, 8);
    payload.copy(packet, 12);
    sequence += 1;
    socket.send(packet, target.port, target.address);
  };
  // A timer of a busy machine comes late: as many packets are sent as are due.
  let due = 0;
  const timer = setInterval(() => {
    const now = Math.floor((performance.now() - began) / packetMilliseconds);
    for (due = Math.max(due, now - 10); due < now; due += 1)
      if (saying === 'tone') send(tone.subarray((due % 50) * samples, ((due % 50) + 1) * samples));
  }, packetMilliseconds);

  socket.on('error', () => undefined); // nobody listens there any more: a far end does not mind
  socket.on('message', (packet) => {
    const type = (packet[1] ?? 0) & 0x7f;
    const payload = packet.subarray(12);
    if (type === 126) {
      const at = packet.readUInt32BE(4);
      if (at !== lastDigit) heardDigits += digits[payload[0] ?? 99] ?? '';
      lastDigit = at;
    } else if (type === 0) {
      received += 1;
      const at = performance.now();
      if (heard.length > 1_000) heard = heard.slice(500);
      heard.push({ at, loudness: loudnessOf(payload) });
      if (saying === 'echo') send(Buffer.from(payload));
    }
  });

  return {
    port: socket.address().port,
    sendTo(sdp) {
      const port = Number(/^m=audio (\d+)/m.exec(sdp)?.[1] ?? 0);
      const address = /^c=IN IP4 (\S+)/m.exec(sdp)?.[1] ?? '127.0.0.1';
      target = port === 0 ? undefined : { port, address };
    },
    say(what) {
      saying = what;
    },
    received: () => received,
    loudness: (since = performance.now() - 1_000) =>
      Math.max(0, ...heard.filter(({ at }) => at >= since).map(({ loudness }) => loudness)),
    digits: () => heardDigits,
    close() {
      clearInterval(timer);
      socket.close();
    },
  };
}
