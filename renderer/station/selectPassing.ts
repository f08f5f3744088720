/** Passing a call on, the extension being dialled, and missed calls, as the screens need them. */
import type { SnapshotFrom } from 'xstate';
import { maskNumber } from '#shared/case/number.ts';
import { matchesSearch } from '#shared/case/queue.ts';
import { assertNever } from '#shared/problem.ts';
import type { Language } from '#shared/text.ts';
import type { CallBarView, MissedCallView, QueueView, TransferView, View } from '../app/view.ts';
import type { callMachine } from '../call/callMachine.ts';
import { candidates, caseOfMissed } from '../casework/acts.ts';
import type { CaseworkContext } from '../casework/context.ts';
import type { MissedCall } from '../casework/missedCalls.ts';
import { displayName } from './selectCase.ts';
import type { StationState } from './state.ts';

type CallNow = SnapshotFrom<typeof callMachine>;

const stages = {
  none: null,
  referring: 'referring',
  holding: 'holding',
  calling: 'calling',
  talking: 'talking',
  leavingColleague: 'changing',
  resumingCustomer: 'changing',
  leavingCustomer: 'changing',
  backToColleague: 'changing',
  customer: 'customer',
  bothWait: 'bothWait',
  completing: 'joining',
} as const;
const stageNames = Object.keys(stages) as (keyof typeof stages)[]; // keys of a const object

export function selectPassing(call: CallNow | null): CallBarView['passing'] {
  const passing = call?.context.passing;
  if (!call || !passing) return null;
  const name = stageNames.find((each) => call.matches({ live: { passing: each } }));
  const stage = name === undefined ? null : stages[name];
  if (stage === null) return null;
  return {
    name: passing.permit.name,
    stage: stage === 'calling' && passing.rings ? 'ringing' : stage,
    since: passing.answeredAt ?? passing.since,
  };
}

/** The extension of the number that was dialled; its digits are as secret as the number is. */
export function selectExtension(context: CaseworkContext, call: CallNow | null): CallBarView['extension'] {
  const { work } = context;
  const extension = work?.permit?.extension?.replaceAll(',', '');
  if (!call || extension === undefined || call.context.answeredAt === null) return null;
  const sent = call.context.extensionSent;
  const shown = work?.contact !== null && context.unmasked.has(work?.contact?.id ?? '');
  const state = sent === null ? 'waiting' : sent.length < extension.length ? 'dialling' : 'dialled';
  const done = sent?.length ?? 0;
  return {
    state,
    digits: shown ? (sent ?? '') : '●'.repeat(done),
    left: Math.max(0, extension.length - done),
  };
}

export function selectTransfer(
  context: CaseworkContext,
  transfer: StationState['transfer'],
  can: boolean,
): TransferView | null {
  if (transfer === null || !can || transfer.attempt !== context.work?.attempt) return null;
  return { numbers: context.internalNumbers.map((each) => ({ ...each })), chosen: transfer.chosen };
}

function missedRow(context: CaseworkContext, task: MissedCall, language: Language): MissedCallView {
  const found = caseOfMissed(context, task);
  const others = task.caseId === null ? candidates(context, task.number).length - 1 : 0;
  return {
    attempt: task.attempts[0],
    times: task.attempts.length,
    caseId: found?.case.id ?? null,
    who: found ? displayName(found.case, language) : null,
    others: Math.max(0, others),
    kind: found?.case.kind ?? null,
    number: task.number === '' ? '' : maskNumber(task.number),
    at: task.at,
    due: task.due,
    selected: found !== null && context.selected === found.case.id && context.work === null,
  };
}

/** The queue with the missed calls first; their cases stand there, and not a second time below. */
export function withMissed(queue: QueueView, context: CaseworkContext, search: string, language: Language): QueueView {
  if (context.missed.length === 0) return queue;
  const wanted = search.trim();
  const missed = context.missed
    .filter((task) => {
      if (wanted === '') return true;
      const found = caseOfMissed(context, task);
      return found ? matchesSearch(found.case, search) : task.number.endsWith(wanted);
    })
    .map((task) => missedRow(context, task, language));
  const above = new Set(missed.map(({ caseId }) => caseId));
  const groups = queue.groups.map((group) => ({
    ...group,
    items: group.items.filter((item) => !above.has(item.caseId)),
  }));
  return {
    ...queue,
    missed,
    groups: groups.filter(({ items }) => items.length > 0),
    empty: missed.length > 0 ? null : queue.empty,
  };
}

/** The dialog in which a missed call is closed without a call back; null when it is none any more. */
export function selectCloseMissed(
  context: CaseworkContext | undefined,
  attempt: string,
  language: Language,
): Extract<View['dialog'], { type: 'closeMissed' }> | null {
  const task = context?.missed.find(({ attempts: [first] }) => first === attempt);
  if (!context || !task) return null;
  const { who, number, at } = missedRow(context, task, language);
  return { type: 'closeMissed', attempt, who, number, at };
}

/** What a stage lets the agent do. */
export function passingActs(stage: NonNullable<CallBarView['passing']>['stage']): {
  swap: boolean;
  complete: boolean;
  cancel: boolean;
} {
  switch (stage) {
    case 'talking':
      return { swap: true, complete: true, cancel: true };
    case 'customer':
    case 'bothWait':
      return { swap: true, complete: false, cancel: true };
    case 'holding':
    case 'calling':
    case 'ringing':
    // An exchange that is silent to a swap must not keep the agent in it.
    case 'changing':
      return { swap: false, complete: false, cancel: true };
    case 'referring':
    case 'joining':
      return { swap: false, complete: false, cancel: false };
    default:
      return assertNever(stage);
  }
}
