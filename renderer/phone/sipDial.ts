/**
 * An outgoing call, from the permit to the answer.
 *
 *   line? ─► microphone ─► media, offer ─► entry durable ─► INVITE on the wire ─► 18x ─► early media ─► 200
 *     │           │              │               │
 *     │           │              │               └─ 3xx–6xx, timeout, socket lost ─► ended by the response (farWords.ts)
 *     │           │              └─ no network for voice ─► MEDIA_FAILED by STATION
 *     │           └─ denied or missing ─► NO_MICROPHONE, and no INVITE ever leaves
 *     └─ down ─► LINE_LOST
 *
 * Early media: audio before the answer is 空号, 停机 and 关机. It is heard from the 18x on, and told (`call.earlyMedia`) when its
 * first packet came: a 183 with nothing behind it proves nothing. The first to answer is talked to; every further one is answered with ACK and
 * BYE, as is one that answers after our CANCEL. Where one branch of a forked call was heard and another one answers that the browser cannot take up
 * on the same connection, that answer is acknowledged, and the conversation begins with a re-INVITE from another connection (media.ts).
 */
import { Core, Inviter, SessionState, type UserAgent } from 'sip.js';
import type { DialPermit } from '#shared/policy/dialPermit.ts';
import { type Microphone, sentenceOf } from './audio.ts';
import { cancelOf } from './farewells.ts';
import { endedByResponse, readCaption } from './farWords.ts';
import type { GivenUp } from './givenUp.ts';
import type { MediaAhead } from './mediaAhead.ts';
import { type PhoneProblemCode, phoneProblem } from './phoneProblems.ts';
import { createCallCore, type SipCall, type SipCallParts } from './sipCall.ts';

/** How often the first packet of early media is looked for, ms. */
const earlyMediaPoll = 100;

/** A header's value can never start a header of its own. */
const headerLine = (name: string, value: string) =>
  `${name.replace(/[^A-Za-z0-9-]/g, '')}: ${value.replace(/[\r\n]+/g, ' ')}`;

/** What a person has to know about a refusal that its result does not say. A redirection is never followed: nobody permitted that number. */
function sayWhy(status: number): PhoneProblemCode | undefined {
  if (status >= 300 && status < 400) return 'REDIRECTED';
  if (status === 401 || status === 407) return 'LINE_CREDENTIALS';
  return undefined;
}

/**
 * `told` after each branch that sip.js lets go because another one answered before. It has no function for that: its own method is listened to.
 */
function followLetGo(inviter: Inviter, told: () => void): void {
  type Inside = { ackAndBye(response: Core.AckableIncomingResponseWithSession, ...reason: unknown[]): void };
  const inside = inviter as unknown as Inside; // as: private in 0.21.2
  const letGo = inside.ackAndBye;
  inside.ackAndBye = (response, ...reason) => {
    letGo.call(inviter, response, ...reason);
    if (inviter.dialog && response.session !== inviter.dialog) told();
  };
}

