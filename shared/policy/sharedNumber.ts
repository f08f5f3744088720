/**
 * An employer's number that another application gives as another employer's (domain.md B2, A15): one telephone for two firms that nobody has.
 * Asked of the cases that are held; several employees of one employer agree about its name and raise nothing.
 */
import type { Case, Contact } from '../case/case.ts';
import { parseNumber } from '../case/number.ts';
import { Problem } from '../problem.ts';
import type { FlagCode } from '../script/flags.ts';
import { compareNames } from '../script/names.ts';
import type { Text } from '../text.ts';
import { isEmployerRole } from './hours.ts';

/** Stands in the record of what a call to such a number came to. */
export const sharedNumberFlag: FlagCode = 'NUMBER_SHARED';

export const sharedNumberHint: Text = {
  zh: '此号码在另一任务中登记为另一家单位的电话，请留意。',
  en: 'Another case gives this number as another employer’s. Take care.',
};

const employerOf = (one: Case): string | undefined => one.file['employer.name'];

const digitsOf = (number: string): string | undefined => {
  try {
    return parseNumber(number).digits;
  } catch (cause) {
    if (!(cause instanceof Problem)) throw cause;
    return undefined; // a malformed number is nobody's
  }
};

/** The employers of a list, each once by the digits of its numbers. A list is never changed in place, so they are remembered with it. */
const employersOfList = new WeakMap<readonly Case[], ReadonlyMap<string, ReadonlySet<string>>>();
function employersIn(cases: readonly Case[]): ReadonlyMap<string, ReadonlySet<string>> {
  const known = employersOfList.get(cases);
  if (known) return known;
  const employers = new Map<string, Set<string>>();
  for (const one of cases) {
    const name = employerOf(one);
    if (name === undefined) continue;
    for (const contact of one.contacts) {
      const digits = isEmployerRole(contact.role) ? digitsOf(contact.number) : undefined;
      if (digits !== undefined) employers.set(digits, (employers.get(digits) ?? new Set()).add(name));
    }
  }
  employersOfList.set(cases, employers);
  return employers;
}

/** Whether one of `cases` gives the number of this contact for an employer of another name. */
export function isSharedNumber(one: Case, contact: Pick<Contact, 'role' | 'number'>, cases: readonly Case[]): boolean {
  const name = employerOf(one);
  const digits = isEmployerRole(contact.role) ? digitsOf(contact.number) : undefined;
  if (name === undefined || digits === undefined) return false;
  return [...(employersIn(cases).get(digits) ?? [])].some((other) => compareNames(other, name) === 'different');
}
