import { describe, expect, it } from 'vitest';
import type { DialPermit } from '#shared/policy/dialPermit.ts';
import { createHandsetPhone } from '../../../renderer/phone/handsetPhone.ts';
import type { CallEvent, Phone } from '../../../renderer/phone/phone.ts';

const permit: DialPermit = {
  caseId: 'HF-1',
  contact: 'c1',
  number: '02600000001',
  source: 'APPLICATION_FORM',
  check: 'TWO_SOURCES',
  attemptNumber: 1,
  hoursRule: 'test',
  permittedAt: '2026-03-02T09:30:00+08:00',
  demo: false,
};

function dialled() {
  let clock = 0;
  const phone = createHandsetPhone(() => clock);
  const call = phone.dial(permit, 'attempt-1');
  const seen: CallEvent[] = [];
  call.subscribe((event) => seen.push(event));
  return { phone, call, seen, pass: (seconds: number) => (clock += seconds * 1_000) };
}

describe('the desk phone', () => {
  it('has no line, and a dial rings until the agent says what happened', async () => {
    const { phone, call, seen, pass } = dialled();
    const asPhone: Phone = phone;
    expect(asPhone.line).toBeNull();
    pass(5);
    call.theyAnswered();
    pass(60);
    call.theyHungUp();
    expect(seen.map((event) => event.type)).toEqual(['call.sent', 'call.ringing', 'call.answered', 'call.ended']);
    expect(call.facts()).toEqual({ callId: undefined, rangSeconds: 5, talkedSeconds: 60, earlyMedia: false });
  });

  it('an announcement is kept as early media, so that nothing is proposed', () => {
    const { call, seen } = dialled();
    call.announcementHeard();
    call.notReached(404);
    expect(call.facts().earlyMedia).toBe(true);
    expect(seen.at(-1)).toMatchObject({ ended: { reason: 'REFUSED', by: 'NETWORK', sipStatus: 404 } });
  });

  it('what cannot be done from here is refused with a sentence', async () => {
    const { call } = dialled();
    await expect(call.setHeld(true)).rejects.toMatchObject({ sentence: { zh: expect.any(String) } });
    await expect(call.sendDigit('1')).rejects.toMatchObject({ code: 'DIGIT_NOT_SENT' });
  });

  it('hanging up is the agent’s, and closing the phone ends what is open', async () => {
    const first = dialled();
    first.call.hangUp();
    expect(first.seen.at(-1)).toMatchObject({ ended: { reason: 'CANCELLED', by: 'AGENT' } });
    const second = dialled();
    second.call.theyAnswered();
    await second.phone.close();
    expect(second.seen.at(-1)).toMatchObject({ ended: { reason: 'HUNG_UP', by: 'AGENT' } });
  });
});
