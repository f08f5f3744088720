/**
 * Colleagues inside the bank, for consulting and passing calls on: short numbers with one manner each.
 *
 *     number   called by an agent                         named in a REFER
 *     8001     answers, listens until somebody hangs up   202, 100, 180, 200
 *     8002     busy (486)                                 202, 100, 486
 *     8003     rings and nobody comes (480)               202, 100, 180, 480
 *     8009     answers                                    603: the exchange refuses to pass calls on
 */
import { type Call, play, sendCaption, wait } from './call.ts';
import { captionOf } from './captions.ts';
import type { IncomingCall } from './incoming.ts';
import { colleagueName, colleagueSays, heard } from './sentences.ts';
import type { Speech } from './speech.ts';

export type Colleague = { number: string; does: 'answers' | 'busy' | 'noAnswer'; refersRefused: boolean };

export const colleagues: readonly Colleague[] = [
  { number: '8001', does: 'answers', refersRefused: false },
  { number: '8002', does: 'busy', refersRefused: false },
  { number: '8003', does: 'noAnswer', refersRefused: false },
  { number: '8009', does: 'answers', refersRefused: true },
];

export const colleagueAt = (number: string): Colleague | undefined =>
  colleagues.find((colleague) => colleague.number === number);

const RINGS_SECONDS = 2;
const GIVES_UP_SECONDS = 20;

/** Takes the agent's call as its manner is. Throws CallOver. */
export async function answerAsColleague(incoming: IncomingCall, speech: Speech, { does }: Colleague): Promise<void> {
  const { call } = incoming;
  if (does === 'busy') return incoming.reject(486, 17);
  incoming.ring();
  if (does === 'noAnswer') {
    await wait(call, GIVES_UP_SECONDS);
    return incoming.reject(480, 19);
  }
  await wait(call, RINGS_SECONDS);
  await incoming.answer();
  sendCaption(call, captionOf(colleagueName, colleagueSays));
  await play(call, speech.of('colleague', heard(colleagueSays)));
  await call.ended;
}

/** What a REFER to this number comes to: each status, and after how many ms it is told. */
export function transferSteps(
  call: Call,
  colleague: Colleague | undefined,
): readonly { status: string; after: number }[] {
  const { speed } = call.line;
  switch (colleague?.does) {
    case undefined:
      return [{ status: '200 OK', after: 300 }];
    case 'busy':
      return [{ status: '486 Busy Here', after: 200 }];
    case 'noAnswer':
      return [
        { status: '180 Ringing', after: 100 },
        { status: '480 Temporarily Unavailable', after: (GIVES_UP_SECONDS * 1000) / speed },
      ];
    case 'answers':
      return [
        { status: '180 Ringing', after: 100 },
        { status: '200 OK', after: 100 + (RINGS_SECONDS * 1000) / speed },
      ];
  }
}
