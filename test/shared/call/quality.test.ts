import { describe, expect, it } from 'vitest';
import { callQualitySchema, createQualityWatch, type MediaReading, meanOpinionScore } from '#shared/call/quality.ts';

const reading = (changes: Partial<MediaReading> = {}): MediaReading => ({
  roundTrip: 40,
  jitter: 2,
  packetsReceived: 50,
  packetsLost: 0,
  packetsDiscarded: 0,
  buffered: undefined,
  codec: 'PCMU',
  ...changes,
});

describe('the MOS of the E-model', () => {
  // R and MOS of G.107 Annex B for the R that the formulas give by hand.
  it.each([
    [{ roundTrip: 0, buffer: 0, loss: 0 }, 4.4],
    [{ roundTrip: 100, buffer: 30, loss: 0 }, 4.36],
    [{ roundTrip: 400, buffer: 60, loss: 0 }, 3.83],
    [{ roundTrip: 800, buffer: 60, loss: 0 }, 2.49],
    [{ roundTrip: 50, buffer: 20, loss: 0.03 }, 4.12],
    [{ roundTrip: 50, buffer: 20, loss: 0.1 }, 3.31],
    [{ roundTrip: 50, buffer: 20, loss: 0.3 }, 2.04],
    [{ roundTrip: 3000, buffer: 500, loss: 0.9 }, 1],
  ])('%j is %d', (line, mos) => {
    expect(meanOpinionScore(line)).toBeCloseTo(mos, 1);
  });

  it('never rises when anything gets worse', () => {
    for (const step of [{ roundTrip: 50 }, { buffer: 20 }, { loss: 0.02 }])
      for (let times = 0, before = 5; times < 30; times++) {
        const mos = meanOpinionScore({
          roundTrip: 20 + (step.roundTrip ?? 0) * times,
          buffer: 20 + (step.buffer ?? 0) * times,
          loss: (step.loss ?? 0) * times,
        });
        expect(mos).toBeLessThanOrEqual(before);
        expect(mos).toBeGreaterThanOrEqual(1);
        before = mos;
      }
  });
});

describe('the seconds of a call', () => {
  it('measure what came since the second before, loss over five of them', () => {
    const watch = createQualityWatch();
    watch.add(reading());
    expect(watch.add(reading({ packetsReceived: 95, packetsLost: 5 }))?.loss).toBeCloseTo(0.05);
    let last = watch.add(reading({ packetsReceived: 145, packetsLost: 5 }));
    for (let more = 1; more <= 5; more++)
      last = watch.add(reading({ packetsReceived: 145 + 50 * more, packetsLost: 5 }));
    expect(last?.loss).toBe(0);
  });

  it('count what came too late to be played as lost', () => {
    const watch = createQualityWatch();
    watch.add(reading());
    expect(watch.add(reading({ packetsReceived: 100, packetsDiscarded: 10 }))?.loss).toBeCloseTo(0.1);
  });

  it('take the delay of the jitter buffer into the MOS', () => {
    const mosWith = (milliseconds: number) => {
      const watch = createQualityWatch();
      watch.add(reading({ buffered: { milliseconds: 0, samples: 0 } }));
      return watch.add(reading({ packetsReceived: 100, buffered: { milliseconds, samples: 8000 } }))?.mos ?? 0;
    };
    expect(mosWith(8000 * 20)).toBeGreaterThan(mosWith(8000 * 400) + 0.5);
  });

  it('say no MOS where a part of it was not reported', () => {
    const watch = createQualityWatch();
    expect(watch.add(reading({ roundTrip: undefined }))).toMatchObject({ mos: undefined, loss: 0 });
    expect(watch.add(reading({ packetsReceived: 50 }))?.mos).toBeUndefined(); // nothing came
  });

  it('a missing report is no second, and what comes after it is no jump', () => {
    const watch = createQualityWatch();
    watch.add(reading());
    watch.add(reading({ packetsReceived: 100 }));
    expect(watch.add(undefined)).toBeUndefined();
    expect(watch.add(undefined)).toBeUndefined();
    watch.add(reading({ packetsReceived: 10, packetsLost: 0 }));
    expect(watch.summary()).toMatchObject({ seconds: 2, silentSeconds: 0, loss: { median: 0, worst: 0 } });
  });

  it('after a hold count from there, not from the beginning of the call', () => {
    const watch = createQualityWatch();
    watch.add(undefined); // no media yet
    // A tenth of it was lost, long ago: the counts of a report never fall.
    for (let second = 0; second < 10; second++)
      watch.add(reading({ packetsReceived: 90 + 50 * second, packetsLost: 10 }));
    const { seconds = 0, poorSeconds } = watch.summary() ?? {};
    for (let held = 0; held < 3; held++) expect(watch.add(undefined)).toBeUndefined();
    const held = { packetsReceived: 540, packetsLost: 110 };
    expect(watch.add(reading(held))).toBeUndefined();
    expect(watch.add(reading({ ...held, packetsReceived: 590 }))).toMatchObject({ loss: 0 });
    expect(watch.summary()).toMatchObject({ seconds: seconds + 1, poorSeconds });
  });

  it('a report that begins anew is no negative second', () => {
    const watch = createQualityWatch();
    watch.add(reading({ packetsReceived: 500, packetsLost: 20 }));
    expect(watch.add(reading({ packetsReceived: 10 }))).toBeUndefined();
    expect(watch.add(reading({ packetsReceived: 60 }))?.loss).toBe(0);
  });
});

describe('the summary', () => {
  it('is none where nothing was measured', () => {
    const watch = createQualityWatch();
    watch.add(undefined);
    expect(watch.summary()).toBeUndefined();
  });

  it('has median and worst of each, the seconds beyond a limit, and the codec', () => {
    const watch = createQualityWatch();
    let packetsReceived = 0;
    for (const roundTrip of [40, 50, 60, 500, 45]) {
      packetsReceived += 50;
      watch.add(reading({ roundTrip, packetsReceived }));
    }
    const summary = callQualitySchema.parse(watch.summary());
    expect(summary).toMatchObject({
      seconds: 5,
      poorSeconds: 1,
      silentSeconds: 0,
      codec: 'PCMU',
      roundTrip: { median: 50, worst: 500 },
      jitter: { median: 2, worst: 2 },
      loss: { median: 0, worst: 0 },
    });
    expect(summary.mos?.worst).toBeLessThan(summary.mos?.median ?? 0);
  });

  it('has no figure that was never reported, not a zero', () => {
    const watch = createQualityWatch();
    watch.add(reading({ roundTrip: undefined, jitter: undefined }));
    const summary = watch.summary();
    expect(summary).toMatchObject({ seconds: 1 });
    expect(Object.keys(summary ?? {})).not.toContain('roundTrip');
    expect(Object.keys(summary ?? {})).not.toContain('mos');
  });

  it('silence is counted, and is poor', () => {
    const watch = createQualityWatch();
    for (let second = 0; second < 4; second++) watch.add(reading());
    expect(watch.summary()).toMatchObject({ seconds: 4, silentSeconds: 3, poorSeconds: 3 });
  });
});
