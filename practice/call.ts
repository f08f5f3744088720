/**
 * One call between an agent and a simulated customer, whoever rang.
 *
 *     incoming.ts (the agent dials)   ─┐
 *     outgoing.ts (a customer rings)  ─┴─► Call ◄── dialog.ts: ACK, BYE, INFO, re-INVITE, REFER
 *                                          ▲
 *                                    scenario.ts: say, wait, hang up
 *
 * A scenario is an async function; everything it awaits ends with CallOver once the call is over, so that nobody has to
 * look after it. The end is decided once (`endCall`), whoever comes first: BYE, CANCEL, a lost socket.
 */
import { Core } from 'sip.js';
import { CAPTION_TYPE, type Caption, type Step } from './captions.ts';
import type { EndedBy, RecordFact } from './facts.ts';
import { createMedia, type Media } from './media.ts';
import type { Pacer } from './pacer.ts';
import { stopRetransmissions } from './retransmission.ts';
import type { Audio } from './tones.ts';

export class CallOver extends Error {}

export type CallEnd = { by: EndedBy; status?: number };

/** What a call needs of the socket it came over. */
export type Line = {
  core: Core.UserAgentCore;
  /** A whole header line. */
  contactHeader: string;
  domain: string;
  pacer: Pacer;
  /** Waiting times are divided by it, speech never. */
  speed: number;
  record: RecordFact;
  calls: Set<Call>;
  later: (milliseconds: number, act: () => void) => void;
};

export type Call = {
  readonly line: Line;
  readonly callId: string;
  readonly user: string;
  readonly number: string;
  readonly ended: Promise<CallEnd>;
  /** Set by endCall, with the promise. */
  end: CallEnd | undefined;
  resolveEnded: (end: CallEnd) => void;
  session: Core.Session | undefined;
  media: Media | undefined;
  /** No 2xx of ours waits for its ACK: only then may another be sent, or a BYE. */
  acknowledged: boolean;
  afterAck: (() => void) | undefined;
  onAck: () => void;
  digits: string;
  onStep: (step: Step) => void;
  onDigit: (digit: string) => void;
};

export function createCall(line: Line, callId: string, user: string, number: string): Call {
  let resolveEnded: (end: CallEnd) => void = () => {};
  const ended = new Promise<CallEnd>((resolve) => {
    resolveEnded = resolve;
  });
  const call: Call = {
    line,
    callId,
    user,
    number,
    ended,
    end: undefined,
    resolveEnded,
    session: undefined,
    media: undefined,
    acknowledged: false,
    afterAck: undefined,
    onAck: () => {},
    digits: '',
    onStep: () => {},
    onDigit: () => {},
  };
  line.calls.add(call);
  return call;
}

/** The first end counts, later ones are ignored. Frees the media at once. */
export function endCall(call: Call, end: CallEnd): void {
  if (call.end) return;
  call.end = end;
  call.line.calls.delete(call);
  call.line.record({ fact: 'ended', callId: call.callId, by: end.by, status: end.status ?? null });
  // A customer who hangs up before the ACK still waits for it, to send the BYE.
  if (call.session) stopRetransmissions(call.session, call.afterAck ? 'reinvites' : 'all');
  void call.media?.close();
  call.resolveEnded(end);
}

export function assertLive(call: Call): void {
  if (call.end) throw new CallOver();
}

/** The call's media, made when first needed. */
export function mediaOf(call: Call): Media {
  call.media ??= createMedia(call.line.pacer, {
    digit: (digit) => digitHeard(call, digit, 'rtp'),
    state: (state) => {
      if (state === 'failed') hangUp(call, 'media lost');
    },
  });
  return call.media;
}

export function digitHeard(call: Call, digit: string, via: 'rtp' | 'info'): void {
  call.digits += digit;
  call.line.record({ fact: 'digit', callId: call.callId, digit, via });
  call.onDigit(digit);
}

/** Seconds of a person's time: divided by the exchange's speed. Throws CallOver. */
export async function wait(call: Call, seconds: number): Promise<void> {
  assertLive(call);
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, (seconds * 1000) / call.line.speed);
  });
  await Promise.race([passed, call.ended]);
  clearTimeout(timer);
  assertLive(call);
}

/** Until the audio was heard once. Throws CallOver. */
export async function play(call: Call, audio: Audio): Promise<void> {
  assertLive(call);
  await Promise.race([mediaOf(call).play(audio), call.ended]);
  assertLive(call);
}

/** The words, to be read while they are heard; only inside an answered call. An agent's phone that knows no captions may refuse. */
export function sendCaption(call: Call, caption: Caption): void {
  assertLive(call);
  call.line.record({ fact: 'caption', callId: call.callId, ...caption });
  call.session?.info(undefined, {
    extraHeaders: [call.line.contactHeader],
    body: { contentDisposition: 'render', contentType: CAPTION_TYPE, content: JSON.stringify(caption) },
  });
}

/** The customer hangs up. A callee must not send BYE before the ACK (RFC 3261 15): then it waits for it. */
export function hangUp(call: Call, reason = 'Normal call clearing'): void {
  const { session } = call;
  if (call.end || !session) return;
  const bye = (): void => {
    try {
      session.bye(undefined, { extraHeaders: [`Reason: Q.850;cause=16;text="${reason}"`] });
    } catch (error) {
      // The dialog went first; the call is over either way.
      call.line.record({ fact: 'fault', callId: call.callId, reason: `bye: ${messageOf(error)}` });
    }
  };
  if (session.sessionState === Core.SessionState.AckWait) call.afterAck = bye;
  else bye();
  endCall(call, { by: 'customer' });
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
export const sessionBody = (content: string): Core.Body => ({
  contentDisposition: 'session',
  contentType: 'application/sdp',
  content,
});
