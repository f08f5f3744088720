/** The real phone in a real Chromium against a far side that does what no practice customer does. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Call, hangUp, sessionBody } from '../../../practice/call.ts';
import { holdAgent } from '../../../practice/dialog.ts';
import { type LabBrowser, type LabPage, startBrowser } from './browser.ts';
import { answerWithTone, type FarEnd, startFarEnd } from './farEnd.ts';

let browser: LabBrowser;
let far: FarEnd;
let lab: LabPage;

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
});
beforeEach(async () => {
  far = await startFarEnd();
  lab = await browser.open();
  const account = { url: far.url, user: '1001', password: 'any', domain: 'far.example' };
  expect(await lab.run((l, a) => l.start(a), account)).toBe('REGISTERED');
  expect(await lab.run((l) => l.prepare(), null)).toBe('ok');
});
afterEach(async () => {
  expect(lab.complaints).toEqual([]);
  await lab.close();
  await far.stop();
});

/** Dials and waits for the answer; gives the index in the page and the far side's call. */
async function talk(): Promise<{ index: number; call: Call }> {
  let call: Call | undefined;
  far.onInvite((arrived) => {
    call = arrived.call;
    return answerWithTone(arrived);
  });
  const index = await lab.run((l) => l.dial('2009'), null);
  await lab.run((l, i) => l.until(i, 'call.mediaConnected'), index);
  return { index, call: call! };
}

const heardByUs = () => lab.run((l) => l.energy(600), null);
async function heardByThem(call: Call): Promise<number> {
  const before = call.media!.statistics().received;
  await lab.run((l) => l.packets(500), null);
  return call.media!.statistics().received - before;
}

describe('hold', () => {
  it('twice from both sides, interleaved, never leaves one-way audio', async () => {
    const { index, call } = await talk();
    for (let round = 1; round <= 2; round++) {
      expect(await lab.run((l, i) => l.hold(i, true), index)).toBe('ok');
      expect(call.media!.isPaused()).toBe(true);
      expect(await holdAgent(call, true)).toBe(true);
      await lab.run((l, [i, n]) => l.untilCount(i, 'call.held', n), [index, round * 2] as const);
      expect(await lab.run((l, i) => l.hold(i, false), index)).toBe('ok');
      expect(await holdAgent(call, false)).toBe(true);
      await lab.run((l, [i, n]) => l.untilCount(i, 'call.resumed', n), [index, round * 2] as const);
      await expect.poll(heardByUs, { timeout: 5_000 }).toBeGreaterThan(0);
      await expect.poll(() => heardByThem(call), { timeout: 5_000 }).toBeGreaterThan(10);
    }
    const seen = await lab.run((l, i) => l.seen(i), index);
    expect(seen.filter((type) => type === 'call.held')).toHaveLength(4);
    expect(seen.filter((type) => type === 'call.resumed')).toHaveLength(4);
  });

  it('refused by the far side leaves the call as it was, and can be asked again', async () => {
    const { index, call } = await talk();
    const delegate = call.session!.delegate!;
    const agree = delegate.onInvite!;
    delegate.onInvite = (request) => void request.reject({ statusCode: 488 });
    expect(await lab.run((l, i) => l.hold(i, true), index)).toBe('HOLD_REFUSED');
    await expect.poll(heardByUs, { timeout: 5_000 }).toBeGreaterThan(0);
    expect(await heardByThem(call)).toBeGreaterThan(10);
    delegate.onInvite = agree;
    expect(await lab.run((l, i) => l.hold(i, true), index)).toBe('ok');
    expect(await lab.run((l, i) => l.hold(i, false), index)).toBe('ok');
    await expect.poll(heardByUs, { timeout: 5_000 }).toBeGreaterThan(0);
  });
});

