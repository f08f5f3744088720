import { describe, expect, it } from 'vitest';
import { Problem } from '#shared/problem.ts';
import type { Move } from '#shared/script/move.ts';
import {
  currentStep,
  draftsOf,
  facts,
  identityConfirmed,
  knowledge,
  mayReveal,
  offeredExits,
  offeredOutcomes,
  pathOf,
  replay,
  scriptMachine,
  startScript,
  take,
} from '#shared/script/scriptMachine.ts';
import {
  changedJobBorrower,
  changedJobFile,
  classMove,
  cleanBorrower,
  cleanEmployer,
  cleanFile,
  employerScript,
  moveAt,
  ordinaryDay,
  play,
  borrowerScript as script,
} from './support/calls.ts';

const at = (step: string) => play(script, cleanBorrower, cleanFile, ordinaryDay, step).snapshot;
const back = (step: string): Move => ({ type: 'back', step, reason: '客户更正' });
const exit = (step: string, id: string): Move => ({ type: 'exited', step, exit: id });

describe('the script machine', () => {
  it('a key pressed twice never answers the next question', () => {
    const first = classMove(script, 'borrower.opening', ['himself']);
    const after = take(script, startScript(script, ordinaryDay), first);
    expect(currentStep(after, script)?.id).toBe('borrower.recording');
    expect(() => take(script, after, first)).toThrow(Problem);
    expect(currentStep(after, script)?.id).toBe('borrower.recording');
  });

  it.each<[string, Move]>([
    ['a step that is not the current one', classMove(script, 'borrower.loan', ['match', 'match'])],
    [
      'a class the field does not have',
      { type: 'answered', step: 'borrower.opening', answers: [{ about: 'contact.person', as: 'match' }] },
    ],
    [
      'another topic',
      { type: 'answered', step: 'borrower.opening', answers: [{ about: 'loan.amount', as: 'himself' }] },
    ],
    [
      'one answer too many',
      {
        type: 'answered',
        step: 'borrower.opening',
        answers: [
          { about: 'contact.person', as: 'himself' },
          { about: 'contact.slot', as: 'noted' },
        ],
      },
    ],
    ['a question that is only said', { type: 'said', step: 'borrower.opening' }],
    ['an exit nobody declared', exit('borrower.opening', 'window')],
    ['going back to what was never answered', back('borrower.opening')],
    ['a step that does not exist', { type: 'said', step: 'borrower.nowhere' }],
  ])('refuses %s, loudly', (_, move) => {
    expect(() => take(script, startScript(script, ordinaryDay), move)).toThrow(Problem);
  });

  it('a screen with two fields is one move, and an answer missing in it is refused', () => {
    const snapshot = at('borrower.loan');
    const whole = moveAt(script, 'borrower.loan', cleanBorrower, cleanFile);
    if (whole.type !== 'answered') throw new Error('expected answers');
    expect(whole.answers).toHaveLength(2);
    expect(() => take(script, snapshot, { ...whole, answers: whole.answers.slice(0, 1) })).toThrow(Problem);
    expect(currentStep(take(script, snapshot, whole), script)?.id).toBe('borrower.property');
  });

  it('going back stands exactly where a shorter call stood, and what was said becomes a suggestion', () => {
    const { snapshot } = play(script, changedJobBorrower, changedJobFile);
    const returned = take(script, snapshot, back('borrower.employer'));
    const shorter = play(script, changedJobBorrower, changedJobFile, ordinaryDay, 'borrower.employer').snapshot;
    expect(pathOf(returned)).toEqual(pathOf(shorter));
    expect(facts(script, returned)).toEqual(facts(script, shorter));
    expect(currentStep(returned, script)?.id).toBe('borrower.employer');
    expect(draftsOf(returned)['borrower.employer']?.[0]?.value).toBe('云朵牙刷机械');
    expect(draftsOf(returned)['borrower.newJob']).toHaveLength(3);
    expect(knowledge(script, returned).get('employer.change')).toBeUndefined();
  });

  it('a correction is going back and answering: the old answer is gone from every fact', () => {
    const { snapshot } = play(script, changedJobBorrower, changedJobFile, ordinaryDay, 'borrower.employerDiffers');
    expect(facts(script, snapshot).wrongEmployer).toBe(true);
    const corrected = take(
      script,
      take(script, snapshot, back('borrower.employer')),
      classMove(script, 'borrower.employer', ['match']),
    );
    expect(facts(script, corrected).wrongEmployer).toBe(false);
    expect(draftsOf(corrected)['borrower.employer']).toBeUndefined();
  });

  it('one can go back from an outcome and from an exit', () => {
    const ended = play(script, cleanBorrower, cleanFile).snapshot;
    expect(currentStep(take(script, ended, back('borrower.debts')), script)?.id).toBe('borrower.debts');
    const left = take(script, at('borrower.loan'), exit('borrower.loan', 'callback'));
    const returned = take(script, left, back('borrower.loan'));
    expect(currentStep(returned, script)?.id).toBe('borrower.loan');
    expect(knowledge(script, returned).get('call.leaving')).toBeUndefined();
  });

  it('the words of identity answers are never kept, not even as a suggestion', () => {
    const opening = at('borrower.idLast4');
    const leaky: Move = {
      type: 'answered',
      step: 'borrower.idLast4',
      answers: [{ about: 'person.idLast4', as: 'match', value: '001X' }],
    };
    const after = take(script, opening, leaky);
    expect(JSON.stringify(after.context)).not.toContain('001X');
    expect(JSON.stringify(take(script, after, back('borrower.idLast4')).context)).not.toContain('001X');
  });

  it('exits are offered at every question, and lead to their own results', () => {
    const snapshot = at('borrower.employer');
    expect(offeredExits(script, snapshot).map((e) => e.id)).toEqual([
      'thirdParty',
      'callback',
      'refusal',
      'noRecording',
      'suspectsFraud',
      'complaint',
      'cannotUnderstand',
      'hangUp',
    ]);
    const complaint = take(script, snapshot, exit('borrower.employer', 'complaint'));
    const heard = take(script, complaint, classMove(script, 'borrower.complaint', ['noted']));
    expect(offeredOutcomes(script, heard)).toEqual([{ code: 'COMPLAINT' }]);
    const gone = take(script, snapshot, exit('borrower.employer', 'hangUp'));
    expect(offeredOutcomes(script, gone)).toEqual([{ code: 'BREAK_OFF' }]);
    expect(offeredExits(script, gone)).toEqual([]);
  });

  it.each([
    ['absent', { code: 'THIRD_PARTY' }],
    ['incapable', { code: 'INCAPABLE' }],
  ])('a third party who says "%s" leads to %o', (news, expected) => {
    const opening = take(
      script,
      startScript(script, ordinaryDay),
      classMove(script, 'borrower.opening', ['someoneElse']),
    );
    const told = take(script, opening, classMove(script, 'borrower.thirdParty', [news, 'skipped']));
    expect(offeredOutcomes(script, told)).toEqual([expected]);
  });

  it.each([
    ['deceased', 'borrower.condolence', 'DECEASED'],
    ['wrongNumber', 'borrower.wrongNumber', 'WRONG_NUMBER'],
  ])('a third party who says "%s" is answered fittingly before the result', (news, says, code) => {
    const opening = take(
      script,
      startScript(script, ordinaryDay),
      classMove(script, 'borrower.opening', ['someoneElse']),
    );
    const told = take(script, opening, classMove(script, 'borrower.thirdParty', [news, 'skipped']));
    expect(currentStep(told, script)?.id).toBe(says);
    expect(offeredOutcomes(script, take(script, told, { type: 'said', step: says }))).toEqual([{ code }]);
  });

  it('who asks not to be called and who complains are two results', () => {
    const refusal = take(script, at('borrower.loan'), exit('borrower.loan', 'refusal'));
    const never = take(script, refusal, classMove(script, 'borrower.refusal', ['doNotCall', 'skipped']));
    expect(offeredOutcomes(script, never)).toEqual([{ code: 'DO_NOT_CALL' }]);
  });

  it('who suspects a fraud hears the aside, and the call stands where it stood', () => {
    const snapshot = at('borrower.idLast4');
    const reassured = take(script, snapshot, exit('borrower.idLast4', 'suspectsFraud'));
    expect(currentStep(reassured, script)?.id).toBe('borrower.idLast4');
    expect(pathOf(reassured)).toHaveLength(pathOf(snapshot).length + 1);
    expect(knowledge(script, reassured)).toEqual(knowledge(script, snapshot));
    const goesOn = take(script, reassured, moveAt(script, 'borrower.idLast4', cleanBorrower, cleanFile));
    expect(currentStep(take(script, goesOn, back('borrower.idLast4')), script)?.id).toBe('borrower.idLast4');
  });

  it('nothing of the loan may be told before the identity is confirmed, nor after leaving the questions', () => {
    expect(mayReveal(script, at('borrower.home'))).toBe(false);
    expect(identityConfirmed(script, at('borrower.home'))).toBe(false);
    const known = at('borrower.purpose');
    expect(identityConfirmed(script, known)).toBe(true);
    expect(mayReveal(script, known)).toBe(true);
    expect(mayReveal(script, take(script, known, exit('borrower.purpose', 'thirdParty')))).toBe(false);
    const employer = play(employerScript, cleanEmployer, cleanFile).snapshot;
    expect(mayReveal(employerScript, employer, 'loan')).toBe(false);
    expect(mayReveal(employerScript, employer, 'person')).toBe(true);
  });

  it('two failures of the identity end the call without a question of the file', () => {
    let snapshot = at('borrower.idLast4');
    snapshot = take(script, snapshot, classMove(script, 'borrower.idLast4', ['mismatch']));
    snapshot = take(script, snapshot, classMove(script, 'borrower.idLast4Again', ['mismatch']));
    expect(currentStep(snapshot, script)?.id).toBe('borrower.identityFailed');
    snapshot = take(script, snapshot, { type: 'said', step: 'borrower.identityFailed' });
    expect(offeredOutcomes(script, snapshot)).toEqual([{ code: 'ID_FAILED' }]);
  });

  it('a script does not start without what it must know beforehand, and ignores what it does not know', () => {
    const { 'station.records': _, ...rest } = ordinaryDay;
    expect(() => startScript(script, rest)).toThrow(Problem);
    expect(() => startScript(script, { ...ordinaryDay, 'station.records': 'perhaps' })).toThrow(Problem);
    const { 'borrower.said': _ofEmployersOnly, ...known } = ordinaryDay;
    expect(startScript(script, { ...ordinaryDay, 'moon.phase': 'full' }).context.given).toEqual(known);
  });

  it('a script that fails its checks does not start', () => {
    const broken = structuredClone(script);
    for (const step of broken.steps)
      if (step.id === 'borrower.signer' && step.kind === 'ask') step.next = 'borrower.property';
    expect(() => startScript(broken, ordinaryDay)).toThrow(/script.unproved/);
  }, 60_000);

  it('a replay that meets a move it cannot take says so instead of going on', () => {
    const { moves } = play(script, cleanBorrower, cleanFile);
    expect(() => replay(script, ordinaryDay, [...moves.slice(0, 5), ...moves.slice(6)])).toThrow(Problem);
  });

  it('a move late in the longest call costs what an early one costs', () => {
    const { moves } = play(script, changedJobBorrower, changedJobFile);
    /** The quickest of some rounds, per move: what else the machine does only makes rounds slower. */
    const cost = (part: typeof moves) => {
      const rounds = Array.from({ length: 15 }, () => {
        const began = performance.now();
        replay(script, ordinaryDay, part);
        return performance.now() - began;
      });
      return Math.min(...rounds) / part.length;
    };
    const early = moves.slice(0, Math.ceil(moves.length / 4));
    cost(early); // compiled by now
    expect(cost(moves) / cost(early)).toBeLessThan(4);
  });

  it('every state of the machine says in a sentence what it is', () => {
    const states = Object.values(scriptMachine(script).states);
    expect(states).toHaveLength(script.steps.length);
    for (const state of states) expect(state.description).toMatch(/\w+ \w+/);
  });
});
