/**
 * A case (回访任务) as leased to a station, and its contacts (联系方式). What comes from a server or a file is hostile:
 * everything is parsed here, with limits, before anything else sees it.
 *
 * Only the last four of an ID number exist, and file values are words of the application keyed by topic
 * (`employer.name`): the same words the scripts ask about (architecture §10).
 */
import { z } from 'zod';
import { topicSchema } from '../script/move.ts';
import { caseKindSchema } from './kind.ts';
import { slotSchema } from './slot.ts';

export const caseIdSchema = z.string().regex(/^[A-Z0-9][A-Z0-9-]{2,39}$/);
export const instantSchema = z.iso.datetime({ offset: true });
const words = (max: number) => z.string().min(1).max(max);

/** Where a number comes from. Two *independent* sources that agree allow a one-key dial (domain.md A08). */
export const numberSources = [
  'APPLICATION_FORM', // as typed into the system from the application
  'FORM_IMAGE', // as read from the scanned form, by a second person
  'PUBLIC_DIRECTORY', // official site, company register, 114
  'EMPLOYER_RECORD', // verified in an earlier call to this employer
  'BORROWER', // told by the borrower in a call
  'THIRD_PARTY', // told by anybody else
  'INCOMING', // seen as caller's number
] as const;
export const numberSourceSchema = z.enum(numberSources);
export type NumberSource = z.infer<typeof numberSourceSchema>;

export const contactRoles = [
  'BORROWER',
  'HOME',
  'EMPLOYER',
  'EMPLOYER_PUBLIC',
  'EMPLOYER_HR',
  'COLLEAGUE',
  'GUARANTOR',
  'COBORROWER',
  'EMERGENCY',
] as const;
export const contactRoleSchema = z.enum(contactRoles);
export type ContactRole = z.infer<typeof contactRoleSchema>;

export const contactStatuses = [
  'OK',
  'UNCONFIRMED',
  'INVALID',
  'SUSPENDED',
  'REPLACED',
  'WRONG_PERSON',
  'NOT_VOICE',
  'DO_NOT_CALL',
] as const;
export const contactStatusSchema = z.enum(contactStatuses);
export type ContactStatus = z.infer<typeof contactStatusSchema>;

export const contactSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  label: words(60),
  /** As in the system; normalised by `parseNumber` before any use. May carry an extension («转8012»). */
  number: words(40),
  role: contactRoleSchema,
  /** Whose it is: a person's or a firm's name; shown masked. */
  owner: z.string().max(200),
  department: z.string().max(60).optional(),
  /** When its owner is well called, as somebody said. Sent to stations that know it (`caseAdditions`). */
  slot: slotSchema.optional(),
  status: contactStatusSchema,
  /** Every source that names a number for this contact, with the number it names. */
  sources: z
    .array(z.strictObject({ source: numberSourceSchema, number: words(40), at: instantSchema.optional() }))
    .min(1)
    .max(8),
  /** Picture of the form's field with the number, as a data: URL, for typing it off; never shown together with `number`. */
  formImage: z
    .string()
    .regex(/^data:image\/(png|svg\+xml);base64,[A-Za-z0-9+/=]+$/)
    .max(40_000)
    .optional(),
});
export type Contact = z.infer<typeof contactSchema>;

/** One earlier attempt, by whichever station: what caps, retry rules and the history need. */
export const pastAttemptSchema = z.strictObject({
  attempt: z.string().max(40),
  at: instantSchema,
  contact: z.string().max(40),
  direction: z.enum(['out', 'in']),
  callResult: z.string().max(40),
  disposition: z.string().max(40).optional(),
  talkedSeconds: z.number().int().nonnegative(),
  /** In the same call as another case's attempt before it: no call of its own. Sent to stations that know it (`caseAdditions`). */
  continued: z.literal(true).optional(),
});
export type PastAttempt = z.infer<typeof pastAttemptSchema>;

export const historyLineSchema = z.strictObject({
  at: instantSchema,
  text: z.strictObject({ zh: words(300), en: words(300) }),
});

export const appointmentSchema = z.strictObject({
  at: instantSchema,
  exact: z.boolean(),
  askedBy: z.enum(['RESPONDENT', 'AGENT']),
  note: z.string().max(200).optional(),
});
export type Appointment = z.infer<typeof appointmentSchema>;

