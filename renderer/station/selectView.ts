/** The whole view, from the state and the machines of the shift. */
import type { Clock } from '#shared/clock.ts';
import { keyMapWith } from '../app/ownKeys.ts';
import type { NoticeView, StripView, View } from '../app/view.ts';
import { type QualityWord, qualityAdvice, qualityTexts } from '../call/callQuality.ts';
import { callQuality } from '../call/callView.ts';
import type { CaseworkContext } from '../casework/context.ts';
import { findAll } from './finder.ts';
import { remembered } from './remembered.ts';
import { selectSecondPerson } from './secondPersonDesk.ts';
import { selectJournal } from './selectJournal.ts';
import { selectOpenQuestions } from './selectOpenQuestions.ts';
import { selectCloseMissed } from './selectPassing.ts';
import { callOf, workbenchSelector } from './selectWorkbench.ts';
import { lineState, type Shift } from './shift.ts';
import { ownKeysOf, type StationState } from './state.ts';

const lineWords = {
  REGISTERED: 'registered',
  CONNECTING: 'connecting',
  FAULT: 'fault',
  NOT_CONFIGURED: 'notConfigured',
} as const;
const qualityTones: Record<QualityWord, 'good' | 'warning' | 'bad' | 'neutral'> = {
  GOOD: 'good',
  FAIR: 'warning',
  POOR: 'bad',
  SILENT: 'bad',
  HELD: 'neutral',
  UNKNOWN: 'neutral',
};

/** A station's clock further off than this (ms) is worth a word on the strip (domain.md F5). */
const worthAWord = 120_000;

export function viewSelector(host: View['host'], clock: Pick<Clock, 'now' | 'offset'>) {
  const workbench = workbenchSelector();
  const leaseEnd = remembered<number | null>();
  const keys = remembered<View['keys']>();
  return (state: StationState): View => {
    const language = state.settings.language ?? 'zh';
    const { person, shift } = state;
    const own = ownKeysOf(state);
    return {
      language,
      theme: state.settings.theme ?? 'system',
      host,
      keys: keys([own], () => keyMapWith(host, own)),
      ownKeys: Object.keys(own).length > 0,
      practice: state.practice,
      person: person && { account: person.account, name: person.name, role: person.role },
      screen: selectScreen(),
      strip: shift ? selectStrip(state, shift, clock, leaseEnd) : null,
      dialog: selectDialog(),
      locked: state.locked,
      notices: selectNotices(state, clock.now()),
    };

    function selectDialog(): View['dialog'] {
      const { dialog } = state;
      const context = shift?.casework.getSnapshot().context;
      switch (dialog?.type) {
        case 'finder':
          return { ...dialog, results: findAll(state, dialog.query, language) };
        case 'closeMissed':
          return selectCloseMissed(context, dialog.attempt, language);
        case 'secondPerson':
          return selectSecondPerson(context, dialog);
        case 'openQuestions':
          return selectOpenQuestions(context?.work, dialog);
        case 'settings':
          return { type: 'settings', devices: state.devices, canTest: !callUp(state) };
        case 'selfCheck':
          return selectSelfCheck(state);
        default:
          return dialog;
      }
    }

    function selectScreen(): View['screen'] {
      if (!person) return { type: 'entrance', ...state.entrance, serverOrigin: state.serverOrigin };
      if (state.screen === 'board') return { type: 'board', ...state.board };
      if (state.screen === 'journal' && shift) return selectJournal(state);
      if (!shift) return { type: 'board', ...state.board };
      const { search, keypad, transfer } = state;
      const casework = shift.casework.getSnapshot();
      const connected = state.station?.connection.state().type === 'connected';
      return workbench({ casework, agent: person.account, language, search, keypad, transfer, connected });
    }
  };
}

