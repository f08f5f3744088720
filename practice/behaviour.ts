/** Which of a customer's behaviours a call meets: decided by what the caller's practice context says, else by the PBX itself. */
import { z } from 'zod';
import { type Behaviour, practiceEventSchema, type When } from './customers.ts';
import { localTime } from './daypart.ts';

/** What the workstation tells in the header X-Practice, percent-encoded JSON. */
export const practiceContextSchema = z.object({
  clock: z.iso.datetime({ offset: true }).optional(),
  attempt: z.int().min(1).max(1000).optional(),
  events: z.array(practiceEventSchema).max(10).default([]),
});
export type PracticeContext = z.infer<typeof practiceContextSchema>;

/** A header that cannot be read is worth as much as none: drills must not fail because of it. */
export function readPracticeContext(header: string | undefined): PracticeContext {
  const nothing: PracticeContext = { events: [] };
  if (header === undefined) return nothing;
  try {
    const read = practiceContextSchema.safeParse(JSON.parse(decodeURIComponent(header)));
    return read.success ? read.data : nothing;
  } catch {
    return nothing;
  }
}

export type Moment = { clock: Date; attempt: number; events: PracticeContext['events'] };

/** Whether everything the condition names holds at this moment. */
export function holds(when: When, { clock, attempt, events }: Moment): boolean {
  const local = localTime(clock);
  if (when.attempt && (attempt < when.attempt[0] || attempt > when.attempt[1])) return false;
  if (when.daypart && !when.daypart.includes(local.daypart)) return false;
  if (when.weekday !== undefined && when.weekday !== local.weekday) return false;
  if (when.fromMinute !== undefined && local.minuteOfDay < when.fromMinute) return false;
  return when.after === undefined || events.includes(when.after);
}

/** The first that holds; the last of every number holds always (a test proves it), so there is one. */
export function behaviourAt(behaviours: readonly Behaviour[], moment: Moment): Behaviour {
  const found = behaviours.find(({ when }) => holds(when, moment));
  if (found === undefined) throw new Error('a customer without a default behaviour');
  return found;
}
