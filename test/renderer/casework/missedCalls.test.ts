import { describe, expect, it } from 'vitest';
import type { Fact } from '#shared/journal/entry.ts';
import { currentStep } from '#shared/script/scriptMachine.ts';
import { createMissedCalls, type MissedCall } from '../../../renderer/casework/missedCalls.ts';
import type { Entry } from '../../../renderer/journal/reading.ts';
import { type Bench, bench, demoCase, scriptedCall, start } from './bench.ts';

const cases = [demoCase('DEMO-01-B'), demoCase('DEMO-07'), demoCase('DEMO-06')];

function currentStepId(b: Bench): string {
  const { conversation } = b.work();
  const step = conversation && currentStep(conversation.snapshot, conversation.script);
  if (!step) throw new Error('no question is open');
  return step.id;
}

/** Facts as the journal would have them. */
const entriesOf = (facts: readonly Fact[]): Pick<Entry, 'header' | 'fact'>[] =>
  facts.map((fact, n) => ({
    fact,
    header: {
      ...{ journal: '00000000-0000-4000-8000-000000000999', seq: n + 1, version: 1, kind: fact.kind },
      ...{ at: new Date(start + n * 1000).toISOString(), clockOffset: 0, clockOffsetAge: 0, agent: 'a1001' },
      ...{ caseId: fact.caseId ?? null, leaseEpoch: 1, prev: '', bodyHash: '', hash: String(n + 1).padStart(64, '0') },
    },
  }));
const tasksOf = (facts: readonly Fact[]): readonly MissedCall[] => {
  const missed = createMissedCalls();
  missed.take(entriesOf(facts));
  return missed.open();
};

/** A bench whose missed calls come from its journal, as in a shift. */
function deskWith(changes: Parameters<typeof bench>[1] = {}) {
  const b = bench(cases, changes);
  const look = async () => {
    b.actor.send({ type: 'missed.changed', missed: tasksOf(b.facts) });
    await b.settle();
  };
  return {
    b,
    look,
    missed: () => b.context().missed,
    async ring(number: string) {
      const caller = b.incoming(number);
      await b.settle();
      caller.record.end({ reason: 'CANCELLED', by: 'OTHER' });
      await b.settle();
      await look();
    },
  };
}