describe('a socket that goes away in a call', () => {
  it('does not end it while audio flows, and the BYE of a hang-up meanwhile is said on the next socket', async () => {
    const { index } = await talk();
    // Only our end is cut: the far side keeps the call, as an exchange behind a proxy does.
    far.connections()[0]!.close = () => undefined;
    await lab.run((l) => l.deafen(true), null);
    await lab.run((l) => l.forgetSent(), null);
    await lab.run((l, i) => l.hangUp(i), index);
    expect((await lab.run((l, i) => l.ended(i, 500), index)).ended).toEqual({ reason: 'HUNG_UP', by: 'AGENT' });
    expect(far.heard).not.toContain('BYE');
    await lab.run((l) => l.cut(), null);
    await lab.run((l) => l.deafen(false), null);
    await lab.run((l) => l.untilLine('REGISTERED'), null);
    await expect.poll(() => far.heard.filter((method) => method === 'BYE').length).toBe(1);
  });
});

describe('a far side that does not keep the rules', () => {
  it('nonsense instead of a description in the answer: one clear end, and BYE is said', async () => {
    far.onInvite(({ request }) => {
      request.accept({ statusCode: 200, body: sessionBody('v=0 nonsense\r\n') });
    });
    const index = await lab.run((l) => l.dial('2001'), null);
    expect(await lab.run((l, i) => l.ended(i), index)).toMatchObject({ ended: { reason: 'MEDIA_FAILED' }, count: 1 });
    await expect.poll(() => far.heard).toContain('BYE');
  });

  it('nonsense in early media: the call rings on and can be ended', async () => {
    far.onInvite(({ request }) => {
      request.progress({ statusCode: 183, body: sessionBody('v=0 nonsense\r\n') });
    });
    const index = await lab.run((l) => l.dial('2001'), null);
    await lab.run((l, i) => l.until(i, 'call.ringing'), index);
    await lab.run((l, i) => l.hangUp(i), index);
    expect(await lab.run((l, i) => l.ended(i), index)).toMatchObject({ ended: { reason: 'CANCELLED' }, count: 1 });
    await expect.poll(() => far.heard).toContain('CANCEL');
  });

  it('an answer whose audio is turned down ends the call', async () => {
    far.onInvite(({ request }) => {
      const body =
        'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 0 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 0.0.0.0\r\n';
      request.accept({ statusCode: 200, body: sessionBody(body) });
    });
    const index = await lab.run((l) => l.dial('2001'), null);
    expect(await lab.run((l, i) => l.ended(i), index)).toMatchObject({ ended: { reason: 'MEDIA_FAILED' }, count: 1 });
  });

  it('an answer that crosses our CANCEL is acknowledged and ended at once', async () => {
    let answerLate: (() => void) | undefined;
    far.onInvite(async ({ incoming, request }) => {
      incoming.ring();
      request.delegate = { onCancel: () => undefined };
      // The far side's own script ends when our BYE ends its call.
      answerLate = () => void incoming.answer().catch(() => undefined);
    });
    const index = await lab.run((l) => l.dial('2001'), null);
    await lab.run((l, i) => l.until(i, 'call.ringing'), index);
    await lab.run((l, i) => l.hangUp(i), index);
    await expect.poll(() => far.heard).toContain('CANCEL');
    answerLate!();
    await expect.poll(() => far.heard, { timeout: 5_000 }).toContain('BYE');
    expect(await lab.run((l, i) => l.ended(i), index)).toMatchObject({ ended: { reason: 'CANCELLED' }, count: 1 });
  });

  it('a REFER never makes the station dial', async () => {
    const { index, call } = await talk();
    const invites = await lab.run((l) => l.invites(), null);
    const status = await new Promise<number>((done) => {
      call.session!.refer(
        {
          onAccept: () => done(202),
          onReject: ({ message }) => done(message.statusCode ?? 0),
        },
        { extraHeaders: ['Refer-To: <sip:900123@far.example>', call.line.contactHeader] },
      );
    });
    expect(status).toBe(603);
    expect(await lab.run((l) => l.invites(), null)).toBe(invites);
    hangUp(call);
    expect((await lab.run((l, i) => l.ended(i), index)).ended).toMatchObject({ reason: 'HUNG_UP', by: 'OTHER' });
  });
});
