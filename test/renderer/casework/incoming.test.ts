import { describe, expect, it } from 'vitest';
import { answerableAfterMs } from '../../../renderer/casework/caseworkMachine.ts';
import { worklist } from '../../../renderer/casework/worklist.ts';
import { bench, demoCase, scriptedCall, start, unanswered } from './bench.ts';

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

  it('of an employer, whose number the borrower told, goes to the employer’s case first', async () => {
    const told = { ...demoCase('DEMO-03-E').contacts[0]!, id: 'told-1', number: '026-0000-0023' };
    const toldIn = (id: string) => demoCase(id, { contacts: [...demoCase(id).contacts, told] });
    const b = bench([toldIn('DEMO-03-B'), toldIn('DEMO-03-E')]);
    expect(b.context().selected).toBe('DEMO-03-B');
    b.incoming('02600000023');
    await b.pass(1_000);
    await b.send({ type: 'answer.asked' });
    expect(b.work().case?.id).toBe('DEMO-03-E');
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

  it('the station gave up after its minute is missed just so, and stands in the journal as ended by the station', async () => {
    const b = bench(cases);
    const caller = b.incoming('15400000007');
    await b.pass(60_000);
    caller.record.end({ reason: 'REFUSED', by: 'STATION', sipStatus: 480 });
    await b.settle();
    expect(b.of('attempt.ended')[0]?.body.ended).toEqual({ reason: 'REFUSED', by: 'STATION', sipStatus: 480 });
    expect(b.of('disposition.recorded')[0]?.body.callResult.confirmed).toBe('MISSED_INCOMING');
    expect(b.of('followUp.requested')[0]?.body.followUp.kind).toBe('CALL_BACK_MISSED');
    expect(b.state().matches('preview')).toBe(true);
  });

  it('is turned away when the agent hangs up, and recorded as missed', async () => {
    const b = bench(cases);
    const caller = b.incoming('15400000007');
    await b.send({ type: 'hangUp.asked' });
    expect(caller.acts).toEqual(['hangUp']);
    expect(b.kinds()).toContain('disposition.recorded');
    expect(b.state().matches('preview')).toBe(true);
  });

  it.each(['wrap-up', 'break', 'starting', 'talking', 'another call ringing'])(
    'hears busy during: %s, and is a missed call of its case with the task to call back',
    async (situation) => {
      const b = bench(cases);
      let release: () => void = () => undefined;
      if (situation === 'wrap-up') await unanswered(b);
      if (situation === 'break') await b.send({ type: 'break.started', reason: 'REST' });
      if (situation === 'talking') await b.talk();
      if (situation === 'starting') {
        release = b.hold();
        await b.send({ type: 'dial.asked' });
      }
      if (situation === 'another call ringing') b.incoming('15400000006');
      const before = b.state().value;
      const caller = b.incoming('15400000007');
      expect(caller.acts).toEqual(['hangUp']);
      expect(b.state().value).toEqual(before);
      release();
      await b.settle();
      const missed = b.facts.filter((fact) => fact.caseId === 'DEMO-07');
      expect(missed.map((fact) => fact.kind)).toEqual([
        'attempt.started',
        'attempt.ended',
        'disposition.recorded',
        'followUp.requested',
      ]);
      expect(missed[0]?.body).toMatchObject({ direction: 'in', contact: 'mobile', number: '15400000007' });
      expect(missed[1]?.body).toMatchObject({ ended: { reason: 'REFUSED', by: 'STATION' } });
      expect(missed[3]?.body).toMatchObject({ followUp: { kind: 'CALL_BACK_MISSED', contact: 'mobile' } });
      expect(b.context().handled.get('DEMO-07')).toMatchObject({ finished: false, notBefore: null });
    },
  );

  it('that the phone turned away itself, for a call was up, is missed as the phone tells it', async () => {
    const b = bench(cases);
    await b.talk();
    const caller = scriptedCall('in', '13900000000', b.now);
    caller.record.end({ reason: 'REFUSED', by: 'STATION', sipStatus: 486 });
    await b.send({ type: 'incoming.arrived', call: caller.call });
    const ended = b.of('attempt.ended');
    expect(ended.map((fact) => [fact.caseId, fact.body.ended.sipStatus])).toEqual([[undefined, 486]]);
    expect(b.of('followUp.requested').map((fact) => fact.body.followUp.kind)).toEqual(['CALL_BACK_MISSED']);
    expect(b.far().acts).toEqual([]);
  });

  it('of a finished case, missed, does not open that case again', async () => {
    const b = bench(cases);
    const finished = new Map([['DEMO-07', { finished: true, notBefore: null, appointment: null }]]);
    await b.send({ type: 'cases.changed', cases, handled: finished }, { type: 'break.started', reason: 'REST' });
    b.incoming('15400000007');
    await b.settle();
    expect(b.kinds()).toContain('followUp.requested');
    expect(b.context().handled.get('DEMO-07')?.finished).toBe(true);
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
