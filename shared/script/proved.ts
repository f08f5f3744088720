/** Which scripts passed their checks: judged once each, remembered by what they say. */
import { Problem } from '../problem.ts';
import type { Script } from './format.ts';
import { scriptHash } from './hash.ts';
import { prove } from './prove.ts';

/**
 * Hashes of the scripts that come with the product. A test checks every one of them, so that no call waits for it;
 * after a change of a script it says which hash to write here. Any other script is checked when it is first started.
 */
export const checkedBeforehand: readonly string[] = [
  '8027b876514082bc0f680add5cd0a653ee87d85f1e315d761a329449e85a1192',
  'fc6832f36bb9b7870646b6799b69e597d024954d3c67a6aa5af9e3d9a9ed8629',
];

const passed = new WeakSet<Script>();
const verdicts = new Map<string, boolean>(checkedBeforehand.map((hash) => [hash, true]));

/** Throws a Problem when the script fails its checks. The first call for a new script may take about a second. */
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
