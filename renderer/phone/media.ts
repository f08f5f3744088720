/**
 * The media of one call: a peer connection behind the interface sip.js wants, written for the traps sip.js's own handler leaves to us
 * (README of the SIP lab's measurements): capped gathering, early media, rollback after a refused re-INVITE, and hold without
 * one-way audio.
 *
 * Directions. We never copy the far side's direction into ours. `transceiver.direction` is always what *we* want (`sendrecv`, or `sendonly`
 * while we hold); the browser intersects it with the far side's when it answers. So resuming from `inactive` asks for `sendrecv`
 * again, whoever held first.
 *
 * While we hold, our track is silenced too: `sendonly` means we may still be heard, and the customer must not hear the room. From the moment it
 * is asked for until the far side has agreed to its end, for until then the screen says that they are on hold.
 *
 * A forked call. A browser that has begun with one branch (a provisional answer) may refuse another one's answer, or take it and be deaf (branches.ts).
 * Such an answer is left unused, another peer connection takes the place of the first one, and it is for the call to offer that one at once:
 *
 *   pranswer ─► heard ─► answer ─► applied                    of the same branch, one description for all, another key
 *                          └─► refused, or it would be deaf ─► the next connection ─► `onRenewed` ─► offer, answer (re-INVITE, sipCall.ts)
 *
 * A renewal. Where audio does not come back by new ways for the same connection, another one is offered (`renew`). It takes the place of the first when
 * the far side has agreed, not before: who refuses it leaves us what there was.
 */
import type { SessionDescriptionHandler } from 'sip.js';
import type { MediaReading } from '#shared/call/quality.ts';
import { sharesKeyOnly } from './branches.ts';
import { type Gathering, gathered } from './gathering.ts';
import type { Ahead } from './mediaAhead.ts';
import { continueSession } from './origin.ts';
import { phoneProblem } from './phoneProblems.ts';
import { retire } from './retire.ts';
import { readStatistics } from './statistics.ts';
import { hasVoice } from './voice.ts';

export type MediaState = 'connected' | 'lost' | 'failed';

export type CallMedia = SessionDescriptionHandler & {
  /** What the next offer or answer asks for. A hold silences the microphone at once, its end opens it when the far side has agreed. */
  setHeld(held: boolean): void;
  setMuted(muted: boolean): void;
  /** The description of a provisional answer: heard from now on, until another one that can be taken too or the final one comes (a forked call has several). */
  early(sdp: string): void;
  /** Takes back an offer of ours that nobody answers any more; nothing else is touched. */
  retractOffer(): Promise<void>;
  /** The next offer asks for new ways (ICE restart). */
  restart(): void;
  /** The next offer is of another connection, with a key of its own. */
  renew(): void;
  /** Another microphone speaks from now on, muted or held as the old one was; nothing is renegotiated. The old track is stopped. */
  replaceTrack(next: MediaStreamTrack): Promise<void>;
  /** False when the far side did not agree to RFC 4733. `digits` may hold `,` for a pause of 2 s. */
  insertDigits(digits: string): boolean;
  /** Counted since the media began; undefined while no audio is reported. */
  measure(): Promise<MediaReading | undefined>;
};

export type MediaOptions = {
  configuration: RTCConfiguration;
  track: MediaStreamTrack;
  gathering: Gathering;
  /** The first offer is handed out only after this; a rejection is the offer's. */
  ready?: Promise<unknown> | undefined;
  /** A peer connection with its first offer ready; else one is made now. */
  ahead?: Ahead | undefined;
  newPeerConnection: (configuration: RTCConfiguration) => RTCPeerConnection;
  /** The far side can be heard from here on, early media included. */
  onRemoteStream: (stream: MediaStream) => void;
  onState: (state: MediaState) => void;
  /**
   * Another connection stands in place of the one there was: the one `renew` asked for, agreed to; or, for a branch whose answer could not be used,
   * one that knows no far side yet, and an offer is due. Told within `setDescription`.
   */
  onRenewed: () => void;
  /** An answer that cannot be used: there will be no audio. Told once, never from within a call of ours. */
  onBroken: (reason: string) => void;
  /** A description of the far side is about to be applied; the session's dialog stands. */
  onDescription: () => void;
  /** An answer of the far side was applied, in whatever message it came; `weHold`: to an offer by which we hold. */
  onAnswer: (sdp: string, weHold: boolean) => void;
};

