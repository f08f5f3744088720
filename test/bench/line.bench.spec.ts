/**
 * How soon a lost line is back. Counted is what the registrar holds (Kamailio's `ul.dump`), for ours and for sip.js's and JsSIP's keepers of a
 * registration at their best (peerLinePage.ts), each on a wire of its own to the same Kamailio, in pages of the same browser, in the same rounds.
 *
 *   cutToRegistered      the wire is reset                                          → a binding of the new socket
 *   restartToRegistered  Kamailio is killed and away for 1–5 s; from when it answers → a binding
 *   halfOpenNoticed      the wire falls silent, nobody is told                      → registered is no longer shown
 *   wakeToRegistered     all of the browser stands still for 60 s (SIGSTOP), meanwhile the wire is silent and the binding dropped; from SIGCONT → a binding
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type BrowserServer, chromium, expect, type Page, test } from '@playwright/test';
import { type SipNetwork, startSipNetwork } from '../sip/network.ts';
import type { StationLab } from '../sip/stationPage.ts';
import type { Way } from '../sip/way.ts';
import { chromiumPath } from '../support/chromium.ts';
import { median, percentile, printFigure } from './figures.ts';
import { bundle } from './fixtures.ts';
import type { LinePeerName, PeerLinePage } from './peerLinePage.ts';

const rounds = { cut: 15, restart: 6, halfOpen: 5, wake: 3 } as const;
const limits = { cut: 1_000, restart: 2_000, halfOpen: 10_000, wake: 3_000 } as const;
const asleepMs = 60_000;
/** A peer that is not back by then is not awaited any longer, ms. */
const patience = 90_000;
/** Seconds between sip.js's pings. */
const pingSeconds = 5;

const names = ['ours', 'sip.js', 'JsSIP'] as const;
type Name = (typeof names)[number];
type Side = { name: Name; user: string; way: Way; page: Page };
type Times = Record<Name, (number | undefined)[]>;
const noTimes = (): Times => ({ ours: [], 'sip.js': [], JsSIP: [] });

type Lab = {
  network: SipNetwork;
  ours: Side;
  /** Ours first. */
  sides: readonly Side[];
  /** To every process of the browser. */
  signal: (signal: 'SIGSTOP' | 'SIGCONT') => void;
};

const lab = test.extend<{ lab: Lab }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of a fixture's parts out of this very pattern
  lab: async ({}, use) => {
    const network = await startSipNetwork({ callees: 'none', users: names.length });
    const pages = { station: await bundle('../sip/stationPage.ts'), peer: await bundle('peerLinePage.ts') };
    const server = http.createServer(({ url = '' }, response) => {
      const script = /^\/(station|peer)\.js$/.exec(url)?.[1] as keyof typeof pages | undefined; // as: the pattern knows no other names
      response.setHeader('content-type', script ? 'text/javascript' : 'text/html');
      const name = url.slice(1);
      response.end(script ? pages[script] : `<!doctype html><title>${name}</title><script src="/${name}.js"></script>`);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // as: it listens on TCP
    const browserServer = await chromium.launchServer({ executablePath: chromiumPath, args: ['--no-sandbox'] });
    const browser = await chromium.connect(browserServer.wsEndpoint());
    const open = async (name: Name, index: number): Promise<Side> => {
      const page = await browser.newPage();
      await page.goto(`${origin}/${name === 'ours' ? 'station' : 'peer'}`);
      const { user, password } = network.users[index]!; // one for each, see above
      const way = await network.openWay();
      const account = { domain: network.domain, user, password };
      if (name === 'ours')
        await page.evaluate((value) => (Reflect.get(window, 'station') as StationLab).start(value), {
          ...account,
          proxies: [way.url],
        });
      else
        await page.evaluate(
          // as: peerLinePage.ts put it there
          ([who, value]) => (Reflect.get(window, 'peerLine') as PeerLinePage).start(who, value),
          [name, { ...account, url: way.url, pingSeconds }] as const,
        );
      return { name, page, way, user };
    };
    const ours = await open('ours', 0);
    const peers = [await open('sip.js', 1), await open('JsSIP', 2)];
    await use({ network, ours, sides: [ours, ...peers], signal: signalTo(browserServer) });
    await browser.close();
    await browserServer.close();
    server.closeAllConnections();
    server.close();
    await network.stop();
  },
});

/** Playwright starts a browser as the leader of a process group of its own. */
const signalTo = (server: BrowserServer) => (signal: NodeJS.Signals) => {
  const { pid } = server.process();
  if (pid === undefined) throw new Error('the browser is gone');
  process.kill(-pid, signal);
};

const socketOf = async (network: SipNetwork, { user }: Side) => (await network.bindings(user))[0]?.received;

/** The time at which the registrar holds a binding of a socket other than `before`; undefined: not within `patience`. */
async function boundAnew(network: SipNetwork, side: Side, before: string | undefined): Promise<number | undefined> {
  const end = performance.now() + patience;
  while (performance.now() < end) {
    const now = await socketOf(network, side).catch(() => undefined); // Kamailio may be away
    if (now !== undefined && now !== before) return performance.now();
    await pause(5);
  }
  return undefined;
}

