/** What a person says once signed in, apart from the casework itself: screens, dialogs, lock, journal, board, leaving. */
import type { Bridge, OwnKeys } from '#shared/bridge.ts';
import type { Clock } from '#shared/clock.ts';
import { Problem } from '#shared/problem.ts';
import type { Text } from '#shared/text.ts';
import { withKey } from '../app/ownKeys.ts';
import type { UserEvent, View } from '../app/view.ts';
import { exportUnsent } from '../journal/export.ts';
import type { BankClient } from '../sync/bankClient.ts';
import { type Entrance, sentenceOf } from './entrance.ts';
import { questionOf } from './finder.ts';
import type { Station } from './openStation.ts';
import type { Shift } from './shift.ts';
import { type Desk, initialState, ownKeysOf, type StationState } from './state.ts';

export type DeskParts = Desk & {
  bridge: Bridge;
  /** Whose keys the page has. */
  host: View['host'];
  clock: Clock;
  entrance: Entrance;
  client: () => BankClient | undefined;
  /** A dialog that somebody else has to fill. */
  openDialog: (dialog: 'settings' | 'selfCheck') => void;
};

/** How long (ms) a lost board stream waits before it is opened again. */
const boardRetryMs = 3000;

/** For who looks at the board: nothing of theirs waits to be uploaded. */
const boardProblem = (error: unknown): Text =>
  error instanceof Problem && error.category === 'network'
    ? {
        zh: '暂时连不上银行后台，看板停在断开前的数据；恢复后自动更新。',
        en: 'The bank server cannot be reached: the board stands as it was, and goes on by itself.',
      }
    : sentenceOf(error);
const settledOrNewer: Text = {
  zh: '这一条已被处理，或又有了新情况。请关闭后看最新的看板。',
  en: 'This row has been settled already, or something new happened to it. Close this and look at the board as it is now.',
};
const settleProblem = (error: unknown): Text =>
  error instanceof Problem && error.category === 'network'
    ? {
        zh: '暂时连不上银行后台，没有保存。请恢复连接后再确认一次。',
        en: 'The bank server cannot be reached: nothing was saved. Confirm again when the connection is back.',
      }
    : sentenceOf(error);
const page = 100;
/** Before the cases are given back, what is still here goes out, for so long (ms); else they stay leased until their time is up. */
const sendingMs = 4000;
const finishFirst: Text = {
  zh: '还有一通来去电没有处理完：请先填完并确认这次结果，再签出。',
  en: 'A call is not finished yet: give and confirm its result first, then sign out.',
};

