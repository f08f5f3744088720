/**
 * What sip.js 0.21.2 has no function for within a dialog:
 *  - asking the far side whether it still knows the call (OPTIONS);
 *  - answering UPDATE (RFC 3311): session timers refresh with it (RFC 4028), IP networks hold and renegotiate with it. sip.js says 501, which
 *    some PBXs take for the end of the call. A refresh has no body; an offer in it is answered like that of a re-INVITE;
 *  - refusing an offer that crosses one of ours which is still being made (491): sip.js knows of it only once it is on the wire, and would take
 *    the far side's offer for the answer to ours.
 */
import { Core, type Session, type UserAgent } from 'sip.js';

/** What is hidden of sip.js's classes and needed here; the members are there in 0.21.2. */
type Client = {
  receiveResponse(message: Core.IncomingResponseMessage): void;
  authenticationGuard(message: Core.IncomingResponseMessage, dialog: Core.Dialog): boolean;
};
type Dialog = Core.SessionDialog & {
  sequenceGuard(message: Core.IncomingRequestMessage): boolean;
  dialogState: Core.DialogState;
};

/**
 * In-dialog OPTIONS. Resolves to the status of the answer, of a proxy's too (408: the far side does not answer); undefined: the wire
 * failed, or nobody answered in 32 s, which proves nothing. Never rejects.
 */
export function askFarSide(session: Session): Promise<number | undefined> {
  // as: sip.js's dialogs are all of this class; the type of the member is its narrower interface
  const dialog = session.dialog as Dialog | undefined;
  if (!dialog) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const answered = ({ message }: { message: Core.IncomingResponseMessage }) =>
      resolve(message.data ? message.statusCode : undefined);
    const request = dialog.createOutgoingRequestMessage('OPTIONS');
    const delegate = { onAccept: answered, onReject: answered, onRedirect: answered };
    const asking = new Core.UserAgentClient(Core.NonInviteClientTransaction, dialog.userAgentCore, request, delegate);
    const client = asking as unknown as Client; // as: protected members
    // A 408 that came is for sip.js the same as its own 32 s being over, and its message is lost.
    const hearTimeout = () => {
      const { transaction } = asking;
      const hear = transaction.receiveResponse.bind(transaction);
      transaction.receiveResponse = (message) => {
        if (message.statusCode === 408) resolve(message.statusCode);
        hear(message);
      };
    };
    const receive = client.receiveResponse.bind(asking);
    // A challenge is answered with a further CSeq, which the dialog must hear of, or its next request would repeat it.
    client.receiveResponse = (message) => {
      if (client.authenticationGuard(message, dialog)) receive(message);
      else hearTimeout();
    };
    hearTimeout();
  });
}

/** What is asked of a call. `answerOffer` takes the offer of an UPDATE and resolves to our answer; rejects when it cannot be used. */
export type OfferedCall = {
  isOffering(): boolean;
  answerOffer(): ((offer: string) => Promise<string>) | undefined;
};

/** Answers offers within dialogs from now on. `callOf`: by a dialog's Call-ID. */
export function answerOffers(userAgent: UserAgent, callOf: (callId: string) => OfferedCall | undefined): void {
  const core = userAgent.userAgentCore;
  const receive = core.receiveIncomingRequestFromTransport.bind(core);

  const answer = async (message: Core.IncomingRequestMessage, dialog: Dialog) => {
    const server = new Core.UserAgentServer(Core.NonInviteServerTransaction, core, message);
    const call = callOf(message.callId);
    const answerOffer = call?.answerOffer();
    const pending =
      call?.isOffering() === true ||
      dialog.reinviteUserAgentClient !== undefined ||
      dialog.signalingState !== Core.SignalingState.Stable;
    if (message.body && (pending || !answerOffer)) {
      // RFC 3311 5.2: our own offer is out, or the first exchange is not over.
      server.reject(dialog.early ? { statusCode: 500, extraHeaders: ['Retry-After: 2'] } : { statusCode: 491 });
      return;
    }
    let body: Core.Body | undefined;
    if (message.body && answerOffer) {
      try {
        const content = await answerOffer(message.body);
        body = { contentDisposition: 'session', contentType: 'application/sdp', content };
      } catch {
        server.reject({ statusCode: 488 });
        return;
      }
    }
    // as: parseHeader is untyped in sip.js; a Contact that does not parse is undefined
    const contact = message.parseHeader('contact') as Core.NameAddrHeader | undefined;
    if (contact?.uri) dialog.dialogState.remoteTarget = contact.uri;
    const timer = message.getHeader('session-expires') ?? message.getHeader('x');
    // We never refresh ourselves: whoever asks remains the refresher (RFC 4028 9).
    const timing =
      timer === undefined
        ? []
        : ['Require: timer', `Session-Expires: ${Number.parseInt(timer, 10) || 1800};refresher=uac`];
    server.accept({
      statusCode: 200,
      extraHeaders: [`Contact: ${userAgent.contact.toString()}`, ...timing],
      ...(body ? { body } : {}),
    });
  };

  core.receiveIncomingRequestFromTransport = (message) => {
    // as: all dialogs in it are of this class
    const dialog = core.dialogs.get(message.callId + message.toTag + message.fromTag) as Dialog | undefined;
    const isNew = dialog !== undefined && !core.userAgentServers.has(message.viaBranch);
    const crosses = message.method === 'INVITE' && callOf(message.callId)?.isOffering() === true;
    if (!isNew || (message.method !== 'UPDATE' && !crosses)) {
      receive(message);
      return;
    }
    if (!dialog.sequenceGuard(message)) return;
    dialog.dialogState.remoteSequenceNumber = message.cseq;
    if (crosses) new Core.UserAgentServer(Core.InviteServerTransaction, core, message).reject({ statusCode: 491 });
    else void answer(message, dialog);
  };
}
