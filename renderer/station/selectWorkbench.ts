/** The workbench as a view: one look at casework, call and line, masked and in words. */

import type { SnapshotFrom } from 'xstate';
import { caseKindTexts } from '#shared/case/kind.ts';
import { maskNumber } from '#shared/case/number.ts';
import type { Language, Text } from '#shared/text.ts';
import type {
  CallBarView,
  CasePanelView,
  EmptyView,
  PreviewView,
  QueueView,
  WorkbenchView,
  WrapUpView,
} from '../app/view.ts';
import type { callMachine } from '../call/callMachine.ts';
import { selectedCase } from '../casework/acts.ts';
import type { CaseworkSnapshot } from '../casework/caseworkMachine.ts';
import { answerableAfterMs } from '../casework/caseworkMachine.ts';
import type { CaseworkContext } from '../casework/context.ts';
import type { Call } from '../phone/phone.ts';
import { captionsOf } from './captions.ts';
import { remembered } from './remembered.ts';
import { displayName, selectCasePanel, selectIncoming, selectQueue } from './selectCase.ts';
import { passingActs, selectExtension, selectPassing, selectTransfer, withMissed } from './selectPassing.ts';
import { selectPreview } from './selectPreview.ts';
import { selectScript } from './selectScript.ts';
import { selectWrapUp } from './selectWrapUp.ts';
import type { StationState } from './state.ts';

export type WorkbenchParts = {
  casework: CaseworkSnapshot;
  agent: string;
  language: Language;
  search: string;
  keypad: { open: boolean; digits: string };
  transfer: StationState['transfer'];
  /** The bank server can be reached. */
  connected: boolean;
};

const minute = 60_000;

export function workbenchSelector() {
  const queue = remembered<QueueView>();
  const panel = remembered<CasePanelView | null>();
  const preview = remembered<PreviewView | null>();
  const wrapUp = remembered<WrapUpView | null>();
  return (parts: WorkbenchParts): WorkbenchView => {
    const { casework, agent, language, search, keypad, transfer, connected } = parts;
    const { context } = casework;
    const time = Math.floor(context.now() / minute);
    const case_ = context.work ? context.work.case : selectedCase(context);
    const callBar = selectCallBar(casework, language);
    return {
      type: 'workbench',
      callBar,
      queue: queue(
        [
          context.cases,
          context.handled,
          context.missed,
          context.work?.case?.id,
          context.selected,
          search,
          language,
          time,
        ],
        () => withMissed(selectQueue(context, search, language), context, search, language),
      ),
      middle: selectMiddle(casework, agent, language, connected, { preview, wrapUp }),
      case: panel([context.cases, case_, context.work, context.unmasked, context.check, language, time], () =>
        case_ ? selectCasePanel(context, case_, language) : null,
      ),
      incoming: arrivingCall(casework) ? selectIncoming(context, language) : null,
      keypad,
      transfer: selectTransfer(context, transfer, callBar.can.transfer),
      // They are of this call: the next case does not begin with the last customer's words.
      captions: context.practice && context.work !== null ? captionsOf(context.notes) : [],
    };
  };
}

type Remembering = {
  preview: ReturnType<typeof remembered<PreviewView | null>>;
  wrapUp: ReturnType<typeof remembered<WrapUpView | null>>;
};

