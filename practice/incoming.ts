/** The agent rings a customer: the called side's responses. */
import { Core } from 'sip.js';
import { assertLive, type Call, createCall, endCall, type Line, mediaOf, sessionBody } from './call.ts';
import { type Caption, captionHeader } from './captions.ts';
import { useSession } from './dialog.ts';

/** The offer cannot be answered; the caller of this room's functions sends 488. */
export class NotAcceptable extends Error {}

export type IncomingCall = {
  call: Call;
  ring: () => void;
  /** 183 with audio: what is played now is heard before the answer. */
  early: (caption: Caption) => Promise<void>;
  /** Resolves with the ACK: a sip.js phone drops an INFO that comes before it, and with it the first caption. */
  answer: () => Promise<void>;
  /** `cause` is Q.850 (1–127), sent as a Reason header. */
  reject: (status: number, cause?: number, caption?: Caption) => void;
};

export function incomingCall(
  line: Line,
  request: Core.IncomingInviteRequest,
  user: string,
  number: string,
): IncomingCall {
  const call = createCall(line, request.message.callId, user, number);
  let description: string | undefined;

  request.delegate = {
    onCancel: () => {
      endCall(call, { by: 'cancel', status: 487 });
      try {
        request.reject({ statusCode: 487 });
      } catch {
        // Our final response crossed the CANCEL: the caller has it and will ACK or BYE.
      }
    },
    onTransportError: () => endCall(call, { by: 'lost' }),
  };

  const agreed = async (): Promise<string> => {
    const offer = Core.getBody(request.message);
    if (offer?.contentType !== 'application/sdp') throw new NotAcceptable('no session description');
    const media = mediaOf(call);
    description ??= await media.answer(offer.content).catch((error: unknown) => {
      throw new NotAcceptable(String(error));
    });
    assertLive(call);
    return description;
  };
  const progress = (statusCode: number, extraHeaders: string[], body?: Core.Body): void => {
    useSession(call, request.progress({ statusCode, extraHeaders, ...(body && { body }) }).session);
    line.record({ fact: 'ringing', callId: call.callId, status: statusCode });
  };

  return {
    call,
    ring: () => {
      assertLive(call);
      progress(180, []);
    },
    early: async (caption) => {
      assertLive(call);
      const body = sessionBody(await agreed());
      line.record({ fact: 'caption', callId: call.callId, ...caption });
      progress(183, [captionHeader(caption)], body);
    },
    answer: async () => {
      assertLive(call);
      const body = sessionBody(await agreed());
      const acknowledged = new Promise<void>((resolve) => {
        call.onAck = resolve;
      });
      line.record({ fact: 'answered', callId: call.callId, by: 'customer' });
      useSession(call, request.accept({ statusCode: 200, body }).session);
      await Promise.race([acknowledged, call.ended]);
      assertLive(call);
    },
    reject: (statusCode, cause, caption) => {
      assertLive(call);
      const reason = cause === undefined ? [] : [`Reason: Q.850;cause=${cause}`];
      request.reject({ statusCode, extraHeaders: [...reason, ...(caption ? [captionHeader(caption)] : [])] });
      endCall(call, { by: 'reject', status: statusCode });
    },
  };
}
