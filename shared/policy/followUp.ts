/**
 * What happens next after an attempt (domain.md F3 retry and escalation, F4 employer ladder, C3 next actions): follow-ups as data,
 * each with the rule that says so. The agent sees them as lines, may change them, and confirms.
 *
 *   no business result   the call result decides: when again, which number, what to announce
 *   a business result    the disposition's table decides; this file only finds time, number and owner
 *
 * Every time that means a call is moved into calling hours, into the part of the day that was named for the number, and past the day's caps. `case.attempts` holds the attempts BEFORE
 * the one that just ended.
 */
import { type CallResult, callResultFacts } from '../call/callResult.ts';
import type { Appointment, Case, Contact } from '../case/case.ts';
import { numberKind } from '../case/number.ts';
import type { SlotPart } from '../case/slot.ts';
import { type Disposition, type FollowUpHint, followUpsFor as hintsFor } from '../disposition/disposition.ts';
import type { FollowUp, FollowUpKind } from '../journal/entry.ts';
import type { Text } from '../text.ts';
import {
  addDays,
  addMinutes,
  addWorkdays,
  type Daypart,
  dayOf,
  daypartOf,
  instantOf,
  minuteOfDay,
  momentText,
  nextWorkday,
} from './calendar.ts';
import { countCalls, partyOf } from './caps.ts';
import { missesOn } from './contactRules.ts';
import type { FollowUpRule } from './followUpTexts.ts';
import { callingHours, type HoursQuestion, isEmployerRole, nextCallable } from './hours.ts';
import { contactAfter, ladderOf, missesPerNumber } from './nextContact.ts';
import { complaintWorkdays, type Policy } from './policy.ts';

export type FollowUpQuestion = {
  case: Case;
  /** Who was called; undefined for an incoming call of an unknown number. */
  contact?: Contact | undefined;
  callResult: CallResult;
  disposition?: Disposition | undefined;
  /** What was agreed in this call. */
  appointment?: Appointment | undefined;
  /** The respondent asked what the agent could not answer. */
  openQuestions?: boolean | undefined;
  policy: Policy;
  /** When the attempt ended. */
  now: Date;
  /** All the caller holds, as for the dial guard. */
  cases?: readonly Case[];
};

const kindTexts: Readonly<Record<FollowUpKind, Text>> = {
  RETRY: { zh: '再次外呼', en: 'Call again' },
  NEXT_NUMBER: { zh: '换号再拨', en: 'Next number' },
  APPOINTMENT: { zh: '预约回拨', en: 'Appointment' },
  SMS_NOTICE: { zh: '发送短信预告', en: 'SMS notice' },
  SECOND_VERIFICATION: { zh: '二次核实', en: 'Second verification' },
  EMPLOYER_CALL: { zh: '单位核实', en: 'Call to the employer' },
  SUPPLEMENT_CONTACT: { zh: '补充联系方式', en: 'Ask for other numbers' },
  DOCUMENTS: { zh: '补充证明材料', en: 'Ask for documents' },
  ACCOUNT_MANAGER: { zh: '转客户经理', en: 'To the account manager' },
  BRANCH_INTERVIEW: { zh: '网点面谈核实', en: 'Interview at the branch' },
  FIELD_VISIT: { zh: '上门核实', en: 'Field visit' },
  RISK_REVIEW: { zh: '转风险审查', en: 'To risk review' },
  FRAUD_DESK: { zh: '转反欺诈', en: 'To the fraud desk' },
  COMPLAINT_DESK: { zh: '转投诉处理', en: 'To the complaint desk' },
  DATA_CORRECTION: { zh: '数据更正', en: 'Correct the data' },
  CALL_BACK_MISSED: { zh: '回拨未接来电', en: 'Call back the missed call' },
};

/** 「再次外呼：11月20日 周五 17:30」; the rule behind it has words of its own (`ruleText`). */
export function followUpText({ kind, due }: Pick<FollowUp, 'kind' | 'due'>): Text {
  const at = due === undefined ? undefined : momentText(new Date(due));
  return {
    zh: `${kindTexts[kind].zh}${at ? `：${at.zh}` : ''}`,
    en: `${kindTexts[kind].en}${at ? `: ${at.en}` : ''}`,
  };
}

