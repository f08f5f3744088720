/** Several proxies in order of preference: the next one takes over, and the line goes home when no call can notice. */
import { bound, registers, test, untilLost } from './registrar.ts';
import { expect } from './station.ts';

test('the next one takes over when the first goes; the line returns by itself, not before a call has ended, and without being away', async ({
  kamailio,
  openStation,
}) => {
  test.setTimeout(240_000);
  const [first, second] = [await kamailio.openWay(), await kamailio.openWay()];
  const station = await openStation({ proxies: [first.url, second.url] });
  expect([first.connections(), second.connections()]).toEqual([1, 0]);

  await first.refuse(true);
  await untilLost(station);
  await station.untilLine('REGISTERED');
  expect([first.connections(), second.connections()]).toEqual([0, 1]);
  await bound(kamailio, station);

  const call = await station.dial('2001');
  await call.until('call.answered');
  await first.refuse(false);
  const states = (await station.lineStates()).length;
  // It would go back 37.5 s after the change at the latest.
  await expect.poll(async () => (await call.facts()).talkedSeconds, { timeout: 120_000 }).toBeGreaterThan(40);
  expect([first.connections(), second.connections()]).toEqual([0, 1]);
  expect((await call.hears()).packets).toBeGreaterThan(10);
  await call.hangUp();
  await call.ended();

  await expect.poll(async () => (await station.lineContext()).proxy, { timeout: 30_000 }).toBe(0);
  await expect.poll(() => [first.connections(), second.connections()]).toEqual([1, 0]);
  // Kamailio drops the bindings of a closed socket after some seconds: ours must have gone over. Two more questions say so.
  const asked = (await registers(station, 'question')).length;
  await expect.poll(async () => (await registers(station, 'question')).length, { timeout: 40_000 }).toBe(asked + 2);
  expect(await kamailio.bindings(station.user)).toHaveLength(1);
  expect((await station.lineStates()).slice(states)).toEqual([]); // registered all the time
});

test('a proxy that takes sockets and answers nothing is passed over', async ({ network, way, openStation }) => {
  const second = await network.openWay();
  way.freeze();
  const station = await openStation({ on: network, proxies: [way.url, second.url] });
  expect(second.connections()).toBe(1);
  await bound(network, station);
});
