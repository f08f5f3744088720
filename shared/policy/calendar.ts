/**
 * Days and times of day in Asia/Shanghai, and the working days of mainland China (domain.md D, holiday calendar).
 *
 * Assumptions
 *  - China has one time zone and has had no summer time since 1991: an instant plus eight hours is the wall clock;
 *  - a `Day` is text (`2026-10-10`), so that no machine's own time zone can shift it;
 *  - the State Council publishes a year's holidays late in the year before. Outside of the years it knows the library silently
 *    says Monday to Friday; so we are told until when the calendar holds (`calendarUntil`), and say `provisional` after it.
 */
import chineseDays from 'chinese-days';
import type { Text } from '../text.ts';

export type Day = string;
export const dayKinds = ['WORKDAY', 'SATURDAY', 'SUNDAY', 'HOLIDAY'] as const;
/** A make-up Saturday is a WORKDAY, a Saturday within the Spring Festival is a HOLIDAY. */
export type DayKind = (typeof dayKinds)[number];

const offset = 8 * 60 * 60 * 1000;
const dayLength = 24 * 60 * 60 * 1000;
const minute = 60 * 1000;

/** Texts of days that were asked for lately, by their number: the caps ask for thousands of attempts of the same few days. */
const dayTexts = new Map<number, Day>();
const mostDayTexts = 1000;

export function dayOf(at: Date): Day {
  const local = at.getTime() + offset;
  const number = Math.floor(local / dayLength);
  const known = dayTexts.get(number);
  if (known !== undefined) return known;
  const day = new Date(local).toISOString().slice(0, 10);
  if (dayTexts.size >= mostDayTexts) dayTexts.clear();
  dayTexts.set(number, day);
  return day;
}

/** "2026-11" */
export const monthOf = (at: Date): string => dayOf(at).slice(0, 7);

/** Minutes since midnight, 0–1439. */
export function minuteOfDay(at: Date): number {
  const local = new Date(at.getTime() + offset);
  return local.getUTCHours() * 60 + local.getUTCMinutes();
}

/** The instant of a day's minute; 1440 is the next midnight. */
export const instantOf = (day: Day, minutes: number): Date =>
  new Date(Date.parse(`${day}T00:00:00Z`) - offset + minutes * minute);

export const addMinutes = (at: Date, minutes: number): Date => new Date(at.getTime() + minutes * minute);

export const addDays = (day: Day, count: number): Day =>
  new Date(Date.parse(`${day}T00:00:00Z`) + count * dayLength).toISOString().slice(0, 10);

/** 0 Sunday to 6 Saturday. */
export const weekdayOf = (day: Day): number => new Date(`${day}T00:00:00Z`).getUTCDay();

/** `13:45` */
export const clockText = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

const weekdays = ['周日', '周一', '周二', '周三', '周四', '周五', '周六'];
const weekdaysEn = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** 「10月10日 周六 14:30」 / "Sat 10-10 14:30", in Asia/Shanghai. */
export function momentText(at: Date): Text {
  const day = dayOf(at);
  const clock = clockText(minuteOfDay(at));
  return {
    zh: `${Number(day.slice(5, 7))}月${Number(day.slice(8))}日 ${weekdays[weekdayOf(day)]} ${clock}`,
    en: `${weekdaysEn[weekdayOf(day)]} ${day.slice(5)} ${clock}`,
  };
}

/** Beyond the published calendar, and before the library's first year, a plain week is all that can be said. */
export const isProvisional = (day: Day, calendarUntil: Day): boolean => day > calendarUntil;

export const provisionalText: Text = {
  zh: '日历未公布，按暂定工作日计算。',
  en: 'The holiday calendar is not published yet; working days are provisional.',
};

