/**
 * When a number may be called (domain.md F5 and section 0.10): a hard gate at the station. With the same code the server looks once more at the
 * time each permit was given, by the outer limit alone (server/intake/judge.ts): it shows a lead what should not have been, it stops no call.
 *
 *   outer limit 08:00–22:00   nothing passes it, no wish and no appointment
 *   own appointment           the customer named the time: it opens noon, evenings and rest days around that time
 *   borrower                  working days and Saturdays by the policy's spans; Sundays and holidays closed
 *   employer                  working days only (make-up Saturdays are working days)
 *   noon                      lies between two spans: closed
 */
import type { Appointment, ContactRole } from '../case/case.ts';
import type { Text } from '../text.ts';
import {
  addDays,
  addMinutes,
  clockText,
  type Day,
  dayKindOf,
  dayOf,
  instantOf,
  isProvisional,
  minuteOfDay,
  momentText,
  provisionalText,
} from './calendar.ts';
import type { Policy } from './policy.ts';

export const hoursRules = [
  'hours.borrower',
  'hours.employer',
  'hours.appointment',
  'hours.outer',
  'hours.noon',
  'hours.early',
  'hours.late',
  'hours.restDay',
] as const;
export type HoursRule = (typeof hoursRules)[number];

export type HoursAnswer = {
  allowed: boolean;
  rule: HoursRule;
  sentence: Text;
  /** When it opens next; only when closed now. */
  opensAt?: Date;
  /** The day lies beyond the published holiday calendar. */
  provisional: boolean;
};

export type HoursQuestion = {
  role: ContactRole;
  at: Date;
  policy: Policy;
  appointment?: Appointment | undefined;
};

type Span = Policy['hours']['outer'];

/** Who is met at work and not at home. A colleague is: F4 is a ladder of the employer. */
export const isEmployerRole = (role: ContactRole): boolean =>
  role === 'EMPLOYER' || role === 'EMPLOYER_PUBLIC' || role === 'EMPLOYER_HR' || role === 'COLLEAGUE';

/** Minutes around an agreed time in which it still is that time. An approximate one («下午吧») reaches further. */
const appointmentReach = { before: 10, afterExact: 60, afterAbout: 120 } as const;

/**
 * Whether this is the time the customer named. Only what the customer asked for counts: an agent's own plan opens nothing.
 * Within it the daily caps yield too (caps.ts).
 */
export function isAppointmentTime(at: Date, appointment: Appointment | undefined): boolean {
  if (appointment?.askedBy !== 'RESPONDENT') return false;
  const agreed = new Date(appointment.at);
  const after = appointment.exact ? appointmentReach.afterExact : appointmentReach.afterAbout;
  return at >= addMinutes(agreed, -appointmentReach.before) && at <= addMinutes(agreed, after);
}

const within = (minutes: number, span: Span) => minutes >= span.from && minutes < span.to;
const both = (a: Span, b: Span): Span => ({ from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) });

/** The open spans of a day, in order, within the outer limit. */
function spansOf(day: Day, role: ContactRole, policy: Policy): Span[] {
  const { borrower, employer, outer } = policy.hours;
  const kind = dayKindOf(day, policy.calendarUntil);
  const spans = isEmployerRole(role)
    ? kind === 'WORKDAY'
      ? employer.workday
      : []
    : kind === 'WORKDAY'
      ? borrower.workday
      : kind === 'SATURDAY'
        ? borrower.saturday
        : [];
  return spans
    .map((span) => both(span, outer))
    .filter((span) => span.from < span.to)
    .sort((a, b) => a.from - b.from);
}

/** The span an appointment may open on this day: rest days have their own, working days the outer limit. */
function appointmentSpan(day: Day, policy: Policy): Span {
  const { outer, borrower } = policy.hours;
  return dayKindOf(day, policy.calendarUntil) === 'WORKDAY' ? outer : both(borrower.appointmentOnRestDay, outer);
}

/**
 * Why nobody may be promised a call at this time; null when one may. Noon and the evening can be: the customer may ask for them.
 * A time outside of what even the customer's wish opens would never be dialled.
 */
export function appointmentProblem(at: Date, policy: Policy, now: Date): Text | null {
  if (at <= now)
    return { zh: '预约时间已经过去，请重新填写。', en: 'The time of the appointment has passed: enter another one.' };
  const { from, to } = appointmentSpan(dayOf(at), policy);
  if (within(minuteOfDay(at), { from, to })) return null;
  const times = `${clockText(from)}–${clockText(to)}`;
  return {
    zh: `这个时间在任何情况下都不得外呼，请约在当天 ${times}。`,
    en: `No calls are allowed at this time under any circumstances: choose one between ${times} of that day.`,
  };
}