describe('a missed call', () => {
  it('is a task of ten minutes with who it may be, and the same after a restart', async () => {
    const { b, ring, missed } = deskWith();
    await ring('15400000007');
    expect(missed()).toMatchObject([
      { caseId: 'DEMO-07', contact: 'mobile', number: '15400000007', due: start + 600_000 },
    ]);
    expect(tasksOf(b.facts)).toEqual(missed());
  });

  it('of the same person is one task with the first deadline, of a withheld number always one of its own', async () => {
    const { ring, missed } = deskWith();
    await ring('15400000007');
    await ring('+8615400000007');
    await ring('');
    await ring('');
    expect(missed().map(({ number, attempts }) => [number, attempts.length])).toEqual([
      ['15400000007', 2],
      ['', 1],
      ['', 1],
    ]);
  });

  it('is the next case by itself, at the number that rang, but not the one just worked', async () => {
    const { b, ring } = deskWith();
    await b.send({ type: 'case.chosen', caseId: 'DEMO-01-B' });
    await ring('15400000007');
    await b.send({ type: 'case.skipped', reason: 'later' });
    expect([b.context().selected, b.context().check?.contact]).toEqual(['DEMO-07', 'mobile']);
    await b.send({ type: 'case.skipped', reason: 'later' });
    expect(b.context().selected).not.toBe('DEMO-07');
  });

  it('is closed by a call back that counts, and stays after one that never left', async () => {
    const { b, look, ring, missed } = deskWith();
    await ring('15400000007');
    const first = missed()[0]!.attempts[0];
    await b.send({ type: 'missed.chosen', attempt: first });
    await b.send({ type: 'dial.asked' });
    b.far().record.end({ reason: 'LINE_LOST', by: 'NETWORK' });
    await b.settle();
    await b.send({ type: 'result.chosen', result: 'NETWORK_FAULT' }, { type: 'wrapUp.confirmed' });
    await look();
    expect(missed()).toHaveLength(1);

    await b.send({ type: 'missed.chosen', attempt: first }, { type: 'dial.asked' });
    b.far().record.tell({ type: 'call.ringing' });
    await b.pass(40_000);
    await b.send(
      { type: 'hangUp.asked' },
      { type: 'result.chosen', result: 'NO_ANSWER' },
      { type: 'wrapUp.confirmed' },
    );
    await look();
    expect(missed()).toEqual([]);
    await b.send({ type: 'takeBack.asked' });
    await look();
    expect(missed()).toHaveLength(1);
  });

  it('is closed when they ring again and are answered', async () => {
    const { b, look, ring, missed } = deskWith();
    await ring('15400000007');
    const caller = b.incoming('15400000007');
    await b.pass(1_000);
    await b.send({ type: 'answer.asked' });
    await b.pass(20_000);
    caller.record.end({ reason: 'HUNG_UP', by: 'OTHER' });
    await b.settle();
    await b.breakOff(currentStepId(b));
    await b.send({ type: 'wrapUp.confirmed' });
    await look();
    expect(b.of('disposition.recorded').map(({ body }) => body.callResult.confirmed)).toEqual([
      'MISSED_INCOMING',
      'ANSWERED',
    ]);
    expect(missed()).toEqual([]);
  });

  it('is closed by the agent with a reason, and not without one; all its attempts with it', async () => {
    const { b, look, ring, missed } = deskWith();
    await ring('13900000000');
    await ring('13900000000');
    const [task] = missed();
    await b.send({ type: 'missed.closed', attempt: task!.attempts[0], reason: '  ' });
    expect(b.of('followUp.closed')).toEqual([]);
    await b.send({ type: 'missed.closed', attempt: task!.attempts[0], reason: '客户经理已回电' });
    expect(b.of('followUp.closed').map(({ body }) => body)).toEqual(
      task!.attempts.map((attempt) => ({ attempt, kind: 'CALL_BACK_MISSED', reason: '客户经理已回电' })),
    );
    await look();
    expect(missed()).toEqual([]);
  });
});

