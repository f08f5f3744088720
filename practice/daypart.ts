/**
 * The parts of a day in which a simulated customer can be found, in Asia/Shanghai (no daylight saving there).
 * They describe people, not calling rules: those live in shared/policy.
 */
import { z } from 'zod';

export const dayparts = ['WD_AM', 'WD_NOON', 'WD_PM', 'WD_EVE', 'WEEKEND'] as const;
export const daypartSchema = z.enum(dayparts);
export type Daypart = z.infer<typeof daypartSchema>;

export type LocalTime = { daypart: Daypart; weekday: number; minuteOfDay: number };

const SHANGHAI_OFFSET_MS = 8 * 3_600_000;
const minutes = (hours: number, rest = 0): number => hours * 60 + rest;

/** Weekday counts from Sunday = 0. Public holidays are not known here: a customer's habits follow the week. */
export function localTime(instant: Date): LocalTime {
  const local = new Date(instant.getTime() + SHANGHAI_OFFSET_MS);
  const weekday = local.getUTCDay();
  const minuteOfDay = minutes(local.getUTCHours(), local.getUTCMinutes());
  return { weekday, minuteOfDay, daypart: weekday === 0 || weekday === 6 ? 'WEEKEND' : workdayPart(minuteOfDay) };
}

function workdayPart(minuteOfDay: number): Daypart {
  if (minuteOfDay < minutes(11, 45)) return 'WD_AM';
  if (minuteOfDay < minutes(13, 45)) return 'WD_NOON';
  return minuteOfDay < minutes(17, 30) ? 'WD_PM' : 'WD_EVE';
}
