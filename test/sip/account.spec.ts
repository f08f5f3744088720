/** An account at a real registrar: taken by another station, refused, ended, renewed (line.spec.ts is about the line that has one). */
import type { Seen } from './network.ts';
import { bound, pageTime, registers, test } from './registrar.ts';
import { expect, type Station } from './station.ts';

test.describe('an account that two stations have', () => {
  test('is said to be taken by the one that lost it, within 10 s, and again when it was taken back', async ({
    network,
    openStation,
  }) => {
    const first = await openStation({ on: network });
    const { user, password } = first.account;
    const lost = await pageTime(first);
    const second = await openStation({ on: network, user, password });
    const said = async (station: Station) =>
      `${(await station.lineContext()).problem}`.includes('Another station uses');
    await expect.poll(() => said(first), { timeout: 15_000, intervals: [20] }).toBe(true);
    expect((await pageTime(first)) - lost).toBeLessThan(10_000);
    // And the other, which has just lost it to the first.
    const taken = await pageTime(second);
    await expect.poll(() => said(second), { timeout: 15_000, intervals: [20] }).toBe(true);
    expect((await pageTime(second)) - taken).toBeLessThan(10_000);
    expect(await network.bindings(user)).toHaveLength(1);
  });
});

test.describe('a refused account', () => {
  test('a wrong password is named as such, and tried no more', async ({ network, openStation }) => {
    const station = await openStation({ on: network, password: 'wrong', registered: false });
    await station.untilLine('REFUSED');
    expect((await station.lineContext()).problem).toContain('refuses this station’s account or password');
    const tries = (await station.sent('REGISTER')).length;
    // For as long as a good line takes to ask after its binding, nothing leaves.
    const other = await openStation({ on: network });
    await expect.poll(async () => (await registers(other, 'question')).length, { timeout: 20_000 }).toBe(1);
    expect((await station.sent('REGISTER')).length).toBe(tries);
    expect(await network.bindings(station.user)).toEqual([]);
  });

  test('an expired password is named as expired: another sentence', async ({ network, openStation }) => {
    const station = await openStation({
      ...{ on: network, password: 'of yesterday', registered: false },
      expiresAt: new Date(Date.now() - 60_000).toISOString(),
    });
    await station.untilLine('REFUSED');
    expect((await station.lineContext()).problem).toContain('has expired');
  });

  test('the bank’s new password brings it back over the same socket', async ({ network, way, openStation }) => {
    const station = await openStation({ on: network, proxies: [way.url], password: 'of yesterday', registered: false });
    await station.untilLine('REFUSED');
    await network.setPassword(station.user, 'of today');
    await station.run((lab, password) => lab.renewPassword(password, null), 'of today');
    await station.untilLine('REGISTERED');
    await bound(network, station);
    expect(way.taken()).toBe(1);
  });

  test('a password renewed before its end is used at the next REGISTER: binding and socket stay', async ({
    network,
    way,
    openStation,
  }) => {
    const station = await openStation({ on: network, proxies: [way.url] });
    await network.setPassword(station.user, 'of tomorrow');
    const [before, asked] = [await registers(station, 'binding'), await registers(station, 'question')];
    await station.run((lab, password) => lab.renewPassword(password, Date.now() + 3_600_000), 'of tomorrow');
    await expect.poll(async () => (await registers(station, 'binding')).length).toBe(before.length + 1);
    // The next question is answered, too: the old password would have been refused.
    await expect
      .poll(async () => (await registers(station, 'question')).length, { timeout: 20_000 })
      .toBeGreaterThan(asked.length + 1);
    await bound(network, station);
    expect(way.taken()).toBe(1);
    expect((await station.lineStates()).map(({ state }) => state)).toEqual(['SIGNED_OUT', 'CONNECTING', 'REGISTERED']);
  });

  test('a password that changes in the middle of a call is renewed without the call hearing of it', async ({
    kamailio,
    openStation,
  }) => {
    const station = await openStation();
    const call = await station.dial('2001');
    await call.until('call.mediaConnected');
    const seen = await call.seen();
    await kamailio.setPassword(station.user, 'of tomorrow');
    try {
      const before = (await registers(station, 'binding')).length;
      await station.run((lab, password) => lab.renewPassword(password, null), 'of tomorrow');
      await expect.poll(async () => (await registers(station, 'binding')).length).toBe(before + 1);
      expect((await call.hears()).packets).toBeGreaterThan(10);
      expect(await call.seen()).toEqual(seen);
      expect(await station.line()).toBe('REGISTERED');
      await call.hangUp();
      expect(await call.ended()).toMatchObject({ ended: { reason: 'HUNG_UP', by: 'AGENT' } });
    } finally {
      await kamailio.setPassword(station.user, station.account.password);
    }
  });

  for (const [words, harm] of [
    ['over the same socket', null],
    ['when its socket is lost too, over another', 'cut'],
    ['when its socket is half-open, over another', 'forget'],
  ] as const)
    test(`refused in the middle of a call, the call goes on and is hung up ${words}`, async ({
      kamailio,
      openStation,
    }) => {
      const way = await kamailio.openWay();
      const station = await openStation({ proxies: [way.url] });
      const call = await station.dial('2001');
      await call.until('call.mediaConnected');
      await kamailio.setPassword(station.user, 'another');
      try {
        await station.untilLine('REFUSED');
        expect((await call.hears()).packets).toBeGreaterThan(10);
        if (harm !== null) way[harm]();
        await call.hangUp();
        const { facts } = await call.ended();
        const isBye = ({ method, status, callId }: Seen) =>
          method === 'BYE' && status === 200 && callId === facts.callId;
        await expect.poll(() => kamailio.seen().some(isBye), { timeout: 15_000 }).toBe(true);
      } finally {
        await kamailio.setPassword(station.user, station.account.password);
      }
    });
});
