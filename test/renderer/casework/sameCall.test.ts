import { describe, expect, it } from 'vitest';
import type { EntryHeader } from '#shared/journal/entry.ts';
import { currentStep } from '#shared/script/scriptMachine.ts';
import { restoreWork } from '../../../renderer/casework/attempt.ts';
import { employeesOnCall } from '../../../renderer/casework/sameCall.ts';
import { evidenceLines, proposalOf } from '../../../renderer/casework/wrapUp.ts';
import { type Bench, bench, demoCase, start } from './bench.ts';
import { colleague, deskWaits, first, isThere, namesAnotherFirm, second, third, unaware } from './desk.ts';

const goOn = (b: Bench, caseId = second.id) => b.send({ type: 'employee.chosen', caseId });
const offered = (b: Bench) => employeesOnCall(b.context()).map(({ case: { id } }) => id);
const step = (b: Bench) => {
  const { conversation } = b.work();
  return conversation && currentStep(conversation.snapshot, conversation.script)?.id;
};

describe('several employees of one employer in one call', () => {
  it('the next one’s attempt begins durable together with the result of the one before, in the call that is up', async () => {
    const b = await deskWaits();
    const [before] = b.of('attempt.started');
    const already = b.facts.length;
    await b.pass(7_000);
    await goOn(b);
    expect(b.kinds().slice(already, already + 2)).toEqual(['attempt.ended', 'disposition.recorded']);
    expect(b.kinds().at(-1)).toBe('attempt.started');
    const [, next] = b.of('attempt.started');
    const [end] = b.of('attempt.ended');
    expect(end).toMatchObject({
      caseId: first.id,
      body: { attempt: before?.body.attempt, continuedBy: next?.body.attempt, talkedSeconds: 37, rangSeconds: 5 },
    });
    expect(b.of('disposition.recorded')[0]).toMatchObject({
      caseId: first.id,
      body: {
        callResult: { proposed: 'ANSWERED', confirmed: 'ANSWERED' },
        disposition: { code: 'RESPONDENT_UNAWARE' },
      },
    });
    expect(next).toMatchObject({
      caseId: second.id,
      body: {
        continues: before?.body.attempt,
        number: '02600000001',
        permit: { caseId: second.id, number: '02600000001', check: 'TWO_SOURCES', attemptNumber: 1 },
      },
    });
    expect(b.dialled).toHaveLength(1);
    expect(b.state().matches({ working: { conversation: 'live', paper: 'script' } })).toBe(true);
    expect(b.work().case?.id).toBe(second.id);
    expect(step(b)).toBe('employer.opening');
  });

  it('the last one has the end of the call, and its own seconds of it only', async () => {
    const b = await deskWaits([second, third]);
    await goOn(b);
    await b.pass(12_000);
    await unaware(b);
    await goOn(b, third.id);
    await b.pass(20_000);
    await b.otherHangsUp();
    expect(b.of('attempt.ended').map(({ body }) => [body.talkedSeconds, body.ended.by])).toEqual([
      [30, 'AGENT'],
      [12, 'AGENT'],
      [20, 'OTHER'],
    ]);
    expect(b.of('attempt.ended').map(({ body }) => body.rangSeconds)).toEqual([5, 0, 0]);
    expect(b.of('attempt.started').map(({ body }) => body.continues)).toEqual([
      undefined,
      ...b
        .of('attempt.started')
        .slice(0, 2)
        .map(({ body }) => body.attempt),
    ]);
    expect(proposalOf(b.work())).toMatchObject({ result: 'ANSWERED' });
    expect(b.dialled).toHaveLength(1);
  });

  it('both results stand, the first one is not taken back any more, and the last one is', async () => {
    const b = await deskWaits();
    await goOn(b);
    await b.send({ type: 'takeBack.asked' });
    await unaware(b);
    await b.send({ type: 'hangUp.asked' }, { type: 'wrapUp.confirmed' });
    expect(b.of('disposition.recorded').map(({ caseId }) => caseId)).toEqual([first.id, second.id]);
    expect(b.of('amended')).toEqual([]);
    expect(b.context().work).toBeNull();
    expect(b.context().takeBack?.work.case?.id).toBe(second.id);
  });

  it('is all or none: what could not be saved leaves the wrap-up as it was, and the same key tries again', async () => {
    const b = await deskWaits();
    const already = b.facts.length;
    await b.send({ type: 'note.typed', text: '前台不了解' });
    b.refuse();
    await goOn(b);
    expect(b.facts).toHaveLength(already);
    expect(b.context().problem?.sentence.zh).toContain('没有存上');
    expect(b.state().matches({ working: { conversation: 'live', paper: 'wrapUp' } })).toBe(true);
    expect(b.work()).toMatchObject({ case: { id: first.id }, wrapUp: { note: '前台不了解' }, endedCall: null });
    await goOn(b);
    expect(b.work().case?.id).toBe(second.id);
    expect(b.of('attempt.ended')).toHaveLength(1);
    expect(b.of('disposition.recorded')[0]?.body.note).toBe('前台不了解');
    expect(b.context().problem).toBeNull();
  });

  it('when they hang up while that is being saved, it is the next one’s call that ended', async () => {
    const b = await deskWaits();
    const release = b.hold();
    await goOn(b);
    await b.pass(2_000);
    await b.otherHangsUp();
    expect(b.of('attempt.ended')).toEqual([]);
    release();
    await b.settle();
    const [, next] = b.of('attempt.started');
    expect(b.of('attempt.ended').map(({ caseId, body }) => [caseId, body.ended.by, body.talkedSeconds])).toEqual([
      [first.id, 'AGENT', 30],
      [second.id, 'OTHER', 2],
    ]);
    expect(b.work()).toMatchObject({ attempt: next?.body.attempt, endRecorded: true });
    await b.breakOff('employer.opening');
    expect(proposalOf(b.work())).toMatchObject({ result: 'ANSWERED_DROPPED' });
  });

  it('when they hang up while that cannot be saved, it is the end of the one before, recorded once', async () => {
    const b = await deskWaits();
    b.refuse();
    const release = b.hold();
    await goOn(b);
    await b.otherHangsUp();
    release();
    await b.settle();
    expect(b.of('attempt.ended').map(({ caseId, body }) => [caseId, body.ended.by, body.continuedBy])).toEqual([
      [first.id, 'OTHER', undefined],
    ]);
    expect(b.of('attempt.started')).toHaveLength(1);
    await b.send({ type: 'wrapUp.confirmed' });
    expect(b.of('disposition.recorded')).toHaveLength(1);
  });

  it('asks of the result what confirming asks, except that the call is over', async () => {
    const b = bench([first, second]);
    await b.send({ type: 'case.chosen', caseId: first.id });
    await b.talk();
    await isThere(b, 'hr', 'yes');
    await b.answer('employer.status', { 'employment.status': { as: 'left' } });
    await b.answer('employer.leftOn', { 'employment.leftOn': { text: '2026年9月' } });
    await b.answer('employer.close');
    await b.send({ type: 'outcome.chosen', code: 'LEFT_JOB', sub: null });
    const open = evidenceLines(b.work())[0];
    if (!open) throw new Error('this result wants evidence');
    await b.send({ type: 'evidence.typed', key: open.key, text: ' ' });
    await goOn(b);
    expect(b.context().problem?.sentence.zh).toContain('依据');
    expect(b.of('attempt.started')).toHaveLength(1);
    await b.send({ type: 'evidence.typed', key: open.key, text: '2026年9月' });
    await goOn(b);
    expect(b.context().handled.get(first.id)?.finished).toBe(true);
    expect(b.work().case?.id).toBe(second.id);
  });

  it('where the deciding answer lies in the recording is counted from the beginning of the call', async () => {
    const b = await deskWaits([colleague('DEMO-23-E')], {});
    await goOn(b, 'DEMO-23-E');
    await b.pass(60_000);
    await namesAnotherFirm(b);
    await b.send({ type: 'outcome.chosen', code: 'WRONG_EMPLOYER', sub: 'UNKNOWN' });
    expect(evidenceLines(b.work()).find(({ key }) => key === 'recordingMark')?.value).toBe('1:30');
  });
});

