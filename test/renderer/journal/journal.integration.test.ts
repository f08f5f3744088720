/** The journal in a real Chromium with a profile on the disk: durability, reload, two tabs, what lies in the files, and how fast. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, quietFlags } from '../../support/chromium.ts';
import type { JournalLab } from './journalPage.ts';

type LabWindow = { lab: JournalLab };

let server: http.Server;
let origin: string;
let profile: string;
let context: BrowserContext;

const words = { name: '甄样例', number: '154-0000-0001', branch: '星港支行' };

async function openProfile(): Promise<BrowserContext> {
  const options = { executablePath: chromiumPath, args: [...quietFlags] };
  const opened = await chromium.launchPersistentContext(profile, options);
  await opened.addInitScript((given) => Object.assign(window, { words: given }), words);
  return opened;
}

async function openTab(): Promise<Page> {
  const page = await context.newPage();
  await page.goto(origin);
  await page.waitForFunction(() => 'lab' in window);
  return page;
}

beforeAll(async () => {
  const bundle = await build({
    entryPoints: [resolve(import.meta.dirname, 'journalPage.ts')],
    bundle: true,
    format: 'esm',
    target: 'chrome130',
    write: false,
    logLevel: 'silent',
  });
  const script = bundle.outputFiles[0]!.contents;
  server = http.createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><title>lab</title><script type="module" src="/page.js"></script>');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // as: a TCP server has such an address
  profile = mkdtempSync(join(tmpdir(), 'huifang-profile-'));
  context = await openProfile();
});

afterAll(async () => {
  await context?.close();
  server?.close();
  if (profile !== undefined) rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
});

// `window as …` below: put there by journalPage.ts.
describe('in a real browser', () => {
  it('every transaction that writes is strict', async () => {
    const page = await openTab();
    const written = await page.evaluate(async () => {
      const { lab } = window as unknown as LabWindow;
      await lab.append(3);
      await lab.drain(1);
      await lab.append(2);
      return lab.durabilities;
    });
    const ours = written.filter(({ database }) => database === 'huifang-practice');
    expect(ours.length).toBeGreaterThanOrEqual(6);
    expect(new Set(ours.map(({ durability }) => durability))).toEqual(new Set(['strict']));
    await page.close();
  });

  it('two tabs append to one chain, and both see the same count', async () => {
    const [one, two] = await Promise.all([openTab(), openTab()]);
    const append = (page: Page) => page.evaluate(() => (window as unknown as LabWindow).lab.append(50));
    await Promise.all([append(one), append(two)]);
    const verify = (page: Page) => page.evaluate(() => (window as unknown as LabWindow).lab.verify());
    expect(await verify(one)).toEqual({ sound: true, entries: 105 });
    expect(await verify(two)).toEqual({ sound: true, entries: 105 });
    expect(await two.evaluate(() => (window as unknown as LabWindow).lab.unsent())).toMatchObject({ count: 102 });
    await Promise.all([one.close(), two.close()]);
  });

  it('a reload and a new start of the browser keep everything', async () => {
    const page = await openTab();
    await page.reload();
    await page.waitForFunction(() => 'lab' in window);
    expect(await page.evaluate(() => (window as unknown as LabWindow).lab.verify())).toMatchObject({ entries: 105 });
    await context.close();
    context = await openProfile();
    const again = await openTab();
    expect(await again.evaluate(() => (window as unknown as LabWindow).lab.verify())).toMatchObject({ entries: 105 });
    await again.close();
  });

  it('stays fast with 20,000 entries that wait and 1,000 cached cases', async () => {
    const page = await openTab();
    await page.evaluate(() => (window as unknown as LabWindow).lab.fill(20_000, 1_000));
    const { append, put, merged, mergedAgain } = await page.evaluate(() =>
      (window as unknown as LabWindow).lab.figures(200),
    );
    expect(await page.evaluate(() => (window as unknown as LabWindow).lab.cases())).toBe(1_000);
    const line = ({ p50, p95, p99 }: typeof append) => `p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms`;
    process.stdout.write(
      `append: ${line(append)}\nbare strict put: ${line(put)}\n` +
        `1,000 cases with 20,000 entries: ${Math.round(merged)} ms, again ${Math.round(mergedAgain)} ms\n`,
    );
    // The disk's own time is not ours; on a busy machine both grow.
    expect(append.p95).toBeLessThan(Math.max(50, put.p95 * 4));
    await page.close();
  }, 240_000);

  it('2,000 entries of a day without the bank leave within ten batches', async () => {
    const page = await openTab();
    const unsent = () => page.evaluate(() => (window as unknown as LabWindow).lab.unsent());
    const before = await unsent();
    const ms = await page.evaluate(() => (window as unknown as LabWindow).lab.drain(10));
    process.stdout.write(`2,000 entries read, opened and marked as received: ${Math.round(ms)} ms\n`);
    expect((await unsent()).count).toBe(before.count - 2_000);
    expect(ms).toBeLessThan(30_000);
    await page.close();
  }, 120_000);

  it('no name and no number lies in clear in any file of the profile', async () => {
    const page = await openTab();
    await page.evaluate(() => (window as unknown as LabWindow).lab.control('对照明文'));
    await context.close();
    const files = (readdirSync(profile, { recursive: true, encoding: 'utf8' }) as string[])
      .map((name) => join(profile, name))
      .filter((path) => statSync(path).isFile())
      .map((path) => ({ path, bytes: readFileSync(path) }));
    const holding = (text: string) =>
      files.filter(({ bytes }) => formsOf(text).some((form) => bytes.includes(form))).map(({ path }) => path);
    expect(holding('对照明文')).not.toEqual([]);
    expect(Object.values(words).flatMap(holding)).toEqual([]);
    context = await openProfile();
  }, 60_000);
});

/** A text as it could lie in a file: UTF-8, UTF-16, and base64 of both at each of its three alignments. */
function formsOf(text: string): Buffer[] {
  const plain = [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')];
  const encoded = plain.flatMap((bytes) =>
    [0, 1, 2].map((shift) => {
      const whole = Buffer.concat([Buffer.alloc(shift), bytes])
        .toString('base64')
        .replaceAll('=', '');
      return Buffer.from(whole.slice(Math.ceil((shift * 4) / 3), -1));
    }),
  );
  return [...plain, ...encoded];
}
