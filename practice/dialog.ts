/** What happens inside an established call: ACK, BYE, INFO, hold and resume both ways, transfer. */
import { Core } from 'sip.js';
import { assertLive, type Call, digitHeard, endCall, hangUp, mediaOf, messageOf, sessionBody } from './call.ts';
import { readStep, STEP_TYPE } from './captions.ts';
import { colleagueAt, transferSteps } from './colleagues.ts';

/** Takes the session a call got with a provisional or final response. */
export function useSession(call: Call, session: Core.Session): void {
  call.session = session;
  session.delegate = {
    onAck: () => {
      call.acknowledged = true;
      call.afterAck?.();
      call.onAck();
    },
    onAckTimeout: () => {
      session.bye();
      endCall(call, { by: 'lost' });
    },
    // The end is in the log before the answer leaves: whoever sees the 200 can rely on it.
    onBye: (request) => {
      endCall(call, { by: 'agent' });
      request.accept();
    },
    onInfo: (request) => informed(call, request),
    onInvite: (request) => void reinvited(call, request),
    onRefer: (request) => referred(call, request),
  };
}

function informed(call: Call, request: Core.IncomingInfoRequest): void {
  const type = (request.message.getHeader('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const body = request.message.body ?? '';
  if (type === STEP_TYPE) stepAsked(call, request, body);
  else digitSent(call, request, digitTypes[type]?.(body) ?? '');
}

function stepAsked(call: Call, request: Core.IncomingInfoRequest, body: string): void {
  const step = readStep(body);
  if (step === undefined) {
    request.reject({ statusCode: 400 });
    return;
  }
  request.accept();
  call.line.record({ fact: 'step', callId: call.callId, ...step });
  call.onStep(step);
}

const digitTypes: Readonly<Record<string, (body: string) => string | undefined>> = {
  'application/dtmf': (body) => body.trim(),
  'application/dtmf-relay': (body) => /Signal\s*=\s*(\S)/i.exec(body)?.[1],
};

function digitSent(call: Call, request: Core.IncomingInfoRequest, digit: string): void {
  if (!/^[0-9A-D*#]$/i.test(digit)) {
    request.reject({ statusCode: 415 });
    return;
  }
  request.accept();
  digitHeard(call, digit.toUpperCase(), 'info');
}

/**
 * The agent holds, resumes, or moves the media. Refused with 491 while an earlier 2xx waits for its ACK: sip.js keeps one
 * retransmission timer a dialog, and a second 2xx would leave the first one running for good.
 */
async function reinvited(call: Call, request: Core.IncomingInviteRequest): Promise<void> {
  if (!call.acknowledged) {
    request.reject({ statusCode: 491 });
    return;
  }
  try {
    const offer = Core.getBody(request.message);
    const media = mediaOf(call);
    const description = offer ? await media.answer(offer.content) : await media.offer();
    assertLive(call);
    call.acknowledged = false;
    request.accept({
      statusCode: 200,
      extraHeaders: [call.line.contactHeader],
      body: sessionBody(description),
    });
    call.line.record({ fact: 'held', callId: call.callId, by: 'agent', held: media.isPaused() });
  } catch (error) {
    call.line.record({ fact: 'fault', callId: call.callId, reason: `re-INVITE: ${messageOf(error)}` });
    refuse(() => request.reject({ statusCode: 488 }));
  }
}

/** Passing the customer on: to a number, or (Replaces) onto another call of the same agent, which ends then as it would with a real phone. */
function referred(call: Call, request: Core.IncomingReferRequest): void {
  const target: unknown = request.message.parseHeader('refer-to');
  if (!(target instanceof Core.NameAddrHeader)) {
    request.reject({ statusCode: 400 });
    return;
  }
  const number = target.uri.user ?? '';
  const replaces = decodeReplaces(target.uri.getHeader('Replaces')?.[0]);
  const colleague = colleagueAt(replaces === undefined ? number : (callById(call, replaces)?.number ?? number));
  if (colleague?.refersRefused) {
    request.reject({ statusCode: 603 });
    return;
  }
  request.accept({ statusCode: 202 });
  call.line.record({ fact: 'transfer', callId: call.callId, target: number, attended: replaces !== undefined });
  notifyTransfer(call, 'active;expires=60', 'SIP/2.0 100 Trying\r\n');
  const tell = (status: string) => {
    const isFinal = !status.startsWith('1');
    notifyTransfer(call, isFinal ? 'terminated;reason=noresource' : 'active;expires=60', `SIP/2.0 ${status}\r\n`);
    if (isFinal) call.line.record({ fact: 'transferred', callId: call.callId, status: Number(status.slice(0, 3)) });
  };
  if (replaces === undefined) {
    for (const { status, after } of transferSteps(call, colleague)) call.line.later(after, () => tell(status));
    return;
  }
  call.line.later(200, () => {
    const other = callById(call, replaces);
    tell(other ? '200 OK' : '481 Call/Transaction Does Not Exist');
    if (other) hangUp(other, 'Replaced');
  });
}

const callById = (call: Call, callId: string): Call | undefined =>
  [...call.line.calls].find((live) => live.callId === callId);

/** The Call-ID of a Replaces header as it stands in a URI; undefined when there is none. */
function decodeReplaces(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  try {
    return decodeURIComponent(header).split(';')[0];
  } catch {
    return '';
  }
}

function notifyTransfer(call: Call, state: string, fragment: string): void {
  if (call.end) return;
  refuse(() =>
    call.session?.notify(undefined, {
      extraHeaders: ['Event: refer', `Subscription-State: ${state}`, call.line.contactHeader],
      body: { contentDisposition: 'render', contentType: 'message/sipfrag;version=2.0', content: fragment },
    }),
  );
}

/** The customer puts the agent on hold or takes the call up again. False when the agent's side refused. Throws CallOver. */
export async function holdAgent(call: Call, held: boolean): Promise<boolean> {
  assertLive(call);
  const media = mediaOf(call);
  const description = await media.offer(held ? 'sendonly' : 'sendrecv');
  assertLive(call);
  const agreed = await new Promise<boolean>((resolve) => {
    const { session } = call;
    if (!session) return resolve(false);
    void call.ended.then(() => resolve(false));
    session.invite(
      {
        onAccept: (response) => {
          response.ack();
          const body = Core.getBody(response.message);
          if (!body) return resolve(false);
          media.accept(body.content).then(
            () => resolve(true),
            () => resolve(false),
          );
        },
        onReject: () => resolve(false),
      },
      { extraHeaders: [call.line.contactHeader], body: sessionBody(description) },
    );
  });
  assertLive(call);
  if (agreed) call.line.record({ fact: 'held', callId: call.callId, by: 'customer', held });
  else hangUp(call, 'hold refused');
  return agreed;
}

/** Does what may come too late: the transaction or the dialog may be gone, and then there is nobody to tell. */
function refuse(act: () => unknown): void {
  try {
    act();
  } catch {
    // gone: see above
  }
}
