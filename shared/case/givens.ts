import type { ScriptKind } from '../script/format.ts';
import { givenBefore } from '../script/given.ts';
import type { AnswerClass, Topic } from '../script/move.ts';
import type { Case } from './case.ts';

/**
 * What a script knows before the call. Computed from the case revision as leased and the station's profile alone, so that the server's
 * replay starts where the station started. `records`: the PBX records (only then is there a notice to give).
 */
export function givensOf(
  case_: Pick<Case, 'attempts' | 'authorisation'>,
  records: boolean,
): Readonly<Record<Topic, AnswerClass>> {
  return givenBefore({
    earlierAttempts: case_.attempts.filter((attempt) => attempt.direction === 'out' && attempt.talkedSeconds === 0)
      .length,
    stationRecords: records,
    employerInquiry: case_.authorisation.scope.includes('EMPLOYER'),
    incomeInquiry: case_.authorisation.scope.includes('INCOME'),
  });
}

export const isScriptKind = (kind: Case['kind']): kind is ScriptKind =>
  kind === 'PRELOAN_BORROWER' || kind === 'EMPLOYER';
