/**
 * One SIP call, both directions: what they share from the answer on. `sipDial.ts` and `sipIncoming.ts` bring it there.
 *
 *   starting ──► ringing ──► talking ──► ended          (callRecord.ts)
 *                              │  ▲
 *                   socket down│  │socket back           a call outlives its socket as long as RTP flows
 *                              └──┘                      30 s, or 5 s without RTP ──► ended LINE_LOST
 *
 * Who ends what: `end` tells listeners, closes the media at once and lets the session go its way; a BYE or CANCEL that cannot be said now
 * is said by the socket after reconnection (sipSocket.ts). sip.js's `Terminated` carries no reason, so whoever knows the reason says it
 * first, and `Terminated` is only the net below.
 */
import { type Session, SessionState } from 'sip.js';
import type { CallEnded } from '#shared/call/callResult.ts';
import { createQualityWatch } from '#shared/call/quality.ts';
import type { Text } from '#shared/text.ts';
import type { Speaker } from './audio.ts';
import { type CallRecord, createCallRecord } from './callRecord.ts';
import { createDigits, extensionAfterMilliseconds } from './digits.ts';
import { endedByOther, holdEvent, otherHolds, readNote } from './farWords.ts';
import { type CallMedia, createCallMedia, type MediaOptions } from './media.ts';
import type { Call, Digit } from './phone.ts';
import { phoneProblem } from './phoneProblems.ts';
import type { SipSocket } from './sipSocket.ts';
import { createTransfers } from './transfer.ts';

/** A socket that stays away longer than this ends a running call. */
const lineAwayMilliseconds = 30_000;
/** Without line and without audio for so long nobody is there any more. */
const silenceWithoutLineMilliseconds = 5_000;
/** Audio that stays away for so long is told, not acted upon: a far side may suppress silence. */
const silenceMilliseconds = 20_000;
/** A re-INVITE nobody answers counts as refused. */
const reinviteMilliseconds = 8_000;

export type SipCallParts = {
  socket: SipSocket;
  speaker: Speaker;
  mediaOptions: Pick<MediaOptions, 'configuration' | 'gathering' | 'newPeerConnection'>;
  /** Where sip.js's factory finds the media of a session. */
  mediaOf: WeakMap<Session, CallMedia>;
  /** The session of another call of this phone, while it is up. */
  sessionOf: (call: Call) => Session | undefined;
  domain: string;
  now: () => number;
};

export type SipCall = Call & {
  /** While the conversation is up. */
  session(): Session | undefined;
  /** The socket is down, told by the phone. */
  lineLost(): void;
  lineRegained(): void;
  /** Another microphone: speaks from now on, or is stopped when there is no media to speak into. */
  replaceTrack(track: MediaStreamTrack): void;
};

