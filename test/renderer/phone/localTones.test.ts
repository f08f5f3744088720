import { describe, expect, it } from 'vitest';
import { toneFor, tones } from '../../../renderer/phone/localTones.ts';

describe('tones', () => {
  it('are China’s: 450 Hz, ring-back 1 s on 4 s off, busy 0.35 s on 0.35 s off', () => {
    expect(tones.ringBack).toMatchObject({ hertz: [450], on: 1, off: 4 });
    expect(tones.busy).toMatchObject({ hertz: [450], on: 0.35, off: 0.35 });
    expect(tones.busy.cycles * 0.7).toBeLessThan(4);
  });

  it('ring back while it rings, and stop at once for early media, the answer and the end', () => {
    expect(toneFor({ type: 'call.ringing' }, 'out', false)).toBe('ringBack');
    expect(toneFor({ type: 'call.ringing' }, 'in', false)).toBe('ringer');
    expect(toneFor({ type: 'call.earlyMedia' }, 'out', false)).toBe('none');
    expect(toneFor({ type: 'call.answered' }, 'out', false)).toBe('none');
    expect(toneFor({ type: 'call.ended', ended: { reason: 'CANCELLED', by: 'AGENT' } }, 'out', false)).toBe('none');
    expect(toneFor({ type: 'call.mediaConnected' }, 'out', false)).toBeUndefined();
  });

  it('busy is heard for 486 or cause 17, unless the network said it itself', () => {
    const busy = { type: 'call.ended', ended: { reason: 'REFUSED', by: 'OTHER', sipStatus: 486 } } as const;
    expect(toneFor(busy, 'out', false)).toBe('busy');
    expect(toneFor(busy, 'out', true)).toBe('none');
    expect(toneFor({ ...busy, ended: { ...busy.ended, sipStatus: 480, q850: 17 } }, 'out', false)).toBe('busy');
  });
});
