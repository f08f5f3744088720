/**
 * Beside sip.js `SimpleUser` and JsSIP 3.13 at their best, in turn, in the same browser and on the same exchange:
 *
 *   clickToInvite            from the F2 key (the page's own event time) to the WebSocket frame with the INVITE, the durable attempt.started
 *                            between them; the peers record nothing
 *   clickToInviteSilentStun  the same of the bare phone, with a STUN server that stays silent
 *   answerToAudio            from the 200 on the wire to the first packet of audio
 *   clickToEarlyMedia        from the dial to the first packet of audio before the answer; sip.js with `earlyMedia: true`
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from '@playwright/test';
import { agentAt } from '../e2e/agent.ts';
import { type SipNetwork, startSipNetwork } from '../sip/network.ts';
import { awakeFlags, chromiumPath, loopbackFlag, quietFlags, voiceFlags } from '../support/chromium.ts';
import { median, percentile, printFigure } from './figures.ts';
import { benchCases, type Exchange, expect, test } from './fixtures.ts';
import type { PeerName, PeerPage, PeerTimes } from './peerPage.ts';

const warmUps = 3;
const calls = 30;

type Probe = { keyAt: number | null; inviteAt: number | null };

const exchanges: Record<Exchange, string> = { practice: 'the practice PBX', kamailio: 'Kamailio' };
for (const exchange of ['practice', 'kamailio'] as const)
  test.describe(`on ${exchanges[exchange]}`, () => {
    test.use({ exchange });

    test('click to INVITE', async ({ workstation, importCases, peers, host }) => {
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
      const beside = await peers(station);

      const ours: number[] = [];
      const theirs: Record<'sip.js' | 'JsSIP', number[]> = { 'sip.js': [], JsSIP: [] };
      for (const [index, caseId] of cases.slice(0, warmUps + calls).entries()) {
        await page.bringToFront();
        await page.locator(`[data-key="queue"][data-name="${caseId}"]`).click();
        await expect(page.locator(`[data-case="${caseId}"]`)).toBeVisible();
        await expect(agent.preview.getByRole('button', { name: '拨打' })).toBeEnabled();
        await page.keyboard.press('F2');
        await expect.poll(() => probe.evaluate(({ inviteAt }) => inviteAt), { timeout: 20_000 }).not.toBeNull();
        const taken = await probe.evaluate(({ keyAt, inviteAt }) => (inviteAt ?? Number.NaN) - (keyAt ?? Number.NaN));
        // Kamailio knows none of these numbers and says so at once; at the practice PBX an announcement plays.
        if (exchange === 'practice') await agent.hangUp();
        await expect(agent.wrapUp).toBeVisible({ timeout: 20_000 });
        await agent.wrapUp.getByRole('radio').first().click();
        await agent.wrapUp.getByRole('button', { name: /确认，下一个/ }).click();
        await expect(agent.preview).toBeVisible();

        await beside.page.bringToFront();
        for (const name of ['sip.js', 'JsSIP'] as const) {
          const { invite } = await beside.dial(name, `1540000${String(9000 + index)}`);
          if (index >= warmUps) theirs[name].push(invite);
        }
        if (index >= warmUps) ours.push(taken);
      }
      for (const name of ['sip.js', 'JsSIP'] as const)
        printFigure({
          ...{ bench: 'dial', figure: 'clickToInvite', unit: 'ms', host, samples: ours.length, value: median(ours) },
          ...{ against: median(theirs[name]), againstWhat: `${peerNames[name]} on ${exchanges[exchange]}` },
          also: { p95: percentile(ours, 0.95), peerP95: percentile(theirs[name], 0.95) },
        });
    });
  });

const peerNames: Record<PeerName, string> = {
  huifang: 'ourselves',
  'sip.js': 'sip.js 0.21 SimpleUser',
  JsSIP: 'JsSIP 3.13',
};
const names = ['huifang', 'sip.js', 'JsSIP'] as const;
const flags = [...quietFlags, ...awakeFlags, ...voiceFlags, loopbackFlag];

type PeerBrowser = {
  dial(name: PeerName, number: string, wait: 'invite' | 'audio'): Promise<PeerTimes>;
  close(): Promise<void>;
};
type Figure = 'answerToAudio' | 'clickToEarlyMedia' | 'clickToInviteSilentStun';

/** The bare phone beside its peers on a Kamailio of its own; `measure` opens pages there and reads figures off them. */
async function onKamailio(
  { peerOrigin, host }: { peerOrigin: string; host: string },
  measure: (setting: {
    network: SipNetwork;
    open: (stun?: string) => Promise<PeerBrowser>;
    read: (
      figure: Figure,
      rounds: (name: PeerName) => number,
      measure: (name: PeerName) => Promise<number>,
    ) => Promise<void>;
  }) => Promise<void>,
): Promise<void> {
  const network = await startSipNetwork();
  const browser = await chromium.launch({ executablePath: chromiumPath, args: flags });
  try {
    const open = async (stun?: string): Promise<PeerBrowser> => {
      const context = await browser.newContext({ permissions: ['microphone'] });
      const page = await context.newPage();
      await page.goto(peerOrigin);
      await page.waitForFunction(() => 'peer' in window);
      for (const [index, name] of names.entries()) {
        const { user, password } = network.users[index]!; // there are twelve
        const account = { url: network.ws, domain: network.domain, user, password, ...(stun && { stun }) };
        await page.evaluate(
          // as: peerPage.ts put it there
          ([who, value]) => (window as unknown as { peer: PeerPage }).peer.start(who, value),
          [name, account] as const,
        );
      }
      const dial = (name: PeerName, number: string, wait: 'invite' | 'audio'): Promise<PeerTimes> =>
        page.evaluate(
          ([who, to, what]) => (window as unknown as { peer: PeerPage }).peer.dial(who, to, what), // as: likewise
          [name, number, wait] as const,
        );
      return { dial, close: () => context.close() };
    };
    const read = async (
      figure: Figure,
      rounds: (name: PeerName) => number,
      measure: (name: PeerName) => Promise<number>,
    ) => {
      const seen: Record<PeerName, number[]> = { huifang: [], 'sip.js': [], JsSIP: [] };
      for (let round = -1; round < Math.max(...names.map(rounds)); round += 1)
        for (const name of names) {
          if (round >= rounds(name) || (round < 0 && rounds(name) < 5)) continue;
          // What is made ahead of a dial is there between two calls of a shift; a bench does not wait so long by itself. All begin alike cold.
          await pause(2_500);
          const taken = await measure(name);
          if (round >= 0) seen[name].push(taken);
        }
      for (const name of ['sip.js', 'JsSIP'] as const) {
        if (seen[name].length === 0) continue;
        const [own, theirs] = [seen.huifang, seen[name]];
        printFigure({
          ...{ bench: 'dial', figure, unit: 'ms', host, samples: own.length, value: median(own) },
          ...{ against: median(theirs), againstWhat: `${peerNames[name]} on Kamailio` },
          also: { p95: percentile(own, 0.95), peerP95: percentile(theirs, 0.95) },
        });
      }
    };

    await measure({ network, open, read });
  } finally {
    await browser.close();
    await network.stop();
  }
}

