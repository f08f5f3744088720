/**
 * How long to wait before the next try. A lost socket is tried again almost at once (most cuts are short), each proxy in turn. For the first
 * rounds the wait stays under a second, because a server that is restarted is away for seconds and should find its stations back at once;
 * then it doubles with every round up to 30 s. Jitter, so that 500 stations do not return in the same second.
 */

/** ms: the first round, each of the next ones, and the most. */
export const backOffLimits = { first: 300, round: 1_000, most: 30_000 } as const;
/** So many rounds are patient (about 10 s for one proxy); later ones wait twice as long each time. */
export const patientRounds = 12;

/**
 * Milliseconds before try number `failures` (1 after the first failure) of `proxies` proxies. `random`: 0..1.
 * Within the first round 0–300 ms; then 0.5–1 s for twelve rounds; then half to all of 2, 4 … 30 s.
 */
export function backOff(failures: number, proxies: number, random: () => number): number {
  const rounds = Math.floor(failures / Math.max(1, proxies));
  if (rounds === 0 || failures === 0) return Math.round(backOffLimits.first * random());
  const doublings = Math.max(0, Math.min(rounds - patientRounds, 10));
  const whole = Math.min(backOffLimits.most, backOffLimits.round * 2 ** doublings);
  return Math.round(whole * (0.5 + 0.5 * random()));
}

/** ms: how soon after a change to a lesser proxy the preferred one is tried, and the most. */
export const returnLimits = { first: 30_000, most: 300_000 } as const;

/** Milliseconds before try number `tries` (0 the first) to go back to a better proxy; doubles, with a quarter of jitter to either side. */
export function returnDelay(tries: number, random: () => number): number {
  const whole = Math.min(returnLimits.most, returnLimits.first * 2 ** Math.min(tries, 10));
  return Math.round(whole * (0.75 + 0.5 * random()));
}
