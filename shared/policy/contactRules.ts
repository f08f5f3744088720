/**
 * Which contacts of a case can be called at all (domain.md C1 number status, F3 escalation), and when the emergency contact may be.
 *
 * What the history says counts as much as the recorded status: the attempt that found the number empty may be minutes old.
 */
import type { Case, Contact, ContactStatus, PastAttempt } from '../case/case.ts';
import { sameNumber } from '../case/number.ts';
import { rememberedWith } from '../remembered.ts';
import type { Text } from '../text.ts';
import { dayOf, daypartOf, workdaysBetween } from './calendar.ts';
import { countsAgainstCaps } from './caps.ts';
import { isEmployerRole } from './hours.ts';
import type { Policy } from './policy.ts';

type Block = { rule: string; sentence: Text };
const block = (rule: string, zh: string, en: string): Block => ({ rule, sentence: { zh, en } });

/** A suspended line is tried once more after three days (domain.md L6); every other of these is final here. */
const statusBlocks: Readonly<Record<ContactStatus, Block | undefined>> = {
  OK: undefined,
  UNCONFIRMED: undefined,
  INVALID: block(
    'contact.invalid',
    '此号码已确认为空号或有误，请换号码。',
    'This number is empty or wrong. Use another one.',
  ),
  SUSPENDED: block(
    'contact.suspended',
    '此号码已停机，满 3 天后可再试一次。请换号码。',
    'This number is suspended; it may be tried once more after 3 days. Use another one.',
  ),
  REPLACED: block('contact.replaced', '此号码已被新号码替换。', 'This number was replaced by a newer one.'),
  WRONG_PERSON: block(
    'contact.wrongPerson',
    '此号码不是客户本人的，不得再呼。',
    'This number belongs to somebody else and is never called again.',
  ),
  NOT_VOICE: block(
    'contact.notVoice',
    '此号码是传真或数据线，请换号码。',
    'This is a fax or data line. Use another number.',
  ),
  DO_NOT_CALL: block(
    'contact.doNotCall',
    '对方已谢绝来电，不得再呼。',
    'They asked not to be called. Never call this number.',
  ),
};

const spoken: readonly string[] = ['ANSWERED', 'ANSWERED_DROPPED'];
const day = 24 * 60 * 60 * 1000;

const attemptsOn = (one: Case, contact: Contact): PastAttempt[] =>
  one.attempts
    .filter((a) => a.contact === contact.id && a.direction === 'out')
    .sort((a, b) => a.at.localeCompare(b.at));

/** When the newest word on the contact's number was said, epoch milliseconds: what happened before was another number. */
const newestWord = ({ sources }: Contact): number =>
  Math.max(0, ...sources.map(({ at }) => (at === undefined ? 0 : Date.parse(at))));

/** Whether the number was found empty on another day than `now`'s, and nobody was spoken to there since (domain.md C1). */
export function foundEmptyBefore(one: Case, contact: Contact, now: Date): boolean {
  return missesOn(one, contact).some(
    ({ callResult, at }) =>
      callResult === 'EMPTY_NUMBER' && Date.parse(at) > newestWord(contact) && dayOf(new Date(at)) !== dayOf(now),
  );
}

/**
 * The recorded status, or what the last attempt has shown since the newest word on the number. A new or changed number
 * (UNCONFIRMED) is not judged by what happened to the old one.
 */
export function effectiveStatus(one: Case, contact: Contact): ContactStatus {
  if (contact.status !== 'OK') return contact.status;
  const newest = newestWord(contact);
  const last = attemptsOn(one, contact).findLast((a) => countsAgainstCaps(a) && Date.parse(a.at) > newest)?.callResult;
  if (last === 'SUSPENDED') return 'SUSPENDED';
  return last === 'FAX' ? 'NOT_VOICE' : last === 'EMPTY_NUMBER' ? 'INVALID' : contact.status;
}

function mayRetrySuspended(one: Case, contact: Contact, now: Date): boolean {
  const found = attemptsOn(one, contact).filter((a) => a.callResult === 'SUSPENDED');
  return found.length === 1 && now.getTime() - Date.parse(found[0]!.at) >= 3 * day;
}

/** Whether the contact's status lets it be called at all, now. Emergency and source rules are apart. */
export function isUsable(one: Case, contact: Contact, now: Date): boolean {
  const status = effectiveStatus(one, contact);
  return statusBlocks[status] === undefined || (status === 'SUSPENDED' && mayRetrySuspended(one, contact, now));
}

/** Counted attempts on a contact since somebody last spoke there. */
export function missesOn(one: Case, contact: Contact): PastAttempt[] {
  const tried = attemptsOn(one, contact).filter(countsAgainstCaps);
  const lastSpoken = tried.findLastIndex((a) => spoken.includes(a.callResult));
  return tried.slice(lastSpoken + 1);
}

const emergencyClosed = block(
  'emergency.notYet',
  '紧急联系人只在其他号码都不可用，或各试过两次、跨三个时段且满两个工作日后才可外呼。',
  'The emergency contact is called only when every other number is unusable, or was tried twice over three parts of the day and two working days have passed.',
);

/**
 * F3: every other number of the case is out of use, or has been tried twice without an answer, over three parts of the day in
 * all, and two working days have passed since (the time the request for other numbers is given).
 */
export function emergencyOpen(one: Case, policy: Policy, now: Date): boolean {
  const others = one.contacts.filter((c) => c.role !== 'EMERGENCY' && !isEmployerRole(c.role));
  const left = others.filter((c) => isUsable(one, c, now));
  if (left.length === 0) return others.length > 0;
  const misses = left.map((c) => missesOn(one, c));
  if (misses.some((list) => list.length < 2)) return false;
  const all = others.flatMap((c) => missesOn(one, c)).sort((a, b) => a.at.localeCompare(b.at));
  const parts = new Set(all.map((a) => daypartOf(new Date(a.at), policy.calendarUntil)));
  const last = dayOf(new Date(all.at(-1)!.at));
  return parts.size >= 3 && workdaysBetween(last, dayOf(now), policy.calendarUntil) >= 2;
}

/** The numbers of a list that must not be called any more. */
const refusedIn = rememberedWith((cases: readonly Case[]) =>
  cases.flatMap((one) =>
    one.contacts.filter(({ status }) => status === 'DO_NOT_CALL').map(({ number }) => ({ case: one, number })),
  ),
);

/** Why this contact must not be called, as far as the contact itself is concerned. */
export function reachabilityBlocks(question: {
  case: Case;
  contact: Contact;
  policy: Policy;
  now: Date;
  cases: readonly Case[];
}): Block[] {
  const { case: one, contact, policy, now } = question;
  const blocks: Block[] = [];
  const own = statusBlocks[effectiveStatus(one, contact)];
  if (own !== undefined && !isUsable(one, contact, now)) blocks.push(own);
  const refused = refusedIn(question.cases).some(
    (other) => other.case.id !== one.id && sameNumber(other.number, contact.number),
  );
  if (refused && contact.status !== 'DO_NOT_CALL') blocks.push(statusBlocks.DO_NOT_CALL!);
  if (contact.role === 'EMERGENCY' && !emergencyOpen(one, policy, now)) blocks.push(emergencyClosed);
  return blocks;
}
