/**
 * The line on a real registrar. What is shown is what the machine says; what is true is what Kamailio holds (`ul.dump`): every promise here
 * is about the two together. Each test that harms a network has one of its own.
 */
import { startSipNetwork } from './network.ts';
import { bound, changes, pageTime, registers, test, untilLost } from './registrar.ts';
import { expect } from './station.ts';

test.describe('a line that was lost comes back by itself', () => {
  test('a cut socket: at the registrar again within seconds, under the same address', async ({
    network,
    way,
    openStation,
  }) => {
    const station = await openStation({ on: network, proxies: [way.url] });
    const [before] = await network.bindings(station.user);
    const taken = way.taken();
    way.cut();
    await expect.poll(() => way.taken(), { timeout: 10_000 }).toBe(taken + 1);
    await station.untilLine('REGISTERED');
    await bound(network, station);
    const [after] = await network.bindings(station.user);
    expect(after?.contact).toBe(before?.contact);
    expect(after?.received).not.toBe(before?.received);
  });

  test('the registrar closes the socket in order', async ({ network, openStation }) => {
    const station = await openStation({ on: network });
    await network.closeSocketOf(station.user);
    await untilLost(station);
    await station.untilLine('REGISTERED');
    await bound(network, station);
  });

  test('Kamailio is restarted: while it is away nothing is shown as registered, afterwards it is true again', async ({
    network,
    openStation,
  }) => {
    const station = await openStation({ on: network });
    await network.stopKamailio({ hard: true });
    await untilLost(station);
    await expect.poll(() => changes(station, 'CONNECTING'), { timeout: 20_000 }).toBeGreaterThan(3); // tried, and tried again
    expect(await changes(station, 'REGISTERED')).toBe(1);
    await network.startKamailio();
    await bound(network, station);
    await station.untilLine('REGISTERED');
  });

  test('a half-open socket, which no close event tells of, is noticed within 10 s and replaced', async ({
    network,
    way,
    openStation,
  }) => {
    const station = await openStation({ on: network, proxies: [way.url] });
    const before = await pageTime(station);
    way.forget();
    const noticed = await untilLost(station);
    expect(noticed - before).toBeLessThan(10_000);
    await station.untilLine('REGISTERED');
    await bound(network, station);
  });

  test('Kamailio stands still without a word: left within 10 s, back when it goes on', async ({
    network,
    openStation,
  }) => {
    const station = await openStation({ on: network });
    const before = await pageTime(station);
    network.freezeKamailio();
    const noticed = await untilLost(station);
    expect(noticed - before).toBeLessThan(10_000);
    network.thawKamailio();
    await station.untilLine('REGISTERED', 40_000);
    await bound(network, station);
  });

  test('after a change of network it is asked at once: a dead socket is given up with that question, a living one is kept', async ({
    network,
    way,
    openStation,
  }) => {
    const station = await openStation({ on: network, proxies: [way.url] });
    await station.lineEvent('line.networkChanged');
    await expect.poll(async () => (await station.sent('REGISTER')).length).toBeGreaterThan(3); // the question was asked
    const unanswered = (messages: readonly { by: string }[]) =>
      messages.filter(({ by }) => by === 'STATION').length - messages.filter(({ by }) => by === 'PROXY').length;
    await expect.poll(async () => unanswered(await station.messages())).toBe(0); // and its answer is not still on the way
    expect(way.taken()).toBe(1);
    way.forget();
    const said = (await station.messages()).length;
    await station.lineEvent('line.networkChanged');
    expect(await station.messages()).toHaveLength(said + 1); // at once
    const lost = await untilLost(station);
    // With this question, not with a later one: nothing else was said on the dead socket.
    const since = (await station.messages()).slice(said).filter(({ at }) => at <= lost);
    expect(since.map(({ by, text }) => [by, text.split(' ')[0]])).toEqual([['STATION', 'REGISTER']]);
    await station.untilLine('REGISTERED');
    await bound(network, station);
  });
});

