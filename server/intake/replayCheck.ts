/** The server's own replay of a script. Filled in when the scripts stand. */
import type { DisputeReason } from '#shared/journal/upload.ts';
import type { DatabaseTransaction } from '../database/schema.ts';
import type { Readable } from './read.ts';

type Of<K extends Readable['kind']> = Extract<Readable, { kind: K }>;

export type Replays = {
  step(entry: Of<'step.recorded'>): DisputeReason | undefined;
  disposition(entry: Of<'disposition.recorded'>): DisputeReason | undefined;
};

export async function replaysFor(_transaction: DatabaseTransaction, _entries: readonly Readable[]): Promise<Replays> {
  return { step: () => undefined, disposition: () => undefined };
}
