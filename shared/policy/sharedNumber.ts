/**
 * An employer's number that another application gives as another employer's (domain.md B2, A15): one telephone for two firms that nobody has.
 * Asked of the cases that are held; several employees of one employer agree about its name and raise nothing.
 */
import type { Case, Contact } from '../case/case.ts';
import { parsedOrNothing, sameNumber } from '../case/number.ts';
import { rememberedWith } from '../remembered.ts';
import type { FlagCode } from '../script/flags.ts';
import { compareNames } from '../script/names.ts';
import type { Text } from '../text.ts';
import { isEmployerRole } from './hours.ts';
import { isToldOnly } from './toldOnly.ts';

/** Stands in the record of what a call to such a number came to. */
export const sharedNumberFlag: FlagCode = 'NUMBER_SHARED';

export const sharedNumberHint: Text = {
  zh: '此号码在另一任务中登记为另一家单位的电话，请留意。',
  en: 'Another case gives this number as another employer’s. Take care.',
};

/** A number that was only told is the firm's that was told with it, which may be another than the application's. */
const employerOf = (one: Case, contact: Contact): string | undefined =>
  isToldOnly(contact) ? contact.owner : one.file['employer.name'];

/** A malformed number is nobody's. */
const digitsOf = ({ role, number }: Contact): string | undefined =>
  isEmployerRole(role) ? parsedOrNothing(number)?.digits : undefined;

type Line = { readonly number: string; readonly employer: string };

/** The employers' lines of a list, by their digits without the extension. */
const linesIn = rememberedWith((cases: readonly Case[]): ReadonlyMap<string, readonly Line[]> => {
  const lines = new Map<string, Line[]>();
  for (const one of cases)
    for (const contact of one.contacts) {
      const digits = digitsOf(contact);
      const employer = employerOf(one, contact);
      if (digits === undefined || employer === undefined) continue;
      const before = lines.get(digits) ?? [];
      if (!before.some((line) => line.number === contact.number && line.employer === employer))
        lines.set(digits, [...before, { number: contact.number, employer }]);
    }
  return lines;
});

/** Whether one of `cases` gives the number of this contact for an employer of another name. */
export function isSharedNumber(one: Case, contact: Contact, cases: readonly Case[]): boolean {
  const digits = digitsOf(contact);
  const employer = employerOf(one, contact);
  if (employer === undefined || digits === undefined) return false;
  return (linesIn(cases).get(digits) ?? []).some(
    (line) => sameNumber(line.number, contact.number) && compareNames(line.employer, employer) === 'different',
  );
}
