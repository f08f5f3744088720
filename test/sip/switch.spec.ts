/** The network changes under a call, on a machine with two of them. */
import { customerHears } from './hearing.ts';
import { expect, heardAgain, test, watchAudio } from './twoNetworks.ts';

// The wires of the two networks are the process's: one worker for all of them.
test.describe.configure({ mode: 'default', timeout: 120_000 });

const candidatesIn = (sdp: string) =>
  [...sdp.matchAll(/^a=candidate:\S+ 1 udp \d+ (\S+) /gim)].map(([, address]) => address);

test('the addresses of both networks stand in the INVITE, real ones, where the browser hides them behind mDNS names from a page without microphone', async ({
  openStation,
  world,
}) => {
  world.restore();
  const hidden = await openStation({ proxies: [world.proxy], microphone: 'denied', signIn: false });
  const names = await hidden.page.evaluate(async () => {
    const connection = new RTCPeerConnection();
    connection.addTransceiver('audio');
    const complete = new Promise((resolve) => {
      connection.onicegatheringstatechange = () => connection.iceGatheringState === 'complete' && resolve(null);
    });
    await connection.setLocalDescription();
    await complete;
    return connection.localDescription?.sdp ?? '';
  });
  expect(candidatesIn(names)).toContainEqual(expect.stringMatching(/\.local$/));

  const station = await openStation({ proxies: [world.proxy] });
  const both = world.addresses;
  await expect
    .poll(async () => candidatesIn((await station.run((lab) => lab.localDescriptions(), null))[0] ?? ''))
    .toEqual(expect.arrayContaining([...both]));
  const call = await station.dial('2002');
  await call.ended();
  const invites = await station.sent('INVITE');
  expect(invites.length).toBeGreaterThan(0);
  for (const invite of invites) expect(candidatesIn(invite).sort()).toEqual([...both].sort());
});

test('an address that is taken away between two calls is not offered in the next', async ({ openStation, world }) => {
  world.restore();
  const station = await openStation({ proxies: [world.proxy] });
  const [first, second] = world.addresses;
  await expect
    .poll(async () => candidatesIn((await station.run((lab) => lab.localDescriptions(), null)).at(-1) ?? ''))
    .toEqual(expect.arrayContaining([first, second]));
  world.removeFirst();
  await expect.poll(async () => (await station.lineStates()).map(({ state }) => state)).toContain('FAULT');
  await station.untilLine('REGISTERED');
  const call = await station.dial('2002');
  await call.ended();
  const invites = await station.sent('INVITE');
  expect(invites.length).toBeGreaterThan(0);
  for (const invite of invites) expect(candidatesIn(invite)).toEqual([second]);
  world.restore();
});

for (const [what, how] of [
  ['the used address is taken away', 'removeFirst'],
  ['packets only vanish', 'deafenFirst'],
] as const)
  test(`audio comes back in the same call when ${what} and a second network is up`, async ({
    kamailio,
    openStation,
    world,
  }) => {
    world.restore();
    const station = await openStation({ proxies: [world.proxy] });
    const number = kamailio.callee(async (far) => {
      far.ring();
      await far.answer();
    });
    const call = await station.dial(number);
    await call.until('call.mediaConnected');
    const far = await kamailio.called(number);
    await customerHears(far);
    await watchAudio(station, call.index);
    await expect.poll(async () => (await call.hears(300)).packets).toBeGreaterThan(5);
    const at = world[how]();
    expect(await heardAgain(station, at, 30_000)).toBeLessThan(30_000);
    await call.until('call.mediaConnected', { times: 2 });
    await customerHears(far);
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
