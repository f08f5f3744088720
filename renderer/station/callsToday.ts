/** How many calls this agent has made today (China's day, of the corrected clock), whatever became of the cases they were about. */
import type { Fact } from '#shared/journal/entry.ts';
import { dayOf } from '#shared/policy/calendar.ts';
import type { Journal } from '../journal/journal.ts';

const dayAt = (at: number) => dayOf(new Date(at));
const page = 500;

export type CallCount = {
  /** Facts that became durable now; outgoing attempts among them count. */
  recorded(facts: readonly Fact[]): void;
  /** Calls of the day it is now. */
  today(): number;
};

const isCall = (fact: Fact | null) => fact?.kind === 'attempt.started' && fact.body.direction === 'out';

/** This agent's calls since midnight, from the journal's end backwards to the first page without an entry of today. */
async function callsSinceMidnight(journal: Pick<Journal, 'all'>, agent: string, now: number): Promise<number> {
  let calls = 0;
  let before: number | undefined;
  for (;;) {
    const rows = await journal.all({ newestFirst: true, limit: page, ...(before === undefined ? {} : { before }) });
    let ofToday = 0;
    for (const { header, fact } of rows) {
      const at = Date.parse(header.at) + (header.clockOffset ?? 0);
      if (dayAt(at) !== dayAt(now)) continue;
      ofToday += 1;
      if (header.agent === agent && isCall(fact)) calls += 1;
    }
    before = rows.at(-1)?.order;
    if (rows.length < page || ofToday === 0) return calls;
  }
}

/** Rejects with a storage Problem when the journal cannot be read. */
export async function countCalls(journal: Pick<Journal, 'all'>, agent: string, now: () => number): Promise<CallCount> {
  let day = dayAt(now());
  let count = await callsSinceMidnight(journal, agent, now());
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
