import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CallEnded, callEndedSchema, callResultFacts } from '#shared/call/callResult.ts';
import { type CallFacts, proposalRules, proposeCallResult } from '#shared/call/proposal.ts';

const facts = (ended: CallEnded, changes: Partial<CallFacts> = {}): CallFacts => ({
  direction: 'out',
  ended,
  rangSeconds: 0,
  talkedSeconds: 0,
  earlyMedia: false,
  ...changes,
});
const own: CallEnded = { reason: 'CANCELLED', by: 'AGENT', sipStatus: 487 };
const refused = (sipStatus: number, q850?: number): CallEnded => ({
  reason: 'REFUSED',
  by: 'OTHER',
  sipStatus,
  ...(q850 === undefined ? {} : { q850 }),
});
const hungUp = (by: CallEnded['by']): CallEnded => ({ reason: 'HUNG_UP', by });

describe('the proposed call result', () => {
  it.each<[string, CallEnded, Partial<CallFacts>, string | undefined, string]>([
    ['own hang-up at 19 s', own, { rangSeconds: 19 }, 'CANCELLED_BY_AGENT', 'proposal.cancelled'],
    ['own hang-up before any ringing', own, {}, 'CANCELLED_BY_AGENT', 'proposal.cancelled'],
    ['own hang-up at 20 s', own, { rangSeconds: 20 }, 'NO_ANSWER', 'proposal.ownHangUp'],
    ['ring time over', { reason: 'CANCELLED', by: 'STATION' }, { rangSeconds: 40 }, 'NO_ANSWER', 'proposal.ownHangUp'],
    ['486 three seconds after 180', refused(486), { rangSeconds: 3 }, 'BUSY', 'proposal.busy'],
    ['486 with cause 17', refused(486, 17), { rangSeconds: 3 }, 'BUSY', 'proposal.causeBusy'],
    ['600', refused(600), {}, 'BUSY', 'proposal.busy'],
    ['603', refused(603), { rangSeconds: 4 }, 'REJECTED', 'proposal.rejected'],
    ['cause 21', refused(480, 21), {}, 'REJECTED', 'proposal.causeRejected'],
    ['403 with cause 21', refused(403, 21), {}, 'BARRED', 'proposal.barred'],
    ['404', refused(404), {}, 'EMPTY_NUMBER', 'proposal.empty'],
    ['604', refused(604), {}, 'EMPTY_NUMBER', 'proposal.empty'],
    ['480 that says cause 1', refused(480, 1), {}, 'EMPTY_NUMBER', 'proposal.causeEmpty'],
    ['480 after ringing', refused(480), { rangSeconds: 40 }, 'NO_ANSWER', 'proposal.noAnswer'],
    ['480 without ringing', refused(480), {}, 'POWER_OFF', 'proposal.powerOff'],
    ['480 with cause 20', refused(480, 20), {}, 'POWER_OFF', 'proposal.causeAbsent'],
    ['cause 18 without ringing', refused(480, 18), {}, 'OUT_OF_COVERAGE', 'proposal.causeUnreachable'],
    ['cause 18 after ringing', refused(408, 18), { rangSeconds: 30 }, 'NO_ANSWER', 'proposal.causeNoAnswer'],
    ['cause 19', refused(480, 19), { rangSeconds: 30 }, 'NO_ANSWER', 'proposal.causeNoAnswer'],
    ['408 after ringing', refused(408), { rangSeconds: 30 }, 'NO_ANSWER', 'proposal.noAnswer'],
    ['408 without ringing', refused(408), {}, 'NETWORK_FAULT', 'proposal.networkFault'],
    ['484', refused(484), {}, 'BAD_FORMAT', 'proposal.format'],
    ['cause 28', refused(500, 28), {}, 'BAD_FORMAT', 'proposal.causeFormat'],
    ['410', refused(410), {}, 'NUMBER_CHANGED', 'proposal.changed'],
    ['cause 22', refused(480, 22), {}, 'NUMBER_CHANGED', 'proposal.causeChanged'],
    ['302', refused(302), {}, 'FORWARDED', 'proposal.forwarded'],
    ['430', refused(430), {}, 'OUT_OF_COVERAGE', 'proposal.unreachable'],
    ['503', refused(503), {}, 'NETWORK_FAULT', 'proposal.networkFault'],
    ['503 with cause 34', refused(503, 34), {}, 'NETWORK_FAULT', 'proposal.causeNetwork'],
    ['401', refused(401), {}, 'STATION_FAULT', 'proposal.station'],
    ['407', refused(407), {}, 'STATION_FAULT', 'proposal.station'],
    ['488', refused(488), {}, 'STATION_FAULT', 'proposal.station'],
    ['no microphone', { reason: 'NO_MICROPHONE', by: 'STATION' }, {}, 'STATION_FAULT', 'proposal.noMicrophone'],
    ['line lost', { reason: 'LINE_LOST', by: 'NETWORK' }, { rangSeconds: 12 }, 'NETWORK_FAULT', 'proposal.lineLost'],
    ['answered 4 s, they hung up', hungUp('OTHER'), { talkedSeconds: 4 }, 'ANSWERED_DROPPED', 'proposal.dropped'],
    ['answered 10 s, they hung up', hungUp('OTHER'), { talkedSeconds: 10 }, 'ANSWERED', 'proposal.answered'],
    ['answered 4 s, we hung up', hungUp('AGENT'), { talkedSeconds: 4 }, 'ANSWERED', 'proposal.answered'],
    [
      'lost after 4 s',
      { reason: 'LINE_LOST', by: 'NETWORK' },
      { talkedSeconds: 4 },
      'NETWORK_FAULT',
      'proposal.lostAtOnce',
    ],
    [
      'lost after a minute',
      { reason: 'LINE_LOST', by: 'NETWORK' },
      { talkedSeconds: 60 },
      'ANSWERED',
      'proposal.answered',
    ],
    [
      'no sound after 2 s',
      { reason: 'MEDIA_FAILED', by: 'STATION' },
      { talkedSeconds: 2 },
      'STATION_FAULT',
      'proposal.noSound',
    ],
    [
      'incoming, not answered',
      hungUp('OTHER'),
      { direction: 'in', rangSeconds: 15 },
      'MISSED_INCOMING',
      'proposal.missedIncoming',
    ],
    ['incoming, answered', hungUp('OTHER'), { direction: 'in', talkedSeconds: 90 }, 'ANSWERED', 'proposal.answered'],
    [
      'a crash in the middle',
      { reason: 'INTERRUPTED', by: 'STATION' },
      { talkedSeconds: 90 },
      'INTERRUPTED',
      'proposal.interrupted',
    ],
    ['a code nobody knows', refused(499), {}, undefined, 'proposal.none'],
    ['a code nobody knows, after 25 s', refused(499), { rangSeconds: 25 }, 'NO_ANSWER', 'proposal.unknownRang'],
    ['no code at all', { reason: 'FAILED', by: 'NETWORK' }, {}, 'NETWORK_FAULT', 'proposal.networkFault'],
  ])('%s', (_, ended, changes, result, rule) => {
    const proposal = proposeCallResult(facts(ended, changes));
    expect(proposal.result).toBe(result);
    expect(proposal.rule).toBe(rule);
    expect(proposal.preselect).toBe(result !== undefined);
  });

  it('the reason says the seconds and whether an announcement was heard', () => {
    expect(proposeCallResult(facts(own, { rangSeconds: 40.4 })).reason.zh).toBe('振铃 40 秒后坐席挂机；没有听到提示音');
    expect(proposeCallResult(facts(hungUp('OTHER'), { talkedSeconds: 4 })).reason.zh).toBe('接通 4 秒后对方挂机');
  });

  it('an announcement takes the preselection away and puts what it may have said first', () => {
    const proposal = proposeCallResult(facts(refused(480), { earlyMedia: true }));
    expect(proposal).toMatchObject({ result: 'POWER_OFF', preselect: false });
    expect(proposal.candidates.slice(0, 3)).toEqual(['POWER_OFF', 'EMPTY_NUMBER', 'SUSPENDED']);
    expect(proposal.reason.zh).toContain('听到了提示音');
    expect(proposeCallResult(facts(own, { rangSeconds: 12, earlyMedia: true })).preselect).toBe(false);
  });

  it('a ring-back tune before the answer changes nothing', () => {
    expect(proposeCallResult(facts(hungUp('OTHER'), { talkedSeconds: 60, earlyMedia: true })).preselect).toBe(true);
  });

  it('a lost line or a dead microphone is certain whatever was heard', () => {
    expect(proposeCallResult(facts({ reason: 'LINE_LOST', by: 'NETWORK' }, { earlyMedia: true })).preselect).toBe(true);
  });

  it('every combination comes to a row, with words, and offers nothing an agent may not choose', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        fc.record({
          direction: fc.constantFrom('out' as const, 'in' as const),
          ended: fc.record(
            {
              reason: fc.constantFrom(...callEndedSchema.shape.reason.options),
              by: fc.constantFrom(...callEndedSchema.shape.by.options),
              sipStatus: fc.oneof(fc.integer({ min: 100, max: 699 }), fc.constantFrom(404, 480, 486, 487, 503)),
              q850: fc.integer({ min: 0, max: 127 }),
              phrase: fc.string({ maxLength: 200 }),
            },
            { requiredKeys: ['reason', 'by'] },
          ),
          rangSeconds: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 300, noNaN: true })),
          talkedSeconds: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 3600, noNaN: true })),
          earlyMedia: fc.boolean(),
        }),
        (any) => {
          const proposal = proposeCallResult(any);
          seen.add(proposal.rule);
          expect(proposalRules).toContain(proposal.rule);
          expect(proposal.reason.zh).not.toContain('{');
          expect(proposal.reason.en.length).toBeGreaterThan(10);
          expect(new Set(proposal.candidates).size).toBe(proposal.candidates.length);
          for (const candidate of proposal.candidates) expect(callResultFacts[candidate].chosenByAgent).toBe(true);
          if (any.earlyMedia && any.direction === 'out' && any.talkedSeconds === 0 && proposal.preselect)
            expect(['NETWORK_FAULT', 'STATION_FAULT', 'INTERRUPTED']).toContain(proposal.result);
        },
      ),
      { numRuns: 3000 },
    );
    expect(seen.size).toBeGreaterThan(proposalRules.length / 2);
  });

  it('no row is named twice', () => {
    expect(new Set(proposalRules).size).toBe(proposalRules.length);
  });
});
