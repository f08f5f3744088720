import { describe, expect, it } from 'vitest';
import type { CallRecord } from '../../../server/reconcile/callRecords.ts';
import { comparableNumber, compareCalls, type ReconciledAttempt } from '../../../server/reconcile/compare.ts';

const ten = Date.parse('2026-11-25T10:00:00+08:00');
let lines = 1;
const record = (changes: Partial<CallRecord> = {}): CallRecord => ({
  line: ++lines,
  callId: undefined,
  attempt: undefined,
  start: ten,
  duration: undefined,
  number: '15400000001',
  disposition: '',
  caller: '1017',
  ...changes,
});
const attempt = (name: string, changes: Partial<ReconciledAttempt> = {}): ReconciledAttempt => ({
  attempt: name,
  caseId: 'DEMO-01',
  agent: 'A017',
  station: 's1',
  direction: 'out',
  number: '15400000001',
  startedAt: ten,
  ended: { reason: 'REFUSED', by: 'NETWORK', sipStatus: 486 },
  callId: `call-${name}`,
  talkedSeconds: 0,
  continues: null,
  ...changes,
});

describe('attempts in one call', () => {
  const out = (name: string, changes: Partial<ReconciledAttempt>) =>
    attempt(name, { ended: { reason: 'HUNG_UP', by: 'AGENT' }, callId: 'call-1', ...changes });
  const first = out('a1', { talkedSeconds: 60 });
  const second = out('a2', { talkedSeconds: 45, continues: 'a1', startedAt: ten + 70_000 });
  const third = out('a3', { talkedSeconds: 30, continues: 'a2', startedAt: ten + 120_000 });
  const all = [first, second, third];

  it('are one call with the seconds of all, found by the first one’s id, by the Call-ID, or by number and time', () => {
    for (const of of [{ attempt: 'a1' }, { callId: 'call-1' }, {}]) {
      const result = compareCalls([record({ ...of, duration: 135, disposition: 'ANSWERED' })], all);
      expect(result).toMatchObject({ otherLegs: 0, unrecorded: [], unknownToPbx: [], contradictions: [] });
      expect(result.matches.map((match) => match.attempt.attempt)).toEqual(['a1']);
    }
  });

  it('that the PBX does not have are missed once, and a record of another talk time contradicts', () => {
    expect(compareCalls([], all).unknownToPbx.map((one) => one.attempt)).toEqual(['a1']);
    const short = compareCalls([record({ attempt: 'a1', duration: 60, disposition: 'ANSWERED' })], all);
    expect(short.contradictions).toMatchObject([{ about: 'seconds', attempt: { talkedSeconds: 135 } }]);
  });

  it('whose first one is of another time are left out with its record', () => {
    expect(compareCalls([], [second, third])).toMatchObject({ unknownToPbx: [], matches: [] });
  });
});

describe('a call belongs to its attempt', () => {
  it('by the attempt’s id, whatever else differs; its other legs are no calls of their own', () => {
    const result = compareCalls(
      [record({ attempt: 'a1', callId: 'x' }), record({ attempt: 'a1', callId: 'y', start: ten + 9_000 })],
      [attempt('a1', { startedAt: ten - 3_600_000 })],
    );
    expect(result).toMatchObject({ otherLegs: 1, unrecorded: [], unknownToPbx: [], contradictions: [] });
    expect(result.matches.map(({ by }) => by)).toEqual(['attempt']);
  });

  it('by the leg to its own number, where a colleague was consulted meanwhile', () => {
    const consulted = record({ attempt: 'a1', number: '8012', disposition: 'ANSWERED', duration: 9 });
    const own = record({ attempt: 'a1', disposition: 'ANSWERED', duration: 30 });
    for (const rows of [
      [consulted, own],
      [own, consulted],
    ]) {
      const result = compareCalls(rows, [attempt('a1', { talkedSeconds: 30 })]);
      expect(result).toMatchObject({ otherLegs: 1, contradictions: [], matches: [{ record: own }] });
    }
  });

  it('and a station’s own test call is missed nowhere', () => {
    const result = compareCalls([record({ attempt: 'selfcheck-7', number: '9196' })], []);
    expect(result).toMatchObject({ matches: [], unrecorded: [], unknownToPbx: [] });
  });

  it('by the Call-ID, with or without its host', () => {
    const result = compareCalls([record({ callId: 'call-a1@10.0.0.5' })], [attempt('a1')]);
    expect(result.matches.map(({ by }) => by)).toEqual(['callId']);
  });

  it('by number and time, the nearest first, one each', () => {
    const early = attempt('a1', { startedAt: ten });
    const late = attempt('a2', { startedAt: ten + 60_000 });
    const second = record({ start: ten + 58_000 });
    const first = record({ start: ten + 3_000 });
    const result = compareCalls([second, first], [early, late]);
    expect(result.matches.map((one) => [one.record.line, one.attempt.attempt])).toEqual([
      [second.line, 'a2'],
      [first.line, 'a1'],
    ]);
  });

  it('and not by number and time when it names another attempt, or is too far off', () => {
    const stranger = record({ attempt: 'somebody-else' });
    const later = record({ start: ten + 121_000 });
    const result = compareCalls([stranger, later], [attempt('a1')]);
    expect(result.unrecorded).toEqual([stranger, later]);
    expect(result.unknownToPbx.map((one) => one.attempt)).toEqual(['a1']);
  });
});

