/** What a measurement prints: one JSON line per figure. */

export type Figure = {
  bench: 'dial' | 'record' | 'drain' | 'start' | 'calls' | 'line';
  figure: string;
  unit: 'ms' | 's' | 'kB' | 'entries/s' | 'objects' | '%';
  value: number;
  /** The same of the peer, measured in this run, or the limit; `againstWhat` says which. */
  against: number;
  againstWhat: string;
  host: string;
  /** How many samples `value` comes from. */
  samples: number;
  /** Further numbers that explain the value, by name, in the same unit. */
  also?: Readonly<Record<string, number>>;
};

const rounded = (value: number) => Math.round(value * 100) / 100;

export function printFigure({ bench, figure, unit, value, against, also = {}, ...rest }: Figure): void {
  const line = {
    ...{ bench, figure, unit, value: rounded(value), against: rounded(against), ratio: rounded(value / against) },
    ...rest,
    ...Object.fromEntries(Object.entries(also).map(([name, number]) => [name, rounded(number)])),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** The value below which `share` of the samples lie (nearest rank); `share` above 0, at most 1. Throws without samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const found = sorted[Math.ceil(sorted.length * share) - 1];
  if (found === undefined) throw new Error('nothing was measured');
  return found;
}

export const median = (samples: readonly number[]): number => percentile(samples, 0.5);
