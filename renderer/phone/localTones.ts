/**
 * Tones the network leaves to us: ring-back while the far side rings without early media, what a refusal sounds like, and the ringer of an
 * incoming call. China's tones (YD/T 1065; ITU-T E.180 supplement 2, "China"; domain.md 0.5), all of 450 Hz:
 *
 *   ring-back     1 s on, 4 s off                       busy          0.35 s on, 0.35 s off
 *   congestion    0.7 s on, 0.7 s off                   unobtainable  three times 0.1 s on, 0.1 s off, then 0.4 s on, 0.4 s off
 *
 * Stopping takes effect at once: a tone over the first words of 空号 would hide them. For the same reason ring-back waits where the network
 * says that it will be heard itself, and is for those who then say nothing. The ringer is heard from a device of its own: a headset on the
 * table rings for nobody.
 */
import type { Call, CallEvent } from './phone.ts';

export type ToneName = 'ringBack' | 'lateRingBack' | 'busy' | 'congestion' | 'unobtainable' | 'ringer' | 'test';
export type ToneOutput = 'speaker' | 'ringer';

type Tone = {
  hertz: readonly number[];
  /** On, off, seconds; one after the other. */
  pattern: readonly (readonly [on: number, off: number])[];
  /** How often the pattern is heard, then silence. */
  cycles: number;
  output: ToneOutput;
  /** Silence before it, s. */
  after?: number;
};

const short = [0.1, 0.1] as const;
const ringBack: Tone = { hertz: [450], pattern: [[1, 4]], cycles: 24, output: 'speaker' };
export const tones: Record<ToneName, Tone> = {
  ringBack,
  lateRingBack: { ...ringBack, after: 3 },
  busy: { hertz: [450], pattern: [[0.35, 0.35]], cycles: 4, output: 'speaker' },
  congestion: { hertz: [450], pattern: [[0.7, 0.7]], cycles: 3, output: 'speaker' },
  unobtainable: { hertz: [450], pattern: [short, short, short, [0.4, 0.4]], cycles: 2, output: 'speaker' },
  ringer: { hertz: [587, 740], pattern: [[1.2, 2]], cycles: 20, output: 'ringer' },
  test: { hertz: [523, 659], pattern: [[0.3, 0.15]], cycles: 3, output: 'speaker' },
};

/** How long one playing of the pattern lasts, s. */
export const patternSeconds = (tone: ToneName) => tones[tone].pattern.reduce((sum, [on, off]) => sum + on + off, 0);

export type TonePlayer = {
  /** `cycles`: fewer than the tone has, for a test. */
  play(tone: ToneName, cycles?: number): void;
  stop(): void;
  close(): void;
};

/** What the owner of the devices drives beside it. */
export type OwnTonePlayer = TonePlayer & {
  /** '' is the system's default. */
  playOn(output: ToneOutput, id: string): void;
  /** In a person's gesture: from here on the first ring of the day is heard. */
  unlock(): void;
  /** In any gesture: a tone that is kept back is heard. */
  wake(): void;
  /** The context of an output, for whoever plays something else there (the echo test). */
  contextOf(output: ToneOutput): AudioContext;
  /** A tone should be heard and the browser keeps it back. */
  isBlocked(): boolean;
  /** Told whenever `isBlocked` may have changed. */
  onState(listener: () => void): void;
};

const loud = 0.12;
const lateMs = 500;
/** An edge shorter than this clicks, s. */
const edge = 0.005;
/** A tone is planned so far ahead that a busy page does not cut its beginning, s: 10 ms were too few. */
const ahead = 0.05;

/** Chromium has it since 110; TypeScript's library does not know it yet. */
type WithSink = AudioContext & { setSinkId(id: string): Promise<void> };
const hasSink = (context: AudioContext): context is WithSink => 'setSinkId' in context;

