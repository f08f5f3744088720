/**
 * An incoming call, from the INVITE to the answer or its end.
 *
 *   INVITE ─► 180 ─► answer(): microphone, media ─► 200 ─► ACK
 *               ├─ hangUp(): 486 (another station may still ring; 603 would end it for all)
 *               ├─ CANCEL of the caller ─► CANCELLED by OTHER
 *               └─ 60 s unanswered ─► 480, REFUSED by STATION: ours, for a caller may wait for ever
 *   INVITE while another call runs ─► 486 at once; told as a call that is over, so that the caller becomes a missed call
 *   INVITE while a test call runs ─► that one is hung up, this one rings (sipPhone.ts)
 */
import { type Invitation, SessionState } from 'sip.js';
import { type Microphone, sentenceOf } from './audio.ts';
import { callerNumber, endedByOther } from './farWords.ts';
import { phoneProblem } from './phoneProblems.ts';
import { createCallCore, type SipCall, type SipCallParts } from './sipCall.ts';

/** How long it rings when nobody takes it and the caller does not give up, ms. */
export const ringsMilliseconds = 60_000;

function coreOf(parts: SipCallParts, invitation: Invitation) {
  const core = createCallCore(parts, {
    id: crypto.randomUUID(),
    direction: 'in',
    remoteNumber: callerNumber((invitation.assertedIdentity ?? invitation.remoteIdentity).uri.user),
    hangUpEarly: { reason: 'REFUSED', by: 'AGENT' },
  });
  core.callId(invitation.request.callId);
  core.attach(invitation, () => {
    if (invitation.state === SessionState.Initial || invitation.state === SessionState.Establishing)
      void invitation.reject({ statusCode: 486 }).catch(() => undefined);
    else if (invitation.state === SessionState.Established) void invitation.bye().catch(() => undefined);
  });
  return core;
}

/** Answers busy without ringing: the call it returns has ended (REFUSED by STATION) before anybody can listen. */
export function refuseSipCall(parts: SipCallParts, invitation: Invitation): SipCall {
  const core = coreOf(parts, invitation);
  core.end({ reason: 'REFUSED', by: 'STATION', sipStatus: 486 });
  return { ...core.call, answer: () => Promise.reject(phoneProblem('CALL_NOT_THERE')) };
}

export function receiveSipCall(parts: SipCallParts & { microphone: Microphone }, invitation: Invitation): SipCall {
  const core = coreOf(parts, invitation);
  const { record, end } = core;

  invitation.delegate = {
    ...invitation.delegate,
    onCancel: (cancel) => core.endByFar(endedByOther('CANCELLED', cancel.request)),
  };
  record.tell({ type: 'call.ringing' });
  void invitation.progress({ statusCode: 180 }).catch(() => undefined);
  // Not sip.js's own limit: that ends the session without a reason, and the entry would blame the network.
  const limit = setTimeout(() => {
    void invitation.reject({ statusCode: 480 }).catch(() => undefined);
    core.endByFar({ reason: 'REFUSED', by: 'STATION', sipStatus: 480 });
  }, ringsMilliseconds);
  record.subscribe((event) => {
    if (event.type === 'call.ended') clearTimeout(limit);
  });

  return {
    ...core.call,
    async answer() {
      if (record.phase() !== 'ringing') throw phoneProblem('CALL_NOT_THERE');
      clearTimeout(limit);
      let track: MediaStreamTrack;
      try {
        track = await parts.microphone.track();
      } catch (error) {
        end({ reason: 'NO_MICROPHONE', by: 'STATION' }, sentenceOf(error));
        throw error;
      }
      if (record.phase() !== 'ringing') {
        track.stop();
        throw phoneProblem('CALL_NOT_THERE');
      }
      core.openMedia(invitation, track);
      try {
        await invitation.accept();
      } catch (error) {
        end({ reason: 'MEDIA_FAILED', by: 'STATION' }, sentenceOf(error));
        throw phoneProblem('NO_NETWORK_PATH', error);
      }
    },
  };
}
