/**
 * From the start of the page to a signed-in person.
 *
 *   starting ─► stopped (another window, no storage, no server in a browser)
 *      │
 *      ├─► enrol / choosePin ─► enrolled ─┐
 *      ├─► enterPin ──────────────────────┤
 *      └─► signIn ◄───────────────────────┘ ─► signed in: online, or offline in the shell with a grant of an earlier sign-in
 *
 * Assumptions: the data of practice and of real work never meet (each its own database, decided before it is opened); one window at a time holds
 * a station; uploading begins as soon as the data are open, before anybody is signed in.
 */
import type { Bridge, StationConfiguration } from '#shared/bridge.ts';
import type { Clock } from '#shared/clock.ts';
import { Problem } from '#shared/problem.ts';
import type { Person, Session, StationProfile } from '#shared/server/api.ts';
import type { Text } from '#shared/text.ts';
import type { EntranceView } from '../app/view.ts';
import { openDatabase, readKeyRow, type StationDatabase } from '../journal/database.ts';
import { type DataKeyKeeper, dataKeyKeeper } from '../journal/dataKey.ts';
import { enrolStation } from '../journal/enrolment.ts';
import { keepClock } from '../journal/keptClock.ts';
import { keepProfile, keptProfile } from '../journal/keptProfile.ts';
import { beginNewLog } from '../journal/newLog.ts';
import { cryptoRandom } from '../journal/random.ts';
import { type Bank, openBank, openStation, type Station } from './openStation.ts';
import { nothingWaits, readWaiting } from './selectWaiting.ts';
import type { Desk } from './state.ts';

export type SignedIn =
  | { person: Person; grant: string; profile: StationProfile; station: Station }
  | { person: Person; station: null };

export type EntranceParts = Desk & {
  bridge: Bridge;
  clock: Clock;
  inWork: () => readonly string[];
  bankOpened: (bank: Bank) => void;
  stationOpened: (station: Station) => void;
  signedIn: (signedIn: SignedIn) => Promise<void>;
};

const unexpected: Text = {
  zh: '出现意外错误，请重试；若仍如此，请联系技术支持。数据没有丢失。',
  en: 'Something unexpected happened. Try again; if it lasts, call support. No data was lost.',
};
export const sentenceOf = (error: unknown): Text => (error instanceof Problem ? error.sentence : unexpected);

const problems = {
  otherWindow: {
    title: { zh: '工作台已经打开', en: 'The workstation is already open' },
    sentence: {
      zh: '另一个窗口或标签页正在使用这台终端的工作台。请回到那里，或先关闭它再重试。',
      en: 'Another window or tab uses this station. Go back to it, or close it and try again.',
    },
  },
  notStarted: { title: { zh: '工作台无法启动', en: 'The workstation cannot start' } },
  notEnrolled: new Problem('STATION_NOT_ENROLLED', 'access', {
    zh: '这台终端还没有登记，坐席不能在这里签入。请输入管理员给的登记码。',
    en: 'This station is not enrolled, so an agent cannot sign in here. Enter the enrolment code from your administrator.',
  }),
  otherRealm: new Problem('WRONG_REALM', 'access', {
    zh: '这台终端的配置（演练或正式）与后台不一致，请联系技术支持更正配置后再签入。',
    en: 'This station is configured for practice and the server is not, or the other way round. Ask support to correct it.',
  }),
  noProfile: new Problem('PROFILE_UNKNOWN', 'network', {
    zh: '离线签入需要先联网签入过一次。请连上银行后台后再试。',
    en: 'Signing in offline needs one earlier sign-in with connection. Try again when the bank server can be reached.',
  }),
};

/** Held until the page goes: whoever comes second is refused. */
async function takeWindow(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    void navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise(() => undefined);
    });
  });
}

