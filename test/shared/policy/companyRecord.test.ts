import { describe, expect, it } from 'vitest';
import { caseFor } from '#shared/case/additions.ts';
import { type Case, type CompanyRecord, type Contact, caseSchema } from '#shared/case/case.ts';
import { companyFlags, companyRecordWords } from '#shared/policy/companyRecord.ts';
import { employerFlags, employerHints } from '#shared/policy/employerFlags.ts';
import { sampleCase, sampleContact } from './sampleCase.ts';

const record: CompanyRecord = {
  source: '企业公示系统',
  lookedUpOn: '2026-11-20',
  found: true,
  foundedOn: '2015-06-30',
  areaCodes: ['026', '0571'],
};
const employed = (companyRecord: CompanyRecord | undefined, since = '2015-06', more: Partial<Case> = {}): Case =>
  sampleCase({
    kind: 'EMPLOYER',
    file: { 'employer.name': '纸鹤航天文具有限公司', 'employer.since': since },
    contacts: [sampleContact({ id: 'office', role: 'EMPLOYER', number: '026-0000-0001' })],
    ...(companyRecord && { companyRecord }),
    ...more,
  });
const said = (one: Case, contact: Contact = one.contacts[0]!) => companyFlags(one, contact);
const at = (number: string, more: Partial<Contact> = {}) =>
  sampleContact({ id: 'office', role: 'EMPLOYER', number, ...more });

describe('what the public register says against an employer', () => {
  it('is nothing where the bank looked nothing up, and nothing where all agrees', () => {
    expect(said(employed(undefined))).toEqual([]);
    expect(said(employed(record))).toEqual([]);
    expect(said(employed({ source: '114', lookedUpOn: '2026-11-20', found: true }))).toEqual([]);
  });

  it('is that there is no such company; of one that does not exist nothing further is said', () => {
    expect(said(employed({ ...record, found: false }, '2001-01'))).toEqual(['COMPANY_NOT_FOUND']);
  });

  it.each([
    ['2015-05', ['COMPANY_YOUNGER']],
    ['2014', []], // a year alone may be the register's own
    ['2015-06-01', []], // the month the register names: nobody is suspected for days
    ['很久以前', []],
  ])('is that it was founded after an employment that began in %s: %j', (since, flags) => {
    expect(said(employed(record, since))).toEqual(flags);
  });

  it.each([
    ['0571-8888-8888', []],
    ['010-88888888', ['AREA_DIFFERS']],
    ['010-88888888 转8012', ['AREA_DIFFERS']],
    ['154-0000-0092', []], // a mobile has no place
    ['95599', []],
    ['12', []], // no number at all
  ])('is that %s lies elsewhere: %j', (number, flags) => {
    expect(said(employed(record), at(number))).toEqual(flags);
  });

  it('is of the employer in the file: not of the borrower’s own number, and not of a firm whose number was only told', () => {
    const gone = employed({ ...record, found: false });
    expect(said(gone, at('010-88888888', { role: 'BORROWER' }))).toEqual([]);
    const sources = [{ source: 'BORROWER' as const, number: '010-88888888' }];
    expect(said(gone, at('010-88888888', { sources }))).toEqual([]);
  });

  it('stands beside a number that is shared, each with a hint that says no value of the file', () => {
    const one = employed({ ...record, foundedOn: '2020-01-01', areaCodes: ['010'] });
    const other = employed(undefined, undefined, { id: 'HF-2', file: { 'employer.name': '云朵牙刷机械有限公司' } });
    const flags = employerFlags(one, one.contacts[0]!, [one, other]);
    expect(flags).toEqual(['NUMBER_SHARED', 'COMPANY_YOUNGER', 'AREA_DIFFERS']);
    for (const hint of Object.values(employerHints))
      for (const words of Object.values(hint)) {
        expect(words).not.toBe('');
        for (const value of Object.values(one.file)) expect(words).not.toContain(value);
      }
  });
});

describe('the record of a company', () => {
  it('is evidence in one line, with what the register says', () => {
    expect(companyRecordWords(record)).toBe('企业公示系统 2026-11-20：已登记，成立于 2015-06-30，区号 026、0571');
    expect(companyRecordWords({ ...record, found: false })).toBe('企业公示系统 2026-11-20：查无此单位');
    expect(companyRecordWords({ source: '114', lookedUpOn: '2026-11-20', found: true })).toBe('114 2026-11-20：已登记');
  });

  it('is sent to a station that knows it, and left out for others', () => {
    const one = employed(record);
    expect(caseFor(one, ['companyRecord'])).toEqual(one);
    expect(caseFor(one, [])).toEqual(employed(undefined));
  });

  it.each<[string, Record<string, unknown>]>([
    ['a date that is none', { foundedOn: '2015-13-01' }],
    ['an area code without its 0', { areaCodes: ['26'] }],
    ['something nobody knows', { owner: '甄样例' }],
  ])('with %s is refused like any malformed case', (_what, wrong) => {
    expect(caseSchema.safeParse({ ...employed(undefined), companyRecord: record }).success).toBe(true);
    expect(caseSchema.safeParse({ ...employed(undefined), companyRecord: { ...record, ...wrong } }).success).toBe(
      false,
    );
  });
});