/** A call of today that no case of the station carries, and that could disturb somebody. */
export const callElsewhereSchema = z.strictObject({
  at: instantSchema,
  /** As dialled. */
  number: z.string().max(40),
  /** About the person of this case, by another one of their cases. */
  samePerson: z.boolean(),
  /** Who was called; of the same person only. */
  role: contactRoleSchema.optional(),
});
export type CallElsewhere = z.infer<typeof callElsewhereSchema>;

/** What the public register of companies says of the file's employer, as the bank looked it up. */
export const companyRecordSchema = z.strictObject({
  /** Which register: 企业公示系统. */
  source: words(60),
  lookedUpOn: z.iso.date(),
  found: z.boolean(),
  foundedOn: z.iso.date().optional(),
  /** Of the places it works from, with the 0. */
  areaCodes: z
    .array(z.string().regex(/^0\d{2,3}$/))
    .max(20)
    .optional(),
});
export type CompanyRecord = z.infer<typeof companyRecordSchema>;

/** What others may be asked about. */
export const authorisationScopeSchema = z.enum(['EMPLOYER', 'INCOME', 'CREDIT', 'PROPERTY']);
export type AuthorisationScope = z.infer<typeof authorisationScopeSchema>;

export const caseSchema = z.strictObject({
  id: caseIdSchema,
  /** Rises with every change at the server; a replay names the revision that was leased. */
  revision: z.number().int().positive(),
  kind: caseKindSchema,
  /** The person whose cases are leased together, so that two agents never call one person. */
  person: z.string().regex(/^[A-Za-z0-9-]{1,40}$/),
  application: z.string().regex(/^[A-Za-z0-9-]{1,40}$/),
  team: z.string().regex(/^[A-Za-z0-9-]{1,20}$/),
  /** Can be dialled on the practice PBX only. */
  isDemo: z.boolean(),
  /** Who is called: shown masked until the identity is confirmed. */
  respondent: z.strictObject({ name: words(200), title: z.enum(['MR', 'MS', 'NONE']) }),
  /** Whom the application is about (same as the respondent in borrower cases). */
  borrower: z.strictObject({ name: words(200), title: z.enum(['MR', 'MS', 'NONE']) }),
  branch: words(100),
  accountManager: words(60),
  loanType: z.enum(['PERSONAL_HOME', 'PERSONAL_COMMERCIAL', 'ENTERPRISE_REALESTATE']),
  handling: z.enum(['IN_HOUSE', 'OUTSOURCED']),
  authorisation: z.strictObject({
    version: words(20),
    date: z.iso.date(),
    /** What the borrower allowed to be verified with others (授权书). */
    scope: z.array(authorisationScopeSchema).max(4),
  }),
  createdAt: instantSchema,
  deadline: instantSchema,
  appointment: appointmentSchema.optional(),
  contacts: z.array(contactSchema).min(1).max(20),
  /** Application's values by topic. Shown only after the answer to that topic is committed. */
  file: z.record(topicSchema, z.string().min(1).max(300)),
  attempts: z.array(pastAttemptSchema).max(200),
  /** For the caps only (caps.ts), as of the lease; sent to stations that ask for it. No part of a revision: nothing is replayed with it. */
  callsElsewhere: z.array(callElsewhereSchema).max(200).optional(),
  history: z.array(historyLineSchema).max(200),
  linkedCases: z.array(caseIdSchema).max(10),
  /**
   * An employer's case: what the borrower said of the job in their own call, by the topics of its script; the employer's name only where
   * it is another than the file's. The server adds it for stations that know it (`caseAdditions`).
   */
  borrowerSaid: z.record(topicSchema, z.string().min(1).max(300)).optional(),
  /** Those of the employer's numbers, as they are written in the contacts, that another case gives for another employer; else as `callsElsewhere`. */
  sharedNumbers: z.array(words(40)).max(20).optional(),
  /** Sent to stations that know it (`caseAdditions`). */
  companyRecord: companyRecordSchema.optional(),
});
export type Case = z.infer<typeof caseSchema>;
