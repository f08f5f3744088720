/**
 * The SMS pre-notice (短信预告): offered before the first call of an important case (domain.md 0.16, A16), so that the customer expects it
 * and trusts the number (A17). The notice after misses is followUp.ts's.
 *
 *   important kind ─ nobody called yet ─ nothing asked for or sent ─ own mobile of the party ─ this call may be made now ──► offered
 *
 * It announces a call that may be made now, so the dial guard's word is the measure: no SMS outside of calling hours, to who asked not to
 * be called, or to a number that only one source names. It blocks nothing: the agent may dial without it, or while it is on its way.
 */
import type { Case, Contact, ContactRole, PastAttempt } from '../case/case.ts';
import type { CaseKind } from '../case/kind.ts';
import { isNoticeSent, preNoticeOf } from '../case/noticeLines.ts';
import { numberKind } from '../case/number.ts';
import type { NoticeTemplate } from '../journal/entry.ts';
import type { Text } from '../text.ts';
import { countsAgainstCaps } from './caps.ts';
import type { DialVerdict } from './dialGuard.ts';
import { ladderOf } from './nextContact.ts';
import type { Policy } from './policy.ts';

/** Where the policy names none. Not in `defaultPolicy`: stations that do not know the field would refuse the policy. */
export const importantKinds: readonly CaseKind[] = ['PRELOAN_BORROWER', 'COBORROWER', 'GUARANTOR', 'APPROVAL'];

/** Whose phone is a person's own: never an employer's, a home's or an emergency contact's, where others would read it. */
const ownPhone: readonly ContactRole[] = ['BORROWER', 'COBORROWER', 'GUARANTOR'];

export type PreNoticeQuestion = {
  case: Case;
  contact: Contact;
  policy: Policy;
  /** The dial guard's word on this contact now, as if nothing had been typed. */
  verdict: DialVerdict;
};

/** Somebody called already, we or they. Our own hang-up at once, or a fault of the line, was no call. */
const isCall = (past: PastAttempt): boolean => past.direction === 'in' || countsAgainstCaps(past);

/** Whether the notice is offered for this case and contact now. */
export function offersPreNotice({ case: one, contact, policy, verdict }: PreNoticeQuestion): boolean {
  return (
    (policy.preNotice?.kinds ?? importantKinds).includes(one.kind) &&
    !one.attempts.some(isCall) &&
    preNoticeOf(one) === null &&
    !isNoticeSent(one) &&
    ownPhone.includes(contact.role) &&
    ladderOf(one).some(({ id }) => id === contact.id) &&
    numberKind(contact.number) === 'mobile' &&
    verdict.allowed &&
    verdict.permit.check === 'TWO_SOURCES'
  );
}

/** What became of the notice that was asked for, while it still matters: before the first call. */
export const preNoticeBeforeCall = (one: Case): ReturnType<typeof preNoticeOf> =>
  one.attempts.some(isCall) ? null : preNoticeOf(one);

/** The demo bank, and a number that no operator gives out (domain.md G0). */
const demoBank = { bank: { zh: '演示银行', en: 'Demo Bank' }, officialNumber: '026-0000-0000' } as const;

/** The words by template. Never a loan, an amount, a property or a product: anybody may read a phone (domain.md B0). */
const templates: Readonly<Record<NoticeTemplate, (bank: Text, officialNumber: string) => Text>> = {
  BEFORE_FIRST_CALL: (bank, officialNumber) => ({
    zh: `【${bank.zh}】我行将用官方号码 ${officialNumber} 给您来电，做一次电话回访。我行不会向您索要密码或短信验证码，也不会要求转账。如有疑问，请先挂断，再拨打该号码核实。`,
    en: `[${bank.en}] We will call you from our official number ${officialNumber}. We never ask for passwords or SMS codes, nor for a transfer of money. If in doubt, hang up and call that number.`,
  }),
};

/** The words of a notice. The customer gets the Chinese ones; the English are for an agent who reads English. */
export function noticeText(template: NoticeTemplate, { preNotice }: Pick<Policy, 'preNotice'>): Text {
  return templates[template](preNotice?.bank ?? demoBank.bank, preNotice?.officialNumber ?? demoBank.officialNumber);
}
