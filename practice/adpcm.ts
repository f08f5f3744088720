/**
 * ADPCM, four bits a sample: what the prompts are kept in, because 3 MB of repository hold twice as much
 * speech as mu-law would. A clip starts with predictor 0 and step 0 and has no header; the low half of a byte is the
 * earlier sample. The method is IMA's; its table of steps is computed here, so only this file reads what it wrote.
 */
const steps: readonly number[] = Array.from({ length: 89 }, (_, index) => stepAt(index));
const indexChange = [-1, -1, -1, -1, 2, 4, 6, 8] as const;

/** Grows by a tenth a step, from 7 to about 32,767. */
function stepAt(index: number): number {
  let step = 7;
  for (let i = 0; i < index; i++) step = Math.max(step + 1, Math.floor(step * 1.1));
  return Math.min(32_767, step);
}

type State = { predicted: number; index: number };
const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** Moves the state by one code of four bits; encoder and decoder share it, so they can never drift apart. */
function advance(state: State, code: number): void {
  const step = steps[state.index] ?? 7;
  const size = (step >> 3) + (code & 4 ? step : 0) + (code & 2 ? step >> 1 : 0) + (code & 1 ? step >> 2 : 0);
  state.predicted = clamp(state.predicted + (code & 8 ? -size : size), -32_768, 32_767);
  state.index = clamp(state.index + (indexChange[code & 7] ?? 0), 0, 88);
}

function codeFor(state: State, sample: number): number {
  let step = steps[state.index] ?? 7;
  let rest = Math.abs(sample - state.predicted);
  let code = sample < state.predicted ? 8 : 0;
  for (const bit of [4, 2, 1]) {
    if (rest >= step) {
      code |= bit;
      rest -= step;
    }
    step >>= 1;
  }
  return code;
}

/** Two samples a byte; an odd number is padded with silence. */
export function encodeAdpcm(samples: Int16Array): Uint8Array {
  const state: State = { predicted: 0, index: 0 };
  const next = (sample: number): number => {
    const code = codeFor(state, sample);
    advance(state, code);
    return code;
  };
  const bytes = new Uint8Array(Math.ceil(samples.length / 2));
  for (let i = 0; i < bytes.length; i++) bytes[i] = next(samples[2 * i] ?? 0) | (next(samples[2 * i + 1] ?? 0) << 4);
  return bytes;
}

/** The samples of a whole clip. */
export function decodeAdpcm(bytes: Uint8Array): Int16Array {
  const state: State = { predicted: 0, index: 0 };
  const samples = new Int16Array(bytes.length * 2);
  bytes.forEach((byte, i) => {
    advance(state, byte & 0x0f);
    samples[2 * i] = state.predicted;
    advance(state, byte >> 4);
    samples[2 * i + 1] = state.predicted;
  });
  return samples;
}
