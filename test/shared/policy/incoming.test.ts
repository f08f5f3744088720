import { describe, expect, it } from 'vitest';
import { permitInternal } from '#shared/policy/dialPermit.ts';
import { type AgentMoment, answerToIncoming, defaultCallWaiting } from '#shared/policy/incoming.ts';

describe('what a caller meets', () => {
  it.each<[AgentMoment, 'RING' | 'BUSY', 'RING' | 'BUSY']>([
    // by default, where the profile lets everything ring
    ['IDLE', 'RING', 'RING'],
    ['PREVIEW', 'RING', 'RING'],
    ['WRAP_UP', 'BUSY', 'RING'],
    ['IN_CALL', 'BUSY', 'BUSY'],
    ['RINGING', 'BUSY', 'BUSY'],
    ['SAVING', 'BUSY', 'BUSY'],
    ['BREAK', 'BUSY', 'BUSY'],
  ])('%s: %s by default, %s at most', (moment, byDefault, atMost) => {
    expect(answerToIncoming(moment, defaultCallWaiting)).toBe(byDefault);
    expect(answerToIncoming(moment, { preview: 'RING', wrapUp: 'RING' })).toBe(atMost);
    expect(answerToIncoming(moment, { preview: 'BUSY', wrapUp: 'BUSY' })).toBe(moment === 'IDLE' ? 'RING' : 'BUSY');
  });
});

describe('the permit for an internal number', () => {
  const list = [{ number: '8001', name: { zh: '授信值班', en: 'Credit desk' } }];

  it('is made of the profile’s list', () => {
    expect(permitInternal(list, '8001', 0)).toEqual({ ...list[0], permittedAt: '1970-01-01T00:00:00.000Z' });
  });

  it.each(['8002', '', '08001', '8001 ', '13800138000'])('is not made for «%s», which is not on it', (number) => {
    expect(permitInternal(list, number, 0)).toBeNull();
  });
});
