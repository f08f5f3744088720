/** Which scripts passed their checks: judged once each, remembered by what they say. */
import { Problem } from '../problem.ts';
import type { Script } from './format.ts';
import { scriptHash } from './hash.ts';
import { prove } from './prove.ts';

/**
 * Hashes of the scripts that come with the product, earlier versions last. A test checks every one of them, so that no call waits for it;
 * after a change of a script it says which hash to write here. Any other script is checked when it is first started.
 */
export const checkedBeforehand: readonly string[] = [
  'f7895800ecd48d245329431d197ec40011bbafb1b05ccc1cc22af6f0d9058833',
  '5f2aed72c8e89f54b0d6a7dc46a7465e566bd9e358af87c19a4c958fa3158876',
  'c734e70470d8c5317a2add9a6c15728a4b5ff1368abc34c7cb91c2438cec031e',
  'd2976923dba42373be6e5379e506e8f8fbbcddd8dd90f08a30b853065b934f2b',
  '1a584598228c0066d77354778c96f341c7750797b1c1600c31cd0272b27d1a4f',
  '7750dc661f6e2e432eb4b13df9774b243b9a16f97d41e99c1f92f9cb424d5c21',
  '7f879749d75d84323ccd3971205459246e21b1613d8f4474d7fc11e3a005fea2',
  '400ff0283cce9638741aa20efaaaeb99e74cdeed64cde1adce42b8ecead44f0c',
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
      zh: '这份话术没有通过校验，不能使用。请联系话术管理员。',
      en: 'This script failed its checks and cannot be used. Tell whoever keeps the scripts.',
    });
  passed.add(script);
}
