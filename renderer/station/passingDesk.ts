/** What a person says about passing a call on and about missed calls, as far as it is only about the screen. */
import type { UserEvent } from '../app/view.ts';
import type { Desk } from './state.ts';

export function createPassingDesk({ state, changed }: Pick<Desk, 'state' | 'changed'>) {
  const attempt = () => state.shift?.casework.getSnapshot().context.work?.attempt ?? null;

  /** True when the event was for this desk alone; what the casework has to hear as well is passed on by the caller. */
  function take(event: UserEvent): boolean {
    switch (event.type) {
      case 'transfer.toggled': {
        const now = attempt();
        // Opened for one call: the next one does not begin with it.
        const isOpen = state.transfer !== null && state.transfer.attempt === now;
        state.transfer = isOpen || now === null ? null : { attempt: now, chosen: null };
        if (state.transfer !== null) state.keypad = { open: false, digits: state.keypad.digits };
        break;
      }
      case 'internal.chosen':
        if (state.transfer === null) return true;
        state.transfer = { ...state.transfer, chosen: event.number };
        break;
      case 'missed.closing':
        state.dialog = { type: 'closeMissed', attempt: event.attempt };
        break;
      case 'transfer.asked':
      case 'consult.asked':
        state.transfer = null;
        return false;
      case 'missed.closed':
        state.dialog = null;
        return false;
      default:
        return false;
    }
    changed();
    return true;
  }
  return { take };
}
