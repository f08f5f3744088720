/**
 * `npm run soak`: what takes too long for `npm test`. 200 calls of one workstation, with what they leave behind counted; 10,000 spoiled or invented SIP
 * messages to the practice PBX, as many to a station and to a whole workstation; 448 mutants of the scripts, and every explored move on the real
 * script machine.
 * `npm run soak -- NAME` runs one of them.
 *
 * HUIFANG_SEED repeats what was lost (a failure names its seed); without it each soak draws a new one.
 */
import { randomInt } from 'node:crypto';
import { build } from './build.ts';
import { run } from './run.ts';
import { needSystemParts } from './systemParts.ts';

const mutations = 10_000;
const seed = process.env.HUIFANG_SEED ?? String(randomInt(1, 2 ** 31));
const env = { HUIFANG_MUTATIONS: String(mutations), HUIFANG_SEED: seed };
/** A bench only prints; a soak fails when something was left behind. */
const strict = { HUIFANG_SOAK: 'yes' };

type Part = { command: string; args: readonly string[]; env?: Readonly<Record<string, string>> };
const parts: Readonly<Record<string, Part>> = {
  calls: { command: 'tsx', args: ['start/bench.ts', 'calls'], env: strict },
  // Half of them outside of calls, half inside.
  practice: {
    command: 'vitest',
    args: ['run', '--project', 'integration*', 'test/practice/hostile'],
    env: { ...env, HUIFANG_MUTATIONS: String(mutations / 2) },
  },
  station: { command: 'playwright', args: ['test', 'hostile', '--project', 'sip'], env },
  // Half of them in a call, half between calls.
  workstation: {
    command: 'playwright',
    args: ['test', 'hostile', '--project', 'chromium'],
    env: { ...env, HUIFANG_MUTATIONS: String(mutations / 2) },
  },
  scripts: {
    command: 'vitest',
    args: ['run', '--project', 'unit', 'test/shared/script/mutants', 'test/shared/script/conformance'],
    // Fourteen times the mutants of `npm test`, and all the moves instead of a share.
    env: { SCRIPT_MUTANTS: '14', SCRIPT_CONFORMANCE: '1', HUIFANG_SEED: seed },
  },
};

const [wanted] = process.argv.slice(2);
if (wanted !== undefined && !(wanted in parts)) {
  console.error(
    `npm run soak -- NAME, where NAME is one of: ${Object.keys(parts).join(', ')}; all of them without NAME`,
  );
  process.exitCode = 1;
} else {
  await needSystemParts((line) => console.log(line));
  await build();
  console.log(`seed ${seed}`);
  for (const [name, part] of Object.entries(parts)) {
    if (wanted !== undefined && wanted !== name) continue;
    console.log(`\n== ${name}`);
    const { code, seconds } = await run(name, part.command, part.args, {
      show: true,
      ...(part.env && { env: part.env }),
    });
    console.log(`== ${name}: ${code === 0 ? 'ok' : 'FAILED'} (${seconds.toFixed(0)} s)`);
    if (code !== 0) process.exitCode = 1;
  }
}
