/** Which scripts passed their checks: judged once each, remembered by what they say. */
import { Problem } from '../problem.ts';
import type { Script } from './format.ts';
import { scriptHash } from './hash.ts';
import { prove } from './prove.ts';

const passed = new WeakSet<Script>();
const verdicts = new Map<string, boolean>();

/** Throws a Problem when the script fails its checks. The first call for a script takes a good part of a second. */
export function requireProved(script: Script): void {
  if (passed.has(script)) return;
  const hash = scriptHash(script);
  const ok = verdicts.get(hash) ?? prove(script).ok;
  verdicts.set(hash, ok);
  if (!ok)
    throw new Problem('script.unproved', 'input', {
      zh: '这份话术没有通过校验,不能使用。请联系话术管理员。',
      en: 'This script failed its checks and cannot be used. Tell whoever keeps the scripts.',
    });
  passed.add(script);
}
