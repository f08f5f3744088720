import { describe, expect, it } from 'vitest';
import type { Case } from '#shared/case/case.ts';
import { countCalls } from '#shared/policy/caps.ts';
import { defaultPolicy as policy } from '#shared/policy/policy.ts';
import { attempt, sampleCase, sampleContact, shanghai } from './sampleCase.ts';

const now = shanghai('2026-11-20T15:00');
const count = (c = sampleCase(), cases = [] as ReturnType<typeof sampleCase>[], contact = c.contacts[0]!) =>
  countCalls({ case: c, contact, policy, now, cases });
const rules = (counts: ReturnType<typeof count>) => counts.blocks.map((b) => b.rule);

describe('caps', () => {
  it('a number called twice today rests until tomorrow', () => {
    const once = sampleCase({ attempts: [attempt('2026-11-20T09:10', 'BUSY')] });
    expect(count(once)).toMatchObject({ numberToday: 1, blocks: [] });
    const twice = sampleCase({ attempts: [...once.attempts, attempt('2026-11-20T09:40', 'BUSY')] });
    expect(rules(count(twice))).toEqual(['caps.numberDay']);
    const before = sampleCase({ attempts: [attempt('2026-11-19T23:59', 'BUSY'), attempt('2026-11-20T00:00', 'BUSY')] });
    expect(count(before).numberToday).toBe(1);
  });

  it('a switchboard is one number for all its employees, however it is written', () => {
    const employer = sampleContact({ id: 'office', role: 'EMPLOYER', number: '026-0000-0001' });
    const mine = sampleCase({ kind: 'EMPLOYER', contacts: [employer] });
    const other = sampleCase({
      id: 'DEMO-99',
      person: 'person-2',
      contacts: [{ ...employer, id: 'desk', number: '+86 26 00000001' }],
      attempts: [
        attempt('2026-11-20T09:10', 'ANSWERED', { contact: 'desk' }),
        attempt('2026-11-20T10:10', 'NO_ANSWER', { contact: 'desk' }),
      ],
    });
    expect(count(mine, [other])).toMatchObject({ numberToday: 2, personToday: 0, total: 0 });
    expect(rules(count(mine, [other]))).toEqual(['caps.numberDay']);
  });

  it('what others called today counts as the server told it: the number for everybody, the person in their other cases', () => {
    const at = (clock: string) => shanghai(`2026-11-20T${clock}`).toISOString();
    const told = (callsElsewhere: Case['callsElsewhere']) =>
      count(sampleCase({ attempts: [attempt('2026-11-20T08:30', 'BUSY')], callsElsewhere }));
    const number = '15400000001';
    expect(told([{ at: at('09:00'), number, samePerson: false }])).toMatchObject({
      ...{ numberToday: 2, personToday: 1, allToday: 1, total: 1 },
      blocks: [{ rule: 'caps.numberDay' }],
    });
    const office = { at: at('09:00'), number: '02600000001', samePerson: true, role: 'EMPLOYER' as const };
    expect(told([office, { ...office, role: 'HOME' }])).toMatchObject({ numberToday: 1, personToday: 2, allToday: 3 });
    expect(rules(told([1, 2, 3, 4].map(() => office)))).toEqual(['caps.hardDay']);
    expect(told([{ ...office, at: shanghai('2026-11-19T15:00').toISOString() }])).toMatchObject({ allToday: 1 });
  });

  it.each(['CANCELLED_BY_AGENT', 'NETWORK_FAULT', 'STATION_FAULT', 'BAD_FORMAT'])(
    'what disturbed nobody (%s) does not count',
    (result) => {
      const c = sampleCase({ attempts: [1, 2, 3, 4, 5, 6, 7].map(() => attempt('2026-11-20T10:00', result)) });
      expect(count(c)).toMatchObject({ numberToday: 0, allToday: 0, total: 0, blocks: [] });
    },
  );

  it('an attempt that a crash left open counts, and so does a result nobody knows yet', () => {
    const c = sampleCase({
      attempts: [attempt('2026-11-20T10:00', 'INTERRUPTED'), attempt('2026-11-20T11:00', 'SOMETHING_NEW')],
    });
    expect(count(c).numberToday).toBe(2);
  });

  it('incoming calls do not count', () => {
    const c = sampleCase({ attempts: [attempt('2026-11-20T10:00', 'ANSWERED', { direction: 'in' })] });
    expect(count(c).allToday).toBe(0);
  });

  it("all numbers of a person share the person's cap, the employer's does not", () => {
    const home = sampleContact({ id: 'home', role: 'HOME', number: '026-0000-0006' });
    const office = sampleContact({ id: 'office', role: 'EMPLOYER', number: '026-0000-0001' });
    const c = sampleCase({
      contacts: [sampleContact(), home, office],
      attempts: [
        attempt('2026-11-20T09:00', 'NO_ANSWER'),
        attempt('2026-11-20T10:00', 'NO_ANSWER', { contact: 'home' }),
        attempt('2026-11-20T14:00', 'BUSY', { contact: 'home' }),
      ],
    });
    expect(rules(count(c))).toEqual(['caps.personDay']);
    expect(rules(count(c, [], office))).toEqual([]);
  });

  it('everything about one person together stops at the hard cap, also at an agreed time', () => {
    const office = sampleContact({ id: 'office', role: 'EMPLOYER', number: '026-0000-0001' });
    const c = sampleCase({
      contacts: [sampleContact(), office],
      appointment: { at: now.toISOString(), exact: true, askedBy: 'RESPONDENT' },
      attempts: ['mobile', 'mobile', 'mobile', 'office', 'office'].map((contact) =>
        attempt('2026-11-20T10:00', 'BUSY', { contact }),
      ),
    });
    expect(rules(count(c))).toEqual(['caps.hardDay']);
  });

  it('one call about several employees is one call to the number and about anybody, and an attempt of each of their cases', () => {
    const office = sampleContact({ id: 'office', role: 'EMPLOYER', number: '026-0000-0001' });
    const employee = (id: string, continued?: true) =>
      sampleCase({
        id,
        kind: 'EMPLOYER',
        person: `person-${id}`,
        contacts: [office],
        attempts: [attempt('2026-11-20T10:00', 'ANSWERED', { contact: 'office', ...(continued && { continued }) })],
      });
    const [first, second, third] = [employee('DEMO-01-E'), employee('DEMO-02-E', true), employee('DEMO-03-E', true)];
    const counts = { numberToday: 1, personToday: 0, allToday: 0, total: 1, blocks: [] };
    expect(count(second, [first, third])).toMatchObject(counts);
    expect(count(first, [second, third])).toMatchObject({ ...counts, personToday: 1, allToday: 1 });
  });

  it('an agreed time passes the soft caps', () => {
    const c = sampleCase({
      appointment: { at: now.toISOString(), exact: true, askedBy: 'RESPONDENT' },
      attempts: [attempt('2026-11-20T09:00', 'ANSWERED'), attempt('2026-11-20T10:00', 'BUSY')],
    });
    expect(count(c)).toMatchObject({ numberToday: 2, blocks: [] });
  });

  it('six attempts in all, five at an employer', () => {
    const days = ['10', '11', '12', '13', '16'].map((d) => attempt(`2026-11-${d}T10:00`, 'NO_ANSWER'));
    expect(rules(count(sampleCase({ attempts: days })))).toEqual([]);
    expect(rules(count(sampleCase({ attempts: [...days, attempt('2026-11-17T10:00', 'BUSY')] })))).toEqual([
      'caps.total',
    ]);
    const office = sampleContact({ role: 'EMPLOYER', number: '026-0000-0001' });
    expect(rules(count(sampleCase({ contacts: [office], attempts: days })))).toEqual(['caps.total']);
  });
});
