/**
 * `switchToAudio`: in a call on a machine with two networks, from the moment the used one fails to the first audio after it, in the same
 * call. Twice: its address is taken away; its packets only vanish. The limits are what issue 3 wants, for sip.js and JsSIP bring no audio back.
 */
import { expect, heardAgain, test, watchAudio } from '../sip/twoNetworks.ts';
import { median, percentile, printFigure } from './figures.ts';

const limits = { removeFirst: 3, deafenFirst: 12 } as const;
const rounds = { removeFirst: 7, deafenFirst: 5 } as const;
const words = { removeFirst: 'address removed', deafenFirst: 'packets vanish' } as const;

for (const how of ['removeFirst', 'deafenFirst'] as const)
  test(`switch to audio, ${words[how]}`, async ({ openStation, world }, info) => {
    const samples: number[] = [];
    for (let round = 0; round < rounds[how]; round += 1) {
      world.restore();
      // A page that saw the first network come back would prefer the second from then on.
      const station = await openStation({ proxies: [world.proxy] });
      const call = await station.dial('2001');
      await call.until('call.mediaConnected');
      await watchAudio(station, call.index);
      await expect.poll(async () => (await call.hears(300)).packets).toBeGreaterThan(5);
      samples.push(await heardAgain(station, world[how](), 60_000));
      expect(await call.seen()).not.toContain('call.ended');
      await call.hangUp();
      await call.ended();
    }
    world.restore();
    printFigure({
      ...{ bench: 'line', figure: 'switchToAudio', unit: 's', host: String(info.project.metadata.host) },
      ...{
        samples: samples.length,
        value: median(samples) / 1000,
        against: limits[how],
        againstWhat: `limit, ${words[how]}`,
      },
      also: { p95: percentile(samples, 0.95) / 1000, most: Math.max(...samples) / 1000 },
    });
  });
