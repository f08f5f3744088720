/**
 * An employer's number that another application gives as another employer's (domain.md B2, A15): one telephone for two firms that nobody has.
 * Several employees of one employer agree about its name and raise nothing. A station asks it of the cases it holds, the server of all.
 */
import type { Case, Contact } from '../case/case.ts';
import { parsedOrNothing, sameNumber } from '../case/number.ts';
import { rememberedWith } from '../remembered.ts';
import { compareNames } from '../script/names.ts';
import { isEmployerRole } from './hours.ts';
import { isToldOnly } from './toldOnly.ts';

/** A number that was only told is the firm's that was told with it, which may be another than the application's. */
const employerOf = (one: Case, contact: Contact): string | undefined =>
  isToldOnly(contact) ? contact.owner : one.file['employer.name'];

/** A malformed number is nobody's, and a service number (95599, 400…) may be anybody's. */
function digitsOf({ role, number }: Contact): string | undefined {
  const parsed = isEmployerRole(role) ? parsedOrNothing(number) : undefined;
  return parsed?.kind === 'service' ? undefined : parsed?.digits;
}

/** A number as it was written, its digits without the extension, and whose it is said to be. */
export type EmployerLine = { readonly digits: string; readonly number: string; readonly employer: string };

const lineOf = (one: Case, contact: Contact): readonly EmployerLine[] => {
  const digits = digitsOf(contact);
  const employer = employerOf(one, contact);
  return digits === undefined || employer === undefined ? [] : [{ digits, number: contact.number, employer }];
};

export const employerLines = (one: Case): readonly EmployerLine[] =>
  one.contacts.flatMap((contact) => lineOf(one, contact));

/** One telephone, two employers. */
export const isOtherEmployer = (line: EmployerLine, other: EmployerLine): boolean =>
  sameNumber(line.number, other.number) && compareNames(line.employer, other.employer) === 'different';

const byDigits = rememberedWith((cases: readonly Case[]): ReadonlyMap<string, readonly EmployerLine[]> => {
  const lines = new Map<string, readonly EmployerLine[]>();
  for (const line of cases.flatMap(employerLines)) {
    const before = lines.get(line.digits) ?? [];
    if (!before.some(({ number, employer }) => number === line.number && employer === line.employer))
      lines.set(line.digits, [...before, line]);
  }
  return lines;
});

/** Whether one of `cases`, or one that only the server knows, gives the number of this contact for an employer of another name. */
export function isSharedNumber(one: Case, contact: Contact, cases: readonly Case[]): boolean {
  return lineOf(one, contact).some(
    (line) =>
      (byDigits(cases).get(line.digits) ?? []).some((other) => isOtherEmployer(line, other)) ||
      (one.sharedNumbers ?? []).includes(line.number),
  );
}
