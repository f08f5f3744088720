import { describe, expect, it } from 'vitest';
import { givensOf } from '#shared/case/givens.ts';
import { defaultPolicy, withheldScopes } from '#shared/policy/policy.ts';

const case_ = {
  attempts: [],
  authorisation: { version: '2026-01', date: '2026-02-20', scope: ['EMPLOYER' as const, 'INCOME' as const] },
};

describe('a word of apology for earlier misses', () => {
  const tried = (...results: string[]) => ({
    ...case_,
    attempts: results.map((callResult, n) => ({
      ...{ attempt: `a${n}`, at: '2026-11-19T10:00:00+08:00', contact: 'mobile', direction: 'out' as const },
      ...{ callResult, talkedSeconds: 0 },
    })),
  });
  const misses = (of: ReturnType<typeof tried>, reading?: 2) => givensOf(of, true, [], reading)['call.earlierMisses'];

  it('is owed for calls that could disturb somebody, not for our own faults', () => {
    expect(misses(tried('STATION_FAULT', 'STATION_FAULT', 'CANCELLED_BY_AGENT', 'NETWORK_FAULT'), 2)).toBe('none');
    expect(misses(tried('NO_ANSWER', 'STATION_FAULT'), 2)).toBe('none');
    expect(misses(tried('NO_ANSWER', 'STATION_FAULT', 'BUSY'), 2)).toBe('several');
    expect(misses(tried('NO_ANSWER', 'OF_A_NEWER_SERVER'), 2)).toBe('several');
  });

  it('is said as before in calls that began before: their replay comes to the same place', () => {
    expect(misses(tried('STATION_FAULT', 'STATION_FAULT'))).toBe('several');
  });
});

describe('what an agent may ask about', () => {
  it('is what the customer authorised; of it, an outsourced agent has what policy leaves', () => {
    const policy = { ...defaultPolicy, outsourcedScopes: ['EMPLOYER' as const] };
    expect(withheldScopes(policy, 'IN_HOUSE')).toEqual([]);
    expect(withheldScopes(policy, 'OUTSOURCED')).toEqual(['INCOME', 'CREDIT', 'PROPERTY']);
    expect(givensOf(case_, true)).toMatchObject({ 'consent.incomeInquiry': 'granted' });
    expect(givensOf(case_, true, withheldScopes(policy, 'OUTSOURCED'))).toMatchObject({
      'consent.employerInquiry': 'granted',
      'consent.incomeInquiry': 'absent',
    });
  });

  it('holds the employer’s words against the borrower’s where there are any about the job', () => {
    const said = (words: Record<string, string>) => givensOf({ ...case_, borrowerSaid: words }, true)['borrower.said'];
    expect([said({ 'job.duties': '画图' }), said({ 'employer.name': '某公司' }), said({})]).toEqual([
      'yes',
      'no',
      'no',
    ]);
    expect(givensOf(case_, true)['borrower.said']).toBe('no');
  });

  it('never grows beyond the authorisation', () => {
    const none = { ...case_, authorisation: { ...case_.authorisation, scope: [] } };
    expect(givensOf(none, true, [])).toMatchObject({ 'consent.employerInquiry': 'absent' });
  });

  it('is all but the income where policy says nothing, and what older stations are sent is what they know', () => {
    expect(withheldScopes(defaultPolicy, 'OUTSOURCED')).toEqual(['INCOME']);
    expect(Object.keys(defaultPolicy)).not.toContain('outsourcedScopes');
  });
});
