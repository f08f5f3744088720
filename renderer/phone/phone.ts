/**
 * `Phone`: telephony in our words (architecture §7). The machines and the screens know this file and nothing of SIP.
 *
 *            dial(permit) ─► Call ──► call.sent ─► call.ringing ─► call.earlyMedia ─► call.answered ─► call.ended
 *   onIncoming(listener)  ─► Call ──► call.ringing ─► call.answered ─► call.ended
 *
 * Promises every implementation keeps:
 *  - each call ends with exactly one `call.ended`, whatever the far side sends, and nothing comes after it;
 *  - a listener that subscribes late first hears everything that has happened so far, in order;
 *  - `hangUp` works in every state and may be called twice;
 *  - text from the far side is hostile: it is cut and freed of control characters before it gets here.
 */
import type { CallEnded, Transfer } from '#shared/call/callResult.ts';
import type { CallQuality, QualitySecond } from '#shared/call/quality.ts';
import type { DialPermit, InternalPermit } from '#shared/policy/dialPermit.ts';
import type { StationProfile } from '#shared/server/api.ts';
import type { Text } from '#shared/text.ts';

/** The SIP account of the station, as the bank server gave it. */
export type LineAccount = NonNullable<StationProfile['line']>;
export type VoiceServers = Pick<LineAccount, 'iceServers' | 'relayOnly'>;

/** The content type of practice captions: JSON, sent by the practice PBX in INFO or in a header of a response. */
export const captionContentType = 'application/x-practice-caption+json';

/** The id of a test call (试呼) begins so. It is nobody's, and gives way to any call that comes in. */
export const testCallPrefix = 'selfcheck-';

export type CallParty = 'AGENT' | 'OTHER';

export type CallEvent =
  /** The INVITE is on the wire. */
  | { type: 'call.sent' }
  /** 180 or 183 for an outgoing call; at once for an incoming one. `voice`: the network says that it will be heard itself, with ring-back or an announcement. */
  | { type: 'call.ringing'; voice?: true }
  /** Audio before the answer: in China 空号, 停机 and 关机 are spoken here. */
  | { type: 'call.earlyMedia' }
  | { type: 'call.answered' }
  | { type: 'call.held'; by: CallParty }
  | { type: 'call.resumed'; by: CallParty }
  /** A note within the call (SIP INFO), or a practice caption. Hostile: parse the body. At most 4,000 characters. */
  | { type: 'call.note'; contentType: string; body: string }
  /** ICE and DTLS are up: both can hear. */
  | { type: 'call.mediaConnected' }
  /** Audio is interrupted; the phone tries to bring it back. Followed by `call.mediaConnected` or `call.ended`. */
  | { type: 'call.mediaLost' }
  /** A digit has left; `extension`: one of the permit's extension, else of the keypad. */
  | { type: 'call.digitSent'; digit: Digit; extension: boolean }
  /** The extension of the permit is being dialled (again); its digits follow. */
  | { type: 'call.extensionBegun' }
  /** How far passing the call on has come. Followed by `call.ended`, or by the rejection of `transfer`. */
  | { type: 'call.transferring'; stage: TransferStage }
  /** `sentence`: what to do about it, when the station itself is the reason (no microphone, no network …). */
  | { type: 'call.ended'; ended: CallEnded; sentence?: Text };

/** Whatever happens in a call before its end. */
export type CallHappening = Exclude<CallEvent, { type: 'call.ended' }>;

/** What the attempt's entry needs. Seconds, with fractions; 0 when it never rang or was never answered. */
export type CallFacts = {
  callId: string | undefined;
  rangSeconds: number;
  talkedSeconds: number;
  /** Early media was heard: then SIP alone proposes no call result. */
  earlyMedia: boolean;
  /** Tries to pass the call on, in order; undefined when there was none. */
  transfers?: readonly Transfer[] | undefined;
  /** Of the seconds that were measured; undefined when none was. */
  quality?: CallQuality | undefined;
};

/** One second's measurement. */
export type CallMeasurement = QualitySecond;

/** ASKED: the exchange was asked. ACCEPTED: it tries. RINGING: it rings there. */
export type TransferStage = 'ASKED' | 'ACCEPTED' | 'RINGING';

export type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '*' | '#' | 'A' | 'B' | 'C' | 'D';

export type Call = {
  readonly id: string;
  readonly direction: 'out' | 'in';
  /** Outgoing: as permitted. Incoming: digits, + and * only, at most 40 characters; '' when withheld. Not trustworthy. */
  readonly remoteNumber: string;
  /** Returns the function that ends the subscription. */
  subscribe(listener: (event: CallEvent) => void): () => void;
  /** Takes an incoming call. Rejects with a Problem (NO_MICROPHONE …); the call then also ends. */
  answer(): Promise<void>;
  /** CANCEL, BYE or a refusal, as the state demands. Carried out after reconnection when the line is down. */
  hangUp(): void;
  /** The line keeps sending silence: the other side hears nothing, nothing is renegotiated. */
  setMuted(muted: boolean): void;
  /** Rejects with a Problem (HOLD_REFUSED) when the far side does not agree; the call goes on as it was. */
  setHeld(held: boolean): Promise<void>;
  /** RFC 4733, else SIP INFO; behind those pressed before. Rejects with a Problem (DIGIT_NOT_SENT) outside of a conversation. */
  sendDigit(digit: Digit): Promise<void>;
  /** Dials the permit's extension once more, at once: it is dialled by itself a moment after the answer. Rejects as `sendDigit`. */
  redialExtension(): Promise<void>;
  /**
   * Passes the far side on: to an internal number at once (blind), or onto the other call (attended: a consultation that is up). Resolves
   * when they are taken over; then this call has ended. Rejects with a Problem (TRANSFER_…) whose sentence says why; this call goes on.
   */
  transfer(to: InternalPermit | Call): Promise<void>;
  /** A note within the call (SIP INFO). Practice only: tells the practice customer which step was asked. */
  sendNote(contentType: string, body: string): Promise<void>;
  facts(): CallFacts;
  /** Ask once a second. undefined before there is media, and while somebody holds. */
  measure(): Promise<CallMeasurement | undefined>;
};

