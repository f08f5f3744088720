/**
 * What ends this station's calls when the page cannot (phone/farewells.ts), sealed beside the journal; no fact, so no entry.
 *
 * Assumption: of several windows on one database only the first keeps and says farewells. What it keeps belongs to calls that are up:
 * a second one that said them would cut those. The lock ends with the page, however the page ends.
 */
import { z } from 'zod';
import { readSealedState, type StationDatabase } from './database.ts';
import { open, seal } from './seal.ts';

const binding = 'farewells';
const keptSchema = z.strictObject({ at: z.number(), texts: z.array(z.string()) });

export type FarewellParts = {
  database: StationDatabase;
  key: CryptoKey;
  /** What is older is not read any more, ms. */
  mostMs: number;
  wallNow: () => number;
  /** `navigator.locks`, as much of it as is used. */
  locks: {
    request(name: string, options: LockOptions, act: (lock: Lock | null) => unknown): Promise<unknown>;
  };
};

/** For one phone, until the page ends or `close`. */
export function keepFarewells({ database, key, mostMs, wallNow, locks }: FarewellParts) {
  let release: () => void = () => undefined;
  const first = new Promise<boolean>((resolve) => {
    locks
      .request(`${database.name} farewells`, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock && new Promise<void>((done) => (release = done));
      })
      .catch(() => resolve(false));
  });
  let unsaid: readonly string[] = [];
  let writing: Promise<void> | null = null;

  /** Only what is newest is written: nobody wants to know what was unsaid in between. */
  const write = async () => {
    try {
      if (!(await first)) return;
      for (let written: readonly string[] | null = null; written !== unsaid; ) {
        written = unsaid;
        const text = JSON.stringify({ at: wallNow(), texts: written });
        await database.state.put({ name: 'farewells', sealed: await seal(key, text, binding) });
      }
    } catch {
      // the disk is full or broken: the journal says so
    } finally {
      writing = null;
    }
  };

  return {
    async read(): Promise<readonly string[]> {
      try {
        const sealed = (await first) ? await readSealedState(database, 'farewells') : undefined;
        if (sealed === undefined) return [];
        const { at, texts } = keptSchema.parse(JSON.parse(await open(key, sealed, binding)));
        return wallNow() - at < mostMs ? texts : [];
      } catch {
        return []; // of another version, or the disk is broken
      }
    },
    write(texts: readonly string[]): void {
      unsaid = texts;
      writing ??= write();
    },
    async close(): Promise<void> {
      await first; // asked for, it would be held by nobody
      await writing;
      release();
    },
  };
}
