/**
 * A call script as data.
 *
 *   flow speaks of steps:       on / next / else / to       where to go after this answer
 *   knowledge speaks of topics: about, facts, conditions    what we have learned, wherever it was asked
 *
 * Steps stand in reading order; the next step is the one below unless the step says otherwise, and every jump goes
 * down. So no path is longer than the list, nothing is overwritten by a loop, and a script can be read aloud from
 * top to bottom. Asking again is a second step about the same topic. An answer enters as its class (match, mismatch,
 * a choice, unknown …), never as its value: comparing with the file happens before, in compare.ts.
 *
 * What a script must ask and may say is not written here but in kinds.ts: a script is never its own specification.
 */
import { z } from 'zod';
import { dispositionCodeSchema } from '../disposition/disposition.ts';
import { textSchema } from '../text.ts';
import { stepIdSchema, topicSchema, wordSchema } from './move.ts';

/** Kinds of calls that have a script and duties today; the other kinds of case are worked without one. */
export const scriptKinds = ['PRELOAN_BORROWER', 'EMPLOYER'] as const;
export type ScriptKind = (typeof scriptKinds)[number];

/** All entries of a row must hold: a fact is true or false, a topic's latest answer is (one of) the classes named. */
const rowSchema = z
  .record(z.union([wordSchema, topicSchema]), z.union([z.boolean(), wordSchema, z.array(wordSchema).min(1)]))
  .refine((row) => Object.keys(row).length > 0, 'an empty row would always hold');
/** One row, or several of which at least one must hold. There is nothing else: no operators, no nesting. */
export const conditionSchema = z.union([rowSchema, z.array(rowSchema).min(1)]);
export type Condition = z.infer<typeof conditionSchema>;

/** What a text can give away; when it may be said is the kind's business. */
export const secrets = ['loan', 'income', 'person', 'recording'] as const;
export type Secret = (typeof secrets)[number];

/** The four things a pre-loan call looks at (真实性, 完整性, 还款能力, 还款意愿). */
export const sections = ['truth', 'completeness', 'capacity', 'willingness'] as const;

export const answerKinds = [
  'choice', // one of `choices`, each a class of its own
  'option', // one of `options`, compared with the file by value
  'text',
  'name', // of an organisation
  'address',
  'money', // yuan
  'month', // a date as year and month
  'term', // months
  'day', // of the month
  'number',
  'phone',
  'lastFour', // of an identity number
] as const;
export type AnswerKind = (typeof answerKinds)[number];

/** Tolerances: money in percent of the file's value, months and terms in months, days and numbers in their unit. */
const compareSchema = z.strictObject({
  with: topicSchema.optional(), // the file's topic, where it is not the one asked about
  within: z.number().positive().optional(),
  near: z.number().positive().optional(), // for names: any number says that a like name is "near"
  denied: z.literal(true).optional(), // saying "none" where the file has some is an answer of its own
});

const fieldSchema = z.strictObject({
  about: topicSchema,
  label: textSchema,
  answer: z.enum(answerKinds),
  choices: z.record(wordSchema, textSchema).optional(), // classes of their own, beside comparison, unknown and refused
  options: z.record(wordSchema, textSchema).optional(),
  compare: compareSchema.optional(),
  repeats: topicSchema.optional(), // entered a second time: taken only when it is what was entered about that topic
  // Answered by the program, from a month said on the same screen: "short" while it lies less than so many months before the call,
  // else "settled"; "unknown" where no month was said.
  derived: z.strictObject({ from: topicSchema, monthsUnder: z.int().positive() }).optional(),
  mandatory: z.literal(true).optional(), // without it the call is not complete
  observed: z.literal(true).optional(), // the agent's own observation: a choice, and never unknown or refused
  optional: z.literal(true).optional(), // may be left empty, which is the class "skipped"
  flags: z.record(wordSchema, z.string().regex(/^[A-Z][A-Z_]*$/)).optional(), // answer class → red flag
  on: z.record(wordSchema, stepIdSchema).optional(), // answer class → next step; the first field that names one decides
});

const saySchema = z.strictObject({
  kind: z.literal('say'),
  id: stepIdSchema,
  text: textSchema,
  about: topicSchema.optional(), // a disclosure: having said it is knowledge
  reveals: z.array(z.enum(secrets)).optional(), // in addition to what the vocabulary finds by itself
  next: stepIdSchema.optional(),
});
const askSchema = z.strictObject({
  kind: z.literal('ask'),
  id: stepIdSchema,
  text: textSchema.optional(), // without text nothing is spoken: all fields are observations
  section: z.enum(sections).optional(),
  scope: topicSchema.optional(), // given topic that must be "granted"; otherwise the step is passed over
  fields: z.array(fieldSchema).min(1).max(8),
  // Answers of steps above, shown beside what the borrower said of the same topics in their own call; the agent judges, nobody is asked.
  beside: z.array(topicSchema).min(1).max(8).optional(),
  reveals: z.array(z.enum(secrets)).optional(),
  next: stepIdSchema.optional(),
});
const gateSchema = z.strictObject({
  kind: z.literal('gate'),
  id: stepIdSchema,
  needs: conditionSchema,
  else: stepIdSchema,
});
const branchSchema = z.strictObject({
  kind: z.literal('branch'),
  id: stepIdSchema,
  cases: z.array(z.strictObject({ if: conditionSchema, to: stepIdSchema })).min(1), // first that holds; else the step below
});
const outcomeSchema = z.strictObject({
  kind: z.literal('outcome'),
  id: stepIdSchema,
  offers: z // in the order of proposal: the first that holds is proposed
    .array(
      z.strictObject({
        code: dispositionCodeSchema,
        sub: z
          .string()
          .regex(/^[A-Z][A-Z_]*$/)
          .optional(),
        when: conditionSchema.optional(),
      }),
    )
    .min(1),
});

/**
 * An exit with `to` leaves the questions and is offered at every step above its target. One with `text` is an aside:
 * the sentence is said, and the call stands where it stood.
 */
const exitSchema = z
  .strictObject({
    id: wordSchema,
    label: textSchema,
    to: stepIdSchema.optional(),
    text: textSchema.optional(),
    while: conditionSchema.optional(),
  })
  .refine((exit) => (exit.to === undefined) !== (exit.text === undefined), 'an exit leads somewhere or says something');

export const scriptSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z-]*$/),
  version: z.int().positive(),
  kind: z.enum(scriptKinds),
  title: textSchema,
  given: z.record(topicSchema, z.array(wordSchema).min(1)).optional(), // known before the call, with its possible classes
  facts: z.record(wordSchema, conditionSchema).optional(), // named conditions of this script; in order, no cycle
  steps: z.array(z.discriminatedUnion('kind', [saySchema, askSchema, gateSchema, branchSchema, outcomeSchema])).min(2),
  exits: z.array(exitSchema),
});

export type Script = z.infer<typeof scriptSchema>;
export type Step = Script['steps'][number];
export type Ask = Extract<Step, { kind: 'ask' }>;
export type Say = Extract<Step, { kind: 'say' }>;
export type Field = z.infer<typeof fieldSchema>;
export type Exit = Script['exits'][number];

/** Leaving is knowledge too: the topic it answers, with the exit's id as the class. Asides leave nothing behind. */
export const leaving = 'call.leaving';
