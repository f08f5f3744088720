/**
 * What was added to the case document after the first stations were out. A station refuses a case that holds anything it does not know, so
 * it says with each question for leases what it does know, and the rest is left out for it.
 */
import type { Case } from './case.ts';

export const caseAdditions = ['borrowerSaid', 'contactSlot', 'callsElsewhere', 'continuedAttempts'] as const;

/** The case as a station takes it that knows these additions; names nobody knows here are no matter. */
export function caseFor(case_: Case, known: readonly string[]): Case {
  const { borrowerSaid, callsElsewhere, ...rest } = case_;
  return {
    ...rest,
    ...(borrowerSaid !== undefined && known.includes('borrowerSaid') ? { borrowerSaid } : {}),
    ...(callsElsewhere !== undefined && known.includes('callsElsewhere') ? { callsElsewhere } : {}),
    attempts: known.includes('continuedAttempts')
      ? case_.attempts
      : case_.attempts.map(({ continued: _, ...past }) => past),
    contacts: known.includes('contactSlot') ? case_.contacts : case_.contacts.map(({ slot: _, ...contact }) => contact),
  };
}
