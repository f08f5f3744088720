import { describe, expect, it } from 'vitest';
import { currentStep } from '#shared/script/scriptMachine.ts';
import { moveOf, standingAnswers, startConversation, withDraft } from '../../../renderer/casework/conversation.ts';
import { dispositionChoices } from '../../../renderer/casework/wrapUp.ts';
import {
  borrowerScript,
  changedJobBorrower,
  changedJobFile,
  cleanBorrower,
  cleanFile,
  ordinaryDay,
  play,
} from '../../shared/script/support/calls.ts';
import { type Bench, bench, demoCase, start } from './bench.ts';

const conversation = (b: Bench) => {
  const { conversation: now } = b.work();
  if (!now) throw new Error('there is no script');
  return now;
};
const stepOf = (b: Bench) => currentStep(conversation(b).snapshot, conversation(b).script)?.id;
const himself = { 'contact.person': { as: 'himself' } } as const;
/** Up to the first question that is compared with the file. */
async function toIdentity(b: Bench) {
  await b.talk();
  await b.answer('borrower.opening', himself);
  await b.answer('borrower.recording', { 'consent.recording': { as: 'yes' } });
  await b.answer('borrower.time', { 'contact.convenient': { as: 'yes' } });
}

describe('a committed answer', () => {
  it('is shown only after it is durable', async () => {
    const b = bench();
    await b.talk();
    const release = b.hold();
    await b.answer('borrower.opening', himself);
    expect(stepOf(b)).toBe('borrower.opening');
    expect(b.of('step.recorded')).toEqual([]);
    release();
    await b.settle();
    expect(stepOf(b)).toBe('borrower.recording');
    expect(b.of('step.recorded')[0]?.body).toMatchObject({
      attempt: b.dialled[0]?.attempt,
      caseRevision: 1,
      move: { type: 'answered', step: 'borrower.opening', answers: [{ about: 'contact.person', as: 'himself' }] },
    });
  });

  it('is given once by two Enters, whether the second comes while saving or after it', async () => {
    const b = bench();
    await b.talk();
    await b.send({ type: 'draft.chosen', about: 'contact.person', as: 'himself' });
    const release = b.hold();
    await b.send(
      { type: 'step.committed', step: 'borrower.opening' },
      { type: 'step.committed', step: 'borrower.opening' },
    );
    release();
    await b.settle();
    await b.send({ type: 'step.committed', step: 'borrower.opening' });
    expect(b.of('step.recorded')).toHaveLength(1);
    expect(conversation(b).slips).toEqual([]);
  });

  it('that cannot be saved keeps what was entered and can be tried again', async () => {
    const b = bench();
    await b.talk();
    b.refuse();
    await b.answer('borrower.opening', himself);
    expect(b.context().problem?.sentence.en).toContain('try again');
    expect(conversation(b).drafts).toEqual({ 'contact.person': { text: '', choice: 'himself' } });
    await b.send({ type: 'step.committed', step: 'borrower.opening' });
    expect([stepOf(b), b.context().problem]).toEqual(['borrower.recording', null]);
  });

  it('with a typing slip shows its sentence, records nothing and loses nothing', async () => {
    const b = bench();
    await toIdentity(b);
    const before = b.facts.length;
    await b.answer('borrower.idLast4', { 'person.idLast4': { text: '12' } });
    expect(conversation(b).slips).toHaveLength(1);
    expect(conversation(b).slips[0]?.about).toBe('person.idLast4');
    expect(conversation(b).drafts['person.idLast4']?.text).toBe('12');
    expect(b.facts).toHaveLength(before);
    await b.send({ type: 'draft.typed', about: 'person.idLast4', text: '001X' });
    expect(conversation(b).slips).toEqual([]);
    await b.send({ type: 'step.committed', step: 'borrower.idLast4' });
    expect(stepOf(b)).toBe('borrower.home');
  });

  it('nothing entered is a slip, and optional fields may stay empty', async () => {
    const b = bench();
    await b.talk();
    await b.answer('borrower.opening');
    expect(conversation(b).slips.map((slip) => slip.about)).toEqual(['contact.person']);
    await b.send({ type: 'exit.chosen', step: 'borrower.opening', exit: 'refusal' });
    await b.answer('borrower.refusal', { 'refusal.kind': { as: 'soft' } });
    expect(b.of('step.recorded').at(-1)?.body.move).toMatchObject({ answers: [{}, { as: 'skipped' }] });
  });

  it('of identity is recorded as a verdict, never in words', async () => {
    const b = bench();
    await toIdentity(b);
    await b.answer('borrower.idLast4', { 'person.idLast4': { text: '001X' } });
    expect(JSON.stringify(b.facts)).not.toContain('001X');
    expect(conversation(b).comparisons).toMatchObject([{ about: 'person.idLast4', as: 'match', said: '', file: null }]);
  });
});

