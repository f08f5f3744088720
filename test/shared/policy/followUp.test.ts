import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callResults } from '#shared/call/callResult.ts';
import { contactRoles, type PastAttempt } from '#shared/case/case.ts';
import { type DispositionCode, dispositionCodes, dispositions } from '#shared/disposition/disposition.ts';
import { followUpSchema } from '#shared/journal/entry.ts';
import { dayOf, minuteOfDay } from '#shared/policy/calendar.ts';
import { type FollowUpQuestion, followUpsFor, followUpText } from '#shared/policy/followUp.ts';
import { isFollowUpRule, ruleText } from '#shared/policy/followUpTexts.ts';
import { callingHours } from '#shared/policy/hours.ts';
import { defaultPolicy as policy, policySchema } from '#shared/policy/policy.ts';
import { attempt, sampleCase, sampleContact, shanghai } from './sampleCase.ts';

const now = shanghai('2026-11-20T10:00'); // Friday
const home = sampleContact({ id: 'home', role: 'HOME', number: '026-0000-0006' });
const office = sampleContact({ id: 'office', role: 'EMPLOYER', number: '026-0000-0001' });
const one = (attempts: PastAttempt[] = [], contacts = [sampleContact()]) => sampleCase({ contacts, attempts });
const plan = (changes: Partial<FollowUpQuestion>) => {
  const of = changes.case ?? one();
  return followUpsFor({ case: of, contact: of.contacts[0], callResult: 'NO_ANSWER', policy, now, ...changes });
};
const lines = (changes: Partial<FollowUpQuestion>) =>
  plan(changes).map((f) =>
    [
      f.kind,
      f.rule,
      f.contact ?? '-',
      f.due ? new Date(Date.parse(f.due) + 8 * 3600_000).toISOString().slice(0, 16) : '-',
    ].join(' '),
  );

describe('a complaint', () => {
  const complaint = (changes: Partial<FollowUpQuestion> = {}) =>
    lines({ callResult: 'ANSWERED', disposition: { code: 'COMPLAINT' }, ...changes })[0];

  it('has a clock: five working days, holidays left out and the make-up day counted', () => {
    expect(complaint()).toBe('COMPLAINT_DESK disposition.COMPLAINT_DESK - 2026-11-27T22:00');
    expect(complaint({ now: shanghai('2026-09-29T10:00') })).toMatch(/ 2026-10-12T22:00$/);
  });

  it('whose clock the bank sets by policy', () => {
    expect(complaint({ policy: policySchema.parse({ ...policy, complaintWorkdays: 1 }) })).toMatch(/ 2026-11-23T/);
    const [line] = plan({ callResult: 'ANSWERED', disposition: { code: 'COMPLAINT' } });
    expect(followUpText(line!).zh).toBe('转投诉处理：11月27日 周五 22:00');
  });

  it('a policy without it is what older stations know', () => {
    expect(Object.keys(policySchema.parse(policy))).not.toContain('complaintWorkdays');
  });
});

describe('what the customer asked', () => {
  it('goes to the account manager beside what the result demands, each with its rule', () => {
    const disposition = { code: 'REFUSED', sub: 'HARD' } as const;
    const before = lines({ callResult: 'ANSWERED', disposition });
    const asked = lines({ callResult: 'ANSWERED', disposition, openQuestions: true });
    expect(asked).toEqual([...before, 'ACCOUNT_MANAGER manager.questions - -']);
    expect(isFollowUpRule('manager.questions')).toBe(true);
  });
});