export function createDesk(parts: DeskParts) {
  const { state, changed, bridge, host, clock, entrance } = parts;
  let boardWatch: AbortController | null = null;
  const casework = () => state.shift?.casework;

  /** What fails while nobody waits for it is said all the same. */
  const inBackground = (work: Promise<void>): void =>
    void work.catch((error: unknown) => parts.notify({ id: 'desk', tone: 'bad', text: sentenceOf(error) }));

  async function loadJournal(): Promise<void> {
    if (state.screen !== 'journal' || !state.station) return;
    state.journal.rows = await state.station.journal.all({ newestFirst: true, limit: state.journal.limit });
    changed();
  }

  async function watchBoard(client: BankClient, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await client.boardStream((board) => {
          Object.assign(state.board, { board, state: 'live', since: clock.now(), problem: null });
          changed();
        }, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (state.board.state === 'live') state.board.since = clock.now();
        Object.assign(state.board, { state: 'stale', problem: boardProblem(error) });
        changed();
      }
      await pause(boardRetryMs, signal);
    }
  }

  function showScreen(screen: 'workbench' | 'journal' | 'board'): void {
    state.screen = screen;
    boardWatch?.abort();
    boardWatch = null;
    const client = parts.client();
    if (screen === 'board' && client) {
      boardWatch = new AbortController();
      void watchBoard(client, boardWatch.signal);
    }
    inBackground(loadJournal());
    changed();
  }

  const writeSettings = (settings: Parameters<Bridge['writeSettings']>[0]) => {
    state.settings = { ...state.settings, ...settings };
    changed();
    void bridge
      .writeSettings(settings)
      .catch((error: unknown) => parts.notify({ id: 'settings', tone: 'warning', text: sentenceOf(error) }));
  };

  const keepKeys = (keys: OwnKeys) => {
    if (state.person) writeSettings({ keys: { ...state.settings.keys, [state.person.account]: keys } });
  };

  async function settle(id: string, at: string, reason: string): Promise<void> {
    const client = parts.client();
    if (state.dialog?.type !== 'settle' || state.dialog.busy || !client) return;
    const asking = { ...state.dialog, problem: null, busy: true };
    state.dialog = asking;
    changed();
    try {
      await client.settle({ id, at, reason });
      const { board } = state.board;
      // The server's next board says the same; a lead with a list to work through does not wait for it.
      if (board) state.board.board = { ...board, exceptions: board.exceptions.filter((row) => row.id !== id) };
      if (state.dialog === asking) state.dialog = null;
    } catch (error) {
      if (state.dialog !== asking) return;
      const isGone = error instanceof Problem && error.code === 'NOT_FOUND';
      state.dialog = { ...asking, problem: isGone ? settledOrNewer : settleProblem(error), busy: false };
    }
    changed();
  }

  /** Nothing runs out from under a call or a result: an agent finishes first, the server waits for it. */
  async function signOut(by: 'AGENT' | 'SERVER', reason: Text | null = null): Promise<void> {
    const { shift } = state;
    if (shift && shift.casework.getSnapshot().context.work !== null) {
      if (by === 'SERVER')
        return whenFinished(shift.casework, () => {
          if (state.shift === shift) inBackground(signOut(by, reason));
        });
      state.dialog = null;
      parts.notify({ id: 'signOut', tone: 'warning', text: finishFirst });
      return;
    }
    await leave(by, reason);
  }

  async function leave(by: 'AGENT' | 'SERVER', reason: Text | null): Promise<void> {
    const client = parts.client();
    boardWatch?.abort();
    const { shift, station } = state;
    state.shift = null;
    state.person = null;
    Object.assign(state, initialStateAfterSignOut(clock.now()));
    state.entrance.stage = { type: 'starting' }; // who comes next is not signed out with who goes
    changed();
    const told = (error: unknown) => parts.notify({ id: 'signOut', tone: 'bad', text: sentenceOf(error) });
    await shift?.end(by).catch(told);
    if (station && client?.session.current() && station.connection.state().type === 'connected') {
      const sent = await everythingSent(station, sendingMs).catch(() => false);
      if (sent) await client.returnLeases(station.signer.station).catch(() => undefined); // they run out by themselves
    }
    await client?.session.signOut().catch(told);
    await entrance.showSignIn(reason).catch((error: unknown) => {
      told(error);
      return entrance.start();
    });
  }

  async function unlock(password: string): Promise<void> {
    if (!state.locked || !state.person) return;
    state.locked = { problem: null, busy: true };
    changed();
    try {
      await entrance.identify(state.person.account, password);
      state.locked = null;
      state.notices = state.notices.filter(({ id }) => id !== 'session');
      state.shift?.rejoined();
    } catch (error) {
      state.locked = { problem: sentenceOf(error), busy: false };
    }
    changed();
  }

  function openQuestions(): StationState['dialog'] {
    const work = casework()?.getSnapshot().context.work;
    return work ? { type: 'openQuestions', attempt: work.attempt, chosen: null } : null;
  }

  function chooseFound(id: string): void {
    const asked = questionOf(state, id);
    state.dialog = asked ? { type: 'customerQuestion', question: asked.question, answer: asked.answer } : null;
    if (id.startsWith('case:')) {
      showScreen('workbench');
      casework()?.send({ type: 'case.chosen', caseId: id.slice('case:'.length) });
    } else if (id === 'preNotice') {
      showScreen('workbench');
      casework()?.send({ type: 'preNotice.opened' });
    } else if (id === 'signOut') take({ type: 'signOut.asked' });
    else if (id === 'reconnect') take({ type: 'reconnect.asked' });
    else if (id === 'lock') take({ type: 'lock.asked' });
    else if (id === 'settings' || id === 'selfCheck') parts.openDialog(id);
    else if (id === 'screen:workbench' || id === 'screen:journal' || id === 'screen:board')
      showScreen(id === 'screen:workbench' ? 'workbench' : id === 'screen:journal' ? 'journal' : 'board');
    changed();
  }

  async function exportJournal(): Promise<void> {
    if (!state.station) return;
    state.journal.exporting = true;
    changed();
    try {
      const { text, entries } = await exportUnsent(state.station.database);
      const name = `huifang-${new Date(clock.now()).toISOString().slice(0, 19).replaceAll(':', '')}.json`;
      if (await bridge.saveFile(name, text))
        parts.notify({
          id: 'export',
          tone: 'good',
          text: {
            zh: `已导出 ${entries} 条未上传的记录（已封装）。`,
            en: `${entries} entries not uploaded were exported, sealed.`,
          },
        });
    } catch (error) {
      parts.notify({ id: 'export', tone: 'bad', text: sentenceOf(error) });
    }
    state.journal.exporting = false;
    changed();
  }

  async function verifyJournal(): Promise<void> {
    if (!state.station) return;
    const verdict = await state.station.journal.verify();
    state.journal.verified = verdict.sound
      ? {
          zh: `日志连续，${verdict.entries} 条全部核对无误。`,
          en: `The journal is unbroken: all ${verdict.entries} entries check.`,
        }
      : {
          zh: `日志不连续：第 ${verdict.seq} 条（${verdict.fault}）。请勿清除数据，联系技术支持。`,
          en: `The journal is broken at entry ${verdict.seq} (${verdict.fault}). Do not clear data; call support.`,
        };
    changed();
  }

  /** True when the event was for this desk. */
  function take(event: UserEvent): boolean {
    switch (event.type) {
      case 'screen.chosen':
        showScreen(event.screen);
        return true;
      case 'language.chosen':
        writeSettings({ language: event.language });
        return true;
      case 'theme.chosen':
        writeSettings({ theme: event.theme });
        return true;
      case 'key.chosen': {
        const keys = withKey(host, ownKeysOf(state), event.command, event.chord);
        if (keys) keepKeys(keys);
        return true;
      }
      case 'keys.restored':
        keepKeys({});
        return true;
      case 'dialog.opened':
        state.dialog =
          event.dialog === 'skip'
            ? { type: 'skip', reason: '' }
            : event.dialog === 'finder'
              ? { type: 'finder', query: '' }
              : event.dialog === 'openQuestions'
                ? openQuestions()
                : { type: event.dialog };
        break;
      case 'openQuestion.chosen':
        if (state.dialog?.type === 'openQuestions') state.dialog = { ...state.dialog, chosen: event.step };
        break;
      case 'dialog.closed':
      case 'link.dismissed':
        state.dialog = null;
        break;
      case 'finder.typed':
        state.dialog = { type: 'finder', query: event.text };
        break;
      case 'finder.chosen':
        chooseFound(event.id);
        return true;
      case 'notice.closed':
        state.notices = state.notices.filter((notice) => notice.id !== event.id);
        if (event.id === 'casework') casework()?.send({ type: 'problem.seen' });
        if (event.id === 'call') casework()?.send({ type: 'callProblem.seen' });
        if (event.id === 'help') casework()?.send({ type: 'help.read' });
        break;
      case 'queue.searched':
        state.search = event.text;
        break;
      case 'keypad.toggled':
        state.keypad = { open: !state.keypad.open, digits: '' };
        break;
      case 'reconnect.asked':
        state.shift?.reconnect();
        return true;
      case 'lock.asked':
        if (state.person) state.locked = { problem: null, busy: false };
        break;
      case 'unlock.given':
        void unlock(event.password);
        return true;
      case 'signOut.asked':
        state.dialog = { type: 'signOut', unsent: state.unsent?.unsent ?? 0 };
        break;
      case 'signOut.confirmed':
        inBackground(signOut('AGENT'));
        return true;
      case 'exception.settling': {
        const exception = state.board.board?.exceptions.find(({ id }) => id === event.id);
        if (exception) state.dialog = { type: 'settle', exception, problem: null, busy: false };
        break;
      }
      case 'exception.settled':
        inBackground(settle(event.id, event.at, event.reason));
        return true;
      case 'journal.more':
        state.journal.limit += page;
        inBackground(loadJournal());
        return true;
      case 'journal.verify':
        inBackground(verifyJournal());
        return true;
      case 'journal.export':
        void exportJournal();
        return true;
      default:
        return false;
    }
    changed();
    return true;
  }

  return { take, showScreen, loadJournal: () => inBackground(loadJournal()), signOut, writeSettings };
}

/** Nothing of the one who left is left on the screen. */
function initialStateAfterSignOut(now: number) {
  const { screen, dialog, locked, notices, search, keypad, transfer, selfCheck, journal, board } = initialState(now);
  return { screen, dialog, locked, notices, search, keypad, transfer, selfCheck, journal, board };
}

/** Calls once, as soon as nothing is in work; never when the shift ends before. */
function whenFinished(casework: Shift['casework'], finished: () => void): void {
  const { unsubscribe } = casework.subscribe(({ context }) => {
    if (context.work !== null) return;
    unsubscribe();
    finished();
  });
}

/** Whether the server has every entry, at the latest after `ms`. */
export function everythingSent(
  { journal, uploader }: Pick<Station, 'journal' | 'uploader'>,
  ms: number,
): Promise<boolean> {
  uploader.wake();
  return new Promise((resolve) => {
    const done = (sent: boolean) => {
      clearTimeout(timer);
      stop();
      resolve(sent);
    };
    const timer = setTimeout(() => done(false), ms);
    const stop = journal.onChange(({ unsent }) => {
      if (unsent === 0) queueMicrotask(() => done(true)); // it may be told before there is a way to stop
    });
  });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
