import { defineConfig } from '@playwright/test';
import {
  awakeFlags,
  chromiumShellPath,
  grantedFlag,
  loopbackFlag,
  quietFlags,
  voiceFlags,
} from './test/support/chromium.ts';

/**
 * electron, chromium: the real workstation against the real bank server and the practice PBX, in both hosts.
 * Two at once: a test spends as long on waiting for people and timers as on computing. Each has its own servers, database and profile.
 * Files named `*.electron.spec.ts` and `*.chromium.spec.ts` are about one host and run in that one only.
 */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './test/e2e/globalSetup.ts',
  workers: 2,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  // Limits for what never comes, not for what is slow: a loaded machine takes several times as long.
  timeout: 240_000,
  expect: { timeout: 20_000 },
  outputDir: 'test-results/e2e',
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  projects: [
    { name: 'electron', metadata: { host: 'electron' }, testIgnore: '**/*.chromium.spec.ts' },
    { name: 'chromium', metadata: { host: 'chromium' }, testIgnore: '**/*.electron.spec.ts' },
    // The phone and the line alone, on a real SIP network (test/sip/station.ts): a browser and a network for each worker. Nothing else runs
    // beside them, for voice is listened to; four at once (`--workers=4`) leave it enough, for most of the time a line or a timer is waited for. A test
    // that takes a minute must not begin last, so they are dealt out singly.
    {
      name: 'sip',
      fullyParallel: true,
      testDir: 'test/sip',
      outputDir: 'test-results/sip',
      workers: 4,
      use: {
        launchOptions: {
          executablePath: chromiumShellPath,
          args: [...quietFlags, ...awakeFlags, ...voiceFlags, loopbackFlag, grantedFlag],
        },
      },
    },
  ],
});
