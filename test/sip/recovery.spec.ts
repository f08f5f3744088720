/** The socket goes under a conversation: what the customer hears, and what they are left with. */
import type { FarCall } from './farEnd.ts';
import { bothHear } from './hearing.ts';
import type { SipNetwork } from './network.ts';
import { expect, type Station, type StationCall, test } from './station.ts';
import type { Way } from './way.ts';

type Talk = { station: Station; way: Way; call: StationCall; far: FarCall };

async function talkOver(
  network: SipNetwork,
  openStation: (options: { proxies: string[] }) => Promise<Station>,
): Promise<Talk> {
  const way = await network.openWay();
  const station = await openStation({ proxies: [way.url] });
  const number = network.callee(async (far) => {
    far.ring();
    await far.answer();
  });
  const call = await station.dial(number);
  await call.until('call.mediaConnected');
  return { station, way, call, far: await network.called(number) };
}

test('a hang-up while the line is down is carried out after the reconnection: the customer’s leg never stays up', async ({
  kamailio,
  openStation,
}) => {
  const { station, way, call, far } = await talkOver(kamailio, openStation);
  await way.refuse(true);
  await expect.poll(() => station.line()).not.toBe('REGISTERED');
  await call.hangUp();
  expect(await call.ended()).toMatchObject({ ended: { reason: 'HUNG_UP', by: 'AGENT' } });
  expect(far.ended()).toBe(false);
  await way.refuse(false);
  await far.until('BYE');
  await station.untilLine('REGISTERED');
});

test('after a reconnection the call goes on, can be held, and the customer’s hang-up finds us', async ({
  kamailio,
  openStation,
}) => {
  const { station, way, call, far } = await talkOver(kamailio, openStation);
  way.cut();
  await far.until('INVITE', 2); // tells the far side where we are now
  await station.untilLine('REGISTERED');
  await bothHear(call, far);
  expect(await call.hold(true)).toBe('ok');
  expect(await call.hold(false)).toBe('ok');
  await bothHear(call, far);
  expect(await call.seen()).not.toContain('call.mediaLost');
  await far.bye();
  expect(await call.ended()).toMatchObject({ ended: { reason: 'HUNG_UP', by: 'OTHER' } });
});

test('a hold of the customer’s that ended while we were away is seen to have ended', async ({
  kamailio,
  openStation,
}) => {
  const { way, call, far } = await talkOver(kamailio, openStation);
  expect((await far.reinvite('sendonly')).status).toBe(200);
  await call.until('call.held');
  far.on('INVITE', () => ({ status: 200, sdp: far.sdp() }));
  way.cut();
  await call.until('call.resumed');
  await bothHear(call, far);
  await call.hangUp();
  await far.until('BYE');
});

test('a socket that goes silent together with the audio is noticed, and audio restarted over a new one in the same call', async ({
  kamailio,
  openStation,
}) => {
  const { way, call, far } = await talkOver(kamailio, openStation);
  await bothHear(call, far); // what was never heard is not missed so soon
  far.media.say('nothing');
  way.freeze();
  await call.until('call.mediaLost', { within: 15_000 });
  way.cut();
  way.thaw();
  const restarted = await far.until('INVITE', 2);
  expect(restarted.header('Call-ID')).toBe(far.callId);
  far.media.say('tone');
  await call.until('call.mediaConnected', { times: 2 });
  await bothHear(call, far);
  await call.hangUp();
  await far.until('BYE');
});

test('a hold whose answer was lost with the socket does not block the call', async ({ kamailio, openStation }) => {
  const { way, call, far } = await talkOver(kamailio, openStation);
  far.on('INVITE', () => {
    way.cut();
    return null;
  });
  expect(await call.hold(true)).toBe('HOLD_REFUSED');
  far.on('INVITE');
  await far.until('INVITE', 3);
  await expect.poll(() => call.hold(true), { timeout: 20_000 }).toBe('ok');
  expect(await call.hold(false)).toBe('ok');
  await bothHear(call, far);
  await call.hangUp();
  await far.until('BYE');
});

test('a hang-up before anything was heard of the INVITE, the socket then lost: the customer’s phone stops ringing after the reconnection', async ({
  kamailio,
  openStation,
}) => {
  const way = await kamailio.openWay();
  const station = await openStation({ proxies: [way.url], signIn: false });
  // That it rings gets as far as the machine, and no further: the proxy itself says 100 at once.
  await station.run((lab, account) => {
    const { prototype } = WebSocket;
    const native = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(prototype), 'onmessage');
    const unheard = /^SIP\/2\.0 1[\s\S]*^CSeq: \d+ INVITE/m;
    Object.defineProperty(prototype, 'onmessage', {
      set(hear: ((event: { data: string }) => void) | null) {
        native?.set?.call(this, hear && ((event: { data: string }) => !unheard.test(event.data) && hear(event)));
      },
    });
    lab.start(account);
  }, station.account);
  await station.untilLine('REGISTERED');
  await station.run((lab) => lab.prepare(), null);
  const number = kamailio.callee((far) => far.ring());
  const call = await station.dial(number);
  const far = await kamailio.called(number);
  await call.hangUp();
  expect(await call.ended()).toMatchObject({ ended: { reason: 'CANCELLED', by: 'AGENT' } });
  expect(await station.sent('CANCEL')).toEqual([]);
  way.cut();
  await far.until('CANCEL');
  await station.untilLine('REGISTERED');
  await expect.poll(() => station.run((lab) => lab.unsaid(), null)).toEqual([]);
  expect(await station.sent('CANCEL')).toHaveLength(1);
  expect(await call.seen()).not.toContain('call.ringing');
});

test('killed in a call, or while it rings: the next page of the station ends it for the customer', async ({
  kamailio,
  openStation,
}) => {
  const { station, way, far } = await talkOver(kamailio, openStation);
  const rings = kamailio.callee((call) => call.ring());
  await (await station.dial(rings)).until('call.ringing');
  const unsaid = await station.run((lab) => lab.unsaid(), null);
  // Nothing comes from the first page any more.
  await way.refuse(true);
  await openStation({ farewells: unsaid });
  await far.until('BYE');
  await (await kamailio.called(rings)).until('CANCEL');
});
