import { describe, expect, it } from 'vitest';
import {
  addDays,
  addWorkdays,
  dayKindOf,
  dayOf,
  daypartOf,
  instantOf,
  isWorkday,
  minuteOfDay,
  momentText,
  nextWorkday,
  workdaysBetween,
} from '#shared/policy/calendar.ts';

const until = '2026-12-31';
const shanghai = (text: string) => new Date(`${text}:00+08:00`);

describe('working days of mainland China', () => {
  it.each([
    ['2026-02-12', 7, '2026-02-28'],
    ['2026-02-12', 15, '2026-03-11'],
    ['2026-09-28', 7, '2026-10-13'],
  ])('%s plus %i working days is %s', (day, count, expected) => {
    expect(addWorkdays(day, count, until)).toEqual({ day: expected, provisional: false });
  });

  it('the first working day after the National Day is 8 October', () => {
    expect(nextWorkday('2026-10-01', until)).toEqual({ day: '2026-10-08', provisional: false });
  });

  it('make-up days are working days', () => {
    for (const day of ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'])
      expect(dayKindOf(day, until)).toBe('WORKDAY');
  });

  it('holidays are holidays on whatever day of the week they fall', () => {
    const spans = [
      ['2026-01-01', 3],
      ['2026-02-15', 9],
      ['2026-04-04', 3],
      ['2026-05-01', 5],
      ['2026-06-19', 3],
      ['2026-09-25', 3],
      ['2026-10-01', 7],
    ] as const;
    for (const [first, length] of spans)
      for (let i = 0; i < length; i += 1) expect(dayKindOf(addDays(first, i), until)).toBe('HOLIDAY');
  });

  it('a plain weekend is told apart from a holiday', () => {
    expect(dayKindOf('2026-11-21', until)).toBe('SATURDAY');
    expect(dayKindOf('2026-11-22', until)).toBe('SUNDAY');
  });

  it('beyond the published calendar a day is provisional, and never silently right', () => {
    expect(isWorkday('2027-01-01', until)).toBe(true);
    expect(nextWorkday('2026-12-31', until)).toEqual({ day: '2027-01-01', provisional: true });
    expect(nextWorkday('2027-01-30', until)).toEqual({ day: '2027-02-01', provisional: true });
    expect(dayKindOf('2026-10-01', '2026-09-30')).toBe('WORKDAY');
  });

  it('counts the working days of a wait', () => {
    expect(workdaysBetween('2026-09-30', '2026-10-08', until)).toBe(1);
    expect(workdaysBetween('2026-10-08', '2026-10-08', until)).toBe(0);
  });

  it('a nonsense count is a bug and crashes', () => {
    expect(() => addWorkdays('2026-10-01', 0, until)).toThrow(RangeError);
    expect(() => addWorkdays('2026-10-01', 1.5, until)).toThrow(RangeError);
  });
});

describe('the clock of Asia/Shanghai', () => {
  it('is the same whatever time zone the machine is set to', () => {
    const before = process.env.TZ;
    try {
      for (const zone of ['America/New_York', 'Pacific/Kiritimati', 'UTC', 'Asia/Shanghai']) {
        process.env.TZ = zone;
        expect(dayOf(new Date('2026-10-09T16:30:00Z'))).toBe('2026-10-10');
        expect(minuteOfDay(new Date('2026-10-09T16:30:00Z'))).toBe(30);
        expect(isWorkday('2026-10-10', until)).toBe(true);
        expect(dayKindOf('2026-10-11', until)).toBe('SUNDAY');
        expect(dayKindOf('2026-10-01', until)).toBe('HOLIDAY');
      }
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });

  it('goes there and back', () => {
    expect(instantOf('2026-10-10', 14 * 60 + 30)).toEqual(shanghai('2026-10-10T14:30'));
    expect(instantOf('2026-10-10', 1440)).toEqual(shanghai('2026-10-11T00:00'));
    expect(momentText(shanghai('2026-10-10T14:30'))).toEqual({ zh: '10月10日 周六 14:30', en: 'Sat 10-10 14:30' });
  });

  it.each([
    ['2026-11-20T09:00', 'WORKDAY_MORNING'],
    ['2026-11-20T11:45', 'WORKDAY_NOON'],
    ['2026-11-20T13:45', 'WORKDAY_AFTERNOON'],
    ['2026-11-20T17:30', 'WORKDAY_EVENING'],
    ['2026-11-20T22:00', 'NIGHT'],
    ['2026-11-20T07:59', 'NIGHT'],
    ['2026-11-21T10:00', 'SATURDAY_MORNING'],
    ['2026-11-21T16:00', 'SATURDAY_AFTERNOON'],
    ['2026-11-22T10:00', 'REST_DAY'],
    ['2026-10-03T10:00', 'REST_DAY'],
    ['2026-10-10T10:00', 'WORKDAY_MORNING'],
  ] as const)('%s is %s', (at, part) => {
    expect(daypartOf(shanghai(at), until)).toBe(part);
  });
});
