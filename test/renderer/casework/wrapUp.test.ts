import { describe, expect, it } from 'vitest';
import type { Case, CompanyRecord, PastAttempt } from '#shared/case/case.ts';
import { toldContact } from '#shared/case/toldContact.ts';
import { isCompleteDisposition } from '#shared/disposition/disposition.ts';
import { guardDial } from '#shared/policy/dialGuard.ts';
import { employerHints } from '#shared/policy/employerFlags.ts';
import { defaultPolicy } from '#shared/policy/policy.ts';
import type { Given } from '#shared/script/compare.ts';
import type { Script } from '#shared/script/format.ts';
import { guard, select } from '../../../renderer/casework/acts.ts';
import { takeBackMs } from '../../../renderer/casework/caseworkMachine.ts';
import { suggestedEvidence } from '../../../renderer/casework/evidence.ts';
import {
  appointmentExact,
  confirmedResult,
  dispositionChoices,
  evidenceLines,
  missing,
  proposalOf,
  proposedFollowUps,
} from '../../../renderer/casework/wrapUp.ts';
import {
  type Answers,
  borrowerScript,
  changedJobBorrower,
  changedJobFile,
  cleanEmployer,
  cleanFile,
  employerScript,
  play,
} from '../../shared/script/support/calls.ts';
import { afterCall, type Bench, bench, demoCase, start, unanswered } from './bench.ts';
import { namesAnotherFirm } from './desk.ts';

const inWrapUp = (b: Bench) => b.state().matches({ working: { paper: 'wrapUp' } });
const problem = (b: Bench) => b.context().problem?.sentence.en;

/** An employer that names another organisation: wrong employer. */
async function wrongEmployer(b: Bench) {
  await b.talk();
  await namesAnotherFirm(b);
}

describe('an attempt nobody answered', () => {
  it('goes through wrap-up with a proposal and is confirmed with one key', async () => {
    const b = bench([demoCase('DEMO-01-B'), demoCase('DEMO-07')]);
    await unanswered(b);
    expect(inWrapUp(b)).toBe(true);
    expect(proposalOf(b.work())).toMatchObject({ result: 'NO_ANSWER', preselect: true });
    expect(b.work().wrapUp?.disposition).toBeNull();
    await b.send({ type: 'wrapUp.confirmed' });
    expect(b.kinds()).toEqual(['attempt.started', 'attempt.ended', 'disposition.recorded', 'followUp.requested']);
    const [recorded] = b.of('disposition.recorded');
    expect(recorded?.body).toMatchObject({
      by: 'AGENT',
      callResult: { confirmed: 'NO_ANSWER', proposed: 'NO_ANSWER' },
    });
    expect(recorded?.body.disposition).toBeUndefined();
    expect(b.of('followUp.requested')[0]?.body.followUp).toMatchObject({ kind: 'RETRY', rule: 'retry.noAnswer' });
    expect(b.context()).toMatchObject({ selected: 'DEMO-07', work: null });
    expect(b.context().handled.get('DEMO-01-B')?.notBefore).toBeGreaterThan(start);
  });

  it('goes on at a number that this station was told meanwhile, which the lease does not have', async () => {
    const of = demoCase('DEMO-01-E', { contacts: demoCase('DEMO-01-E').contacts.slice(0, 1) });
    const b = bench([of]);
    await unanswered(b);
    await b.send({ type: 'result.chosen', result: 'EMPTY_NUMBER' });
    const followUps = () => proposedFollowUps(b.work(), b.context(), b.now()).map(({ kind }) => kind);
    expect(followUps()).toEqual(['DOCUMENTS']);
    const told = { ...of.contacts[0]!, id: 'told-1', number: '02600000077', status: 'UNCONFIRMED' as const };
    await b.send({ type: 'cases.changed', cases: [{ ...of, contacts: [...of.contacts, told] }] });
    expect(followUps()).toEqual(['NEXT_NUMBER']);
  });

  it('of which early media was heard has no preselection: the agent says what was heard', async () => {
    const b = bench();
    await b.send({ type: 'dial.asked' });
    b.far().record.tell({ type: 'call.ringing' });
    b.far().record.tell({ type: 'call.earlyMedia' });
    await b.pass(8_000);
    b.far().record.end({ reason: 'REFUSED', by: 'OTHER', sipStatus: 404, q850: 1 });
    await b.settle();
    expect(confirmedResult(b.work())).toBeNull();
    await b.send({ type: 'wrapUp.confirmed' });
    expect(problem(b)).toContain('announcement');
    await b.send({ type: 'result.chosen', result: 'EMPTY_NUMBER' }, { type: 'wrapUp.confirmed' });
    expect(b.of('disposition.recorded')[0]?.body.callResult).toMatchObject({ confirmed: 'EMPTY_NUMBER' });
    expect(b.of('contact.changed')[0]?.body).toMatchObject({ contact: 'mobile', status: 'INVALID' });
  });

  it('an empty number by announcement alone leaves the number unconfirmed, not invalid', async () => {
    const b = bench();
    await unanswered(b);
    await b.send({ type: 'result.chosen', result: 'EMPTY_NUMBER' }, { type: 'wrapUp.confirmed' });
    expect(b.of('contact.changed')[0]?.body.status).toBe('UNCONFIRMED');
  });

  it('an empty number found on two days is invalid; twice on one day, or with a talk between, it is not yet', async () => {
    const past = (at: string, callResult: string): PastAttempt => ({
      attempt: `past ${at}`,
      at: `2026-11-${at}:00+08:00`,
      contact: 'mobile',
      direction: 'out',
      callResult,
      talkedSeconds: 0,
    });
    const statusAfter = async (...attempts: PastAttempt[]) => {
      const doubted = { status: 'UNCONFIRMED', formImage: 'data:image/png;base64,AAAA' } as const; // typed off it anew
      const contacts = demoCase('DEMO-01-B').contacts.map((each) => ({ ...each, ...doubted }));
      const b = bench([demoCase('DEMO-01-B', { attempts, contacts })]);
      await b.send({ type: 'number.typed', text: contacts[0]!.number });
      await unanswered(b);
      await b.send({ type: 'result.chosen', result: 'EMPTY_NUMBER' }, { type: 'wrapUp.confirmed' });
      return b.of('contact.changed')[0]?.body.status;
    };
    expect(await statusAfter(past('19T10:00', 'EMPTY_NUMBER'))).toBe('INVALID');
    expect(await statusAfter(past('20T09:10', 'EMPTY_NUMBER'))).toBe('UNCONFIRMED');
    expect(await statusAfter(past('18T10:00', 'EMPTY_NUMBER'), past('19T10:00', 'ANSWERED'))).toBe('UNCONFIRMED');
    expect(await statusAfter(past('19T10:00', 'NO_ANSWER'))).toBe('UNCONFIRMED');
  });

  it('cannot become answered by looking back: there was nobody to talk to', async () => {
    const b = bench();
    await unanswered(b);
    await b.send({ type: 'previous.asked' });
    expect([inWrapUp(b), b.work().answeredAt]).toEqual([true, null]);
  });

  it('whose result cannot be saved keeps the wrap-up with its note, and the same key tries again', async () => {
    const b = bench();
    await unanswered(b);
    await b.send({ type: 'note.typed', text: '前台说下午再打' });
    b.refuse();
    await b.send({ type: 'wrapUp.confirmed' });
    expect([inWrapUp(b), b.work().wrapUp?.note]).toEqual([true, '前台说下午再打']);
    expect(b.context().problem?.category).toBe('storage');
    expect(b.kinds()).not.toContain('disposition.recorded');
    await b.send({ type: 'wrapUp.confirmed' }, { type: 'wrapUp.confirmed' });
    expect(b.of('disposition.recorded').map((fact) => fact.body.note)).toEqual(['前台说下午再打']);
  });

  it('an end that cannot be saved is tried again by itself, and nothing is confirmed before', async () => {
    const b = bench();
    await b.send({ type: 'dial.asked' });
    b.far().record.tell({ type: 'call.ringing' });
    await b.pass(40_000);
    b.refuse();
    await b.send({ type: 'hangUp.asked' }, { type: 'wrapUp.confirmed' });
    expect(problem(b)).toContain('being saved');
    expect(b.kinds()).toEqual(['attempt.started']);
    await b.pass(2_000);
    await b.send({ type: 'wrapUp.confirmed' });
    expect(b.kinds()).toEqual(['attempt.started', 'attempt.ended', 'disposition.recorded', 'followUp.requested']);
  });
});

