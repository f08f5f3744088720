/**
 * Today's calls that the leased cases do not carry themselves, for the caps (domain.md 0.13): by anybody, to a number that one of the cases
 * has too, or about the same person in a case that is closed. Calls of the leased cases lie in their attempts, so nothing counts twice.
 */
import type { CallElsewhere, Case, ContactRole } from '#shared/case/case.ts';
import { dayOf, instantOf } from '#shared/policy/calendar.ts';
import { countsAgainstCaps } from '#shared/policy/caps.ts';
import type { DatabaseTransaction } from '../database/schema.ts';
import { caseDocuments, digitsOf } from './caseDocument.ts';
import type { HeldLease } from './leases.ts';

/** Longest list of `caseSchema`. */
const longest = 200;

export async function withCallsElsewhere(
  transaction: DatabaseTransaction,
  leases: readonly HeldLease[],
  now: Date,
): Promise<HeldLease[]> {
  const held = leases.flatMap(({ cases }) => cases);
  if (held.length === 0) return [...leases];
  const own = new Set(held.map(({ id }) => id));
  const numbers = [...new Set(held.flatMap(({ contacts }) => contacts.map(({ number }) => digitsOf(number))))];
  const persons = [...new Set(held.map(({ person }) => person))];
  const rows = await transaction
    .selectFrom('attempts')
    .innerJoin('cases', 'cases.id', 'attempts.case_id')
    .select(['attempts.attempt', 'attempts.contact', 'attempts.number', 'attempts.started_at', 'attempts.call_result'])
    .select(['cases.id', 'cases.person'])
    .where('attempts.direction', '=', 'out')
    .where('attempts.continues', 'is', null)
    .where('attempts.started_at', '>=', instantOf(dayOf(now), 0))
    .where(({ or, eb }) => or([eb('attempts.number', 'in', numbers), eb('cases.person', 'in', persons)]))
    .orderBy('attempts.started_at')
    .orderBy('attempts.attempt')
    .execute();
  const elsewhere = rows
    .filter(({ id }) => !own.has(id))
    // As in the documents: without a result it is still open, or its station has not sent more yet.
    .filter((row) => countsAgainstCaps({ direction: 'out', callResult: row.call_result ?? 'INTERRUPTED' }));
  if (elsewhere.length === 0) return [...leases];
  const isHeld = new Set(persons);
  const closed = [...new Set(elsewhere.filter(({ person }) => isHeld.has(person)).map(({ id }) => id))];
  const documents = new Map((await caseDocuments(transaction, closed)).map((one) => [one.id, one]));
  const roleOf = (caseId: string, contact: string | null): ContactRole | undefined =>
    documents.get(caseId)?.contacts.find(({ id }) => id === contact)?.role;
  const forCase = (one: Case): Case => {
    const dialled = new Set(one.contacts.map(({ number }) => digitsOf(number)));
    const calls = elsewhere
      .filter(({ number, person }) => person === one.person || dialled.has(number))
      .map((row): CallElsewhere => {
        const samePerson = row.person === one.person;
        const role = samePerson ? roleOf(row.id, row.contact) : undefined;
        const at = row.started_at.toISOString();
        return { at, number: row.number, samePerson, ...(role === undefined ? {} : { role }) };
      });
    return calls.length === 0 ? one : { ...one, callsElsewhere: calls.slice(-longest) };
  };
  return leases.map((lease) => ({ ...lease, cases: lease.cases.map(forCase) }));
}
