/**
 * The practice PBX: SIP over WebSocket on loopback, with simulated customers behind the numbers.
 *
 *     main.ts ──► startExchange ──► HTTP server ── /control, /health (control.ts)
 *                                       └─ WebSocket, subprotocol sip ──► connection.ts ──► register │ invite
 *                                                                                                   └─► scenario.ts
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Core } from 'sip.js';
import { WebSocketServer } from 'ws';
import { Problem } from '#shared/problem.ts';
import { behaviourAt, readPracticeContext } from './behaviour.ts';
import { type Call, CallOver, hangUp, type Line, messageOf } from './call.ts';
import { answerAsColleague, colleagueAt } from './colleagues.ts';
import { type Connection, createConnection, silentLoggers } from './connection.ts';
import { answerControl } from './control.ts';
import { customerAt, personOf, plainNumber, type Sentence } from './customers.ts';
import { holdAgent } from './dialog.ts';
import { createDigestServer } from './digest.ts';
import { createFactLog } from './facts.ts';
import { incomingCall } from './incoming.ts';
import type { BadNetwork } from './media.ts';
import { ringContact } from './outgoing.ts';
import { createPacer } from './pacer.ts';
import { createRegistrar } from './registrar.ts';
import { behave, converse, echo, nobodyThere, run } from './scenario.ts';
import { ringsBackWith } from './sentences.ts';
import { loadSpeech } from './speech.ts';

export const DOMAIN = 'practice.huifang';
export const ECHO_NUMBER = '9196';
/** The workstation's own origin in Electron. */
const APP_ORIGIN = 'app://huifang';
const MOST_BYTES = 16 * 1024;
const MOST_CALLS = 30;
const RINGS_BACK_FOR_SECONDS = 30;

export type ExchangeOptions = {
  /** 0 takes any free port. */
  port?: number;
  /** Pages that may open the socket, beside the workstation itself; clients without an Origin are let in. */
  origins?: readonly string[];
  /** User name to password. */
  accounts: Readonly<Record<string, string>>;
  /** Without one the control routes refuse everybody. */
  controlToken?: string;
  /** Ringing and thinking times are divided by it; 1 or more. */
  speed?: number;
  /** Facts are appended here, see facts.ts. */
  log?: string;
  /** Where speech.json and speech.adpcm lie. */
  prompts?: string;
};

export type CallReport = {
  callId: string;
  user: string;
  number: string;
  received: number;
  /** Of those, the ones in which something is to be heard. */
  voiced: number;
  sent: number;
  held: boolean;
  digits: string;
};
export type ExchangeControl = {
  /**
   * Rings the agent as the customer of that number, who gives up after `seconds` (1 to 60; 30 unless told). Gives the Call-ID.
   * Throws Problem when neither can be.
   */
  ringAgent: (user: string, number: string, how?: { says?: Sentence; seconds?: number | undefined }) => Promise<string>;
  calls: () => CallReport[];
  /** False when there is no such call. */
  hangUp: (callId: string) => boolean;
  /** The customer puts the agent on hold or takes the call up again. False when there is no such call or the agent's side refused. */
  hold: (callId: string, held: boolean) => Promise<boolean>;
  /** A bad network between customer and agent from now on. False when there is no such call. */
  spoil: (callId: string, network: BadNetwork) => boolean;
  /** From now on these and no others, two while one is being changed; bindings, sockets and calls stay. False when there is no such user. */
  changePasswords: (user: string, passwords: string[]) => boolean;
  /** Cuts the user's sockets without a word; false when there is none. */
  dropLine: (user: string) => boolean;
};
export type Exchange = ExchangeControl & { port: number; stop: () => Promise<void> };