describe('an appointment', () => {
  const noon = '2026-11-23T12:15:00+08:00'; // Monday
  const guardAt = (b: Bench, at: string) => {
    const [made] = b.of('appointment.made');
    const of = demoCase('DEMO-01-B', { appointment: made!.body.appointment });
    return guardDial({
      case: of,
      contact: of.contacts[0]!,
      policy: defaultPolicy,
      now: new Date(at),
      line: { practice: true },
      cases: [],
    });
  };

  it('after a no-answer is the plan of the agent alone: noon stays closed', async () => {
    const b = bench();
    await unanswered(b);
    await b.send({ type: 'appointment.typed', at: noon, exact: true }, { type: 'wrapUp.confirmed' });
    expect(b.of('appointment.made')[0]?.body.appointment).toEqual({ at: noon, exact: true, askedBy: 'AGENT' });
    expect(guardAt(b, noon)).toMatchObject({ allowed: false, hours: { rule: 'hours.noon' } });
  });

  it('with a person who broke off or refused was agreed with nobody', async () => {
    for (const [code, askedBy] of [
      ['BREAK_OFF', 'AGENT'],
      ['NO_RECORDING_CONSENT', 'AGENT'],
      ['PARTIAL', 'RESPONDENT'],
    ] as const) {
      const b = bench([demoCase('DEMO-12')]);
      await b.talk();
      await b.otherHangsUp();
      await b.send({ type: 'disposition.chosen', code, sub: null });
      for (const { key } of evidenceLines(b.work())) await b.send({ type: 'evidence.typed', key, text: '客户原话' });
      await b.send({ type: 'appointment.typed', at: noon, exact: true }, { type: 'wrapUp.confirmed' });
      expect([code, b.of('appointment.made')[0]?.body.appointment.askedBy]).toEqual([code, askedBy]);
    }
  });

  it('in the past, or where nobody may ever be called, is refused in words; noon and the evening are not', async () => {
    const b = bench();
    await unanswered(b);
    const refused = async (at: string) => {
      await b.send({ type: 'appointment.typed', at, exact: true });
      return missing(b.work(), b.context())?.zh ?? null;
    };
    expect(await refused('2026-11-20T09:00:00+08:00')).toContain('已经过去');
    expect(await refused('2026-11-23T23:30:00+08:00')).toContain('08:00–22:00');
    expect(await refused('2026-11-22T08:30:00+08:00')).toContain('09:00–21:00'); // Sunday
    await b.send({ type: 'wrapUp.confirmed' });
    expect([problem(b)?.includes('09:00–21:00'), b.of('disposition.recorded')]).toEqual([true, []]);
    expect([await refused(noon), await refused('2026-11-23T21:30:00+08:00')]).toEqual([null, null]);
  });

  it('is as exact as it was said in the script, and as the result says where there was none', async () => {
    const b = bench();
    await b.talk();
    await b.send({ type: 'exit.chosen', step: 'borrower.opening', exit: 'callback' });
    await b.answer('borrower.appointment', {
      'appointment.time': { text: '下午吧' },
      'appointment.precision': { as: 'about' },
    });
    expect(appointmentExact(b.work())).toBe(false);
    const without = bench([demoCase('DEMO-12')]);
    await without.talk();
    await without.otherHangsUp();
    await without.send({ type: 'disposition.chosen', code: 'CALLBACK_AGREED', sub: 'ABOUT' });
    expect(appointmentExact(without.work())).toBe(false);
    await without.send({ type: 'disposition.chosen', code: 'CALLBACK_AGREED', sub: 'EXACT' });
    expect(appointmentExact(without.work())).toBe(true);
  });

  it('and every other result of a kind without script can be chosen with its reason', async () => {
    const b = bench([demoCase('DEMO-12')]);
    await b.talk();
    await b.otherHangsUp();
    const choices = dispositionChoices(b.work());
    expect(choices.map(({ code }) => code)).toEqual(expect.arrayContaining(['CALLBACK_AGREED', 'MISUSE_OF_FUNDS']));
    expect(choices.filter((choice) => !isCompleteDisposition(choice))).toEqual([]);
  });
});

