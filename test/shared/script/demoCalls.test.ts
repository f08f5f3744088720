import { describe, expect, it } from 'vitest';
import type { Given } from '#shared/script/compare.ts';
import { factsOf, holds } from '#shared/script/conditions.ts';
import { duties } from '#shared/script/kinds.ts';
import { facts, flagsRaised, knowledge, offeredOutcomes, replay } from '#shared/script/scriptMachine.ts';
import {
  borrowerScript,
  changedJobBorrower,
  changedJobFile,
  cleanBorrower,
  cleanEmployer,
  cleanFile,
  employerScript,
  ordinaryDay,
  play,
} from './support/calls.ts';

describe('calls of the demo, from the first word to the result', () => {
  it('DEMO-01: a borrower who says what the file says is verified, and nothing else is offered', () => {
    const { snapshot, moves } = play(borrowerScript, cleanBorrower, cleanFile);
    expect(offeredOutcomes(borrowerScript, snapshot)).toEqual([{ code: 'VERIFIED' }]);
    expect(flagsRaised(borrowerScript, snapshot)).toEqual([]);
    expect(replay(borrowerScript, ordinaryDay, moves).context).toEqual(snapshot.context);
  });

  it('DEMO-01: an employer who says what the file says is verified', () => {
    const { snapshot, moves } = play(employerScript, cleanEmployer, cleanFile);
    expect(offeredOutcomes(employerScript, snapshot)).toEqual([{ code: 'VERIFIED' }]);
    expect(replay(employerScript, ordinaryDay, moves).context).toEqual(snapshot.context);
  });

  it('DEMO-01: the employer’s words are held against the borrower’s; a contradiction is a flag, and nobody is verified by it', () => {
    const given = { ...ordinaryDay, 'borrower.said': 'yes' };
    const compared = (as: string, duties: Given | string = '画新文具的外观图') =>
      play(
        employerScript,
        {
          ...cleanEmployer,
          'employer.duties': [duties, { choice: 'concrete' }],
          'employer.compared': [{ choice: as }],
        },
        cleanFile,
        given,
      );
    const ends = (as: string) => {
      const { snapshot } = compared(as);
      return [offeredOutcomes(employerScript, snapshot), flagsRaised(employerScript, snapshot)];
    };
    expect(ends('alike')).toEqual([[{ code: 'VERIFIED' }], []]);
    expect(ends('unclear')).toEqual([[{ code: 'VERIFIED' }], []]);
    expect(ends('contradictory')).toEqual([[{ code: 'VERIFIED_MINOR' }], ['DUTIES_DIFFER']]);
    const steps = compared('alike').moves.map(({ step }) => step);
    expect(steps.indexOf('employer.compared')).toBe(steps.indexOf('employer.duties') + 1);
    expect(compared('alike', { unknown: true }).moves.map(({ step }) => step)).not.toContain('employer.compared');
    const alone = play(employerScript, cleanEmployer, cleanFile).moves.map(({ step }) => step);
    expect(alone).not.toContain('employer.compared');
  });

  it('what is observed at the employer’s may be so together: no company’s name, and the borrower’s own surroundings', () => {
    const observed = (...choices: [string, string, string]) => {
      const fields: Given[] = [...choices.map((choice) => ({ choice })), { skipped: true }];
      const { snapshot } = play(employerScript, { ...cleanEmployer, 'employer.observed': fields }, cleanFile);
      return [offeredOutcomes(employerScript, snapshot)[0]?.code, flagsRaised(employerScript, snapshot)];
    };
    expect(observed('ordinary', 'ordinary', 'ordinary')).toEqual(['VERIFIED', []]);
    expect(observed('helloOnly', 'ordinary', 'sameBackground')).toEqual([
      'SUSPECTED_FRAUD',
      ['NO_COMPANY_NAME', 'COLLUSION'],
    ]);
  });

  it('DEMO-03: a borrower who changed jobs ends in wrong employer, outdated, and the information is updated', () => {
    const { snapshot, moves } = play(borrowerScript, changedJobBorrower, changedJobFile);
    expect(offeredOutcomes(borrowerScript, snapshot)).toEqual([
      { code: 'WRONG_EMPLOYER', sub: 'OUTDATED' },
      { code: 'INFO_UPDATED', sub: 'EMPLOYER' },
      { code: 'INFO_UPDATED', sub: 'CONTACT' },
    ]);
    expect(flagsRaised(borrowerScript, snapshot)).toEqual(['SHORT_TENURE']);
    expect(knowledge(borrowerScript, snapshot).get('income.monthly')).toBe('near');
    expect(replay(borrowerScript, ordinaryDay, moves).context).toEqual(snapshot.context);
  });

  it.each([
    ['2026年6月', ['SHORT_TENURE'], 'VERIFIED_MINOR'],
    ['2026年5月', [], 'VERIFIED'],
  ] as const)(
    'in November, who works there since %s raises %j, even where the file says the same',
    (since, flags, code) => {
      const file = { ...cleanFile, 'employer.since': since };
      const borrower = play(borrowerScript, { ...cleanBorrower, 'borrower.since': [since] }, file).snapshot;
      expect(flagsRaised(borrowerScript, borrower)).toEqual(flags);
      expect(offeredOutcomes(borrowerScript, borrower)).toEqual([{ code }]);
      const employer = play(employerScript, { ...cleanEmployer, 'employer.since': [since] }, file).snapshot;
      expect(flagsRaised(employerScript, employer)).toEqual(flags);
      expect(offeredOutcomes(employerScript, employer)).toEqual([{ code }]);
    },
  );

  it('another source of the down payment than the file names differs, a borrowed one is a flag', () => {
    const said = (source: Given | string) =>
      play(borrowerScript, { ...cleanBorrower, 'borrower.downpayment': [source] }, cleanFile).snapshot;
    expect(offeredOutcomes(borrowerScript, said('卖房所得'))).toEqual([{ code: 'VERIFIED_MINOR' }]);
    expect(flagsRaised(borrowerScript, said('卖房所得'))).toEqual([]);
    expect(flagsRaised(borrowerScript, said({ choice: 'borrowed' }))).toEqual(['DOWNPAYMENT_LOAN']);
  });

  it('DEMO-03: the old employer says that he left', () => {
    const left = {
      ...cleanEmployer,
      'employer.name': ['月背土豆食品有限公司', '同事'],
      'employer.status': [{ choice: 'left' }],
      'employer.leftOn': ['2026年9月'],
    };
    const { snapshot } = play(employerScript, left, changedJobFile);
    expect(offeredOutcomes(employerScript, snapshot)).toEqual([{ code: 'LEFT_JOB' }]);
  });

  it('DEMO-02: who contradicts himself about the employer and hides a debt is referred, never judged', () => {
    const file = { ...cleanFile, 'employer.name': '万能证明科技（虚构）有限公司', 'debts.monthly': '4200' };
    const answers = {
      ...cleanBorrower,
      'borrower.employer': ['万能科技公司'],
      'borrower.employerDiffers': ['万能证明公司', { choice: 'contradicts' }],
      'borrower.debts': ['没有'],
    };
    const { snapshot } = play(borrowerScript, answers, file);
    expect(offeredOutcomes(borrowerScript, snapshot).slice(0, 2)).toEqual([
      { code: 'WRONG_EMPLOYER', sub: 'CONCEALMENT' },
      { code: 'SUSPECTED_FRAUD' },
    ]);
    expect(flagsRaised(borrowerScript, snapshot)).toEqual(['EMPLOYER_CONTRADICTS', 'DEBT_HIDDEN']);
  });

  it('DEMO-04: a noodle shop at the employer’s number is a wrong number dialled or a slip of the record', () => {
    const shop = {
      'employer.name': ['面馆', '老板'],
      'employer.numberAge': [{ choice: 'long' }],
    };
    const { snapshot } = play(employerScript, shop, cleanFile);
    expect(offeredOutcomes(employerScript, snapshot)).toEqual([
      { code: 'WRONG_EMPLOYER', sub: 'WRONG_NUMBER_DIALLED' },
      { code: 'WRONG_EMPLOYER', sub: 'RECORD_SLIP' },
      { code: 'WRONG_EMPLOYER', sub: 'UNKNOWN' },
    ]);
  });

  it('without the authorisation no income is asked, and what is covered can still be verified', () => {
    const given = { ...ordinaryDay, 'consent.incomeInquiry': 'absent' };
    const { snapshot, moves } = play(borrowerScript, cleanBorrower, cleanFile, given);
    expect(moves.map((move) => move.step)).not.toContain('borrower.income');
    expect(offeredOutcomes(borrowerScript, snapshot)).toEqual([{ code: 'VERIFIED' }]);
  });

  it('an employer whom we may not ask about the person is never told the name and never verifies', () => {
    const given = { ...ordinaryDay, 'consent.employerInquiry': 'absent' };
    const { snapshot, moves } = play(employerScript, cleanEmployer, cleanFile, given);
    expect(moves.map((move) => move.step)).not.toContain('employer.status');
    expect(offeredOutcomes(employerScript, snapshot)).toEqual([{ code: 'PARTIAL' }]);
  });

  it('a station that does not record never claims to, and the call goes on without the notice', () => {
    const given = { ...ordinaryDay, 'station.records': 'no' };
    const { snapshot, moves } = play(borrowerScript, cleanBorrower, cleanFile, given);
    expect(moves.map((move) => move.step)).not.toContain('borrower.recording');
    expect(facts(borrowerScript, snapshot).notice).toBe(true);
    expect(offeredOutcomes(borrowerScript, snapshot)).toEqual([{ code: 'VERIFIED' }]);
  });

  it('two earlier misses bring the word of apology', () => {
    const given = { ...ordinaryDay, 'call.earlierMisses': 'several' };
    const { moves } = play(borrowerScript, cleanBorrower, cleanFile, given);
    expect(moves.map((move) => move.step)).toContain('borrower.soothe');
    expect(play(borrowerScript, cleanBorrower, cleanFile).moves.map((move) => move.step)).not.toContain(
      'borrower.soothe',
    );
  });

  it('what verified stands for holds at the end of the clean call, as the kind means it', () => {
    const { snapshot } = play(borrowerScript, cleanBorrower, cleanFile);
    const duty = factsOf(borrowerScript).compileDuty(duties.PRELOAN_BORROWER.stands.VERIFIED!);
    expect(holds(duty, knowledge(borrowerScript, snapshot))).toBe(true);
  });
});
