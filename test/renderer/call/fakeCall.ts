/** A call that does what a test says, and notes what is asked of it. */
import { createActor, SimulatedClock } from 'xstate';
import type { CallEnded } from '#shared/call/callResult.ts';
import { type CallInput, callMachine } from '../../../renderer/call/callMachine.ts';
import { callView } from '../../../renderer/call/callView.ts';
import { createCallRecord } from '../../../renderer/phone/callRecord.ts';
import type { Call } from '../../../renderer/phone/phone.ts';
import { phoneProblem } from '../../../renderer/phone/phoneProblems.ts';

export function fakeCall(direction: 'out' | 'in' = 'out', open?: CallInput['open']) {
  const clock = new SimulatedClock();
  const now = () => 5_000_000 + clock.now();
  const record = createCallRecord(now);
  const acts: string[] = [];
  const agree = { hold: true, answer: true, transfer: true };
  const call: Call = {
    id: 'a1',
    direction,
    remoteNumber: '15400000001',
    subscribe: record.subscribe,
    facts: () => record.facts('call-id-1'),
    measure: async () => undefined,
    async answer() {
      acts.push('answer');
      if (!agree.answer) throw phoneProblem('NO_MICROPHONE');
      record.tell({ type: 'call.answered' });
    },
    hangUp() {
      acts.push('hangUp');
      record.end({ reason: record.phase() === 'talking' ? 'HUNG_UP' : 'CANCELLED', by: 'AGENT' });
    },
    setMuted: (muted) => acts.push(`muted ${muted}`),
    async setHeld(held) {
      acts.push(`held ${held}`);
      await Promise.resolve();
      if (!agree.hold) throw phoneProblem('HOLD_REFUSED');
      record.tell({ type: held ? 'call.held' : 'call.resumed', by: 'AGENT' });
    },
    async sendDigit(digit) {
      acts.push(`digit ${digit}`);
      if (record.phase() !== 'talking') throw phoneProblem('DIGIT_NOT_SENT');
    },
    async redialExtension() {
      acts.push('extension');
    },
    async transfer(to) {
      acts.push(`transfer ${'hangUp' in to ? `onto ${to.id}` : to.number}`);
      if (!agree.transfer) throw phoneProblem('TRANSFER_REFUSED');
      record.end({ reason: 'HUNG_UP', by: 'AGENT' });
    },
    async sendNote(contentType) {
      acts.push(`note ${contentType}`);
    },
  };
  const actor = createActor(callMachine, {
    clock,
    input: { direction, open: open ?? (() => call), ringSeconds: 40, now },
  });
  actor.subscribe({ error: () => undefined });
  actor.start();
  return {
    actor,
    acts,
    agree,
    call,
    record,
    view: () => callView(actor.getSnapshot()),
    end: (ended: CallEnded) => record.end(ended),
    settle: async () => {
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    },
    pass: (milliseconds: number) => clock.increment(milliseconds),
  };
}
