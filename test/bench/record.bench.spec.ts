/**
 * `confirmToNext`: from the Enter that confirms a result until its entries are durable and the next case is on the screen, with 1,000
 * cached cases and 20,000 entries in the journal; beside a bare strict put of as many bytes, in turn in the same page.
 */
import { agentAt, pin } from '../e2e/agent.ts';
import { median, percentile, printFigure } from './figures.ts';
import { benchCases, bundle, expect, test } from './fixtures.ts';
import type { LabPage } from './labPage.ts';

const perPerson = 6;
const confirmations = 60;
const entries = 20_000;
const cached = 1_000;
const spared = Array.from({ length: confirmations }, (_, n) => `P-BENCH-${String(n).padStart(4, '0')}`);

type Probe = { enterAt: number | null; before: string | null; shownAt: number | null };
type LabWindow = { lab: LabPage };

test('confirm to next case', async ({ workstation, importCases, practice, host }) => {
  // The cases of the persons who are called come first in the list.
  const all = benchCases(200 * perPerson, perPerson);
  const firstDeadline = all.map(({ deadline }) => deadline).sort()[0];
  await importCases(
    all.map((one) => (spared.includes(one.person) && firstDeadline ? { ...one, deadline: firstDeadline } : one)),
  );

  const { page } = await workstation();
  const agent = agentAt(page);
  // A station asks for 60 persons; here it gets the most the server gives.
  await page.route('**/api/v1/leases', async (route) => {
    const asked: { station: string } = route.request().postDataJSON();
    await route.continue({ postData: JSON.stringify({ ...asked, most: 200 }) });
  });
  await agent.signIn('A017', 'huifang-a017');
  const search = page.locator('[data-key="search"]');
  const held = async () => Number(await page.locator('.queue header .faint').innerText());
  await expect.poll(held, { timeout: 120_000 }).toBeGreaterThanOrEqual(cached);
  await page.unroute('**/api/v1/leases');

  const script = await bundle('labPage.ts');
  const openLab = async () => {
    await page.evaluate(script);
    await page.evaluate(
      // `window as …` here and below: labPage.ts put it there
      (who) => (window as unknown as LabWindow).lab.open(who),
      { account: 'A017', password: 'huifang-a017', pin },
    );
  };
  await openLab();
  await page.evaluate(([count, persons]) => (window as unknown as LabWindow).lab.fill(count, persons), [
    entries,
    spared,
  ] as const);
  await expect
    .poll(() => page.evaluate(() => (window as unknown as LabWindow).lab.unsent().then(({ count }) => count)), {
      timeout: 400_000,
      intervals: [1000],
    })
    .toBe(0);

  // As after a night: everything is read from the disk again.
  await page.reload();
  const began = performance.now();
  await agent.signIn('A017', 'huifang-a017', 120_000);
  const signInMs = performance.now() - began;
  await agent.lineIsThere();
  await expect.poll(held, { timeout: 60_000 }).toBeGreaterThanOrEqual(cached);
  await openLab();

  const probe = await page.evaluateHandle((): Probe => {
    const seen: Probe = { enterAt: null, before: null, shownAt: null };
    const shown = () => document.querySelector<HTMLElement>('section[data-case]')?.dataset.case ?? null;
    const look = () => {
      if (seen.enterAt === null || seen.shownAt !== null) return;
      const next = shown();
      if (next === null || next === seen.before || document.querySelector('[aria-label="拨前校验"]') === null) return;
      seen.shownAt = Number.POSITIVE_INFINITY;
      requestAnimationFrame(() => {
        seen.shownAt = performance.now();
      });
    };
    new MutationObserver(look).observe(document.body, {
      ...{ subtree: true, childList: true, attributes: true, characterData: true },
    });
    const note = (event: KeyboardEvent) => {
      if (event.code === 'Enter') Object.assign(seen, { enterAt: event.timeStamp, before: shown(), shownAt: null });
    };
    window.addEventListener('keydown', note, true);
    return seen;
  });

  const ours: number[] = [];
  const bare: number[] = [];
  for (let n = 0; n < confirmations; n += 1) {
    const caseId = all[n * perPerson]?.id ?? '';
    await search.fill(caseId);
    await page.locator(`[data-key="queue"][data-name="${caseId}"]`).click();
    await search.fill('');
    await expect(page.locator(`[data-case="${caseId}"]`)).toBeVisible();
    await agent.dial();
    await expect.poll(() => practice.log().filter(({ fact }) => fact === 'invite').length).toBe(n + 1);
    await agent.hangUp();
    await expect(agent.wrapUp).toBeVisible({ timeout: 20_000 });
    await agent.wrapUp.getByRole('radio').first().click(); // nobody has these numbers: an announcement, so nothing is preselected
    await page.waitForTimeout(700); // Enter waits 600 ms after a screen that changed under the agent
    const before = await page.evaluate(() => (window as unknown as LabWindow).lab.head());
    await page.keyboard.press('Enter');
    await expect.poll(() => probe.evaluate(({ shownAt }) => shownAt), { timeout: 10_000 }).toBeGreaterThan(0);
    await expect.poll(() => probe.evaluate(({ shownAt }) => Number.isFinite(shownAt))).toBe(true);
    ours.push(await probe.evaluate(({ enterAt, shownAt }) => (shownAt ?? Number.NaN) - (enterAt ?? Number.NaN)));
    bare.push(
      await page.evaluate(async (order) => {
        const { lab } = window as unknown as LabWindow;
        return lab.barePut(await lab.bytesSince(order));
      }, before.order),
    );
  }
  printFigure({
    ...{ bench: 'record', figure: 'confirmToNext', unit: 'ms', host, samples: ours.length },
    ...{
      value: percentile(ours, 0.95),
      against: percentile(bare, 0.95),
      againstWhat: 'bare strict put of as many bytes',
    },
    also: { median: median(ours), bareMedian: median(bare), worst: Math.max(...ours), signIn: signInMs },
  });
});
