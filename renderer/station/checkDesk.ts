/** The self-check as a person asks for it: opens, checks again, calls the echo number. */
import type { CheckView, UserEvent } from '../app/view.ts';
import { callEcho } from './echoCheck.ts';
import { type CheckParts, echoNotRun, runFullCheck } from './selfCheck.ts';

export type CheckDeskParts = Omit<CheckParts, 'bank'> & {
  bank: () => CheckParts['bank'] | undefined;
  newId: () => string;
  now: () => number;
};

export function createCheckDesk(parts: CheckDeskParts) {
  const { state, changed } = parts;
  let echoing: AbortController | undefined;

  const full = () => {
    const bank = parts.bank();
    if (bank) void runFullCheck({ ...parts, bank });
  };

  const showEcho = (echo: Omit<CheckView, 'id' | 'label'>) => {
    state.selfCheck.checks = state.selfCheck.checks.map((check) =>
      check.id === 'echo' ? { id: 'echo', label: echoNotRun.label, ...echo } : check,
    );
    changed();
  };

  async function echo(): Promise<void> {
    const { shift, selfCheck } = state;
    const number = shift?.profile.line?.echoNumber;
    if (!shift || !number || selfCheck.echoRunning) return;
    // Never beside a customer's call, nor one that rings.
    const { work, call } = shift.casework.getSnapshot().context;
    if (work !== null || call !== null) return;
    const controller = new AbortController();
    echoing = controller;
    selfCheck.echoRunning = true;
    showEcho({
      state: 'running',
      sentence: {
        zh: '请对着麦克风说话，您会听到自己的声音。',
        en: 'Speak into the microphone: you will hear yourself.',
      },
    });
    const finding = await callEcho({
      phone: shift.phone,
      number,
      newId: parts.newId,
      farLevel: parts.audio.speaker.level,
      wait: parts.wait,
      now: parts.now,
      signal: controller.signal,
    });
    selfCheck.echoRunning = false;
    if (controller.signal.aborted || !finding) showEcho({ state: 'notRun' });
    else showEcho(finding);
  }

  return {
    /** True when the event was this desk's alone. */
    take(event: UserEvent): boolean {
      if (event.type === 'dialog.opened' && event.dialog === 'selfCheck') full();
      if (event.type === 'selfCheck.asked') full();
      else if (event.type === 'echo.asked') void echo();
      else return false;
      return true;
    },
    /** Asked at each change: whoever closes the self-check, or begins to work, ends the test call. A call that comes in does so in the phone. */
    look(): void {
      const { dialog, shift } = state;
      if (dialog?.type !== 'selfCheck' || shift === null || shift.casework.getSnapshot().context.work !== null)
        echoing?.abort();
    },
  };
}