describe('a second entry', () => {
  const ref = { id: borrowerScript.id, version: borrowerScript.version, hash: '0'.repeat(64) };
  const until = 'borrower.employerPhoneTwice';
  const { moves } = play(borrowerScript, changedJobBorrower, changedJobFile, ordinaryDay, until);
  const there = startConversation(borrowerScript, ref, ordinaryDay, moves);
  const step = currentStep(there.snapshot, borrowerScript)!;
  const entered = (text: string, choice: string | null = null) =>
    moveOf(withDraft(there, 'employer.phoneTwice', { text, choice }), step, changedJobFile, start);

  it('that is not the first is not taken, and a sentence says what to do', () => {
    expect(entered('026-0000-0024')).toEqual({
      slips: [
        { about: 'employer.phoneTwice', sentence: expect.objectContaining({ en: expect.stringContaining('go back') }) },
      ],
    });
  });

  it('is taken however it is written, and may be left open', () => {
    expect(entered('026 0000 0023')).toMatchObject({ move: { answers: [{ as: 'noted', value: '02600000023' }] } });
    expect(entered('', 'refused')).toMatchObject({ move: { answers: [{ as: 'refused' }] } });
  });
});

describe('an answer nobody gives', () => {
  const ref = { id: borrowerScript.id, version: borrowerScript.version, hash: '0'.repeat(64) };
  const { moves } = play(borrowerScript, cleanBorrower, cleanFile, ordinaryDay, 'borrower.since');
  const there = startConversation(borrowerScript, ref, ordinaryDay, moves);
  const step = currentStep(there.snapshot, borrowerScript)!;
  const tenure = (text: string, choice: string | null = null) => {
    const found = moveOf(withDraft(there, 'employer.since', { text, choice }), step, cleanFile, start);
    return 'move' in found && found.move.type === 'answered' ? found.move.answers.at(-1) : found;
  };

  it('follows from the month that was said and the month of the call', () => {
    expect(tenure('2026年6月')).toEqual({ about: 'employer.tenure', as: 'short' });
    expect(tenure('2026年5月')).toEqual({ about: 'employer.tenure', as: 'settled' });
    expect(tenure('', 'unknown')).toEqual({ about: 'employer.tenure', as: 'unknown' });
  });
});

describe('going back', () => {
  it('looks at the question before and corrects it with a reason only; a late second key changes nothing', async () => {
    const b = bench();
    await toIdentity(b);
    await b.send({ type: 'previous.asked' });
    expect(b.work().review).toEqual({ step: 'borrower.time', askReason: false });
    await b.send({ type: 'previous.asked' }, { type: 'correction.asked' });
    const step = 'borrower.recording';
    await b.send({ type: 'correction.given', step, reason: ' ' });
    expect(b.work().review).toEqual({ step, askReason: true });
    const again = { type: 'correction.given', step, reason: '听错了' } as const;
    await b.send(again, again, again);
    expect(b.state().status).toBe('active');
    expect([stepOf(b), b.work().review]).toEqual([step, null]);
    expect(b.of('step.recorded').filter((fact) => fact.body.move.type === 'back')).toHaveLength(1);
    expect(standingAnswers(conversation(b)).map((entry) => entry.step)).toEqual(['borrower.opening']);
    expect(conversation(b).drafts['consent.recording']?.choice).toBe('yes');
  });
});

