/**
 * What was added to the case document after the first stations were out. A station refuses a case that holds anything it does not know, so
 * it says with each question for leases what it does know, and the rest is left out for it.
 */
import type { Case } from './case.ts';

/** Fields of the case itself; `contactSlot` and `continuedAttempts` are of its contacts and attempts. */
const fields = ['borrowerSaid', 'callsElsewhere', 'companyRecord', 'sharedNumbers'] as const;
export const caseAdditions = [...fields, 'contactSlot', 'continuedAttempts'] as const;

/** The case as a station takes it that knows these additions; names nobody knows here are no matter. */
export function caseFor(case_: Case, known: readonly string[]): Case {
  const sent = { ...case_ };
  for (const field of fields) if (sent[field] === undefined || !known.includes(field)) delete sent[field];
  return {
    ...sent,
    attempts: known.includes('continuedAttempts')
      ? case_.attempts
      : case_.attempts.map(({ continued: _, ...past }) => past),
    contacts: known.includes('contactSlot') ? case_.contacts : case_.contacts.map(({ slot: _, ...contact }) => contact),
  };
}