type Place = FollowUpQuestion & { contact: Contact; cases: readonly Case[] };

const followUp = (kind: FollowUpKind, rule: FollowUpRule, due?: Date, contact?: Contact): FollowUp => ({
  kind,
  ...(due === undefined ? {} : { due: due.toISOString() }),
  ...(contact === undefined ? {} : { contact: contact.id }),
  rule,
});

/** The next quarter of an hour: every part of the day and every span begins at one. */
const nextQuarter = (at: Date): Date => instantOf(dayOf(at), (Math.floor(minuteOfDay(at) / 15) + 1) * 15);

/** The first callable instant from `earliest` on in another part of the day than `now`'s; two weeks ahead at most. */
function otherDaypart({ policy, now, case: one }: Place, target: Contact, earliest: Date): Date {
  const current = daypartOf(now, policy.calendarUntil);
  const asked = { role: target.role, policy, appointment: one.appointment };
  const found = callableWhere(asked, earliest, (at) => daypartOf(at, policy.calendarUntil) !== current);
  return found ?? nextCallable({ ...asked, at: earliest });
}

/** The first callable instant from `earliest` on that is `wanted`, looked for by the quarter of an hour, two weeks ahead at most. */
function callableWhere(
  asked: Omit<HoursQuestion, 'at'>,
  earliest: Date,
  wanted: (at: Date) => boolean,
): Date | undefined {
  let at = nextCallable({ ...asked, at: earliest });
  for (let left = 14 * 24 * 4; left > 0; left -= 1) {
    if (wanted(at) && callingHours({ ...asked, at }).allowed) return at;
    at = nextCallable({ ...asked, at: nextQuarter(at) });
  }
  return undefined;
}

/** The parts of a day that a person means who says «mornings» or «afternoons» of their telephone; with none of them every part is good. */
const partsMeant: Readonly<Record<SlotPart, readonly Daypart[]>> = {
  MORNING: ['WORKDAY_MORNING', 'SATURDAY_MORNING'],
  AFTERNOON: ['WORKDAY_AFTERNOON', 'SATURDAY_AFTERNOON'],
  ANY: [],
};

/** The first callable instant from `earliest` on in a part of the day that was named for this number; undefined: none was, or none comes. */
function namedDaypart({ policy, case: one }: Place, target: Contact, earliest: Date): Date | undefined {
  const parts = target.slot && 'part' in target.slot ? partsMeant[target.slot.part] : [];
  if (parts.length === 0) return undefined;
  return callableWhere({ role: target.role, policy, appointment: one.appointment }, earliest, (at) =>
    parts.includes(daypartOf(at, policy.calendarUntil)),
  );
}

/**
 * When `target` may be called after the gap: in calling hours, in the part of the day named for this number, else in another part than now
 * where asked; tomorrow once today is full. `named`: its part of the day decided.
 */
function timeFor(
  place: Place,
  target: Contact,
  gap: number,
  vary: boolean,
): { due: Date; full: boolean; named: boolean } {
  const { policy, now, callResult } = place;
  const { appointment: _, ...unasked } = place.case; // no wish of the customer stands behind a retry
  const today = dayOf(now);
  const find = (earliest: Date) => {
    const named = namedDaypart(place, target, earliest);
    const due = vary
      ? otherDaypart(place, target, earliest)
      : nextCallable({ role: target.role, at: earliest, policy, appointment: place.case.appointment });
    return { due: named ?? due, named: named !== undefined && named.getTime() !== due.getTime() };
  };
  const found = find(addMinutes(now, gap));
  if (dayOf(found.due) !== today) return { ...found, full: false };
  const counts = countCalls({ case: unasked, contact: target, policy, now, cases: place.cases });
  const ended = callResultFacts[callResult].counts ? 1 : 0; // the attempt that just ended is in no list yet
  const { perNumberPerDay, perPersonPerDay, hardPerDay } = policy.caps;
  const full =
    counts.numberToday + (target.id === place.contact.id ? ended : 0) >= perNumberPerDay ||
    counts.personToday + (partyOf(target.role) === partyOf(place.contact.role) ? ended : 0) >= perPersonPerDay ||
    counts.allToday + ended >= hardPerDay;
  return full ? { ...find(instantOf(addDays(today, 1), 0)), full } : { ...found, full };
}

