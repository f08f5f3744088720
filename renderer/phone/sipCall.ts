/**
 * One SIP call, both directions: what they share from the answer on. `sipDial.ts` and `sipIncoming.ts` bring it there.
 *
 *   starting ──► ringing ──► talking ──► ended          (callRecord.ts)
 *                              │  ▲
 *               socket, audio lost │ back                a call outlives its socket, and its audio for 30 s (mediaRecovery.ts)
 *                              └──┘
 *
 * Who ends what: `end` tells listeners, closes the media at once and lets the session go its way; a BYE or CANCEL that cannot be said now
 * is said by the socket after reconnection (sipSocket.ts). sip.js's `Terminated` carries no reason, so whoever knows the reason says it
 * first, and `Terminated` is only the net below.
 */
import { Core, type Session, SessionState } from 'sip.js';
import type { CallEnded } from '#shared/call/callResult.ts';
import { createQualityWatch } from '#shared/call/quality.ts';
import type { Text } from '#shared/text.ts';
import type { Speaker } from './audio.ts';
import { type CallRecord, createCallRecord } from './callRecord.ts';
import { createDigits, extensionAfterMilliseconds } from './digits.ts';
import { byeOf } from './farewells.ts';
import { audioDirection, endedByOther, holdEvent, otherHolds, readNote } from './farWords.ts';
import { askFarSide } from './inDialog.ts';
import { type CallMedia, createCallMedia, type MediaOptions } from './media.ts';
import type { Ahead } from './mediaAhead.ts';
import { type MediaRecovery, watchMedia } from './mediaRecovery.ts';
import type { Call, Digit } from './phone.ts';
import { phoneProblem } from './phoneProblems.ts';
import { createReinviter } from './reinvite.ts';
import type { SipSocket } from './sipSocket.ts';
import { createTransfers } from './transfer.ts';

export type SipCallParts = {
  socket: SipSocket;
  speaker: Speaker;
  mediaOptions: Pick<MediaOptions, 'configuration' | 'gathering' | 'newPeerConnection'>;
  /** Where sip.js's factory finds the media of a session. */
  mediaOf: WeakMap<Session, CallMedia>;
  /** The session of another call of this phone, while it is up. */
  sessionOf: (call: Call) => Session | undefined;
  domain: string;
  /** Asks the proxy at once, and gives the socket up when it does not answer. Never rejects. */
  checkLine: () => Promise<void>;
  /** What would end this call if the page were gone; undefined: nothing would be left (farewells.ts). */
  will: (call: object, farewell: string | undefined) => void;
  viaHost: string;
  now: () => number;
};

export type SipCall = Call & {
  /** While the conversation is up. */
  session(): Session | undefined;
  /** The socket is down, told by the phone. */
  lineLost(): void;
  /** Registered again, on whatever socket. */
  lineRegained(): void;
  networkChanged(): void;
  /** An offer of ours is being made or is out. */
  isOffering(): boolean;
  /** Answers an offer that came in an UPDATE; undefined while there is no conversation. */
  answerOffer(): ((offer: string) => Promise<string>) | undefined;
  /** Another microphone: speaks from now on, or is stopped when there is no media to speak into. */
  replaceTrack(track: MediaStreamTrack): void;
};

export type CallCore = {
  record: CallRecord;
  call: Omit<SipCall, 'answer'>;
  end(ended: CallEnded, sentence?: Text): void;
  /** The far side ended it: nothing is left to be said to it. */
  endByFar(ended: CallEnded, sentence?: Text): void;
  /** The session is there (before the INVITE, or with the incoming one). `letGo` ends it in its present state. */
  attach(session: Session, letGo: () => void): void;
  /** `ready`: the first offer waits for it. `ahead`: a peer connection that is ready already. */
  openMedia(
    session: Session,
    track: MediaStreamTrack,
    first?: { ready?: Promise<unknown> | undefined; ahead?: Ahead | undefined },
  ): CallMedia;
  callId(id: string): void;
  /** Another branch, which answered too, was let go. */
  branchLetGo(): void;
  /** Digits after the answer, once there is audio. */
  afterAnswer(digits: string): void;
};

