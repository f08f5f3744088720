import { z } from 'zod';
import { caseIdSchema, instantSchema, numberSourceSchema } from '../case/case.ts';

/** How the number was made sure of (screens.md, before the dial). */
export const numberChecks = ['TWO_SOURCES', 'TYPED_FROM_FORM', 'SECOND_PERSON'] as const;
export type NumberCheck = (typeof numberChecks)[number];

/**
 * The permit (拨号许可) the dial guard yields; the only thing `Phone.dial` accepts, and part of `attempt.started`.
 * `number`: digits as dialled, without the extension. `extension`: dialled as DTMF after the answer.
 */
export const dialPermitSchema = z.strictObject({
  caseId: caseIdSchema,
  contact: z.string().max(40),
  number: z.string().regex(/^\+?[0-9]{3,20}$/),
  extension: z
    .string()
    .regex(/^[0-9]{1,10}$/)
    .optional(),
  source: numberSourceSchema,
  check: z.enum(numberChecks),
  attemptNumber: z.number().int().positive(),
  hoursRule: z.string().max(60),
  permittedAt: instantSchema,
  demo: z.boolean(),
});
export type DialPermit = z.infer<typeof dialPermitSchema>;
