/**
 * A number that the case did not have before somebody named it in a call.
 *
 * A number of the employer that the borrower named is dialled in the employer's case (domain.md 0.2, A13): it stands in the borrower's as what
 * was said, and in the linked one as a contact nobody has confirmed.
 */
import type { Case, Contact, ContactRole, NumberSource } from './case.ts';
import { sameNumber } from './number.ts';
import type { Slot } from './slot.ts';

export type ToldNumber = {
  readonly number: string;
  readonly source: NumberSource;
  /** Whose line it is. Stations that did not say so yet meant the respondent's own. */
  readonly role?: ContactRole | undefined;
  readonly owner?: string | undefined;
  readonly slot?: Slot | undefined;
};

/**
 * The contact it becomes: with one source and confirmed by nobody, so that the dial guard asks for more. `at`: when it was told;
 * `model`: the respondent's first contact. Undefined for an id that no contact can have, and for a case without contacts.
 */
export function toldContact(id: string, told: ToldNumber, at: string, model: Contact | undefined): Contact | undefined {
  if (model === undefined || !/^[a-z0-9-]{1,40}$/.test(id)) return undefined;
  const { number, source, role = model.role, owner = model.owner, slot } = told;
  const contact: Contact = {
    id,
    label: '通话中提供',
    number,
    role,
    owner,
    status: 'UNCONFIRMED',
    sources: [{ source, number, at }],
  };
  return slot === undefined ? contact : { ...contact, slot };
}

/** Of one person and application, and named by one of them: what one borrower named never comes into another borrower's case (domain.md 0.13). */
export const areLinked = (a: Case, b: Case): boolean =>
  a.person === b.person &&
  a.application === b.application &&
  (a.linkedCases.includes(b.id) || b.linkedCases.includes(a.id));

/** The contacts an employer's case gets by what its borrower named, oldest first: those it does not have, each once. `role`: the employer's. */
export function toldByBorrower(
  employer: Case,
  said: readonly (Omit<ToldNumber, 'source'> & { role: ContactRole; contact: string; at: string })[],
): Contact[] {
  const contacts: Contact[] = [];
  for (const { contact, at, ...line } of said) {
    const known = [...employer.contacts, ...contacts];
    if (known.some((one) => one.id === contact || isNamed(one, line.number))) continue;
    const added = toldContact(contact, { ...line, source: 'BORROWER' }, at, employer.contacts[0]);
    if (added !== undefined) contacts.push(added);
  }
  return contacts;
}

/** Whether this line stands at the contact already, as its own or as one of its sources'. */
export const isNamed = (contact: Contact, number: string): boolean =>
  [contact.number, ...contact.sources.map((from) => from.number)].some((one) => sameNumber(one, number));
