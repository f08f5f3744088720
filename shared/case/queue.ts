/**
 * The agent's queue (screens.md, workbench): appointments that are due first, then what is being worked on, then by deadline,
 * overdue ones (超时) before the rest; and the search over it. Pure: the clock is given, nothing is kept.
 */
import { Problem } from '../problem.ts';
import { rememberedWith } from '../remembered.ts';
import type { Text } from '../text.ts';
import type { Case } from './case.ts';
import { pinyinInitials } from './initials.ts';
import { parseNumber } from './number.ts';

export const queueGroups = ['APPOINTMENT', 'WORKING', 'OVERDUE', 'NEXT', 'WAITING'] as const;
/**
 * APPOINTMENT: agreed, due within 15 minutes or past. WORKING: begun and not finished. OVERDUE: its deadline has passed.
 * NEXT: may be called now. WAITING: a retry or an appointment lies later.
 */
export type QueueGroup = (typeof queueGroups)[number];

export const queueGroupTexts: Readonly<Record<QueueGroup, Text>> = {
  APPOINTMENT: { zh: '预约回拨', en: 'Appointments' },
  WORKING: { zh: '处理中', en: 'Working on' },
  OVERDUE: { zh: '超时', en: 'Overdue' },
  NEXT: { zh: '待外呼', en: 'Next' },
  WAITING: { zh: '稍后', en: 'Later' },
};

/** What the station knows about a case beside the lease. All optional: a case just leased has none of it. */
export type CaseState = {
  /** Answers or attempts of this shift, not finished yet. */
  working?: boolean | undefined;
  /** Not to be called before this (a retry). */
  notBefore?: Date | undefined;
  /** Its appointment was kept: what that call came to decides. */
  appointmentKept?: boolean | undefined;
};

export type QueueItem = { case: Case; group: QueueGroup /** What it is ordered by within its group. */; at: Date };

/** An appointment comes to the top this long before its time, so that the agent can finish what is open. */
const appointmentLead = 15 * 60 * 1000;

/** The times of a case, read once: a thousand cases are put in order after every result. */
const times = rememberedWith((one: Case) => ({
  deadline: new Date(one.deadline),
  appointment: one.appointment === undefined ? undefined : new Date(one.appointment.at),
}));

function placed(one: Case, now: Date, state: CaseState | undefined): QueueItem {
  const { deadline } = times(one);
  const appointment = state?.appointmentKept ? undefined : times(one).appointment;
  if (appointment !== undefined && appointment.getTime() - now.getTime() <= appointmentLead)
    return { case: one, group: 'APPOINTMENT', at: appointment };
  if (state?.working) return { case: one, group: 'WORKING', at: deadline };
  const later = [appointment, state?.notBefore].filter((at) => at !== undefined && at > now);
  if (later.length > 0) {
    const earliest = Math.min(...later.map((at) => at!.getTime())); // filtered the line above
    return { case: one, group: 'WAITING', at: new Date(earliest) };
  }
  return { case: one, group: deadline < now ? 'OVERDUE' : 'NEXT', at: deadline };
}

const placeOf = Object.fromEntries(queueGroups.map((group, place) => [group, place])) as Record<QueueGroup, number>; // as: every group is in it
const compareIds = (a: Case, b: Case) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
const byPlace = (a: QueueItem, b: QueueItem) =>
  placeOf[a.group] - placeOf[b.group] || a.at.getTime() - b.at.getTime() || compareIds(a.case, b.case);

/** All cases in the order they should be worked; equal times fall back to the id, so that nothing jumps between two looks. */
export function orderQueue(
  cases: readonly Case[],
  now: Date,
  stateOf: (one: Case) => CaseState | undefined = () => undefined,
): QueueItem[] {
  return cases.map((one) => placed(one, now, stateOf(one))).sort(byPlace);
}

/**
 * The first of them that may be worked now; undefined: all wait, or there is none. `stateOf` says null of a case that is not in the queue.
 * Behind the first one by deadline only an appointment and what is being worked on are looked at: nothing else can come before it.
 */
export function firstInQueue(
  cases: readonly Case[],
  now: Date,
  stateOf: (one: Case) => CaseState | null,
): Case | undefined {
  let first: QueueItem | undefined;
  for (const one of byDeadline(cases)) {
    const state = stateOf(one);
    if (state === null || (first !== undefined && one.appointment === undefined && !state.working)) continue;
    const item = placed(one, now, state);
    if (item.group !== 'WAITING' && (first === undefined || byPlace(item, first) < 0)) first = item;
  }
  return first?.case;
}

/** A list by deadline and id, which is nearly its order in the queue: what is in order already is put in order in one pass. */
export const byDeadline = rememberedWith((cases: readonly Case[]): readonly Case[] =>
  cases
    .map((one) => ({ one, at: times(one).deadline.getTime() }))
    .sort((a, b) => a.at - b.at || compareIds(a.one, b.one))
    .map(({ one }) => one),
);

/** The same in groups, empty ones left out, with the words for their headings. */
export function groupQueue(items: readonly QueueItem[]): { group: QueueGroup; text: Text; items: QueueItem[] }[] {
  return queueGroups
    .map((group) => ({ group, text: queueGroupTexts[group], items: items.filter((item) => item.group === group) }))
    .filter(({ items: some }) => some.length > 0);
}

const digitsOf = (number: string): string => {
  try {
    return parseNumber(number).digits;
  } catch (cause) {
    if (!(cause instanceof Problem)) throw cause;
    return number.normalize('NFKC').replace(/\D/g, ''); // a malformed number can be searched too
  }
};

/**
 * Whether what was typed finds this case: the last digits of any of its numbers (two at least), the pinyin initials or a part
 * of the respondent's or borrower's name, or a part of the case's or application's id. Nothing typed finds everything.
 */
export function matchesSearch(one: Case, typed: string): boolean {
  const wanted = typed.normalize('NFKC').trim().toUpperCase();
  if (wanted === '') return true;
  if ([one.id, one.application].some((id) => id.toUpperCase().includes(wanted))) return true;
  const names = [one.respondent.name, one.borrower.name];
  if (names.some((name) => name.toUpperCase().includes(wanted))) return true;
  if (/^[A-Z]+$/.test(wanted)) return names.some((name) => pinyinInitials(name).startsWith(wanted));
  const digits = wanted.replace(/[\s-]/g, '');
  return /^\d{2,}$/.test(digits) && one.contacts.some((contact) => digitsOf(contact.number).endsWith(digits));
}
