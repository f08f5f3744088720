/**
 * Numbers that two employers are said to have (domain.md B2), over all cases that were due in the last two years: a station looks at those it holds
 * only. Numbers that were told in calls are not among them; stations look at those. A person's own applications do not accuse each other: an
 * employer's name is corrected, a company renamed.
 */
import type { Case } from '#shared/case/case.ts';
import { employerLines, isOtherEmployer } from '#shared/policy/sharedNumber.ts';
import type { DatabaseTransaction } from '../database/schema.ts';
import type { HeldLease } from './leases.ts';

/** Longest list of `caseSchema`. */
const longest = 20;
const remembered = 2 * 365 * 86_400_000;

/** In place of what was kept of this case before. */
export async function keepEmployerLines(transaction: DatabaseTransaction, one: Case): Promise<void> {
  await transaction.deleteFrom('employer_lines').where('case_id', '=', one.id).execute();
  await addEmployerLines(transaction, [one]);
}

/** Of cases of which nothing is kept yet. 500 at most: a statement takes 65,535 values. */
export async function addEmployerLines(transaction: DatabaseTransaction, cases: readonly Case[]): Promise<void> {
  const lines = cases.flatMap((one) => employerLines(one).map((line) => ({ case_id: one.id, ...line })));
  if (lines.length === 0) return;
  await transaction
    .insertInto('employer_lines')
    .values(lines)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The leased cases with those of their numbers that a case of somebody else gives for an employer of another name. */
export async function withSharedNumbers(
  transaction: DatabaseTransaction,
  leases: readonly HeldLease[],
  now: Date,
): Promise<HeldLease[]> {
  const asked = leases.flatMap(({ cases }) => cases.flatMap(employerLines)).map(({ digits }) => digits);
  if (asked.length === 0) return [...leases];
  const rows = await transaction
    .selectFrom('employer_lines')
    .innerJoin('cases', 'cases.id', 'employer_lines.case_id')
    .select(['employer_lines.digits', 'employer_lines.number', 'employer_lines.employer', 'cases.person'])
    .distinct()
    .where('employer_lines.digits', 'in', [...new Set(asked)])
    .where('cases.deadline', '>=', new Date(now.getTime() - remembered))
    .execute();
  const byDigits = new Map<string, typeof rows>();
  for (const row of rows) byDigits.set(row.digits, [...(byDigits.get(row.digits) ?? []), row]);
  const forCase = (one: Case): Case => {
    const shared = employerLines(one).filter((line) =>
      (byDigits.get(line.digits) ?? []).some((other) => other.person !== one.person && isOtherEmployer(line, other)),
    );
    return shared.length === 0
      ? one
      : { ...one, sharedNumbers: [...new Set(shared.map(({ number }) => number))].slice(0, longest) };
  };
  return leases.map((lease) => ({ ...lease, cases: lease.cases.map(forCase) }));
}
