/** What a far side may do while somebody talks: session timers, UPDATE, glare, refusals, silence; none of it costs the audio. */
import type { FarCall } from './farEnd.ts';
import type { SipNetwork } from './network.ts';
import { expect, type Station, type StationCall, test } from './station.ts';

async function talk(
  station: Station,
  network: SipNetwork,
  prepare: (far: FarCall) => void = () => undefined,
): Promise<{ call: StationCall; far: FarCall }> {
  const number = network.callee(async (far) => {
    prepare(far);
    far.ring();
    await far.answer();
  });
  const call = await station.dial(number);
  await call.until('call.mediaConnected');
  return { call, far: await network.called(number) };
}

async function bothHear(call: StationCall, far: FarCall): Promise<void> {
  const before = far.media.received();
  await expect.poll(async () => (await call.hears(300)).energy, { intervals: [0], timeout: 15_000 }).toBeGreaterThan(0);
  await expect.poll(() => far.media.received() - before).toBeGreaterThan(10);
}

test('a session timer’s refresh is answered, by re-INVITE as by UPDATE', async ({ openStation, kamailio }) => {
  const station = await openStation();
  const { call, far } = await talk(station, kamailio);
  expect((await far.reinvite('sendrecv')).status).toBe(200);
  const refreshed = await far.request('UPDATE', {
    headers: ['Session-Expires: 1800;refresher=uac', 'Supported: timer'],
  });
  expect(refreshed.status).toBe(200);
  expect(refreshed.header('Session-Expires')).toBe('1800;refresher=uac');
  await bothHear(call, far);
  await call.hangUp();
  await call.ended();
});

test('an UPDATE with an offer holds and resumes like a re-INVITE', async ({ openStation, kamailio }) => {
  const station = await openStation();
  const { call, far } = await talk(station, kamailio);
  const held = await far.request('UPDATE', { sdp: far.sdp('sendonly') });
  expect(held.status).toBe(200);
  expect(held.body).toContain('m=audio');
  expect(await call.until('call.held')).toMatchObject({ by: 'OTHER' });
  expect((await far.request('UPDATE', { sdp: far.sdp('sendrecv') })).status).toBe(200);
  await call.until('call.resumed');
  await bothHear(call, far);
  await call.hangUp();
  await call.ended();
});

test('a hold that crosses one of the far side (491) is asked again, and both hear afterwards', async ({
  openStation,
  kamailio,
}) => {
  const station = await openStation();
  const { call, far } = await talk(station, kamailio);
  far.on('INVITE', () => {
    far.on('INVITE');
    return { status: 491 };
  });
  expect(await call.hold(true)).toBe('ok');
  expect(await call.hold(false)).toBe('ok');
  await bothHear(call, far);
  await call.hangUp();
  await call.ended();
});

test('a refused hold leaves the call as it was, and the next one works', async ({ openStation, kamailio }) => {
  const station = await openStation();
  const { call, far } = await talk(station, kamailio);
  far.on('INVITE', () => {
    far.on('INVITE');
    return { status: 488 };
  });
  expect(await call.hold(true)).toBe('HOLD_REFUSED');
  await bothHear(call, far);
  expect(await call.hold(true)).toBe('ok');
  expect(await call.hold(false)).toBe('ok');
  await bothHear(call, far);
  await call.hangUp();
  await call.ended();
});

test('a re-INVITE without audio is refused, and ends nothing', async ({ openStation, kamailio }) => {
  const station = await openStation();
  const { call, far } = await talk(station, kamailio);
  const video = far.sdp().replace(/^m=audio[\s\S]*/m, 'm=video 4000 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n');
  expect((await far.request('INVITE', { sdp: video })).status).toBe(488);
  expect(await call.seen()).not.toContain('call.ended');
  await call.hangUp();
  await far.until('BYE');
});

test('a far side that is only silent keeps its call; one that forgot the call is a ghost and ends, in words', async ({
  openStation,
  kamailio,
}) => {
  test.setTimeout(240_000);
  const station = await openStation();
  let knows = true;
  const { call, far } = await talk(station, kamailio, (call) =>
    call.on('OPTIONS', () => ({ status: knows ? 200 : 481 })),
  );
  far.media.say('nothing');
  await call.until('call.mediaLost', { within: 60_000 });
  await far.until('OPTIONS');
  expect(await call.seen()).not.toContain('call.ended');
  knows = false;
  expect(await call.ended(60_000)).toMatchObject({
    ended: { reason: 'FAILED', by: 'NETWORK', sipStatus: 481 },
    sentence: { en: expect.stringContaining('no longer knows this call') },
  });
});
