/**
 * What a customer says, to be read: the formats between the practice PBX and the workstation, in practice only.
 *
 *     before the answer   X-Practice-Caption: <percent-encoded JSON>        in 18x and final responses
 *     after the answer    INFO, application/x-practice-caption+json         PBX → workstation
 *     the agent's question INFO, application/x-practice-step+json            workstation → PBX
 */
import { z } from 'zod';
import { type Text, textSchema } from '#shared/text.ts';
import type { Sentence } from './customers.ts';

export const CAPTION_HEADER = 'X-Practice-Caption';
export const CAPTION_TYPE = 'application/x-practice-caption+json';
export const STEP_TYPE = 'application/x-practice-step+json';

export const captionSchema = z.strictObject({ speaker: textSchema, zh: z.string(), en: z.string() });
export type Caption = z.infer<typeof captionSchema>;

export const stepSchema = z.strictObject({
  step: z.string().min(1).max(80),
  topics: z.array(z.string().min(1).max(80)).max(8),
});
export type Step = z.infer<typeof stepSchema>;

export const captionOf = (speaker: Text, { zh, en }: Sentence): Caption => ({ speaker, zh, en });

/** A whole header line. Percent-encoding keeps Chinese and line breaks out of SIP. */
export const captionHeader = (caption: Caption): string =>
  `${CAPTION_HEADER}: ${encodeURIComponent(JSON.stringify(caption))}`;

/** Undefined for anything that is not a step. */
export function readStep(body: string): Step | undefined {
  try {
    const read = stepSchema.safeParse(JSON.parse(body));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}
