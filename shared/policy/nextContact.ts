/**
 * Which number of a case comes next, and why (domain.md F3 and F4). An order of roles per kind of case, and within it: not what is
 * out of use, not what was missed three times while another number is fresh, the emergency contact only when its rule is met.
 */
import type { Case, Contact, ContactRole } from '../case/case.ts';
import type { CaseKind } from '../case/kind.ts';
import type { Text } from '../text.ts';
import { type Daypart, daypartOf, daypartTexts, momentText } from './calendar.ts';
import { emergencyOpen, isUsable, missesOn } from './contactRules.ts';
import { isAppointmentTime } from './hours.ts';
import type { Policy } from './policy.ts';

/** After so many misses on one number the next one is taken (F3). */
export const missesPerNumber = 3;

/** The employer's ladder climbs from the registered number over the public one to people (F4). */
const employerLadder: readonly ContactRole[] = ['EMPLOYER', 'EMPLOYER_PUBLIC', 'EMPLOYER_HR', 'COLLEAGUE'];
const borrowerLadder: readonly ContactRole[] = ['BORROWER', 'HOME', 'EMERGENCY'];
const ladders: Readonly<Record<CaseKind, readonly ContactRole[]>> = {
  PRELOAN_BORROWER: borrowerLadder,
  EMPLOYER: employerLadder,
  COBORROWER: ['COBORROWER', 'HOME', 'EMERGENCY'],
  GUARANTOR: ['GUARANTOR', 'HOME', 'EMERGENCY'],
  APPROVAL: borrowerLadder,
  POST_FIRST: borrowerLadder,
  POST_PERIODIC: borrowerLadder,
  PRE_MATURITY: borrowerLadder,
  SUPPLEMENT: borrowerLadder,
  SATISFACTION: ['BORROWER', 'HOME'],
};

/** The numbers this case may use, in the order they are tried; those of a role in the order of the case. */
export function ladderOf(one: Case): Contact[] {
  return ladders[one.kind].flatMap((role) => one.contacts.filter((contact) => contact.role === role));
}

/** Whether a line of this role is this case's to dial: its script is made for who picks up there. */
export const belongsToCase = ({ kind }: Pick<Case, 'kind'>, { role }: Pick<Contact, 'role'>): boolean =>
  ladders[kind].includes(role);

type Situation = { case: Case; policy: Policy; now: Date };

function callable({ case: one, policy, now }: Situation): Contact[] {
  return ladderOf(one).filter(
    (contact) => isUsable(one, contact, now) && (contact.role !== 'EMERGENCY' || emergencyOpen(one, policy, now)),
  );
}

/** The number that follows when `current` is of no use any more; undefined when none is left. */
export function contactAfter(situation: Situation, current: Contact | undefined): Contact | undefined {
  const left = callable(situation).filter((contact) => contact.id !== current?.id);
  return left.find((contact) => missesOn(situation.case, contact).length < missesPerNumber);
}

export type ContactProposal =
  | { contact: Contact; rule: 'next.appointment' | 'next.first' | 'next.again' | 'next.otherNumber'; whyNow: Text }
  | { contact: undefined; rule: 'next.none'; whyNow: Text };

const join = (...parts: (Text | undefined)[]): Text => ({
  zh: parts.flatMap((part) => part?.zh ?? []).join('；'),
  en: parts.flatMap((part) => part?.en ?? []).join('; '),
});

/** 「工作日上午已两次没有接通」: what was tried, by part of the day. */
function triedText(one: Case, contact: Contact, policy: Policy): Text | undefined {
  const counts = new Map<Daypart, number>();
  for (const { at } of missesOn(one, contact)) {
    const part = daypartOf(new Date(at), policy.calendarUntil);
    counts.set(part, (counts.get(part) ?? 0) + 1);
  }
  if (counts.size === 0) return undefined;
  const list = [...counts].map(([part, count]) => ({ part: daypartTexts[part], count }));
  return {
    zh: `${list.map(({ part, count }) => `${part.zh} ${count} 次`).join('、')}没有接通`,
    en: `not reached: ${list.map(({ part, count }) => `${count}× ${part.en}`).join(', ')}`,
  };
}

/**
 * The contact to propose for this case now, and in words why this one. Whether it may be dialled, and as which attempt, is the guard's
 * word, not this one's: a number whose hours are closed is still proposed, with the time at which they open.
 */
export function proposeContact(question: Situation & { cases: readonly Case[] }): ContactProposal {
  const { case: one, policy, now } = question;
  const left = callable(question);
  if (left.length === 0)
    return {
      contact: undefined,
      rule: 'next.none',
      whyNow: {
        zh: '没有可以外呼的号码，请申请补充联系方式。',
        en: 'No number is left to call. Ask for other numbers.',
      },
    };
  const reached = one.attempts.findLast((a) => a.callResult === 'ANSWERED')?.contact;
  const agreed = isAppointmentTime(now, one.appointment);
  const fresh = left.filter((contact) => missesOn(one, contact).length < missesPerNumber);
  const fewest = [...left].sort((a, b) => missesOn(one, a).length - missesOn(one, b).length);
  const contact = (agreed ? left.find((c) => c.id === reached) : undefined) ?? fresh[0] ?? fewest[0]!; // left is not empty
  const tried = triedText(one, contact, policy);
  if (agreed && one.appointment) {
    const at = momentText(new Date(one.appointment.at));
    return {
      contact,
      rule: 'next.appointment',
      whyNow: { zh: `客户约定 ${at.zh}`, en: `the customer asked for ${at.en}` },
    };
  }
  const before = ladderOf(one).indexOf(contact) > 0;
  const which: Text = before
    ? {
        zh: '前面的号码已不可用或多次未接通，换此号码',
        en: 'the numbers before it are out of use or were missed often',
      }
    : { zh: '登记的首选号码', en: 'the first number on record' };
  return {
    contact,
    rule: before ? 'next.otherNumber' : tried === undefined ? 'next.first' : 'next.again',
    whyNow: join(which, tried),
  };
}
