/** The network changes under a call, on a machine with two of them. */
import { expect, heardAgain, test, watchAudio } from './twoNetworks.ts';

test.describe.configure({ timeout: 120_000 });

for (const [what, how] of [
  ['the used address is taken away', 'removeFirst'],
  ['packets only vanish', 'deafenFirst'],
] as const)
  test(`audio comes back in the same call when ${what} and a second network is up`, async ({ openStation, world }) => {
    world.restore();
    const station = await openStation({ proxies: [world.proxy] });
    const call = await station.dial('2001');
    await call.until('call.mediaConnected');
    await watchAudio(station, call.index);
    await expect.poll(async () => (await call.hears(300)).packets).toBeGreaterThan(5);
    const at = world[how]();
    expect(await heardAgain(station, at, 30_000)).toBeLessThan(30_000);
    await call.until('call.mediaConnected', { times: 2 });
    const seen = await call.seen();
    expect(seen).not.toContain('call.ended');
    expect(seen.filter((type) => type === 'call.answered')).toHaveLength(1);
    // And it can still be ended from here.
    await station.untilLine('REGISTERED');
    await call.hangUp();
    await expect
      .poll(async () =>
        (await station.messages()).some(({ text }) => /^SIP\/2\.0 200 [\s\S]*^CSeq: \d+ BYE/m.test(text)),
      )
      .toBe(true);
    world.restore();
  });
