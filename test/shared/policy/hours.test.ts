import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contactRoles } from '#shared/case/case.ts';
import { minuteOfDay } from '#shared/policy/calendar.ts';
import { callingHours, nextCallable } from '#shared/policy/hours.ts';
import { defaultPolicy as policy } from '#shared/policy/policy.ts';

const shanghai = (text: string) => new Date(`${text}:00+08:00`);
const wish = (at: string, exact = true) => ({ at: shanghai(at).toISOString(), exact, askedBy: 'RESPONDENT' }) as const;

describe('calling hours', () => {
  it.each([
    ['BORROWER', '2026-11-20T08:59', false, 'hours.early'],
    ['BORROWER', '2026-11-20T09:00', true, 'hours.borrower'],
    ['BORROWER', '2026-11-20T11:44', true, 'hours.borrower'],
    ['BORROWER', '2026-11-20T11:45', false, 'hours.noon'],
    ['BORROWER', '2026-11-20T13:44', false, 'hours.noon'],
    ['BORROWER', '2026-11-20T20:29', true, 'hours.borrower'],
    ['BORROWER', '2026-11-20T20:30', false, 'hours.late'],
    ['BORROWER', '2026-11-20T22:00', false, 'hours.outer'],
    ['BORROWER', '2026-11-20T07:59', false, 'hours.outer'],
    ['HOME', '2026-11-21T10:00', true, 'hours.borrower'],
    ['HOME', '2026-11-21T18:00', false, 'hours.late'],
    ['GUARANTOR', '2026-11-22T10:00', false, 'hours.restDay'],
    ['BORROWER', '2026-10-03T10:00', false, 'hours.restDay'],
    ['EMPLOYER', '2026-11-20T17:29', true, 'hours.employer'],
    ['EMPLOYER', '2026-11-20T17:30', false, 'hours.late'],
    ['EMPLOYER_HR', '2026-11-21T10:00', false, 'hours.restDay'],
    ['EMPLOYER', '2026-10-10T10:00', true, 'hours.employer'],
    ['COLLEAGUE', '2026-10-01T10:00', false, 'hours.restDay'],
  ] as const)('%s at %s: %s by %s', (role, at, allowed, rule) => {
    expect(callingHours({ role, at: shanghai(at), policy })).toMatchObject({ allowed, rule });
  });

  it('a time the customer named opens noon, and only around that time', () => {
    const appointment = wish('2026-11-20T12:15');
    const at = (text: string) => callingHours({ role: 'BORROWER', at: shanghai(text), policy, appointment });
    expect(at('2026-11-20T12:15')).toMatchObject({ allowed: true, rule: 'hours.appointment' });
    expect(at('2026-11-20T12:05').allowed).toBe(true);
    expect(at('2026-11-20T12:04').rule).toBe('hours.noon');
    expect(at('2026-11-20T13:16').rule).toBe('hours.noon');
  });

  it('an own appointment opens a rest day from 9 to 21 and no further', () => {
    const question = (at: string) => ({ role: 'BORROWER', at: shanghai(at), policy, appointment: wish(at) }) as const;
    expect(callingHours(question('2026-11-22T20:30'))).toMatchObject({ allowed: true, rule: 'hours.appointment' });
    expect(callingHours(question('2026-11-22T21:00'))).toMatchObject({ allowed: false, rule: 'hours.restDay' });
    expect(callingHours(question('2026-11-20T21:30')).allowed).toBe(true);
    expect(callingHours(question('2026-11-20T22:00'))).toMatchObject({ allowed: false, rule: 'hours.outer' });
  });

  it("an agent's own plan opens nothing", () => {
    const appointment = { at: shanghai('2026-11-22T10:00').toISOString(), exact: true, askedBy: 'AGENT' } as const;
    expect(callingHours({ role: 'BORROWER', at: shanghai('2026-11-22T10:00'), policy, appointment }).allowed).toBe(
      false,
    );
  });

  it('a closed answer says when it opens', () => {
    const { opensAt, sentence } = callingHours({ role: 'EMPLOYER', at: shanghai('2026-09-30T17:31'), policy });
    expect(opensAt).toEqual(shanghai('2026-10-08T09:00'));
    expect(sentence.zh).toContain('10月8日 周四 09:00');
    expect(nextCallable({ role: 'BORROWER', at: shanghai('2026-11-20T12:00'), policy })).toEqual(
      shanghai('2026-11-20T13:45'),
    );
  });

  it('an agreed time counts as the next opening', () => {
    expect(
      nextCallable({
        role: 'BORROWER',
        at: shanghai('2026-11-21T19:00'),
        policy,
        appointment: wish('2026-11-22T10:30'),
      }),
    ).toEqual(shanghai('2026-11-22T10:30'));
  });

  it('beyond the published calendar the answer says that it is provisional', () => {
    const answer = callingHours({ role: 'EMPLOYER', at: shanghai('2027-01-01T10:00'), policy });
    expect(answer).toMatchObject({ allowed: true, provisional: true });
    expect(answer.sentence.zh).toContain('日历未公布');
  });

  it('nothing ever opens the time from 22:00 to 08:00, and what is said to open does open', () => {
    const begin = shanghai('2026-01-01T00:00').getTime();
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 400 * 1440 }),
        fc.constantFrom(...contactRoles),
        fc.boolean(),
        fc.boolean(),
        (minutes, role, asked, exact) => {
          const at = new Date(begin + minutes * 60_000);
          const appointment = asked ? ({ at: at.toISOString(), exact, askedBy: 'RESPONDENT' } as const) : undefined;
          const answer = callingHours({ role, at, policy, appointment });
          if (minuteOfDay(at) < 480 || minuteOfDay(at) >= 1320) expect(answer.rule).toBe('hours.outer');
          const next = nextCallable({ role, at, policy, appointment });
          expect(callingHours({ role, at: next, policy, appointment }).allowed).toBe(true);
          expect(next >= at).toBe(true);
        },
      ),
    );
  });
});
