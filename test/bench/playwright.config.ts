import { defineConfig } from '@playwright/test';
import tests from '../../playwright.config.ts';

/** Measurements in the real workstation: figures on stdout and nothing else; in both hosts where the host makes a difference. */
// Playwright takes a default export here and nothing else.
// biome-ignore lint/style/noDefaultExport: see above
export default defineConfig(tests, {
  testDir: '.',
  testMatch: '**/*.bench.spec.ts',
  globalSetup: '../e2e/globalSetup.ts',
  timeout: 900_000,
  reporter: [['./figuresReporter.ts']],
  workers: 1, // two at once would measure each other
  outputDir: '../../test-results/bench',
  projects: [
    {
      name: 'electron',
      metadata: { host: 'electron' },
      testMatch: ['**/dial.bench.spec.ts', '**/record.bench.spec.ts'],
    },
    { name: 'chromium', metadata: { host: 'chromium' }, testMatch: '**/*.bench.spec.ts' },
  ],
});
