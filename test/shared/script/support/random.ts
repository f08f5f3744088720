/** Seeded random numbers (mulberry32): the same seed gives the same sequence on every machine. */
export type Random = () => number;

export function random(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const int = (r: Random, below: number): number => Math.floor(r() * below);

export function pick<T>(r: Random, some: readonly T[]): T {
  const found = some[int(r, some.length)];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
}