describe('after a call that reached nobody', () => {
  it('a no-answer is tried again three hours later at another part of the day', () => {
    expect(lines({})).toEqual(['RETRY retry.noAnswer mobile 2026-11-20T13:45']);
    expect(lines({ now: shanghai('2026-11-20T13:50') })).toEqual(['RETRY retry.noAnswer mobile 2026-11-20T17:30']);
    expect(lines({ now: shanghai('2026-11-20T18:30') })).toEqual(['RETRY retry.noAnswer mobile 2026-11-21T10:00']);
  });

  it('the second miss sends a notice, and waits for tomorrow when the number rests', () => {
    const before = one([attempt('2026-11-19T10:00', 'NO_ANSWER')]);
    expect(lines({ case: before })).toEqual([
      'RETRY retry.noAnswer mobile 2026-11-20T13:45',
      'SMS_NOTICE notice.afterMisses mobile -',
    ]);
    const today = one([attempt('2026-11-20T09:00', 'NO_ANSWER')]);
    expect(lines({ case: today })[0]).toBe('RETRY retry.capDay mobile 2026-11-21T10:00');
  });

  it('three misses on one number lead to the next number, or ask for one', () => {
    const attempts = [attempt('2026-11-18T10:00', 'NO_ANSWER'), attempt('2026-11-19T15:00', 'BUSY')];
    expect(lines({ case: one(attempts, [sampleContact(), home]) })).toEqual([
      'NEXT_NUMBER number.afterMisses home 2026-11-20T10:00',
    ]);
    expect(lines({ case: one(attempts) })).toEqual([
      'RETRY retry.noAnswer mobile 2026-11-20T13:45',
      'SUPPLEMENT_CONTACT supplement.tried - -',
    ]);
  });

  it('busy is tried after 15, then 30 minutes, then at another part of the day (DEMO-07)', () => {
    const busy = (at: string[]) => lines({ callResult: 'BUSY', case: one(at.map((t) => attempt(t, 'BUSY'))) })[0];
    expect(busy([])).toBe('RETRY retry.busy mobile 2026-11-20T10:15');
    expect(busy(['2026-11-19T10:00'])).toBe('RETRY retry.busy mobile 2026-11-20T10:30');
    expect(busy(['2026-11-18T10:00', '2026-11-19T10:00'])).toBe('RETRY retry.busyDaypart mobile 2026-11-20T13:45');
    expect(busy(['2026-11-20T09:30'])).toBe('RETRY retry.capDay mobile 2026-11-21T10:00');
  });

  it('an empty number leads to the next number at once, and to a request when none is left (DEMO-06)', () => {
    expect(lines({ callResult: 'EMPTY_NUMBER', case: one([], [sampleContact(), home]) })).toEqual([
      'NEXT_NUMBER number.empty home 2026-11-20T10:00',
    ]);
    expect(lines({ callResult: 'EMPTY_NUMBER' })).toEqual(['SUPPLEMENT_CONTACT supplement.noNumber - -']);
  });

  it('a suspended number is tried once more after three days', () => {
    expect(lines({ callResult: 'SUSPENDED' })).toEqual([
      'SUPPLEMENT_CONTACT supplement.noNumber - -',
      'RETRY retry.suspended mobile 2026-11-23T10:00',
    ]);
    expect(lines({ callResult: 'SUSPENDED', case: one([attempt('2026-11-16T10:00', 'SUSPENDED')]) })).toHaveLength(1);
  });

  it('a rejection waits for the next working day, a notice first, and twice goes to the account manager (DEMO-08)', () => {
    expect(lines({ callResult: 'REJECTED' })).toEqual([
      'SMS_NOTICE notice.beforeRejected mobile -',
      'RETRY retry.rejected mobile 2026-11-23T13:45',
    ]);
    const twice = lines({ callResult: 'REJECTED', case: one([attempt('2026-11-19T10:00', 'REJECTED')]) });
    expect(twice.at(-1)).toBe('ACCOUNT_MANAGER manager.rejectedTwice - -');
  });

  it('a call dropped at once is tried once after half an hour, then with a notice (DEMO-08)', () => {
    expect(lines({ callResult: 'ANSWERED_DROPPED' })).toEqual(['RETRY retry.dropped mobile 2026-11-20T10:30']);
    expect(
      lines({ callResult: 'ANSWERED_DROPPED', case: one([attempt('2026-11-19T10:00', 'ANSWERED_DROPPED')]) }),
    ).toEqual(['SMS_NOTICE notice.afterDrop mobile -', 'RETRY retry.droppedAgain mobile 2026-11-20T13:45']);
  });

  it('a switched-off phone rests four hours, then a day', () => {
    expect(lines({ callResult: 'POWER_OFF' })).toEqual(['RETRY retry.powerOff mobile 2026-11-20T14:00']);
    expect(lines({ callResult: 'POWER_OFF', case: one([attempt('2026-11-19T10:00', 'POWER_OFF')]) })[0]).toBe(
      'RETRY retry.powerOffDay mobile 2026-11-21T10:00',
    );
  });

  it('a fault of the network costs five minutes and no attempt, however often', () => {
    const attempts = [1, 2, 3, 4, 5, 6, 7].map((n) => attempt(`2026-11-20T09:0${n}`, 'NETWORK_FAULT'));
    expect(lines({ callResult: 'NETWORK_FAULT', case: one(attempts) })).toEqual([
      'RETRY retry.networkFault mobile 2026-11-20T10:05',
    ]);
  });

  it('what the agent cancelled is no attempt and leaves nothing behind', () => {
    expect(lines({ callResult: 'CANCELLED_BY_AGENT' })).toEqual([]);
  });

  it('a missed incoming call is called back within ten minutes, in calling hours', () => {
    expect(lines({ callResult: 'MISSED_INCOMING' })).toEqual([
      'CALL_BACK_MISSED incoming.missed mobile 2026-11-20T10:10',
    ]);
    expect(lines({ callResult: 'MISSED_INCOMING', now: shanghai('2026-11-20T23:00') })[0]).toContain(
      '2026-11-21T10:00',
    );
  });

  it('the last of all attempts leads to other numbers, at an employer to papers', () => {
    const days = (count: number, contact: string) =>
      [10, 11, 12, 13, 16].slice(0, count).map((d) => attempt(`2026-11-${d}T10:00`, 'POWER_OFF', { contact }));
    expect(lines({ case: one(days(5, 'mobile')) })).toEqual(['SUPPLEMENT_CONTACT supplement.total - -']);
    const employer = sampleCase({ kind: 'EMPLOYER', contacts: [office], attempts: days(4, 'office') });
    expect(lines({ case: employer })).toEqual(['DOCUMENTS employer.exhausted - -']);
  });

  it('an employer who misses a morning is called in the afternoon and gets no SMS (DEMO-05)', () => {
    const employer = (attempts: PastAttempt[]) => sampleCase({ kind: 'EMPLOYER', contacts: [office], attempts });
    expect(lines({ case: employer([]) })).toEqual(['RETRY retry.noAnswer office 2026-11-20T13:45']);
    expect(lines({ case: employer([attempt('2026-11-19T10:00', 'NO_ANSWER', { contact: 'office' })]) })).toEqual([
      'RETRY retry.noAnswer office 2026-11-20T13:45',
    ]);
    expect(lines({ case: employer([]), now: shanghai('2026-11-20T16:00') })).toEqual([
      'RETRY retry.noAnswer office 2026-11-23T09:00',
    ]);
  });
});

