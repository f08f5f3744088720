/** What a far side may do while somebody talks: session timers, UPDATE, glare, refusals, silence; none of it costs the audio. */
import type { FarCall } from './farEnd.ts';
import { bothHear } from './hearing.ts';
import type { SipNetwork } from './network.ts';
import { unusable } from './sipText.ts';
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

test('a session timer’s refresh is answered, by re-INVITE as by UPDATE', async ({ openStation, kamailio }) => {
  const station = await openStation();
  const { call, far } = await talk(station, kamailio);
  const headers = ['Session-Expires: 1800;refresher=uac', 'Min-SE: 90', 'Supported: timer'];
  const agreed = await far.reinvite('sendrecv', { headers });
  expect(agreed.status).toBe(200);
  expect(agreed.body).toContain('a=sendrecv');
  const refreshed = await far.request('UPDATE', { headers });
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

for (const [offer, method] of [
  ['an UPDATE', 'UPDATE'],
  ['a re-INVITE', 'INVITE'],
] as const)
  for (const [what, spoil] of Object.entries(unusable))
    test(`${offer} ${what} is refused with 488, and both hear each other as before`, async ({
      openStation,
      kamailio,
    }) => {
      const station = await openStation();
      const { call, far } = await talk(station, kamailio);
      expect((await far.request(method, { sdp: spoil(far.sdp()) })).status).toBe(488);
      expect(await station.sent(method, 488)).toHaveLength(1);
      await bothHear(call, far);
      expect(await call.seen()).not.toContain('call.ended');
      expect(await call.hold(true)).toBe('ok');
      expect(await call.hold(false)).toBe('ok');
      await bothHear(call, far);
      await call.hangUp();
      await far.until('BYE');
    });

test('an UPDATE with an offer that crosses our hold is refused with 491; the hold is kept, and theirs is taken afterwards', async ({
  openStation,
  kamailio,
}) => {
  const station = await openStation();
  const { call, far } = await talk(station, kamailio);
  far.on('INVITE', async () => {
    far.on('INVITE');
    // Theirs comes while ours has no answer; without an offer it is a session timer's refresh, which crosses nothing.
    expect((await far.request('UPDATE', { sdp: far.sdp('sendonly') })).status).toBe(491);
    expect((await far.request('UPDATE')).status).toBe(200);
    return { status: 200, sdp: far.sdp('recvonly') };
  });
  expect(await call.hold(true)).toBe('ok');
  expect(await station.sent('UPDATE', 491)).toHaveLength(1);
  expect(await station.sent('INVITE', 491)).toEqual([]);
  expect(await call.until('call.held')).toMatchObject({ by: 'AGENT' });
  expect((await far.request('UPDATE', { sdp: far.sdp('inactive') })).status).toBe(200);
  expect(await call.until('call.held', { times: 2 })).toMatchObject({ by: 'OTHER' });
  expect(await call.hold(false)).toBe('ok');
  expect((await far.request('UPDATE', { sdp: far.sdp('sendrecv') })).status).toBe(200);
  await call.until('call.resumed', { times: 2 });
  await bothHear(call, far);
  await call.hangUp();
  await call.ended();
});

test('a hold whose direction comes in the ACK is noticed, and so is the end of one', async ({
  openStation,
  kamailio,
}) => {
  const station = await openStation();
  const { call, far } = await talk(station, kamailio);
  for (const times of [1, 2]) {
    // The second hold says so at once, and only its end is late.
    expect((await far.reinvite('sendonly', { late: times === 1 })).status).toBe(200);
    expect(await call.until('call.held', { times })).toMatchObject({ by: 'OTHER' });
    expect((await far.reinvite('sendrecv', { late: true })).status).toBe(200);
    expect(await call.until('call.resumed', { times })).toMatchObject({ by: 'OTHER' });
    await bothHear(call, far);
  }
  await call.hangUp();
  await call.ended();
});

test('two holds that cross are refused on both sides (491), asked again and both kept; resumed, both hear', async ({
  openStation,
  kamailio,
}) => {
  const station = await openStation();
  const { call, far } = await talk(station, kamailio);
  // A busy machine: what was offered is taken back only when theirs is there again.
  await station.run(() => {
    const apply = RTCPeerConnection.prototype.setLocalDescription;
    RTCPeerConnection.prototype.setLocalDescription = async function (description) {
      if (description?.type === 'rollback') await new Promise((resolve) => setTimeout(resolve, 400));
      // as: the overload with callbacks is not used
      await (apply as (description?: RTCLocalSessionDescriptionInit) => Promise<void>).call(this, description);
    };
  }, null);
  far.on('INVITE', async () => {
    far.on('INVITE');
    // Theirs comes while ours has no answer.
    expect((await far.reinvite('sendonly')).status).toBe(491);
    return { status: 491 };
  });
  const ours = call.hold(true);
  await expect.poll(() => station.sent('INVITE', 491)).toHaveLength(1);
  // Who does not own the Call-ID asks first (RFC 3261 14.1); should ours be under way once more, again.
  await expect.poll(async () => (await far.reinvite('sendonly')).status).toBe(200);
  expect(await ours).toBe('ok');
  const holds = [await call.until('call.held'), await call.until('call.held', { times: 2 })];
  expect(holds.map((event) => 'by' in event && event.by).sort()).toEqual(['AGENT', 'OTHER']);
  expect(far.stationSays()).toBe('sendonly');

  expect(await call.hold(false)).toBe('ok');
  expect(await call.seen()).not.toContain('call.mediaLost');
  expect((await far.reinvite('sendrecv')).status).toBe(200);
  await call.until('call.resumed', { times: 2 });
  await bothHear(call, far);
  await call.hangUp();
  await call.ended();
});

test('a hold asked while the far side’s own is not acknowledged yet waits for it; both are kept', async ({
  openStation,
  kamailio,
}) => {
  const station = await openStation();
  const { call, far } = await talk(station, kamailio);
  let acknowledge: (value?: unknown) => void = () => undefined;
  const before = new Promise((resolve) => {
    acknowledge = resolve;
  });
  const theirs = far.reinvite('sendonly', { before });
  await call.until('call.held');
  const asked = (await station.sent('INVITE')).length;
  const ours = call.hold(true);
  await call.hears(300); // the page goes on: without waiting, ours would be out or refused by now
  expect(await station.sent('INVITE')).toHaveLength(asked);
  acknowledge();
  expect((await theirs).status).toBe(200);
  expect(await ours).toBe('ok');
  expect(far.stationSays()).toBe('sendonly');
  expect(await call.hold(false)).toBe('ok');
  expect((await far.reinvite('sendrecv')).status).toBe(200);
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

test('a far side that is only silent keeps its call; one that forgot it (481) or answers nothing (408) is a ghost and ends, in words', async ({
  openStation,
  kamailio,
}) => {
  test.setTimeout(240_000);
  const station = await openStation();
  let knows = true;
  const { call, far } = await talk(station, kamailio, (call) =>
    call.on('OPTIONS', () => ({ status: knows ? 200 : 481 })),
  );
  // Another station's, in the same wait: the proxy says 408 in the place of one that is not there any more.
  const gone = await talk(await openStation(), kamailio, (call) => call.on('OPTIONS', () => null));
  for (const { media } of [far, gone.far]) media.say('nothing');
  await call.until('call.mediaLost', { within: 60_000 });
  await far.until('OPTIONS');
  expect(await call.seen()).not.toContain('call.ended');
  knows = false;
  for (const [ghost, sipStatus] of [
    [gone.call, 408],
    [call, 481],
  ] as const)
    expect(await ghost.ended(60_000)).toMatchObject({
      ended: { reason: 'FAILED', by: 'NETWORK', sipStatus },
      sentence: { en: expect.stringContaining('no longer knows this call') },
    });
});
