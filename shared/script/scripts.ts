/** The scripts that come with the product. The server may publish further ones; these are what a new installation has. */
import type { CaseKind } from '../case/kind.ts';
import borrower from './borrower.json' with { type: 'json' };
import employer from './employer.json' with { type: 'json' };
import { type Script, scriptSchema } from './format.ts';
import { scriptHash } from './hash.ts';

export type LoadedScript = { readonly script: Script; readonly hash: string };

/** Reads a script from data that came from outside. Throws when it is not of the format; checks nothing else. */
export function loadScript(data: unknown): LoadedScript {
  const script = scriptSchema.parse(data);
  return { script, hash: scriptHash(script) };
}

const loaded: readonly LoadedScript[] = [borrower, employer].map(loadScript);

/** The script for a kind of case; undefined for kinds that are worked without one. */
export const scriptFor = (kind: CaseKind): LoadedScript | undefined =>
  loaded.find(({ script }) => script.kind === kind);

export const scriptById = (id: string, version: number): LoadedScript | undefined =>
  loaded.find(({ script }) => script.id === id && script.version === version);

export const bundledScripts: readonly LoadedScript[] = loaded;