/** Listens on 127.0.0.1 and nowhere else. Rejects when the port is taken or the prompts cannot be read. */
export async function startExchange(options: ExchangeOptions): Promise<Exchange> {
  const record = createFactLog(options.log);
  const speech = loadSpeech(options.prompts);
  const speed = Math.max(1, options.speed ?? 1);
  const passwords = new Map(Object.entries(options.accounts).map(([user, password]) => [user, [password]]));
  const digest = createDigestServer(DOMAIN, (user) => passwords.get(user) ?? []);
  const origins = new Set([APP_ORIGIN, ...(options.origins ?? [])]);
  const registrar = createRegistrar();
  const pacer = createPacer();
  const loggers = silentLoggers();
  const connections = new Set<Connection>();
  const attempts = new Map<string, number>();
  const timers = new Set<NodeJS.Timeout>();

  const later = (milliseconds: number, act: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, milliseconds);
    timers.add(timer);
  };
  const lineOf = ({ core, contactHeader, calls }: Connection): Line => ({
    core,
    contactHeader,
    calls,
    domain: DOMAIN,
    pacer,
    speed,
    record,
    later,
  });
  const liveCalls = (): Call[] => [...connections].flatMap(({ calls }) => [...calls]);

  /** The user, or undefined after the challenge was sent. */
  const trusted = (
    request: Core.IncomingRegisterRequest | Core.IncomingInviteRequest,
    proxy: boolean,
  ): string | undefined => {
    const { message } = request;
    const verdict = digest.verify(message.getHeader(proxy ? 'proxy-authorization' : 'authorization'), message.method);
    if (verdict.is === 'refused') {
      const challenge = `${proxy ? 'Proxy-Authenticate' : 'WWW-Authenticate'}: ${digest.challenge(verdict.stale)}`;
      request.reject({ statusCode: proxy ? 407 : 401, extraHeaders: [challenge] });
      return undefined;
    }
    if (message.from.uri.user === verdict.user) return verdict.user;
    request.reject({ statusCode: 403 });
    return undefined;
  };

  const register = (connection: Connection, request: Core.IncomingRegisterRequest): void => {
    const user = trusted(request, false);
    if (user === undefined) return;
    record({ fact: 'register', user, expires: registrar.register(connection, user, request) });
  };

  const invited = (connection: Connection, request: Core.IncomingInviteRequest): void => {
    const user = trusted(request, true);
    if (user === undefined) return;
    if (connection.calls.size >= MOST_CALLS) return void request.reject({ statusCode: 503 });
    const { message } = request;
    const number = plainNumber(decodeUser(message.ruri?.user));
    const context = readPracticeContext(message.getHeader('x-practice'));
    const attempt = context.attempt ?? (attempts.get(number) ?? 0) + 1;
    attempts.set(number, attempt);
    const attemptId = message.getHeader('x-attempt-id') ?? null;
    record({ fact: 'invite', callId: message.callId, attemptId, user, number, attempt });

    const incoming = incomingCall(lineOf(connection), request, user, number);
    if (number === ECHO_NUMBER) return void run(incoming, echo(incoming));
    const colleague = colleagueAt(number);
    if (colleague) return void run(incoming, answerAsColleague(incoming, speech, colleague));
    const customer = customerAt(number);
    if (!customer) return void run(incoming, nobodyThere(incoming, speech));
    const clock = context.clock === undefined ? new Date() : new Date(context.clock);
    const behaviour = behaviourAt(customer.behaviours, { clock, attempt, events: context.events });
    void run(incoming, behave(incoming, speech, customer.of, behaviour));
    if (behaviour.does === 'fails' && behaviour.ringsBack) {
      const { seconds, says } = behaviour.ringsBack;
      void incoming.call.ended.then(() => later((seconds * 1000) / speed, () => void ringUnasked(user, number, says)));
    }
  };

  const ringAgent: ExchangeControl['ringAgent'] = async (user, number, how = {}) => {
    const { says = ringsBackWith, seconds = RINGS_BACK_FOR_SECONDS } = how;
    const customer = customerAt(number);
    if (!customer) throw noSuchNumber();
    const binding = registrar.find(user);
    if (!binding) throw notRegistered();
    const person = personOf(customer.of, firstPerson(customer.behaviours, customer.of));
    const outgoing = await ringContact(lineOf(binding.connection), binding.uri, user, customer.number);
    const { call } = outgoing;
    // Not divided by speed: this is the agent's time to answer.
    later(seconds * 1000, outgoing.cancel);
    void outgoing.answered.then(async (answered) => {
      if (!answered) return;
      try {
        await converse(call, speech, customer.of, person, says);
      } catch (error) {
        if (error instanceof CallOver) return;
        record({ fact: 'fault', callId: call.callId, reason: messageOf(error).slice(0, 200) });
        hangUp(call, 'scenario failed');
      }
    });
    return call.callId;
  };

  /** Nobody waits for it: an agent who has left by then is simply not rung. */
  const ringUnasked = (user: string, number: string, says: Sentence): Promise<void> =>
    ringAgent(user, number, { says }).then(
      () => {},
      (error: unknown) => record({ fact: 'fault', callId: null, reason: messageOf(error).slice(0, 200) }),
    );

  const control: ExchangeControl = {
    ringAgent,
    calls: () =>
      liveCalls().map(({ callId, user, number, media, digits }) => {
        const { received, voiced, sent } = media?.statistics() ?? { received: 0, voiced: 0, sent: 0 };
        return { callId, user, number, received, voiced, sent, held: media?.isPaused() ?? false, digits };
      }),
    hangUp: (callId) => {
      const call = liveCalls().find((live) => live.callId === callId);
      if (call) hangUp(call);
      return call !== undefined;
    },
    hold: (callId, held) => {
      const call = liveCalls().find((live) => live.callId === callId);
      return call ? holdAgent(call, held) : Promise.resolve(false);
    },
    spoil: (callId, network) => {
      const call = liveCalls().find((live) => live.callId === callId);
      call?.media?.spoil(network);
      return call !== undefined;
    },
    changePasswords: (user, changed) => {
      const known = passwords.has(user);
      if (known) passwords.set(user, changed);
      return known;
    },
    dropLine: (user) => {
      const binding = registrar.find(user);
      binding?.connection.cut();
      return binding !== undefined;
    },
  };

  const server = http.createServer((request, response) =>
    answerControl(request, response, control, options.controlToken),
  );
  const sockets = new WebSocketServer({
    server,
    maxPayload: MOST_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has('sip') ? 'sip' : false),
    // Any page in any browser of this machine can reach loopback: its Origin is all that tells it apart.
    verifyClient: ({ origin, req }: { origin: string | undefined; req: http.IncomingMessage }, answer) => {
      const protocols = String(req.headers['sec-websocket-protocol'] ?? '').split(',');
      if (!protocols.some((protocol) => protocol.trim() === 'sip'))
        return answer(false, 400, 'subprotocol sip required');
      if (origin !== undefined && !origins.has(origin)) return answer(false, 403, 'origin refused');
      answer(true);
    },
  });
  sockets.on('connection', (socket) => {
    const connection = createConnection(socket, loggers, record, {
      register: (request) => register(connection, request),
      invited: (request) => invited(connection, request),
      closed: () => {
        connections.delete(connection);
        for (const user of registrar.drop(connection)) record({ fact: 'lineLost', user });
      },
    });
    connections.add(connection);
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo; // a listening TCP server has a port, not a pipe's name

  return {
    ...control,
    port,
    stop: async () => {
      for (const timer of timers) clearTimeout(timer);
      for (const connection of [...connections]) {
        connection.close();
        connection.cut();
      }
      sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function decodeUser(user: string | undefined): string {
  try {
    return decodeURIComponent(user ?? '');
  } catch {
    return user ?? '';
  }
}

/** Who rings: the one who rings back by the data, else the first who would answer, else anybody of the case. */
function firstPerson(
  behaviours: NonNullable<ReturnType<typeof customerAt>>['behaviours'],
  of: { people: object },
): string {
  for (const behaviour of behaviours) {
    if (behaviour.does === 'answers' && !behaviour.thenHangsUp) return behaviour.person;
    if (behaviour.does === 'fails' && behaviour.ringsBack) return behaviour.ringsBack.person;
  }
  return Object.keys(of.people)[0] ?? '';
}

const noSuchNumber = (): Problem =>
  new Problem('practice.noSuchNumber', 'input', {
    zh: '没有这个模拟客户，请选择演示号码。',
    en: 'No simulated customer has this number; choose a demo number.',
  });
const notRegistered = (): Problem =>
  new Problem('practice.notRegistered', 'phone', {
    zh: '该坐席话机未注册，请先签入。',
    en: 'This agent’s line is not registered; sign in first.',
  });
