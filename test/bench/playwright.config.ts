import { defineConfig } from '@playwright/test';
import tests from '../../playwright.config.ts';

/** Measurements in the real workstation: figures on stdout and nothing else, in Electron unless `--project=chromium` asks otherwise. */
// Playwright takes a default export here and nothing else.
// biome-ignore lint/style/noDefaultExport: see above
export default defineConfig(tests, {
  testDir: '.',
  testMatch: '**/*.bench.spec.ts',
  globalSetup: '../e2e/globalSetup.ts',
  timeout: 600_000,
  reporter: [['./figuresReporter.ts']],
});
