/**
 * `secondStart`: from `npm start` with existing data and build to a sign-in field that can be typed into, in a browser that is open.
 * `workbenchGzip`: the JavaScript that page loads until the workbench can be used, each file as gzip makes it.
 */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import { demoAccounts } from '../../start/demo.ts';
import { type Service, startService } from '../../start/processes.ts';
import { agentAt } from '../e2e/agent.ts';
import { expect, test } from '../e2e/fixtures.ts';
import { chromiumPath } from '../support/chromium.ts';
import { median, printFigure } from './figures.ts';

const starts = 3;
const limits = { seconds: 15, kilobytes: 600 } as const;

/** `npm start` until it names its address. */
async function npmStart(data: string): Promise<{ service: Service; address: string }> {
  let named: (address: string) => void = () => undefined;
  const address = new Promise<string>((resolve) => {
    named = resolve;
  });
  const service = startService('npm start', 'npm', ['start', '--', '--browser', '--data', data], {
    env: { DISPLAY: '', WAYLAND_DISPLAY: '' }, // it would open a browser of its own
    onLine: (line) => {
      const found = /(http:\S+#enrol=\S+)/.exec(line)?.[1];
      if (found !== undefined) named(found);
    },
  });
  const ended = service.ended.then(({ output }) => {
    throw new Error(`npm start ended:\n${output}`);
  });
  return { service, address: await Promise.race([address, ended]) };
}

test('the second start, and what the workbench weighs', async ({ folder, host }) => {
  const { account, password } = demoAccounts[0];
  const data = join(folder, 'data');
  const context = await chromium.launchPersistentContext(join(folder, 'browser'), {
    ...{ executablePath: chromiumPath, headless: true, locale: 'zh-CN', permissions: ['microphone'] },
    args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--disable-background-networking', '--no-first-run'],
  });
  const seconds: number[] = [];
  let bytes = 0;
  let files = 0;
  try {
    for (let n = 0; n <= starts; n += 1) {
      const page = await context.newPage();
      const scripts = new Map<string, Promise<Buffer>>();
      page.on('response', (response) => {
        if (/javascript/.test(response.headers()['content-type'] ?? '')) scripts.set(response.url(), response.body());
      });
      const began = performance.now();
      const { service, address } = await npmStart(data);
      try {
        await page.goto(address);
        await expect(page.getByLabel('工号')).toBeEditable({ timeout: 60_000 });
        // The first start makes the data, and its sign-in enrols this browser.
        if (n > 0) seconds.push((performance.now() - began) / 1000);
        const agent = agentAt(page);
        await agent.signIn(account, password);
        await agent.lineIsThere();
        await expect(agent.preview).toBeVisible();
        const bodies = await Promise.all(scripts.values());
        files = bodies.length;
        bytes = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0);
        await page.close({ runBeforeUnload: false });
      } finally {
        await service.stop(20);
      }
    }
  } finally {
    await context.close();
  }
  printFigure({
    ...{ bench: 'start', figure: 'secondStart', unit: 's', host, samples: seconds.length },
    ...{ value: median(seconds), against: limits.seconds, againstWhat: 'limit' },
    also: { slowest: Math.max(...seconds) },
  });
  printFigure({
    ...{ bench: 'start', figure: 'workbenchGzip', unit: 'kB', host, samples: files },
    ...{ value: bytes / 1000, against: limits.kilobytes, againstWhat: 'limit' },
  });
});
