import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';

/** Lets through what the measurement prints, and says of a test that failed why. */
// Playwright makes an instance of a default export and nothing else.
// biome-ignore lint/style/noDefaultExport: see above
export default class FiguresReporter implements Reporter {
  onStdOut(chunk: string | Buffer): void {
    process.stdout.write(chunk);
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    if (result.status !== 'passed') process.stderr.write(`${test.title}: ${result.error?.message ?? result.status}\n`);
  }
}
