/**
 * A far side that does what a test says, on the practice PBX's own parts: for what no practice customer does (hold us, send
 * nonsense, refer us elsewhere). No passwords: the digest is tested against the practice PBX.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Core } from 'sip.js';
import { WebSocketServer } from 'ws';
import { type Call, type Line, mediaOf } from '../../../practice/call.ts';
import { type Connection, createConnection, silentLoggers } from '../../../practice/connection.ts';
import { type IncomingCall, incomingCall } from '../../../practice/incoming.ts';
import { createPacer } from '../../../practice/pacer.ts';
import { createRegistrar } from '../../../practice/registrar.ts';
import { cadence } from '../../../practice/tones.ts';

export type Arrived = { incoming: IncomingCall; call: Call; request: Core.IncomingInviteRequest };

export type FarEnd = {
  url: string;
  /** What the next INVITE meets. */
  onInvite: (act: (arrived: Arrived) => void | Promise<void>) => void;
  /** Every request that came, by method. */
  heard: string[];
  connections: () => Connection[];
  stop: () => Promise<void>;
};

/** Answers and says a tone for ever. */
export async function answerWithTone({ incoming, call }: Arrived): Promise<void> {
  incoming.ring();
  await incoming.answer();
  void mediaOf(call).play(cadence(440, 1, 0), true);
}

export async function startFarEnd(): Promise<FarEnd> {
  const registrar = createRegistrar();
  const pacer = createPacer();
  const loggers = silentLoggers();
  const connections = new Set<Connection>();
  const heard: string[] = [];
  let act: (arrived: Arrived) => void | Promise<void> = answerWithTone;

  const server = http.createServer();
  const sockets = new WebSocketServer({ server, handleProtocols: (offered) => offered.has('sip') && 'sip' });
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => {
      const method = /^([A-Z]+) sip/.exec(String(data))?.[1];
      if (method !== undefined) heard.push(method);
    });
    const connection: Connection = createConnection(socket, loggers, () => undefined, {
      register: (request) => void registrar.register(connection, '1001', request),
      invited: (request) => {
        const line: Line = {
          core: connection.core,
          contactHeader: connection.contactHeader,
          calls: connection.calls,
          domain: 'far.example',
          pacer,
          speed: 1,
          record: () => undefined,
          later: (milliseconds, later) => void setTimeout(later, milliseconds),
        };
        const incoming = incomingCall(line, request, '1001', request.message.ruri?.user ?? '');
        void Promise.resolve(act({ incoming, call: incoming.call, request })).catch(() => undefined);
      },
      closed: () => {
        connections.delete(connection);
        registrar.drop(connection);
      },
    });
    connections.add(connection);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));

  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, // as: a TCP server has such an address
    heard,
    connections: () => [...connections],
    onInvite: (next) => {
      act = next;
    },
    stop: async () => {
      for (const connection of [...connections]) {
        connection.close();
        connection.cut();
      }
      sockets.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
