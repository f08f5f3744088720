import { describe, expect, it } from 'vitest';
import { answerableAfterMs } from '../../../renderer/casework/caseworkMachine.ts';
import { worklist } from '../../../renderer/casework/worklist.ts';
import { bench, demoCase, start, unanswered } from './bench.ts';

const cases = [demoCase('DEMO-01-B'), demoCase('DEMO-07'), demoCase('DEMO-06')];

describe('an incoming call', () => {
  it('cannot be answered by accident before it has rung half a second', async () => {
    const b = bench(cases);
    const caller = b.incoming('15400000007');
    await b.pass(answerableAfterMs - 1);
    await b.send({ type: 'answer.asked' });
    expect([caller.acts, b.log]).toEqual([[], []]);
    await b.pass(1);
    await b.send({ type: 'answer.asked' });
    expect(caller.acts).toEqual(['answer']);
  });

  it('is an attempt of the case its number fits, recorded before it is taken', async () => {
    const b = bench(cases);
    const caller = b.incoming('15400000007');
    await b.pass(1_000);
    const release = b.hold();
    await b.send({ type: 'answer.asked' });
    expect(caller.acts).toEqual([]);
    release();
    await b.settle();
    expect(caller.acts).toEqual(['answer']);
    expect(b.of('attempt.started')[0]).toMatchObject({
      caseId: 'DEMO-07',
      body: { direction: 'in', contact: 'mobile' },
    });
    expect(b.of('attempt.started')[0]?.body.permit).toBeUndefined();
    expect(b.state().matches({ working: { paper: 'script' } })).toBe(true);
  });

  it('goes to the candidate the agent chose', async () => {
    const two = [demoCase('DEMO-01-B'), demoCase('DEMO-07', { contacts: demoCase('DEMO-01-B').contacts })];
    const b = bench(two);
    b.incoming('+8615400000001');
    await b.send({ type: 'candidate.chosen', caseId: 'DEMO-07' });
    await b.pass(1_000);
    await b.send({ type: 'answer.asked' });
    expect(b.work().case?.id).toBe('DEMO-07');
  });

  it.each(['', '13900000000', '********', '9'.repeat(40)])(
    'of nobody known («%s») is worked without a case',
    async (number) => {
      const b = bench(cases);
      const caller = b.incoming(number);
      await b.pass(1_000);
      await b.send({ type: 'answer.asked' });
      await b.pass(20_000);
      caller.record.end({ reason: 'HUNG_UP', by: 'OTHER' });
      await b.settle();
      expect(b.work().case).toBeNull();
      await b.send({ type: 'wrapUp.confirmed' });
      expect(b.kinds()).toEqual(['attempt.started', 'attempt.ended', 'disposition.recorded']);
      expect(b.facts.every((fact) => fact.caseId === undefined)).toBe(true);
    },
  );

  it('nobody took becomes the facts of a missed call and a task to be done within ten minutes, now', async () => {
    const b = bench(cases);
    await b.send({ type: 'case.chosen', caseId: 'DEMO-01-B' });
    const caller = b.incoming('15400000007');
    await b.pass(12_000);
    caller.record.end({ reason: 'CANCELLED', by: 'OTHER' });
    await b.settle();
    expect(b.kinds()).toEqual(['attempt.started', 'attempt.ended', 'disposition.recorded', 'followUp.requested']);
    expect(b.facts.every((fact) => fact.caseId === 'DEMO-07')).toBe(true);
    expect(b.of('disposition.recorded')[0]?.body).toMatchObject({
      by: 'SYSTEM',
      callResult: { confirmed: 'MISSED_INCOMING' },
    });
    expect(b.of('followUp.requested')[0]?.body.followUp).toMatchObject({
      kind: 'CALL_BACK_MISSED',
      due: new Date(start + 12_000 + 600_000).toISOString(),
    });
    expect(b.context()).toMatchObject({ selected: 'DEMO-01-B', call: null });
    const list = worklist(b.context().cases, b.context().handled, b.now());
    expect(list.find((item) => item.case.id === 'DEMO-07')?.group).toBe('NEXT');
  });

  it('is turned away when the agent hangs up, and recorded as missed', async () => {
    const b = bench(cases);
    const caller = b.incoming('15400000007');
    await b.send({ type: 'hangUp.asked' });
    expect(caller.acts).toEqual(['hangUp']);
    expect(b.kinds()).toContain('disposition.recorded');
    expect(b.state().matches('preview')).toBe(true);
  });

  it.each(['wrap-up', 'break', 'another call ringing'])('hears busy during: %s', async (situation) => {
    const b = bench(cases);
    if (situation === 'wrap-up') await unanswered(b);
    if (situation === 'break') await b.send({ type: 'break.started', reason: 'REST' });
    if (situation === 'another call ringing') b.incoming('15400000006');
    const caller = b.incoming('15400000007');
    expect(caller.acts).toEqual(['hangUp']);
  });

  it('whose start cannot be saved goes on ringing, is not taken, and can be taken again', async () => {
    const b = bench(cases);
    const caller = b.incoming('15400000007');
    await b.pass(1_000);
    b.refuse();
    await b.send({ type: 'answer.asked' });
    expect([caller.acts, b.state().matches('arriving'), b.context().work]).toEqual([[], true, null]);
    expect(b.context().problem?.category).toBe('storage');
    await b.send({ type: 'answer.asked' });
    expect(caller.acts).toEqual(['answer']);
  });

  it('leads back to the case that was open when it came', async () => {
    const b = bench(cases);
    await b.send({ type: 'case.chosen', caseId: 'DEMO-01-B' });
    const caller = b.incoming('15400000006');
    await b.pass(1_000);
    await b.send({ type: 'answer.asked' });
    await b.pass(20_000);
    caller.record.end({ reason: 'HUNG_UP', by: 'OTHER' });
    await b.settle();
    await b.send({ type: 'disposition.chosen', code: 'VERIFIED', sub: null }, { type: 'wrapUp.confirmed' });
    expect(b.of('disposition.recorded')[0]?.caseId).toBe('DEMO-06');
    expect(b.context().selected).toBe('DEMO-01-B');
  });
});