export function dayKindOf(day: Day, calendarUntil: Day): DayKind {
  const weekday = weekdayOf(day);
  const plain = weekday === 6 ? 'SATURDAY' : weekday === 0 ? 'SUNDAY' : 'WORKDAY';
  if (isProvisional(day, calendarUntil)) return plain;
  // The library reads the day of the week and the date in different time zones. Only its table of named days is used, asked
  // for at local noon; the week is ours. A holiday and a make-up day are named "National Day,国庆节,3", others "Saturday".
  const [year, month, date] = day.split('-').map(Number);
  const detail = chineseDays.getDayDetail(new Date(year!, month! - 1, date!, 12));
  if (!detail.name.includes(',')) return plain;
  return detail.work ? 'WORKDAY' : 'HOLIDAY';
}

export const isWorkday = (day: Day, calendarUntil: Day): boolean => dayKindOf(day, calendarUntil) === 'WORKDAY';

/** A day that was counted; `provisional` when it lies beyond the published calendar. */
export type CountedDay = { day: Day; provisional: boolean };

/** The `count`-th working day after `day`, which itself is day 0 and need not be one. `count` ≥ 1, at most 400. */
export function addWorkdays(day: Day, count: number, calendarUntil: Day): CountedDay {
  if (!Number.isInteger(count) || count < 1 || count > 400)
    throw new RangeError(`working days to add: 1 to 400, not ${count}`);
  let reached = day;
  for (let left = count; left > 0; ) {
    reached = addDays(reached, 1);
    if (isWorkday(reached, calendarUntil)) left -= 1;
  }
  return { day: reached, provisional: isProvisional(reached, calendarUntil) };
}

/** The first working day after `day`. */
export const nextWorkday = (day: Day, calendarUntil: Day): CountedDay => addWorkdays(day, 1, calendarUntil);

/** Working days after `from` up to and with `to`; 0 when `to` is not later. For waits ("2 working days without an answer"). */
export function workdaysBetween(from: Day, to: Day, calendarUntil: Day): number {
  let count = 0;
  for (let day = addDays(from, 1); day <= to && count < 400; day = addDays(day, 1))
    if (isWorkday(day, calendarUntil)) count += 1;
  return count;
}

/** Parts of a day that differ in who answers (domain.md E2, with the noon of section 0.10). */
export const dayparts = [
  'WORKDAY_MORNING',
  'WORKDAY_NOON',
  'WORKDAY_AFTERNOON',
  'WORKDAY_EVENING',
  'SATURDAY_MORNING',
  'SATURDAY_AFTERNOON',
  'REST_DAY',
  'NIGHT',
] as const;
export type Daypart = (typeof dayparts)[number];

export const daypartTexts: Readonly<Record<Daypart, Text>> = {
  WORKDAY_MORNING: { zh: '工作日上午', en: 'workday morning' },
  WORKDAY_NOON: { zh: '工作日中午', en: 'workday noon' },
  WORKDAY_AFTERNOON: { zh: '工作日下午', en: 'workday afternoon' },
  WORKDAY_EVENING: { zh: '工作日晚间', en: 'workday evening' },
  SATURDAY_MORNING: { zh: '周六上午', en: 'Saturday morning' },
  SATURDAY_AFTERNOON: { zh: '周六下午', en: 'Saturday afternoon' },
  REST_DAY: { zh: '休息日', en: 'rest day' },
  NIGHT: { zh: '夜间', en: 'night' },
};

const noonBegins = 11 * 60 + 45;
const noonEnds = 13 * 60 + 45;
const eveningBegins = 17 * 60 + 30;

export function daypartOf(at: Date, calendarUntil: Day): Daypart {
  const minutes = minuteOfDay(at);
  if (minutes < 8 * 60 || minutes >= 22 * 60) return 'NIGHT';
  const kind = dayKindOf(dayOf(at), calendarUntil);
  if (kind === 'SATURDAY') return minutes < noonEnds ? 'SATURDAY_MORNING' : 'SATURDAY_AFTERNOON';
  if (kind !== 'WORKDAY') return 'REST_DAY';
  if (minutes < noonBegins) return 'WORKDAY_MORNING';
  if (minutes < noonEnds) return 'WORKDAY_NOON';
  return minutes < eveningBegins ? 'WORKDAY_AFTERNOON' : 'WORKDAY_EVENING';
}
