/**
 * Red flags of an employer's number that no answer raises (domain.md B2): they stand before the dial as hints, in the record of what the call came
 * to, and count with those of the answers towards referring the case to risk control. None of them keeps anybody from dialling.
 */
import type { Case, Contact } from '../case/case.ts';
import { isMobileAsLandline, parsedOrNothing } from '../case/number.ts';
import type { FlagCode } from '../script/flags.ts';
import type { Text } from '../text.ts';
import { type CompanyFlag, companyFlags } from './companyRecord.ts';
import { isEmployerRole } from './hours.ts';
import { isSharedNumber } from './sharedNumber.ts';

export type EmployerFlag = CompanyFlag | Extract<FlagCode, 'NUMBER_SHARED' | 'MOBILE_AS_LANDLINE'>;

/** `cases`: those that are held. */
export function employerFlags(one: Case, contact: Contact, cases: readonly Case[]): readonly EmployerFlag[] {
  return [
    ...(isSharedNumber(one, contact, cases) ? (['NUMBER_SHARED'] as const) : []),
    ...(isEmployerRole(contact.role) && isMobileAsLandline(contact) ? (['MOBILE_AS_LANDLINE'] as const) : []),
    ...companyFlags(one, contact),
  ];
}

/** The same of a call: its contact with the extension it was called at, unless another number was typed off the form. */
export function employerFlagsOfCall(
  { case: one, contact, number }: { case: Case | null; contact: Contact | null; number: string },
  cases: readonly Case[],
): readonly EmployerFlag[] {
  if (one === null || contact === null) return [];
  const called = parsedOrNothing(contact.number)?.digits === number ? contact : { ...contact, number };
  return employerFlags(one, called, cases);
}

/** Before the dial; MOBILE_AS_LANDLINE is said there by the number itself (`numberHint`). None says a value of the file: it is read before the questions. */
export const employerHints: Readonly<Record<Exclude<EmployerFlag, 'MOBILE_AS_LANDLINE'>, Text>> = {
  NUMBER_SHARED: {
    zh: '此号码在另一任务中登记为另一家单位的电话，请留意。',
    en: 'Another case gives this number as another employer’s. Take care.',
  },
  COMPANY_NOT_FOUND: {
    zh: '公开登记中查无此单位，请留意对方如何介绍自己。',
    en: 'The public register has no such company. Note how they introduce themselves.',
  },
  COMPANY_YOUNGER: {
    zh: '单位成立晚于申请的入职时间，请留意对入职时间的回答。',
    en: 'The company is younger than the stated employment. Note what is said of its start.',
  },
  AREA_DIFFERS: {
    zh: '号码区号与单位登记所在地不符，请核对办公地点。',
    en: 'The number’s area is not where the company is registered. Check where it works.',
  },
};
