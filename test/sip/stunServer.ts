/**
 * A STUN server on loopback (RFC 5389, binding requests only) that tells everybody the same address, as one outside of a firewall does. A
 * real one would see the address we have already, and a browser does not repeat that one.
 *
 *   const stun = await startStunServer({ address: '203.0.113.7', milliseconds: 300 });
 *   stun.answerAfter(5_000);     // from the next question on
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

export type StunServer = {
  /** As a station's profile has it. */
  readonly url: string;
  answerAfter(milliseconds: number): void;
  /** Questions so far, repeated ones too. */
  asked(): number;
  close(): void;
};

const bindingRequest = 0x0001;
const bindingSuccess = 0x0101;
const xorMappedAddress = 0x0020;
const cookie = 0x2112a442;
const headerLength = 20;

/** `address`: IPv4. The port is the one the question came from. */
function answerTo(question: Buffer, address: string, port: number): Buffer {
  const answer = Buffer.alloc(headerLength + 12);
  answer.writeUInt16BE(bindingSuccess, 0);
  answer.writeUInt16BE(12, 2);
  question.copy(answer, 4, 4, headerLength); // cookie and transaction
  answer.writeUInt16BE(xorMappedAddress, 20);
  answer.writeUInt16BE(8, 22);
  answer.writeUInt8(1, 25); // IPv4
  answer.writeUInt16BE(port ^ (cookie >>> 16), 26);
  const plain = Buffer.from(address.split('.').map(Number)).readUInt32BE();
  answer.writeUInt32BE((plain ^ cookie) >>> 0, 28);
  return answer;
}

export async function startStunServer(options: { address: string; milliseconds?: number }): Promise<StunServer> {
  let { milliseconds = 0 } = options;
  let asked = 0;
  const waiting = new Set<NodeJS.Timeout>();
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  socket.on('message', (question, { address, port }) => {
    if (question.length < headerLength || question.readUInt16BE(0) !== bindingRequest) return;
    asked += 1;
    const timer = setTimeout(() => {
      waiting.delete(timer);
      socket.send(answerTo(question, options.address, port), port, address);
    }, milliseconds);
    waiting.add(timer);
  });
  return {
    url: `stun:127.0.0.1:${socket.address().port}`,
    answerAfter(later) {
      milliseconds = later;
    },
    asked: () => asked,
    close() {
      for (const timer of waiting) clearTimeout(timer);
      socket.close();
    },
  };
}
