import { describe, expect, it } from 'vitest';
import type { Case, PastAttempt } from '#shared/case/case.ts';
import { proposeContact } from '#shared/policy/nextContact.ts';
import { defaultPolicy as policy } from '#shared/policy/policy.ts';
import { attempt, sampleCase, sampleContact, shanghai } from './sampleCase.ts';

const now = shanghai('2026-11-20T14:00');
const home = sampleContact({ id: 'home', role: 'HOME', number: '026-0000-0006' });
const spouse = sampleContact({ id: 'spouse', role: 'EMERGENCY', number: '154-0000-0026' });
const propose = (changes: Partial<Case> = {}) =>
  proposeContact({
    case: sampleCase({ contacts: [spouse, home, sampleContact()], ...changes }),
    policy,
    now,
    cases: [],
  });
const misses = (count: number, contact = 'mobile'): PastAttempt[] =>
  ['16', '17', '18', '19'].slice(0, count).map((d) => attempt(`2026-11-${d}T10:00`, 'NO_ANSWER', { contact }));

describe('which contact comes next', () => {
  it("the borrower's own mobile first, whatever order the file has", () => {
    const { contact, rule, whyNow } = propose();
    expect(contact?.id).toBe('mobile');
    expect(rule).toBe('next.first');
    expect(whyNow.zh).toBe('登记的首选号码');
  });

  it('says what was tried before', () => {
    const { rule, whyNow } = propose({ attempts: misses(2) });
    expect(rule).toBe('next.again');
    expect(whyNow.zh).toContain('工作日上午 2 次没有接通');
  });

  it('after three misses the next number', () => {
    expect(propose({ attempts: misses(3) })).toMatchObject({ contact: { id: 'home' }, rule: 'next.otherNumber' });
  });

  it('when all numbers were missed often, the one that was tried least', () => {
    expect(propose({ attempts: [...misses(4), ...misses(3, 'home')] }).contact?.id).toBe('home');
  });

  it('the emergency contact only when nothing else is left, and nobody when it is not there', () => {
    const dead = [sampleContact({ status: 'INVALID' }), { ...home, status: 'INVALID' as const }];
    expect(propose({ contacts: [spouse, ...dead] }).contact?.id).toBe('spouse');
    const none = propose({ contacts: dead });
    expect(none.contact).toBeUndefined();
    expect(none.whyNow.zh).toContain('补充联系方式');
  });

  it('at an agreed time the number where the customer was reached', () => {
    const proposal = propose({
      attempts: [attempt('2026-11-19T10:00', 'ANSWERED', { contact: 'home' })],
      appointment: { at: now.toISOString(), exact: true, askedBy: 'RESPONDENT' },
    });
    expect(proposal).toMatchObject({ contact: { id: 'home' }, rule: 'next.appointment' });
    expect(proposal.whyNow.zh).toContain('客户约定 11月20日 周五 14:00');
  });

  it("an employer's ladder: registered, public, people; never the borrower's own numbers", () => {
    const ladder = (['COLLEAGUE', 'BORROWER', 'EMPLOYER_PUBLIC', 'EMPLOYER'] as const).map((role, i) =>
      sampleContact({ id: role.toLowerCase().replaceAll('_', '-'), role, number: `026-0000-000${i + 1}` }),
    );
    expect(propose({ kind: 'EMPLOYER', contacts: ladder }).contact?.id).toBe('employer');
    expect(propose({ kind: 'EMPLOYER', contacts: ladder, attempts: misses(3, 'employer') }).contact?.id).toBe(
      'employer-public',
    );
  });
});