/** Nothing more to dial: an employer is asked for papers, a person for other numbers. */
function exhausted(
  { contact }: Place,
  rule: 'supplement.total' | 'supplement.noNumber' | 'supplement.tried',
): FollowUp {
  return isEmployerRole(contact.role)
    ? followUp('DOCUMENTS', 'employer.exhausted')
    : followUp('SUPPLEMENT_CONTACT', rule);
}

function retry(place: Place, rule: FollowUpRule, gap: number, vary = false): FollowUp[] {
  const counts = countCalls(place);
  const total = counts.total + (callResultFacts[place.callResult].counts ? 1 : 0);
  if (total >= counts.totalLimit) return [exhausted(place, 'supplement.total')];
  const { due, full, named } = timeFor(place, place.contact, gap, vary);
  return [followUp('RETRY', named ? 'retry.slot' : full ? 'retry.capDay' : rule, due, place.contact)];
}

/** The number is of no use: the next one at once, or ask for more. */
function nextNumber(place: Place, rule: FollowUpRule): FollowUp[] {
  const next = contactAfter(place, place.contact);
  if (next === undefined) return [exhausted(place, 'supplement.noNumber')];
  return [followUp('NEXT_NUMBER', rule, timeFor(place, next, 0, false).due, next)];
}

/** An SMS needs a mobile of the same party; employers get none. */
function notice(place: Place, rule: FollowUpRule): FollowUp[] {
  if (isEmployerRole(place.contact.role)) return [];
  const mine = [place.contact, ...ladderOf(place.case)].filter((c) => partyOf(c.role) === partyOf(place.contact.role));
  const mobile = mine.find((c) => numberKind(c.number) === 'mobile');
  return mobile === undefined ? [] : [followUp('SMS_NOTICE', rule, undefined, mobile)];
}

/** Misses in a row on this number, the one that just happened included. */
const missesNow = ({ case: one, contact }: Place) => missesOn(one, contact).length + 1;

/** A result that reached nobody: the notice after two, the next number after three, else again (F3). */
function missed(place: Place, again: () => FollowUp[]): FollowUp[] {
  const { case: one, contact, policy } = place;
  const party = ladderOf(one).filter((c) => partyOf(c.role) === partyOf(contact.role) && c.id !== contact.id);
  const all = missesNow(place) + party.reduce((sum, c) => sum + missesOn(one, c).length, 0);
  const sms = all === policy.smsAfterMisses ? notice(place, 'notice.afterMisses') : [];
  if (missesNow(place) < missesPerNumber) return [...again(), ...sms];
  if (contactAfter(place, contact) !== undefined) return [...nextNumber(place, 'number.afterMisses'), ...sms];
  // No other number: it is asked for once, and this one is tried on up to the limit.
  const ask =
    missesNow(place) === missesPerNumber && !isEmployerRole(contact.role) ? [exhausted(place, 'supplement.tried')] : [];
  return [...again(), ...ask, ...sms].filter((line, i, all) => all.findIndex((l) => l.kind === line.kind) === i);
}

/** How often in a row, this one included, the number came to `result`. */
function streak({ case: one, contact }: Place, result: CallResult): number {
  const results = missesOn(one, contact).map((a) => a.callResult);
  const other = results.findLastIndex((r) => r !== result);
  return results.length - other;
}

const minutesPerDay = 24 * 60;
const untilTomorrow = ({ now }: Place) => (instantOf(addDays(dayOf(now), 1), 0).getTime() - now.getTime()) / 60_000;
const untilNextWorkday = ({ now, policy }: Place) =>
  (instantOf(nextWorkday(dayOf(now), policy.calendarUntil).day, 0).getTime() - now.getTime()) / 60_000;