/**
 * What the registrar says of our binding; UNKNOWN: it does not tell. `seconds`: how long it holds it still. `others`: it lists bindings, and
 * none of them is ours.
 */
export type BindingCheck = { held: 'BOUND' | 'NOT_BOUND' | 'UNKNOWN'; seconds?: number; others?: boolean };

/** The seconds the registrar granted; `listed`: its answer named our binding as we had written it, as RFC 3261 10.3 demands. */
export type Granted = { grantedSeconds: number; listed?: boolean };

/**
 * What the line machine drives: single acts, no retries and no timers of its own, for the machine is the sole owner of
 * reconnection. Every rejection is a Problem of category 'phone' or 'network'.
 */
export type LineDriver = {
  /** Opens the socket to one proxy (ws: or wss: URL). Rejects with LINE_UNREACHABLE; at most `limit` ms. */
  connect(proxy: string, limit: number): Promise<void>;
  /**
   * Registers, or renews the binding. Resolves to the seconds the registrar granted. Rejects with LINE_CREDENTIALS (401, 403, 407
   * or an unknown user: do not try again by yourself), LINE_SILENT when nobody answered, else LINE_NOT_REGISTERED (try later).
   */
  register(seconds: number, limit: number): Promise<Granted>;
  /** Any answer of the proxy proves that the socket lives. Rejects with LINE_SILENT after `limit` ms. */
  ping(limit: number): Promise<void>;
  /** Asks the registrar whether it holds our binding (REGISTER without Contact, RFC 3261 10.2.3). Rejects as `ping`, or with LINE_CREDENTIALS. */
  check(limit: number): Promise<BindingCheck>;
  /**
   * Goes over to another proxy without being away: opens a second socket, registers over it, and only then lets go of the first. Rejects
   * with LINE_UNREACHABLE when the second socket did not open, else as `register`; the first socket is then still in use, the binding
   * may have gone over. Never while a call is running: one that begins meanwhile keeps the first socket (LINE_IN_USE).
   */
  move(proxy: string, seconds: number, limit: number): Promise<{ grantedSeconds: number }>;
  /** Whether a call is running, in either direction. */
  inCall(): boolean;
  /** Used from the next request on; socket, binding and calls stay as they are. */
  setPassword(password: string): void;
  /** STUN and TURN servers, and whether a relay is demanded: from the next call on; calls that run keep theirs. */
  setVoiceServers(servers: VoiceServers): void;
  /** Gives the binding back, best effort, at most 1 s. */
  unregister(): Promise<void>;
  /** Closes the socket; nothing is sent. Running calls keep their media. */
  disconnect(): void;
  /** The socket closed without `disconnect`. Returns the function that ends the subscription. */
  onClosed(listener: () => void): () => void;
};

export type Phone = {
  /** null: a phone without a line of ours (desk phone). */
  readonly line: LineDriver | null;
  /**
   * Opens the microphone so that dialling need not wait for it. At sign-in, and after the agent plugged one in.
   * Rejects with a Problem (NO_MICROPHONE or MICROPHONE_DENIED); dialling tries again.
   */
  prepare(): Promise<void>;
  /**
   * Dials what the guard permitted. The call exists at once; what goes wrong comes as `call.ended`. `attempt`: X-Attempt-Id. Voice is made
   * ready at once too, but the INVITE leaves only after `durable` resolved; when that rejects the call ends and nothing was sent.
   */
  dial(
    permit: DialPermit,
    attempt: string,
    extraHeaders?: Readonly<Record<string, string>>,
    durable?: Promise<unknown>,
  ): Call;
  /** A second call beside a running one, to ask a colleague; the other one is on hold then. Carries the same attempt's id. */
  consult(permit: InternalPermit, attempt: string): Call;
  /**
   * While a call is running a further one is answered with 486, and told as a call that has ended already; a test call is ended instead, and the
   * further one rings. Returns the function that ends the subscription.
   */
  onIncoming(listener: (call: Call) => void): () => void;
  /** The machine's network is another one: what was prepared on the old one is dropped, calls look after their audio. */
  networkChanged(): void;
  /** Level of the microphone now, 0..1; 0 when it is not open. Ask about 10 times a second. */
  microphoneLevel(): number;
  /** The page goes, now: the far sides are told so far as that is still possible. Nothing is told to the calls' listeners. */
  leave(): void;
  /** Ends calls and releases the microphone. */
  close(): Promise<void>;
};
