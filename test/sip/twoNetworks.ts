/**
 * A station on a machine with two networks, in a network namespace of its own (needs root and iproute2):
 *
 *   ┌ namespace ────────────────┐  veth                ┌ this machine ──────────────────┐
 *   │ Chromium    10.94.N.2  ◄──┼─ first,  metric 100 ─┼─► 10.94.N.1 ┐                  │
 *   │             10.94.M.2  ◄──┼─ second, metric 200 ─┼─► 10.94.M.1 ┴ 10.94.S.1 pages, │
 *   └───────────────────────────┘                      │   Kamailio, rtpengine          │
 *                                                      └────────────────────────────────┘
 *
 *   world.removeFirst()   the first network's address goes away, as when a plug is pulled; its routes go with it
 *   world.deafenFirst()   its packets vanish in both directions, the address stays; the system prefers the second network from then on
 *   world.restore()       as in the beginning
 *
 * `openStation` and `kamailio` are those of station.ts; `world.proxy` is the address Kamailio has from in there.
 */
// biome-ignore-all lint/correctness/noEmptyPattern: Playwright reads the names of a fixture's parts out of this very pattern
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { awakeFlags, chromiumPath, quietFlags, voiceFlags } from '../support/chromium.ts';
import { startSipNetwork } from './network.ts';
import { test as base, bundlePage, type Station } from './station.ts';

export { expect } from '@playwright/test';

export type World = {
  /** What a station in there connects to. */
  readonly proxy: string;
  /** The station's own, on the first network and on the second. */
  readonly addresses: readonly [string, string];
  /** Both resolve to the moment it happened, ms since the epoch. */
  removeFirst(): number;
  deafenFirst(): number;
  restore(): void;
};

type Wires = { name: string; server: string; first: Wire; second: Wire; world: Omit<World, 'proxy'>; remove(): void };
type Wire = { here: string; there: string; net: string };

const ip = (...args: string[]) => void execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
const quietly = (...args: string[]) => {
  try {
    ip(...args);
  } catch {
    // not there
  }
};

function layWires(): Wires {
  const id = process.pid % 80;
  const name = `huifang-${process.pid}`;
  const wire = (letter: string, net: number): Wire => ({
    ...{ here: `hf${letter}${process.pid}`, there: `hf${letter}${process.pid}n`, net: `10.94.${net}` },
  });
  const [first, second] = [wire('a', 3 * id), wire('b', 3 * id + 1)];
  const server = { ...wire('s', 3 * id + 2) };
  ip('netns', 'add', name);
  const inside = (...args: string[]) => ip('-n', name, ...args);
  inside('link', 'set', 'lo', 'up');
  ip('link', 'add', server.here, 'type', 'veth', 'peer', 'name', server.there);
  ip('addr', 'add', `${server.net}.1/24`, 'dev', server.here);
  for (const end of [server.here, server.there]) ip('link', 'set', end, 'up');
  for (const { here, there, net } of [first, second]) {
    ip('link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', name);
    ip('addr', 'add', `${net}.1/24`, 'dev', here);
    ip('link', 'set', here, 'up');
    inside('link', 'set', there, 'up');
  }
  const give = ({ there, net }: Wire, metric: string) => {
    quietly('-n', name, 'addr', 'add', `${net}.2/24`, 'dev', there);
    inside('route', 'replace', 'default', 'via', `${net}.1`, 'dev', there, 'metric', metric);
  };
  give(second, '200');
  give(first, '100');
  const vanish = [`${first.net}.2/32`, 'from', `${first.net}.2`] as const;
  return {
    ...{ name, first, second, server: `${server.net}.1` },
    world: {
      addresses: [`${first.net}.2`, `${second.net}.2`],
      removeFirst() {
        inside('addr', 'del', `${first.net}.2/24`, 'dev', first.there);
        return Date.now();
      },
      deafenFirst() {
        ip('route', 'add', 'blackhole', vanish[0]);
        ip('rule', 'add', vanish[1], vanish[2], 'iif', first.here, 'priority', '90', 'blackhole');
        const at = Date.now();
        inside('route', 'replace', 'default', 'via', `${second.net}.1`, 'dev', second.there, 'metric', '50');
        return at;
      },
      restore() {
        quietly('route', 'del', 'blackhole', vanish[0]);
        quietly('rule', 'del', 'priority', '90', vanish[1], vanish[2], 'iif', first.here);
        quietly('-n', name, 'route', 'del', 'default', 'dev', second.there, 'metric', '50');
        give(first, '100');
      },
    },
    remove() {
      quietly('route', 'del', 'blackhole', vanish[0]);
      quietly('rule', 'del', 'priority', '90', vanish[1], vanish[2], 'iif', first.here);
      ip('netns', 'del', name);
      for (const { here } of [first, second, server]) quietly('link', 'del', here);
    },
  };
}

async function listen(server: Server | http.Server, address: string): Promise<number> {
  await new Promise<void>((done) => server.listen(0, address, done));
  return (server.address() as AddressInfo).port; // as: it listens on TCP
}

export const test = base.extend<object, { wires: Wires; world: World }>({
  wires: [
    async ({}, use) => {
      const wires = layWires();
      await use(wires);
      wires.remove();
    },
    { scope: 'worker' },
  ],

  kamailio: [
    async ({ wires }, use) => {
      const network = await startSipNetwork({ mediaAddress: wires.server });
      await use(network);
      await network.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],

  world: [
    async ({ wires, kamailio }, use) => {
      const target = Number(new URL(kamailio.ws).port);
      const relay = createServer((near) => {
        const far = connect({ port: target, host: '127.0.0.1' });
        for (const [from, to] of [
          [near, far],
          [far, near],
        ] as const) {
          from.setNoDelay(true);
          from.on('error', () => undefined); // `close` follows
          from.on('close', () => to.destroy());
          from.pipe(to);
        }
      });
      const port = await listen(relay, wires.server);
      await use({ ...wires.world, proxy: `ws://${wires.server}:${port}` });
      relay.close();
    },
    { scope: 'worker' },
  ],

  pageOrigin: [
    async ({ wires }, use) => {
      const script = await bundlePage();
      const server = http.createServer((request, response) => {
        const isScript = request.url === '/page.js';
        response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
        response.end(isScript ? script : '<!doctype html><title>station</title><script src="/page.js"></script>');
      });
      await use(`http://${wires.server}:${await listen(server, wires.server)}`);
      server.closeAllConnections();
      server.close();
    },
    { scope: 'worker' },
  ],

  browser: [
    async ({ wires, pageOrigin }, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'huifang-netns-'));
      const starter = join(folder, 'chromium');
      writeFileSync(starter, `#!/bin/sh\nexec ip netns exec ${wires.name} ${chromiumPath} "$@"\n`, { mode: 0o755 });
      const browser = await chromium.launch({
        executablePath: starter,
        args: [
          ...[...quietFlags, ...awakeFlags, ...voiceFlags],
          `--unsafely-treat-insecure-origin-as-secure=${pageOrigin}`,
        ],
      });
      await use(browser);
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});

/** Notes each arrival of audio from now on, until `heardAgain` is asked. */
export const watchAudio = (station: Station, index: number) =>
  station.run((lab, call) => lab.watchArrivals(call), index);

/**
 * Milliseconds from `at` (since the epoch) to the first packet of audio after the gap that came with it; the gap is at least 300 ms long.
 * Waits at most `within` ms.
 */
export const heardAgain = (station: Station, at: number, within: number): Promise<number> =>
  station.run((lab, [from, limit]) => lab.heardAgain(from, limit), [at, within] as const);
