import { countsAgainstCaps } from '../policy/caps.ts';
import type { ScriptKind } from '../script/format.ts';
import { givenBefore } from '../script/given.ts';
import type { AnswerClass, Topic } from '../script/move.ts';
import { hasSpokenOfTheJob } from './borrowerSaid.ts';
import type { AuthorisationScope, Case, PastAttempt } from './case.ts';

/**
 * How the earlier attempts are read, as it stands in attempt.started, so that every call is replayed as it began:
 *   1   whatever was dialled and not talked counts as missed; entries that name none
 *   2   what was our own fault or our own hang-up does not: nobody was disturbed, nobody is owed a word of apology
 */
export const givensReading = 2;
export type GivensReading = 1 | typeof givensReading;

function isMiss(past: PastAttempt, reading: GivensReading): boolean {
  if (past.direction !== 'out' || past.talkedSeconds > 0) return false;
  return reading === 1 || countsAgainstCaps(past);
}

/**
 * What a script knows before the call. Computed from the case revision as leased and the station's profile alone, so that the server's
 * replay starts where the station started. `records`: the PBX records (only then is there a notice to give). `withheld`: what the agent may not
 * ask about by policy, and `reading`: as they stand in attempt.started.
 */
export function givensOf(
  case_: Pick<Case, 'attempts' | 'authorisation' | 'borrowerSaid'>,
  records: boolean,
  withheld: readonly AuthorisationScope[] = [],
  reading: GivensReading = 1,
): Readonly<Record<Topic, AnswerClass>> {
  const mayAsk = (scope: AuthorisationScope) => case_.authorisation.scope.includes(scope) && !withheld.includes(scope);
  return givenBefore({
    earlierAttempts: case_.attempts.filter((attempt) => isMiss(attempt, reading)).length,
    stationRecords: records,
    employerInquiry: mayAsk('EMPLOYER'),
    incomeInquiry: mayAsk('INCOME'),
    borrowerSaid: hasSpokenOfTheJob(case_.borrowerSaid ?? {}),
  });
}

export const isScriptKind = (kind: Case['kind']): kind is ScriptKind =>
  kind === 'PRELOAN_BORROWER' || kind === 'EMPLOYER';
