/** Numbers of the employer that borrowers named, as contacts of the employer's case (toldContact.ts). A station adds them offline likewise. */
import type { Selectable } from 'kysely';
import { type Case, type Contact, caseSchema, contactRoleSchema } from '#shared/case/case.ts';
import { areLinked, toldByBorrower } from '#shared/case/toldContact.ts';
import { isEmployerRole } from '#shared/policy/hours.ts';
import type { DatabaseTransaction, Tables } from '../database/schema.ts';

type Told = { contacts: Contact[]; changes: number };

/** For each of these cases that is an employer's. `changes`: by how much the revision has risen; it never falls, what was taken back counts again. */
export async function toldToEmployers(
  transaction: DatabaseTransaction,
  cases: readonly Case[],
): Promise<Map<string, Told>> {
  const employers = cases.filter(({ kind }) => kind === 'EMPLOYER');
  if (employers.length === 0) return new Map();
  const rows = await transaction
    .selectFrom('contact_changes')
    .innerJoin('cases', 'cases.id', 'contact_changes.case_id')
    .selectAll('contact_changes')
    .select('cases.document')
    .where('cases.person', 'in', [...new Set(employers.map(({ person }) => person))])
    .where('cases.kind', '!=', 'EMPLOYER')
    .where('contact_changes.source', '=', 'BORROWER')
    .where('contact_changes.number', 'is not', null)
    .orderBy('contact_changes.at')
    .orderBy('contact_changes.journal')
    .orderBy('contact_changes.seq')
    .execute();
  const said = rows.map(({ document, ...change }) => ({ change, of: caseSchema.parse(JSON.parse(document)) }));
  return new Map(
    employers.map((employer) => {
      const about = said.filter(({ of }) => areLinked(employer, of)).map(({ change }) => change);
      return [employer.id, told(employer, about)];
    }),
  );
}

function told(employer: Case, said: readonly Selectable<Tables['contact_changes']>[]): Told {
  let changes = 0;
  const standing = said.flatMap(({ contact, number, role, owner, at, standing: stands }) => {
    const whose = contactRoleSchema.safeParse(role);
    if (number === null || !whose.success || !isEmployerRole(whose.data)) return [];
    changes += stands ? 1 : 2;
    return stands ? [{ contact, number, role: whose.data, owner: owner ?? undefined, at: at.toISOString() }] : [];
  });
  return { contacts: toldByBorrower(employer, standing), changes };
}
