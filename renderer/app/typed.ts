import type { FieldView } from './view.ts';

/** Answers that are figures: there full width means the same as half width. Names and sentences keep the characters they were typed with. */
const figures: Readonly<Record<FieldView['answer'], boolean>> = {
  choice: false,
  text: false,
  name: false,
  money: true,
  date: true,
  number: true,
  lastFour: true,
};

/** NFKC where figures are asked: `１５，０００` is 15,000. */
export function normaliseTyped(text: string, answer: FieldView['answer']): string {
  return figures[answer] ? text.normalize('NFKC') : text;
}
