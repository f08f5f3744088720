/**
 * `npm test`: everything. The parts of the system, then check, build, integration tests, calls on a real SIP network, end-to-end tests in
 * both hosts.
 * A stage that fails does not stop the others; the last line says `N passed, N failed` over all of them.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './run.ts';
import { needSystemParts } from './systemParts.ts';

type Counts = { passed: number; failed: number };
const results = join(root, 'test-results');

/** What a stage counted; a stage that ended badly without a failed test counts as one. */
function counted(code: number, { passed, failed }: Counts): Counts {
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
}

/** A number at a place in a report another program wrote; 0 when there is none. */
function numberAt(report: unknown, ...path: string[]): number {
  let here = report;
  for (const name of path) here = typeof here === 'object' && here !== null ? Reflect.get(here, name) : undefined;
  return typeof here === 'number' ? here : 0;
}

function readReport(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined; // the stage broke before it wrote one; its code says so
  }
}

const vitestCounts = (report: unknown): Counts => ({
  passed: numberAt(report, 'numPassedTests'),
  failed: numberAt(report, 'numFailedTests') + numberAt(report, 'numPendingTests'),
});
const playwrightCounts = (report: unknown): Counts => ({
  passed: numberAt(report, 'stats', 'expected'),
  failed:
    numberAt(report, 'stats', 'unexpected') + numberAt(report, 'stats', 'flaky') + numberAt(report, 'stats', 'skipped'),
});

type Stage = {
  name: string;
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  count: () => Counts;
};
const none = (): Counts => ({ passed: 0, failed: 0 });

/** Each stage writes its report to a file of its own. */
const file = (name: string) => join(results, `${name}.json`);

const inWindows = (name: string, workers: number, ...projects: readonly string[]): Stage => ({
  name,
  command: 'playwright',
  args: ['test', `--workers=${workers}`, ...projects.map((project) => `--project=${project}`)],
  env: { PLAYWRIGHT_JSON_OUTPUT_FILE: file(name) },
  count: () => playwrightCounts(readReport(file(name))),
});

const stages: readonly Stage[] = [
  {
    name: 'check',
    command: 'tsx',
    args: ['start/check.ts', '--report', file('unit')],
    count: () => vitestCounts(readReport(file('unit'))),
  },
  { name: 'build', command: 'tsx', args: ['start/build.ts'], count: none },
  {
    name: 'integration',
    command: 'vitest',
    args: [
      ...['run', '--project', 'integration*', '--reporter=default', '--reporter=json'],
      `--outputFile.json=${file('integration')}`,
    ],
    count: () => vitestCounts(readReport(file('integration'))),
  },
  inWindows('sip', 4, 'sip'),
  inWindows('e2e', 2, 'electron', 'chromium'),
];

async function main(): Promise<number> {
  rmSync(results, { recursive: true, force: true }); // an old report must not be counted
  mkdirSync(results, { recursive: true });
  await needSystemParts((line) => console.log(line));
  const total: Counts = { passed: 0, failed: 0 };
  for (const { name, command, args, env = {}, count } of stages) {
    console.log(`\n== ${name}`);
    const { code, seconds } = await run(name, command, args, { show: true, env });
    const { passed, failed } = counted(code, count());
    total.passed += passed;
    total.failed += failed;
    console.log(`== ${name}: ${code === 0 ? 'ok' : 'FAILED'} (${seconds.toFixed(0)} s)`);
  }
  console.log('');
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (cause: unknown) => {
    console.error(cause instanceof Error ? cause.message : cause);
    console.log('0 passed, 1 failed');
    process.exitCode = 1;
  },
);
