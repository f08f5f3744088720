/** The scripts that come with the product. The server may publish further ones; these are what a new installation has. */
import type { CaseKind } from '../case/kind.ts';
import borrower from './borrower.json' with { type: 'json' };
import borrower1 from './earlier/borrower-1.json' with { type: 'json' };
import borrower2 from './earlier/borrower-2.json' with { type: 'json' };
import employer1 from './earlier/employer-1.json' with { type: 'json' };
import employer2 from './earlier/employer-2.json' with { type: 'json' };
import employer3 from './earlier/employer-3.json' with { type: 'json' };
import employer4 from './earlier/employer-4.json' with { type: 'json' };
import employer from './employer.json' with { type: 'json' };
import { type Script, scriptSchema } from './format.ts';
import { scriptHash } from './hash.ts';

export type LoadedScript = { readonly script: Script; readonly hash: string };

/** Reads a script from data that came from outside. Throws when it is not of the format; checks nothing else. */
export function loadScript(data: unknown): LoadedScript {
  const script = scriptSchema.parse(data);
  return { script, hash: scriptHash(script) };
}

const current: readonly LoadedScript[] = [borrower, employer].map(loadScript);
/** No call begins with these any more; one that did, at a station not yet renewed or before a crash, is replayed with them. */
const earlier: readonly LoadedScript[] = [borrower1, borrower2, employer1, employer2, employer3, employer4].map(
  loadScript,
);

/** The script for a kind of case; undefined for kinds that are worked without one. */
export const scriptFor = (kind: CaseKind): LoadedScript | undefined =>
  current.find(({ script }) => script.kind === kind);

export const scriptById = (id: string, version: number): LoadedScript | undefined =>
  bundledScripts.find(({ script }) => script.id === id && script.version === version);

export const bundledScripts: readonly LoadedScript[] = [...current, ...earlier];
