import { describe, expect, it } from 'vitest';
import {
  dispositionCodes,
  dispositions,
  dispositionText,
  evidenceFor,
  followUpsFor,
  isCompleteDisposition,
  needsSecondVerification,
} from '#shared/disposition/disposition.ts';

describe('dispositions', () => {
  it('a wrong employer needs a reason, what both sides say, and another agent', () => {
    expect(isCompleteDisposition({ code: 'WRONG_EMPLOYER' })).toBe(false);
    expect(isCompleteDisposition({ code: 'WRONG_EMPLOYER', sub: 'MOOD' })).toBe(false);
    expect(isCompleteDisposition({ code: 'WRONG_EMPLOYER', sub: 'OUTDATED' })).toBe(true);
    expect(isCompleteDisposition({ code: 'VERIFIED' })).toBe(true);
    expect(isCompleteDisposition({ code: 'VERIFIED', sub: 'OUTDATED' })).toBe(false);
    expect(evidenceFor({ code: 'WRONG_EMPLOYER', sub: 'UNKNOWN' })).toEqual([
      'registeredValue',
      'statedValue',
      'whoSaid',
      'recordingMark',
    ]);
    expect(needsSecondVerification({ code: 'WRONG_EMPLOYER', sub: 'SPOKEN_SLIP' })).toBe(true);
  });

  it('a slip of the record wants the form, a wrongly dialled number the dial log', () => {
    expect(evidenceFor({ code: 'WRONG_EMPLOYER', sub: 'RECORD_SLIP' })).toContain('formChecked');
    expect(evidenceFor({ code: 'WRONG_EMPLOYER', sub: 'WRONG_NUMBER_DIALLED' })).toContain('dialLog');
    expect(followUpsFor({ code: 'WRONG_EMPLOYER', sub: 'WRONG_NUMBER_DIALLED' })).toContain('QUALITY_INCIDENT');
  });

  it('a changed employer is verified a second time, a changed telephone is not', () => {
    expect(needsSecondVerification({ code: 'INFO_UPDATED', sub: 'EMPLOYER' })).toBe(true);
    expect(needsSecondVerification({ code: 'INFO_UPDATED', sub: 'CONTACT' })).toBe(false);
  });

  it('every one has words, a follow-up and evidence, and overrides only reasons it has', () => {
    for (const code of dispositionCodes) {
      const rule = dispositions[code];
      expect(rule.text.zh).toMatch(/[一-鿿]/);
      expect(rule.followUp.length, code).toBeGreaterThan(0);
      expect(rule.evidence.length, code).toBeGreaterThan(0);
      for (const sub of Object.keys(rule.bySub ?? {})) expect(Object.keys(rule.subCodes ?? {}), code).toContain(sub);
    }
  });

  it('is said with its reason', () => {
    expect(dispositionText({ code: 'WRONG_EMPLOYER', sub: 'OUTDATED' }).zh).toBe('单位不符：信息未更新（换工作）');
    expect(dispositionText({ code: 'VERIFIED' }).en).toBe('Verified');
  });
});
