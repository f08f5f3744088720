/**
 * Tones the network leaves to us: ring-back while the far side rings without early media, busy, and the ringer of an incoming call.
 * China's tones (YD/T 1065, domain.md 0.5): 450 Hz, ring-back 1 s on 4 s off, busy 0.35 s on 0.35 s off. Stopping takes effect at
 * once: a tone over the first words of 空号 would hide them.
 */
import type { Call, CallEvent } from './phone.ts';

export type ToneName = 'ringBack' | 'busy' | 'ringer';

/** Hz, seconds. `cycles`: how often, then silence. */
export const tones: Record<ToneName, { hertz: readonly number[]; on: number; off: number; cycles: number }> = {
  ringBack: { hertz: [450], on: 1, off: 4, cycles: 24 },
  busy: { hertz: [450], on: 0.35, off: 0.35, cycles: 4 },
  ringer: { hertz: [587, 740], on: 1.2, off: 2, cycles: 20 },
};

export type TonePlayer = { play(tone: ToneName): void; stop(): void; close(): void };

const loud = 0.12;
/** An edge shorter than this clicks, s. */
const edge = 0.005;

/** `newContext` is called with the first tone, after a person has acted: before that a browser keeps it silent. */
export function createTonePlayer(newContext: () => AudioContext): TonePlayer {
  let context: AudioContext | undefined;
  let playing: { gain: GainNode; sources: OscillatorNode[] } | undefined;

  const stop = () => {
    if (!playing || !context) return;
    const { gain, sources } = playing;
    playing = undefined;
    gain.gain.cancelScheduledValues(context.currentTime);
    gain.gain.setTargetAtTime(0, context.currentTime, edge);
    for (const source of sources) source.stop(context.currentTime + 8 * edge);
  };

  return {
    stop,
    play(tone) {
      stop();
      context ??= newContext();
      if (context.state === 'suspended') void context.resume().catch(() => undefined);
      const { hertz, on, off, cycles } = tones[tone];
      const gain = context.createGain();
      gain.gain.value = 0;
      gain.connect(context.destination);
      const from = context.currentTime + 0.01;
      for (let cycle = 0; cycle < cycles; cycle++) {
        const start = from + cycle * (on + off);
        gain.gain.setTargetAtTime(loud / hertz.length, start, edge);
        gain.gain.setTargetAtTime(0, start + on, edge);
      }
      const sources = hertz.map((frequency) => {
        const source = new OscillatorNode(context!, { frequency });
        source.connect(gain);
        source.start(from);
        source.stop(from + cycles * (on + off));
        return source;
      });
      playing = { gain, sources };
    },
    close() {
      stop();
      void context?.close().catch(() => undefined);
      context = undefined;
    },
  };
}

/** Which tone belongs to what just happened; undefined: leave it as it is. */
export function toneFor(
  event: CallEvent,
  direction: Call['direction'],
  earlyMedia: boolean,
): ToneName | 'none' | undefined {
  switch (event.type) {
    case 'call.ringing':
      return direction === 'in' ? 'ringer' : 'ringBack';
    case 'call.earlyMedia':
    case 'call.answered':
      return 'none';
    case 'call.ended': {
      const busy = event.ended.sipStatus === 486 || event.ended.q850 === 17;
      return direction === 'out' && busy && !earlyMedia ? 'busy' : 'none';
    }
    default:
      return undefined;
  }
}

/** Plays a call's tones from its events until it ends. */
export function playTones(call: Call, player: TonePlayer): void {
  let earlyMedia = false;
  call.subscribe((event) => {
    if (event.type === 'call.earlyMedia') earlyMedia = true;
    const tone = toneFor(event, call.direction, earlyMedia);
    if (tone === 'none') player.stop();
    else if (tone !== undefined) player.play(tone);
  });
}