describe('who may be next in the call', () => {
  it('are the open cases of this employer with this number, the most urgent first', async () => {
    const sooner = colleague('DEMO-24-E', { deadline: new Date(start).toISOString() });
    const [desk] = second.contacts;
    const elsewhere = colleague('DEMO-25-E', {
      contacts: [{ ...desk!, number: '026-0000-0077', sources: [] as never }],
    });
    const otherFirm = colleague('DEMO-26-E', { file: { ...first.file, 'employer.name': '云朵牙刷机械有限公司' } });
    const b = await deskWaits([second, sooner, elsewhere, otherFirm, demoCase('DEMO-01-B')]);
    expect(offered(b)).toEqual([sooner.id, second.id]);
  });

  it('nobody of a number or case that is not to be called, nobody after the lease, and nobody twice', async () => {
    const [desk] = second.contacts;
    const barred = await deskWaits([colleague('DEMO-27-E', { contacts: [{ ...desk!, status: 'WRONG_PERSON' }] })]);
    expect(offered(barred)).toEqual([]);
    const disputed = {
      ...desk!,
      sources: [...desk!.sources, { source: 'BORROWER' as const, number: '026-0000-0088' }],
    };
    expect(offered(await deskWaits([colleague('DEMO-28-E', { contacts: [disputed] })]))).toEqual([]);
    const over = { leaseEnd: (id: string) => (id === second.id ? start - 1 : start + 86_400_000) };
    expect(offered(await deskWaits([second], over))).toEqual([]);
    const b = await deskWaits();
    await goOn(b);
    await unaware(b);
    expect(b.context().handled.get(first.id)?.finished).toBe(false);
    expect(offered(b)).toEqual([]);
  });

  it('nobody once they hung up, and nobody from whom nothing more is to be had', async () => {
    const b = await deskWaits();
    await b.otherHangsUp();
    expect(offered(b)).toEqual([]);
    const already = b.facts.length;
    await goOn(b);
    expect(b.facts).toHaveLength(already);
    const refused = bench([first, second]);
    await refused.send({ type: 'case.chosen', caseId: first.id });
    await refused.talk();
    await refused.answer('employer.opening');
    await refused.send({ type: 'exit.chosen', step: 'employer.name', exit: 'refusal' });
    await refused.answer('employer.refusal', {
      'refusal.kind': { as: 'doNotCall' },
      'refusal.reason': { as: 'noTime' },
    });
    await refused.send({ type: 'outcome.chosen', code: 'DO_NOT_CALL', sub: null });
    expect(refused.state().matches({ working: { paper: 'wrapUp' } })).toBe(true);
    expect(offered(refused)).toEqual([]);
  });
});

describe('a station that died with the second employee', () => {
  it('has the first one closed with its result, and the second one interrupted', async () => {
    const b = await deskWaits();
    await goOn(b);
    await b.answer('employer.opening');
    const header = { at: new Date(start).toISOString(), clockOffset: 0 } as EntryHeader; // as: all that is read of it
    const own = b.facts
      .filter(({ body }) => 'attempt' in body && body.attempt === b.work().attempt)
      .map((fact) => ({ header, fact }));
    expect(own.map(({ fact }) => fact.kind)).toEqual(['attempt.started', 'step.recorded']);
    const again = bench([first, second]);
    const work = restoreWork(own, (id) => [first, second].find((one) => one.id === id), again.input);
    if (!work) throw new Error('nothing was restored');
    await again.send({ type: 'attempt.restored', work });
    expect(again.of('attempt.ended')).toMatchObject([
      { caseId: second.id, body: { ended: { reason: 'INTERRUPTED' } } },
    ]);
    expect(again.work().conversation?.moves).toHaveLength(1);
    expect(offered(again)).toEqual([]);
  });
});
