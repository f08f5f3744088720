/** Bundles the gallery, serves it on a free port, and opens the system's Chromium on it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium } from 'playwright-core';
import { chromiumPath, quietFlags } from '../../support/chromium.ts';

const html =
  '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><link rel="stylesheet" href="/gallery.css"><div id="root"></div><script type="module" src="/gallery.js"></script></html>';

export type GalleryPage = { origin: string; browser: Browser; close: () => Promise<void> };

export async function openGallery(): Promise<GalleryPage> {
  const bundle = await build({
    entryPoints: [join(import.meta.dirname, 'gallery.tsx')],
    bundle: true,
    write: false,
    outdir: '/out',
    format: 'esm',
    jsx: 'automatic',
    target: 'chrome130',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
  });
  const files = new Map(bundle.outputFiles.map((file) => [file.path.slice('/out'.length), file.contents]));
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://gallery').pathname;
    const file = files.get(path);
    const type = path.endsWith('.js') ? 'text/javascript' : path.endsWith('.css') ? 'text/css' : 'text/html';
    response.writeHead(file === undefined && path !== '/' ? 404 : 200, { 'content-type': `${type}; charset=utf-8` });
    response.end(file ?? (path === '/' ? html : ''));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a listening TCP server has one
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? chromiumPath,
    args: [...quietFlags],
  });
  return {
    origin: `http://127.0.0.1:${port}`,
    browser,
    close: async () => {
      await browser.close();
      server.close();
    },
  };
}
