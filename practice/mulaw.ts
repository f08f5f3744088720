/**
 * G.711 mu-law, the one codec the practice PBX speaks (RFC 3551 payload type 0, 8000 samples a second).
 * Written out because the package that offers it cannot be imported by Node as an ES module.
 */
const BIAS = 0x84;
const CLIP = 32_635;

/** One 16-bit sample as a mu-law byte. */
export function encodeSample(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(CLIP, Math.abs(sample)) + BIAS;
  const exponent = 31 - Math.clz32(magnitude) - 7;
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}

/** One mu-law byte as a 16-bit sample. */
export function decodeSample(byte: number): number {
  const inverted = ~byte & 0xff;
  const exponent = (inverted >> 4) & 7;
  const magnitude = (((inverted & 0x0f) << 3) + BIAS) << exponent;
  return inverted & 0x80 ? BIAS - magnitude : magnitude - BIAS;
}

export const encodeMulaw = (samples: Int16Array): Uint8Array => Uint8Array.from(samples, encodeSample);
export const decodeMulaw = (bytes: Uint8Array): Int16Array => Int16Array.from(bytes, decodeSample);
