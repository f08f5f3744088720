/** What every part of the server works with. Instances keep nothing else in memory that another instance would need. */
import type { BusinessClock } from './clock.ts';
import type { Database } from './database/schema.ts';
import type { Keys } from './keys.ts';

export type PracticeLine = {
  /** WebSocket URL of the practice PBX. */
  url: string;
  domain: string;
  accounts: readonly { user: string; password: string }[];
};

export type Bank = {
  database: Database;
  databaseKind: 'pglite' | 'postgresql';
  clock: BusinessClock;
  keys: Keys;
  /** Demo accounts, cases and clock; stations enrol for practice. */
  demo: boolean;
  practice: PracticeLine | null;
  /** Origins of pages, beside our own, that may call us: `app://huifang` and what was configured. */
  origins: readonly string[];
  /** True where the server itself speaks TLS: then cookies are Secure. */
  secure: boolean;
  version: string;
};
