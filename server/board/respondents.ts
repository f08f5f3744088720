import { caseSchema } from '#shared/case/case.ts';
import { maskName } from '#shared/case/mask.ts';
import type { Bank } from '../bank.ts';

/** Masked names by case, of the own team's cases only: an entry may name any id. */
export async function respondentsOf(
  bank: Pick<Bank, 'database'>,
  ids: readonly string[],
  team: string,
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await bank.database
    .selectFrom('cases')
    .select(['id', 'document'])
    .where('id', 'in', [...new Set(ids)])
    .where('team', '=', team)
    .execute();
  return new Map(rows.map((row) => [row.id, maskName(caseSchema.parse(JSON.parse(row.document)).respondent.name)]));
}
