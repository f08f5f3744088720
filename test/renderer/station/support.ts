/** The workbench as a screen would get it, from a real casework machine. */
import type { Language } from '#shared/text.ts';
import { workbenchSelector } from '../../../renderer/station/selectWorkbench.ts';
import type { Bench } from '../casework/bench.ts';

export const workbenchOf = (b: Bench, language: Language = 'zh', search = '', connected = true) =>
  workbenchSelector()({
    casework: b.actor.getSnapshot(),
    agent: 'a1001',
    language,
    search,
    keypad: { open: false, digits: '' },
    transfer: null,
    connected,
  });

/** The middle of the workbench, which must be of this type. */
export function middle<T extends ReturnType<typeof workbenchOf>['middle']['type']>(
  b: Bench,
  type: T,
  language: Language = 'zh',
) {
  const { middle: shown } = workbenchOf(b, language);
  if (shown.type !== type) throw new Error(`the middle is ${shown.type}, not ${type}`);
  return shown as Extract<typeof shown, { type: T }>; // compared the line above
}
