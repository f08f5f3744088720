/** When a number is well called (方便接听), as somebody said it: a part of the day where one was chosen, else their words. */
import { z } from 'zod';
import type { AnswerClass } from '../script/move.ts';
import type { Text } from '../text.ts';

export const slotParts = ['MORNING', 'AFTERNOON', 'ANY'] as const;
export type SlotPart = (typeof slotParts)[number];
export const slotSchema = z.union([
  z.strictObject({ part: z.enum(slotParts) }),
  /** Said freely: shown, and read by no rule. */
  z.strictObject({ words: z.string().min(1).max(100) }),
]);
export type Slot = z.infer<typeof slotSchema>;

const byAnswer: Readonly<Record<AnswerClass, SlotPart>> = {
  morning: 'MORNING',
  afternoon: 'AFTERNOON',
  anytime: 'ANY',
};
/** What the borrower answered about `employer.slot`; undefined: nothing that is a time. */
export const slotOfAnswer = (as: AnswerClass | undefined): Slot | undefined => {
  const part = as === undefined ? undefined : byAnswer[as];
  return part && { part };
};

/** What was answered about `contact.slot`, in free words. */
export function slotOfWords(said: string | undefined): Slot | undefined {
  const words = said?.trim().slice(0, 100) ?? '';
  return words === '' ? undefined : { words };
}

const partTexts: Readonly<Record<SlotPart, Text>> = {
  MORNING: { zh: '上午', en: 'mornings' },
  AFTERNOON: { zh: '下午', en: 'afternoons' },
  ANY: { zh: '上午、下午都可以', en: 'mornings or afternoons' },
};

/** 「方便接听：上午」; free words are named as such, for nothing follows from them by itself. */
export function slotText(slot: Slot): Text {
  if ('part' in slot)
    return { zh: `方便接听：${partTexts[slot.part].zh}`, en: `Good time to call: ${partTexts[slot.part].en}` };
  return { zh: `方便接听（原话）：${slot.words}`, en: `Good time to call (as said): ${slot.words}` };
}
