import type { ScriptKind } from '../script/format.ts';
import { givenBefore } from '../script/given.ts';
import type { AnswerClass, Topic } from '../script/move.ts';
import { hasSpokenOfTheJob } from './borrowerSaid.ts';
import type { AuthorisationScope, Case } from './case.ts';

/**
 * What a script knows before the call. Computed from the case revision as leased and the station's profile alone, so that the server's
 * replay starts where the station started. `records`: the PBX records (only then is there a notice to give). `withheld`: what the agent may not
 * ask about by policy, as it stands in attempt.started.
 */
export function givensOf(
  case_: Pick<Case, 'attempts' | 'authorisation' | 'borrowerSaid'>,
  records: boolean,
  withheld: readonly AuthorisationScope[] = [],
): Readonly<Record<Topic, AnswerClass>> {
  const mayAsk = (scope: AuthorisationScope) => case_.authorisation.scope.includes(scope) && !withheld.includes(scope);
  return givenBefore({
    earlierAttempts: case_.attempts.filter((attempt) => attempt.direction === 'out' && attempt.talkedSeconds === 0)
      .length,
    stationRecords: records,
    employerInquiry: mayAsk('EMPLOYER'),
    incomeInquiry: mayAsk('INCOME'),
    borrowerSaid: hasSpokenOfTheJob(case_.borrowerSaid ?? {}),
  });
}

export const isScriptKind = (kind: Case['kind']): kind is ScriptKind =>
  kind === 'PRELOAN_BORROWER' || kind === 'EMPLOYER';