export function createEntrance(parts: EntranceParts) {
  const { state, changed, bridge, clock } = parts;
  let configuration: StationConfiguration | undefined;
  let database: StationDatabase | undefined;
  let bank: Bank | undefined;
  let keeper: DataKeyKeeper | undefined;
  let pin: string | undefined;
  let holdsWindow = false;

  const show = (stage: EntranceView['stage'], problem: Text | null = null) => {
    Object.assign(state.entrance, { stage, problem, busy: false });
    changed();
  };
  const showSignIn = async (problem: Text | null = null) => {
    const { station } = state;
    const unfinished = station ? (await station.journal.openAttempts()).length : 0;
    const unsent = station ? (await station.journal.unsent()).count : 0;
    // Nobody is kept from signing in by a list.
    const waiting = station ? await readWaiting(station, clock).catch(() => nothingWaits) : nothingWaits;
    const offlinePossible = bridge.host === 'shell' && station !== null;
    show({ type: 'signIn', account: '', offlinePossible, unfinished, unsent, waiting }, problem);
  };

  async function openWith(key: CryptoKey): Promise<Station | null> {
    if (state.station) return state.station;
    if (!bank || !database) throw new Error('the station is opened before its server and database');
    const station = await openStation(bank, database, key, clock, parts.inWork);
    if (station) {
      state.station = station;
      parts.stationOpened(station);
    }
    return station;
  }

  /** Nothing is here, but a second copy is: the database is gone. Its copy must not be written over by the station that is enrolled now. */
  async function keepCopyOfLost(): Promise<void> {
    const lost = await bridge.putCopyAside();
    if (lost === null) return;
    const { path, entries } = lost;
    parts.notify({
      id: 'databaseLost',
      tone: 'bad',
      text: {
        zh: `本机数据库已丢失。${entries} 条未上传的记录有加密副本：${path}。请把该文件交给技术支持，由后台恢复。`,
        en: `The database of this station is gone. A sealed copy of ${entries} ${entries === 1 ? 'entry' : 'entries'} not uploaded is here: ${path}. Give this file to support, who recover it at the server.`,
      },
    });
  }

  /** Where the keeper of the data key leads. */
  async function goOn(): Promise<void> {
    if (!keeper) throw new Error('nothing is open yet');
    const keeping = await keeper.state();
    switch (keeping.type) {
      case 'ready':
        if (await openWith(keeping.key)) return showSignIn();
        return show({ type: 'enrol', code: configuration?.enrolmentCode ?? '' });
      case 'needsPin':
        return show({
          type: 'enterPin',
          waitUntil: keeping.waitSeconds > 0 ? clock.now() + keeping.waitSeconds * 1000 : null,
        });
      case 'needsSignIn':
        return showSignIn();
      case 'needsEnrolment':
        await keepCopyOfLost();
        if ((await keeper.wantsPin()) && pin === undefined) return show({ type: 'choosePin' });
        if (configuration?.enrolmentCode) return enrol(configuration.enrolmentCode, stationName());
        // A lead looks at the board from any browser; whoever works on cases needs an enrolled station.
        return bridge.host === 'browser' ? showSignIn() : show({ type: 'enrol', code: '' });
    }
  }

  async function enrol(code: string, name: string): Promise<void> {
    const opened = { database, keeper, bank };
    if (!opened.database || !opened.keeper || !opened.bank) throw new Error('nothing is open yet');
    const { client } = opened.bank;
    try {
      await enrolStation(
        { database: opened.database, keeper: opened.keeper, enrol: client.enrol },
        { code, name, ...(pin === undefined ? {} : { pin }) },
      );
    } catch (error) {
      // A code that was used up is no obstacle for a lead's browser: sign-in asks again who needs one.
      return bridge.host === 'browser'
        ? showSignIn(sentenceOf(error))
        : show({ type: 'enrol', code: '' }, sentenceOf(error));
    }
    return goOn();
  }

  async function start(): Promise<void> {
    show({ type: 'starting' });
    try {
      state.settings = await bridge.readSettings(); // first: trouble too is said in the person's language
      configuration = await bridge.readConfiguration();
      state.practice = configuration.practice ?? false;
      state.serverOrigin = configuration.serverOrigin;
      const realm = state.practice ? 'practice' : 'real';
      holdsWindow ||= await takeWindow(`huifang workstation ${realm}`);
      if (!holdsWindow) return show({ type: 'stopped', ...problems.otherWindow, retry: true });
      if (!database && bridge.host === 'browser') await beginNewLog();
      if (!database) {
        database = await openDatabase(realm);
        await keepClock(database, clock);
      }
      if (!bank) {
        bank = openBank(configuration.serverOrigin, bridge, clock);
        parts.bankOpened(bank);
      }
      keeper ??= dataKeyKeeper({ vault: bridge, database, clock, random: cryptoRandom });
      await goOn();
    } catch (error) {
      show({ type: 'stopped', ...problems.notStarted, sentence: sentenceOf(error), retry: true });
    }
  }

  async function online(account: string, password: string): Promise<SignedIn> {
    if (!bank || !keeper || !database) throw new Error('nothing is open yet');
    const { client } = bank;
    const row = await readKeyRow(database, 'station');
    const session = await client.session.signIn({ account, password, ...(row ? { station: row.station } : {}) });
    if (session.person.role !== 'agent') return { person: session.person, station: null };
    try {
      if (!row) throw problems.notEnrolled;
      return await opened(row.station, session, password);
    } catch (error) {
      await client.session.signOut(); // nobody is signed in here: so nobody at the server either
      throw error;
    }
  }

  /** The station of somebody who is signed in at the server. */
  async function opened(stationId: string, session: Session, password: string): Promise<SignedIn> {
    if (!bank || !keeper) throw new Error('nothing is open yet');
    const { client } = bank;
    const keeping = await keeper.state();
    const key =
      keeping.type === 'ready'
        ? keeping.key
        : await keeper.unlockByServer((wrapped) => client.unwrap(stationId, wrapped));
    const station = await openWith(key);
    if (!station) throw problems.notEnrolled;
    const profile = await client.profile(stationId);
    if (profile.practice !== state.practice) throw problems.otherRealm;
    if (bridge.host === 'shell') {
      await keepProfile(station.database, station.key, profile);
      void station.offline.keep(session, password).catch(() => undefined); // only signing in offline needs it, and that says so itself
    }
    return { person: session.person, grant: session.grant ?? '', profile, station };
  }

  async function withoutServer(account: string, password: string): Promise<SignedIn> {
    const { station } = state;
    if (!station) throw problems.noProfile;
    const { person, grant } = await station.offline.signIn(account, password);
    const profile = await keptProfile(station.database, station.key);
    if (!profile) throw problems.noProfile;
    return { person, grant, profile, station };
  }

  /** At the server; in the shell, without connection, by the grant of an earlier sign-in. */
  async function identify(account: string, password: string): Promise<SignedIn> {
    try {
      return await online(account, password);
    } catch (error) {
      const unreachable = error instanceof Problem && error.category === 'network';
      if (!unreachable || bridge.host !== 'shell' || !state.station) throw error;
      return withoutServer(account, password);
    }
  }

  const stationName = () => (bridge.host === 'shell' ? 'Huifang workstation' : 'Browser');
  const busily = async (work: () => Promise<void>, failed: (problem: Text) => void | Promise<void>) => {
    if (state.entrance.busy) return;
    Object.assign(state.entrance, { busy: true, problem: null });
    changed();
    await work().catch((error: unknown) => failed(sentenceOf(error)));
    state.entrance.busy = false;
    changed();
  };
  const keepStage = (problem: Text) => {
    state.entrance.problem = problem;
  };

  return {
    start,
    showSignIn,
    identify,
    enrol: (code: string, name: string) => busily(() => enrol(code.trim(), name.trim() || stationName()), keepStage),
    givePin: (given: string) =>
      busily(async () => {
        if (!keeper) return;
        if (state.entrance.stage.type === 'choosePin') {
          if (!/^\d{6,32}$/.test(given))
            throw new Problem('PIN_TOO_SHORT', 'input', {
              zh: '请设置至少 6 位数字的终端口令。',
              en: 'Choose a station PIN of at least 6 digits.',
            });
          pin = given;
          return goOn();
        }
        await keeper.unlock(given);
        await goOn();
      }, keepStage),
    signIn: (account: string, password: string) =>
      busily(
        async () => {
          const signedIn = await identify(account.trim(), password);
          await parts.signedIn(signedIn);
        },
        async (problem) => {
          if (problem === problems.notEnrolled.sentence) show({ type: 'enrol', code: '' }, problem);
          else if (state.entrance.stage.type === 'signIn') state.entrance.problem = problem;
          else await showSignIn(problem);
        },
      ),
  };
}
export type Entrance = ReturnType<typeof createEntrance>;
