/** A number that the case did not have before somebody named it in a call. */
import type { Contact, ContactRole, NumberSource } from './case.ts';
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
