/**
 * How often may be called (domain.md F3, F4 and section 0.13), counted from the attempts the case and its neighbours carry, and from
 * what the server told of others' calls when the case was leased (`callsElsewhere`).
 *
 *   per number and day   across all cases: an employer's switchboard is one number for all its employees
 *   per person and day   all numbers of one called party of one person: the borrower, the employer, the guarantor …
 *   hard, per day        everything about one person together; nothing passes it
 *   in all               per case and called party: `total`, for employers `employerTotal`
 *
 * Only our own calls that could disturb somebody count: an own hang-up within 20 s (`CANCELLED_BY_AGENT`), faults of station or
 * network and incoming calls do not. Nor does, on its day, an attempt in the same call as the one before it (sameCall.ts): one call asked
 * about several employees. For the `total` of its case it counts: somebody was asked about that case once more. A call that a crash left open
 * counts: it may have rung. A call at the time the customer named passes the soft caps, because the wish is the customer's own; never the hard
 * one.
 */
import { callResultFacts, callResultSchema } from '../call/callResult.ts';
import type { Case, Contact, ContactRole, PastAttempt } from '../case/case.ts';
import { sameNumber } from '../case/number.ts';
import type { Text } from '../text.ts';
import { dayOf } from './calendar.ts';
import { isAppointmentTime, isEmployerRole } from './hours.ts';
import type { Policy } from './policy.ts';

export const capRules = ['caps.numberDay', 'caps.personDay', 'caps.hardDay', 'caps.total'] as const;
export type CapRule = (typeof capRules)[number];

export type CapCounts = {
  numberToday: number;
  personToday: number;
  allToday: number;
  /** Attempts of this case to this party so far; the next one is number `total + 1`. */
  total: number;
  totalLimit: number;
  blocks: { rule: CapRule; sentence: Text }[];
};

/** An unknown call result (a newer server's) counts: when in doubt somebody was disturbed. */
export function countsAgainstCaps(attempt: Pick<PastAttempt, 'direction' | 'callResult'>): boolean {
  if (attempt.direction === 'in') return false;
  const known = callResultSchema.safeParse(attempt.callResult);
  return known.success ? callResultFacts[known.data].counts : true;
}

/** Who picks up at this role: one party has one count, however many numbers it has. */
export function partyOf(role: ContactRole): 'employer' | ContactRole {
  if (isEmployerRole(role)) return 'employer';
  return role === 'HOME' ? 'BORROWER' : role;
}

const say = (zh: string, en: string): Text => ({ zh, en });

const contactOf = (one: Case, attempt: PastAttempt): Contact | undefined =>
  one.contacts.find((candidate) => candidate.id === attempt.contact);

/** How often each contact of a case was called. `target`: undefined for one the case does not have any more. */
type Tally = readonly { target: Contact | undefined; calls: number }[];

function tally(one: Case, counts: (attempt: PastAttempt) => boolean): Tally {
  const calls = new Map<Contact | undefined, number>();
  for (const attempt of one.attempts) {
    if (!countsAgainstCaps(attempt) || !counts(attempt)) continue;
    const target = contactOf(one, attempt);
    calls.set(target, (calls.get(target) ?? 0) + 1);
  }
  return [...calls].map(([target, times]) => ({ target, calls: times }));
}

/** The calls of one case that count on this day. A case is never changed in place, so they are remembered with it. */
const callsOfCase = new WeakMap<Case, { day: string; calls: Tally }>();
function callsOn(one: Case, day: string): Tally {
  const known = callsOfCase.get(one);
  if (known?.day === day) return known.calls;
  const calls = tally(one, (attempt) => !attempt.continued && dayOf(new Date(attempt.at)) === day);
  callsOfCase.set(one, { day, calls });
  return calls;
}

/** The cases that were called on this day, likewise with the list: it is asked before each dial and after each result, and holds a thousand. */
const calledOfList = new WeakMap<readonly Case[], { day: string; called: readonly Case[] }>();
function calledOn(cases: readonly Case[], day: string): readonly Case[] {
  const known = calledOfList.get(cases);
  if (known?.day === day) return known.called;
  const called = cases.filter((one) => callsOn(one, day).length > 0);
  calledOfList.set(cases, { day, called });
  return called;
}

/** Counts as of `now`. `cases`: all the caller knows, of this person and of others; this case's own id in it is ignored. */
export function countCalls(question: {
  case: Case;
  contact: Contact;
  policy: Policy;
  now: Date;
  cases: readonly Case[];
}): CapCounts {
  const { contact, policy, now } = question;
  const today = dayOf(now);
  const party = partyOf(contact.role);
  const isOurs = (target: Contact | undefined) => target !== undefined && partyOf(target.role) === party;
  const total = tally(question.case, () => true).reduce(
    (sum, { target, calls }) => sum + (isOurs(target) ? calls : 0),
    0,
  );
  let [numberToday, personToday, allToday] = [0, 0, 0];
  const count = (one: Case) => {
    for (const { target, calls } of callsOn(one, today)) {
      if (target !== undefined && sameNumber(target.number, contact.number)) numberToday += calls;
      if (one.person !== question.case.person) continue;
      allToday += calls;
      if (isOurs(target)) personToday += calls;
    }
  };
  count(question.case);
  for (const other of calledOn(question.cases, today)) if (other.id !== question.case.id) count(other);
  for (const call of question.case.callsElsewhere ?? []) {
    if (dayOf(new Date(call.at)) !== today) continue;
    if (sameNumber(call.number, contact.number)) numberToday += 1;
    if (!call.samePerson) continue;
    allToday += 1;
    if (call.role !== undefined && partyOf(call.role) === party) personToday += 1;
  }
  const { caps } = policy;
  const totalLimit = party === 'employer' ? caps.employerTotal : caps.total;
  const blocks: CapCounts['blocks'] = [];
  const block = (rule: CapRule, zh: string, en: string) => blocks.push({ rule, sentence: say(zh, en) });
  if (allToday >= caps.hardPerDay)
    block(
      'caps.hardDay',
      `今天就这位客户已外呼 ${allToday} 次，最多 ${caps.hardPerDay} 次。明天再呼。`,
      `${allToday} calls about this customer today, ${caps.hardPerDay} at most. Call tomorrow.`,
    );
  if (isAppointmentTime(now, question.case.appointment))
    return { numberToday, personToday, allToday, total, totalLimit, blocks };
  if (numberToday >= caps.perNumberPerDay)
    block(
      'caps.numberDay',
      `这个号码今天已外呼 ${numberToday} 次（含其他任务），最多 ${caps.perNumberPerDay} 次。换号码或明天再呼。`,
      `This number was called ${numberToday} times today (other cases included), ${caps.perNumberPerDay} at most. Use another number or call tomorrow.`,
    );
  if (personToday >= caps.perPersonPerDay)
    block(
      'caps.personDay',
      `今天已外呼对方 ${personToday} 次，最多 ${caps.perPersonPerDay} 次。明天再呼。`,
      `Called ${personToday} times today, ${caps.perPersonPerDay} at most. Call tomorrow.`,
    );
  if (total >= totalLimit)
    block(
      'caps.total',
      `本任务已外呼 ${total} 次，达到上限 ${totalLimit} 次。请转补充联系方式或上门核实。`,
      `${total} attempts in this case, the limit is ${totalLimit}. Ask for other numbers or a field visit.`,
    );
  return { numberToday, personToday, allToday, total, totalLimit, blocks };
}
