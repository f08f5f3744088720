/**
 * 自检: what would go wrong in the first call is said before it, with what to do.
 *
 *   at the entrance   the machine: microphone (listens for a moment), speaker, server, disk, clock, keyring; the screen asks for one F key
 *   after sign-in     what only the profile knows: the line, STUN and TURN; said as a notice when something is wrong
 *   on demand         all of it, two tones on the speaker, and a call to the echo number when asked for
 */
import type { Bridge } from '#shared/bridge.ts';
import type { Clock } from '#shared/clock.ts';
import type { Text } from '#shared/text.ts';
import type { CheckView } from '../app/view.ts';
import type { StationAudio } from '../phone/stationAudio.ts';
import type { Wait } from '../sync/timing.ts';
import { lineChecks } from './lineChecks.ts';
import { machineChecks, speakerOnDemand } from './machineChecks.ts';
import type { Bank } from './openStation.ts';
import { lineState } from './shift.ts';
import type { Desk } from './state.ts';

export type CheckParts = Desk & {
  bridge: Pick<Bridge, 'host' | 'vaultState'>;
  clock: Pick<Clock, 'offset'>;
  bank: Bank;
  audio: Pick<StationAudio, 'devices' | 'speaker' | 'tones' | 'isBlocked'>;
  wait: Wait;
};

/** `sentence` with ok: what was found, where that is worth a word. */
export type Finding = { state: CheckView['state']; sentence?: Text };
export type Check = { id: CheckView['id']; label: Text; run: (parts: CheckParts) => Promise<Finding> };

const notPossible: Finding = {
  state: 'warning',
  sentence: {
    zh: '这一项没有检查成功，请再检一次；若仍如此，请联系技术支持。',
    en: 'This could not be checked. Check again; if it lasts, call support.',
  },
};

/** Never rejects; one that throws at once is no reason to stop either. */
const findingOf = async ({ run }: Check, parts: CheckParts): Promise<Finding> =>
  (async () => run(parts))().catch(() => notPossible);

/** Runs checks side by side, each shown as soon as it is known. Never rejects. */
async function runAll(
  checks: readonly Check[],
  parts: CheckParts,
  show: (change: (before: CheckView[]) => CheckView[]) => void,
): Promise<void> {
  show(() => checks.map(({ id, label }) => ({ id, label, state: 'running' })));
  await Promise.all(
    checks.map(async (one) => {
      const { id, label } = one;
      const finding = await findingOf(one, parts);
      show((before) => before.map((check) => (check.id === id ? { id, label, ...finding } : check)));
    }),
  );
}

/** The checks beside the sign-in. Never rejects. */
export async function runChecks(parts: CheckParts): Promise<void> {
  const { state, changed } = parts;
  await runAll(machineChecks, parts, (change) => {
    state.entrance.checks = change(state.entrance.checks);
    changed();
  });
}

/** The microphone once more: a browser lets a page listen only after a key or a click. */
export async function listenAgain(parts: CheckParts): Promise<void> {
  const { state, changed } = parts;
  const microphone = machineChecks.filter(({ id }) => id === 'microphone');
  await runAll(microphone, parts, (change) => {
    const own = change(state.entrance.checks.filter(({ id }) => id === 'microphone'));
    state.entrance.checks = state.entrance.checks.map((check) => own.find(({ id }) => id === check.id) ?? check);
    changed();
  });
}

/** What only a signed-in station can know, in the background; trouble becomes a notice. The line's goes as soon as the line is there. */
export async function checkAfterSignIn(parts: CheckParts): Promise<void> {
  const { state, changed, notify } = parts;
  const { shift } = state;
  if (!shift?.profile.line) return; // a handset: nothing of it can be looked at
  await Promise.all(
    lineChecks.map(async (check) => {
      const finding = await findingOf(check, parts);
      if (finding.state === 'ok' || !finding.sentence || state.shift !== shift) return;
      const id = `selfCheck ${check.id}`;
      notify({ id, tone: 'warning', text: finding.sentence });
      if (check.id !== 'line') return;
      const { unsubscribe } = shift.line.subscribe((line) => {
        if (lineState(line) !== 'REGISTERED') return;
        unsubscribe();
        state.notices = state.notices.filter((notice) => notice.id !== id);
        changed();
      });
    }),
  );
}

/** Everything but the echo call, which is asked for by itself. Never rejects; a second one while one runs does nothing. */
export async function runFullCheck(parts: CheckParts): Promise<void> {
  const { state, changed } = parts;
  const { selfCheck } = state;
  if (selfCheck.running) return;
  selfCheck.running = true;
  // A lead at the board has no line.
  const ofLine = state.shift === null ? [] : lineChecks;
  const ofMachine = machineChecks.map((check) => (check.id === 'speaker' ? speakerOnDemand : check));
  await runAll([...ofMachine.slice(0, 2), ...ofLine, ...ofMachine.slice(2)], parts, (change) => {
    const echo = selfCheck.checks.find(({ id }) => id === 'echo') ?? echoNotRun;
    const shown = change(selfCheck.checks.filter(({ id }) => id !== 'echo'));
    const at = shown.findIndex(({ id }) => id === 'line') + 1;
    selfCheck.checks = at === 0 ? shown : [...shown.slice(0, at), echo, ...shown.slice(at)];
    changed();
  });
  selfCheck.running = false;
  changed();
}

export const echoNotRun: CheckView = { id: 'echo', label: { zh: '试呼', en: 'Test call' }, state: 'notRun' };
