/**
 * Several employees of one employer in one call (domain.md 0.13): whoever answered there is asked about the next one, instead of being called
 * again.
 *
 *   a call with a permit, answered, its case an employer's, its result one that lets us go on
 *     └─► a further employer's case: the same number, no other employer's name ──► a permit without a dial
 *
 * What the dial guard asks about the case stands: its lease, its line, whether the contact may be called at all, how often the case was tried.
 * What it asks about the number was answered when the call began: the digits were made sure of, the hours were open, the caps of the day let
 * it through; asking about one more employee is no further call. So the permit is the call's, with this case's name on it. Only hours that
 * one person's appointment opened are nobody else's, and the cap that nothing passes (`caps.hardDay`) is the customer's own. Who would need
 * a second person's word on the sources is called apart: that word is not given in the middle of a call.
 */
import type { Case, Contact } from '../case/case.ts';
import { parsedOrNothing, sameNumber } from '../case/number.ts';
import type { DispositionCode } from '../disposition/disposition.ts';
import { compareNames } from '../script/names.ts';
import { countCalls } from './caps.ts';
import { reachabilityBlocks } from './contactRules.ts';
import { type DialQuestion, disagrees, lineBlocks } from './dialGuard.ts';
import type { DialPermit } from './dialPermit.ts';
import { callingHours, type HoursAnswer } from './hours.ts';
import { belongsToCase } from './nextContact.ts';
import { isToldOnly } from './toldOnly.ts';

/** Results after which the same desk is asked about somebody else; after every other it is the wrong desk, or they do not want to go on. */
const goesOnAfter: ReadonlySet<DispositionCode> = new Set([
  'VERIFIED',
  'VERIFIED_MINOR',
  'PARTIAL',
  'INFO_UPDATED',
  'LEFT_JOB',
  'NOT_KNOWN_THERE',
  'RESPONDENT_UNAWARE',
]);

/** null: nothing was concluded yet. */
export const letsGoOn = (code: DispositionCode | null): boolean => code === null || goesOnAfter.has(code);

/** The line of this employer's case that the call is on; an extension is no matter, for they are through already. */
export function contactOnCall(one: Case, call: Pick<DialPermit, 'number'>): Contact | undefined {
  if (one.kind !== 'EMPLOYER') return undefined;
  return one.contacts.find(
    (contact) => belongsToCase(one, contact) && parsedOrNothing(contact.number)?.digits === call.number,
  );
}

export type SameCallQuestion = Pick<DialQuestion, 'policy' | 'now' | 'line' | 'cases' | 'leaseUntil'> & {
  case: Case;
  contact: Contact;
  /** The running call: its permit, and the cases it was about until now. */
  call: DialPermit;
  before: readonly Case[];
};

/** The permit to ask about this case in the running call; null: it is called apart, or not at all. */
export function permitInCall(question: SameCallQuestion): DialPermit | null {
  const { case: one, contact, call, before, now } = question;
  if (!before.every((each) => isLikeNamed(each, one))) return null;
  if (disagrees(contact) || isToldOnly(contact)) return null;
  if (lineBlocks(question, contact.number).length > 0 || reachabilityBlocks(question).length > 0) return null;
  const counts = countCalls(question);
  if (counts.blocks.some(({ rule }) => rule === 'caps.total' || rule === 'caps.hardDay')) return null;
  const hours = ownHours(question);
  if (hours && !hours.allowed) return null;
  const { source } = contact.sources.find((each) => sameNumber(each.number, contact.number)) ?? contact.sources[0]!; // at least one by the schema
  return {
    ...call,
    caseId: one.id,
    contact: contact.id,
    source,
    hoursRule: hours?.rule ?? call.hoursRule,
    attemptNumber: counts.total + 1,
    permittedAt: now.toISOString(),
    demo: one.isDemo,
  };
}

/** Where the call was let through by an appointment: what the hours say of this case. */
function ownHours({ call, contact, case: one, now, policy }: SameCallQuestion): HoursAnswer | null {
  if (call.hoursRule !== 'hours.appointment') return null;
  return callingHours({ role: contact.role, at: now, policy, appointment: one.appointment });
}

/** One firm as far as its name goes; another name at this number is a red flag (sharedNumber.ts). */
function isLikeNamed(one: Case, other: Case): boolean {
  const [firm, name] = [one.file['employer.name'], other.file['employer.name']];
  return firm !== undefined && name !== undefined && compareNames(firm, name) !== 'different';
}