/** All hold a binding, and a while has passed, so that no round begins at the same place of anybody's clock. */
async function settled({ network, ours, sides }: Lab, who: readonly Side[] = sides): Promise<void> {
  for (const side of who) await expect.poll(() => socketOf(network, side), { timeout: patience }).toBeDefined();
  await expect.poll(() => ours.page.evaluate(() => Reflect.get(window, 'station').line())).toBe('REGISTERED');
  await pause(500 + Math.random() * 2_500);
}

/** One line: ours beside the limit, and beside each peer's median of those rounds in which it came back within `patience`. */
function print(figure: string, host: string, limit: number, times: Times): void {
  const ours = times.ours.map((time) => time ?? Number.POSITIVE_INFINITY);
  const beside = (['sip.js', 'JsSIP'] as const).flatMap((name) => {
    const seen = times[name].filter((time) => time !== undefined);
    const label = name === 'sip.js' ? 'sipJs' : 'jsSip';
    return Object.entries({
      [`${label}Rounds`]: times[name].length,
      [`${label}NeverBack`]: times[name].length - seen.length,
      ...(seen.length > 0 && { [label]: median(seen), [`${label}Max`]: Math.max(...seen) }),
    });
  });
  printFigure({
    ...{ bench: 'line', figure, unit: 'ms', host, samples: ours.length },
    ...{ value: median(ours), against: limit, againstWhat: 'the limit' },
    also: { p95: percentile(ours, 0.95), max: Math.max(...ours), ...Object.fromEntries(beside) },
  });
}

lab('cut to registered', async ({ lab: parts }, { project }) => {
  const { network, sides } = parts;
  const times = noTimes();
  for (let round = 0; round < rounds.cut; round += 1) {
    for (const side of sides) {
      await settled(parts);
      const before = await socketOf(network, side);
      const began = performance.now();
      side.way.cut();
      const back = await boundAnew(network, side, before);
      times[side.name].push(back && back - began);
    }
  }
  print('cutToRegistered', project.name, limits.cut, times);
});

lab('restart to registered', async ({ lab: parts }, { project }) => {
  const { network, sides } = parts;
  const times = noTimes();
  for (let round = 0; round < rounds.restart; round += 1) {
    await settled(parts);
    await network.stopKamailio({ hard: true });
    await pause(1_000 + Math.random() * 3_500);
    await network.startKamailio();
    const ready = performance.now();
    const back = await Promise.all(sides.map((side) => boundAnew(network, side, undefined)));
    for (const [index, { name }] of sides.entries()) {
      const at = back[index];
      times[name].push(at && Math.max(0, at - ready));
    }
  }
  print('restartToRegistered', project.name, limits.restart, times);
});

/** The page's own clock when it noticed; undefined: not within `patience`. */
async function noticedAt({ name, page }: Side): Promise<number | undefined> {
  const handle = await page
    .waitForFunction(
      (who) => {
        if (who !== 'ours') return (Reflect.get(window, 'peerLine') as PeerLinePage).noticedAt(who); // as: peerLinePage.ts put it there
        const states: { at: number; state: string }[] = Reflect.get(window, 'station').lineStates();
        return states.find(({ state }) => state !== 'REGISTERED')?.at;
      },
      name,
      { timeout: patience, polling: 20 },
    )
    .catch(() => undefined);
  return (await handle?.jsonValue()) ?? undefined;
}

/** A peer that never notices is not watched again: it may still believe in its socket when the next round begins. */
const watchedIn = (round: number, { sides }: Lab, times: Times): readonly Side[] =>
  sides.filter(({ name }) => name === 'ours' || round === 0 || times[name].at(-1) !== undefined);

lab('half-open noticed', async ({ lab: parts }, { project }) => {
  const times = noTimes();
  for (let round = 0; round < rounds.halfOpen; round += 1) {
    const watched = watchedIn(round, parts, times);
    await settled(parts, watched);
    const before = await Promise.all(
      watched.map(({ name, page }) =>
        page.evaluate((who) => {
          if (who === 'ours') Reflect.get(window, 'station').lineStates().length = 0;
          else (Reflect.get(window, 'peerLine') as PeerLinePage).forgetNotice(who as LinePeerName); // as: the other names
          return performance.now();
        }, name),
      ),
    );
    for (const { way } of watched) way.forget();
    const noticed = await Promise.all(watched.map(noticedAt));
    for (const [index, { name }] of watched.entries()) {
      const at = noticed[index];
      times[name].push(at && at - before[index]!); // one each, see above
    }
  }
  print('halfOpenNoticed', project.name, limits.halfOpen, times);
});

lab('wake to registered', async ({ lab: parts }, { project }) => {
  const { network, ours, sides, signal } = parts;
  const times = noTimes();
  for (let round = 0; round < rounds.wake; round += 1) {
    // The peers take so long that one round has to do; in the later ones they may be still away when all fall asleep again.
    const watched = round === 0 ? sides : [ours];
    await settled(parts, watched);
    signal('SIGSTOP');
    const began = performance.now();
    for (const { way } of sides) way.forget();
    for (const side of watched) await expect.poll(() => socketOf(network, side), { timeout: asleepMs }).toBeUndefined();
    await pause(Math.max(0, asleepMs - (performance.now() - began)));
    const woken = performance.now();
    signal('SIGCONT');
    const back = await Promise.all(watched.map((side) => boundAnew(network, side, undefined)));
    for (const [index, { name }] of watched.entries()) {
      const at = back[index];
      times[name].push(at && at - woken);
    }
  }
  print('wakeToRegistered', project.name, limits.wake, times);
});