/** The shared part of a call. `hangUpEarly`: how the agent's hang-up before the answer is named. */
export function createCallCore(
  parts: SipCallParts,
  identity: { id: string; direction: 'out' | 'in'; remoteNumber: string; hangUpEarly: CallEnded },
): CallCore {
  const record = createCallRecord(parts.now);
  const quality = createQualityWatch();
  let session: Session | undefined;
  let letGo: (() => void) | undefined;
  let media: CallMedia | undefined;
  let stopPlaying: (() => void) | undefined;
  let recovery: MediaRecovery | undefined;
  let callId: string | undefined;
  /** There was audio, if only once. */
  let mediaUp = false;
  /** The media know nothing of who answered: they have to be offered to them (media.ts, a forked call). */
  let offerDue = false;
  let anotherLetGo = false;
  let muted = false;
  let heldByUs = false;
  let heldByOther = false;
  let extension = '';
  let extensionDue = false;
  /** Of UPDATEs, under way. */
  let answeringOffers = 0;
  const reinviter = createReinviter({
    session: () => session,
    media: () => media,
    ownsCallId: identity.direction === 'out',
    headers: identity.direction === 'out' ? [`X-Attempt-Id: ${identity.id}`] : [],
    isAnswering: () => answeringOffers > 0,
  });
  const digits = createDigits({
    tone: (digit) => media?.insertDigits(digit) ?? false,
    info: (digit, milliseconds) => sendInfoDigit(digit, milliseconds),
    isUp: () => record.phase() === 'talking' || record.phase() === 'ringing',
    tell: record.tell,
  });
  const transfers = createTransfers({
    session: () => {
      if (!parts.socket.isConnected()) throw phoneProblem('LINE_DOWN');
      const own = call.session();
      if (!own) throw phoneProblem('TRANSFER_NOT_NOW');
      return own;
    },
    domain: parts.domain,
    tell: (stage) => record.tell({ type: 'call.transferring', stage }),
  });

  const end = (ended: CallEnded, sentence?: Text) => {
    if (record.phase() === 'ended') return;
    recovery?.stop();
    digits.stop();
    stopPlaying?.();
    media?.close();
    record.end(ended, sentence);
    try {
      letGo?.();
    } catch {
      // sip.js throws where the dialog has ended beneath the session (a request of ours was answered 481): nothing is left to be said.
    }
    parts.will(record, undefined);
  };

  const endByFar = (ended: CallEnded, sentence?: Text) => {
    letGo = undefined;
    end(ended, sentence);
  };

  const endWithoutAudio = () =>
    end({ reason: 'MEDIA_FAILED', by: 'NETWORK' }, phoneProblem('NO_COMMON_AUDIO').sentence);

  const noteOtherHold = (held: boolean) => {
    if (held === heldByOther) return;
    heldByOther = held;
    record.tell(holdEvent(held, 'OTHER'));
  };

  /**
   * Their hold may begin and end in an answer as well as in an offer: that of a re-INVITE of ours after their own was lost with a socket, the one
   * in their ACK (a re-INVITE without a description). To our hold `inactive` says nothing of theirs.
   */
  const noteAnswer = (sdp: string, weHold: boolean) => {
    if (record.phase() !== 'talking' || (weHold && audioDirection(sdp) === 'inactive')) return;
    noteOtherHold(otherHolds(sdp));
  };

  const hear = (message: Parameters<typeof readNote>[0]) => {
    const note = readNote(message);
    if (note) record.tell(note);
  };

  const dialExtension = async () => {
    if (extension === '' || record.phase() !== 'talking') throw phoneProblem('DIGIT_NOT_SENT');
    record.tell({ type: 'call.extensionBegun' });
    await digits.send(extension, true);
  };

  /** Once, when the call is answered and there is audio. What went wrong can be seen and dialled again. */
  const dialExtensionWhenDue = () => {
    if (!extensionDue || record.phase() !== 'talking' || !mediaUp) return;
    extensionDue = false;
    setTimeout(() => void dialExtension().catch(() => undefined), extensionAfterMilliseconds);
  };

  const watchAudio = (own: Session) =>
    watchMedia(
      {
        now: parts.now,
        packets: async () => (await media?.measure())?.packetsReceived,
        wanted: () => !heldByUs && !heldByOther,
        isLineUp: parts.socket.isConnected,
        checkLine: parts.checkLine,
        reinvite: (how) => reinviter.ask(how === 'same' ? undefined : media?.[how]),
        abandonReinvite: reinviter.abandon,
        askFarSide: () => askFarSide(own),
        tell: record.tell,
        end,
      },
      mediaUp,
    );

  /**
   * Who refuses has nothing to talk by with us. Nobody's answer (0), or one that crossed twice (491), is tried anew as with any call whose audio does not
   * come (mediaRecovery.ts).
   */
  const offerAnew = async () => {
    const status = await reinviter.ask();
    if (status !== undefined && status !== 0 && status !== 491) endWithoutAudio();
  };

  const established = (): Session => {
    if (!session || session.state !== SessionState.Established || record.phase() !== 'talking')
      throw phoneProblem('NOTE_NOT_SENT');
    return session;
  };

  const sendInfo = async (contentType: string, body: string): Promise<void> => {
    const content = { contentDisposition: 'render', contentType, content: body };
    await established().info({ requestOptions: { body: content } });
  };
  const sendInfoDigit = (digit: Digit, milliseconds: number) =>
    new Promise<void>((resolve, reject) => {
      const content = `Signal=${digit}\r\nDuration=${milliseconds}\r\n`;
      const refused = () => reject(phoneProblem('DIGIT_NOT_SENT'));
      const up = call.session();
      if (!up) return refused();
      up.info({
        requestOptions: {
          body: { contentDisposition: 'render', contentType: 'application/dtmf-relay', content },
        },
        requestDelegate: { onAccept: () => resolve(), onReject: refused, onRedirect: refused },
      }).catch(refused);
    });

  const setHeld = async (held: boolean): Promise<void> => {
    if (record.phase() !== 'talking' || !media) throw phoneProblem('HOLD_REFUSED');
    if (!parts.socket.isConnected()) throw phoneProblem('LINE_DOWN');
    if (held === heldByUs) return;
    const own = media;
    if (held) own.setHeld(true);
    const status = await reinviter.ask(() => own.setHeld(held));
    if (status === undefined) {
      heldByUs = held;
      record.tell(holdEvent(held, 'AGENT'));
      return;
    }
    own.setHeld(heldByUs);
    // The far side knows no such call any more (RFC 3261 14.1): nothing is left to hold.
    if (status === 481)
      endByFar({ reason: 'FAILED', by: 'NETWORK', sipStatus: status }, phoneProblem('CALL_GHOST').sentence);
    // A media proxy on the way may have taken our offer for granted (rtpengine does) and hold the audio back: said again as it was.
    else if (status > 0) void reinviter.ask();
    throw phoneProblem('HOLD_REFUSED', { status });
  };

  const call: CallCore['call'] = {
    id: identity.id,
    direction: identity.direction,
    remoteNumber: identity.remoteNumber,
    subscribe: record.subscribe,
    facts: () => ({
      ...record.facts(callId),
      quality: quality.summary(),
      transfers: transfers.tried().length > 0 ? [...transfers.tried()] : undefined,
    }),
    hangUp() {
      end(record.phase() === 'talking' ? { reason: 'HUNG_UP', by: 'AGENT' } : identity.hangUpEarly);
    },
    setMuted(next) {
      muted = next; // kept for media that does not exist yet: the agent may mute while the call is being set up
      media?.setMuted(next);
    },
    setHeld,
    sendDigit: (digit: Digit) => digits.send(digit),
    redialExtension: dialExtension,
    async transfer(to) {
      if ('hangUp' in to) {
        const replaces = parts.sessionOf(to);
        if (!replaces) throw phoneProblem('TRANSFER_NOT_NOW');
        await transfers.transfer({ number: to.remoteNumber, replaces });
      } else await transfers.transfer({ number: to.number });
      end({ reason: 'HUNG_UP', by: 'AGENT' });
    },
    session: () => (record.phase() === 'talking' && session?.state === SessionState.Established ? session : undefined),
    async sendNote(contentType, body) {
      if (!parts.socket.isConnected()) throw phoneProblem('LINE_DOWN');
      await sendInfo(contentType, body);
    },
    // While somebody holds, nothing is measured: silence is wanted then.
    measure: async () => quality.add(heldByUs || heldByOther ? undefined : await media?.measure()),
    lineLost() {
      if (record.phase() !== 'talking') end({ reason: 'LINE_LOST', by: 'NETWORK' }, phoneProblem('CALL_CUT').sentence);
      recovery?.lineLost();
    },
    lineRegained: () => recovery?.lineRegained(),
    networkChanged: () => recovery?.networkChanged(),
    isOffering: reinviter.isOffering,
    answerOffer() {
      const answering = call.session() && media;
      if (!answering) return undefined;
      return async (offer) => {
        answeringOffers += 1;
        try {
          await answering.setDescription(offer);
          const { body } = await answering.getDescription();
          noteOtherHold(otherHolds(offer));
          return body;
        } catch (error) {
          // Taken in, but not to be answered: nothing of it may stay, as after a re-INVITE.
          await answering.rollbackDescription?.().catch(() => undefined);
          throw error;
        } finally {
          answeringOffers -= 1;
        }
      };
    },
    replaceTrack(track) {
      if (!media) track.stop();
      else void media.replaceTrack(track).catch(() => track.stop()); // the connection is just being closed
    },
  };

  return {
    record,
    call,
    end,
    endByFar,
    callId: (id) => {
      callId = id.slice(0, 300);
    },
    branchLetGo: () => {
      anotherLetGo = true;
      recovery?.branchLetGo();
    },
    afterAnswer: (digitsOfPermit) => {
      extension = digitsOfPermit;
      extensionDue = true;
    },
    attach(attached, release) {
      session = attached;
      letGo = release;
      attached.delegate = {
        onBye: (bye) => {
          void bye.accept().catch(() => undefined);
          endByFar(endedByOther('HUNG_UP', bye.request));
        },
        onInfo: (info) => {
          void info.accept().catch(() => undefined);
          hear(info.request);
        },
        onInvite: (request, _response, status) => {
          if (status === 200 && request.body) noteOtherHold(otherHolds(request.body));
        },
        // sip.js would dial whatever a REFER names. Nothing is dialled here without a permit.
        onRefer: (referral) => void referral.reject({ statusCode: 603 }).catch(() => undefined),
      };
      attached.stateChange.addListener((state) => {
        if (state === SessionState.Established && record.phase() !== 'ended') {
          // Before anybody sees the answer: the sooner it is kept, the less can be lost.
          const { dialog } = attached;
          if (dialog instanceof Core.Dialog) parts.will(record, byeOf(dialog, parts.socket.protocol, parts.viaHost));
          record.tell({ type: 'call.answered' });
          recovery = watchAudio(attached);
          if (anotherLetGo) recovery.branchLetGo();
          if (offerDue) void offerAnew();
          dialExtensionWhenDue();
        } else if (state === SessionState.Terminated) {
          // Whoever knows why says so within this turn of the loop; this is the net below.
          setTimeout(() => end({ reason: 'FAILED', by: 'NETWORK' }), 0);
        }
      });
    },
    openMedia(owner, track, first = {}) {
      const opened = createCallMedia({
        ...parts.mediaOptions,
        track,
        ...first,
        onRemoteStream: (stream) => {
          stopPlaying?.();
          stopPlaying = parts.speaker.play(stream);
        },
        onState: (state) => {
          if (state === 'connected' && !mediaUp) {
            mediaUp = true;
            record.tell({ type: 'call.mediaConnected' });
            recovery?.state(state);
            dialExtensionWhenDue();
          } else if (recovery) recovery.state(state);
          else if (state === 'failed')
            end({ reason: 'MEDIA_FAILED', by: 'NETWORK' }, phoneProblem('NO_NETWORK_PATH').sentence);
        },
        onRenewed: () => {
          stopPlaying?.();
          stopPlaying = undefined;
          if (recovery) return recovery.renewed(); // which has asked for it, and sees to the rest
          mediaUp = false;
          offerDue = true;
        },
        onDescription: () => {
          // sip.js drops an INFO that comes between the 200 and the end of our work on its description: the first caption of a
          // customer who speaks at once. The dialog stands by then, so we listen there.
          const delegate = session?.dialog?.delegate;
          if (delegate && session?.state === SessionState.Establishing)
            delegate.onInfo = (request) => {
              request.accept();
              hear(request.message);
            };
        },
        onAnswer: noteAnswer,
        onBroken: endWithoutAudio,
      });
      media = opened;
      opened.setMuted(muted);
      parts.mediaOf.set(owner, opened);
      return opened;
    },
  };
}
