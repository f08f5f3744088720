/**
 * What happened in one call, in order: keeps the promises of `phone.ts` for every implementation. After `call.ended` nothing is taken in,
 * so that a late answer, a second BYE or a timer can never give a call a second end.
 */
import type { CallEnded } from '#shared/call/callResult.ts';
import type { Text } from '#shared/text.ts';
import type { CallEvent, CallFacts, CallHappening } from './phone.ts';

export type CallPhase = 'starting' | 'ringing' | 'talking' | 'ended';

export type CallRecord = {
  phase(): CallPhase;
  /** Tells listeners. What is already known (a second 180, a second answer) is not told again. */
  tell(event: CallHappening): void;
  end(ended: CallEnded, sentence?: Text): void;
  subscribe(listener: (event: CallEvent) => void): () => void;
  facts(callId: string | undefined): CallFacts;
};

/** Notes kept for late listeners; a flood of INFO must not eat the memory. */
const mostEvents = 500;

/** `now`: milliseconds of a clock that does not jump (performance.now). */
export function createCallRecord(now: () => number): CallRecord {
  const events: CallEvent[] = [];
  const listeners = new Set<(event: CallEvent) => void>();
  let ringingAt: number | undefined;
  let answeredAt: number | undefined;
  let endedAt: number | undefined;
  let earlyMedia = false;

  const phase = (): CallPhase => {
    if (endedAt !== undefined) return 'ended';
    if (answeredAt !== undefined) return 'talking';
    return ringingAt === undefined ? 'starting' : 'ringing';
  };

  const add = (event: CallEvent) => {
    if (events.length < mostEvents || event.type !== 'call.note') events.push(event);
    for (const listener of [...listeners]) listener(event);
  };

  return {
    phase,
    tell(event) {
      if (phase() === 'ended') return;
      if (event.type === 'call.ringing') {
        if (ringingAt !== undefined || answeredAt !== undefined) return;
        ringingAt = now();
      } else if (event.type === 'call.earlyMedia') {
        if (earlyMedia || answeredAt !== undefined) return;
        earlyMedia = true;
      } else if (event.type === 'call.answered') {
        if (answeredAt !== undefined) return;
        answeredAt = now();
      }
      add(event);
    },
    end(ended, sentence) {
      if (phase() === 'ended') return;
      endedAt = now();
      add(sentence === undefined ? { type: 'call.ended', ended } : { type: 'call.ended', ended, sentence });
      listeners.clear();
    },
    subscribe(listener) {
      for (const event of [...events]) listener(event);
      if (phase() !== 'ended') listeners.add(listener);
      return () => listeners.delete(listener);
    },
    facts(callId) {
      const seconds = (from: number | undefined, to: number | undefined) =>
        from === undefined ? 0 : Math.max(0, ((to ?? now()) - from) / 1000);
      return {
        callId,
        rangSeconds: seconds(ringingAt, answeredAt ?? endedAt),
        talkedSeconds: seconds(answeredAt, endedAt),
        earlyMedia,
      };
    },
  };
}
