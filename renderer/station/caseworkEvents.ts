import type { CallBarView, UserEvent, View } from '../app/view.ts';
import type { AgentEvent } from '../casework/events.ts';
import type { Digit } from '../phone/phone.ts';

const digits: ReadonlySet<string> = new Set([...'0123456789*#ABCD']);
const isDigit = (text: string): text is Digit => digits.has(text);

/**
 * What a person said, as the casework hears it; null when it is not the casework's. Toggles become what they now mean: only they need
 * to see the view, which is not made for nothing.
 */
export function caseworkEvent(event: UserEvent, viewNow: () => View): AgentEvent | null {
  const callBar = (): CallBarView | null => {
    const { screen } = viewNow();
    return screen.type === 'workbench' ? screen.callBar : null;
  };
  switch (event.type) {
    case 'mute.toggled':
      return { type: 'mute.asked', muted: !callBar()?.muted };
    case 'hold.toggled':
      return { type: 'hold.asked', held: !callBar()?.heldByUs };
    case 'digit.pressed':
      return isDigit(event.digit) ? { type: 'digit.pressed', digit: event.digit } : null;
    case 'takeBack.asked':
      return { type: 'takeBack.asked' };
    case 'case.chosen':
    case 'case.skipped':
    case 'contact.chosen':
    case 'number.typed':
    case 'number.unmasked':
    case 'preNotice.opened':
    case 'preNotice.closed':
    case 'preNotice.confirmed':
    case 'dial.asked':
    case 'answer.asked':
    case 'candidate.chosen':
    case 'hangUp.asked':
    case 'extension.redialled':
    case 'transfer.asked':
    case 'consult.asked':
    case 'consult.swapped':
    case 'consult.completed':
    case 'consult.cancelled':
    case 'missed.chosen':
    case 'missed.closed':
    case 'draft.typed':
    case 'draft.chosen':
    case 'step.committed':
    case 'exits.toggled':
    case 'exit.chosen':
    case 'help.asked':
    case 'previous.asked':
    case 'review.closed':
    case 'correction.asked':
    case 'correction.given':
    case 'outcome.chosen':
    case 'result.chosen':
    case 'moreResults.toggled':
    case 'disposition.chosen':
    case 'evidence.typed':
    case 'followUp.ticked':
    case 'appointment.typed':
    case 'note.typed':
    case 'wrapUp.confirmed':
    case 'employee.chosen':
    case 'break.started':
    case 'break.ended':
      return event;
    default:
      return null;
  }
}
