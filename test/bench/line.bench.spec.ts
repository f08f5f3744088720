/**
 * How soon a lost line is back. Counted is what the registrar holds (Kamailio's `ul.dump`), for ours and for sip.js's keeper of a registration at
 * its best, each on a wire of its own to the same Kamailio, in pages of the same browser, in the same rounds.
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
import { median, percentile, printFigure } from './figures.ts';
import { bundle } from './fixtures.ts';
import type { PeerLinePage } from './peerLinePage.ts';

const rounds = { cut: 15, restart: 6, halfOpen: 5, wake: 3 } as const;
const limits = { cut: 1_000, restart: 2_000, halfOpen: 10_000, wake: 3_000 } as const;
const asleepMs = 60_000;
/** A peer that is not back by then is not awaited any longer, ms. */
const patience = 90_000;
/** Seconds between the peer's pings. */
const pingSeconds = 5;

type Side = { user: string; way: Way; page: Page };
type Lab = {
  network: SipNetwork;
  ours: Side;
  theirs: Side;
  /** To every process of the browser. */
  signal: (signal: 'SIGSTOP' | 'SIGCONT') => void;
};

const lab = test.extend<{ lab: Lab }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of a fixture's parts out of this very pattern
  lab: async ({}, use) => {
    const network = await startSipNetwork({ callees: 'none', users: 2 });
    const pages = { station: await bundle('../sip/stationPage.ts'), peer: await bundle('peerLinePage.ts') };
    const server = http.createServer(({ url = '' }, response) => {
      const script = /^\/(station|peer)\.js$/.exec(url)?.[1] as keyof typeof pages | undefined; // as: the pattern knows no other names
      response.setHeader('content-type', script ? 'text/javascript' : 'text/html');
      const name = url.slice(1);
      response.end(script ? pages[script] : `<!doctype html><title>${name}</title><script src="/${name}.js"></script>`);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // as: it listens on TCP
    const browserServer = await chromium.launchServer({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
    const browser = await chromium.connect(browserServer.wsEndpoint());
    const open = async (name: keyof typeof pages, index: number): Promise<Side> => {
      const page = await browser.newPage();
      await page.goto(`${origin}/${name}`);
      return { page, way: await network.openWay(), user: network.users[index]!.user }; // two users, see above
    };
    const ours = await open('station', 0);
    const theirs = await open('peer', 1);
    const account = (side: Side) => ({ domain: network.domain, user: side.user, password: `pass${side.user}` });
    await ours.page.evaluate((value) => (Reflect.get(window, 'station') as StationLab).start(value), {
      ...account(ours),
      proxies: [ours.way.url],
    });
    await theirs.page.evaluate((value) => (Reflect.get(window, 'peerLine') as PeerLinePage).start(value), {
      ...account(theirs),
      url: theirs.way.url,
      pingSeconds,
    });
    await use({ network, ours, theirs, signal: signalTo(browserServer) });
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

/** Both hold a binding, and a while has passed, so that no round begins at the same place of anybody's clock. */
async function settled({ network, ours, theirs }: Lab, who: readonly Side[] = [ours, theirs]): Promise<void> {
  for (const side of who) await expect.poll(() => socketOf(network, side), { timeout: patience }).toBeDefined();
  await expect.poll(() => ours.page.evaluate(() => Reflect.get(window, 'station').line())).toBe('REGISTERED');
  await pause(500 + Math.random() * 2_500);
}

function print(
  figure: string,
  host: string,
  limit: number,
  { ours, theirs }: { ours: readonly number[]; theirs: readonly (number | undefined)[] },
): void {
  const seen = theirs.filter((time) => time !== undefined);
  printFigure({
    ...{ bench: 'line', figure, unit: 'ms', host, samples: ours.length },
    ...{ value: median(ours), against: limit, againstWhat: 'the limit' },
    also: {
      p95: percentile(ours, 0.95),
      max: Math.max(...ours),
      peerRounds: theirs.length,
      peerNeverBack: theirs.length - seen.length,
      ...(seen.length > 0 && { peer: median(seen), peerMax: Math.max(...seen) }),
    },
  });
}

lab('cut to registered', async ({ lab: parts }, { project }) => {
  const { network } = parts;
  const taken = { ours: [] as number[], theirs: [] as (number | undefined)[] };
  for (let round = 0; round < rounds.cut; round += 1) {
    for (const who of ['ours', 'theirs'] as const) {
      const side = parts[who];
      await settled(parts);
      const before = await socketOf(network, side);
      const began = performance.now();
      side.way.cut();
      const back = await boundAnew(network, side, before);
      const time = back === undefined ? undefined : back - began;
      if (who === 'theirs') taken.theirs.push(time);
      else taken.ours.push(time ?? Number.NaN);
    }
  }
  print('cutToRegistered', project.name, limits.cut, taken);
});

lab('restart to registered', async ({ lab: parts }, { project }) => {
  const { network, ours, theirs } = parts;
  const taken = { ours: [] as number[], theirs: [] as (number | undefined)[] };
  for (let round = 0; round < rounds.restart; round += 1) {
    await settled(parts);
    await network.stopKamailio({ hard: true });
    await pause(1_000 + Math.random() * 3_500);
    await network.startKamailio();
    const ready = performance.now();
    const [own, other] = await Promise.all([
      boundAnew(network, ours, undefined),
      boundAnew(network, theirs, undefined),
    ]);
    taken.ours.push(Math.max(0, (own ?? Number.NaN) - ready));
    taken.theirs.push(other === undefined ? undefined : Math.max(0, other - ready));
  }
  print('restartToRegistered', project.name, limits.restart, taken);
});

lab('half-open noticed', async ({ lab: parts }, { project }) => {
  const { ours, theirs } = parts;
  const taken = { ours: [] as number[], theirs: [] as (number | undefined)[] };
  for (let round = 0; round < rounds.halfOpen; round += 1) {
    await settled(parts);
    await theirs.page.evaluate(() => Reflect.get(window, 'peerLine').forgetNotice());
    const before = {
      ours: await ours.page.evaluate(() => {
        Reflect.get(window, 'station').lineStates().length = 0;
        return performance.now();
      }),
      theirs: await theirs.page.evaluate(() => performance.now()),
    };
    ours.way.forget();
    theirs.way.forget();
    const noticed = (page: Page, read: () => number | null | undefined): Promise<number | undefined> =>
      page
        .waitForFunction(read, undefined, { timeout: patience, polling: 20 })
        .then((handle) => handle.jsonValue())
        .then(
          (at) => at ?? undefined,
          () => undefined,
        );
    const [own, other] = await Promise.all([
      noticed(ours.page, () => {
        const states: { at: number; state: string }[] = Reflect.get(window, 'station').lineStates();
        return states.find(({ state }) => state !== 'REGISTERED')?.at;
      }),
      noticed(theirs.page, () => Reflect.get(window, 'peerLine').noticedAt()),
    ]);
    taken.ours.push((own ?? Number.NaN) - before.ours);
    taken.theirs.push(other === undefined ? undefined : other - before.theirs);
  }
  print('halfOpenNoticed', project.name, limits.halfOpen, taken);
});

lab('wake to registered', async ({ lab: parts }, { project }) => {
  const { network, ours, theirs, signal } = parts;
  const taken = { ours: [] as number[], theirs: [] as (number | undefined)[] };
  for (let round = 0; round < rounds.wake; round += 1) {
    // The peer takes so long that one round has to do; in the later ones it may be still away when all fall asleep again.
    const watched = round === 0 ? [ours, theirs] : [ours];
    await settled(parts, watched);
    signal('SIGSTOP');
    const began = performance.now();
    for (const { way } of [ours, theirs]) way.forget();
    for (const side of watched) await expect.poll(() => socketOf(network, side), { timeout: asleepMs }).toBeUndefined();
    await pause(Math.max(0, asleepMs - (performance.now() - began)));
    const woken = performance.now();
    signal('SIGCONT');
    const awake = async (side: Side) => {
      const back = await boundAnew(network, side, undefined);
      if (side === theirs) taken.theirs.push(back === undefined ? undefined : back - woken);
      else taken.ours.push((back ?? Number.NaN) - woken);
    };
    await Promise.all(watched.map(awake));
  }
  print('wakeToRegistered', project.name, limits.wake, taken);
});
