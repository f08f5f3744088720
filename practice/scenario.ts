/**
 * How a customer takes a call.
 *
 *     answers   180 ──ring seconds──► 200, first sentence ──► a reply to each question ──► until somebody hangs up
 *     switchboard   180 ──► 200, «dial the extension» ──digits──► the person answers, as above
 *     fails     180 ──ring seconds──► 183 with the announcement ──► failure with Q.850
 */
import { assertNever } from '#shared/problem.ts';
import { announcements, network } from './announcements.ts';
import { replyTo } from './answers.ts';
import { type Call, CallOver, hangUp, mediaOf, messageOf, play, sendCaption, wait } from './call.ts';
import { captionOf } from './captions.ts';
import {
  type AnnouncementName,
  type Behaviour,
  type CustomerCase,
  type Person,
  personOf,
  type Sentence,
} from './customers.ts';
import { type IncomingCall, NotAcceptable } from './incoming.ts';
import { heard, switchboard, switchboardName } from './sentences.ts';
import type { Speech } from './speech.ts';
import { type Audio, busyTone } from './tones.ts';

const BUSY_TONE_SECONDS = 2;
/** Between the announcement and the failure, as exchanges do. */
const PAUSE_SECONDS = 0.3;

/** Says the sentence and shows it. Throws CallOver. */
async function say(call: Call, speech: Speech, person: Person, sentence: Sentence): Promise<void> {
  sendCaption(call, captionOf(person.speaker, sentence));
  await play(call, speech.of(person.voice, heard(sentence)));
}

/**
 * From the answer to the end: a first sentence, then a reply to each step the agent asks. A new question drops what was
 * not yet said to the one before, as people do when they are interrupted.
 */
export async function converse(
  call: Call,
  speech: Speech,
  of: CustomerCase,
  person: Person,
  first: Sentence,
  thenHangsUp = false,
): Promise<void> {
  let asked: readonly string[] | undefined;
  let wake: () => void = () => {};
  call.onStep = (step) => {
    asked = step.topics;
    wake();
  };
  await say(call, speech, person, first);
  if (thenHangsUp) return hangUp(call);
  for (;;) {
    await Promise.race([
      asked === undefined ? new Promise<void>((resolve) => (wake = resolve)) : undefined,
      call.ended,
    ]);
    if (call.end) return;
    const topics = asked ?? [];
    asked = undefined;
    await wait(call, person.thinks);
    for (const sentence of replyTo(of, person, topics)) {
      if (asked !== undefined) break;
      await say(call, speech, person, sentence);
    }
  }
}

/** Until the right extension came; whoever dials while the machine still speaks is heard. Throws CallOver. */
async function extensionDialled(call: Call, speech: Speech, extension: string): Promise<void> {
  const tell = async (sentence: Sentence): Promise<void> => {
    sendCaption(call, captionOf(switchboardName, sentence));
    await play(call, speech.of('operator', heard(sentence)));
  };
  let dialled = '';
  let wake: () => void = () => {};
  call.onDigit = (digit) => {
    dialled += digit;
    wake();
  };
  for (let sentence = switchboard.asks; ; sentence = switchboard.wrong) {
    tell(sentence).catch(() => {}); // over: the next wait says so
    while (dialled.length < extension.length) {
      await Promise.race([new Promise<void>((resolve) => (wake = resolve)), call.ended]);
      if (call.end) throw new CallOver();
    }
    if (dialled === extension) break;
    dialled = '';
  }
  call.onDigit = () => {};
  await tell(switchboard.connects);
}

async function announce(
  incoming: IncomingCall,
  speech: Speech,
  name: AnnouncementName,
  status: number,
  cause: number,
): Promise<void> {
  const { call } = incoming;
  const caption = captionOf(network, announcements[name]);
  await incoming.early(caption);
  await play(call, speech.of('operator', heard(announcements[name])));
  if (status === 486) await playFor(call, busyTone(), BUSY_TONE_SECONDS);
  await wait(call, PAUSE_SECONDS);
  incoming.reject(status, cause, caption);
}

async function playFor(call: Call, audio: Audio, seconds: number): Promise<void> {
  void mediaOf(call).play(audio, true);
  await wait(call, seconds);
}

/** A customer's behaviour, from the first ring to the end. Throws CallOver when the agent's side ends it. */
export async function behave(
  incoming: IncomingCall,
  speech: Speech,
  of: CustomerCase,
  behaviour: Behaviour,
): Promise<void> {
  const { call } = incoming;
  if (behaviour.ringSeconds > 0) {
    incoming.ring();
    await wait(call, behaviour.ringSeconds);
  }
  switch (behaviour.does) {
    case 'answers': {
      const person = personOf(of, behaviour.person);
      await incoming.answer();
      return converse(call, speech, of, person, behaviour.says ?? person.greeting, behaviour.thenHangsUp);
    }
    case 'switchboard':
      await incoming.answer();
      await extensionDialled(call, speech, behaviour.extension);
      return converse(call, speech, of, personOf(of, behaviour.person), personOf(of, behaviour.person).greeting);
    case 'fails':
      if (behaviour.announcement === undefined) return incoming.reject(behaviour.status, behaviour.cause);
      return announce(incoming, speech, behaviour.announcement, behaviour.status, behaviour.cause);
    default:
      return assertNever(behaviour);
  }
}

/** A number that nobody has: 空号. */
export const nobodyThere = (incoming: IncomingCall, speech: Speech): Promise<void> =>
  announce(incoming, speech, 'empty', 404, 1);

/** Says back what it hears, so that an agent can judge headset and line. */
export async function echo(incoming: IncomingCall): Promise<void> {
  await incoming.answer();
  mediaOf(incoming.call).echo();
  await incoming.call.ended;
}

/** Runs a scenario to its end; whatever goes wrong in it ends the call and nothing else. */
export async function run(incoming: IncomingCall, scenario: Promise<void>): Promise<void> {
  const { call } = incoming;
  try {
    await scenario;
  } catch (error) {
    if (error instanceof CallOver) return;
    call.line.record({ fact: 'fault', callId: call.callId, reason: messageOf(error).slice(0, 200) });
    try {
      incoming.reject(error instanceof NotAcceptable ? 488 : 500);
    } catch {
      hangUp(call, 'scenario failed'); // already answered: a final response cannot be sent any more
    }
  }
}