describe('leaving', () => {
  it('an aside is recorded and the call stands where it stood; an unknown or late exit does nothing', async () => {
    const b = bench();
    await b.talk();
    await b.send({ type: 'exits.toggled' });
    expect(b.work().exitsOpen).toBe(true);
    await b.send({ type: 'exit.chosen', step: 'borrower.opening', exit: 'suspectsFraud' });
    expect([stepOf(b), b.work().exitsOpen]).toEqual(['borrower.opening', false]);
    const before = b.facts.length;
    await b.send({ type: 'exit.chosen', step: 'borrower.opening', exit: 'nowhere' });
    await b.send({ type: 'exit.chosen', step: 'borrower.time', exit: 'refusal' });
    expect(b.facts).toHaveLength(before);
  });

  it('help is asked for once in an attempt, kept before it is shown, and the call and the question stay', async () => {
    const b = bench();
    await b.talk();
    await b.send({ type: 'exits.toggled' });
    const release = b.hold();
    await b.send({ type: 'help.asked' }, { type: 'help.asked' });
    expect(b.work()).toMatchObject({ help: null, exitsOpen: true });
    release();
    await b.settle();
    expect(b.work()).toMatchObject({ help: 'asked', exitsOpen: false, endedCall: null });
    expect(stepOf(b)).toBe('borrower.opening');
    await b.answer('borrower.opening', himself);
    expect([stepOf(b), b.work().help]).toEqual(['borrower.recording', 'read']);
    await b.send({ type: 'exits.toggled' }, { type: 'help.asked' });
    expect([b.work().help, b.work().exitsOpen]).toEqual(['asked', false]);
    const { attempt } = b.work();
    expect(b.of('help.asked')).toEqual([
      { kind: 'help.asked', caseId: 'DEMO-01-B', body: { attempt, step: 'borrower.opening' } },
    ]);
    expect(b.of('step.recorded').map((fact) => fact.body.move.type)).toEqual(['answered']);
  });

  it('help that could not be saved is not said to be asked for, and the same key tries again', async () => {
    const b = bench();
    await b.talk();
    await b.send({ type: 'exits.toggled' });
    b.refuse();
    await b.send({ type: 'help.asked' });
    expect(b.work()).toMatchObject({ help: null, exitsOpen: true });
    expect(b.context().problem?.sentence.en).toContain('try again');
    await b.send({ type: 'help.asked' });
    expect([b.work().help, b.context().problem]).toEqual(['asked', null]);
    expect(b.of('help.asked')).toHaveLength(1);
  });

  it('a customer who hangs up in mid-script leaves the script usable; it is broken off by the exit', async () => {
    const b = bench();
    await toIdentity(b);
    await b.otherHangsUp();
    expect(b.of('attempt.ended')[0]?.body.ended).toMatchObject({ reason: 'HUNG_UP', by: 'OTHER' });
    expect(b.state().matches({ working: { paper: 'script', conversation: 'over' } })).toBe(true);
    await b.answer('borrower.idLast4', { 'person.idLast4': { as: 'refused' } });
    const step = stepOf(b) ?? '';
    await b.breakOff(step);
    expect(b.of('script.left')[0]?.body).toMatchObject({ step, exit: 'hangUp' });
    expect(b.work().wrapUp?.disposition).toEqual({ code: 'BREAK_OFF' });
  });

  it('a customer who hangs up while an answer is being saved loses neither the answer nor the end of the call', async () => {
    const b = bench();
    await b.talk();
    const release = b.hold();
    await b.answer('borrower.opening', himself);
    await b.otherHangsUp();
    release();
    await b.settle();
    expect(stepOf(b)).toBe('borrower.recording');
    expect(b.work().endedCall?.ended.by).toBe('OTHER');
    expect(b.work().endRecorded).toBe(true);
    await b.breakOff('borrower.recording');
    await b.send({ type: 'wrapUp.confirmed' });
    expect(b.kinds()).toContain('disposition.recorded');
  });

  it('the end of a call that cannot be saved at first does not undo an answer on its way', async () => {
    const b = bench();
    await b.talk();
    await b.send({ type: 'draft.chosen', about: 'contact.person', as: 'himself' });
    const release = b.hold();
    await b.send({ type: 'step.committed', step: 'borrower.opening' });
    b.refuse();
    await b.otherHangsUp();
    release();
    await b.settle();
    expect(stepOf(b)).toBe('borrower.recording');
    expect(b.kinds()).not.toContain('attempt.ended');
    await b.pass(2_000);
    expect(b.kinds().filter((kind) => kind === 'attempt.ended')).toHaveLength(1);
  });

  it('only results the script offers can be chosen', async () => {
    const b = bench();
    await b.talk();
    await b.send({ type: 'outcome.chosen', code: 'VERIFIED', sub: null });
    expect(b.state().matches({ working: { paper: 'script' } })).toBe(true);
    expect(dispositionChoices(b.work())).toEqual([{ code: 'BREAK_OFF' }]);
  });

  it('a kind without a script goes from the talk to the wrap-up when the call ends', async () => {
    const b = bench([demoCase('DEMO-12')]);
    await b.talk();
    expect(b.state().matches({ working: { paper: 'talking' } })).toBe(true);
    await b.otherHangsUp();
    expect(b.state().matches({ working: { paper: 'wrapUp' } })).toBe(true);
    await b.send({ type: 'wrapUp.confirmed' });
    expect(b.context().problem?.code).toBe('WRAP_UP_INCOMPLETE');
    await b.send({ type: 'disposition.chosen', code: 'VERIFIED', sub: null }, { type: 'wrapUp.confirmed' });
    expect(b.of('disposition.recorded')[0]?.body.disposition?.code).toBe('VERIFIED');
  });
});
