import { describe, expect, it } from 'vitest';
import type { Case } from '#shared/case/case.ts';
import { isSharedNumber } from '#shared/policy/sharedNumber.ts';
import { demoCases } from '../../../server/demo/cases.ts';
import { sampleCase, sampleContact } from './sampleCase.ts';

const at = (id: string, employer: string, number: string, more: Partial<Case> = {}): Case =>
  sampleCase({
    ...{ id, kind: 'EMPLOYER', file: { 'employer.name': employer } },
    contacts: [sampleContact({ id: 'office', role: 'EMPLOYER', number })],
    ...more,
  });
const shared = (one: Case, ...others: Case[]) => isSharedNumber(one, one.contacts[0]!, [one, ...others]);

describe("an employer's number that another employer has too", () => {
  const one = at('HF-1', '纸鹤航天文具有限公司', '0260-0000011');

  it('is told, however it is written', () => {
    expect(shared(one, at('HF-2', '云朵牙刷机械有限公司', '(0260) 0000 011'))).toBe(true);
    expect(shared(one, at('HF-2', '云朵牙刷机械有限公司', '0260-0000012'))).toBe(false);
  });

  it('is none where colleagues name their employer, more or less as it is called', () => {
    expect(shared(one)).toBe(false);
    expect(shared(one, at('HF-2', '纸鹤航天文具有限公司', '0260-0000011'))).toBe(false);
    expect(shared(one, at('HF-2', '星港纸鹤航天文具（虚构）有限公司', '0260-0000011'))).toBe(false);
  });

  it("is asked of employers' numbers only, and of applications that name an employer", () => {
    const contacts = [sampleContact({ id: 'own', role: 'BORROWER', number: '0260-0000011' })];
    expect(shared(one, at('HF-2', '云朵牙刷机械有限公司', '', { contacts }))).toBe(false);
    expect(shared(at('HF-3', '云朵牙刷机械有限公司', '', { contacts }), one)).toBe(false);
    expect(shared(one, at('HF-2', '', '0260-0000011', { file: {} }))).toBe(false);
    expect(shared(at('HF-2', '云朵牙刷机械有限公司', '12'), at('HF-3', '别家有限公司', '12'))).toBe(false);
  });

  it('of a number that was only told is the firm that was told with it', () => {
    const told = sampleContact({ id: 'told-1', role: 'EMPLOYER', number: '0260-0000011', owner: '纸鹤航天文具' });
    const changedJob = at('HF-2', '云朵牙刷机械有限公司', '0260-0000012');
    const source = { source: 'BORROWER', number: '0260-0000011' } as const;
    const withTold = { ...changedJob, contacts: [...changedJob.contacts, { ...told, sources: [source] }] };
    expect(shared(one, withTold)).toBe(false);
    expect(isSharedNumber(withTold, withTold.contacts[1]!, [one, withTold])).toBe(false);
  });

  it('is told of a case that only the server knows, for the number it names and while it is an employer’s', () => {
    const told = { ...one, sharedNumbers: ['0260-0000011'] };
    expect(shared(told)).toBe(true);
    // The switchboard is another employer's too; of this desk nobody says so.
    expect(isSharedNumber(told, { ...told.contacts[0]!, number: '0260-0000011转8013' }, [told])).toBe(false);
    expect(isSharedNumber(told, { ...told.contacts[0]!, number: '0260-0000012' }, [told])).toBe(false);
    expect(isSharedNumber(told, { ...told.contacts[0]!, role: 'HOME' }, [told])).toBe(false);
  });

  it('is none of a service number, which many have', () => {
    expect(shared(at('HF-1', '纸鹤航天文具有限公司', '95599'), at('HF-2', '云朵牙刷机械有限公司', '95599'))).toBe(
      false,
    );
  });

  it('of a switchboard is told for the same extension only', () => {
    const desk = at('HF-1', '纸鹤航天文具有限公司', '0260-0000011转8012');
    expect(shared(desk, at('HF-2', '云朵牙刷机械有限公司', '0260-0000011转8013'))).toBe(false);
    expect(shared(desk, at('HF-2', '云朵牙刷机械有限公司', '0260-0000011'))).toBe(true);
  });

  it('is in no case of the demonstration', () => {
    const cases = demoCases(new Date('2026-11-20T02:00:00Z'));
    const found = cases.flatMap((each) => each.contacts.filter((contact) => isSharedNumber(each, contact, cases)));
    expect(found).toEqual([]);
  });
});
