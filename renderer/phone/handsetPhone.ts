/**
 * `Phone` for a shift without any line: the agent dials on a desk phone and clicks what happens. The same type, so that machines, journal
 * and wrap-up are the same; what cannot be done from here (hold, digits) is refused with a sentence.
 */
import type { CallEnded } from '#shared/call/callResult.ts';
import { createCallRecord } from './callRecord.ts';
import type { Call, Phone } from './phone.ts';
import { phoneProblem } from './phoneProblems.ts';

/** What the agent can click while a handset call is running. */
export type HandsetCall = Call & {
  theyAnswered(): void;
  /** An announcement is heard (空号, 停机, 关机 …): then nothing is proposed, the agent chooses. */
  announcementHeard(): void;
  theyHungUp(): void;
  /** Not reached, said by the network or the far side. `sipStatus`: the nearest meaning, e.g. 486 for busy. */
  notReached(sipStatus?: number): void;
};

export type HandsetPhone = Omit<Phone, 'dial' | 'line'> & {
  readonly line: null;
  dial(...parameters: Parameters<Phone['dial']>): HandsetCall;
};

/** `now`: milliseconds of a clock that does not jump. */
export function createHandsetPhone(now: () => number): HandsetPhone {
  const calls = new Set<HandsetCall>();
  return {
    line: null,
    prepare: () => Promise.resolve(),
    dial(permit, attempt) {
      const record = createCallRecord(now);
      const end = (ended: CallEnded) => {
        record.end(ended);
        calls.delete(call);
      };
      const call: HandsetCall = {
        id: attempt,
        direction: 'out',
        remoteNumber: permit.number,
        subscribe: record.subscribe,
        facts: () => record.facts(undefined),
        measure: () => Promise.resolve(undefined),
        answer: () => Promise.reject(phoneProblem('CALL_NOT_THERE')),
        hangUp: () => end({ reason: record.phase() === 'talking' ? 'HUNG_UP' : 'CANCELLED', by: 'AGENT' }),
        setMuted: () => undefined,
        setHeld: () => Promise.reject(phoneProblem('HOLD_REFUSED')),
        sendDigit: () => Promise.reject(phoneProblem('DIGIT_NOT_SENT')),
        redialExtension: () => Promise.reject(phoneProblem('DIGIT_NOT_SENT')),
        transfer: () => Promise.reject(phoneProblem('TRANSFER_NOT_NOW')),
        sendNote: () => Promise.reject(phoneProblem('NOTE_NOT_SENT')),
        theyAnswered: () => record.tell({ type: 'call.answered' }),
        announcementHeard: () => record.tell({ type: 'call.earlyMedia' }),
        theyHungUp: () => end({ reason: 'HUNG_UP', by: 'OTHER' }),
        notReached: (sipStatus) =>
          end({ reason: 'REFUSED', by: 'NETWORK', ...(sipStatus === undefined ? {} : { sipStatus }) }),
      };
      calls.add(call);
      record.tell({ type: 'call.sent' });
      record.tell({ type: 'call.ringing' });
      return call;
    },
    consult() {
      throw phoneProblem('TRANSFER_NOT_NOW');
    },
    onIncoming: () => () => undefined,
    networkChanged: () => undefined,
    microphoneLevel: () => 0,
    leave: () => undefined,
    async close() {
      for (const call of [...calls]) call.hangUp();
    },
  };
}
