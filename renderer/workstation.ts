/**
 * The composition root: what a workstation is made of, in the order it comes to life.
 *
 *   bridge ─► clock ─► entrance (data key, station, sign-in) ─► shift (phone, line, casework, leasing, upload) ─► view ─► screens
 */
import { createClock } from '#shared/clock.ts';
import { Problem } from '#shared/problem.ts';
import type { Text } from '#shared/text.ts';
import { bridge as theBridge } from './app/bridge.ts';
import type { Source } from './app/context.tsx';
import { keysOf } from './app/keyMap.ts';
import type { UserEvent, View } from './app/view.ts';
import { takeBackMs } from './casework/caseworkMachine.ts';
import { keepFarewells } from './journal/keptFarewells.ts';
import { keepProfile } from './journal/keptProfile.ts';
import { keepSecondCopy } from './journal/secondCopy.ts';
import { createSteadyClock } from './line/steadyClock.ts';
import { farewellMilliseconds } from './phone/farewells.ts';
import { createHandsetPhone } from './phone/handsetPhone.ts';
import { browserParts, createSipPhone } from './phone/sipPhone.ts';
import { createStationAudio } from './phone/stationAudio.ts';
import { createAwake } from './station/awake.ts';
import { caseworkEvent } from './station/caseworkEvents.ts';
import { createCheckDesk } from './station/checkDesk.ts';
import { createDesk } from './station/desk.ts';
import { createEntrance, type SignedIn, sentenceOf } from './station/entrance.ts';
import { createLooking, quietMs } from './station/looking.ts';
import type { Bank } from './station/openStation.ts';
import { createPassingDesk } from './station/passingDesk.ts';
import { createRejoin, type Rejoin } from './station/rejoin.ts';
import { createSecondPersonDesk } from './station/secondPersonDesk.ts';
import { viewSelector } from './station/selectView.ts';
import { callOf, isBecomingDurable } from './station/selectWorkbench.ts';
import { type CheckParts, checkAfterSignIn, listenAgain, runChecks } from './station/selfCheck.ts';
import { startShift } from './station/shift.ts';
import { createSoundDesk } from './station/soundDesk.ts';
import { type Desk, initialState } from './station/state.ts';
import { waitForReal } from './sync/timing.ts';

/** Ages and deadlines on the screen are looked at anew this often (ms), when nothing else happens. */
const lookAgainMs = 15_000;
/** Without a key or a click for this long (ms), and with no call up, the screen locks. */
const idleLockMs = 15 * 60_000;
const levelEveryMs = 100;

const sessionEnded: Text = {
  zh: '登录已失效，请重新输入密码。记录照常保存和上传；只有领取新任务需要重新登录。',
  en: 'Your session ended: enter your password again. Records are saved and uploaded as before; only new cases need it.',
};

const backOnline: Text = {
  zh: '已恢复连接，请输入密码以继续领取任务；记录照常上传。',
  en: 'The connection is back: enter your password to go on receiving cases. Records are uploaded as before.',
};

