/**
 * An ear at the loudspeaker of the tones: what the page's audio contexts really play, measured on the audio thread, so that a busy page does
 * not falsify it. A burst is sound between two silences of at least 20 ms. Contexts that are suspended play nothing, and nothing is heard of them.
 */
export type Burst = {
  /** Seconds of the context's clock. */
  from: number;
  /** undefined: it sounds still. */
  seconds: number | undefined;
  /** By the zero crossings; 0 while it sounds. */
  hertz: number;
};

/** Runs in the audio thread. Louder than -40 dB is sound. */
const listen = `
registerProcessor('ear', class extends AudioWorkletProcessor {
  from = undefined; last = 0; crossings = 0; loud = 0; before = 0; listening = false;
  process([[samples]]) {
    if (!this.listening) { this.listening = true; this.port.postMessage('listening'); }
    for (const [index, sample] of (samples ?? []).entries()) {
      const at = currentTime + index / sampleRate;
      if (this.from !== undefined && this.before < 0 && sample >= 0) this.crossings += 1;
      this.before = sample;
      if (Math.abs(sample) > 0.01) {
        this.last = at;
        this.loud = this.crossings;
        if (this.from === undefined) { this.from = at; this.crossings = 0; this.port.postMessage({ from: at }); }
      }
    }
    if (this.from !== undefined && currentTime - this.last > 0.02) {
      const seconds = this.last - this.from;
      this.port.postMessage({ from: this.from, seconds, hertz: this.loud / seconds });
      this.from = undefined;
    }
    return true;
  }
});`;

const bursts: Burst[] = [];
let sounding = 0;

/** All bursts so far, in order. */
export const heardTones = (): readonly Burst[] => bursts;
/** Oscillators that were started and have not ended, silent between two bursts or not. */
export const soundingOscillators = (): number => sounding;

window.OscillatorNode = class extends OscillatorNode {
  override start(when?: number): void {
    sounding += 1;
    this.addEventListener('ended', () => {
      sounding -= 1;
    });
    super.start(when);
  }
};

const ears = new Map<BaseAudioContext, AudioWorkletNode>();
const opening: Promise<void>[] = [];
/** Every context that is there has an ear that listens. */
export const earsOpen = () => Promise.all(opening).then(() => ears.size);

async function giveEar(context: AudioContext): Promise<void> {
  await context.audioWorklet.addModule(URL.createObjectURL(new Blob([listen], { type: 'text/javascript' })));
  const ear = new AudioWorkletNode(context, 'ear', { numberOfOutputs: 0, channelCount: 1 });
  // The node is there before its half on the audio thread, which a busy machine makes after a while.
  await new Promise<void>((listening) => {
    ear.port.onmessage = () => listening();
    context.addEventListener('statechange', () => context.state === 'closed' && listening());
  });
  ear.port.onmessage = ({ data }: MessageEvent<Partial<Burst> & { from: number }>) => {
    const sounding = bursts.at(-1);
    if (data.seconds !== undefined && sounding) Object.assign(sounding, data);
    else bursts.push({ from: data.from, seconds: undefined, hertz: 0 });
  };
  ears.set(context, ear);
}

window.AudioContext = class extends AudioContext {
  constructor(options?: AudioContextOptions) {
    super(options);
    opening.push(giveEar(this).catch(() => undefined)); // closed meanwhile
  }
};

const connect = AudioNode.prototype.connect as (...to: unknown[]) => AudioNode; // as: one shape for both of its overloads
AudioNode.prototype.connect = function (this: AudioNode, ...to: unknown[]) {
  const ear = to[0] instanceof AudioDestinationNode && ears.get(this.context);
  if (ear) connect.call(this, ear);
  return connect.apply(this, to);
} as AudioNode['connect'];
