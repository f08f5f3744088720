/**
 * What the public register of companies, as the bank looked it up, says against an employer of the application (domain.md B2, A14). It says
 * nothing of a firm whose number was only told: the record is of the one in the file.
 */
import type { Case, CompanyRecord, Contact } from '../case/case.ts';
import { parsedOrNothing } from '../case/number.ts';
import type { FlagCode } from '../script/flags.ts';
import { isEmployerRole } from './hours.ts';
import { isToldOnly } from './toldOnly.ts';

export type CompanyFlag = Extract<FlagCode, 'COMPANY_NOT_FOUND' | 'COMPANY_YOUNGER' | 'AREA_DIFFERS'>;

/** Months compare as the texts they are (`2016-01`); a year alone, or anything else, proves nothing. */
const monthOf = (date: string | undefined): string | undefined => /^\d{4}-\d{2}/.exec(date ?? '')?.[0];

function startedBeforeItWas(one: Case, { foundedOn }: CompanyRecord): boolean {
  const [since, founded] = [monthOf(one.file['employer.since']), monthOf(foundedOn)];
  return since !== undefined && founded !== undefined && since < founded;
}

/** Only a landline has a place. */
function isElsewhere({ number }: Contact, { areaCodes }: CompanyRecord): boolean {
  const area = parsedOrNothing(number)?.area;
  return area !== undefined && areaCodes !== undefined && areaCodes.length > 0 && !areaCodes.includes(area);
}

/** What speaks against this contact of an employer, in the order it is said; nothing where the bank looked nothing up. */
export function companyFlags(one: Case, contact: Contact): readonly CompanyFlag[] {
  const { companyRecord: record } = one;
  if (!record || !isEmployerRole(contact.role) || isToldOnly(contact)) return [];
  if (!record.found) return ['COMPANY_NOT_FOUND'];
  return [
    ...(startedBeforeItWas(one, record) ? (['COMPANY_YOUNGER'] as const) : []),
    ...(isElsewhere(contact, record) ? (['AREA_DIFFERS'] as const) : []),
  ];
}

/** The record in the words of the evidence (查询登记): `企业公示系统 2026-11-20：成立于 2021-05-12，区号 026`. */
export function companyRecordWords({ source, lookedUpOn, found, foundedOn, areaCodes = [] }: CompanyRecord): string {
  const facts = [
    foundedOn === undefined ? null : `成立于 ${foundedOn}`,
    areaCodes.length === 0 ? null : `区号 ${areaCodes.join('、')}`,
  ].filter((fact) => fact !== null);
  return `${source} ${lookedUpOn}：${found ? ['已登记', ...facts].join('，') : '查无此单位'}`;
}