export function startWorkstation(): Source {
  const bridge = theBridge();
  const clock = createClock({ wall: Date.now, monotonic: () => performance.now() });
  const lineTimers = createSteadyClock();
  const state = initialState(clock.now());
  const host = keysOf(bridge.host, navigator.platform);
  const select = viewSelector(host, clock);
  const audio = createStationAudio(navigator.mediaDevices);

  // -- the view: computed once per burst of changes ------------------------------------------------------------------
  const listeners = new Set<() => void>();
  let view: View | null = null;
  const look = () => {
    sayRisk();
    awake(isCallUp());
    sound.look();
    checks.look();
    secondPerson.look();
    rejoin?.look();
    for (const listener of listeners) listener();
  };
  const looking = createLooking({
    look,
    now: () => performance.now(),
    nextFrame: requestAnimationFrame.bind(window),
    later: setTimeout.bind(window),
  });
  const changed = () => {
    view = null;
    looking.changed();
  };
  /** The casework stopped on a bug: the page falls to its crash screen, which offers to load it anew. */
  let crash: { error: unknown } | null = null;
  const getView = (): View => {
    if (crash) throw crash.error;
    view ??= select(state);
    return view;
  };
  const notify: Desk['notify'] = (notice) => {
    state.notices = [...state.notices.filter((other) => other.id !== notice.id), { ...notice, takeBackUntil: null }];
    changed();
  };
  /** A bug is said without details: they might name a customer. Said once until it is closed. */
  const sayUnexpected = () => {
    if (!state.notices.some(({ id }) => id === 'unexpected'))
      notify({ id: 'unexpected', tone: 'bad', text: sentenceOf(undefined) });
  };
  /** Never throws: it is called from loops that must go on. */
  const complain = (error: unknown): void => {
    if (!(error instanceof Problem)) {
      reportError(error); // the window's own listener says it
      return;
    }
    // Two malformed cases are two notices, for each names its case.
    const id = error.code === 'CASE_MALFORMED' ? `${error.code} ${error.sentence.en}` : error.code;
    notify({ id, tone: error.category === 'storage' ? 'bad' : 'warning', text: error.sentence });
  };
  window.addEventListener('error', ({ error }) => {
    if (error != null) sayUnexpected(); // without one it is the browser's word about layout
  });
  window.addEventListener('unhandledrejection', sayUnexpected);

  // -- what would be lost if the window closed now ---------------------------------------------------------------------
  let toldRisk = '';
  function sayRisk(): void {
    const risk = { inCall: state.shift !== null && isCallUp(), unsent: state.unsent?.unsent ?? 0 };
    const told = JSON.stringify(risk);
    if (told === toldRisk) return;
    toldRisk = told;
    void bridge.sayCloseRisk(risk).catch(() => undefined); // the shell keeps the last one it heard
  }
  const isCallUp = () => state.shift !== null && callOf(state.shift.casework.getSnapshot())?.status === 'active';

  // -- from the page's start to a signed-in person -----------------------------------------------------------------------
  let bank: Bank | undefined;
  let rejoin: Rejoin | undefined;
  const desk: Desk = { state, changed, notify };
  const entrance = createEntrance({
    ...desk,
    bridge,
    clock,
    inWork: () => {
      const { work, goingOn } = state.shift?.casework.getSnapshot().context ?? {};
      return [work?.case?.id, goingOn?.work.case?.id].filter((id) => id !== undefined);
    },
    bankOpened(opened) {
      bank = opened;
      opened.connection.onChange(changed);
      let asked = backOnline;
      rejoin = createRejoin({
        session: opened.client.session,
        station: () => state.station?.signer.station,
        account: () => (state.locked ? null : (state.person?.account ?? null)),
        connected: () => opened.connection.state().type === 'connected',
        callIsUp: isCallUp,
        resumed() {
          state.shift?.rejoined();
          changed();
        },
        ask() {
          state.locked = { problem: asked, busy: false };
          asked = backOnline;
          changed();
        },
      });
      opened.client.session.onEnded(() => {
        if (!state.person) return;
        notify({ id: 'session', tone: 'bad', text: sessionEnded });
        asked = sessionEnded;
        rejoin?.ended();
      });
      sound.restore(state.settings);
      void runChecks({ ...checkParts, bank: opened });
    },
    stationOpened(station) {
      station.journal.onChange((status) => {
        state.unsent = status;
        office.loadJournal();
        changed();
      });
      // A browser may throw data away when the disk is short; asked, it keeps them. The shell's are its own, and it has room for a copy.
      if (bridge.host === 'browser') void navigator.storage.persist().catch(() => undefined);
      else keepSecondCopy({ ...station, bridge, wait: waitForReal });
    },
    signedIn,
  });
  const passing = createPassingDesk(desk);
  const secondPerson = createSecondPersonDesk({ ...desk, client: () => bank?.client });
  const office = createDesk({
    ...desk,
    bridge,
    host,
    clock,
    entrance,
    client: () => bank?.client,
    openDialog: (dialog) => send({ type: 'dialog.opened', dialog }),
  });
  const awake = createAwake(bridge);
  const checkParts: Omit<CheckParts, 'bank'> = { ...desk, bridge, clock, audio, wait: waitForReal };
  const newId = () => crypto.randomUUID();
  const checks = createCheckDesk({ ...checkParts, bank: () => bank, newId, now: clock.now });
  const sound = createSoundDesk({
    ...desk,
    audio,
    writeSettings: office.writeSettings,
    isCallUp: () => isCallUp(),
    wait: waitForReal,
  });

  async function signedIn(who: SignedIn): Promise<void> {
    // What was said since (a malformed case, a broken journal) stays until it is closed.
    state.notices = state.notices.filter(({ id }) => id !== 'session' && id !== 'signOut');
    if (who.station === null) {
      state.person = who.person;
      office.showScreen('board');
      return;
    }
    const { profile, person, grant, station } = who;
    const phone = profile.line
      ? createSipPhone(
          profile.line,
          browserParts(
            audio,
            keepFarewells({
              database: station.database,
              key: station.key,
              mostMs: farewellMilliseconds,
              wallNow: clock.wallNow,
              locks: navigator.locks,
            }),
          ),
        )
      : createHandsetPhone(() => performance.now());
    state.shift = await startShift({
      station,
      person,
      profile,
      grant,
      phone,
      clock,
      lineTimers,
      newId,
      random: Math.random,
      profileRead(fresh) {
        // Only signing in offline needs it, and that says so itself.
        if (bridge.host === 'shell') void keepProfile(station.database, station.key, fresh).catch(() => undefined);
      },
      changed,
      unsent({ count, oldestAt }) {
        if (state.unsent) state.unsent = { ...state.unsent, unsent: count, oldestUnsentAt: oldestAt };
      },
      signedOutByServer: (reason) =>
        void office
          .signOut('SERVER', { zh: `后台要求签出：${reason}`, en: `Signed out by the server: ${reason}` })
          .catch(complain),
      onProblem: complain,
      crashed(error) {
        crash = { error };
        reportError(error);
        changed();
      },
    });
    state.person = person;
    office.showScreen('workbench');
    void checkAfterSignIn({ ...checkParts, bank: station });
  }

  // -- what the machine and the window say ---------------------------------------------------------------------------------
  bridge.onPower((event) => {
    if (event === 'resume') state.shift?.nudge('woke');
    if (event === 'lock' && state.person && !isCallUp()) state.locked ??= { problem: null, busy: false };
    changed();
  });
  bridge.onLink(({ target }) => {
    state.dialog = { type: 'link', target };
    changed();
  });
  window.addEventListener('pagehide', ({ persisted }) => {
    if (!persisted) state.shift?.phone.leave();
  });
  window.addEventListener('online', () => state.shift?.nudge('networkChanged'));
  window.addEventListener('offline', () => state.shift?.nudge('wentOffline'));
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') state.shift?.nudge('becameVisible');
  });
  let lastActive = performance.now();
  let touched = false;
  for (const type of ['keydown', 'pointerdown'] as const)
    window.addEventListener(
      type,
      () => {
        lastActive = performance.now();
        audio.wake();
        // A browser gave the first check no sound to hear.
        if (!touched && bridge.host === 'browser' && bank && !state.person)
          void listenAgain({ ...checkParts, bank }).catch(complain);
        touched = true;
      },
      { capture: true },
    );
  setInterval(() => {
    if (performance.now() - lastActive > idleLockMs && state.person && !isCallUp())
      state.locked ??= { problem: null, busy: false };
    changed();
  }, lookAgainMs);

  // -- what the person says ------------------------------------------------------------------------------------------------
  function send(event: UserEvent): void {
    switch (event.type) {
      case 'retry.asked':
        void entrance.start();
        return;
      case 'enrolment.given':
        void entrance.enrol(event.code, event.stationName);
        return;
      case 'pin.given':
        void entrance.givePin(event.pin);
        return;
      case 'signIn.given':
        audio.unlock(); // within the gesture: the first ring of the day is heard
        void entrance.signIn(event.account, event.password);
        return;
      default:
        break;
    }
    if (sound.take(event) || checks.take(event)) return;
    if (passing.take(event) || secondPerson.take(event) || office.take(event) || !state.shift) return;
    const { casework } = state.shift;
    if (event.type === 'dial.asked') looking.quiet(quietMs);
    const passed = caseworkEvent(event, getView);
    if (event.type === 'digit.pressed')
      state.keypad = { open: true, digits: (state.keypad.digits + event.digit).slice(-32) };
    if (event.type === 'break.started' || event.type === 'case.skipped') state.dialog = null;
    if (passed && event.type !== 'dial.asked') looking.quiet(quietMs, () => !isBecomingDurable(casework.getSnapshot()));
    if (passed) casework.send(passed);
    if (event.type === 'wrapUp.confirmed') setTimeout(changed, takeBackMs + 100); // what can be taken back leaves the screen by itself
    changed();
  }

  void entrance.start().catch((error: unknown) => notify({ id: 'start', tone: 'bad', text: sentenceOf(error) }));
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getView,
    send,
    now: clock.now,
    onLevel(listener) {
      const timer = setInterval(() => listener(audio.microphone.level(), audio.speaker.level()), levelEveryMs);
      return () => clearInterval(timer);
    },
  };
}
