/**
 * How many calls this agent has made today (China's day, of the corrected clock), whatever became of the cases they were about. An attempt
 * that never left the station, for want of a microphone or a line, was no call; nor was one that went on in the call of another.
 */
import type { CallEnded } from '#shared/call/callResult.ts';
import { correctedAt, type Fact } from '#shared/journal/entry.ts';
import { dayOf } from '#shared/policy/calendar.ts';
import type { Entry } from '../journal/reading.ts';

const dayAt = (at: number) => dayOf(new Date(at));

export type CallCount = {
  /** Facts that became durable now; outgoing attempts among them count. */
  recorded(facts: readonly Fact[]): void;
  /** Calls of the day it is now. */
  today(): number;
};

/** Kinds of entries that say how many calls were made. */
export const callKinds = ['attempt.started', 'attempt.ended'] as const satisfies readonly Fact['kind'][];

/** Without a Call-ID no INVITE went out; a desk phone has none either, but other ends. A crash has none, and it may have rung. */
const neverLeft: ReadonlySet<CallEnded['reason']> = new Set(['NO_MICROPHONE', 'LINE_LOST', 'FAILED']);

/** `recent`: this station's entries of at least the last 24 hours, those of `callKinds` among them, in order. */
export function countCalls(
  recent: readonly Pick<Entry, 'header' | 'fact'>[],
  agent: string,
  now: () => number,
): CallCount {
  let day = dayAt(now());
  let calls = new Set<string>();
  const count = (fact: Fact) => {
    if (fact.kind === 'attempt.started' && fact.body.direction === 'out' && fact.body.continues === undefined)
      calls.add(fact.body.attempt);
    if (fact.kind === 'attempt.ended' && fact.body.callId === undefined && neverLeft.has(fact.body.ended.reason))
      calls.delete(fact.body.attempt);
  };
  for (const { header, fact } of recent) if (header.agent === agent && dayAt(correctedAt(header)) === day) count(fact);
  const today = () => {
    if (day !== dayAt(now())) calls = new Set();
    day = dayAt(now());
    return calls.size;
  };
  return {
    recorded(facts) {
      today();
      facts.forEach(count);
    },
    today,
  };
}
