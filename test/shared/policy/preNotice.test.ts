import { describe, expect, it } from 'vitest';
import type { Case, Contact } from '#shared/case/case.ts';
import { caseKinds } from '#shared/case/kind.ts';
import { gotSms, noticeSentLine, preNoticeLines, preNoticeOf } from '#shared/case/noticeLines.ts';
import { noticeTemplates } from '#shared/journal/entry.ts';
import { guardDial, type SecondDecision } from '#shared/policy/dialGuard.ts';
import { defaultPolicy as policy, policySchema } from '#shared/policy/policy.ts';
import { noticeText, offersPreNotice, preNoticeBeforeCall } from '#shared/policy/preNotice.ts';
import { attempt, sampleCase, sampleContact, shanghai } from './sampleCase.ts';

type Changes = {
  case?: Case;
  contact?: Contact;
  policy?: typeof policy;
  at?: string;
  practice?: boolean;
  typedNumber?: string;
  secondPerson?: SecondDecision;
};
function offered({ at = '2026-11-20T10:00', practice = true, ...changes }: Changes = {}): boolean {
  const one = changes.case ?? sampleCase();
  const question = { case: one, contact: one.contacts[0]!, policy, ...changes };
  const verdict = guardDial({ ...question, now: shanghai(at), line: { practice }, cases: [] });
  return offersPreNotice({ ...question, verdict });
}
const withContact = (changes: Partial<Contact>, kind: Case['kind'] = 'PRELOAN_BORROWER') =>
  sampleCase({ kind, contacts: [sampleContact(changes)] });
const said = (text: { zh: string; en: string }) => ({ at: '2026-11-20T01:00:00Z', text });

describe('an SMS notice before the first call', () => {
  it('is offered for the important kinds, to the mobile of the very person', () => {
    const role = (kind: Case['kind']) =>
      kind === 'GUARANTOR' || kind === 'COBORROWER' ? kind : kind === 'EMPLOYER' ? kind : 'BORROWER';
    const kinds = caseKinds.filter((kind) => offered({ case: withContact({ role: role(kind) }, kind) }));
    expect(kinds).toEqual(['PRELOAN_BORROWER', 'COBORROWER', 'GUARANTOR', 'APPROVAL']);
  });

  it('the kinds are the bank’s policy; a policy without them is what older stations know', () => {
    const ours = policySchema.parse({ ...policy, preNotice: { kinds: ['PRE_MATURITY', 'EMPLOYER'] } });
    expect(offered({ policy: ours })).toBe(false);
    expect(offered({ policy: ours, case: withContact({}, 'PRE_MATURITY') })).toBe(true);
    expect(offered({ policy: ours, case: withContact({ role: 'EMPLOYER' }, 'EMPLOYER') })).toBe(false);
    expect(Object.keys(policySchema.parse(policy))).not.toContain('preNotice');
  });

  it('never to an employer, a landline, a home, an emergency contact, or somebody who is not called in this case', () => {
    for (const changes of [
      { role: 'EMPLOYER' },
      { number: '026-0000-0006' },
      { role: 'HOME' },
      { role: 'EMERGENCY' },
      { role: 'GUARANTOR' },
    ] as const)
      expect(offered({ case: withContact(changes) })).toBe(false);
  });

  it('only before the first call: a call in or out ends it, a slip or a fault of the line does not', () => {
    const offeredAfter = (callResult: string, direction: 'in' | 'out' = 'out') =>
      offered({ case: sampleCase({ attempts: [attempt('2026-11-19T10:00', callResult, { direction })] }) });
    expect(
      ['NO_ANSWER', 'BUSY', 'ANSWERED', 'INTERRUPTED', 'of a newer server'].map((result) => offeredAfter(result)),
    ).toEqual(Array(5).fill(false));
    expect([offeredAfter('MISSED_INCOMING', 'in'), offeredAfter('ANSWERED', 'in')]).toEqual([false, false]);
    expect([offeredAfter('CANCELLED_BY_AGENT'), offeredAfter('NETWORK_FAULT')]).toEqual([true, true]);
  });

  it('once: not when one was asked for, sent, or let be, nor after another notice', () => {
    for (const line of [...Object.values(preNoticeLines), noticeSentLine])
      expect(offered({ case: sampleCase({ history: [said(line)] }) })).toBe(false);
    expect(offered({ case: sampleCase({ history: [said({ zh: '任务建立', en: 'Case made' })] }) })).toBe(true);
  });

  it('only for a call that may be made now, to a number that two sources name', () => {
    expect(offered({ at: '2026-11-20T12:30' })).toBe(false); // noon
    expect(offered({ at: '2026-11-22T10:00' })).toBe(false); // Sunday
    expect(offered({ practice: false })).toBe(false); // a demo case on a real line
    expect(offered({ case: withContact({ status: 'DO_NOT_CALL' }) })).toBe(false);
    const single = withContact({ sources: [{ source: 'APPLICATION_FORM', number: '154-0000-0001' }] });
    expect(offered({ case: single, typedNumber: '15400000001' })).toBe(false);
    const decided = { number: '154-0000-0001', account: 'L002' };
    expect(offered({ case: single, secondPerson: decided })).toBe(false);
  });

  it('what became of it is told until the first call', () => {
    const asked = sampleCase({ history: [said(preNoticeLines.requested)] });
    expect(preNoticeBeforeCall(asked)).toEqual({ state: 'requested', at: '2026-11-20T01:00:00Z' });
    const sent = sampleCase({ history: [said(preNoticeLines.requested), said(preNoticeLines.sent)] });
    expect(preNoticeOf(sent)?.state).toBe('sent');
    expect(preNoticeBeforeCall({ ...sent, attempts: [attempt('2026-11-19T10:00', 'BUSY')] })).toBeNull();
    expect(preNoticeBeforeCall(sampleCase())).toBeNull();
  });

  it('the customer got it when it was sent, not when it was asked for', () => {
    const got = (line: { zh: string; en: string }) => gotSms({ history: [said(line)] });
    expect([preNoticeLines.sent, noticeSentLine, { zh: '短信已送达', en: 'SMS delivered' }].map(got)).toEqual([
      true,
      true,
      true,
    ]);
    expect([preNoticeLines.requested, preNoticeLines.notSent].map(got)).toEqual([false, false]);
  });

  it('names the bank, its number and what is never asked for; no loan, amount, property or product', () => {
    for (const template of noticeTemplates) {
      const { zh, en } = noticeText(template, policy);
      expect(zh).toMatch(/^【演示银行】.*026-0000-0000.*来电.*密码.*验证码.*转账/);
      expect(en).toMatch(/^\[Demo Bank\].*call you.*026-0000-0000.*passwords.*codes.*transfer/);
      expect(zh).not.toMatch(/贷|款|房|抵押|额|元|利率|产品|审批|申请/);
      expect(en).not.toMatch(/loan|mortgage|amount|property|house|product|rate|approv|application/i);
      expect(zh.length).toBeLessThanOrEqual(134); // two parts of an SMS
    }
    const bank = { zh: '星港银行', en: 'Xinggang Bank' };
    const ours = policySchema.parse({ ...policy, preNotice: { bank, officialNumber: '95000' } });
    expect(noticeText('BEFORE_FIRST_CALL', ours).zh).toMatch(/^【星港银行】我行将用官方号码 95000 /);
  });
});
