/**
 * A number of an employer that was only told by word of mouth (domain.md F4). The borrower may have staged who answers there, so
 * nothing is verified by it alone, whatever was said on it and whoever allowed the dial: at most it is partly verified.
 */
import type { Contact, NumberSource } from '../case/case.ts';
import type { Disposition } from '../disposition/disposition.ts';
import type { FlagCode } from '../script/flags.ts';
import { isEmployerRole } from './hours.ts';

const hearsay: readonly NumberSource[] = ['BORROWER', 'THIRD_PARTY', 'INCOMING'];

/** Stands in the record of what such a call came to. */
export const toldOnlyFlag: FlagCode = 'NUMBER_TOLD_ONLY';

export const isToldOnly = ({ role, sources }: Pick<Contact, 'role' | 'sources'>): boolean =>
  isEmployerRole(role) && sources.every(({ source }) => hearsay.includes(source));

/** Of what the answers allow, what may be concluded at such a number. */
export function atToldNumber(offers: readonly Disposition[]): readonly Disposition[] {
  const left = offers.filter(({ code }) => code !== 'VERIFIED' && code !== 'VERIFIED_MINOR');
  if (left.length === offers.length || left.some(({ code }) => code === 'PARTIAL')) return left;
  return [...left, { code: 'PARTIAL' }];
}
