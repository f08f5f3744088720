/**
 * A registrar that says what no registrar should (hostileWay.ts), against the real phone and line in a real browser: nothing is thrown, the page
 * never hangs, every call ends exactly once, and after the storm the same station registers and calls.
 *
 * 500 messages in `npm test`; `npm run soak` sets HUIFANG_MUTATIONS to 10,000. HUIFANG_SEED repeats a storm that was lost.
 */
// biome-ignore-all lint/correctness/noEmptyPattern: Playwright reads the names of a fixture's parts out of this very pattern
import { type HostileWay, startHostileWay } from './hostileWay.ts';
import { expect, type Station, type StationCall, test } from './station.ts';
import { tortureMessages } from './torture.ts';

const mutations = Number(process.env.HUIFANG_MUTATIONS ?? 500);
const seed = Number(process.env.HUIFANG_SEED ?? 20_261_122);
/** A page that does not answer within that time hangs, ms. */
const hangs = 20_000;
const perStep = 20;

let way: HostileWay | undefined;
test.afterEach(async ({}, info) => {
  if (info.status !== info.expectedStatus && way) process.stdout.write(`${way.story()}\n`);
  await way?.stop();
  way = undefined;
});

/** The page answers, and every call that is not over ends by hanging up, once. */
async function calm(station: Station): Promise<void> {
  const answer = station.run((lab) => {
    const calls = Array.from({ length: lab.calls() }, (_, index) => index);
    for (const index of calls) lab.hangUp(index);
    return calls.map((index) => lab.seen(index).filter(({ type }) => type === 'call.ended').length);
  }, null);
  const late = new Promise<never>((_, fail) => setTimeout(() => fail(new Error('the page hangs')), hangs).unref());
  expect((await Promise.race([answer, late])).filter((ends) => ends !== 1)).toEqual([]);
}

/** The same station, as an agent finds it after the storm: registered by itself or with one "try now", and a call is heard. */
async function works(station: Station): Promise<void> {
  if ((await station.line()) !== 'REGISTERED') await station.lineEvent('line.tryNow');
  await station.untilLine('REGISTERED', 60_000);
  const call: StationCall = await station.dial('9196');
  await call.until('call.mediaConnected', { within: 40_000 });
  await expect.poll(async () => (await call.hears()).packets, { timeout: 20_000 }).toBeGreaterThan(5);
  await call.hangUp();
  expect(await call.ended()).toMatchObject({ ended: { reason: 'HUNG_UP', by: 'AGENT' } });
}

test('the torture messages of RFC 4475 harm neither line nor page', async ({ practice, openStation }) => {
  way = await startHostileWay({ port: practice.port, seed });
  const station = await openStation({ on: practice, proxies: [way.url] });
  let tokens = 0;
  const to = `sip:${station.user}@practice.huifang`;
  for (const { text } of tortureMessages({ to, domain: 'practice.huifang', token: () => `torture-${++tokens}` })) {
    way.say(text);
    way.say(Buffer.from(text));
  }
  for (const odd of ['', '\r\n\r\n', '\0'.repeat(1_000), 'x'.repeat(300_000), Buffer.alloc(100_000, 0xff)])
    way.say(odd);
  await calm(station);
  await works(station);
});

test('a storm of spoiled messages is outlived', async ({ practice, openStation }) => {
  test.setTimeout(120_000 + mutations * 400);
  const storm = await startHostileWay({ port: practice.port, seed });
  way = storm;
  const station = await openStation({ on: practice, proxies: [storm.url] });
  for (let step = 0; storm.said() < mutations; step++) {
    const share = step % 3 === 0 ? 0 : 0.5; // with a sound PBX there are dialogs to be spoiled from outside
    storm.storm(share);
    const talking = step % 2 === 0 && (await station.line()) === 'REGISTERED';
    const call = talking ? await station.dial('9196') : undefined;
    if (call && share === 0) await call.until('call.answered').catch(() => undefined); // an invented message ended it before
    for (let part = 0; part < 4; part++) {
      storm.invent(perStep / 4);
      await station.line(); // the page has its turn between them
    }
    await calm(station);
    // Nobody may be called away for good: refused credentials are the agent's to try again.
    if ((await station.line()) === 'REFUSED') await station.lineEvent('line.tryNow');
    storm.storm(0);
    if ((await station.line()) !== 'REGISTERED') {
      await station.lineEvent('line.tryNow');
      await station.untilLine('REGISTERED', 60_000);
    }
  }
  expect(storm.said()).toBeGreaterThanOrEqual(mutations);
  // The storm got through: strangers rang, and the station had to answer.
  const rung = await station.run(
    (lab) =>
      Array.from({ length: lab.calls() }, (_, index) => lab.direction(index)).filter((way) => way === 'in').length,
    null,
  );
  expect(rung).toBeGreaterThan(0);
  const answers = (await station.messages()).filter(({ by, text }) => by === 'STATION' && text.startsWith('SIP/2.0 '));
  expect(answers.length).toBeGreaterThan(mutations / 20);
  await works(station);
});
