/**
 * The line's single acts on sip.js's core: connect, register, ping, unregister. No retries and no timers that outlive an act: the line
 * machine owns those (sip.js's own Registerer would be a second owner, and still says *Registered* after the socket was cut).
 *
 *   register   REGISTER ─► 401 ─► REGISTER with digest ─► 200 with the seconds granted to *our* Contact
 *   ping       OPTIONS ─► any answer at all
 */
import { Core, type UserAgent, UserAgentState } from 'sip.js';
import type { Problem } from '#shared/problem.ts';
import type { LineDriver } from './phone.ts';
import { type PhoneProblemCode, phoneProblem } from './phoneProblems.ts';
import type { OpenWire, SipSocket } from './sipSocket.ts';

const credentialStatuses: readonly number[] = [401, 403, 404, 407];

/** The seconds the registrar grants to our Contact (RFC 3261 10.2.4), from 5 s to a day; what it does not say counts as asked. */
export function grantedSeconds(message: Core.IncomingResponseMessage, user: string | undefined, asked: number): number {
  const count = message.getHeaders('contact').length;
  let seconds: number | undefined;
  for (let index = 0; index < count; index++) {
    // as: parseHeader is untyped in sip.js; a Contact that does not parse is undefined
    const contact = message.parseHeader('contact', index) as Core.NameAddrHeader | undefined;
    if (contact?.uri.user !== user) continue;
    seconds = Number(contact?.getParam('expires') ?? message.getHeader('expires') ?? asked);
  }
  seconds ??= Number(message.getHeader('expires') ?? asked);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 5), 86_400) : asked;
}

type Outcome = { status: number; message: Core.IncomingResponseMessage };

/** The driver of the line machine over one user agent. */
export function createSipLine(options: {
  userAgent: UserAgent;
  socket: SipSocket;
  domain: string;
  user: string;
  open: OpenWire;
}): LineDriver {
  const { userAgent, socket, open } = options;
  const core = userAgent.userAgentCore;
  const registrar = new Core.URI('sip', '', options.domain);
  const self = new Core.URI('sip', options.user, options.domain);
  const closedListeners = new Set<() => void>();
  const callId = `${crypto.randomUUID()}`;
  let sequence = 0;

  socket.onLost = () => {
    for (const listener of [...closedListeners]) listener();
  };

  /** Sends one request and waits for its final answer; `silent` when none came, or sip.js made one up itself. */
  const ask = (request: Core.OutgoingRequestMessage, limit: number, silent: PhoneProblemCode): Promise<Outcome> =>
    new Promise((resolve, reject) => {
      if (!socket.isConnected()) {
        reject(phoneProblem('LINE_UNREACHABLE'));
        return;
      }
      const timer = setTimeout(() => reject(phoneProblem(silent)), limit);
      const final = ({ message }: { message: Core.IncomingResponseMessage }) => {
        clearTimeout(timer);
        // sip.js answers itself with 408 or 503 when the wire fails; such a message was never on it.
        if (!message.data) reject(phoneProblem(silent));
        else resolve({ status: message.statusCode ?? 0, message });
      };
      const delegate = { onAccept: final, onReject: final, onRedirect: final };
      if (request.method === 'REGISTER') core.register(request, delegate);
      else core.request(request, delegate);
    });

  const registerRequest = (seconds: number) =>
    core.makeOutgoingRequestMessage('REGISTER', registrar, self, self, { callId, cseq: ++sequence }, [
      `Contact: ${userAgent.contact.toString({ register: true })};expires=${seconds}`,
      `Expires: ${seconds}`,
      'Allow: ACK,CANCEL,INVITE,MESSAGE,BYE,OPTIONS,INFO,NOTIFY,REFER',
    ]);

  const refusal = (status: number): Problem =>
    phoneProblem(credentialStatuses.includes(status) ? 'LINE_CREDENTIALS' : 'LINE_NOT_REGISTERED', { status });

  return {
    async connect(proxy, limit) {
      socket.configure({ url: proxy, limit, open });
      try {
        await (userAgent.state === UserAgentState.Stopped ? userAgent.start() : socket.connect());
      } catch (error) {
        throw phoneProblem('LINE_UNREACHABLE', error);
      }
    },
    async register(seconds, limit) {
      let asked = seconds;
      const until = Date.now() + limit;
      let outcome = await ask(registerRequest(asked), limit, 'LINE_NOT_REGISTERED');
      sequence += 1; // a challenge was answered with a further CSeq
      const least = Number(outcome.message.getHeader('min-expires'));
      if (outcome.status === 423 && least > asked && least <= 86_400) {
        asked = least;
        outcome = await ask(registerRequest(asked), Math.max(0, until - Date.now()), 'LINE_NOT_REGISTERED');
        sequence += 1;
      }
      if (outcome.status < 200 || outcome.status > 299) throw refusal(outcome.status);
      return { grantedSeconds: grantedSeconds(outcome.message, userAgent.contact.uri.user, asked) };
    },
    async ping(limit) {
      await ask(core.makeOutgoingRequestMessage('OPTIONS', registrar, self, registrar, {}), limit, 'LINE_SILENT');
    },
    async unregister() {
      if (!socket.isConnected()) return;
      await ask(registerRequest(0), 1_000, 'LINE_NOT_REGISTERED').catch(() => undefined); // best effort: the binding also runs out
      sequence += 1;
    },
    disconnect() {
      void socket.disconnect();
    },
    onClosed(listener) {
      closedListeners.add(listener);
      return () => closedListeners.delete(listener);
    },
  };
}
