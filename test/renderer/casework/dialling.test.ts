import { describe, expect, it } from 'vitest';
import { practiceHeaders } from '../../../renderer/casework/practiceNote.ts';
import { phoneProblem } from '../../../renderer/phone/phoneProblems.ts';
import { type Bench, bench, demoCase, start, unanswered } from './bench.ts';

const decision = { number: '026-0000-0004', account: 'L002' };

describe('before the dial', () => {
  it('attempt.started is durable before the INVITE leaves', async () => {
    const b = bench();
    const release = b.hold();
    await b.send({ type: 'dial.asked' });
    expect(b.state().matches('starting')).toBe(true);
    expect(b.log).toEqual([]);
    release();
    await b.settle();
    expect(b.log).toEqual(['attempt.started', 'INVITE']);
    const [started] = b.of('attempt.started');
    expect(started?.body.attempt).toBe(b.dialled[0]?.attempt);
    expect(started?.body.permit).toEqual(b.dialled[0]?.permit);
    expect(started?.body.caseRevision).toBe(demoCase('DEMO-01-B').revision);
  });

  it('a record that fails dials nothing, says why, and the same key tries again', async () => {
    const b = bench();
    b.refuse();
    await b.send({ type: 'dial.asked' });
    expect(b.dialled).toEqual([]);
    expect(b.state().matches('preview')).toBe(true);
    expect(b.context().problem?.sentence.zh).toContain('再试一次');
    await b.send({ type: 'dial.asked' });
    expect(b.log).toEqual(['attempt.started', 'INVITE']);
    expect(b.context().problem).toBeNull();
  });

  it('given up between the key and the INVITE, the call is hung up as soon as there is one', async () => {
    const b = bench();
    const release = b.hold();
    await b.send({ type: 'dial.asked' });
    await b.send({ type: 'hangUp.asked' });
    expect(b.state().matches('starting')).toBe(true);
    release();
    await b.settle();
    expect(b.dialled[0]?.far.acts).toEqual(['hangUp']);
    expect(b.of('attempt.ended').map((fact) => fact.body.ended)).toMatchObject([{ reason: 'CANCELLED', by: 'AGENT' }]);
    expect(b.context().work?.wrapUp).not.toBeNull();
  });

  it('two presses of the dial key dial once', async () => {
    const b = bench();
    b.actor.send({ type: 'dial.asked' });
    b.actor.send({ type: 'dial.asked' });
    await b.settle();
    expect(b.dialled).toHaveLength(1);
  });

  it('sources that disagree are recorded as a block, and nothing is dialled', async () => {
    const b = bench([demoCase('DEMO-04')]);
    await b.send({ type: 'dial.asked' });
    expect(b.dialled).toEqual([]);
    expect(b.of('dial.blocked').map((fact) => fact.body.rule)).toContain('source.disagrees');
    expect(b.of('dial.blocked')[0]?.body.sources).toEqual(['APPLICATION_FORM', 'FORM_IMAGE']);
    expect(b.context().problem?.category).toBe('input');
  });

  it('the number a second person decided for is dialled, with who it was; what they lifted is recorded although nobody dialled before', async () => {
    const b = bench([demoCase('DEMO-04')]);
    await b.send({ type: 'number.decided', caseId: 'DEMO-04', contact: 'employer', decision });
    expect(b.of('dial.blocked').map((fact) => fact.body.rule)).toEqual(['source.disagrees']);
    await b.send({ type: 'dial.asked' });
    const permit = { number: '02600000004', source: 'FORM_IMAGE', check: 'SECOND_PERSON', confirmedBy: 'L002' };
    expect(b.dialled[0]?.permit).toMatchObject(permit);
    expect(b.of('attempt.started')[0]?.body).toMatchObject({ number: '02600000004', permit });
  });

  it('what a second person decided holds for its case and contact only, and is gone once they were left', async () => {
    const b = bench([demoCase('DEMO-04'), demoCase('DEMO-01-B')]);
    await b.send({ type: 'case.chosen', caseId: 'DEMO-01-B' });
    await b.send({ type: 'number.decided', caseId: 'DEMO-04', contact: 'employer', decision });
    expect([b.context().check?.decided, b.facts]).toEqual([undefined, []]);
    for (const leave of [
      { type: 'case.chosen', caseId: 'DEMO-01-B' },
      { type: 'contact.chosen', contact: 'employer' },
    ] as const) {
      await b.send({ type: 'case.chosen', caseId: 'DEMO-04' });
      await b.send({ type: 'number.decided', caseId: 'DEMO-04', contact: 'employer', decision });
      await b.send({ type: 'cases.changed', cases: [demoCase('DEMO-04'), demoCase('DEMO-01-B')] });
      expect(b.context().check?.decided).toEqual(decision);
      await b.send(leave);
      expect(b.context().check?.decided).toBeUndefined();
      await b.send({ type: 'case.chosen', caseId: 'DEMO-04' }, { type: 'dial.asked' });
      expect(b.dialled).toEqual([]);
    }
  });

  it('a number typed off the form is dialled when it agrees, however it is written', async () => {
    const b = bench([demoCase('DEMO-05')]);
    await b.send({ type: 'number.typed', text: '０２６ 0000－0005' }, { type: 'dial.asked' });
    expect(b.dialled[0]?.permit).toMatchObject({ number: '02600000005', check: 'TYPED_FROM_FORM' });
  });

  it('a number typed wrongly three times needs a second person, and looking elsewhere gives no new tries', async () => {
    const b = bench([demoCase('DEMO-05'), demoCase('DEMO-01-B')]);
    await b.send({ type: 'case.chosen', caseId: 'DEMO-05' });
    const wrongly = () => b.send({ type: 'number.typed', text: '026-0000-0006' }, { type: 'dial.asked' });
    await wrongly();
    expect(b.context().check).toMatchObject({ typed: '', wrongTries: 1 });
    await wrongly();
    await b.send({ type: 'case.chosen', caseId: 'DEMO-01-B' }, { type: 'case.chosen', caseId: 'DEMO-05' });
    expect(b.context().check?.wrongTries).toBe(2);
    await b.send({ type: 'contact.chosen', contact: 'employer' });
    await wrongly();
    await b.send({ type: 'number.typed', text: '026-0000-0005' }, { type: 'dial.asked' });
    expect(b.dialled).toEqual([]);
    expect(b.of('dial.blocked').map((fact) => fact.body.rule)).toEqual([
      'number.typedDiffers',
      'number.typedDiffers',
      'number.typedDiffers',
      'number.typedTooOften',
    ]);
  });

  it('nothing is dialled outside of the lease or on a break, and a break is an entry', async () => {
    const late = bench(undefined, { leaseEnd: () => undefined });
    await late.send({ type: 'dial.asked' });
    expect([late.dialled, late.context().problem?.code]).toEqual([[], 'DIAL_BLOCKED']);

    const b = bench();
    await b.send({ type: 'break.started', reason: 'MEAL' }, { type: 'dial.asked' });
    expect(b.log).toEqual(['break.started']);
    expect(b.context().onBreak).toEqual({ reason: 'MEAL', since: start });
    await b.send({ type: 'break.ended' }, { type: 'dial.asked' });
    expect(b.log).toEqual(['break.started', 'break.ended', 'attempt.started', 'INVITE']);
  });

  it('skipping a case needs a reason, is recorded, and shows the next one', async () => {
    const b = bench([demoCase('DEMO-01-B'), demoCase('DEMO-07')]);
    await b.send({ type: 'case.skipped', reason: '  ' });
    expect([b.log, b.context().selected]).toEqual([[], 'DEMO-01-B']);
    await b.send({ type: 'case.skipped', reason: ' 等客户经理 ' });
    expect(b.of('case.skipped')).toEqual([
      { kind: 'case.skipped', caseId: 'DEMO-01-B', body: { reason: '等客户经理' } },
    ]);
    expect(b.context().selected).toBe('DEMO-07');
  });

  it('a block is recorded when it is a finding about the number, not when the hour or the lease forbids', async () => {
    const late = bench([demoCase('DEMO-04')], { leaseEnd: () => undefined });
    await late.send({ type: 'dial.asked' });
    expect(late.of('dial.blocked').map((fact) => fact.body.rule)).toEqual(['source.disagrees']);
    const barred = demoCase('DEMO-01-B');
    const contacts = barred.contacts.map((contact) => ({ ...contact, status: 'DO_NOT_CALL' as const }));
    const b = bench([{ ...barred, contacts }], { practice: false });
    await b.send({ type: 'dial.asked' });
    expect(b.of('dial.blocked').map((fact) => fact.body.rule)).toEqual(['demo.realLine', 'contact.doNotCall']);
  });

  it('a kind that has a script is not dialled while that script is recalled; one that has none is', async () => {
    const b = bench([demoCase('DEMO-01-B')], { scriptOf: () => undefined });
    await b.send({ type: 'dial.asked' });
    expect([b.dialled, b.facts]).toEqual([[], []]);
    expect(b.context().problem?.sentence.en).toContain('script of this kind of case was recalled');
    const without = bench([demoCase('DEMO-12')], { scriptOf: () => undefined });
    await without.send({ type: 'dial.asked' });
    expect(without.dialled).toHaveLength(1);
  });

  it('a phone that refuses after the start was recorded leaves no open attempt: it goes to wrap-up as failed', async () => {
    const phone = {
      ...bench().input.phone,
      dial: () => {
        throw new Error('the user agent is stopped');
      },
    };
    const b = bench([demoCase('DEMO-01-B'), demoCase('DEMO-07')], { phone });
    await b.send({ type: 'dial.asked' });
    expect(b.state().matches({ working: { conversation: 'over', paper: 'wrapUp' } })).toBe(true);
    expect(b.of('attempt.ended')[0]?.body.ended).toEqual({ reason: 'FAILED', by: 'STATION' });
    expect(b.context().problem?.code).toBe('NOT_DIALLED');
    await b.send({ type: 'result.chosen', result: 'STATION_FAULT' }, { type: 'wrapUp.confirmed' });
    expect(b.kinds().slice(0, 3)).toEqual(['attempt.started', 'attempt.ended', 'disposition.recorded']);
    expect(b.context()).toMatchObject({ work: null, selected: 'DEMO-07' });
  });

  it('a call the station could not make says what to do about it, in the wrap-up and until it is confirmed', async () => {
    const b = bench([demoCase('DEMO-01-B'), demoCase('DEMO-07')]);
    await b.send({ type: 'dial.asked' });
    const { sentence } = phoneProblem('MICROPHONE_DENIED');
    b.far().record.end({ reason: 'NO_MICROPHONE', by: 'STATION' }, sentence);
    await b.settle();
    expect(b.state().matches({ working: { conversation: 'over', paper: 'wrapUp' } })).toBe(true);
    expect(b.context().problem?.sentence).toEqual(sentence);
    await b.send({ type: 'wrapUp.confirmed' });
    expect(b.context()).toMatchObject({ work: null, problem: null, selected: 'DEMO-07' });
  });

  it('a number is shown in full only after it is an entry that it was looked at, and that once', async () => {
    const b = bench();
    const unmask = { type: 'number.unmasked', contact: 'mobile' } as const;
    const release = b.hold();
    await b.send(unmask, unmask);
    expect([...b.context().unmasked]).toEqual([]);
    release();
    await b.settle();
    await b.send(unmask);
    expect([...b.context().unmasked]).toEqual(['mobile']);
    expect(b.of('value.unmasked').map((fact) => fact.body)).toEqual([{ what: 'NUMBER', contact: 'mobile' }]);
  });

  it('a look that cannot be recorded shows nothing and says so', async () => {
    const b = bench();
    b.refuse();
    await b.send({ type: 'number.unmasked', contact: 'mobile' });
    expect([b.facts, [...b.context().unmasked]]).toEqual([[], []]);
    expect(b.context().problem?.category).toBe('storage');
    await b.send({ type: 'number.unmasked', contact: 'mobile' });
    expect([...b.context().unmasked]).toEqual(['mobile']);
  });

  it('a number unmasked in one case is not unmasked in the next, not even when its entry came late', async () => {
    const b = bench([demoCase('DEMO-01-B'), demoCase('DEMO-07')]);
    await b.send({ type: 'number.unmasked', contact: 'mobile' }, { type: 'case.chosen', caseId: 'DEMO-07' });
    expect([...b.context().unmasked]).toEqual([]);
    const release = b.hold();
    await b.send({ type: 'number.unmasked', contact: 'mobile' }, { type: 'case.chosen', caseId: 'DEMO-01-B' });
    release();
    await b.settle();
    expect([b.of('value.unmasked').length, b.context().unmasked.size]).toEqual([2, 0]);
  });

  it('facts nobody waits for are kept when they fail and tried again by themselves, in order', async () => {
    const b = bench();
    b.refuse(2);
    await b.send({ type: 'break.started', reason: 'MEAL' });
    await b.send({ type: 'break.ended' });
    expect([b.log, b.context().problem?.category]).toEqual([[], 'storage']);
    await b.pass(5_000);
    expect(b.log).toEqual([]);
    await b.pass(5_000);
    expect(b.log).toEqual(['break.started', 'break.ended']);
    expect(b.context().problem).toBeNull();
    await b.pass(60_000);
    expect(b.log).toHaveLength(2);
  });

  it('a failed fact is tried again as soon as the person has seen the problem', async () => {
    const b = bench();
    b.refuse();
    await b.send({ type: 'break.started', reason: 'MEAL' }, { type: 'problem.seen' });
    expect([b.log, b.context().problem]).toEqual([['break.started'], null]);
  });

  it('a changed list keeps the open case with what was typed, and drops one that is gone', async () => {
    const [five, one] = [demoCase('DEMO-05'), demoCase('DEMO-01-B')];
    const b = bench([five, one]);
    await b.send({ type: 'case.chosen', caseId: 'DEMO-05' }, { type: 'number.typed', text: '026' });
    await b.send({ type: 'cases.changed', cases: [one, five, demoCase('DEMO-04')] });
    expect(b.context()).toMatchObject({ selected: 'DEMO-05', check: { typed: '026' } });
    await b.send({ type: 'cases.changed', cases: [one] });
    expect(b.context().selected).toBe('DEMO-01-B');
    await b.send({ type: 'cases.changed', cases: [] });
    expect([b.context().selected, b.state().matches('choosing')]).toEqual([null, true]);
  });

  it('a real exchange never sees the practice note; the practice exchange learns clock and attempt', async () => {
    const b = bench();
    await unanswered(b);
    const note = JSON.parse(decodeURIComponent(b.dialled[0]?.headers['X-Practice'] ?? ''));
    expect(note).toMatchObject({ attempt: 1, clock: new Date(start).toISOString() });
    expect(practiceHeaders({ ...b.context(), practice: false }, b.work())).toEqual({});
  });

  describe('the practice exchange learns', () => {
    const eventsOf = (b: Bench) => {
      const header = practiceHeaders(b.context(), b.work())['X-Practice'] ?? '';
      return JSON.parse(decodeURIComponent(header)).events;
    };
    const agreed = (minutes: number) => {
      const at = new Date(start + minutes * 60_000).toISOString();
      return demoCase('DEMO-09', { appointment: { at, exact: true, askedBy: 'RESPONDENT' } });
    };

    it('that a call comes at the time agreed on, and not that some time was agreed on', async () => {
      const [before, within] = [bench([agreed(45)]), bench([agreed(5)])];
      for (const b of [before, within]) {
        await b.send({ type: 'case.chosen', caseId: 'DEMO-09' });
        await unanswered(b);
      }
      expect([eventsOf(before), eventsOf(within)]).toEqual([[], ['appointment']]);
    });

    it('that an agent calls who speaks the language, once it was a barrier, in this shift or before', async () => {
      const leased = demoCase('DEMO-12');
      const met = {
        ...{ attempt: 'a-1', at: new Date(start - 86_400_000).toISOString(), contact: 'mobile', talkedSeconds: 20 },
        ...{ direction: 'out' as const, callResult: 'ANSWERED', disposition: 'LANGUAGE_BARRIER' },
      };
      const [first, again] = [bench([leased]), bench([{ ...leased, attempts: [met] }], { leasedCase: () => leased })];
      await unanswered(first);
      await unanswered(again);
      expect([eventsOf(first), eventsOf(again)]).toEqual([[], ['dialectAgent']]);
    });
  });
});