test('the bare phone beside its peers: answer to audio, click to early media', ({ peerOrigin, host }) =>
  onKamailio({ peerOrigin, host }, async ({ network, open, read }) => {
    const page = await open();
    // Its packets come every 20 ms from the call's start on: answered at once, each call would meet that grid at the same place. Spread over
    // it, as here, 31 calls told two medians of the same apart by up to 5 ms.
    const talks = network.callee(async (call) => {
      await pause(Math.random() * 20);
      call.answer();
    });
    await read(
      'answerToAudio',
      () => 61,
      async (name) => (await page.dial(name, talks, 'audio')).answerToAudio ?? Number.NaN,
    );
    const announces = network.callee((call) => call.early());
    // JsSIP plays early media too, but only this peer is named in what we want to be measured against.
    await read(
      'clickToEarlyMedia',
      (name) => (name === 'JsSIP' ? 0 : 15),
      async (name) => (await page.dial(name, announces, 'audio')).firstAudio ?? Number.NaN,
    );
    await page.close();
  }));

test('the bare phone beside its peers: click to INVITE behind a silent STUN server', ({ peerOrigin, host }) =>
  onKamailio({ peerOrigin, host }, async ({ open, read }) => {
    const silent = createSocket('udp4');
    silent.bind(0, '127.0.0.1');
    await once(silent, 'listening');
    const behindStun = await open(`stun:127.0.0.1:${silent.address().port}`);
    await read(
      'clickToInviteSilentStun',
      (name) => ({ huifang: 15, 'sip.js': 2, JsSIP: 1 })[name],
      async (name) => (await behindStun.dial(name, '9999', 'invite')).invite,
    );
    await behindStun.close();
    silent.close();
  }));
