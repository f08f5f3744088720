import { formatMoney, parseMoney } from '#shared/script/parse.ts';
import type { Text } from '#shared/text.ts';
import type { FieldView } from './view.ts';

/** What was understood of a typed answer, shown under it: `一万五` is echoed as 15,000 元. `null`: nothing to echo. */
export function echoOf(draft: string, answer: FieldView['answer']): Text | null {
  if (draft.trim() === '' || answer !== 'money') return null;
  const yuan = parseMoney(draft);
  if (yuan === undefined) return null;
  const words = formatMoney(yuan);
  return { zh: words, en: words.replace(' 元', ' yuan') };
}
