import { describe, expect, it } from 'vitest';
import type { CallQuality } from '#shared/call/quality.ts';
import { bodySchemas } from '#shared/journal/entry.ts';
import { defaultPolicy } from '#shared/policy/policy.ts';
import { endedFact, incomingWork, restoreWork, startedFact } from '../../../renderer/casework/attempt.ts';

const attempt = '00000000-0000-4000-8000-000000000001';
const tools = {
  scriptOf: () => undefined,
  records: false,
  handling: 'IN_HOUSE' as const,
  policy: defaultPolicy,
  cases: [],
  now: () => 5_000_000,
  leasedCase: () => undefined,
};
const quality: CallQuality = {
  seconds: 30,
  poorSeconds: 2,
  silentSeconds: 0,
  codec: 'opus',
  mos: { median: 4.3, worst: 3.1 },
};
const call = {
  ended: { reason: 'HUNG_UP', by: 'OTHER' },
  callId: 'c1',
  rangSeconds: 3,
  talkedSeconds: 30,
  earlyMedia: false,
} as const;

describe('the end of an attempt', () => {
  const work = incomingWork(attempt, null, null, '15400000001', tools);

  it('keeps how the call sounded, and is told the same after a crash', () => {
    const fact = endedFact(work, { ...call, quality });
    expect(bodySchemas['attempt.ended'].parse(fact.body)).toMatchObject({ quality });
    const header = { at: '2026-11-25T10:00:00+08:00', clockOffset: 0 };
    const entries = [startedFact(work), fact].map((one) => ({ header, fact: one }));
    // as: of a header only its times are read
    const restored = restoreWork(entries as unknown as Parameters<typeof restoreWork>[0], () => undefined, tools);
    expect(restored?.endedCall).toMatchObject({ quality, talkedSeconds: 30 });
  });

  it('says nothing of a quality that nobody measured', () => {
    const fact = endedFact(work, call);
    expect(Object.keys(bodySchemas['attempt.ended'].parse(fact.body))).not.toContain('quality');
  });
});
