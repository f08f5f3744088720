/**
 * A number of the employer that the borrower named is dialled in the employer's case (domain.md 0.2, A13): it stands in the borrower's as what
 * was said, and in the linked one as a contact nobody has confirmed. Linked, of the same person and application: what one borrower named never
 * comes into another borrower's case (0.13).
 */
import type { Selectable } from 'kysely';
import { type Case, type Contact, caseSchema, contactRoleSchema } from '#shared/case/case.ts';
import { sameNumber } from '#shared/case/number.ts';
import { toldContact } from '#shared/case/toldContact.ts';
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
      const about = said.filter(({ of }) => isLinked(employer, of)).map(({ change }) => change);
      return [employer.id, told(employer, about)];
    }),
  );
}

const isLinked = (a: Case, b: Case): boolean =>
  a.person === b.person &&
  a.application === b.application &&
  (a.linkedCases.includes(b.id) || b.linkedCases.includes(a.id));

function told(employer: Case, said: readonly Selectable<Tables['contact_changes']>[]): Told {
  const contacts: Contact[] = [];
  let changes = 0;
  for (const { contact, number, role, owner, at, standing } of said) {
    const whose = contactRoleSchema.safeParse(role);
    if (number === null || !whose.success || !isEmployerRole(whose.data)) continue;
    changes += standing ? 1 : 2;
    const known = [...employer.contacts, ...contacts];
    if (!standing || known.some((one) => one.id === contact || isNamed(one, number))) continue;
    const word = { number, source: 'BORROWER', role: whose.data, owner: owner ?? undefined } as const;
    const added = toldContact(contact, word, at.toISOString(), employer.contacts[0]);
    if (added !== undefined) contacts.push(added);
  }
  return { contacts, changes };
}

const isNamed = (contact: Contact, number: string): boolean =>
  [contact.number, ...contact.sources.map((from) => from.number)].some((one) => sameNumber(one, number));
