/**
 * One WebSocket of one workstation (RFC 7118), with a sip.js core of its own. Everything that arrives is hostile until it
 * proved otherwise: whatever throws is caught here, answered if that is possible, and forgotten.
 */
import { randomBytes } from 'node:crypto';
import { Core } from 'sip.js';
import type { RawData, WebSocket } from 'ws';
import { type Call, endCall, messageOf } from './call.ts';
import type { RecordFact } from './facts.ts';
import { stopRetransmissions } from './retransmission.ts';

export type Connection = {
  readonly core: Core.UserAgentCore;
  readonly contactHeader: string;
  readonly calls: Set<Call>;
  /** Ends the calls and frees what sip.js holds; the socket itself is cut with `cut`. */
  close: () => void;
  cut: () => void;
};

export type ConnectionHandlers = {
  register: (request: Core.IncomingRegisterRequest) => void;
  invited: (request: Core.IncomingInviteRequest) => void;
  closed: () => void;
};

const HEARTBEAT_MS = 15_000;
const HOST = 'practice.invalid';
const needed = ['from', 'to', 'call-id', 'cseq', 'via'];

/** sip.js may keep numbers and passwords in what it logs: none of it is let out. */
export function silentLoggers(): Core.LoggerFactory {
  const loggers = new Core.LoggerFactory();
  loggers.builtinEnabled = false;
  loggers.level = Core.Levels.error;
  return loggers;
}

export function createConnection(
  socket: WebSocket,
  loggers: Core.LoggerFactory,
  record: RecordFact,
  on: ConnectionHandlers,
): Connection {
  const uri = new Core.URI('sip', 'exchange', HOST, undefined, { transport: 'ws' });
  const calls = new Set<Call>();
  const parserLog = loggers.getLogger('parser');
  let answering = true;

  const transport: Core.Transport = {
    protocol: 'WS',
    send: (message) =>
      new Promise((resolve, reject) => {
        if (socket.readyState !== socket.OPEN) return reject(new Error('socket closed'));
        socket.send(message, (error) => (error ? reject(error) : resolve()));
      }),
  };
  const core = new Core.UserAgentCore(
    {
      aor: uri,
      contact: { uri, pubGruu: undefined, tempGruu: undefined, toString: () => `<${uri.toString()}>` },
      displayName: '',
      loggerFactory: loggers,
      hackViaTcp: false,
      routeSet: [],
      sipjsId: randomBytes(4).toString('hex'),
      supportedOptionTags: [],
      supportedOptionTagsResponse: [],
      userAgentHeaderFieldValue: 'practice-exchange',
      viaForceRport: false,
      viaHost: HOST,
      authenticationFactory: () => undefined,
      transportAccessor: () => transport,
    },
    {
      onRegister: on.register,
      onInvite: on.invited,
      onSubscribe: (request) => void request.reject({ statusCode: 489 }),
      onRefer: (request) => void request.reject({ statusCode: 603 }),
      onNotify: (request) => void request.reject({ statusCode: 481 }),
      onMessage: (request) => void request.reject({ statusCode: 405 }),
    },
  );

  const close = (): void => {
    clearInterval(heartbeat);
    on.closed();
    for (const call of [...calls]) endCall(call, { by: 'lost' });
    for (const dialog of core.dialogs.values()) stopRetransmissions(dialog, 'all');
    disposeAll(core.dialogs);
    disposeAll(core.userAgentClients);
    disposeAll(core.userAgentServers);
  };
  const heartbeat = setInterval(() => {
    if (!answering) return socket.terminate();
    answering = false;
    socket.ping();
  }, HEARTBEAT_MS);

  socket.on('pong', () => {
    answering = true;
  });
  socket.on('message', (data) => receive(core, parserLog, textOf(data), record, () => socket.send('\r\n')));
  // Without a listener one broken frame ends the process. ws closes the socket by itself.
  socket.on('error', (error) => record({ fact: 'fault', callId: null, reason: `socket: ${error.message}` }));
  socket.on('close', close);

  return { core, contactHeader: `Contact: <${uri.toString()}>`, calls, close, cut: () => socket.terminate() };
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.from(data as ArrayBuffer).toString('utf8'); // ws gives a Buffer, which copies as well as an ArrayBuffer does
}

function receive(core: Core.UserAgentCore, log: Core.Logger, text: string, record: RecordFact, pong: () => void): void {
  if (text === '\r\n\r\n') pong(); // RFC 5626 keep-alive
  if (text.trim() === '') return;
  let message: Core.IncomingRequestMessage | Core.IncomingResponseMessage | undefined;
  try {
    message = Core.Parser.parseMessage(text, log);
    if (message?.viaBranch && needed.every((name) => message?.hasHeader(name))) handOver(core, message);
  } catch (error) {
    record({ fact: 'fault', callId: null, reason: messageOf(error).slice(0, 200) });
    if (!(message instanceof Core.IncomingRequestMessage)) return;
    replyStateless(core, message, 400);
    disposeOne(core.userAgentServers, message.viaBranch);
  }
}

function handOver(core: Core.UserAgentCore, message: Core.IncomingRequestMessage | Core.IncomingResponseMessage): void {
  if (!hasReadableBody(message)) replyStateless(core, message, 415);
  else if (message instanceof Core.IncomingResponseMessage) core.receiveIncomingResponseFromTransport(message);
  else {
    // The core answers 404 unless the request is for its own user; an exchange is there for every number.
    if (message.ruri) core.configuration.aor = message.ruri;
    core.receiveIncomingRequestFromTransport(message);
  }
}

/** A body without a type makes sip.js's dialog throw half-built, and its corpse throws again when it is disposed of. */
function hasReadableBody(message: Core.IncomingRequestMessage | Core.IncomingResponseMessage): boolean {
  try {
    Core.getBody(message);
    return true;
  } catch {
    return false;
  }
}

function replyStateless(
  core: Core.UserAgentCore,
  message: Core.IncomingRequestMessage | Core.IncomingResponseMessage,
  statusCode: number,
): void {
  if (!(message instanceof Core.IncomingRequestMessage) || message.method === 'ACK') return;
  try {
    core.replyStateless(message, { statusCode });
  } catch {
    // So broken that not even a refusal can be built from it.
  }
}

type Disposable = { dispose: () => void };

function disposeOne(from: Map<string, Disposable>, key: string): void {
  try {
    from.get(key)?.dispose();
  } catch {
    // A half-built object: see hasReadableBody. Its timers are not running.
  }
  from.delete(key);
}

function disposeAll(from: Map<string, Disposable>): void {
  for (const key of [...from.keys()]) disposeOne(from, key);
}
