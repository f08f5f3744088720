import { describe, expect, it } from 'vitest';
import { createTonePlayer, patternSeconds, toneFor, tones } from '../../../renderer/phone/localTones.ts';

describe('tones', () => {
  it('are China’s: 450 Hz each, with the patterns of the standard', () => {
    for (const tone of ['ringBack', 'lateRingBack'] as const)
      expect(tones[tone]).toMatchObject({ hertz: [450], pattern: [[1, 4]] });
    expect(tones.busy).toMatchObject({ hertz: [450], pattern: [[0.35, 0.35]] });
    expect(tones.congestion).toMatchObject({ hertz: [450], pattern: [[0.7, 0.7]] });
    expect(tones.unobtainable).toMatchObject({
      hertz: [450],
      pattern: [
        [0.1, 0.1],
        [0.1, 0.1],
        [0.1, 0.1],
        [0.4, 0.4],
      ],
    });
  });

  it('a refusal is heard for less than five seconds: the next case waits', () => {
    for (const tone of ['busy', 'congestion', 'unobtainable'] as const)
      expect(patternSeconds(tone) * tones[tone].cycles).toBeLessThan(5);
  });

  it('ring back while it rings, and stop at once for early media, the answer and the end', () => {
    expect(toneFor({ type: 'call.ringing' }, 'out', false)).toBe('ringBack');
    expect(toneFor({ type: 'call.ringing', voice: true }, 'out', false)).toBe('lateRingBack');
    expect(toneFor({ type: 'call.ringing' }, 'in', false)).toBe('ringer');
    expect(toneFor({ type: 'call.earlyMedia' }, 'out', false)).toBe('none');
    expect(toneFor({ type: 'call.answered' }, 'out', false)).toBe('none');
    expect(toneFor({ type: 'call.ended', ended: { reason: 'CANCELLED', by: 'AGENT' } }, 'out', false)).toBe('none');
    expect(toneFor({ type: 'call.mediaConnected' }, 'out', false)).toBeUndefined();
  });

  const refused = (sipStatus?: number, q850?: number) =>
    ({
      type: 'call.ended',
      ended: {
        reason: 'REFUSED',
        by: 'OTHER',
        ...(sipStatus === undefined ? {} : { sipStatus }),
        ...(q850 === undefined ? {} : { q850 }),
      },
    }) as const;

  it.each([
    [486, undefined, 'busy'],
    [600, undefined, 'busy'],
    [603, undefined, 'busy'],
    [480, 17, 'busy'],
    [503, undefined, 'congestion'],
    [500, undefined, 'congestion'],
    [480, 34, 'congestion'],
    [480, 42, 'congestion'],
    [404, undefined, 'unobtainable'],
    [484, undefined, 'unobtainable'],
    [480, 1, 'unobtainable'],
    [486, 1, 'unobtainable'],
    [480, undefined, 'none'],
    [487, undefined, 'none'],
    [408, undefined, 'none'],
  ] as const)('status %s with cause %s sounds %s', (status, cause, tone) => {
    expect(toneFor(refused(status, cause), 'out', false)).toBe(tone);
  });

  it('nothing is added to what the network said itself, and callers who are refused hear nothing of it here', () => {
    expect(toneFor(refused(486), 'out', true)).toBe('none');
    expect(toneFor(refused(503), 'out', true)).toBe('none');
    expect(toneFor(refused(486), 'in', false)).toBe('none');
  });
});

/** As much of an audio context as tones need. */
class FakeContext extends EventTarget {
  state: AudioContextState = 'suspended';
  sinks: string[] = [];
  currentTime = 0;
  destination = {};
  async resume() {}
  async close() {
    this.state = 'closed';
  }
  async setSinkId(id: string) {
    this.sinks.push(id);
  }
}

describe('the player', () => {
  it('has the ringer on a device of its own, chosen before or after the first ring', () => {
    const made: FakeContext[] = [];
    const player = createTonePlayer(() => {
      const context = new FakeContext();
      made.push(context);
      return context as unknown as AudioContext; // as: the members used are there
    });
    player.playOn('ringer', 'loudspeaker');
    player.unlock();
    expect(made.map(({ sinks }) => sinks)).toEqual([[], ['loudspeaker']]);
    player.playOn('speaker', 'headset');
    player.playOn('ringer', '');
    expect(made.map(({ sinks }) => sinks)).toEqual([['headset'], ['loudspeaker', '']]);
    player.close();
    expect(made.map(({ state }) => state)).toEqual(['closed', 'closed']);
  });
});
