import { z } from 'zod';
import { caseIdSchema, instantSchema, numberSourceSchema } from '../case/case.ts';
import { textSchema } from '../text.ts';

/** How the number was made sure of (screens.md, before the dial). */
export const numberChecks = ['TWO_SOURCES', 'TYPED_FROM_FORM', 'SECOND_PERSON'] as const;
export type NumberCheck = (typeof numberChecks)[number];

/**
 * The permit (拨号许可) the dial guard yields; the only thing `Phone.dial` accepts, and part of `attempt.started`.
 * `number`: digits as dialled, without the extension. `extension`: dialled as DTMF after the answer, `,` is a pause.
 */
export const dialPermitSchema = z.strictObject({
  caseId: caseIdSchema,
  contact: z.string().max(40),
  number: z.string().regex(/^\+?[0-9]{3,20}$/),
  extension: z
    .string()
    .regex(/^[0-9](?:,?[0-9]){0,9}$/)
    .optional(),
  source: numberSourceSchema,
  check: z.enum(numberChecks),
  /** Account of the second person; with SECOND_PERSON only. */
  confirmedBy: z.string().max(40).optional(),
  attemptNumber: z.number().int().positive(),
  hoursRule: z.string().max(60),
  permittedAt: instantSchema,
  demo: z.boolean(),
});
export type DialPermit = z.infer<typeof dialPermitSchema>;

/**
 * A number inside the bank (内部号码) a customer's call may be passed on to: named by an administrator in the station's profile, never typed
 * by an agent. `number`: digits as dialled, a short internal number.
 */
export const internalNumberSchema = z.strictObject({
  number: z.string().regex(/^[0-9*]{2,20}$/),
  name: textSchema,
});
export type InternalNumber = z.infer<typeof internalNumberSchema>;

/**
 * The permit for an internal number; the only thing a consultation or a transfer accepts. It is made of the profile's list and of nothing
 * else: neither hours nor caps apply, for no customer is called; but a number that is not on the list is not dialled, whoever asks. So a
 * transfer can never become a free call, and a customer is never passed on to somebody outside of the bank.
 */
export type InternalPermit = Readonly<InternalNumber> & { readonly permittedAt: string };

/** null: the number is not on the list. `now`: epoch milliseconds. */
export function permitInternal(list: readonly InternalNumber[], number: string, now: number): InternalPermit | null {
  const found = list.find((each) => each.number === number);
  return found ? { ...found, permittedAt: new Date(now).toISOString() } : null;
}
