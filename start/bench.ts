/**
 * `npm run bench -- NAME`: measures and prints one JSON line per figure; without NAME everything. It fails when it could not measure,
 * never because something was slow. A measurement that needs the real workstation is
 * test/bench/NAME.bench.spec.ts (Playwright), one that needs no window test/bench/NAME.bench.ts; one name may have both.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.ts';
import { root, run } from './run.ts';
import { needSystemParts } from './systemParts.ts';

const folder = join(root, 'test/bench');
const names = existsSync(folder)
  ? [...new Set(readdirSync(folder).flatMap((name) => /^(\w+)\.bench(\.spec)?\.ts$/.exec(name)?.[1] ?? []))].sort()
  : [];
const [wanted, ...rest] = process.argv.slice(2);

async function measure(name: string): Promise<boolean> {
  const plain = `test/bench/${name}.bench.ts`;
  const inWindow = `${name}.bench.spec.ts`;
  let failed = false;
  if (existsSync(join(root, plain))) failed ||= (await run(name, 'tsx', [plain, ...rest], { show: true })).code !== 0;
  if (existsSync(join(folder, inWindow))) {
    const args = ['test', '--config', 'test/bench/playwright.config.ts', inWindow, ...rest];
    failed ||= (await run(name, 'playwright', args, { show: true })).code !== 0;
  }
  return !failed;
}

if (wanted !== undefined && !names.includes(wanted)) {
  console.error(`npm run bench -- NAME, where NAME is one of: ${names.join(', ')}; all of them without NAME`);
  process.exitCode = 1;
} else {
  await needSystemParts((line) => console.error(line));
  await build();
  // `line` is line and lineSwitch: what belongs together begins alike.
  for (const name of names.filter((one) => one.startsWith(wanted ?? '')))
    if (!(await measure(name))) process.exitCode = 1;
}
