/** How many calls this agent has made today (China's day, of the corrected clock), whatever became of the cases they were about. */
import type { Fact } from '#shared/journal/entry.ts';
import { dayOf } from '#shared/policy/calendar.ts';
import type { Entry } from '../journal/reading.ts';

const dayAt = (at: number) => dayOf(new Date(at));

export type CallCount = {
  /** Facts that became durable now; outgoing attempts among them count. */
  recorded(facts: readonly Fact[]): void;
  /** Calls of the day it is now. */
  today(): number;
};

const isCall = (fact: Fact) => fact.kind === 'attempt.started' && fact.body.direction === 'out';

/** `recent`: this station's entries of at least the last 24 hours, those of kind `attempt.started` among them. */
export function countCalls(
  recent: readonly Pick<Entry, 'header' | 'fact'>[],
  agent: string,
  now: () => number,
): CallCount {
  let day = dayAt(now());
  let count = recent.filter(
    ({ header, fact }) =>
      header.agent === agent && isCall(fact) && dayAt(Date.parse(header.at) + (header.clockOffset ?? 0)) === day,
  ).length;
  const today = () => {
    if (day !== dayAt(now())) count = 0;
    day = dayAt(now());
    return count;
  };
  return {
    recorded(facts) {
      count = today() + facts.filter(isCall).length;
    },
    today,
  };
}
