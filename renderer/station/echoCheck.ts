/**
 * A call to the echo number (试呼): the agent speaks and hears itself, which proves line, microphone, network and speaker at once.
 *
 *   dial ─► answered ─► heard? ──1.5 s to hear oneself──► hang up ─► ok
 *     │                   └─ 8 s of silence ─► packets came: speak up, check the microphone; none came: the network keeps voice back
 *     │                   └─ a customer's call came in, and the phone hung up ─► nothing is known
 *     └─ refused, busy, 15 s ─► the phone's own sentence
 *
 * It is no attempt: nobody is called, nothing is recorded, and it ends by itself.
 */
import { permitInternal } from '#shared/policy/dialPermit.ts';
import type { Text } from '#shared/text.ts';
import { type Call, type Phone, testCallPrefix } from '../phone/phone.ts';
import type { Wait } from '../sync/timing.ts';
import type { Finding } from './selfCheck.ts';

export type EchoParts = {
  phone: Pick<Phone, 'consult'>;
  number: string;
  newId: () => string;
  /** Loudness 0..1 of what is heard now. */
  farLevel: () => number;
  wait: Wait;
  /** Epoch milliseconds. */
  now: () => number;
  /** The person went away: hang up. */
  signal: AbortSignal;
};

const answerMs = 15_000;
const listenMs = 8_000;
const afterMs = 1_500;
const lookMs = 100;
/** -42 dBFS: louder than what a line hums, softer than a voice. */
const heardLevel = 0.3;
/** So many looks in which something was heard: a click is not a voice. */
const enoughLooks = 3;

const notReached: Text = {
  zh: '试呼没有接通：话机已登记，但拨不出去；请稍后再试，或把时间告诉技术支持。',
  en: 'The test call was not answered though the line is there: try again in a moment, or tell support the time.',
};
const noPackets: Text = {
  zh: '试呼接通了，但没有声音包回来：多半是防火墙或 TURN 的问题，请联系技术支持。',
  en: 'The test call was answered but no voice came back: a firewall or TURN, most likely. Call support.',
};
const silent: Text = {
  zh: '试呼接通了，但没有听到您的声音：请再试一次并对着麦克风说话；仍不行就检查静音开关或换麦克风。',
  en: 'The test call was answered but your voice did not come back: try again and speak; else check the mute switch or the microphone.',
};

/** Resolves to true when it was answered. */
function answered(call: Call, wait: Wait, signal: AbortSignal): Promise<{ answered: boolean; sentence?: Text }> {
  const over = new AbortController();
  let result: { answered: boolean; sentence?: Text } = { answered: false };
  const unsubscribe = call.subscribe((event) => {
    if (event.type === 'call.answered') result = { answered: true };
    else if (event.type === 'call.ended')
      result = { answered: false, ...(event.sentence === undefined ? {} : { sentence: event.sentence }) };
    else return;
    over.abort();
  });
  return wait(answerMs, AbortSignal.any([over.signal, signal])).then(() => {
    unsubscribe();
    return result;
  });
}

/** Never rejects; hangs up whatever happens. undefined: it gave way to a call that came in. */
export async function callEcho(parts: EchoParts): Promise<Finding | undefined> {
  const { phone, number, farLevel, wait, now, signal } = parts;
  const name = { zh: '回声测试', en: 'Echo test' };
  const permit = permitInternal([{ number, name }], number, now());
  if (!permit) return { state: 'failed', sentence: notReached };
  const call = phone.consult(permit, `${testCallPrefix}${parts.newId()}`);
  let ended = false;
  let gaveWay = false;
  const unsubscribe = call.subscribe((event) => {
    if (event.type !== 'call.ended') return;
    ended = true;
    gaveWay = event.ended.by === 'AGENT';
  });
  try {
    const began = await answered(call, wait, signal);
    if (gaveWay) return undefined;
    if (!began.answered) return { state: 'failed', sentence: began.sentence ?? notReached };
    let looks = 0;
    for (let passed = 0; passed < listenMs && looks < enoughLooks && !ended && !signal.aborted; passed += lookMs) {
      await wait(lookMs, signal);
      if (farLevel() >= heardLevel) looks += 1;
    }
    if (looks >= enoughLooks) {
      await wait(afterMs, signal);
      return {
        state: 'ok',
        sentence: { zh: '听到了您的声音从线路上回来。', en: 'Your voice came back over the line.' },
      };
    }
    if (gaveWay) return undefined;
    const measured = await call.measure().catch(() => undefined);
    const packets = (measured?.packetsReceived ?? 0) > 0;
    return packets ? { state: 'warning', sentence: silent } : { state: 'failed', sentence: noPackets };
  } finally {
    unsubscribe();
    call.hangUp();
  }
}
