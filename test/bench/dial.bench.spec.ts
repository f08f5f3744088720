/**
 * `clickToInvite`: from the F2 key (the page's own event time) to the WebSocket frame with the INVITE, the durable attempt.started
 * between them; beside sip.js `SimpleUser` at its best, which records nothing, in turn on the same practice PBX.
 */
import { agentAt } from '../e2e/agent.ts';
import { median, percentile, printFigure } from './figures.ts';
import { benchCases, expect, test } from './fixtures.ts';

const warmUps = 3;
const calls = 30;

type Probe = { keyAt: number | null; inviteAt: number | null };

test('click to INVITE', async ({ workstation, importCases, peer, host }) => {
  await importCases(benchCases(120));
  const station = await workstation({
    args: ['--disable-background-timer-throttling', '--disable-renderer-backgrounding'],
  });
  const { page } = station;
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  const generated = page.locator('[data-key="queue"][data-name^="GEN-"]');
  await expect.poll(() => generated.count(), { timeout: 60_000 }).toBeGreaterThanOrEqual(warmUps + calls);
  const cases = await generated.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-name') ?? ''));

  const probe = await page.evaluateHandle((): Probe => {
    const seen: Probe = { keyAt: null, inviteAt: null };
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (data) {
      if (seen.inviteAt === null && typeof data === 'string' && data.startsWith('INVITE '))
        seen.inviteAt = performance.now();
      send.call(this, data);
    };
    const note = (event: KeyboardEvent) => {
      if (event.code !== 'F2' || event.shiftKey) return;
      seen.keyAt = event.timeStamp;
      seen.inviteAt = null;
    };
    window.addEventListener('keydown', note, true);
    return seen;
  });
  const beside = await peer(station);

  const ours: number[] = [];
  const theirs: number[] = [];
  for (const [index, caseId] of cases.slice(0, warmUps + calls).entries()) {
    await page.bringToFront();
    await page.locator(`[data-key="queue"][data-name="${caseId}"]`).click();
    await expect(page.locator(`[data-case="${caseId}"]`)).toBeVisible();
    await expect(agent.preview.getByRole('button', { name: '拨打' })).toBeEnabled();
    await page.keyboard.press('F2');
    await expect.poll(() => probe.evaluate(({ inviteAt }) => inviteAt), { timeout: 20_000 }).not.toBeNull();
    const taken = await probe.evaluate(({ keyAt, inviteAt }) => (inviteAt ?? Number.NaN) - (keyAt ?? Number.NaN));
    await agent.hangUp();
    await expect(agent.wrapUp).toBeVisible({ timeout: 20_000 });
    await agent.wrapUp.getByRole('radio').first().click(); // nobody has these numbers: an announcement, so nothing is preselected
    await agent.wrapUp.getByRole('button', { name: /确认,下一个/ }).click();
    await expect(agent.preview).toBeVisible();

    await beside.page.bringToFront();
    const peersTime = await beside.dial(`1540000${String(9000 + index)}`);
    if (index < warmUps) continue;
    ours.push(taken);
    theirs.push(peersTime);
  }
  printFigure({
    ...{ bench: 'dial', figure: 'clickToInvite', unit: 'ms', host, samples: ours.length },
    ...{ value: median(ours), against: median(theirs), againstWhat: 'sip.js SimpleUser, iceServers: []' },
    also: { p95: percentile(ours, 0.95), peerP95: percentile(theirs, 0.95) },
  });
});