/** `newContext` is called with the first tone or gesture: before that a browser keeps it silent. */
export function createTonePlayer(newContext: () => AudioContext): OwnTonePlayer {
  const contexts: Partial<Record<ToneOutput, AudioContext>> = {};
  const devices: Record<ToneOutput, string> = { speaker: '', ringer: '' };
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of [...listeners]) listener();
  };
  let playing: { context: AudioContext; gain: GainNode; sources: OscillatorNode[]; late: boolean } | undefined;

  const sinkTo = (context: AudioContext, id: string) => {
    // Gone meanwhile: the default plays, and whoever watches the devices says so.
    if (hasSink(context)) void context.setSinkId(id).catch(() => context.setSinkId('').catch(() => undefined));
  };
  const wake = (context: AudioContext) => {
    if (context.state === 'suspended') void context.resume().catch(() => undefined);
  };
  const contextOf = (output: ToneOutput): AudioContext => {
    let context = contexts[output];
    if (!context) {
      context = newContext();
      contexts[output] = context;
      context.addEventListener('statechange', tell);
      if (devices[output] !== '') sinkTo(context, devices[output]);
    }
    wake(context);
    return context;
  };

  const stop = () => {
    if (!playing) return;
    const { context, gain, sources } = playing;
    playing = undefined;
    if (context.state === 'suspended') tell();
    gain.gain.cancelScheduledValues(context.currentTime);
    gain.gain.setTargetAtTime(0, context.currentTime, edge);
    for (const source of sources) source.stop(context.currentTime + 8 * edge);
  };

  return {
    stop,
    contextOf,
    play(tone, most) {
      stop();
      const { hertz, pattern, output, after = 0 } = tones[tone];
      const cycles = Math.min(most ?? tones[tone].cycles, tones[tone].cycles);
      const context = contextOf(output);
      const gain = context.createGain();
      gain.gain.value = 0;
      gain.connect(context.destination);
      const sources = hertz.map((frequency) => {
        const source = new OscillatorNode(context, { frequency });
        source.connect(gain);
        return source;
      });
      const from = context.currentTime + ahead + after; // asked last: it goes on while a busy page does this
      let at = from;
      for (let cycle = 0; cycle < cycles; cycle++)
        for (const [on, off] of pattern) {
          gain.gain.setTargetAtTime(loud / hertz.length, at, edge);
          gain.gain.setTargetAtTime(0, at + on, edge);
          at += on + off;
        }
      for (const source of sources) {
        source.start(from);
        source.stop(at);
      }
      const own = { context, gain, sources, late: false };
      playing = own;
      sources[0]?.addEventListener('ended', () => {
        if (playing === own) playing = undefined;
      });
      // A context that was just made needs a moment; one that is kept back does not run after half a second either.
      setTimeout(() => {
        own.late = true;
        if (playing === own) tell();
      }, lateMs);
    },
    playOn(output, id) {
      if (devices[output] === id) return;
      devices[output] = id;
      const context = contexts[output];
      if (context) sinkTo(context, id);
    },
    unlock() {
      contextOf('speaker');
      contextOf('ringer');
    },
    wake() {
      for (const context of [contexts.speaker, contexts.ringer]) if (context) wake(context);
    },
    onState: (listener) => void listeners.add(listener),
    isBlocked: () => playing?.late === true && playing.context.state === 'suspended',
    close() {
      stop();
      for (const output of ['speaker', 'ringer'] as const) {
        void contexts[output]?.close().catch(() => undefined);
        delete contexts[output];
      }
    },
  };
}

/** Q.850 causes the public network plays congestion for: no circuit, network out of order, temporary failure, equipment congestion … */
const congested: ReadonlySet<number> = new Set([34, 38, 41, 42, 44, 47]);
/** Unallocated, no route to the destination, number changed, invalid format. */
const unobtainable: ReadonlySet<number> = new Set([1, 2, 3, 22, 28]);

/** What a refusal sounds like when the network did not say it itself. The cause says more than the status when both are there. */
function refusalTone(status: number | undefined, cause: number | undefined): ToneName | 'none' {
  if (cause === 17) return 'busy';
  if (cause !== undefined && congested.has(cause)) return 'congestion';
  if (cause !== undefined && unobtainable.has(cause)) return 'unobtainable';
  if (status === 486 || status === 600 || status === 603) return 'busy';
  if (status === 404 || status === 410 || status === 484 || status === 604) return 'unobtainable';
  if (status !== undefined && status >= 500 && status < 600) return 'congestion';
  return 'none';
}

/** Which tone belongs to what just happened; undefined: leave it as it is. */
export function toneFor(
  event: CallEvent,
  direction: Call['direction'],
  earlyMedia: boolean,
): ToneName | 'none' | undefined {
  switch (event.type) {
    case 'call.ringing':
      if (direction === 'in') return 'ringer';
      return event.voice ? 'lateRingBack' : 'ringBack';
    case 'call.earlyMedia':
    case 'call.answered':
      return 'none';
    case 'call.resumed': // a colleague's busy tone must not cover the customer
      return event.by === 'AGENT' ? 'none' : undefined;
    case 'call.ended':
      return direction === 'out' && !earlyMedia ? refusalTone(event.ended.sipStatus, event.ended.q850) : 'none';
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