describe('after a business result', () => {
  const following = (code: DispositionCode, sub?: string, changes: Partial<FollowUpQuestion> = {}) =>
    lines({ callResult: 'ANSWERED', disposition: sub === undefined ? { code } : { code, sub }, ...changes });

  it('a verified case leaves nothing to do', () => {
    expect(following('VERIFIED')).toEqual([]);
  });

  it('a changed job leads to a second verification, documents and the new employer (DEMO-03)', () => {
    expect(following('WRONG_EMPLOYER', 'OUTDATED', { case: one([], [sampleContact(), office]) })).toEqual([
      'SECOND_VERIFICATION disposition.SECOND_VERIFICATION - -',
      'DOCUMENTS disposition.DOCUMENTS - -',
      'EMPLOYER_CALL disposition.EMPLOYER_CALL office 2026-11-20T10:00',
    ]);
  });

  it('an agreed time is kept to the minute (DEMO-09)', () => {
    const appointment = { at: shanghai('2026-11-21T12:15').toISOString(), exact: true, askedBy: 'RESPONDENT' } as const;
    expect(following('CALLBACK_AGREED', 'EXACT', { appointment })).toEqual([
      'APPOINTMENT disposition.APPOINTMENT mobile 2026-11-21T12:15',
    ]);
  });

  it('a soft refusal rests a week, a broken call half an hour', () => {
    expect(following('REFUSED', 'SOFT')[0]).toBe('RETRY disposition.CALL_AGAIN mobile 2026-11-27T10:00');
    expect(following('BREAK_OFF')).toEqual(['RETRY disposition.CALL_AGAIN mobile 2026-11-20T10:30']);
  });

  it('a denied application reaches the fraud desk the same day', () => {
    expect(following('DENIES_APPLICATION')[0]).toBe('FRAUD_DESK disposition.FRAUD_DESK - 2026-11-20T22:00');
  });

  it('every disposition with every reason comes to readable lines', () => {
    for (const code of dispositionCodes)
      for (const sub of [undefined, ...Object.keys(dispositions[code].subCodes ?? {})])
        for (const line of plan({
          callResult: 'ANSWERED',
          disposition: sub === undefined ? { code } : { code, sub },
        })) {
          expect(followUpSchema.safeParse(line).success).toBe(true);
          expect(isFollowUpRule(line.rule)).toBe(true);
          expect(followUpText(line).zh).not.toBe('');
          expect(ruleText[line.rule as keyof typeof ruleText].zh).not.toBe(''); // asserted the line above
        }
  });
});