function selectStrip(
  state: StationState,
  shift: Shift,
  clock: Pick<Clock, 'now' | 'offset'>,
  leaseEnd: ReturnType<typeof remembered<number | null>>,
): StripView {
  const line = shift.line.getSnapshot();
  const connection = state.station?.connection.state() ?? { type: 'disconnected' as const, since: clock.now() };
  const casework = shift.casework.getSnapshot();
  const call = callOf(casework);
  const quality = call?.status === 'active' && call.context.answeredAt !== null ? callQuality(call) : null;
  const { measurement } = call?.context ?? { measurement: null };
  const drift = Math.abs(clock.offset().ms ?? 0);
  const { cases } = casework.context;
  return {
    line: { state: lineWords[lineState(line)], since: line.context.since, detail: line.context.problem },
    server: { connected: connection.type === 'connected', since: connection.since, detail: null },
    unsent: {
      count: state.unsent?.unsent ?? 0,
      oldestAt: state.unsent?.oldestUnsentAt
        ? Date.parse(state.unsent.oldestUnsentAt) + (clock.offset().ms ?? 0)
        : null,
    },
    // A new lease is a new list.
    leaseUntil: leaseEnd([cases], () => firstLeaseEnd(casework.context)),
    quality:
      quality === null
        ? null
        : {
            tone: qualityTones[quality],
            text: qualityTexts[quality],
            detail: qualityAdvice(quality, measurement),
          },
    clock: { practice: state.practice, unsureMs: !state.practice && drift > worthAWord ? drift : null },
    account: shift.person.account,
    shiftSince: shift.since,
    callsToday: shift.callsToday(),
  };
}

function firstLeaseEnd({ cases, leaseEnd }: CaseworkContext): number | null {
  const ends = cases.map((case_) => leaseEnd(case_.id)).filter((at) => at !== undefined);
  return ends.length > 0 ? Math.min(...ends) : null;
}

const callUp = ({ shift }: StationState) => shift !== null && callOf(shift.casework.getSnapshot())?.status === 'active';

function selectSelfCheck(state: StationState): Extract<View['dialog'], { type: 'selfCheck' }> {
  const { checks, running, echoRunning } = state.selfCheck;
  const echo = echoRunning
    ? 'running'
    : !state.shift?.profile.line?.echoNumber
      ? 'none'
      : state.shift.casework.getSnapshot().context.work === null
        ? 'ready'
        : 'busy';
  return { type: 'selfCheck', checks, running, echo };
}

const shiftCall = ({ shift }: StationState) => (shift === null ? undefined : callOf(shift.casework.getSnapshot()));

const helpOnItsWay = {
  zh: '已求助班长，请求马上显示在班长看板上。通话继续，话术停在原处。',
  en: 'Help is asked for: it shows on your lead’s board at once. The call goes on, the script stands where it stood.',
};
const helpWaits = {
  zh: '已求助班长，但后台已断开：恢复连接后班长才能看到。通话继续，话术停在原处。',
  en: 'Help is asked for, but the bank server is away: your lead sees it when it is back. The call goes on, the script stands where it stood.',
};

/** What is said at the edge of the screen: the owners' notices, the casework's problem, and what can still be taken back. */
function selectNotices(state: StationState, now: number): NoticeView[] {
  const notices = [...state.notices];
  const context = state.shift?.casework.getSnapshot().context;
  if (context?.problem && !context.work?.wrapUp)
    notices.push({
      id: 'casework',
      tone: context.problem.category === 'input' ? 'warning' : 'bad',
      text: context.problem.sentence,
      takeBackUntil: null,
    });
  if (context?.work?.help === 'asked') {
    const connected = state.station?.connection.state().type === 'connected';
    notices.push({
      id: 'help',
      tone: connected ? 'good' : 'warning',
      text: connected ? helpOnItsWay : helpWaits,
      takeBackUntil: null,
    });
  }
  const call = shiftCall(state);
  if (call?.status === 'active' && call.context.problem)
    notices.push({ id: 'call', tone: 'warning', text: call.context.problem, takeBackUntil: null });
  if (context?.takeBack && now < context.takeBack.until && context.work === null)
    notices.push({
      id: 'takeBack',
      tone: 'good',
      text: { zh: '结果已保存', en: 'The result is saved' },
      takeBackUntil: context.takeBack.until,
    });
  return notices;
}