describe('what is missing', () => {
  it('at the PBX is only what surely left the station', () => {
    const none = attempt('noMicrophone', { ended: { reason: 'NO_MICROPHONE', by: 'STATION' }, callId: null });
    const cut = attempt('interrupted', { ended: { reason: 'INTERRUPTED', by: 'STATION' }, callId: null });
    const lost = attempt('lineLost', { ended: { reason: 'LINE_LOST', by: 'NETWORK' } });
    const open = attempt('open', { ended: null, callId: null });
    const incoming = attempt('incoming', { direction: 'in' });
    const sent = attempt('sent');
    const result = compareCalls([], [none, cut, lost, open, incoming, sent]);
    expect(result.unknownToPbx).toEqual([sent]);
  });

  it('an attempt that was cut off is still found when the PBX had it', () => {
    const cut = attempt('i1', { ended: { reason: 'INTERRUPTED', by: 'STATION' }, callId: null });
    expect(compareCalls([record()], [cut])).toMatchObject({ unrecorded: [], unknownToPbx: [] });
  });
});

describe('what differs', () => {
  const about = (rows: readonly CallRecord[], attempts: readonly ReconciledAttempt[]) =>
    compareCalls(rows, attempts).contradictions.map((one) => one.about);

  it('another number, an answer on one side only, another talk time', () => {
    expect(about([record({ attempt: 'a1', number: '15400000002' })], [attempt('a1')])).toEqual(['number']);
    expect(about([record({ attempt: 'a1', disposition: 'ANSWERED', duration: 9 })], [attempt('a1')])).toEqual([
      'answered',
    ]);
    expect(
      about([record({ attempt: 'a1', disposition: 'NO ANSWER' })], [attempt('a1', { talkedSeconds: 30 })]),
    ).toEqual(['answered']);
    expect(
      about([record({ attempt: 'a1', disposition: '接通', duration: 45 })], [attempt('a1', { talkedSeconds: 30 })]),
    ).toEqual(['seconds']);
  });

  it('nothing, where the PBX does not say, or rounds', () => {
    expect(about([record({ attempt: 'a1', disposition: 'H323-17', duration: 45 })], [attempt('a1')])).toEqual([]);
    expect(
      about(
        [record({ attempt: 'a1', disposition: 'ANSWERED', duration: 33 })],
        [attempt('a1', { talkedSeconds: 30.4 })],
      ),
    ).toEqual([]);
    expect(about([record({ attempt: 'a1', number: '' })], [attempt('a1')])).toEqual([]);
  });

  it.each([
    ['+8615400000001', '15400000001', true],
    ['015400000001', '15400000001', true],
    ['915400000001', '15400000001', true],
    ['sip:15400000001@bank.example', '15400000001', true],
    ['0571-8888-8888', '057188888888', true],
    ['+8657188888888', '057188888888', true],
    ['15400000002', '15400000001', false],
    ['8888', '15400008888', false],
  ])('%s and %s are the same number: %s', (pbx, ours, same) => {
    expect(about([record({ attempt: 'a1', number: pbx })], [attempt('a1', { number: ours })])).toEqual(
      same ? [] : ['number'],
    );
    expect(comparableNumber(pbx)).toMatch(/^\d+$/);
  });
});

it('three thousand records of one number are compared in time', () => {
  const records = Array.from({ length: 3_000 }, (_, at) => record({ start: ten + at * 300_000 }));
  const attempts = records.map(({ start }, at) => attempt(`a${at}`, { startedAt: start + 1_000 }));
  expect(compareCalls(records, attempts).matches).toHaveLength(3_000);
});
