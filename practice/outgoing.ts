/** A customer rings the agent. */
import { Core } from 'sip.js';
import { assertLive, type Call, createCall, endCall, hangUp, type Line, mediaOf } from './call.ts';
import { useSession } from './dialog.ts';

export type OutgoingCall = {
  call: Call;
  /** Resolves true when the agent took the call and the media stands agreed, false when it ended before. */
  answered: Promise<boolean>;
  /** Stops ringing; nothing when it was answered. */
  cancel: () => void;
};

/** Rings at a registered contact. The display name is empty, as it is from a public network. */
export async function ringContact(line: Line, contact: Core.URI, user: string, number: string): Promise<OutgoingCall> {
  const from = new Core.URI('sip', number, line.domain);
  const to = new Core.URI('sip', user, line.domain);
  const message = line.core.makeOutgoingRequestMessage('INVITE', contact, from, to, {}, [line.contactHeader]);
  const call = createCall(line, message.callId, user, number);
  const media = mediaOf(call);
  const offer = await media.offer();
  assertLive(call);
  message.body = { contentType: 'application/sdp', body: offer };
  line.record({ fact: 'ringsBack', callId: call.callId, user, number });

  let taken: (taken: boolean) => void = () => {};
  const answered = new Promise<boolean>((resolve) => {
    taken = resolve;
  });
  void call.ended.then(() => taken(false));
  const refused = (response: Core.IncomingResponse): void =>
    endCall(call, { by: 'reject', status: response.message.statusCode ?? 0 });

  const invitation = line.core.invite(message, {
    onProgress: ({ message: { statusCode } }) =>
      line.record({ fact: 'ringing', callId: call.callId, status: statusCode ?? 0 }),
    onReject: refused,
    onRedirect: refused,
    onAccept: (response) => {
      response.ack();
      call.acknowledged = true;
      useSession(call, response.session);
      const answer = Core.getBody(response.message);
      if (call.end || !answer) {
        response.session.bye();
        return endCall(call, { by: 'customer' });
      }
      line.record({ fact: 'answered', callId: call.callId, by: 'agent' });
      media.accept(answer.content).then(
        () => taken(true),
        () => hangUp(call, 'bad answer'),
      );
    },
  });

  return {
    call,
    answered,
    cancel: () => {
      if (call.session || call.end) return;
      invitation.cancel();
      endCall(call, { by: 'cancel', status: 487 });
    },
  };
}
