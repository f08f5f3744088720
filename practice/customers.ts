/**
 * The simulated customers, as data (customers.json). Nobody in there exists: the numbers are in ranges that no operator
 * has, names and firms are puns, the town is invented (domain.md G0).
 *
 *     case ── people: who they are, what they know, what they say
 *          └─ numbers ── behaviours, tried in order: when … → answers (a person) | fails (status, announcement)
 */
import { z } from 'zod';
import { textSchema } from '#shared/text.ts';
import data from './customers.json' with { type: 'json' };
import { daypartSchema } from './daypart.ts';

export const voices = ['woman', 'man', 'clerk', 'colleague', 'elder', 'boy', 'operator', 'dialect'] as const;
export const voiceSchema = z.enum(voices);
export type Voice = z.infer<typeof voiceSchema>;

/** Something that is said. Words of `zh` in full-width brackets are seen, not heard; `spoken` replaces what is heard. */
export const sentenceSchema = textSchema.extend({ spoken: z.string().min(1).optional() });
export type Sentence = z.infer<typeof sentenceSchema>;

export const practiceEvents = ['sms', 'appointment', 'dialectAgent'] as const;
export const practiceEventSchema = z.enum(practiceEvents);

/** All that is given must hold; an empty `when` holds always. Minutes count from midnight in Shanghai, weekdays from Sunday = 0. */
export const whenSchema = z.strictObject({
  attempt: z.tuple([z.int().min(1), z.int().min(1)]).optional(),
  daypart: z.array(daypartSchema).min(1).optional(),
  weekday: z.int().min(0).max(6).optional(),
  fromMinute: z.int().min(0).max(1439).optional(),
  after: practiceEventSchema.optional(),
});
export type When = z.infer<typeof whenSchema>;

export const announcementNames = ['empty', 'emptyPolite', 'suspended', 'engaged', 'poweredOff'] as const;
export type AnnouncementName = (typeof announcementNames)[number];

const behaviourBase = { when: whenSchema, ringSeconds: z.number().min(0).max(60) };
export const answersSchema = z.strictObject({
  ...behaviourBase,
  does: z.literal('answers'),
  person: z.string(),
  says: sentenceSchema.optional(),
  thenHangsUp: z.boolean().default(false),
});
export const failsSchema = z.strictObject({
  ...behaviourBase,
  does: z.literal('fails'),
  status: z.union([z.literal(404), z.literal(480), z.literal(486), z.literal(603)]),
  /** Q.850, sent as a Reason header. */
  cause: z.int().min(1).max(127),
  announcement: z.enum(announcementNames).optional(),
  /** Seconds until the customer rings the agent back, and what is said first. */
  ringsBack: z
    .strictObject({ seconds: z.number().min(1).max(600), person: z.string(), says: sentenceSchema })
    .optional(),
});
/** A machine answers and wants the extension; then the person does. */
export const switchboardSchema = z.strictObject({
  ...behaviourBase,
  does: z.literal('switchboard'),
  extension: z.string().regex(/^\d{1,8}$/),
  person: z.string(),
});
export const behaviourSchema = z.discriminatedUnion('does', [answersSchema, failsSchema, switchboardSchema]);
export type Behaviour = z.infer<typeof behaviourSchema>;

export const personSchema = z.strictObject({
  speaker: textSchema,
  voice: voiceSchema,
  /** Which part of the file the answers of this person can be read from. */
  knows: z.enum(['ownFile', 'employeeFile', 'nothing']),
  /** Seconds of thinking before an answer. */
  thinks: z.number().min(0).max(10).default(0.6),
  greeting: sentenceSchema,
  answers: z.record(z.string(), sentenceSchema).default({}),
  /** The answer to everything else; without it, the file, then 「这个我不太清楚」. */
  otherwise: sentenceSchema.optional(),
});
export type Person = z.infer<typeof personSchema>;

export const fileSchema = z.strictObject({
  idLast4: z.string().regex(/^\d{3}[\dX]$/),
  home: textSchema,
  employer: textSchema.optional(),
  employerAddress: textSchema.optional(),
  employerPhone: z.string().optional(),
  department: textSchema.optional(),
  position: textSchema.optional(),
  duties: textSchema.optional(),
  since: z
    .string()
    .regex(/^\d{4}-\d{2}$/)
    .optional(),
  income: z.int().optional(),
  payday: z.int().min(1).max(31).optional(),
  amount: z.int().optional(),
  months: z.int().optional(),
  estate: textSchema.optional(),
  /** Square metres. */
  size: z.int().optional(),
  price: z.int().optional(),
  downpayment: textSchema.optional(),
});
export type CustomerFile = z.infer<typeof fileSchema>;

export const numberSchema = z.strictObject({
  number: z.string().regex(/^\d{11}$/),
  label: textSchema,
  behaviours: z.array(behaviourSchema).min(1),
});
export const caseSchema = z.strictObject({
  id: z.string().regex(/^DEMO-\d{2}$/),
  name: textSchema,
  file: fileSchema,
  people: z.record(z.string(), personSchema),
  numbers: z.array(numberSchema).min(1),
});
export type CustomerCase = z.infer<typeof caseSchema>;

/** A number with everything that stands behind it. */
export type Customer = { of: CustomerCase; number: string; behaviours: readonly Behaviour[] };

export const cases: readonly CustomerCase[] = z.array(caseSchema).parse(data);

const byNumber = new Map<string, Customer>(
  cases.flatMap((of) => of.numbers.map(({ number, behaviours }) => [number, { of, number, behaviours }] as const)),
);

/** Digits only: spaces, dashes and an extension (转, ext, #, comma) go. */
export const plainNumber = (dialled: string): string => (dialled.split(/转|ext|[#,;p]/i)[0] ?? '').replace(/\D/g, '');

/** The customer behind a number as dialled; undefined for a number that nobody has. */
export const customerAt = (dialled: string): Customer | undefined => byNumber.get(plainNumber(dialled));

/** Throws when the data names a person that the case lacks: a mistake in customers.json. */
export function personOf(of: CustomerCase, name: string): Person {
  const person = of.people[name];
  if (person === undefined) throw new Error(`${of.id} has no person ${name}`);
  return person;
}