/** One row per call result: what follows when no business result was reached. */
const byCallResult: Readonly<Record<CallResult, (place: Place) => FollowUp[]>> = {
  ANSWERED: () => [],
  NO_ANSWER: (place) => missed(place, () => retry(place, 'retry.noAnswer', place.policy.gaps.noAnswer, true)),
  BUSY: (place) =>
    missed(place, () => {
      const gap = place.policy.gaps.busy[streak(place, 'BUSY') - 1];
      return gap === undefined ? retry(place, 'retry.busyDaypart', 0, true) : retry(place, 'retry.busy', gap);
    }),
  POWER_OFF: (place) =>
    missed(place, () =>
      streak(place, 'POWER_OFF') === 1
        ? retry(place, 'retry.powerOff', place.policy.gaps.powerOff)
        : retry(place, 'retry.powerOffDay', untilTomorrow(place)),
    ),
  OUT_OF_COVERAGE: (place) =>
    missed(place, () => retry(place, 'retry.outOfCoverage', place.policy.gaps.outOfCoverage, true)),
  REJECTED: (place) => {
    const twice = streak(place, 'REJECTED') >= 2;
    return [
      ...notice(place, 'notice.beforeRejected'),
      ...retry(place, 'retry.rejected', untilNextWorkday(place), true),
      ...(twice ? [followUp('ACCOUNT_MANAGER', 'manager.rejectedTwice')] : []),
    ];
  },
  SUSPENDED: (place) => [
    ...nextNumber(place, 'number.suspended'),
    ...(streak(place, 'SUSPENDED') === 1 ? retry(place, 'retry.suspended', 3 * minutesPerDay) : []),
  ],
  EMPTY_NUMBER: (place) => nextNumber(place, 'number.empty'),
  BAD_FORMAT: (place) => [
    followUp('DATA_CORRECTION', 'data.badFormat', undefined, place.contact),
    ...nextNumber(place, 'number.badFormat'),
  ],
  NUMBER_CHANGED: (place) => nextNumber(place, 'number.changed'),
  BARRED: (place) => [...notice(place, 'notice.barred'), ...nextNumber(place, 'number.barred')],
  FLAGGED_NUMBER: (place) => [
    ...notice(place, 'notice.flagged'),
    ...retry(place, 'retry.flagged', untilNextWorkday(place)),
  ],
  FORWARDED: (place) => missed(place, () => retry(place, 'retry.voicemail', place.policy.gaps.voicemail, true)),
  VOICEMAIL: (place) => missed(place, () => retry(place, 'retry.voicemail', place.policy.gaps.voicemail, true)),
  ASSISTANT: (place) => missed(place, () => retry(place, 'retry.voicemail', place.policy.gaps.voicemail, true)),
  FAX: (place) => nextNumber(place, 'number.fax'),
  ANSWERED_DROPPED: (place) =>
    place.case.attempts.some((a) => a.contact === place.contact.id && a.callResult === 'ANSWERED_DROPPED')
      ? [...notice(place, 'notice.afterDrop'), ...retry(place, 'retry.droppedAgain', place.policy.gaps.noAnswer, true)]
      : retry(place, 'retry.dropped', place.policy.gaps.dropped),
  NETWORK_FAULT: (place) => retry(place, 'retry.networkFault', place.policy.gaps.networkFault),
  STATION_FAULT: (place) => retry(place, 'retry.stationFault', place.policy.gaps.networkFault),
  CANCELLED_BY_AGENT: () => [], // no attempt: the case stays where it was
  MISSED_INCOMING: (place) => {
    const { contact, policy, now, case: one } = place;
    const due = nextCallable({
      role: contact.role,
      at: addMinutes(now, policy.gaps.callBackMissed),
      policy,
      appointment: one.appointment,
    });
    return [followUp('CALL_BACK_MISSED', 'incoming.missed', due, contact)];
  },
  INTERRUPTED: (place) => retry(place, 'retry.interrupted', place.policy.gaps.networkFault),
};

