/**
 * What 200 calls leave behind in the workstation, after 20 to warm up: peer connections, tracks, audio contexts and event listeners are
 * counted as objects after a forced collection, and the heap is weighed. Every call goes the whole way: key, INVITE, the far side's
 * audio, hang-up, wrap-up, next case.
 */
import type { CDPSession, Page } from '@playwright/test';
import { type Agent, agentAt } from '../e2e/agent.ts';
import { printFigure } from './figures.ts';
import { benchCases, expect, test } from './fixtures.ts';

const warmUps = 20;
const calls = Number(process.env.HUIFANG_CALLS ?? 200);
const heapLimit = 5;
const answering = 100;
/** SIP transactions are remembered for 32 s (RFC 3261), a peer connection is made for the next call after 2 s; ms. */
const settling = 40_000;

/** Counted by their prototype. */
const counted = [
  'RTCPeerConnection',
  'MediaStreamTrack',
  'MediaStream',
  'AudioContext',
  'HTMLAudioElement',
  'WebSocket',
] as const;
type Kind = (typeof counted)[number] | 'listeners' | 'nodes';
type Counts = Readonly<Record<Kind, number>> & { readonly heap: number };

test.use({ practiceSpeed: 20 });

test('calls leave nothing behind', async ({ workstation, importCases, host }) => {
  test.setTimeout(300_000 + (warmUps + calls) * 8_000);
  // Some of the first numbers belong to practice customers, who answer: a conversation has a script to be walked.
  // Two cases a person: a station never holds more than 200 persons, those called a moment ago among them.
  await importCases(benchCases(answering + warmUps + calls, 2).slice(answering));
  const { page, context } = await workstation();
  const session = await context.newCDPSession(page);
  const agent = agentAt(page);
  await page.route('**/api/v1/leases', async (route) => {
    const asked: { station: string } = route.request().postDataJSON();
    await route.continue({ postData: JSON.stringify({ ...asked, most: 200 }) });
  });
  await agent.signIn('A017', 'huifang-a017', 60_000);
  await agent.lineIsThere();

  const held = async () => Number(await page.locator('.queue header .faint').innerText());
  await expect.poll(held, { timeout: 120_000 }).toBeGreaterThanOrEqual(Math.min(200, warmUps + calls));

  const called = new Set<string>();
  await callMany(page, agent, warmUps, called);
  await page.waitForTimeout(settling);
  const before = await countObjects(session);
  await callMany(page, agent, calls, called);
  await page.waitForTimeout(settling);
  const after = await countObjects(session);

  for (const kind of [...counted, 'listeners', 'nodes'] as const)
    printFigure({
      ...{ bench: 'calls', figure: `${kind}Left`, unit: 'objects', host, samples: calls },
      ...{ value: after[kind], against: before[kind], againstWhat: 'after the warm-up' },
    });
  printFigure({
    ...{ bench: 'calls', figure: 'heapGrowth', unit: '%', host, samples: calls },
    ...{ value: (after.heap / before.heap - 1) * 100, against: heapLimit, againstWhat: 'limit' },
    also: { kilobytesBefore: before.heap / 1000, kilobytesAfter: after.heap / 1000 },
  });
  if (process.env.HUIFANG_SOAK === undefined) return;
  for (const kind of ['RTCPeerConnection', 'MediaStreamTrack', 'listeners'] as const)
    expect(after[kind], kind).toBeLessThanOrEqual(before[kind]);
  expect(after.heap / before.heap).toBeLessThanOrEqual(1 + heapLimit / 100);
});

/** One call after another, each with its result; never the same case twice. The list is drawn as far as it is scrolled. */
async function callMany(page: Page, agent: Agent, count: number, called: Set<string>): Promise<void> {
  const rows = page.locator('[data-key="queue"][data-name^="GEN-"]');
  const next = async () => {
    const ids = await rows.evaluateAll((found) => found.map((row) => row.getAttribute('data-name') ?? ''));
    const id = ids.find((one) => !called.has(one));
    if (id === undefined) await rows.last().scrollIntoViewIfNeeded();
    return id ?? '';
  };
  for (let n = 0; n < count; n++) {
    await expect.poll(next, { timeout: 60_000 }).not.toBe('');
    const caseId = await next();
    called.add(caseId);
    await page.locator(`[data-key="queue"][data-name="${caseId}"]`).click();
    await expect(page.locator(`[data-case="${caseId}"]`)).toBeVisible();
    await expect(agent.preview.getByRole('button', { name: '拨打' })).toBeEnabled({ timeout: 60_000 });
    await page.keyboard.press('F2');
    // Nobody has these numbers: an announcement, heard before the 404.
    await expect(agent.callBar).toContainText(/有提示音|振铃/, { timeout: 60_000 });
    await agent.hangUp();
    await expect(agent.wrapUp).toBeVisible({ timeout: 60_000 });
    await agent.wrapUp.getByRole('radio').first().click();
    await agent.wrapUp.getByRole('button', { name: /确认，下一个/ }).click();
    await expect(agent.wrapUp).toBeHidden({ timeout: 60_000 });
  }
  await agent.delivered();
}

/** After a collection: what is still reachable. */
async function countObjects(session: CDPSession): Promise<Counts> {
  const collect = async () => {
    for (let time = 0; time < 3; time++) await session.send('HeapProfiler.collectGarbage');
  };
  await collect();
  const numbers: Record<string, number> = {};
  for (const name of counted) {
    const { result } = await session.send('Runtime.evaluate', {
      expression: `${name}.prototype`,
      objectGroup: 'count',
    });
    if (result.objectId === undefined) throw new Error(`there is no ${name}`);
    const { objects } = await session.send('Runtime.queryObjects', {
      prototypeObjectId: result.objectId,
      objectGroup: 'count',
    });
    if (objects.objectId === undefined) throw new Error(`${name} cannot be counted`);
    const { result: length } = await session.send('Runtime.callFunctionOn', {
      ...{
        objectId: objects.objectId,
        functionDeclaration: 'function () { return this.length; }',
        returnByValue: true,
      },
    });
    numbers[name] = Number(length.value);
  }
  await session.send('Runtime.releaseObjectGroup', { objectGroup: 'count' });
  await collect();
  const { jsEventListeners, nodes } = await session.send('Memory.getDOMCounters');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return { ...numbers, listeners: jsEventListeners, nodes, heap: usedSize } as Counts; // as: each of `counted` was counted above
}
