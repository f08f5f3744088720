/**
 * "Enter does nothing until it was released and 600 ms passed since the screen changed under it" (screens.md).
 *
 *     screen A ──(own event explains B)──► screen B      Enter acts at once: fast typing is not slowed
 *     screen A ──(anything else)─────────► screen B      Enter waits 600 ms and for its release: a customer hung up
 *
 * Pure: the hook gives it the times.
 */
import type { UserEvent, View } from './view.ts';

export const enterWaitMs = 600;
/** After this long an event of the person no longer explains a change. */
export const ownChangeMs = 5_000;

/** What an Enter would act on; drafts, times and badges do not belong to it. */
export type ScreenIdentity = { panel: string; step: string; over: boolean; dialog: string | null };

export function identityOf(view: View): ScreenIdentity {
  const { screen } = view;
  const dialog = view.dialog?.type ?? null;
  if (screen.type !== 'workbench') return { panel: screen.type, step: '', over: false, dialog };
  const { middle } = screen;
  switch (middle.type) {
    case 'script': {
      const review = middle.review === null ? '' : `review ${middle.review.step} ${middle.review.askReason}`;
      return {
        panel: 'script',
        step: `${middle.caseId} ${middle.step.id} ${middle.exitsOpen ? 'exits' : review}`,
        over: middle.callOver,
        dialog,
      };
    }
    case 'preview':
      return { panel: 'preview', step: middle.caseId, over: false, dialog };
    case 'wrapUp':
      return { panel: 'wrapUp', step: `${middle.caseId ?? ''} ${middle.since}`, over: middle.callOver, dialog };
    case 'calling':
      return { panel: 'calling', step: middle.caseId ?? '', over: false, dialog };
    case 'empty':
      return { panel: 'empty', step: '', over: false, dialog };
  }
}

/** In a dialog Enter is the dialog's, whatever changes behind it; when it closes, what stands there is compared with what stood there before it. */
export function sameIdentity(a: ScreenIdentity, b: ScreenIdentity): boolean {
  if (a.dialog !== null && a.dialog === b.dialog) return true;
  return a.panel === b.panel && a.step === b.step && a.over === b.over && a.dialog === b.dialog;
}

/** What a person says that can bring another screen. Typing between a commit and its effect must not hide the commit. */
const changing: ReadonlySet<UserEvent['type']> = new Set<UserEvent['type']>([
  'step.committed',
  'previous.asked',
  'review.closed',
  'correction.asked',
  'correction.given',
  'exits.toggled',
  'exit.chosen',
  'help.asked',
  'outcome.chosen',
  'hangUp.asked',
  'wrapUp.confirmed',
  'employee.chosen',
  'case.chosen',
  'missed.chosen',
  'missed.closing',
  'missed.closed',
  'secondPerson.asked',
  'exception.settling',
  'exception.settled',
  'case.skipped',
  'finder.chosen',
  'contact.chosen',
  'takeBack.asked',
  'dial.asked',
  'dialog.opened',
  'dialog.closed',
  'link.dismissed',
  'signOut.asked',
  'screen.chosen',
  'break.started',
  'break.ended',
]);
export function changesScreen(event: UserEvent): boolean {
  return changing.has(event.type);
}

/** Does what the person just said explain this change? A hang-up in the same moment is never theirs, unless they hung up. */
export function explains(event: UserEvent, before: ScreenIdentity, after: ScreenIdentity): boolean {
  const callEnded = !before.over && after.over;
  switch (event.type) {
    case 'step.committed':
    case 'previous.asked':
    case 'review.closed':
    case 'correction.asked':
    case 'correction.given':
    case 'exits.toggled':
    case 'help.asked':
    case 'employee.chosen':
      return after.panel === 'script' && !callEnded;
    case 'exit.chosen':
    case 'outcome.chosen':
      return after.panel === 'script' || after.panel === 'wrapUp';
    case 'hangUp.asked':
      return after.panel === 'wrapUp' || after.panel === 'script';
    case 'wrapUp.confirmed':
    case 'case.chosen':
    case 'missed.chosen':
    case 'case.skipped':
    case 'finder.chosen':
    case 'contact.chosen':
    case 'takeBack.asked':
      return (
        after.panel === 'preview' ||
        after.panel === 'empty' ||
        (event.type === 'takeBack.asked' && after.panel === 'wrapUp')
      );
    case 'dial.asked':
      return after.panel === 'calling';
    case 'dialog.closed':
      return after.panel === before.panel && after.step === before.step && !callEnded;
    case 'missed.closing':
    case 'missed.closed':
    case 'secondPerson.asked':
    case 'exception.settling':
    case 'exception.settled':
    case 'dialog.opened':
    case 'link.dismissed':
    case 'signOut.asked':
    case 'screen.chosen':
    case 'break.started':
    case 'break.ended':
      return !callEnded;
    default:
      return false;
  }
}
