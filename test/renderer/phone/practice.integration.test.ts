/** The real phone in a real Chromium against the practice PBX in a process of its own. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lineAccount, type PracticeProcess, startPractice } from '../../practice/process.ts';
import { type LabBrowser, type LabPage, startBrowser } from './browser.ts';

const answers = '15400000092';
const empty = '02600000002';
const busy = '15400000007';
const declines = '15400000008';
const ringsLong = '02600000005';

let browser: LabBrowser;
let practice: PracticeProcess;
let lab: LabPage;

const account = (port = practice.port, password?: string) => lineAccount(port, password);

/** A page with a registered phone and an open microphone. */
async function signIn(): Promise<LabPage> {
  const page = await browser.open();
  expect(await page.run((l, a) => l.start(a), account())).toBe('REGISTERED');
  expect(await page.run((l) => l.prepare(), null)).toBe('ok');
  return page;
}

const practiceHeader = (context: unknown) => ({ 'X-Practice': encodeURIComponent(JSON.stringify(context)) });

const endOf = (callId: string | undefined) =>
  practice.facts().find((fact) => fact.fact === 'ended' && fact.callId === callId);

beforeAll(async () => {
  browser = await startBrowser();
  practice = await startPractice(['--speed', '20', '--origins', browser.origin]);
});
afterAll(async () => {
  await practice?.stop();
  await browser?.close();
});
afterEach(async () => {
  expect(lab?.complaints ?? []).toEqual([]);
  await lab?.close();
});

