/**
 * The line's single acts on sip.js's core: connect, register, check, ping, move, unregister. No retries and no timers that outlive an act: the line
 * machine owns those (sip.js's own Registerer would be a second owner, and still says *Registered* after the socket was cut).
 *
 *   register   REGISTER ─► 401 ─► REGISTER with digest ─► 200 with the seconds granted to *our* Contact
 *   check      REGISTER without Contact ─► 401 ─► … ─► 200 with the bindings held: ours among them?
 *   ping       OPTIONS ─► any answer at all
 *   move       second socket ─► register over it ─► it takes the first one's place
 *
 * REGISTERs go one after the other (RFC 3261 10.2: none before the last one was answered). What waits for an answer is rejected the moment
 * its socket is gone, so that nothing of an old socket keeps a new one waiting.
 */
import { Core, type UserAgent, UserAgentState } from 'sip.js';
import { Problem } from '#shared/problem.ts';
import type { BindingCheck, Granted, LineDriver } from './phone.ts';
import { type PhoneProblemCode, phoneProblem } from './phoneProblems.ts';
import type { OpenWire, SipSocket } from './sipSocket.ts';

const credentialStatuses: readonly number[] = [401, 403, 404, 407];

const leastSeconds = 5;
const mostSeconds = 86_400;

/** The `expires` of our own Contact in an answer, as it stands there; undefined: it is not listed. `ours`: says whether an address is ours. */
function ownExpiry(
  message: Core.IncomingResponseMessage,
  ours: (uri: Core.URI) => boolean,
): { seconds: number | undefined } | undefined {
  const count = message.getHeaders('contact').length;
  let found: { seconds: number | undefined } | undefined;
  for (let index = 0; index < count; index++) {
    // as: parseHeader is untyped in sip.js; a Contact that does not parse is undefined
    const contact = message.parseHeader('contact', index) as Core.NameAddrHeader | undefined;
    if (!contact || !ours(contact.uri)) continue;
    const seconds = Number(contact.getParam('expires') ?? message.getHeader('expires') ?? Number.NaN);
    found = { seconds: Number.isFinite(seconds) ? seconds : undefined };
  }
  return found;
}

/** The seconds the registrar grants to our Contact (RFC 3261 10.2.4), from 5 s to a day; what it does not say counts as asked. */
export function grantedSeconds(message: Core.IncomingResponseMessage, user: string | undefined, asked: number): number {
  const own = ownExpiry(message, (uri) => uri.user === user);
  const seconds = own ? (own.seconds ?? asked) : Number(message.getHeader('expires') ?? asked);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, leastSeconds), mostSeconds) : asked;
}

/** What a registrar's answer to a REGISTER without Contact says of ours: NOT_BOUND also when the seconds it lists are used up. */
export function bindingCheck(message: Core.IncomingResponseMessage, user: string | undefined): BindingCheck {
  const own = ownExpiry(message, (uri) => uri.user === user);
  if (!own && message.getHeaders('contact').length > 0) return { held: 'NOT_BOUND', others: true };
  if (!own || own.seconds === 0) return { held: 'NOT_BOUND' };
  return own.seconds === undefined ? { held: 'BOUND' } : { held: 'BOUND', seconds: Math.min(own.seconds, mostSeconds) };
}

type Outcome = { status: number; message: Core.IncomingResponseMessage };

