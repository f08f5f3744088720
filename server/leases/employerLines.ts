/**
 * Numbers that two employers are said to have (domain.md B2), over all cases the bank ever imported: a station looks at those it holds only. Numbers
 * that were told in calls are not among them; stations look at those.
 */
import type { Case } from '#shared/case/case.ts';
import { employerLines, isOtherEmployer } from '#shared/policy/sharedNumber.ts';
import type { DatabaseTransaction } from '../database/schema.ts';
import type { HeldLease } from './leases.ts';

/** Longest list of `caseSchema`. */
const longest = 20;

/** In place of what was kept of this case before. */
export async function keepEmployerLines(transaction: DatabaseTransaction, one: Case): Promise<void> {
  await transaction.deleteFrom('employer_lines').where('case_id', '=', one.id).execute();
  const lines = employerLines(one).map((line) => ({ case_id: one.id, ...line }));
  if (lines.length === 0) return;
  await transaction
    .insertInto('employer_lines')
    .values(lines)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The leased cases with those of their numbers that a case gives for an employer of another name. */
export async function withSharedNumbers(
  transaction: DatabaseTransaction,
  leases: readonly HeldLease[],
): Promise<HeldLease[]> {
  const digits = [
    ...new Set(leases.flatMap(({ cases }) => cases.flatMap((one) => employerLines(one).map((line) => line.digits)))),
  ];
  if (digits.length === 0) return [...leases];
  const rows = await transaction
    .selectFrom('employer_lines')
    .select(['digits', 'number', 'employer'])
    .distinct()
    .where('digits', 'in', digits)
    .execute();
  const forCase = (one: Case): Case => {
    const shared = employerLines(one).filter((line) =>
      rows.some((other) => other.digits === line.digits && isOtherEmployer(line, other)),
    );
    return shared.length === 0
      ? one
      : { ...one, sharedNumbers: [...new Set(shared.map(({ number }) => number))].slice(0, longest) };
  };
  return leases.map((lease) => ({ ...lease, cases: lease.cases.map(forCase) }));
}
