import { defineConfig } from '@playwright/test';

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
    // beside them, for voice is listened to; three at once (`--workers=3`) leave it enough, for most of the time a line or a timer is waited for. A test
    // that takes a minute must not begin last, so they are dealt out singly.
    {
      name: 'sip',
      fullyParallel: true,
      testDir: 'test/sip',
      outputDir: 'test-results/sip',
      workers: 3,
      use: {
        launchOptions: {
          executablePath: '/usr/bin/chromium',
          args: [
            '--no-sandbox',
            '--disable-background-networking',
            '--disable-background-timer-throttling',
            '--disable-renderer-backgrounding',
            '--no-first-run',
            // No pages of the address bar's own, which take as long to start as ours.
            '--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup',
            '--use-fake-device-for-media-stream',
            '--autoplay-policy=no-user-gesture-required',
            '--allow-loopback-in-peer-connection',
          ],
        },
      },
    },
  ],
});
