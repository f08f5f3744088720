/**
 * `entriesPerSecond`: 2,000 waiting entries by the real uploader out of the real journal over HTTP to the real server; beside the
 * server's bare intake, which gets the very same batches without HTTP, in a process of its own, on a copy of the very same data.
 */
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../start/run.ts';
import { agentAt, pin } from '../e2e/agent.ts';
import { median, printFigure } from './figures.ts';
import { benchCases, bundle, expect, test } from './fixtures.ts';
import type { LabPage } from './labPage.ts';

const rounds = 3;
const entries = 2_000;

type LabWindow = { lab: LabPage };

test('waiting entries per second', async ({ workstation, bank, importCases, folder, host }) => {
  await importCases(benchCases(60));
  const serverOrigin = `http://127.0.0.1:${bank.port}`;
  const { page } = await workstation({ serverOrigin });
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await expect
    .poll(() => page.locator('[data-key="queue"][data-name^="GEN-"]').count(), { timeout: 60_000 })
    .toBeGreaterThan(20);
  await agent.delivered();

  // An empty page of the same origin: the workstation's own uploader is gone with its page.
  const empty = `${serverOrigin}/empty.html`;
  await page.route(empty, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>lab</title>' }),
  );
  await page.goto(empty);
  await page.unroute(empty);
  await page.evaluate(await bundle('labPage.ts'));
  // `window as …` here and below: labPage.ts put it there
  await page.evaluate((who) => (window as unknown as LabWindow).lab.open(who), {
    account: 'A017',
    password: 'huifang-a017',
    pin,
  });

  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await page.evaluate((count) => (window as unknown as LabWindow).lab.fill(count, []), entries);
    await bank.stop();
    const copy = join(folder, `copy${round}`);
    cpSync(join(folder, 'bank'), copy, { recursive: true });
    await bank.restart();
    const drained = await page.evaluate(() => (window as unknown as LabWindow).lab.drain());
    expect(drained.entries).toBeGreaterThanOrEqual(entries);
    ours.push(drained.entries / (drained.milliseconds / 1000));

    const file = join(folder, `batches${round}.json`);
    writeFileSync(file, JSON.stringify(drained));
    const { code, output } = await run('intake', 'tsx', ['test/bench/bareIntake.ts', copy, file]);
    if (code !== 0) throw new Error(output);
    bare.push(drained.entries / (Number(output) / 1000));
  }
  printFigure({
    ...{ bench: 'drain', figure: 'entriesPerSecond', unit: 'entries/s', host, samples: rounds },
    ...{ value: median(ours), against: median(bare), againstWhat: 'bare intake without HTTP' },
    also: { slowest: Math.min(...ours), bareSlowest: Math.min(...bare) },
  });
});