/** Desks this product does not know by name stand under the nearest kind; the rule keeps the difference. */
const kindOfHint: Readonly<Record<FollowUpHint, FollowUpKind | null>> = {
  CLOSE: null, // the case ends: nothing follows
  NOTE_TO_APPROVER: null, // the record itself is the note
  BLOCK_NUMBER: null, // a change of the contact's status, not a task
  CALL_AGAIN: 'RETRY',
  APPOINTMENT: 'APPOINTMENT',
  NEXT_NUMBER: 'NEXT_NUMBER',
  EMPLOYER_CALL: 'EMPLOYER_CALL',
  SECOND_VERIFICATION: 'SECOND_VERIFICATION',
  SUPPLEMENT: 'SUPPLEMENT_CONTACT',
  DOCUMENTS: 'DOCUMENTS',
  DATA_FIX: 'DATA_CORRECTION',
  QUALITY_INCIDENT: 'DATA_CORRECTION',
  FIELD_VISIT: 'FIELD_VISIT',
  BRANCH_INTERVIEW: 'BRANCH_INTERVIEW',
  ACCOUNT_MANAGER: 'ACCOUNT_MANAGER',
  RISK_REVIEW: 'RISK_REVIEW',
  FRAUD_DESK: 'FRAUD_DESK',
  LEGAL_HOLD: 'RISK_REVIEW',
  SUPPORT_DESK: 'ACCOUNT_MANAGER',
  SPECIAL_DESK: 'ACCOUNT_MANAGER',
  COMPLAINT_DESK: 'COMPLAINT_DESK',
  SKILLED_AGENT: 'RETRY',
  BORROWER_CALL: 'RETRY',
};

/** How long after this result one may call again: a refusal rests a week, a broken call half an hour. */
function callAgain(place: Place, code: Disposition['code']): FollowUp[] {
  const { gaps } = place.policy;
  if (code === 'BREAK_OFF') return retry(place, 'disposition.CALL_AGAIN', gaps.dropped);
  if (code === 'REFUSED') return retry(place, 'disposition.CALL_AGAIN', 7 * minutesPerDay);
  return retry(place, 'disposition.CALL_AGAIN', gaps.noAnswer, true);
}

function byHint(place: Place, hint: FollowUpHint, code: Disposition['code']): FollowUp[] {
  const kind = kindOfHint[hint];
  if (kind === null) return [];
  const { case: one, policy, now, appointment } = place;
  const rule: FollowUpRule = `disposition.${hint}`;
  switch (hint) {
    case 'CALL_AGAIN':
      return callAgain(place, code);
    case 'SKILLED_AGENT':
      return retry(place, rule, policy.gaps.noAnswer);
    case 'NEXT_NUMBER':
      return nextNumber(place, rule);
    case 'APPOINTMENT':
      return [followUp(kind, rule, appointment && new Date(appointment.at), place.contact)];
    case 'BORROWER_CALL':
    case 'EMPLOYER_CALL': {
      const role = hint === 'EMPLOYER_CALL' ? 'EMPLOYER' : 'BORROWER';
      const whom = one.contacts.find((c) => c.role === role);
      const due = nextCallable({ role, at: now, policy });
      return [followUp(kind, rule, (whom && namedDaypart(place, whom, now)) ?? due, whom)];
    }
    case 'FRAUD_DESK': // the same day (domain.md C3, R3)
      return [followUp(kind, rule, instantOf(dayOf(now), policy.hours.outer.to))];
    case 'COMPLAINT_DESK': {
      const { day } = addWorkdays(dayOf(now), policy.complaintWorkdays ?? complaintWorkdays, policy.calendarUntil);
      return [followUp(kind, rule, instantOf(day, policy.hours.outer.to))];
    }
    default:
      return [followUp(kind, rule)];
  }
}

/**
 * The follow-ups to propose, most important first. With a disposition its table speaks; without one the call result does.
 * An incoming call of a number nobody knows leaves nothing to follow.
 */
export function followUpsFor(question: FollowUpQuestion): FollowUp[] {
  const contact = question.contact ?? ladderOf(question.case)[0];
  if (contact === undefined) return [];
  const place: Place = { ...question, contact, cases: question.cases ?? [] };
  const { disposition, callResult } = question;
  const lines = [
    ...(disposition === undefined
      ? byCallResult[callResult](place)
      : hintsFor(disposition).flatMap((hint) => byHint(place, hint, disposition.code))),
    ...(question.openQuestions ? [followUp('ACCOUNT_MANAGER', 'manager.questions')] : []),
  ];
  const same = (a: FollowUp, b: FollowUp) => a.kind === b.kind && a.contact === b.contact && a.rule === b.rule;
  return lines.filter((line, index) => lines.findIndex((other) => same(other, line)) === index);
}
