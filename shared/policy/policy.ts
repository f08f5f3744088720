/**
 * The bank's calling policy as data (domain.md F3–F5): leased to the station with the cases, so that a whole shift offline obeys it too.
 * Times of day are minutes since midnight in Asia/Shanghai; gaps are minutes.
 */
import { z } from 'zod';
import { type AuthorisationScope, authorisationScopeSchema, type Case } from '../case/case.ts';
import { caseKindSchema } from '../case/kind.ts';
import { textSchema } from '../text.ts';

const minuteOfDay = z
  .number()
  .int()
  .min(0)
  .max(24 * 60);
const span = z.strictObject({ from: minuteOfDay, to: minuteOfDay });
const count = z.number().int().min(1).max(50);

export const policySchema = z.strictObject({
  version: z.number().int().positive(),
  hours: z.strictObject({
    /** Never passable, appointment or not. */
    outer: span,
    borrower: z.strictObject({ workday: z.array(span), saturday: z.array(span), appointmentOnRestDay: span }),
    employer: z.strictObject({ workday: z.array(span) }),
  }),
  caps: z.strictObject({
    perNumberPerDay: count,
    perPersonPerDay: count,
    hardPerDay: count,
    total: count,
    employerTotal: count,
  }),
  ringSeconds: z.number().int().min(10).max(120),
  gaps: z.strictObject({
    busy: z.array(z.number().int().positive()).min(1),
    noAnswer: z.number().int().positive(),
    powerOff: z.number().int().positive(),
    outOfCoverage: z.number().int().positive(),
    voicemail: z.number().int().positive(),
    networkFault: z.number().int().positive(),
    dropped: z.number().int().positive(),
    callBackMissed: z.number().int().positive(),
  }),
  /** After so many misses an SMS notice goes first. */
  smsAfterMisses: count,
  /** The SMS notice before the first call: of which kinds, and who calls; preNotice.ts where it says nothing. */
  preNotice: z
    .strictObject({
      kinds: z.array(caseKindSchema).max(20).optional(),
      bank: textSchema.optional(),
      officialNumber: z.string().min(1).max(40).optional(),
    })
    .optional(),
  /** What outsourced agents may ask about, as far as the customer authorised it (domain.md 0.14); `outsourcedScopes` where it says nothing. */
  outsourcedScopes: z.array(authorisationScopeSchema).max(4).optional(),
  wrapUpSeconds: z.number().int().min(10).max(600),
  /** Working days within which a complaint is answered, 1 to 30; where the bank says nothing, `complaintWorkdays`. */
  complaintWorkdays: z.number().int().min(1).max(30).optional(),
  /** Days the holiday calendar is known to; after it days are provisional («日历未公布»). */
  calendarUntil: z.iso.date(),
});
export type Policy = z.infer<typeof policySchema>;

/**
 * Working days for a complaint where the policy names none. Not in `defaultPolicy`: a server leases that one to stations older than
 * itself, which refuse what they do not know.
 */
export const complaintWorkdays = 5;

export const defaultPolicy: Policy = {
  version: 1,
  hours: {
    outer: { from: 8 * 60, to: 22 * 60 },
    borrower: {
      workday: [
        { from: 9 * 60, to: 11 * 60 + 45 },
        { from: 13 * 60 + 45, to: 20 * 60 + 30 },
      ],
      saturday: [
        { from: 10 * 60, to: 11 * 60 + 45 },
        { from: 13 * 60 + 45, to: 18 * 60 },
      ],
      appointmentOnRestDay: { from: 9 * 60, to: 21 * 60 },
    },
    employer: {
      workday: [
        { from: 9 * 60, to: 11 * 60 + 45 },
        { from: 13 * 60 + 45, to: 17 * 60 + 30 },
      ],
    },
  },
  caps: { perNumberPerDay: 2, perPersonPerDay: 3, hardPerDay: 5, total: 6, employerTotal: 5 },
  ringSeconds: 40,
  gaps: {
    busy: [15, 30],
    noAnswer: 180,
    powerOff: 240,
    outOfCoverage: 120,
    voicemail: 180,
    networkFault: 5,
    dropped: 30,
    callBackMissed: 10,
  },
  smsAfterMisses: 2,
  wrapUpSeconds: 45,
  calendarUntil: '2026-12-31',
};

/** Not in `defaultPolicy`: stations that do not know it yet would refuse the policy. */
const outsourcedScopes: readonly AuthorisationScope[] = ['EMPLOYER', 'CREDIT', 'PROPERTY'];

/** What an agent may not ask about, whatever the customer authorised. */
export const withheldScopes = (policy: Policy, handling: Case['handling']): AuthorisationScope[] =>
  handling === 'IN_HOUSE'
    ? []
    : authorisationScopeSchema.options.filter(
        (scope) => !(policy.outsourcedScopes ?? outsourcedScopes).includes(scope),
      );
