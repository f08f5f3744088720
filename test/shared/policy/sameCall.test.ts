import { describe, expect, it } from 'vitest';
import type { Case, Contact } from '#shared/case/case.ts';
import { dispositionCodes } from '#shared/disposition/disposition.ts';
import { guardDial } from '#shared/policy/dialGuard.ts';
import { defaultPolicy as policy } from '#shared/policy/policy.ts';
import { contactOnCall, letsGoOn, permitInCall, type SameCallQuestion } from '#shared/policy/sameCall.ts';
import { attempt, sampleCase, sampleContact, shanghai } from './sampleCase.ts';

const number = '026-0000-0001';
const desk = (changes: Partial<Contact> = {}): Contact =>
  sampleContact({
    id: 'desk',
    role: 'EMPLOYER',
    number,
    sources: [
      { source: 'APPLICATION_FORM', number },
      { source: 'PUBLIC_DIRECTORY', number },
    ],
    ...changes,
  });
const employee = (id: string, changes: Partial<Case> = {}): Case =>
  sampleCase({ id, person: `person-${id}`, kind: 'EMPLOYER', contacts: [desk()], ...changes });

const before = employee('DEMO-01-E');
const began = shanghai('2026-11-20T11:40');
/** Noon has begun meanwhile: nobody would dial an employer now. */
const now = shanghai('2026-11-20T11:50');
const dialled = guardDial({
  case: before,
  contact: before.contacts[0]!,
  policy,
  now: began,
  line: { practice: true },
  cases: [before],
});
if (!dialled.allowed) throw new Error('the first call is allowed');
const call = dialled.permit;

const ask = (one: Case, changes: Partial<SameCallQuestion> = {}) => {
  const contact = contactOnCall(one, call);
  const cases = [before, one];
  const question = { policy, now, line: { practice: true }, cases, leaseUntil: shanghai('2026-11-20T18:00') };
  return contact ? permitInCall({ case: one, contact, call, before: [before], ...question, ...changes }) : null;
};

describe('a permit within a call', () => {
  it('is the call’s, for the case it goes on with: the hours were open and the number made sure of when it began', () => {
    const one = employee('DEMO-02-E', { attempts: [attempt('2026-11-19T10:00', 'NO_ANSWER', { contact: 'desk' })] });
    expect(ask(one)).toEqual({
      ...call,
      caseId: 'DEMO-02-E',
      contact: 'desk',
      attemptNumber: 2,
      permittedAt: now.toISOString(),
    });
    expect(guardDial({ case: one, contact: desk(), policy, now, line: { practice: true }, cases: [] }).allowed).toBe(
      false,
    );
  });

  it('needs no digits typed: they are those of the call, with an extension or without', () => {
    const typed = desk({
      number: `${number}转8012`,
      sources: [{ source: 'APPLICATION_FORM', number: `${number}转8012` }],
    });
    expect(ask(employee('DEMO-02-E', { contacts: [typed] }))).toMatchObject({
      number: '02600000001',
      check: call.check,
    });
    const other = desk({ number: '026-0000-0009' });
    expect(ask(employee('DEMO-02-E', { contacts: [other] }))).toBeNull();
  });

  it('is not bound by the caps of the day, for nobody is called once more; by those of the case it is', () => {
    const misses = (day: string, times: number) =>
      Array.from({ length: times }, (_, at) => attempt(`${day}T10:${10 + at}`, 'NO_ANSWER', { contact: 'desk' }));
    const today = employee('DEMO-02-E', { attempts: misses('2026-11-20', policy.caps.perNumberPerDay) });
    expect(ask(today)).not.toBeNull();
    const inAll = employee('DEMO-02-E', { attempts: misses('2026-11-18', policy.caps.employerTotal) });
    expect(ask(inAll)).toBeNull();
    const often = employee('DEMO-02-B', {
      person: 'person-DEMO-02-E',
      kind: 'PRELOAN_BORROWER',
      contacts: [sampleContact()],
      attempts: Array.from({ length: policy.caps.hardPerDay }, (_, at) =>
        attempt(`2026-11-20T10:${10 + at}`, 'NO_ANSWER', { contact: sampleContact().id }),
      ),
    });
    expect(ask(employee('DEMO-02-E'), { cases: [before, often] })).toBeNull();
  });

  it('hours that an appointment opened are nobody else’s', () => {
    const wished = { ...call, hoursRule: 'hours.appointment' as const };
    expect(ask(employee('DEMO-02-E'), { call: wished })).toBeNull();
    expect(ask(employee('DEMO-02-E'), { call: wished, now: began })).toMatchObject({ hoursRule: 'hours.employer' });
  });

  it('is not given for another employer, for another kind of case, or where the guard would not let the case be called', () => {
    expect(ask(employee('DEMO-02-E', { file: { 'employer.name': '云朵牙刷机械有限公司' } }))).toBeNull();
    const named = (id: string, name: string) => employee(id, { file: { 'employer.name': name } });
    const [beijing, either] = [named('DEMO-02-E', '北京云朵牙刷有限公司'), named('DEMO-03-E', '云朵牙刷有限公司')];
    const shanghaiFirm = named('DEMO-04-E', '上海云朵牙刷有限公司');
    expect(ask(shanghaiFirm, { before: [either] })).not.toBeNull();
    expect(ask(shanghaiFirm, { before: [either, beijing] })).toBeNull();
    expect(ask(employee('DEMO-02-E', { kind: 'PRELOAN_BORROWER' }))).toBeNull();
    expect(ask(employee('DEMO-02-E', { contacts: [desk({ status: 'DO_NOT_CALL' })] }))).toBeNull();
    expect(ask(employee('DEMO-02-E'), { leaseUntil: shanghai('2026-11-20T11:45') })).toBeNull();
    expect(ask(employee('DEMO-02-E'), { line: { practice: false } })).toBeNull();
  });

  it('is not given where a second person would have to look at the sources', () => {
    const told = desk({ sources: [{ source: 'BORROWER', number }] });
    expect(ask(employee('DEMO-02-E', { contacts: [told] }))).toBeNull();
    const torn = desk({
      sources: [
        { source: 'APPLICATION_FORM', number },
        { source: 'PUBLIC_DIRECTORY', number: '026-0000-0009' },
      ],
    });
    expect(ask(employee('DEMO-02-E', { contacts: [torn] }))).toBeNull();
  });

  it('nobody is asked on who refused, or is not the employer', () => {
    expect(dispositionCodes.filter(letsGoOn)).toEqual([
      'VERIFIED',
      'VERIFIED_MINOR',
      'PARTIAL',
      'INFO_UPDATED',
      'LEFT_JOB',
      'NOT_KNOWN_THERE',
      'RESPONDENT_UNAWARE',
    ]);
    expect(letsGoOn(null)).toBe(true);
  });
});
