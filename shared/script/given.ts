/** What is known before a call, from the case and the station, in the words of the scripts' `given`. */
import { granted } from './kinds.ts';
import type { AnswerClass, Topic } from './move.ts';

/** From this many earlier attempts on, the call opens with a word of apology (domain.md A54). */
export const soothingFrom = 2;

export type BeforeTheCall = {
  readonly earlierAttempts: number; // calls to this person that nobody answered
  readonly stationRecords: boolean; // the PBX records: only then a recording notice is true
  readonly employerInquiry: boolean; // the authorisation covers asking the employer
  readonly incomeInquiry: boolean; // … and asking about income
  readonly borrowerSaid: boolean; // an employer's case: what the borrower said of the job in their own call is at hand
};

export function givenBefore(before: BeforeTheCall): Record<Topic, AnswerClass> {
  const scope = (covered: boolean) => (covered ? granted : 'absent');
  return {
    'call.earlierMisses': before.earlierAttempts >= soothingFrom ? 'several' : 'none',
    'station.records': before.stationRecords ? 'yes' : 'no',
    'consent.employerInquiry': scope(before.employerInquiry),
    'consent.incomeInquiry': scope(before.incomeInquiry),
    'borrower.said': before.borrowerSaid ? 'yes' : 'no',
  };
}