export type CallCore = {
  record: CallRecord;
  call: Omit<SipCall, 'answer'>;
  end(ended: CallEnded, sentence?: Text): void;
  /** The far side ended it: nothing is left to be said to it. */
  endByFar(ended: CallEnded): void;
  /** The session is there (before the INVITE, or with the incoming one). `letGo` ends it in its present state. */
  attach(session: Session, letGo: () => void): void;
  /** `ready`: the first offer waits for it. */
  openMedia(session: Session, track: MediaStreamTrack, ready?: Promise<unknown>): CallMedia;
  callId(id: string): void;
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
  let watch: ReturnType<typeof setInterval> | undefined;
  let callId: string | undefined;
  let lostAt: number | undefined;
  let mediaUp = false;
  let muted = false;
  let heldByUs = false;
  let heldByOther = false;
  let extension = '';
  let extensionDue = false;
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
    clearInterval(watch);
    digits.stop();
    stopPlaying?.();
    media?.close();
    record.end(ended, sentence);
    letGo?.();
  };

  const endByFar = (ended: CallEnded) => {
    letGo = undefined;
    end(ended);
  };

  const noteOtherHold = (held: boolean) => {
    if (held === heldByOther) return;
    heldByOther = held;
    record.tell(holdEvent(held, 'OTHER'));
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

  const watchAudio = () => {
    let packets = -1;
    let heardAt = parts.now();
    let silent = false;
    watch = setInterval(() => {
      void (async () => {
        const received = (await media?.measure().catch(() => undefined))?.packetsReceived ?? packets;
        if (record.phase() !== 'talking') return;
        const now = parts.now();
        if (received !== packets || heldByUs || heldByOther) {
          packets = received;
          heardAt = now;
          if (silent) record.tell({ type: 'call.mediaConnected' });
          silent = false;
        }
        const silence = now - heardAt;
        if (lostAt !== undefined && (now - lostAt > lineAwayMilliseconds || silence > silenceWithoutLineMilliseconds))
          end({ reason: 'LINE_LOST', by: 'NETWORK' }, phoneProblem('LINE_DOWN').sentence);
        else if (silence > silenceMilliseconds && !silent) {
          silent = true;
          record.tell({ type: 'call.mediaLost' });
        }
      })();
    }, 1_000);
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

  /** One re-INVITE. Resolves to undefined when agreed, else to the status (0: no answer in time). */
  const reinvite = (): Promise<number | undefined> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => resolve(0), reinviteMilliseconds);
      const settle = (status: number | undefined) => {
        clearTimeout(timer);
        resolve(status);
      };
      session
        ?.invite({
          requestDelegate: {
            onAccept: () => settle(undefined),
            onReject: ({ message }) => settle(message.data ? (message.statusCode ?? 500) : 0),
          },
        })
        .catch(() => settle(0));
    });

  const setHeld = async (held: boolean): Promise<void> => {
    if (record.phase() !== 'talking' || !media) throw phoneProblem('HOLD_REFUSED');
    if (!parts.socket.isConnected()) throw phoneProblem('LINE_DOWN');
    if (held === heldByUs) return;
    media.setHeld(held);
    let status = await reinvite();
    if (status === 491) {
      // Both sides asked at once (RFC 3261 14.1): the owner of the Call-ID waits 2.1 to 4 s, the other up to 2 s.
      const wait = identity.direction === 'out' ? 2_100 + Math.random() * 1_900 : Math.random() * 2_000;
      await new Promise((resolve) => setTimeout(resolve, wait));
      status = record.phase() === 'talking' ? await reinvite() : 0;
    }
    if (status === undefined) {
      heldByUs = held;
      record.tell(holdEvent(held, 'AGENT'));
      if (!held) noteOtherHold(otherHolds(media.remoteDescription()));
      return;
    }
    media.setHeld(heldByUs);
    // The far side knows no such call any more (RFC 3261 14.1): nothing is left to hold.
    if (status === 481) endByFar({ reason: 'FAILED', by: 'NETWORK', sipStatus: status });
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
      lostAt ??= parts.now();
      if (record.phase() !== 'talking') end({ reason: 'LINE_LOST', by: 'NETWORK' }, phoneProblem('LINE_DOWN').sentence);
    },
    lineRegained() {
      lostAt = undefined;
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
          record.tell({ type: 'call.answered' });
          watchAudio();
          dialExtensionWhenDue();
        } else if (state === SessionState.Terminated) {
          // Whoever knows why says so within this turn of the loop; this is the net below.
          setTimeout(() => end({ reason: 'FAILED', by: 'NETWORK' }), 0);
        }
      });
    },
    openMedia(owner, track, ready) {
      const opened = createCallMedia({
        ...parts.mediaOptions,
        track,
        ready,
        onRemoteStream: (stream) => {
          stopPlaying?.();
          stopPlaying = parts.speaker.play(stream);
        },
        onState: (state) => {
          if (state === 'failed') {
            end(
              lostAt === undefined ? { reason: 'MEDIA_FAILED', by: 'NETWORK' } : { reason: 'LINE_LOST', by: 'NETWORK' },
            );
            return;
          }
          mediaUp = state === 'connected';
          record.tell({ type: mediaUp ? 'call.mediaConnected' : 'call.mediaLost' });
          dialExtensionWhenDue();
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
        onBroken: () => end({ reason: 'MEDIA_FAILED', by: 'NETWORK' }),
      });
      media = opened;
      opened.setMuted(muted);
      parts.mediaOf.set(owner, opened);
      return opened;
    },
  };
}
