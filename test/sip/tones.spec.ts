/** Which tones of our own the agent hears while a call is set up, as the loudspeaker plays them (toneEar.ts). */
import { expect, type Station, test } from './station.ts';

const sounding = (station: Station) => station.run((lab) => lab.soundingOscillators(), null);
/** Bursts that are over, from that place on. */
const heard = async (station: Station, from = 0) =>
  (await station.run((lab) => lab.heardTones(), null)).slice(from).filter(({ seconds }) => seconds !== undefined);
/** Within the edges of a burst, and what a meter of zero crossings may be off by. */
const burst = (seconds: number) => ({ seconds: expect.closeTo(seconds, 1), hertz: expect.closeTo(450, -1) });

test('ring-back while it rings, until the hang-up; then busy where the customer is; both China’s', async ({
  openStation,
}) => {
  const station = await openStation();
  expect(await station.run((lab) => lab.earsOpen(), null)).toBe(2); // the speaker's and the ringer's
  const ringing = await station.dial('2003');
  await expect.poll(() => heard(station), { timeout: 20_000 }).toEqual([expect.objectContaining(burst(1))]);
  expect(await sounding(station)).toBe(1); // would go on 4 s later
  await ringing.hangUp();
  await expect.poll(() => sounding(station)).toBe(0);

  const busy = await station.dial('2002');
  await busy.ended();
  await expect.poll(() => sounding(station), { timeout: 20_000 }).toBe(0);
  // It rings before it is busy: ring-back may have begun and is cut off. Then busy, four times and nothing else.
  const since = await heard(station, 1);
  const [ringBack, bursts] = [since.slice(0, -4), since.slice(-4)];
  expect(ringBack.length).toBeLessThanOrEqual(1);
  expect(bursts).toEqual([1, 2, 3, 4].map(() => expect.objectContaining(burst(0.35))));
  expect((bursts[1]?.from ?? 0) - (bursts[0]?.from ?? 0)).toBeCloseTo(0.7, 1);
});

test('of an announcement before the answer nothing is covered: neither ring-back nor a tone for its end is played', async ({
  openStation,
}) => {
  const station = await openStation();
  await station.run((lab) => lab.earsOpen(), null);
  const call = await station.dial('2007');
  expect(await call.ended()).toMatchObject({ ended: { sipStatus: 404 }, facts: { earlyMedia: true } });
  await expect.poll(() => sounding(station)).toBe(0);
  expect(await station.run((lab) => lab.heardTones(), null)).toEqual([]);
});
