/**
 * Beside the end-to-end tests' fixtures:
 *
 *   importCases  puts generated cases into the bank server, which is down for that moment
 *   exchange     option: what the workstation is registered at and dials by, 'practice' (as the demo does) or 'kamailio' (test/sip/network.ts)
 *   peers        sip.js `SimpleUser` and JsSIP in a page of their own beside the workstation's, on the same exchange
 *   bundle       a file of this folder as one script, to be run in a page
 */
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { build } from 'esbuild';
import type { Case } from '#shared/case/case.ts';
import { nextGoodDemoTime } from '../../server/clock.ts';
import { generateCases } from '../../server/demo/generate.ts';
import { run } from '../../start/run.ts';
import { test as e2e } from '../e2e/fixtures.ts';
import { demoDomain, startDemoOnKamailio } from '../support/demoOnKamailio.ts';
import { practiceAccounts, startPractice } from '../support/services.ts';
import type { Workstation } from '../support/workstation.ts';
import type { PeerName, PeerPage, PeerTimes } from './peerPage.ts';

export { expect } from '@playwright/test';

/** The accounts the peers register as: not the one the bank hands to the first station. */
const peerAccounts: Readonly<Record<Exclude<PeerName, 'huifang'>, string>> = { 'sip.js': '1003', JsSIP: '1002' };

export type Peers = {
  readonly page: Page;
  /** The call is ended before this resolves. */
  dial(name: PeerName, number: string): Promise<PeerTimes>;
};

export type Exchange = 'practice' | 'kamailio';

type Fixtures = {
  exchange: Exchange;
  peerOrigin: string;
  importCases: (cases: readonly Case[]) => Promise<void>;
  peers: (workstation: Workstation) => Promise<Peers>;
};

export async function bundle(file: string): Promise<string> {
  const built = await build({
    entryPoints: [join(import.meta.dirname, file)],
    bundle: true,
    format: 'iife',
    target: 'chrome130',
    minify: true,
    write: false,
    logLevel: 'silent',
  });
  return built.outputFiles[0]!.text; // `write: false` with one entry gives one file
}

/** Cases as the demo's clock wants them; several of one person when `perPerson` says so. */
export function benchCases(count: number, perPerson = 1): Case[] {
  return generateCases(count, 7, nextGoodDemoTime(new Date())).map((one, index) => ({
    ...one,
    person: `P-BENCH-${String(Math.floor(index / perPerson)).padStart(4, '0')}`,
  }));
}

export const test = e2e.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of a fixture's parts out of this very pattern
  peerOrigin: async ({}, use) => {
    const script = await bundle('peerPage.ts');
    const server = http.createServer((request, response) => {
      const isScript = request.url === '/peer.js';
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
      response.end(isScript ? script : '<!doctype html><title>peer</title><script src="/peer.js"></script>');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`); // as: it listens on TCP
    server.closeAllConnections();
    server.close();
  },

  databaseKind: 'pglite', // as `npm start` has it, and `importCases` needs its folder

  exchange: ['practice', { option: true }],

  practice: async ({ folder, faultProxy, peerOrigin, practiceSpeed, exchange }, use) => {
    const origins = ['app://huifang', faultProxy.origin, peerOrigin];
    const practice = await startPractice({ folder, origins, speed: practiceSpeed });
    if (exchange === 'practice') await use(practice);
    else {
      const network = await startDemoOnKamailio('none');
      await use({ ...practice, url: network.ws });
      await network.stop();
    }
    await practice.stop();
  },

  importCases: async ({ bank, folder }, use) => {
    await use(async (cases) => {
      const file = join(folder, 'cases.json');
      writeFileSync(file, JSON.stringify(cases));
      await bank.stop();
      const args = ['server/cli.ts', 'import', file, '--all-or-nothing', '--data', join(folder, 'bank')];
      const { code, output } = await run('import', 'tsx', args, { env: { DATABASE_URL: '' } });
      if (code !== 0) throw new Error(output);
      await bank.restart();
    });
  },

  peers: async ({ peerOrigin, practice }, use) => {
    await use(async (workstation) => {
      const page = await openBeside(workstation, peerOrigin);
      await page.waitForFunction(() => 'peer' in window);
      for (const name of ['sip.js', 'JsSIP'] as const) {
        const user = peerAccounts[name];
        const password = practiceAccounts[user];
        if (password === undefined) throw new Error(`the practice PBX does not know ${user}`);
        await page.evaluate(
          // as: peerPage.ts put it there
          ([who, account]) => (window as unknown as { peer: PeerPage }).peer.start(who, account),
          [name, { url: practice.url, domain: demoDomain, user, password }] as const,
        );
      }
      return {
        page,
        dial: (name, number) =>
          page.evaluate(([who, to]) => (window as unknown as { peer: PeerPage }).peer.dial(who, to), [
            name,
            number,
          ] as const), // as: likewise
      };
    });
  },
});

/** A page of the same browser: a tab, or in Electron a window with a session of its own, which has none of the shell's handlers. */
async function openBeside({ electron, context }: Workstation, address: string): Promise<Page> {
  if (electron === undefined) {
    const page = await context.newPage();
    await page.goto(address);
    return page;
  }
  const opened = electron.waitForEvent('window');
  await electron.evaluate(({ BrowserWindow }, url) => {
    void new BrowserWindow({ webPreferences: { partition: 'peer', backgroundThrottling: false } }).loadURL(url);
  }, address);
  return opened;
}