/** `before`: our last description of the session before this connection was of it. */
type Own = {
  readonly connection: RTCPeerConnection;
  readonly sender: RTCRtpSender;
  readonly before?: string | undefined;
};

/** Makes the media of one call; `close` ends it and the track. */
export function createCallMedia(options: MediaOptions): CallMedia {
  let track = options.track;
  /** Our last description, as it went out. */
  let said: string | undefined;
  const open = (): Own => {
    const opened = options.newPeerConnection(options.configuration);
    return { connection: opened, sender: opened.addTrack(track, new MediaStream([track])), before: said };
  };
  let current: Own = options.ahead ?? open();
  const speaking = options.ahead && current.sender.replaceTrack(track);
  /** Offered in place of the current one. */
  let next: Own | undefined;
  let renewDue = false;
  const offering = (): RTCPeerConnection => (next ?? current).connection;
  let offered = options.ahead !== undefined;
  /** The provisional description that is applied. */
  let heard: string | undefined;
  let hearing: Promise<unknown> = Promise.resolve();
  let held = false;
  /** By our offer that is out. */
  let offeredHeld = false;
  /** The direction both sides agreed to last. */
  let agreedHeld = false;
  let muted = false;
  let closed = false;
  let broken = false;
  /** The far side's next offer may come while a refused one of ours is being taken back: as an answer to it, it would end the call. */
  let rolledBack: Promise<unknown> = Promise.resolve();
  let abandon: (reason: Error) => void = () => undefined;
  const abandoned = new Promise<never>((_, reject) => {
    abandon = reject;
  });
  abandoned.catch(() => undefined); // nobody may be waiting
  /**
   * What a browser was doing to a connection when it was closed is never finished, and sip.js would wait for ever: a customer who answered
   * in the moment of the hang-up would get neither ACK nor BYE. It is a rejection here.
   */
  const untilClosed = <T>(work: Promise<T>): Promise<T> => Promise.race([work, abandoned]);

  const listen = (one: Own) => {
    const own = one.connection;
    const isOver = () => closed || one !== current;
    own.addEventListener('track', (event) => {
      if (isOver()) return;
      options.onRemoteStream(event.streams[0] ?? new MediaStream([event.track]));
    });
    own.addEventListener('connectionstatechange', () => {
      if (isOver()) return;
      if (own.connectionState === 'connected') options.onState('connected');
      else if (own.connectionState === 'disconnected') options.onState('lost');
      else if (own.connectionState === 'failed') options.onState('failed');
    });
  };
  listen(current);

  const openNext = () => {
    next = open();
    listen(next);
  };

  const takeNext = () => {
    if (!next) return;
    const old = current;
    current = next;
    next = undefined;
    old.sender.replaceTrack(null).catch(() => undefined); // closed meanwhile; who was heard must not hear us any more
    retire(old.connection);
    options.onRenewed();
  };

  const breakDown = (reason: string) => {
    if (broken || closed) return;
    broken = true;
    setTimeout(() => options.onBroken(reason), 0);
  };

  /** Our offer is out and has no final answer. */
  const isOffering = () =>
    offering().signalingState === 'have-local-offer' || offering().signalingState === 'have-remote-pranswer';

  const voice = () => {
    track.enabled = !muted && !held && !agreedHeld;
  };

  const aim = () => {
    for (const transceiver of offering().getTransceivers())
      if (transceiver.direction !== 'stopped') transceiver.direction = held ? 'sendonly' : 'sendrecv';
  };

  const describe = async () => {
    let reachable = true;
    if (offered) {
      offered = false;
      await speaking;
    } else {
      const answering = current.connection.signalingState === 'have-remote-offer';
      if (!answering) {
        if (renewDue && !closed) openNext();
        renewDue = false;
        offeredHeld = held;
      }
      aim();
      const connection = offering();
      await connection.setLocalDescription(await (answering ? connection.createAnswer() : connection.createOffer()));
      reachable = await gathered(connection, options.gathering);
    }
    await options.ready;
    if (!reachable) throw phoneProblem(options.gathering.relayOnly ? 'NO_RELAY' : 'NO_NETWORK_PATH');
    const { connection, before } = next ?? current;
    const sdp = connection.localDescription?.sdp ?? '';
    said = before === undefined ? sdp : continueSession(sdp, before);
    return { body: said, contentType: 'application/sdp' };
  };

  const apply = async (sdp: string) => {
    options.onDescription();
    await rolledBack;
    if (!isOffering()) {
      if (!hasVoice(sdp)) throw new Error('an offer without audio we speak');
      await current.connection.setRemoteDescription({ type: 'offer', sdp });
      return;
    }
    // A broken answer is not thrown: after a provisional response sip.js would forget the call without a CANCEL, and the customer's
    // phone would ring on. It is told to the call instead, which ends what there is to end.
    await hearing;
    try {
      if (heard !== undefined && sharesKeyOnly(heard, sdp)) throw new Error('an answer of another branch');
      takeNext();
      await current.connection.setRemoteDescription({ type: 'answer', sdp });
      agreedHeld = offeredHeld;
      voice();
      if (!hasVoice(sdp)) breakDown('an answer without audio we speak');
      else options.onAnswer(sdp, agreedHeld);
    } catch (error) {
      if (heard !== undefined && hasVoice(sdp) && !closed) {
        openNext();
        takeNext();
      } else breakDown(error instanceof Error ? error.message : 'an answer that cannot be used');
    } finally {
      heard = undefined;
    }
  };

  /** One that cannot be used is not heard; the final answer decides. After that one it would come too late. */
  const hear = async (sdp: string) => {
    if (closed || !isOffering() || !hasVoice(sdp) || (heard !== undefined && sharesKeyOnly(heard, sdp))) return;
    await current.connection.setRemoteDescription({ type: 'pranswer', sdp });
    heard = sdp;
  };

  const retract = async () => {
    const { connection } = current;
    if (next) {
      next.sender.replaceTrack(null).catch(() => undefined); // closed meanwhile
      retire(next.connection);
      next = undefined;
      held = agreedHeld;
      voice();
      return;
    }
    if (connection.signalingState !== 'have-local-offer') return;
    await connection.setLocalDescription({ type: 'rollback' });
    // Chromium stops receiving when a `sendonly` offer is applied and does not start again on rollback. An offer in vain, with the
    // direction that is agreed, puts it right.
    held = agreedHeld;
    voice();
    aim();
    await connection.setLocalDescription(await connection.createOffer());
    await connection.setLocalDescription({ type: 'rollback' });
  };

  const rollBack = async () => {
    const { connection } = current;
    if (connection.signalingState === 'have-remote-offer') await connection.setRemoteDescription({ type: 'rollback' });
    else await retract();
  };
  /** One at a time: a lost socket asks for it twice. */
  const takeBack = (how: () => Promise<void>): Promise<void> => {
    const taking = rolledBack.then(how);
    rolledBack = taking.catch(() => undefined); // told to who asked for it
    return taking;
  };

  return {
    close() {
      if (closed) return;
      closed = true;
      abandon(new Error('the call is over'));
      track.stop();
      retire(current.connection);
      if (next) retire(next.connection);
    },
    hasDescription: (contentType) => contentType.toLowerCase().startsWith('application/sdp'),
    getDescription: () => untilClosed(describe()),
    early(sdp) {
      hearing = hearing.then(() => hear(sdp)).catch(() => undefined);
    },
    restart: () => current.connection.restartIce(),
    renew() {
      renewDue = true;
    },
    setDescription: (sdp) => untilClosed(apply(sdp)),
    rollbackDescription: () => takeBack(rollBack),
    retractOffer: () => takeBack(retract),
    sendDtmf: (tones) => insertDigits(current.sender, tones),
    insertDigits: (digits) => insertDigits(current.sender, digits),
    setHeld(next) {
      held = next;
      voice();
    },
    setMuted(next) {
      muted = next;
      voice();
    },
    async replaceTrack(another) {
      if (closed) return another.stop();
      const old = track;
      track = another;
      voice();
      old.stop();
      await Promise.all([current, next].map((own) => own?.sender.replaceTrack(track)));
    },
    async measure() {
      if (closed) return undefined;
      return readStatistics(await current.connection.getStats());
    },
  };
}

/** Adds to what is still being sent: `insertDTMF` would replace it. 100 ms a digit, 70 ms between (RFC 4733 practice). */
function insertDigits(sender: RTCRtpSender, digits: string): boolean {
  const dtmf = sender.dtmf;
  if (!dtmf?.canInsertDTMF) return false;
  dtmf.insertDTMF(`${dtmf.toneBuffer}${digits}`, 100, 70);
  return true;
}
