/** The real phone in a real Chromium, whose exchange is killed. Half a minute is waited for and no voice listened to, so other tests may run beside it. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lineAccount, startPractice } from '../../practice/process.ts';
import { type LabBrowser, type LabPage, startBrowser } from './browser.ts';

const rings = '15400000002';

let browser: LabBrowser;
let lab: LabPage;

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
});
afterEach(async () => {
  expect(lab?.complaints ?? []).toEqual([]);
  await lab?.close();
});

describe('the exchange dies', () => {
  it('in a call: the call ends as a lost line once nothing was heard for half a minute, and the line comes back when it is told to try again', async () => {
    const mortal = await startPractice(['--origins', browser.origin]);
    lab = await browser.open();
    await lab.run((l, a) => l.start(a), lineAccount(mortal.port));
    await lab.run((l) => l.prepare(), null);
    const call = await lab.run((l, n) => l.dial(n), '9196');
    await lab.run((l, i) => l.until(i, 'call.mediaConnected'), call);
    mortal.child.kill('SIGKILL');
    const ended = await lab.run((l, i) => l.ended(i, 90_000), call);
    expect(ended).toMatchObject({ ended: { reason: 'LINE_LOST', by: 'NETWORK' }, count: 1 });
    const ringing = await lab.run((l, n) => l.dial(n), rings);
    expect((await lab.run((l, i) => l.ended(i), ringing)).ended.reason).toBe('LINE_LOST');
    const reborn = await startPractice(['--origins', browser.origin, '--port', String(mortal.port)]);
    await lab.run((l) => l.lineEvent('line.tryNow'), null);
    await lab.run((l) => l.untilLine('REGISTERED', 10_000), null);
    await reborn.stop();
  });

  it('while it rings: the call ends at once', async () => {
    const mortal = await startPractice(['--origins', browser.origin]);
    lab = await browser.open();
    await lab.run((l, a) => l.start(a), lineAccount(mortal.port));
    await lab.run((l) => l.prepare(), null);
    const call = await lab.run((l, n) => l.dial(n), rings);
    await lab.run((l, i) => l.until(i, 'call.ringing'), call);
    mortal.child.kill('SIGKILL');
    expect((await lab.run((l, i) => l.ended(i, 3_000), call)).ended).toEqual({ reason: 'LINE_LOST', by: 'NETWORK' });
  });
});