describe('any plan', () => {
  it('says what and when; the rule has words of its own', () => {
    const [line] = plan({});
    expect(followUpText(line!)).toEqual({
      zh: '再次外呼：11月20日 周五 13:45',
      en: 'Call again: Fri 11-20 13:45',
    });
    expect(followUpText({ kind: 'DOCUMENTS' }).zh).toBe('补充证明材料');
  });

  it('never calls outside of calling hours, nor more often than the caps allow', () => {
    const begin = shanghai('2026-09-01T00:00').getTime();
    fc.assert(
      fc.property(
        fc.constantFrom(...callResults),
        fc.constantFrom(...contactRoles),
        fc.integer({ min: 0, max: 90 * 1440 }),
        fc.array(fc.tuple(fc.constantFrom(...callResults), fc.integer({ min: 1, max: 3000 })), { maxLength: 5 }),
        (callResult, role, minutes, history) => {
          const at = new Date(begin + minutes * 60_000);
          const attempts = history.map(([result, ago]) => ({
            ...attempt('2026-09-01T00:00', result),
            at: new Date(at.getTime() - ago * 60_000).toISOString(),
          }));
          const of = one(attempts, [sampleContact({ role })]);
          for (const { kind, due } of plan({ case: of, callResult, now: at })) {
            if (due === undefined) continue;
            const when = new Date(due);
            expect(when >= at).toBe(true);
            expect(callingHours({ role, at: when, policy }).allowed).toBe(true);
            if (kind === 'RETRY') {
              const sameDay = attempts.filter(
                (a) =>
                  dayOf(new Date(a.at)) === dayOf(when) &&
                  !['CANCELLED_BY_AGENT', 'NETWORK_FAULT', 'STATION_FAULT', 'BAD_FORMAT', 'MISSED_INCOMING'].includes(
                    a.callResult,
                  ),
              );
              expect(sameDay.length).toBeLessThan(policy.caps.perNumberPerDay);
            }
            expect(minuteOfDay(when)).toBeGreaterThanOrEqual(9 * 60);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a part of the day that was named for a number', () => {
  const named = (part: 'MORNING' | 'AFTERNOON' | 'ANY', at = now) => {
    const of = sampleCase({ kind: 'EMPLOYER', contacts: [{ ...office, slot: { part } }] });
    return lines({ case: of, contact: of.contacts[0], now: at })[0];
  };

  it('is when it is called again, whatever part of the day was missed before, and the line says so', () => {
    const missedInTheAfternoon = shanghai('2026-11-20T14:00');
    expect(named('AFTERNOON', missedInTheAfternoon)).toBe('RETRY retry.slot office 2026-11-20T17:00');
    expect(named('MORNING')).toBe('RETRY retry.slot office 2026-11-23T09:00'); // Friday 13:00 is too late for Friday's
    expect(named('ANY')).toBe('RETRY retry.noAnswer office 2026-11-20T13:45');
  });

  it('names no rule of its own where the time would have been the same', () => {
    expect(named('AFTERNOON')).toBe('RETRY retry.noAnswer office 2026-11-20T13:45');
  });

  it('said in free words is read by no rule', () => {
    const of = sampleCase({ kind: 'EMPLOYER', contacts: [{ ...office, slot: { words: '上午' } }] });
    expect(lines({ case: of, contact: of.contacts[0] })[0]).toBe('RETRY retry.noAnswer office 2026-11-20T13:45');
  });

  it('is when the next number is called, and the employer whom the borrower named', () => {
    const hr = { ...office, id: 'hr', number: '026-0000-0002', slot: { part: 'AFTERNOON' as const } };
    const of = sampleCase({ kind: 'EMPLOYER', contacts: [office, hr] });
    expect(lines({ case: of, contact: office, callResult: 'EMPTY_NUMBER' })[0]).toBe(
      'NEXT_NUMBER number.empty hr 2026-11-20T13:45',
    );
    const borrower = sampleCase({ contacts: [sampleContact(), hr] });
    const disposition = { code: 'WRONG_EMPLOYER', sub: 'OUTDATED' } as const;
    expect(lines({ case: borrower, callResult: 'ANSWERED', disposition })).toContain(
      'EMPLOYER_CALL disposition.EMPLOYER_CALL hr 2026-11-20T13:45',
    );
  });
});
