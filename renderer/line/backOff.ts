/**
 * How long to wait before the next try. A lost socket is tried again almost at once (most cuts are short), each proxy in turn; after every
 * round through all of them the wait doubles up to 30 s. Jitter, so that 500 stations do not return in the same second.
 */

/** ms: base of the first round, and the most. */
export const backOffLimits = { first: 300, round: 1_000, most: 30_000 } as const;

/**
 * Milliseconds before try number `failures` (1 after the first failure) of `proxies` proxies. `random`: 0..1.
 * Within the first round 0–300 ms; after round n between half and all of 2^(n-1) s, at most 30 s.
 */
export function backOff(failures: number, proxies: number, random: () => number): number {
  const rounds = Math.floor(failures / Math.max(1, proxies));
  if (rounds === 0 || failures === 0) return Math.round(backOffLimits.first * random());
  const whole = Math.min(backOffLimits.most, backOffLimits.round * 2 ** Math.min(rounds - 1, 10));
  return Math.round(whole * (0.5 + 0.5 * random()));
}