describe('a result of a talk', () => {
  it('chosen while the call is up cannot be confirmed before the hang-up and its end are durable', async () => {
    const b = bench([demoCase('DEMO-01-E')]);
    await wrongEmployer(b);
    await b.send({ type: 'outcome.chosen', code: 'WRONG_EMPLOYER', sub: 'WRONG_NUMBER_DIALLED' });
    await b.send({ type: 'wrapUp.confirmed' });
    expect(problem(b)).toContain('hang up first');
    const release = b.hold();
    await b.send({ type: 'hangUp.asked' }, { type: 'wrapUp.confirmed' });
    expect(b.kinds()).not.toContain('disposition.recorded');
    release();
    await b.settle();
    expect(missing(b.work(), b.context())).toBeNull();
    await b.send({ type: 'wrapUp.confirmed' });
    expect(b.kinds().indexOf('attempt.ended')).toBeLessThan(b.kinds().indexOf('disposition.recorded'));
  });

  it('wrong employer forces a reason and its evidence, and asks for a second verification', async () => {
    const b = bench([demoCase('DEMO-01-E')]);
    await wrongEmployer(b);
    await b.send({ type: 'outcome.chosen', code: 'WRONG_EMPLOYER', sub: null });
    expect(inWrapUp(b)).toBe(false);
    await b.send({ type: 'outcome.chosen', code: 'WRONG_EMPLOYER', sub: 'RECORD_SLIP' });
    await b.otherHangsUp();
    const lines = Object.fromEntries(evidenceLines(b.work()).map((line) => [line.key, line.value]));
    expect(lines).toMatchObject({
      registeredValue: '纸鹤航天文具（虚构）有限公司',
      statedValue: '海龟修表(虚构)有限公司',
      whoSaid: '单位 前台',
      formChecked: '',
    });
    await b.send({ type: 'wrapUp.confirmed' });
    expect(problem(b)).toContain('evidence');
    await b.send({ type: 'evidence.typed', key: 'formChecked', text: ' 影像第 2 页 ' }, { type: 'wrapUp.confirmed' });
    expect(b.of('disposition.recorded')[0]?.body.disposition).toMatchObject({
      code: 'WRONG_EMPLOYER',
      sub: 'RECORD_SLIP',
      evidence: { formChecked: '影像第 2 页', statedValue: '海龟修表(虚构)有限公司' },
    });
    expect(b.of('followUp.requested').map((fact) => fact.body.followUp.kind)).toEqual(
      expect.arrayContaining(['SECOND_VERIFICATION', 'DATA_CORRECTION']),
    );
    expect(b.context().handled.get('DEMO-01-E')?.finished).toBe(true);
  });

  it('points to the place in the recording where the deciding answer was, not to the end; none where nothing records', async () => {
    const markOf = async (changes: Parameters<typeof bench>[1] = {}) => {
      const b = bench([demoCase('DEMO-01-E')], changes);
      await b.talk();
      await b.answer(changes.records === false ? 'employer.openingPlain' : 'employer.opening');
      await b.answer('employer.name', {
        'employer.name': { text: '海龟修表（虚构）有限公司' },
        'respondent.name': { text: '前台' },
      });
      await b.pass(65_000);
      await b.answer('employer.numberAge', { 'employer.numberAge': { as: 'long' } });
      await b.answer('employer.otherOrganisation');
      await b.send({ type: 'outcome.chosen', code: 'WRONG_EMPLOYER', sub: 'RECORD_SLIP' });
      await b.otherHangsUp();
      return evidenceLines(b.work()).find(({ key }) => key === 'recordingMark')?.value;
    };
    expect(await markOf()).toBe('0:30');
    expect(await markOf({ records: false })).toBeUndefined();
  });

  it('is not asked again for the evidence that its answers hold: words as they were said, choices by their label', async () => {
    const suggested = async (of: Case, script: Script, answers: Answers, disposition: [string, string | null]) => {
      const { moves } = play(script, answers, script === borrowerScript ? changedJobFile : cleanFile);
      const b = await afterCall(of, script, moves, '00000000-0000-4000-8000-00000000abcd');
      await b.send({ type: 'disposition.chosen', code: disposition[0], sub: disposition[1] });
      return Object.fromEntries(evidenceLines(b.work()).map(({ key, suggestion }) => [key, suggestion]));
    };
    const [job, office] = [demoCase('DEMO-03-B'), demoCase('DEMO-01-E')];
    expect(await suggested(job, borrowerScript, changedJobBorrower, ['INFO_UPDATED', 'EMPLOYER'])).toMatchObject({
      doubleEntry: '02600000023',
      proofRequested: '能提供',
    });
    const { doubleEntry, statedValue } = await suggested(job, borrowerScript, changedJobBorrower, [
      'INFO_UPDATED',
      'CONTACT',
    ]);
    expect([doubleEntry, statedValue]).toEqual(['02600000023', '02600000023']);
    const notKnown: Answers = {
      ...cleanEmployer,
      'employer.status': [{ choice: 'notKnown' }],
      'employer.variant': ['甄样例、甄例', { choice: 'no' }],
    };
    expect(await suggested(office, employerScript, notKnown, ['NOT_KNOWN_THERE', null])).toMatchObject({
      nameVariants: '甄样例、甄例',
    });
    const unaware: Answers = {
      ...cleanEmployer,
      'employer.respondent': [{ choice: 'switchboard' }, { choice: 'no' }],
      'employer.transfer': [{ choice: 'no' }],
    };
    expect(await suggested(office, employerScript, unaware, ['RESPONDENT_UNAWARE', null])).toMatchObject({
      transferOffered: '不能',
    });
  });

  it('left through an exit has its evidence too', async () => {
    const left = async (exit: string, step: string, drafts: Parameters<Bench['answer']>[1]) => {
      const b = bench();
      await b.talk();
      await b.send({ type: 'exit.chosen', step: 'borrower.opening', exit });
      await b.answer(step, drafts);
      await b.otherHangsUp();
      const [first] = dispositionChoices(b.work());
      await b.send({ type: 'outcome.chosen', code: first!.code, sub: first!.sub ?? null });
      return Object.fromEntries(evidenceLines(b.work()).map(({ key, suggestion }) => [key, suggestion]));
    };
    const dialect = { 'barrier.kind': { as: 'dialect' }, 'barrier.language': { text: '闽南话' } };
    expect(await left('cannotUnderstand', 'borrower.cannotUnderstand', dialect)).toMatchObject({ language: '闽南话' });
    const demand = { 'complaint.demand': { text: '书面道歉' } };
    expect(await left('complaint', 'borrower.complaint', demand)).toMatchObject({ complaintDemand: '书面道歉' });
    const refusal = { 'refusal.kind': { as: 'hard' }, 'refusal.reason': { as: 'privacy' } };
    expect(await left('refusal', 'borrower.refusal', refusal)).toMatchObject({ refusalReason: '隐私' });
  });

  it('a call-back agreed needs its appointment, a time that can be read, and records it', async () => {
    const b = bench();
    await b.talk();
    await b.send({ type: 'exit.chosen', step: 'borrower.opening', exit: 'callback' });
    await b.answer('borrower.appointment', {
      'appointment.time': { text: '下午三点' },
      'appointment.precision': { as: 'exact' },
    });
    await b.send({ type: 'step.committed', step: 'borrower.appointmentConfirm' });
    await b.send({ type: 'outcome.chosen', code: 'CALLBACK_AGREED', sub: 'EXACT' });
    await b.otherHangsUp();
    await b.send({ type: 'appointment.typed', at: 'soon', exact: true }, { type: 'wrapUp.confirmed' });
    expect(problem(b)).toBe('Enter the time of the appointment.');
    const at = '2026-11-20T15:00:00+08:00';
    await b.send({ type: 'appointment.typed', at, exact: true }, { type: 'wrapUp.confirmed' });
    expect(b.of('appointment.made')[0]?.body.appointment).toEqual({ at, exact: true, askedBy: 'RESPONDENT' });
    expect(b.of('followUp.requested').map((fact) => fact.body.followUp.kind)).toContain('APPOINTMENT');
    expect(b.context().handled.get('DEMO-01-B')).toMatchObject({ finished: false, notBefore: Date.parse(at) });
  });

  it('a result whose reason only a person can write down needs a note', async () => {
    const b = bench([demoCase('DEMO-12')]);
    await b.talk();
    await b.otherHangsUp();
    await b.send({ type: 'disposition.chosen', code: 'COMPLAINT', sub: null });
    for (const { key } of evidenceLines(b.work())) await b.send({ type: 'evidence.typed', key, text: '要求书面答复' });
    await b.send({ type: 'wrapUp.confirmed' });
    expect(problem(b)).toContain('note');
    await b.send({ type: 'note.typed', text: '客户不满多次来电' }, { type: 'wrapUp.confirmed' });
    expect(b.of('disposition.recorded')[0]?.body.note).toBe('客户不满多次来电');
  });

  it('of a kind that has a script, talked without it, is never verified', async () => {
    const b = bench([demoCase('DEMO-01-B')], { scriptOf: () => undefined });
    b.incoming('15400000001');
    await b.pass(1_000);
    await b.send({ type: 'answer.asked' });
    await b.pass(20_000);
    await b.send({ type: 'hangUp.asked' });
    expect(b.work()).toMatchObject({ case: { id: 'DEMO-01-B' }, conversation: null });
    const codes = dispositionChoices(b.work()).map(({ code }) => code);
    expect(codes).toContain('BREAK_OFF');
    expect(codes.filter((code) => code.startsWith('VERIFIED'))).toEqual([]);
    await b.send({ type: 'disposition.chosen', code: 'VERIFIED', sub: null }, { type: 'wrapUp.confirmed' });
    expect([b.work().wrapUp?.disposition, b.kinds().includes('disposition.recorded')]).toEqual([null, false]);
  });

  it('falls away when it turns out that nobody was talked to', async () => {
    const b = bench([demoCase('DEMO-12')]);
    await b.talk();
    await b.otherHangsUp();
    await b.send({ type: 'disposition.chosen', code: 'VERIFIED', sub: null });
    await b.send({ type: 'result.chosen', result: 'VOICEMAIL' }, { type: 'wrapUp.confirmed' });
    const [recorded] = b.of('disposition.recorded');
    expect([recorded?.body.callResult.confirmed, recorded?.body.disposition]).toEqual(['VOICEMAIL', undefined]);
  });

  it('a wish not to be called and a wrong number change the contact', async () => {
    for (const [code, status] of [
      ['DO_NOT_CALL', 'DO_NOT_CALL'],
      ['WRONG_NUMBER', 'WRONG_PERSON'],
    ] as const) {
      const b = bench([demoCase('DEMO-12')]);
      await b.talk();
      await b.otherHangsUp();
      await b.send({ type: 'disposition.chosen', code, sub: null });
      for (const { key } of evidenceLines(b.work())) await b.send({ type: 'evidence.typed', key, text: '客户原话' });
      await b.send({ type: 'wrapUp.confirmed' });
      expect(b.of('contact.changed').map((fact) => fact.body.status)).toEqual([status]);
    }
  });

  it('a notice to the customer may be left out, what policy demands may not', async () => {
    const b = bench();
    await b.send({ type: 'dial.asked' });
    b.far().record.end({ reason: 'REFUSED', by: 'OTHER', sipStatus: 603 });
    await b.settle();
    await b.send({ type: 'result.chosen', result: 'REJECTED' });
    await b.send({ type: 'followUp.ticked', kind: 'SMS_NOTICE', ticked: false });
    await b.send({ type: 'followUp.ticked', kind: 'RETRY', ticked: false }, { type: 'wrapUp.confirmed' });
    expect(b.of('followUp.requested').map((fact) => fact.body.followUp.kind)).toEqual(['RETRY']);
  });
});