describe('a call to a customer', () => {
  it('is answered, heard, named by its attempt, and ends with one hang-up of ours', async () => {
    lab = await signIn();
    const call = await lab.run((l, n) => l.dial(n), answers);
    await lab.run((l, i) => l.until(i, 'call.answered'), call);
    expect(await lab.run((l) => l.energy(1_500), null)).toBeGreaterThan(0);
    await lab.run((l, i) => l.hangUp(i), call);
    await lab.run((l, i) => l.hangUp(i), call);
    const ended = await lab.run((l, i) => l.ended(i), call);
    expect(ended).toMatchObject({ ended: { reason: 'HUNG_UP', by: 'AGENT' }, count: 1 });
    expect(ended.facts.talkedSeconds).toBeGreaterThan(1);
    const invite = practice.facts().find((fact) => fact.fact === 'invite' && fact.callId === ended.facts.callId);
    expect(invite).toMatchObject({ attemptId: expect.stringMatching(/^[0-9a-f-]{36}$/), number: answers });
    await expect.poll(() => lab.run((l) => l.liveConnections(), null), { timeout: 5_000 }).toBe(0);
    await expect.poll(() => endOf(ended.facts.callId)).toMatchObject({ by: 'agent' });
  });

  it('lets an announcement be heard before its 404, and says that early media was heard', async () => {
    lab = await signIn();
    const call = await lab.run((l, n) => l.dial(n), empty);
    await lab.run((l, i) => l.until(i, 'call.earlyMedia'), call);
    expect(await lab.run((l) => l.energy(1_000), null)).toBeGreaterThan(0);
    const ended = await lab.run((l, i) => l.ended(i), call);
    expect(ended.ended).toMatchObject({ reason: 'REFUSED', by: 'NETWORK', sipStatus: 404, q850: 1 });
    expect(ended.facts).toMatchObject({ earlyMedia: true, talkedSeconds: 0 });
    const captions = await lab.run((l, i) => l.notes(i), call);
    expect(captions.map((note) => note.type === 'call.note' && JSON.parse(note.body).zh)).toContainEqual(
      expect.stringContaining('空号'),
    );
  });

  it('tells busy, declined and unavailable apart by what the network said', async () => {
    lab = await signIn();
    const end = async (number: string, context: unknown) => {
      const call = await lab.run((l, [n, h]) => l.dial(n, undefined, h), [number, practiceHeader(context)] as const);
      return (await lab.run((l, i) => l.ended(i, 20_000), call)).ended;
    };
    expect(await end(busy, { attempt: 1 })).toMatchObject({ sipStatus: 486, q850: 17, by: 'OTHER' });
    expect(await end(declines, { attempt: 2 })).toMatchObject({ sipStatus: 603, q850: 21, by: 'OTHER' });
    expect(await end(ringsLong, { clock: '2026-03-02T09:30:00+08:00' })).toMatchObject({ sipStatus: 480, q850: 19 });
  });

  it('is cancelled while it rings, and the far side stops ringing', async () => {
    lab = await signIn();
    const header = practiceHeader({ clock: '2026-03-02T09:30:00+08:00' });
    const call = await lab.run((l, [n, h]) => l.dial(n, undefined, h), [ringsLong, header] as const);
    await lab.run((l, i) => l.until(i, 'call.ringing'), call);
    await lab.run((l, i) => l.hangUp(i), call);
    const ended = await lab.run((l, i) => l.ended(i), call);
    expect(ended.ended).toEqual({ reason: 'CANCELLED', by: 'AGENT' });
    await expect.poll(() => endOf(ended.facts.callId)).toMatchObject({ by: 'cancel', status: 487 });
  });

  it('ends when the customer hangs up', async () => {
    lab = await signIn();
    const call = await lab.run((l, n) => l.dial(n), answers);
    await lab.run((l, i) => l.until(i, 'call.mediaConnected'), call);
    const facts = await lab.run((l, i) => l.facts(i), call);
    await practice.post('/control/hang-up', { callId: facts.callId });
    expect((await lab.run((l, i) => l.ended(i), call)).ended).toMatchObject({
      reason: 'HUNG_UP',
      by: 'OTHER',
      q850: 16,
    });
  });

  it('carries digits, the extension after the answer, and notes both ways', async () => {
    lab = await signIn();
    const call = await lab.run((l, n) => l.dial(n, '8012'), answers);
    await lab.run((l, i) => l.until(i, 'call.mediaConnected'), call);
    await lab.run((l, i) => l.digit(i, '#'), call);
    await lab.run(
      (l, i) =>
        l.note(i, 'application/x-practice-step+json', '{"step":"borrower.employer","topics":["borrower.employer"]}'),
      call,
    );
    await expect
      .poll(async () => (await practice.calls()).calls.at(-1)?.digits, { timeout: 10_000 })
      .toMatch(/8012#?$|^#?8012/);
    expect(practice.facts().some((fact) => fact.fact === 'step')).toBe(true);
    expect((await lab.run((l, i) => l.notes(i), call)).length).toBeGreaterThan(0);
  });

  it('keeps sending while muted, but nothing is heard', async () => {
    lab = await signIn();
    const call = await lab.run((l, n) => l.dial(n), '9196');
    await lab.run((l, i) => l.until(i, 'call.mediaConnected'), call);
    await expect.poll(() => lab.run((l) => l.energy(1_200), null), { timeout: 10_000 }).toBeGreaterThan(0.001);
    await lab.run((l, i) => l.mute(i, true), call);
    await expect.poll(() => lab.run((l) => l.energy(1_200), null), { timeout: 10_000 }).toBeLessThan(0.0001);
    expect(await lab.run((l) => l.packets(500), null)).toBeGreaterThan(10);
    await lab.run((l, i) => l.mute(i, false), call);
    await expect.poll(() => lab.run((l) => l.energy(1_200), null), { timeout: 10_000 }).toBeGreaterThan(0.001);
    const measured = await lab.run((l, i) => l.measure(i), call);
    expect(measured).toMatchObject({ loss: expect.any(Number), jitter: expect.any(Number) });
  });

  it('goes through the call machine from the dial to its one output', async () => {
    lab = await signIn();
    const { phases, output } = await lab.run((l, n) => l.machineCall(n, 'TALKING'), answers);
    expect(phases).toEqual(['DIALING', 'RINGING', 'TALKING', 'ENDED']);
    expect(output).toMatchObject({ ended: { reason: 'HUNG_UP', by: 'AGENT' }, callId: expect.any(String) });
  });
});

describe('an incoming call', () => {
  it('rings with the caller’s number, is answered and heard; a second one meanwhile is busy', async () => {
    lab = await signIn();
    await practice.post('/control/ring-back', { user: '1001', number: '15400000036' });
    await expect.poll(() => lab.run((l) => l.calls(), null)).toBe(1);
    expect(await lab.run((l) => l.remoteNumber(0), null)).toBe('15400000036');
    await lab.run((l) => l.answer(0), null);
    await lab.run((l) => l.until(0, 'call.mediaConnected'), null);
    expect(await lab.run((l) => l.energy(1_500), null)).toBeGreaterThan(0);
    const second = await practice.post('/control/ring-back', { user: '1001', number: '15400000012' });
    const { callId } = (await second.json()) as { callId: string };
    await expect
      .poll(() => practice.facts().find((fact) => fact.fact === 'ended' && fact.callId === callId))
      .toMatchObject({ status: 486 });
    // The second is told too, as a call that is over: a missed one.
    expect(await lab.run((l) => l.calls(), null)).toBe(2);
    await lab.run((l) => l.hangUp(0), null);
    expect((await lab.run((l) => l.ended(0), null)).ended).toEqual({ reason: 'HUNG_UP', by: 'AGENT' });
  });

  it('is refused by hanging up while it rings', async () => {
    lab = await signIn();
    await practice.post('/control/ring-back', { user: '1001', number: '15400000036' });
    await expect.poll(() => lab.run((l) => l.calls(), null)).toBe(1);
    await lab.run((l) => l.hangUp(0), null);
    expect((await lab.run((l) => l.ended(0), null)).ended).toEqual({ reason: 'REFUSED', by: 'AGENT' });
  });
});

describe('the line', () => {
  it('registers again by itself after the exchange dropped the socket', async () => {
    lab = await signIn();
    await practice.post('/control/drop-line', { user: '1001' });
    await expect.poll(() => lab.run((l) => l.lineStates.includes('FAULT'), null)).toBe(true);
    await lab.run((l) => l.untilLine('REGISTERED', 5_000), null);
    const call = await lab.run((l, n) => l.dial(n), answers);
    await lab.run((l, i) => l.until(i, 'call.answered'), call);
  });

  it('notices a half-open socket within seconds after waking up', async () => {
    lab = await signIn();
    await lab.run((l) => l.deafen(true), null);
    await lab.run((l) => l.lineEvent('line.woke'), null);
    await expect.poll(() => lab.run((l) => l.line(), null), { timeout: 8_000 }).not.toBe('REGISTERED');
    await lab.run((l) => l.deafen(false), null);
    await lab.run((l) => l.untilLine('REGISTERED', 10_000), null);
  });

  it('names a wrong password and does not hammer', async () => {
    lab = await browser.open();
    expect(await lab.run((l, a) => l.start(a), account(practice.port, 'wrong'))).toBe('REFUSED');
    expect(await lab.run((l) => l.lineProblem(), null)).toContain('password');
    const said = await lab.run((l) => l.sent().length, null);
    await lab.run((l) => l.packets(0).catch(() => 0), null);
    expect(await lab.run((l) => l.sent().length, null)).toBe(said);
    expect(said).toBeLessThanOrEqual(2);
  });

  it('gives the binding back at sign-out', async () => {
    lab = await signIn();
    await lab.run((l) => l.lineEvent('line.signOut'), null);
    await lab.run((l) => l.untilLine('SIGNED_OUT'), null);
    const last = () => practice.facts().findLast((fact) => fact.fact === 'register');
    await expect.poll(last).toMatchObject({ expires: 0 });
  });
});

describe('what a station cannot do', () => {
  it('a denied microphone ends the dial before any INVITE, with a sentence', async () => {
    lab = await browser.open('denied');
    await lab.run((l, a) => l.start(a), account());
    expect(await lab.run((l) => l.prepare(), null)).toBe('MICROPHONE_DENIED');
    const call = await lab.run((l, n) => l.dial(n), answers);
    const ended = await lab.run((l, i) => l.ended(i), call);
    expect(ended).toMatchObject({
      ended: { reason: 'NO_MICROPHONE', by: 'STATION' },
      sentence: { zh: expect.stringContaining('麦克风') },
    });
    expect(await lab.run((l) => l.invites(), null)).toBe(0);
  });

  it('an unreachable exchange is told, retried, and a dial meanwhile ends at once', async () => {
    lab = await browser.open();
    expect(await lab.run((l, a) => l.start(a), account(9))).toBe('FAULT');
    const call = await lab.run((l, n) => l.dial(n), answers);
    expect((await lab.run((l, i) => l.ended(i, 1_000), call)).ended).toEqual({ reason: 'LINE_LOST', by: 'NETWORK' });
  });
});
