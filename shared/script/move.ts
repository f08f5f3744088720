import { z } from 'zod';

/** Two or more words with dots: `employer.name`. Steps are qualified by their script, topics by their subject. */
export const stepIdSchema = z.string().regex(/^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)+$/);
export const topicSchema = z.string().regex(/^[a-z][A-Za-z]*(\.[a-z][A-Za-z0-9]*)+$/);
/** An answer class, an exit, a fact: one word without a dot. */
export const wordSchema = z.string().regex(/^[a-z][A-Za-z]*$/);

export type StepId = string;
export type Topic = string;
export type AnswerClass = string;

/** What was learned about one topic: its class always, the words only where the topic is not private. */
export const answerSchema = z.strictObject({
  about: topicSchema,
  as: wordSchema,
  value: z.string().max(500).optional(),
});
export type Answer = z.infer<typeof answerSchema>;

/**
 * One move through a script. The moves of a case, in order, are the whole input of a replay (beside the script,
 * its version and hash, and the case revision as leased): the station restores a crash with them, the server checks with them.
 */
export const moveSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('answered'), step: stepIdSchema, answers: z.array(answerSchema).min(1).max(8) }),
  z.strictObject({ type: z.literal('said'), step: stepIdSchema }),
  z.strictObject({ type: z.literal('back'), step: stepIdSchema, reason: z.string().min(1).max(200) }),
  z.strictObject({ type: z.literal('exited'), step: stepIdSchema, exit: wordSchema }),
]);
export type Move = z.infer<typeof moveSchema>;
