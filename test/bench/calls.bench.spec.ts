/**
 * What 200 calls leave behind in the workstation, after 20 to warm up: peer connections, tracks, audio contexts and event listeners are
 * counted as objects after a forced collection, and the heap is weighed. Every call goes the whole way: key, INVITE, the far side's
 * audio, hang-up, wrap-up, next case. One of ten is answered and its script left, one of ten is a customer who rings back; at the other
 * numbers an announcement is heard.
 *
 * V8 goes on optimising what is called often, and keeps a megabyte of machine code for it: no program can give that back, and 20 calls do
 * not warm it up. The optimising compilers are off here, so that the heap holds what we hold.
 */
import type { CDPSession, Page } from '@playwright/test';
import type { Case } from '#shared/case/case.ts';
import { type Agent, agentAt } from '../e2e/agent.ts';
import { printFigure } from './figures.ts';
import { benchCases, expect, test } from './fixtures.ts';

const warmUps = 20;
const calls = Number(process.env.HUIFANG_CALLS ?? 200);
const heapLimit = 5;
/** Of the generated numbers, how many may belong to practice customers. */
const practiceNumbers = 100;
/** Practice customers who always answer. A number may be called twice a day (caps.numberDay). */
const answering = [
  ...[
    '154-0000-0001',
    '154-0000-0002',
    '154-0000-0003',
    '154-0000-0010',
    '154-0000-0011',
    '154-0000-0026',
    '154-0000-0036',
  ],
  ...['154-0000-0092', '026-0000-0001', '026-0000-0003', '026-0000-0004', '026-0000-0023', '026-0000-0040'],
];
const ringingBack = '154-0000-0007';
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

test('calls leave nothing behind', async ({ workstation, importCases, practice, host }) => {
  test.setTimeout(300_000 + (warmUps + calls) * 8_000);
  // Two cases a person: a station never holds more than 200 persons, those called a moment ago among them.
  const cases = benchCases(practiceNumbers + warmUps + calls, 2)
    .slice(practiceNumbers)
    .map(someoneAnswers);
  await importCases(cases);
  const { page, context } = await workstation({ args: ['--js-flags=--no-opt --no-maglev --no-sparkplug'] });
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

  const plan: Plan = {
    answering: cases.filter((one) => one.contacts.some(({ number }) => answering.includes(number))).map(({ id }) => id),
    called: new Set(),
    ringBack: () => practice.control('ring-back', { user: '1001', number: ringingBack }),
  };
  await callMany(agent, warmUps, plan);
  await page.waitForTimeout(settling);
  const before = await countObjects(session);
  await callMany(agent, calls, plan);
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

/** The first of every ten cases has the number of somebody who answers, twice each. */
function someoneAnswers(one: Case, index: number): Case {
  const number = index % 10 === 0 ? answering[Math.floor(index / 20)] : undefined;
  if (number === undefined) return one;
  const contacts = one.contacts.map((contact) => ({
    ...contact,
    number,
    sources: contact.sources.map((source) => ({ ...source, number })),
  }));
  return { ...one, contacts };
}

type Plan = {
  /** Cases whose number is answered, those called taken off. */
  answering: string[];
  /** Cases called. */
  readonly called: Set<string>;
  ringBack(): Promise<unknown>;
};

/** One call after another, each with its result; never the same case twice. */
async function callMany(agent: Agent, count: number, plan: Plan): Promise<void> {
  const { page } = agent;
  for (let n = 0; n < count; n++) {
    const answered = n % 10 === 0 ? plan.answering.shift() : undefined;
    if (answered !== undefined) {
      plan.called.add(answered);
      await agent.open(answered);
      await canDial(agent);
      await page.keyboard.press('F2');
      await hearAndHangUp(agent);
    } else if (n % 10 === 5) {
      await plan.ringBack();
      await expect(agent.region('来电').getByRole('button', { name: /接听/ })).toBeEnabled();
      await page.keyboard.press('F2');
      await hearAndHangUp(agent);
    } else {
      await openNext(page, plan);
      await canDial(agent);
      await page.keyboard.press('F2');
      // Nobody has these numbers: an announcement, heard before the 404.
      await expect(agent.callBar).toContainText(/有提示音|振铃/, { timeout: 60_000 });
      await agent.hangUp();
      await expect(agent.wrapUp).toBeVisible({ timeout: 60_000 });
      await agent.wrapUp.getByRole('radio').first().click();
      await agent.confirm();
    }
    await expect(agent.wrapUp).toBeHidden({ timeout: 60_000 });
  }
  await agent.delivered();
}

const canDial = (agent: Agent) =>
  expect(agent.preview.getByRole('button', { name: '拨打' })).toBeEnabled({ timeout: 60_000 });

/** The list is drawn as far as it is scrolled. */
async function openNext(page: Page, { called, answering: spared }: Plan): Promise<void> {
  const rows = page.locator('[data-key="queue"][data-name^="GEN-"]');
  const next = async () => {
    const ids = await rows.evaluateAll((found) => found.map((row) => row.getAttribute('data-name') ?? ''));
    const id = ids.find((one) => !called.has(one) && !spared.includes(one));
    if (id === undefined) await rows.last().scrollIntoViewIfNeeded();
    return id ?? '';
  };
  await expect.poll(next, { timeout: 60_000 }).not.toBe('');
  const caseId = await next();
  called.add(caseId);
  await page.locator(`[data-key="queue"][data-name="${caseId}"]`).click();
  await expect(page.locator(`[data-case="${caseId}"]`)).toBeVisible();
}

async function hearAndHangUp(agent: Agent): Promise<void> {
  await agent.answered();
  await agent.leave('对方挂断');
  await agent.result('中途挂断');
  await agent.hangUp();
  await agent.confirm();
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
