import { describe, expect, it } from 'vitest';
import {
  currentStep,
  likelyNext,
  openQuestions,
  requiredTopics,
  startScript,
  take,
} from '#shared/script/scriptMachine.ts';
import {
  changedJobBorrower,
  changedJobFile,
  classMove,
  cleanBorrower,
  cleanFile,
  ordinaryDay,
  play,
  borrowerScript as script,
} from './support/calls.ts';

const ids = (steps: readonly { id: string }[]) => steps.map((step) => step.id);
const at = (step: string) => play(script, cleanBorrower, cleanFile, ordinaryDay, step).snapshot;

describe('what lies ahead of a call', () => {
  it('the next two questions are those of a pleasant call', () => {
    expect(ids(likelyNext(script, startScript(script, ordinaryDay)))).toEqual(['borrower.recording', 'borrower.time']);
    expect(ids(likelyNext(script, at('borrower.idLast4')))).toEqual(['borrower.home', 'borrower.purpose']);
    expect(ids(likelyNext(script, at('borrower.close')))).toEqual([]);
  });

  it('every step of a call was open before it came', () => {
    for (const [answers, file] of [
      [cleanBorrower, cleanFile],
      [changedJobBorrower, changedJobFile],
    ] as const) {
      const { moves } = play(script, answers, file);
      let snapshot = startScript(script, ordinaryDay);
      for (const move of moves) {
        const open = ids(openQuestions(script, snapshot));
        snapshot = take(script, snapshot, move);
        const now = currentStep(snapshot, script)!;
        if (now.kind !== 'outcome') expect(open).toContain(now.id);
      }
    }
  });

  it('what an answer has closed is not open any more', () => {
    const open = ids(openQuestions(script, at('borrower.workplace')));
    expect(open).not.toContain('borrower.employerDiffers');
    expect(open).not.toContain('borrower.proof');
    expect(open).not.toContain('borrower.identityFailed');
    expect(open).toContain('borrower.income');
    const absent = play(
      script,
      cleanBorrower,
      cleanFile,
      { ...ordinaryDay, 'consent.incomeInquiry': 'absent' },
      'borrower.since',
    );
    expect(ids(openQuestions(script, absent.snapshot))).not.toContain('borrower.income');
  });

  it('stands in reading order and is empty at an outcome', () => {
    const open = ids(openQuestions(script, startScript(script, ordinaryDay)));
    const order = ids(script.steps);
    expect([...open].sort((a, b) => order.indexOf(a) - order.indexOf(b))).toEqual(open);
    expect(openQuestions(script, play(script, cleanBorrower, cleanFile).snapshot)).toEqual([]);
    const closing = take(
      script,
      startScript(script, ordinaryDay),
      classMove(script, 'borrower.opening', ['wrongNumber']),
    );
    expect(openQuestions(script, closing)).toEqual([]);
  });

  it('required topics are those the script marks, each once', () => {
    const required = requiredTopics(script);
    expect(required).toContain('loan.amount');
    expect(required).not.toContain('income.payday');
    expect(new Set(required).size).toBe(required.length);
  });
});
