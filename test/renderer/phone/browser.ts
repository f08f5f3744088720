/** A real Chromium with a fake microphone, and a page that was bundled just now. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import {
  chromiumPath,
  chromiumShellPath,
  grantedFlag,
  loopbackFlag,
  quietFlags,
  voiceFlags,
} from '../../support/chromium.ts';
import type { Lab } from './page.ts';

export type LabPage = {
  page: Page;
  /** Runs within the page with its lab. */
  run: <Result, Argument>(
    act: (lab: Lab, argument: Argument) => Result,
    argument: Argument,
  ) => Promise<Awaited<Result>>;
  complaints: string[];
  close: () => Promise<void>;
};

export type LabBrowser = {
  origin: string;
  /** A fresh page in a context of its own. `microphone`: whether the person permits it. */
  open: (microphone?: 'permitted' | 'denied') => Promise<LabPage>;
  close: () => Promise<void>;
};

export async function startBrowser(): Promise<LabBrowser> {
  const bundle = await build({
    entryPoints: [resolve(import.meta.dirname, 'page.ts')],
    bundle: true,
    format: 'esm',
    target: 'chrome130',
    write: false,
    logLevel: 'silent',
  });
  const script = bundle.outputFiles[0]!.contents;
  const server = http.createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><title>lab</title><script type="module" src="/page.js"></script>');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // as: a TCP server has such an address
  const browsers: Browser[] = [];
  const launch = async (microphone: 'permitted' | 'denied'): Promise<Browser> => {
    const args = [...quietFlags, ...voiceFlags, loopbackFlag];
    const browser = await chromium.launch(
      microphone === 'permitted'
        ? { executablePath: chromiumShellPath, args: [...args, grantedFlag] }
        : { executablePath: chromiumPath, args },
    );
    browsers.push(browser);
    return browser;
  };
  const permitted = await launch('permitted');

  return {
    origin,
    async open(microphone = 'permitted') {
      const browser = microphone === 'permitted' ? permitted : await launch(microphone);
      const context = await browser.newContext({ permissions: microphone === 'permitted' ? ['microphone'] : [] });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.goto(origin);
      await page.waitForFunction(() => 'lab' in window);
      return {
        page,
        complaints,
        run: (act, argument) =>
          page.evaluate(
            // The function travels as text: it may use its two arguments only.
            ([text, value]) =>
              new Function('lab', 'argument', `return (${text})(lab, argument)`)(
                (window as unknown as { lab: unknown }).lab, // as: put there by page.ts
                value,
              ),
            [act.toString(), argument] as const,
            // biome-ignore lint/suspicious/noExplicitAny: what comes back is what `act` gave
          ) as Promise<any>,
        close: async () => {
          await page.evaluate(() => (window as unknown as { lab: Lab }).lab.close()).catch(() => undefined);
          await context.close();
        },
      };
    },
    close: async () => {
      for (const browser of browsers) await browser.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
