/** What the machine does to a station: it has no network for voice, and it sleeps. In a browser of its own, which may be stopped as a whole. */
// biome-ignore-all lint/correctness/noEmptyPattern: Playwright reads the names of a fixture's parts out of this very pattern
import { setTimeout as pause } from 'node:timers/promises';
import { type BrowserServer, chromium } from '@playwright/test';
import {
  awakeFlags,
  chromiumPath,
  loopbackFlag,
  quietFlags,
  voiceFlags,
  withoutFeatures,
} from '../support/chromium.ts';
import { bound } from './registrar.ts';
import { expect, test as stationTest } from './station.ts';

/** After so long a sleep the line replaces its socket unasked (15 s), and a little. */
const asleepMs = 20_000;

/** SIGSTOP and SIGCONT to every process of the browser: Playwright starts it as the leader of a process group of its own. */
type Host = { server: BrowserServer; signal(signal: 'SIGSTOP' | 'SIGCONT'): void };

const test = stationTest.extend<object, { host: Host }>({
  host: [
    async ({}, use) => {
      // As a bank's policy may have it: no UDP but through a proxy, and there is none. Chromium then gathers nothing. Only the whole browser has policies.
      const args = [...quietFlags, ...awakeFlags, ...voiceFlags, loopbackFlag, withoutFeatures()];
      args.push('--webrtc-ip-handling-policy=disable_non_proxied_udp');
      const server = await chromium.launchServer({ executablePath: chromiumPath, args });
      const { pid } = server.process();
      if (pid === undefined) throw new Error('the browser is gone');
      await use({ server, signal: (signal) => process.kill(-pid, signal) });
      await server.close();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  browser: [
    async ({ host }, use) => {
      const browser = await chromium.connect(host.server.wsEndpoint());
      await use(browser);
      await browser.close();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});

test('a machine without a network for voice is noticed before any INVITE leaves, and said in words', async ({
  openStation,
}) => {
  const station = await openStation();
  const call = await station.dial('2001');
  expect(await call.ended()).toMatchObject({
    ended: { reason: 'MEDIA_FAILED', by: 'STATION' },
    sentence: {
      zh: expect.stringContaining('没有可用于语音的网络'),
      en: expect.stringContaining('no network for voice'),
    },
  });
  expect(await call.seen()).toEqual(['call.ended']);
  expect((await station.run((lab) => lab.localDescriptions(), null)).join()).not.toContain('a=candidate');
  expect(await station.sent('INVITE')).toEqual([]);
  expect(await station.line()).toBe('REGISTERED');
});

test('a machine that slept while its socket was dropped without a word registers again by itself when it wakes', async ({
  openStation,
  kamailio,
  host,
}) => {
  const way = await kamailio.openWay();
  const station = await openStation({ proxies: [way.url] });
  const [before] = await kamailio.bindings(station.user);
  host.signal('SIGSTOP');
  try {
    const slept = pause(asleepMs);
    way.forget();
    await expect.poll(() => kamailio.bindings(station.user), { timeout: asleepMs }).toEqual([]);
    await slept;
  } finally {
    host.signal('SIGCONT');
  }
  await bound(kamailio, station);
  await station.untilLine('REGISTERED');
  const [after] = await kamailio.bindings(station.user);
  expect(after?.contact).toBe(before?.contact);
  expect(after?.received).not.toBe(before?.received);
  // Replaced unasked: a question that stayed without answer would have been a FAULT first.
  const states = (await station.lineStates()).map(({ state }) => state);
  expect(states.slice(0, 4)).toEqual(['SIGNED_OUT', 'CONNECTING', 'REGISTERED', 'CONNECTING']);
});