/** The driver of the line machine over one user agent. */
export function createSipLine(options: {
  userAgent: UserAgent;
  socket: SipSocket;
  domain: string;
  user: string;
  open: OpenWire;
  inCall: () => boolean;
}): Omit<LineDriver, 'setVoiceServers'> {
  const { userAgent, socket, open } = options;
  const core = userAgent.userAgentCore;
  const registrar = new Core.URI('sip', '', options.domain);
  const self = new Core.URI('sip', options.user, options.domain);
  const closedListeners = new Set<() => void>();
  const callId = `${crypto.randomUUID()}`;
  const waiting = new Set<() => void>();
  let sequence = 0;
  let lastRegister: Promise<unknown> = Promise.resolve();
  /** Line machine and phone both say goodbye: once is enough. */
  let leaving: Promise<void> | undefined;

  const giveUpWaiting = () => {
    for (const giveUp of [...waiting]) giveUp();
  };
  socket.onLost = () => {
    giveUpWaiting();
    for (const listener of [...closedListeners]) listener();
  };

  /** Sends one request and waits for its final answer; `silent` when none came, or sip.js made one up itself. */
  const ask = (request: Core.OutgoingRequestMessage, limit: number, silent: PhoneProblemCode): Promise<Outcome> =>
    new Promise((resolve, reject) => {
      if (!socket.isConnected()) {
        reject(phoneProblem('LINE_UNREACHABLE'));
        return;
      }
      const over = (how: () => void) => {
        clearTimeout(timer);
        waiting.delete(giveUp);
        how();
      };
      const giveUp = () => over(() => reject(phoneProblem('LINE_UNREACHABLE')));
      const timer = setTimeout(() => over(() => reject(phoneProblem(silent))), limit);
      waiting.add(giveUp);
      const final = ({ message }: { message: Core.IncomingResponseMessage }) => {
        over(() => undefined);
        // sip.js answers itself with 408 or 503 when the wire fails; such a message was never on it.
        if (!message.data) reject(phoneProblem(silent));
        else resolve({ status: message.statusCode ?? 0, message });
      };
      const delegate = { onAccept: final, onReject: final, onRedirect: final };
      if (request.method === 'REGISTER') core.register(request, delegate);
      else core.request(request, delegate);
    });

  /** `seconds` undefined: without Contact, which only asks. */
  const registerRequest = (seconds: number | undefined) =>
    core.makeOutgoingRequestMessage(
      'REGISTER',
      registrar,
      self,
      self,
      { callId, cseq: ++sequence },
      seconds === undefined
        ? []
        : [
            `Contact: ${userAgent.contact.toString({ register: true })};expires=${seconds}`,
            `Expires: ${seconds}`,
            'Allow: ACK,CANCEL,INVITE,MESSAGE,BYE,OPTIONS,INFO,NOTIFY,REFER',
          ],
    );

  /** One REGISTER after the other; the turn of one begins when the last has its answer, or none will come. */
  const inTurn = <Result>(act: () => Promise<Result>): Promise<Result> => {
    const turn = lastRegister.then(act);
    lastRegister = turn.catch(() => undefined);
    return turn;
  };
  const askRegistrar = async (seconds: number | undefined, limit: number, silent: PhoneProblemCode) => {
    const outcome = await ask(registerRequest(seconds), limit, silent);
    sequence += 1; // a challenge was answered with a further CSeq
    return outcome;
  };

  const register = async (seconds: number, limit: number): Promise<Granted> => {
    let asked = seconds;
    const until = Date.now() + limit;
    let outcome = await askRegistrar(asked, limit, 'LINE_SILENT');
    const least = Number(outcome.message.getHeader('min-expires'));
    if (outcome.status === 423 && least > asked && least <= mostSeconds) {
      asked = least;
      outcome = await askRegistrar(asked, Math.max(0, until - Date.now()), 'LINE_SILENT');
    }
    if (outcome.status < 200 || outcome.status > 299) throw refusal(outcome.status);
    const { user } = userAgent.contact.uri;
    const listed = ownExpiry(outcome.message, (uri) => uri.user === user) !== undefined;
    return { grantedSeconds: grantedSeconds(outcome.message, user, asked), listed };
  };

  const refusal = (status: number): Problem =>
    phoneProblem(credentialStatuses.includes(status) ? 'LINE_CREDENTIALS' : 'LINE_NOT_REGISTERED', { status });

  return {
    async connect(proxy, limit) {
      giveUpWaiting();
      socket.configure({ url: proxy, limit, open });
      try {
        await (userAgent.state === UserAgentState.Stopped ? userAgent.start() : socket.connect());
      } catch (error) {
        throw phoneProblem('LINE_UNREACHABLE', error);
      }
    },
    register: (seconds, limit) => inTurn(() => register(seconds, limit)),
    check: (limit) =>
      inTurn(async () => {
        const { status, message } = await askRegistrar(undefined, limit, 'LINE_SILENT');
        if (credentialStatuses.includes(status)) throw refusal(status);
        if (status < 200 || status > 299) return { held: 'UNKNOWN' };
        return bindingCheck(message, userAgent.contact.uri.user);
      }),
    async ping(limit) {
      await ask(core.makeOutgoingRequestMessage('OPTIONS', registrar, self, registrar, {}), limit, 'LINE_SILENT');
    },
    async move(proxy, seconds, limit) {
      const beside = await socket.openBeside({ url: proxy, limit, open }).catch((error: unknown) => {
        throw phoneProblem('LINE_UNREACHABLE', error);
      });
      return inTurn(async () => {
        try {
          beside.speak(true);
          const granted = await register(seconds, limit);
          // A call that began meanwhile has its dialog with the first proxy.
          if (options.inCall()) throw phoneProblem('LINE_IN_USE');
          beside.adopt();
          return granted;
        } catch (error) {
          beside.drop();
          throw error instanceof Problem && error.code !== 'LINE_UNREACHABLE'
            ? error
            : phoneProblem('LINE_NOT_REGISTERED', error);
        }
      });
    },
    inCall: options.inCall,
    setPassword(password) {
      // as: sip.js reads it anew for every challenge, and knows no other way to change it; it must not be renamed by a later version
      (userAgent.configuration as { authorizationPassword: string }).authorizationPassword = password;
    },
    unregister() {
      if (!socket.isConnected()) return Promise.resolve();
      if (leaving) return leaving;
      giveUpWaiting();
      leaving = inTurn(() => askRegistrar(0, 1_000, 'LINE_NOT_REGISTERED'))
        .then(
          () => undefined,
          () => undefined, // best effort: the binding also runs out
        )
        .finally(() => {
          leaving = undefined;
        });
      return leaving;
    },
    disconnect() {
      giveUpWaiting();
      void socket.disconnect();
    },
    onClosed(listener) {
      closedListeners.add(listener);
      return () => closedListeners.delete(listener);
    },
  };
}