describe('a call that comes in during wrap-up', () => {
  const waiting = { callWaiting: { preview: 'RING', wrapUp: 'RING' } } as const;
  async function inWrapUp() {
    const { b } = deskWith(waiting);
    await b.send({ type: 'case.chosen', caseId: 'DEMO-01-B' }, { type: 'dial.asked' });
    b.far().record.tell({ type: 'call.ringing' });
    await b.pass(40_000);
    await b.send({ type: 'hangUp.asked' }, { type: 'note.typed', text: 'half a note' });
    return b;
  }

  it('rings where the profile says so, is taken, and the wrap-up is opened again as it was', async () => {
    const b = await inWrapUp();
    const caller = b.incoming('15400000007');
    await b.settle();
    expect(b.context().waiting?.call.remoteNumber).toBe('15400000007');
    await b.send({ type: 'answer.asked' });
    expect(caller.acts).toEqual([]); // not within half a second
    await b.pass(500);
    await b.send({ type: 'answer.asked' });
    expect([caller.acts, b.work().case?.id]).toEqual([['answer'], 'DEMO-07']);
    caller.record.end({ reason: 'HUNG_UP', by: 'OTHER' });
    await b.settle();
    expect(b.context().restored.map(({ case: case_ }) => case_?.id)).toEqual(['DEMO-01-B']);
    await b.breakOff(currentStepId(b));
    await b.send({ type: 'wrapUp.confirmed' });
    expect([b.work().case?.id, b.work().wrapUp?.note]).toEqual(['DEMO-01-B', 'half a note']);
  });

  it('that nobody takes is a missed call, and the wrap-up has not moved', async () => {
    const b = await inWrapUp();
    const before = b.context().work;
    const caller = b.incoming('15400000007');
    await b.settle();
    caller.record.end({ reason: 'CANCELLED', by: 'OTHER' });
    await b.settle();
    expect([b.context().waiting, b.context().work]).toEqual([null, before]);
    expect(b.of('followUp.requested').some(({ caseId }) => caseId === 'DEMO-07')).toBe(true);
  });

  it('goes on ringing when the result is confirmed meanwhile', async () => {
    const b = await inWrapUp();
    const caller = b.incoming('15400000007');
    await b.settle();
    await b.send({ type: 'result.chosen', result: 'NO_ANSWER' }, { type: 'wrapUp.confirmed' });
    expect(b.state().matches('arriving')).toBe(true);
    await b.pass(500);
    await b.send({ type: 'answer.asked' });
    expect(caller.acts).toEqual(['answer']);
  });

  it('hears busy while a second one is ringing already, and during a call whatever the profile says', async () => {
    const b = await inWrapUp();
    b.incoming('15400000007');
    await b.settle();
    expect(b.incoming('15400000006').acts).toEqual(['hangUp']);
    const talking = bench(cases, waiting);
    await talking.talk();
    expect(talking.incoming('15400000007').acts).toEqual(['hangUp']);
  });

  it('hears busy in preview where the profile says so', async () => {
    const b = bench(cases, { callWaiting: { preview: 'BUSY', wrapUp: 'BUSY' } });
    await b.settle();
    expect(b.state().matches('preview')).toBe(true);
    expect(b.incoming('15400000007').acts).toEqual(['hangUp']);
  });

  it('hears busy in wrap-up, where the profile says so or nothing, and on a break; each becomes a task, and nothing moves', async () => {
    for (const [moment, changes] of [
      ['wrapUp', {}],
      ['wrapUp', { callWaiting: { preview: 'RING', wrapUp: 'BUSY' } }],
      ['break', { callWaiting: { preview: 'RING', wrapUp: 'RING' } }],
    ] as const) {
      const { b, look, missed } = deskWith(changes);
      await b.send({ type: 'case.chosen', caseId: 'DEMO-01-B' });
      if (moment === 'break') await b.send({ type: 'break.started', reason: 'REST' });
      else {
        await b.send({ type: 'dial.asked' });
        b.far().record.tell({ type: 'call.ringing' });
        await b.pass(40_000);
        await b.send({ type: 'hangUp.asked' });
      }
      const [value, work] = [b.state().value, b.context().work];
      const caller = b.incoming('15400000007');
      await b.settle();
      expect([moment, caller.acts, b.context().waiting]).toEqual([moment, ['hangUp'], null]);
      expect([b.state().value, b.context().work]).toEqual([value, work]);
      await look();
      expect(missed()).toMatchObject([{ caseId: 'DEMO-07', number: '15400000007', due: b.now() + 600_000 }]);
    }
  });
});

describe('passing a call on', () => {
  it('goes to numbers of the list only: anything else is not even asked of the phone', async () => {
    const b = bench(cases);
    await b.talk();
    await b.send({ type: 'transfer.asked', number: '13800138000' }, { type: 'consult.asked', number: '8009' });
    expect(b.far().acts).toEqual([]);
    await b.send({ type: 'transfer.asked', number: '8001' });
    expect(b.far().acts).toEqual(['transfer 8001']);
  });

  it('stands in the entry that ends the attempt', async () => {
    const b = bench(cases);
    await b.talk();
    const { call } = b.far();
    const facts = call.facts;
    call.facts = () => ({ ...facts(), transfers: [{ to: '8001', how: 'BLIND', result: 'DONE' }] });
    await b.otherHangsUp();
    expect(b.of('attempt.ended')[0]?.body.transfers).toEqual([{ to: '8001', how: 'BLIND', result: 'DONE' }]);
    expect(scriptedCall('in', '1', b.now).call.facts().transfers).toBeUndefined();
  });
});
