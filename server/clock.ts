/**
 * The business clock: real time plus an offset that is zero everywhere but in the demo. There it is moved so that "now" lies in the
 * calling hours of a working day (domain.md 0.9), and is kept in the database, so that a second start goes on where the first was.
 * Tokens, locks and limits live on the real clock.
 */
import { sql } from 'kysely';
import { addDays, dayOf, instantOf, isWorkday, minuteOfDay } from '#shared/policy/calendar.ts';
import { defaultPolicy } from '#shared/policy/policy.ts';
import type { Database } from './database/schema.ts';

export type BusinessClock = { now(): Date };

export const realClock: BusinessClock = { now: () => new Date() };

/** Times at which a demo may go on without a jump: long enough before a closing time to finish a call. Minutes since midnight. */
const goodSpans = [
  { from: 9 * 60, to: 11 * 60 + 15 },
  { from: 13 * 60 + 50, to: 17 * 60 },
];
const jumpTo = 10 * 60;

export function isGoodDemoTime(at: Date): boolean {
  const minute = minuteOfDay(at);
  return isDemoWorkday(dayOf(at)) && goodSpans.some((span) => minute >= span.from && minute <= span.to);
}

const isDemoWorkday = (day: string) => isWorkday(day, defaultPolicy.calendarUntil);

/** `at` itself when it is good, else 10:00 of the next working day (today's 10:00 when that is still to come). */
export function nextGoodDemoTime(at: Date): Date {
  if (isGoodDemoTime(at)) return at;
  for (let day = dayOf(at); ; day = addDays(day, 1)) {
    const candidate = instantOf(day, jumpTo);
    if (candidate > at && isDemoWorkday(day)) return candidate;
  }
}

const offsetName = 'demo.clockOffsetMs';

async function readOffset(database: Database): Promise<number> {
  const row = await database.selectFrom('settings').select('value').where('name', '=', offsetName).executeTakeFirst();
  const offset = Number(row?.value ?? 0);
  return Number.isFinite(offset) ? offset : 0;
}

async function writeOffset(database: Database, offset: number): Promise<void> {
  await database
    .insertInto('settings')
    .values({ name: offsetName, value: String(offset) })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: sql`excluded.value` }))
    .execute();
}

/** Moves the stored offset if it must, and returns the clock. `realNow` for tests. */
export async function openDemoClock(database: Database, realNow: () => number = Date.now): Promise<BusinessClock> {
  const stored = await readOffset(database);
  const now = new Date(realNow() + stored);
  const kept = isGoodDemoTime(now) ? stored : nextGoodDemoTime(now).getTime() - realNow();
  if (kept !== stored) await writeOffset(database, kept);
  return { now: () => new Date(realNow() + kept) };
}

/** Sets the demo's clock; read by the next start. */
export async function setDemoClock(database: Database, at: Date, realNow: () => number = Date.now): Promise<void> {
  await writeOffset(database, at.getTime() - realNow());
}