describe('what a call told', () => {
  const attempt = '00000000-0000-4000-8000-00000000abcd';
  const borrower = demoCase('DEMO-03-B');
  const told = async (answers: Answers, of = borrower) => {
    const { moves } = play(borrowerScript, answers, changedJobFile);
    const b = await afterCall(of, borrowerScript, moves, attempt);
    await b.send({ type: 'disposition.chosen', code: 'WRONG_EMPLOYER', sub: 'OUTDATED' });
    for (const { key } of evidenceLines(b.work())) await b.send({ type: 'evidence.typed', key, text: '客户原话' });
    await b.send({ type: 'wrapUp.confirmed' });
    expect(b.kinds()).toContain('disposition.recorded');
    return b;
  };

  it('a number of the employer, entered twice, becomes a contact of the case that nobody has confirmed', async () => {
    const b = await told(changedJobBorrower);
    expect(b.of('contact.changed').map((fact) => fact.body)[0]).toEqual({
      attempt,
      contact: 'told-00000000abcd',
      status: 'UNCONFIRMED',
      number: { number: '02600000023', source: 'BORROWER', role: 'EMPLOYER', owner: '云朵牙刷机械' },
      slot: { part: 'AFTERNOON' },
    });
    const asked = b.of('followUp.requested').map((fact) => fact.body.followUp);
    // Friday morning, and afternoons were named: not at once.
    expect(asked.find(({ kind }) => kind === 'EMPLOYER_CALL')).toMatchObject({
      contact: 'told-00000000abcd',
      due: '2026-11-20T05:45:00.000Z',
    });
  });

  it('when the person is well called stands at the number that was called, in their words', async () => {
    const [, slot, ...others] = (await told(changedJobBorrower)).of('contact.changed').map((fact) => fact.body);
    expect([slot, others]).toEqual([{ attempt, contact: borrower.contacts[0]?.id, slot: { words: '工作日中午' } }, []]);
    const silent = { ...changedJobBorrower, 'borrower.slot': [{ skipped: true }] } as const;
    expect((await told(silent)).of('contact.changed')).toHaveLength(1);
  });

  it('is dialled in the employer’s case, on the word of a second person only', async () => {
    const [change] = (await told(changedJobBorrower)).of('contact.changed');
    const at = new Date(start);
    const contact = toldContact('told-1', change!.body.number!, at.toISOString(), borrower.contacts[0])!;
    const verdictIn = (of: Case) =>
      guardDial({
        case: { ...of, contacts: [...of.contacts, contact] },
        contact,
        policy: defaultPolicy,
        now: at,
        line: { practice: true },
        cases: [],
      });
    expect(verdictIn(demoCase('DEMO-03-E'))).toMatchObject({ allowed: false, needs: 'SECOND_PERSON' });
    expect(verdictIn(borrower)).toMatchObject({ needs: 'NOTHING', blocks: [{ rule: 'contact.ofEmployer' }] });
  });

  it('a second line of the employer becomes a contact of the case, told by somebody else', async () => {
    const of = demoCase('DEMO-01-E');
    const named = async (...line: (Given | string)[]) => {
      const { moves } = play(employerScript, { ...cleanEmployer, 'employer.secondLine': line }, cleanFile);
      const b = await afterCall(of, employerScript, moves, attempt);
      await b.send({ type: 'disposition.chosen', code: 'VERIFIED', sub: null });
      expect(b.work().wrapUp?.disposition?.code).toBe('VERIFIED');
      await b.send({ type: 'wrapUp.confirmed' });
      return b.of('contact.changed').map(({ body }) => body);
    };
    expect(await named({ choice: 'landline' }, '026-0000-0077')).toEqual([
      {
        attempt,
        contact: 'told-00000000abcd',
        status: 'UNCONFIRMED',
        number: { number: '02600000077', source: 'THIRD_PARTY', role: 'EMPLOYER', owner: '纸鹤航天文具有限公司' },
      },
    ]);
    expect(await named({ choice: 'landline' }, { skipped: true })).toEqual([]);
    expect(await named({ choice: 'landline' }, of.contacts[0]!.number)).toEqual([]);
  });

  it('at a number that was only told verifies nothing, and the record says so', async () => {
    const of = demoCase('DEMO-01-E');
    const [office] = of.contacts;
    const told: Case = {
      ...of,
      contacts: [{ ...office!, sources: [{ source: 'BORROWER', number: office!.number }] }],
    };
    const { moves } = play(employerScript, cleanEmployer, cleanFile);
    const codes = ({ work }: Bench) => dispositionChoices(work()).map(({ code }) => code);
    expect(codes(await afterCall(of, employerScript, moves, attempt))).toContain('VERIFIED');
    const b = await afterCall(told, employerScript, moves, attempt);
    expect(codes(b)).toEqual(['PARTIAL']);
    await b.send({ type: 'disposition.chosen', code: 'VERIFIED', sub: null }, { type: 'wrapUp.confirmed' });
    expect(b.of('disposition.recorded')).toEqual([]);
    await b.send({ type: 'disposition.chosen', code: 'PARTIAL', sub: null }, { type: 'wrapUp.confirmed' });
    expect(b.of('disposition.recorded')[0]?.body).toMatchObject({
      disposition: { code: 'PARTIAL', evidence: { missingFields: expect.stringMatching(/^号码的独立来源、/) } },
      flags: ['NUMBER_TOLD_ONLY'],
    });
  });

  it('at a number that another employer has too, the record says so', async () => {
    const of = demoCase('DEMO-01-E');
    const other = demoCase('DEMO-02-E', { contacts: of.contacts, file: { 'employer.name': '云朵牙刷机械有限公司' } });
    const { moves } = play(employerScript, cleanEmployer, cleanFile);
    const b = await afterCall(of, employerScript, moves, attempt, [other]);
    expect(guard({ ...b.context(), ...select(b.context(), of.id) })?.hints).toContain(employerHints.NUMBER_SHARED);
    await b.send({ type: 'disposition.chosen', code: 'VERIFIED', sub: null }, { type: 'wrapUp.confirmed' });
    expect(b.of('disposition.recorded')[0]?.body.flags).toEqual(['NUMBER_SHARED']);
  });

  it('at a desk whose switchboard another employer has too, with a desk of its own, neither hint nor record says so', async () => {
    const [first] = demoCase('DEMO-01-E').contacts;
    const desk = (extension: string) => [{ ...first!, number: `026-0000-0001 转${extension}` }];
    const of = demoCase('DEMO-01-E', { contacts: desk('8014') });
    const other = demoCase('DEMO-02-E', { contacts: desk('9999'), file: { 'employer.name': '云朵牙刷机械有限公司' } });
    const { moves } = play(employerScript, cleanEmployer, cleanFile);
    const b = await afterCall(of, employerScript, moves, attempt, [other]);
    expect(guard({ ...b.context(), ...select(b.context(), of.id) })?.hints).not.toContain(employerHints.NUMBER_SHARED);
    await b.send({ type: 'disposition.chosen', code: 'VERIFIED', sub: null }, { type: 'wrapUp.confirmed' });
    expect(b.of('disposition.recorded')[0]?.body.flags).toEqual([]);
  });

  it('the register of companies says what speaks against the employer: before the dial, in the record and as evidence', async () => {
    const of = demoCase('DEMO-01-E', {
      companyRecord: { source: '企业公示系统', lookedUpOn: '2026-02-20', found: true, foundedOn: '2023-01-09' },
    });
    const { moves } = play(employerScript, cleanEmployer, cleanFile);
    const b = await afterCall(of, employerScript, moves, attempt);
    expect(guard({ ...b.context(), ...select(b.context(), of.id) })?.hints).toContain(employerHints.COMPANY_YOUNGER);
    expect(suggestedEvidence(b.work()!, 'registerCheck')).toBe('企业公示系统 2026-02-20：已登记，成立于 2023-01-09');
    await b.send({ type: 'disposition.chosen', code: 'VERIFIED', sub: null }, { type: 'wrapUp.confirmed' });
    expect(b.of('disposition.recorded')[0]?.body.flags).toEqual(['COMPANY_YOUNGER']);
  });

  it('two red flags of the number, or one and one of the answers, let the case be referred to risk control; one alone does not', async () => {
    const codes = async (
      record: Partial<CompanyRecord>,
      answers: Answers = cleanEmployer,
      others: readonly Case[] = [],
    ) => {
      const companyRecord = { source: '企业公示系统', lookedUpOn: '2026-02-20', found: true, ...record };
      const { moves } = play(employerScript, answers, cleanFile);
      const b = await afterCall(demoCase('DEMO-01-E', { companyRecord }), employerScript, moves, attempt, others);
      return dispositionChoices(b.work()).map(({ code }) => code);
    };
    const younger = { foundedOn: '2023-01-09' };
    const elsewhere = { areaCodes: ['021'] };
    expect(await codes(younger)).toEqual(['VERIFIED']);
    expect(await codes({ ...younger, ...elsewhere })).toEqual(['VERIFIED', 'SUSPECTED_FRAUD']);
    const mobileOnly: Answers = {
      ...cleanEmployer,
      'employer.secondLine': [{ choice: 'mobileOnly' }, { skipped: true }],
    };
    expect(await codes({}, mobileOnly)).toEqual(['VERIFIED_MINOR']);
    expect(await codes(younger, mobileOnly)).toEqual(['VERIFIED_MINOR', 'SUSPECTED_FRAUD']);
    const { contacts } = demoCase('DEMO-01-E');
    const other = demoCase('DEMO-02-E', { contacts, file: { 'employer.name': '云朵牙刷机械有限公司' } });
    expect(await codes({}, cleanEmployer, [other])).toEqual(['VERIFIED']);
    expect(await codes(elsewhere, cleanEmployer, [other])).toEqual(['VERIFIED', 'SUSPECTED_FRAUD']);
  });

  it('suspected by the number alone is confirmed with the place where the firm was named; at a told number it stands last', async () => {
    const companyRecord = { source: '企业公示系统', lookedUpOn: '2026-02-20', found: true, foundedOn: '2023-01-09' };
    const of = demoCase('DEMO-01-E', { companyRecord: { ...companyRecord, areaCodes: ['021'] } });
    const { moves } = play(employerScript, cleanEmployer, cleanFile);
    const b = await afterCall(of, employerScript, moves, attempt);
    await b.send({ type: 'disposition.chosen', code: 'SUSPECTED_FRAUD', sub: null });
    const lines = evidenceLines(b.work());
    expect(lines.map(({ key }) => key)).toEqual(expect.arrayContaining(['recordingMark', 'registerCheck']));
    expect(lines.filter(({ value }) => value === '')).toEqual([]);
    await b.send({ type: 'note.typed', text: '登记与号码都不符' }, { type: 'wrapUp.confirmed' });
    expect(b.of('disposition.recorded')[0]?.body).toMatchObject({
      disposition: { code: 'SUSPECTED_FRAUD' },
      flags: ['COMPANY_YOUNGER', 'AREA_DIFFERS'],
    });

    const [office] = of.contacts;
    const sources = [{ source: 'BORROWER' as const, number: office!.number }];
    const told = { ...of, contacts: [{ ...office!, sources }] };
    const other = demoCase('DEMO-02-E', { contacts: of.contacts, file: { 'employer.name': '云朵牙刷机械有限公司' } });
    const mobileOnly: Answers = {
      ...cleanEmployer,
      'employer.secondLine': [{ choice: 'mobileOnly' }, { skipped: true }],
    };
    const there = play(employerScript, mobileOnly, cleanFile).moves;
    const named = await afterCall(told, employerScript, there, attempt, [
      { ...other, contacts: [{ ...office!, owner: '云朵牙刷机械有限公司' }] },
    ]);
    expect(dispositionChoices(named.work()).map(({ code }) => code)).toEqual(['PARTIAL', 'SUSPECTED_FRAUD']);
  });

  it('a mobile that the form calls a landline is a flag of the record, and said once before the dial; one that is called a mobile is none', async () => {
    const { moves } = play(employerScript, cleanEmployer, cleanFile);
    const flagsOf = async (label: string, number: string) => {
      const [office] = demoCase('DEMO-01-E').contacts;
      const sources = (['APPLICATION_FORM', 'PUBLIC_DIRECTORY'] as const).map((source) => ({ source, number }));
      const of = demoCase('DEMO-01-E', { contacts: [{ ...office!, label, number, sources }] });
      const b = await afterCall(of, employerScript, moves, attempt);
      const hints = guard({ ...b.context(), ...select(b.context(), of.id) })?.hints.map(({ en }) => en) ?? [];
      await b.send({ type: 'disposition.chosen', code: 'VERIFIED', sub: null }, { type: 'wrapUp.confirmed' });
      return {
        hints: hints.filter((hint) => /mobile/.test(hint)).length,
        flags: b.of('disposition.recorded')[0]?.body.flags,
      };
    };
    expect(await flagsOf('单位座机', '154-0000-0092')).toEqual({ hints: 1, flags: ['MOBILE_AS_LANDLINE'] });
    expect(await flagsOf('单位手机', '154-0000-0092')).toEqual({ hints: 1, flags: [] });
    expect(await flagsOf('单位座机', '026-0000-0001')).toEqual({ hints: 0, flags: [] });
  });

  it('at another organisation no flag of the number makes a case for risk control', async () => {
    const companyRecord = { source: '企业公示系统', lookedUpOn: '2026-02-20', found: true, foundedOn: '2023-01-09' };
    const of = demoCase('DEMO-01-E', { companyRecord: { ...companyRecord, areaCodes: ['021'] } });
    const b = bench([of]);
    await wrongEmployer(b);
    const codes = dispositionChoices(b.work()).map(({ code }) => code);
    expect(codes).toContain('WRONG_EMPLOYER');
    expect(codes).not.toContain('SUSPECTED_FRAUD');
  });

  it('a question on the contract, or terms that are not clear, go to the account manager with the reason', async () => {
    const understood = async (...said: (Given | string)[]) => {
      const b = await told({ ...changedJobBorrower, 'borrower.understanding': said });
      return b
        .of('followUp.requested')
        .flatMap(({ body: { followUp } }) => (followUp.kind === 'ACCOUNT_MANAGER' ? followUp.rule : []));
    };
    expect(await understood({ choice: 'clear' }, { skipped: true })).toEqual([]);
    expect(await understood({ choice: 'clear' }, '提前还款收违约金吗')).toEqual(['manager.questions']);
    expect(await understood({ choice: 'unclear' }, { skipped: true })).toEqual(['manager.questions']);
  });

  it('a number not entered twice, or one the case has, changes nothing', async () => {
    const silent = { ...changedJobBorrower, 'borrower.slot': [{ skipped: true }] } as const;
    const once = { ...silent, 'borrower.employerPhoneTwice': [{ refused: true }] } as const;
    expect((await told(once)).of('contact.changed')).toEqual([]);
    const [mobile] = borrower.contacts;
    const known = { ...mobile!, id: 'office', number: '026-0000-0023', role: 'EMPLOYER' } as const;
    const b = await told(silent, { ...borrower, contacts: [mobile!, known] });
    expect(b.of('contact.changed')).toEqual([]);
  });
});

