/** The network itself: what the other specs rely on when they say "the registrar holds" or "the wire is cut". */
import { customerHears } from './hearing.ts';
import { startSipNetwork } from './network.ts';
import { changes, untilLost } from './registrar.ts';
import { expect, test } from './station.ts';

test('a station that says registered has a binding at the registrar, over ws and over wss', async ({
  kamailio,
  openStation,
}) => {
  for (const proxy of [kamailio.ws, kamailio.wss]) {
    const station = await openStation({ proxies: [proxy] });
    const [binding, ...others] = await kamailio.bindings(station.user);
    expect(others).toEqual([]);
    expect(binding).toMatchObject({ userAgent: 'Huifang', expiresIn: expect.any(Number) });
    const registered = kamailio.seen().filter(({ method, from }) => method === 'REGISTER' && from === station.user);
    expect(registered.at(-1)?.by).toBe(proxy === kamailio.ws ? 'ws' : 'wss');
  }
});

test('over wss a call is heard by both sides, and the customer’s hang-up comes through', async ({
  kamailio,
  openStation,
}) => {
  const station = await openStation({ proxies: [kamailio.wss] });
  const number = kamailio.callee(async (far) => {
    far.ring();
    await far.answer();
  });
  const call = await station.dial(number);
  await call.until('call.mediaConnected');
  const far = await kamailio.called(number);
  expect(await call.hearsSomething()).toBeGreaterThan(0);
  await customerHears(far);
  expect((await far.bye()).status).toBe(200);
  expect(await call.ended()).toMatchObject({ ended: { reason: 'HUNG_UP', by: 'OTHER' } });
  const said = kamailio
    .seen()
    .filter(({ callId, status, by }) => callId === far.callId && status === undefined && by !== 'udp');
  expect(said.map(({ method, by }) => [method, by])).toEqual(
    ['INVITE', 'INVITE', 'ACK'].map((method) => [method, 'wss']),
  );
});

test('two networks run side by side, and one that stops takes nothing of the other', async ({
  kamailio,
  openStation,
}) => {
  const second = await startSipNetwork({ callees: 'none', registrarSeconds: 30 });
  const here = await openStation();
  const there = await openStation({ on: second });
  expect(await second.bindings(there.user)).toHaveLength(1);
  await second.stop();
  expect(await kamailio.bindings(here.user)).toHaveLength(1);
});

test('the registrar forgets, a socket is closed, a wire is cut: each is what its name says', async ({
  kamailio,
  openStation,
}) => {
  const forgotten = await openStation();
  await kamailio.dropBinding(forgotten.user);
  expect(await kamailio.bindings(forgotten.user)).toEqual([]);
  expect(await forgotten.run((lab) => lab.openSockets(), null)).toBe(1);

  const closed = await openStation();
  await kamailio.closeSocketOf(closed.user);
  await untilLost(closed);
  await closed.untilLine('REGISTERED');
  expect(await changes(closed, 'FAULT')).toBeGreaterThan(0);
  expect(await kamailio.bindings(closed.user)).toHaveLength(1);

  const way = await kamailio.openWay();
  const cut = await openStation({ proxies: [way.url] });
  const before = way.taken();
  way.cut();
  await untilLost(cut);
  await cut.untilLine('REGISTERED');
  expect(await changes(cut, 'FAULT')).toBeGreaterThan(0);
  expect(way.taken()).toBeGreaterThan(before);

  way.forget();
  await expect.poll(() => kamailio.bindings(cut.user)).toEqual([]);
  expect(way.connections()).toBe(1);
});