export function dialSipCall(
  parts: SipCallParts & {
    userAgent: UserAgent;
    microphone: Microphone;
    ahead: Pick<MediaAhead, 'take'>;
    givenUp: Pick<GivenUp, 'follow' | 'giveUp'>;
  },
  permit: Pick<DialPermit, 'number' | 'extension'>,
  attempt: string,
  extraHeaders: Readonly<Record<string, string>>,
  durable: Promise<unknown> | undefined,
): SipCall {
  const core = createCallCore(parts, {
    id: attempt,
    direction: 'out',
    remoteNumber: permit.number,
    hangUpEarly: { reason: 'CANCELLED', by: 'AGENT' },
  });
  const { record, end } = core;

  const listenForEarlyMedia = (measure: () => Promise<{ packetsReceived: number } | undefined>) => {
    const poll = setInterval(() => {
      void (async () => {
        if (record.phase() === 'talking' || record.phase() === 'ended') return clearInterval(poll);
        const heard = await measure().catch(() => undefined);
        if (!heard || heard.packetsReceived === 0 || record.phase() !== 'ringing') return;
        clearInterval(poll);
        record.tell({ type: 'call.earlyMedia' });
      })();
    }, earlyMediaPoll);
  };

  const start = async () => {
    if (!parts.socket.isConnected()) {
      end({ reason: 'LINE_LOST', by: 'NETWORK' }, phoneProblem('LINE_DOWN').sentence);
      return;
    }
    let track: MediaStreamTrack;
    try {
      track = await parts.microphone.track();
    } catch (error) {
      end({ reason: 'NO_MICROPHONE', by: 'STATION' }, sentenceOf(error) ?? phoneProblem('NO_MICROPHONE').sentence);
      return;
    }
    if (record.phase() === 'ended') {
      track.stop();
      return;
    }
    const inviter = new Inviter(parts.userAgent, new Core.URI('sip', permit.number, parts.domain), {
      // sip.js takes early media of one far side only and ends a call that another one answers: we hear them all ourselves.
      earlyMedia: false,
      extraHeaders: Object.entries({ 'X-Attempt-Id': attempt, ...extraHeaders }).map(([name, value]) =>
        headerLine(name, value),
      ),
    });
    followLetGo(inviter, core.branchLetGo);
    core.callId(inviter.request.callId);
    core.attach(inviter, () => {
      if (inviter.state === SessionState.Initial || inviter.state === SessionState.Establishing) {
        parts.givenUp.giveUp(inviter);
        void inviter.cancel().catch(() => undefined);
      } else if (inviter.state === SessionState.Established) void inviter.bye().catch(() => undefined);
    });
    const media = core.openMedia(inviter, track, { ready: durable, ahead: parts.ahead.take() });
    if (permit.extension !== undefined) core.afterAnswer(permit.extension);

    const caption = (message: Core.IncomingResponseMessage) => {
      const note = readCaption(message);
      if (note) record.tell(note);
    };
    let listening = false;
    /** From each INVITE on: if the page goes, its phone rings for nobody. */
    const willCancel = () => {
      if (record.phase() === 'starting' || record.phase() === 'ringing') parts.will(record, cancelOf(inviter.request));
    };
    const failed = ({ message }: { message: Core.IncomingResponseMessage }) => {
      caption(message);
      const ended = endedByResponse(message);
      const why = sayWhy(message.statusCode ?? 0);
      core.endByFar(ended, why && phoneProblem(why).sentence);
    };
    parts.givenUp.follow(inviter, willCancel);
    try {
      await inviter.invite({
        requestDelegate: {
          onProgress: ({ message }) => {
            record.tell({ type: 'call.ringing', ...(message.body ? { voice: true } : {}) });
            if (message.body) media.early(message.body);
            if (!listening && message.body) {
              listening = true;
              listenForEarlyMedia(media.measure);
            }
            caption(message);
          },
          onAccept: ({ message }) => {
            caption(message);
            // An answer sip.js could not use (no description): it has said BYE already.
            if (inviter.state === SessionState.Terminated)
              end({ reason: 'MEDIA_FAILED', by: 'NETWORK' }, phoneProblem('NO_COMMON_AUDIO').sentence);
          },
          onReject: failed,
          onRedirect: failed,
        },
      });
      willCancel();
      record.tell({ type: 'call.sent' });
    } catch (error) {
      end({ reason: 'MEDIA_FAILED', by: 'STATION' }, sentenceOf(error) ?? phoneProblem('NO_NETWORK_PATH').sentence);
    }
  };

  // A bug must not leave a call that never ends: it is told as the station's failure, and is still loud.
  start().catch((error: unknown) => {
    end({ reason: 'FAILED', by: 'STATION' });
    throw error;
  });
  return { ...core.call, answer: () => Promise.reject(phoneProblem('CALL_NOT_THERE')) };
}