test.describe('the binding', () => {
  test('that the registrar lost while the socket lives is noticed within 10 s and made again over the same socket', async ({
    network,
    way,
    openStation,
  }) => {
    const station = await openStation({ on: network, proxies: [way.url] });
    await network.dropBinding(station.user);
    expect(await network.bindings(station.user)).toEqual([]);
    const before = performance.now();
    await bound(network, station, 12_000);
    expect(performance.now() - before).toBeLessThan(10_000);
    expect(way.taken()).toBe(1);
    await station.untilLine('REGISTERED');
  });

  test('is renewed before it ends, and nobody sees anything of it', async ({ openStation }) => {
    const network = await startSipNetwork({ callees: 'none', registrarSeconds: 10 });
    try {
      const station = await openStation({ on: network });
      expect((await station.lineContext()).grantedSeconds).toBe(10);
      while ((await registers(station, 'binding')).length < 3) {
        expect(await network.bindings(station.user)).toHaveLength(1);
        expect(await station.line()).toBe('REGISTERED');
      }
      expect((await station.lineStates()).map(({ state }) => state)).toEqual([
        'SIGNED_OUT',
        'CONNECTING',
        'REGISTERED',
      ]);
    } finally {
      await network.stop();
    }
  });

  for (const [words, hours, sockets] of [
    [
      'an hour back is asked for and made again over the same socket: what ran out by the old clock is not believed',
      -1,
      1,
    ],
    ['an hour ahead, as after a sleep, is made anew over a new socket', 1, 2],
  ] as const)
    test(`under a clock that jumps ${words}`, async ({ network, way, openStation }) => {
      const station = await openStation({ on: network, proxies: [way.url] });
      await bound(network, station);
      const made = (await registers(station, 'binding')).length;
      await station.run((_, ms) => {
        const now = Date.now;
        Date.now = () => now() + ms;
      }, hours * 3_600_000);
      await expect
        .poll(async () => (await registers(station, 'binding')).length, { timeout: 15_000 })
        .toBeGreaterThan(made);
      await bound(network, station);
      await station.untilLine('REGISTERED');
      expect(way.taken()).toBe(sockets);
      const { expiresAt } = await station.lineContext();
      const left = Number(expiresAt) - (await station.page.evaluate(() => Date.now()));
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(60_000); // as long as the registrar holds it, by the clock there is now
    });

  test('is given back at sign-out, and the socket is closed', async ({ network, way, openStation }) => {
    const station = await openStation({ on: network, proxies: [way.url] });
    await station.lineEvent('line.signOut');
    await station.untilLine('SIGNED_OUT');
    await expect.poll(() => way.connections()).toBe(0);
    expect(await network.bindings(station.user)).toEqual([]);
    // Given back with a REGISTER of its own, not only dropped with the socket: Kamailio answered it.
    const last = (await station.sent('REGISTER')).at(-1) ?? '';
    expect(last).toMatch(/^Expires: 0\r$/m);
    expect(last).toMatch(/^Authorization: /m);
    expect((await station.messages()).at(-1)?.text).toMatch(/^SIP\/2\.0 200 /);
  });
});

test.describe('a registrar that fails behind a proxy that lives', () => {
  for (const [words, inCall] of [
    ['is not believed for 10 s, and taken again when it is back', false],
    ['ends no call: the socket is kept, the hang-up is heard, and the line comes back over it', true],
  ] as const)
    test(`503 to every REGISTER ${words}`, async ({ openStation }) => {
      const network = await startSipNetwork({ callees: inCall ? 'all' : 'none' });
      const way = await network.openWay();
      try {
        const station = await openStation({ on: network, proxies: [way.url] });
        const call = inCall ? await station.dial('2001') : null;
        await call?.until('call.mediaConnected');
        const before = await pageTime(station);
        await network.setPassword('registrar', 'down');
        await network.dropBinding(station.user);
        expect((await untilLost(station)) - before).toBeLessThan(10_000);
        await station.untilLine('FAULT');
        expect((await station.lineContext()).problem).toContain('cannot register this line');
        if (call) {
          expect((await call.hears()).packets).toBeGreaterThan(10);
          await expect.poll(() => changes(station, 'CONNECTING'), { timeout: 20_000 }).toBeGreaterThan(3); // asked again and again
          expect(way.taken()).toBe(1);
          await network.setPassword('registrar', 'up');
          await station.untilLine('REGISTERED');
          expect(way.taken()).toBe(1);
          await call.hangUp();
          expect(await call.ended()).toMatchObject({ ended: { reason: 'HUNG_UP', by: 'AGENT' } });
        } else {
          await network.setPassword('registrar', 'up');
          await station.untilLine('REGISTERED');
        }
        await bound(network, station);
      } finally {
        await network.stop();
      }
    });
});
