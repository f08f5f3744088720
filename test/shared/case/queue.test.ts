import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pinyinInitials } from '#shared/case/initials.ts';
import { type CaseState, firstInQueue, groupQueue, matchesSearch, orderQueue } from '#shared/case/queue.ts';
import { sampleCase, sampleContact, shanghai } from '../policy/sampleCase.ts';

const now = shanghai('2026-11-20T10:00');
const due = (id: string, deadline: string, appointment?: string) =>
  sampleCase({
    id,
    deadline: shanghai(deadline).toISOString(),
    ...(appointment === undefined
      ? {}
      : { appointment: { at: shanghai(appointment).toISOString(), exact: true, askedBy: 'RESPONDENT' as const } }),
  });
const order = (...args: Parameters<typeof orderQueue>) => orderQueue(...args).map((i) => `${i.group} ${i.case.id}`);

describe('the queue', () => {
  const cases = [
    due('CASE-1', '2026-11-24T17:30'),
    due('CASE-2', '2026-11-23T17:30'),
    due('CASE-3', '2026-11-19T17:30'),
    due('CASE-4', '2026-11-30T17:30', '2026-11-20T10:15'),
    due('CASE-5', '2026-11-30T17:30', '2026-11-20T09:30'),
    due('CASE-6', '2026-11-23T17:30', '2026-11-20T10:16'),
  ];

  it('due appointments come first, then work in hand, then by deadline, the later ones last', () => {
    expect(order(cases, now, ({ id }) => (id === 'CASE-1' ? { working: true } : undefined))).toEqual([
      'APPOINTMENT CASE-5',
      'APPOINTMENT CASE-4',
      'WORKING CASE-1',
      'OVERDUE CASE-3',
      'NEXT CASE-2',
      'WAITING CASE-6',
    ]);
  });

  it('a retry that lies later waits, and is back when its time has come', () => {
    const retry = (at: string) => order([cases[1]!], now, () => ({ notBefore: shanghai(at) }));
    expect(retry('2026-11-20T13:00')).toEqual(['WAITING CASE-2']);
    expect(retry('2026-11-20T10:00')).toEqual(['NEXT CASE-2']);
  });

  it('the order does not depend on how the cases arrived', () => {
    expect(order([...cases].reverse(), now)).toEqual(order(cases, now));
  });

  it('the first that may be called now is the first of the order that does not wait, whatever is in the list', () => {
    const hour = (n: number) => new Date(now.getTime() + n * 3_600_000);
    const some = fc.array(
      fc.record({
        deadline: fc.integer({ min: -3, max: 3 }),
        appointment: fc.option(fc.integer({ min: -2, max: 2 })),
        notBefore: fc.option(fc.integer({ min: -2, max: 2 })),
        working: fc.boolean(),
        appointmentKept: fc.boolean(),
        in: fc.boolean(),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(some, (list) => {
        const states = new Map<string, CaseState>();
        const all = list.map((one, n) => {
          const id = `CASE-${n}`;
          const { working, appointmentKept } = one;
          const notBefore = one.notBefore === null ? undefined : hour(one.notBefore);
          if (one.in) states.set(id, { working, appointmentKept, notBefore });
          const appointment = one.appointment === null ? undefined : hour(one.appointment).toISOString();
          return sampleCase({
            id,
            deadline: hour(one.deadline).toISOString(),
            ...(appointment && { appointment: { at: appointment, exact: true, askedBy: 'RESPONDENT' as const } }),
          });
        });
        const queued = all.filter(({ id }) => states.has(id));
        const inOrder = orderQueue(queued, now, ({ id }) => states.get(id)).find(({ group }) => group !== 'WAITING');
        expect(firstInQueue(all, now, ({ id }) => states.get(id) ?? null)?.id).toBe(inOrder?.case.id);
      }),
    );
  });

  it('only groups with something in them have a heading', () => {
    const groups = groupQueue(orderQueue(cases, now));
    expect(groups.map((g) => g.text.zh)).toEqual(['预约回拨', '超时', '待外呼', '稍后']);
    expect(groups.flatMap((g) => g.items)).toHaveLength(cases.length);
  });
});

describe('the search', () => {
  const one = sampleCase({
    contacts: [sampleContact(), sampleContact({ id: 'office', number: '026-0000-0005转8012', role: 'EMPLOYER' })],
  });

  it.each(['', '01', '0001', '0-0001', '０００１', '0005', 'zyl', 'ZY', '样例', 'demo-01', 'tion-1'])(
    '"%s" finds it',
    (typed) => {
      expect(matchesSearch(one, typed)).toBe(true);
    },
  );

  it.each(['0002', '9', 'zl', '李', 'DEMO-02', '154-0000'])('"%s" does not', (typed) => {
    expect(matchesSearch(one, typed)).toBe(false);
  });

  it('a malformed number is found by its digits', () => {
    expect(matchesSearch(sampleCase({ contacts: [sampleContact({ number: '154-0000-00' })] }), '000')).toBe(true);
  });
});

describe('pinyin initials', () => {
  it.each([
    ['甄样例', 'ZYL'],
    ['贾包装', 'JBZ'],
    ['欧阳修', 'OYX'],
    ['卜误输', 'BWS'],
    ['孔号生', 'KHS'],
    ['郝预约', 'HYY'],
    ['阿安', 'AA'],
    ['额尔', 'EE'],
    ['左宗棠', 'ZZT'],
    ['李雷Lei2', 'LLLEI2'],
    ['买买提·艾力', 'MMTAL'],
  ])('%s is %s', (name, initials) => {
    expect(pinyinInitials(name)).toBe(initials);
  });

  it('a rare character with a reading has its initial, one without has none', () => {
    expect(pinyinInitials('龘齉')).toBe('DN');
    expect(pinyinInitials('张𠮷')).toBe('Z');
    expect(pinyinInitials('𠀀')).toBe('');
  });

  it('markup and signs have no initials and break nothing', () => {
    expect(pinyinInitials('<b>张</b>')).toBe('BZB');
    expect(pinyinInitials('🙂')).toBe('');
  });
});