describe('taking back', () => {
  const confirmed = async () => {
    const b = bench([demoCase('DEMO-01-B'), demoCase('DEMO-07')]);
    await unanswered(b);
    await b.send({ type: 'note.typed', text: '一' }, { type: 'wrapUp.confirmed' });
    return b;
  };

  it('within five seconds is an amendment that names the result, and the wrap-up is open again as it was', async () => {
    const b = await confirmed();
    await b.pass(takeBackMs);
    await b.send({ type: 'takeBack.asked' });
    const [amended] = b.of('amended');
    const seq = b.kinds().indexOf('disposition.recorded') + 1;
    expect(amended).toMatchObject({ caseId: 'DEMO-01-B', body: { seq, what: 'TAKEN_BACK' } });
    expect([inWrapUp(b), b.work().wrapUp?.note, b.context().selected]).toEqual([true, '一', 'DEMO-01-B']);
    expect(b.context().handled.has('DEMO-01-B')).toBe(false);
    await b.send({ type: 'result.chosen', result: 'BUSY' }, { type: 'wrapUp.confirmed' });
    expect(b.of('disposition.recorded').map((fact) => fact.body.callResult.confirmed)).toEqual(['NO_ANSWER', 'BUSY']);
    expect(b.of('attempt.ended')).toHaveLength(1);
  });

  it('leaves what was known of the case before this result', async () => {
    const b = bench([demoCase('DEMO-01-B'), demoCase('DEMO-07')]);
    const known = {
      finished: false,
      notBefore: start - 1,
      appointment: { at: '2026-11-20T15:00:00+08:00', exact: true },
    };
    await b.send({ type: 'cases.changed', cases: b.context().cases, handled: new Map([['DEMO-01-B', known]]) });
    await b.send({ type: 'case.chosen', caseId: 'DEMO-01-B' });
    await unanswered(b);
    await b.send({ type: 'wrapUp.confirmed' });
    expect(b.context().handled.get('DEMO-01-B')).not.toEqual(known);
    await b.send({ type: 'takeBack.asked' });
    expect(b.context().handled.get('DEMO-01-B')).toEqual(known);
  });

  it('is not possible after five seconds, nor twice', async () => {
    const late = await confirmed();
    await late.pass(takeBackMs + 1);
    await late.send({ type: 'takeBack.asked' });
    expect(late.kinds()).not.toContain('amended');
    const twice = await confirmed();
    await twice.send({ type: 'takeBack.asked' }, { type: 'takeBack.asked' });
    expect(twice.of('amended')).toHaveLength(1);
  });

  it('that cannot be saved leaves the result standing and says so', async () => {
    const b = await confirmed();
    b.refuse();
    await b.send({ type: 'takeBack.asked' });
    expect([b.context().work, b.context().handled.has('DEMO-01-B')]).toEqual([null, true]);
    expect(b.context().problem?.category).toBe('storage');
  });
});