/** Guard, caps and follow-ups ask every case that is held: they are asked when something they depend on changed, and every minute. */
function selectMiddle(
  casework: CaseworkSnapshot,
  agent: string,
  language: Language,
  connected: boolean,
  remembering: Remembering,
): WorkbenchView['middle'] {
  const { context } = casework;
  const { work, cases, policy, problem } = context;
  const time = Math.floor(context.now() / minute);
  if (work) {
    if (casework.matches({ working: { paper: 'script' } }) || casework.matches({ working: { paper: 'saving' } }))
      return selectScript(work, agent, language) ?? calling(casework, agent, language);
    if (work.wrapUp) {
      const saving = isConfirming(casework);
      const call = callOf(casework);
      const passing = call?.status === 'active' && selectPassing(call) !== null;
      const keys = [work, cases, context.handled, policy, problem, saving, language, time, passing];
      return (
        remembering.wrapUp(keys, () => selectWrapUp(context, work, saving, language, passing)) ??
        calling(casework, agent, language)
      );
    }
    return calling(casework, agent, language);
  }
  const { selected, check, unmasked, onBreak } = context;
  const keys = [selected, check, unmasked, onBreak, cases, policy, language, time, connected];
  return remembering.preview(keys, () => selectPreview(context, language, connected)) ?? nothing(context);
}

function calling(casework: CaseworkSnapshot, agent: string, language: Language): WorkbenchView['middle'] {
  const { work } = casework.context;
  const script = work?.conversation ? selectScript(work, agent, language) : null;
  return {
    type: 'calling',
    caseId: work?.case?.id ?? null,
    title: work?.case
      ? {
          zh: `${displayName(work.case, language)} · ${caseKindTexts[work.case.kind].zh}`,
          en: `${displayName(work.case, language)} · ${caseKindTexts[work.case.kind].en}`,
        }
      : { zh: '来电', en: 'Incoming call' },
    sentence: callingSentence(casework),
    opening: work && work.answeredAt === null ? (script?.step.sentence ?? null) : null,
  };
}

function callingSentence({ context: { work } }: CaseworkSnapshot): Text {
  if (!work) return { zh: '正在拨打…', en: 'Dialling…' };
  if (work.answeredAt !== null)
    return {
      zh: '通话中。这类任务暂无话术：请按要点沟通，挂断后选择结果。',
      en: 'In the call. There is no script for this kind yet: talk along the points, choose the result after hanging up.',
    };
  return { zh: '等待对方接听。请留意听筒里的提示音。', en: 'Waiting for an answer. Listen for announcements.' };
}

function nothing(context: CaseworkContext): EmptyView {
  if (context.onBreak)
    return {
      type: 'empty',
      title: { zh: '示忙中', en: 'On a break' },
      sentence: { zh: '结束示忙后继续。', en: 'End the break to go on.' },
    };
  if (context.cases.length === 0)
    return {
      type: 'empty',
      title: { zh: '暂无任务', en: 'No cases' },
      sentence: { zh: '后台连接后会自动领取任务。', en: 'Cases are leased as soon as the server is reached.' },
    };
  return {
    type: 'empty',
    title: { zh: '现在没有可外呼的任务', en: 'Nothing to call right now' },
    sentence: {
      zh: '其余任务在等待约定或重拨时间；也可以在左侧选择一个任务查看。',
      en: 'The rest waits for its time; you can also choose a case on the left.',
    },
  };
}

/** The running call's machine, while there is one. */
export function callOf(casework: CaseworkSnapshot): SnapshotFrom<typeof callMachine> | undefined {
  return casework.children.call?.getSnapshot() as SnapshotFrom<typeof callMachine> | undefined; // the child is declared as this machine
}

/** An answer or a result was confirmed a moment ago and is on its way to the disk. */
export const isBecomingDurable = (casework: CaseworkSnapshot): boolean =>
  casework.matches({ working: { paper: 'saving' } }) || isConfirming(casework);

const isConfirming = (casework: CaseworkSnapshot): boolean =>
  casework.matches({ working: { paper: 'confirming' } }) || casework.matches({ working: { paper: 'goingOn' } });