/** The next instant from `after` on at which the role may be called; undefined when none comes within 60 days. */
function nextOpening({ role, at, policy, appointment }: HoursQuestion): Date | undefined {
  const openings: Date[] = [];
  if (appointment?.askedBy === 'RESPONDENT') {
    const agreed = new Date(appointment.at);
    if (agreed > at && within(minuteOfDay(agreed), appointmentSpan(dayOf(agreed), policy))) openings.push(agreed);
  }
  let day = dayOf(at);
  for (let left = 60; left > 0; left -= 1, day = addDays(day, 1)) {
    const opening = spansOf(day, role, policy)
      .map((span) => instantOf(day, span.from))
      .find((start) => start > at);
    if (opening === undefined) continue;
    openings.push(opening);
    break;
  }
  return openings.sort((a, b) => a.getTime() - b.getTime())[0];
}

const closedSentences: Readonly<Record<'hours.outer' | 'hours.noon' | 'hours.early' | 'hours.late', Text>> = {
  'hours.outer': {
    zh: '在任何情况下都不得外呼的时段。',
    en: 'No calls are allowed at this time under any circumstances.',
  },
  'hours.noon': {
    zh: '午休时段，客户没有约定这个时间。',
    en: 'Noon break; the customer did not ask for this time.',
  },
  'hours.early': { zh: '还没到外呼时间。', en: 'Calling hours have not begun yet.' },
  'hours.late': { zh: '今天的外呼时间已过。', en: 'Calling hours are over for today.' },
};

function closed(question: HoursQuestion, rule: HoursRule, sentence: Text, provisional: boolean): HoursAnswer {
  const opensAt = nextOpening(question);
  const opens = opensAt === undefined ? undefined : momentText(opensAt);
  return {
    allowed: false,
    rule,
    sentence: {
      zh: `${sentence.zh}${opens ? `${opens.zh} 起可以外呼。` : ''}${provisional ? provisionalText.zh : ''}`,
      en: `${sentence.en}${opens ? ` Opens ${opens.en}.` : ''}${provisional ? ` ${provisionalText.en}` : ''}`,
    },
    ...(opensAt === undefined ? {} : { opensAt }),
    provisional,
  };
}

function open(rule: HoursRule, who: Text, span: Span, provisional: boolean): HoursAnswer {
  const times = `${clockText(span.from)}–${clockText(span.to)}`;
  return {
    allowed: true,
    rule,
    sentence: {
      zh: `${who.zh}${times} 可以外呼。${provisional ? provisionalText.zh : ''}`,
      en: `${who.en} ${times} is open.${provisional ? ` ${provisionalText.en}` : ''}`,
    },
    provisional,
  };
}

/** Whether `role` may be called at `at`. Every answer names its rule and says it in words (domain.md F5). */
export function callingHours(question: HoursQuestion): HoursAnswer {
  const { role, at, policy, appointment } = question;
  const day = dayOf(at);
  const minutes = minuteOfDay(at);
  const provisional = isProvisional(day, policy.calendarUntil);
  if (!withinOuterLimit(at, [policy]))
    return closed(question, 'hours.outer', closedSentences['hours.outer'], provisional);
  const byWish = appointmentSpan(day, policy);
  if (isAppointmentTime(at, appointment) && within(minutes, byWish))
    return open(
      'hours.appointment',
      { zh: '客户约定的时间，', en: 'The customer asked for this time;' },
      byWish,
      provisional,
    );
  const spans = spansOf(day, role, policy);
  const employer = isEmployerRole(role);
  if (spans.length === 0)
    return closed(
      question,
      'hours.restDay',
      employer
        ? {
            zh: '今天不是工作日，单位只在工作日外呼。',
            en: 'Not a working day: employers are called on working days only.',
          }
        : { zh: '今天休息，只有客户约定时才外呼。', en: 'A rest day: only an appointment of the customer opens it.' },
      provisional,
    );
  const current = spans.find((span) => within(minutes, span));
  if (current)
    return employer
      ? open('hours.employer', { zh: '单位工作日 ', en: 'Employers, working days,' }, current, provisional)
      : open('hours.borrower', { zh: '今天 ', en: 'Today' }, current, provisional);
  const rule = minutes < spans[0]!.from ? 'hours.early' : minutes >= spans.at(-1)!.to ? 'hours.late' : 'hours.noon';
  return closed(question, rule, closedSentences[rule], provisional);
}

/** Whether the outer limit of one of these policies leaves a call at `at` open. */
export const withinOuterLimit = (at: Date, policies: readonly Pick<Policy, 'hours'>[]): boolean =>
  policies.some(({ hours }) => within(minuteOfDay(at), hours.outer));

/** The first instant from `at` on at which the role may be called: `at` itself when it is open. */
export function nextCallable(question: HoursQuestion): Date {
  const answer = callingHours(question);
  return answer.allowed ? question.at : (answer.opensAt ?? addMinutes(question.at, 24 * 60));
}