function selectCallBar(casework: CaseworkSnapshot, language: Language): CallBarView {
  const { context } = casework;
  const { work } = context;
  const call = callOf(casework);
  const live = call?.status === 'active' ? call : null;
  const state = callState(casework);
  const muted = live?.matches({ live: { microphone: 'muted' } }) ?? false;
  // From the moment it is asked for until the far side has gone on: meanwhile neither hears the other.
  const heldByUs = live !== null && !live.matches({ live: { hold: 'active' } });
  const talking = state === 'talking';
  const arriving = arrivingCall(casework);
  const arrivingAt = arriving?.since ?? null;
  const passing = selectPassing(live);
  const acts = passing === null ? { swap: false, complete: false, cancel: false } : passingActs(passing.stage);
  const extension = selectExtension(context, live);
  return {
    state,
    since: sinceOf(casework, state, live?.context.ringingAt ?? null, live?.context.answeredAt ?? null),
    breakReason: context.onBreak?.reason ?? null,
    respondent: work?.case && !arriving ? displayName(work.case, language) : null,
    number: arriving ? maskNumber(arriving.call.remoteNumber) : work ? maskNumber(work.number) : null,
    contactLabel: arriving ? null : (work?.contact?.label ?? null),
    source: arriving ? null : (work?.permit?.source ?? null),
    attemptNumber: arriving ? null : (work?.permit?.attemptNumber ?? null),
    muted,
    mutedSpeaking: live?.matches({ live: { microphone: { muted: 'speaking' } } }) ?? false,
    heldByUs,
    heldByThem: live?.matches({ live: { otherHold: 'held' } }) ?? false,
    earlyMedia: live?.matches({ live: { media: 'early' } }) ?? false,
    ringLimitReached: live?.matches({ live: { ringLimit: 'reached' } }) ?? false,
    recovering: live?.matches({ live: { media: 'recovering' } }) ?? false,
    can: {
      dial: casework.matches('preview') && context.onBreak === null,
      answer: arrivingAt !== null,
      hangUp: live !== null || arrivingAt !== null || casework.matches('starting'),
      mute: live !== null && work !== null,
      hold: talking && passing === null,
      keypad: talking,
      transfer: talking && passing === null && context.hasLine && context.internalNumbers.length > 0,
      redial: talking && extension !== null && extension.state !== 'dialling',
      ...acts,
      break: casework.matches('choosing') || casework.matches('preview'),
      lock: live === null,
    },
    passing,
    extension,
    answerableFrom: arrivingAt === null ? null : arrivingAt + answerableAfterMs,
  };
}

/** The call that rings here now, and since when. */
function arrivingCall(casework: CaseworkSnapshot): { call: Call; since: number } | null {
  const { context } = casework;
  if (casework.matches('arriving')) return context.call && { call: context.call, since: context.incomingSince ?? 0 };
  return context.waiting;
}

function callState(casework: CaseworkSnapshot): CallBarView['state'] {
  const { context } = casework;
  if (arrivingCall(casework)) return 'incoming';
  if (casework.matches('starting')) return 'dialing';
  if (casework.matches({ working: { conversation: 'live' } })) {
    if (context.work?.answeredAt != null) return 'talking';
    const call = callOf(casework);
    return call?.status === 'active' && call.context.ringingAt !== null ? 'ringing' : 'dialing';
  }
  if (casework.matches('working')) return 'ending';
  return context.onBreak ? 'break' : 'idle';
}

function sinceOf(
  casework: CaseworkSnapshot,
  state: CallBarView['state'],
  ringingAt: number | null,
  answeredAt: number | null,
): number {
  const { context } = casework;
  switch (state) {
    case 'talking':
      return answeredAt ?? context.work?.answeredAt ?? context.now();
    case 'ringing':
      return ringingAt ?? context.work?.startedAt ?? context.now();
    case 'dialing':
      return context.work?.startedAt ?? context.now();
    case 'incoming':
      return context.waiting?.since ?? context.incomingSince ?? context.now();
    case 'ending':
      return context.work?.wrapUp?.since ?? context.work?.startedAt ?? context.now();
    case 'break':
      return context.onBreak?.since ?? context.now();
    case 'idle':
      return context.idleSince;
  }
}
