/** What the workstation is doing right now, apart from what the machines hold. One object, changed in place by its owners, read by selectView. */
import type { OwnKeys, Settings } from '#shared/bridge.ts';
import type { Board, Person } from '#shared/server/api.ts';
import type { Text } from '#shared/text.ts';
import type { CheckView, DeviceRowView, DialogView, EntranceView, NoticeView } from '../app/view.ts';
import type { JournalStatus } from '../journal/journal.ts';
import type { EntryLine } from '../journal/reading.ts';
import type { Station } from './openStation.ts';
import type { Shift } from './shift.ts';

/** Open for one contact of one case: the next one does not begin with it. */
export type SecondPersonDialog = {
  type: 'secondPerson';
  caseId: string;
  contact: string;
  problem: Text | null;
  busy: boolean;
};

/** Open in one attempt: the next call does not begin with it. */
export type OpenQuestionsDialog = { type: 'openQuestions'; attempt: string; chosen: string | null };

export type StationState = {
  settings: Settings;
  practice: boolean;
  serverOrigin: string;
  entrance: { stage: EntranceView['stage']; busy: boolean; problem: Text | null; checks: CheckView[] };
  station: Station | null;
  person: Person | null;
  shift: Shift | null;
  screen: 'workbench' | 'journal' | 'board';
  /** What they show beside it is found at each look. */
  dialog:
    | Exclude<
        DialogView,
        { type: 'finder' | 'openQuestions' | 'settings' | 'selfCheck' | 'closeMissed' | 'secondPerson' }
      >
    | { type: 'finder'; query: string }
    | { type: 'closeMissed'; attempt: string }
    | SecondPersonDialog
    | OpenQuestionsDialog
    | { type: 'settings' | 'selfCheck' }
    | null;
  devices: DeviceRowView[];
  selfCheck: { checks: CheckView[]; running: boolean; echoRunning: boolean };
  locked: { problem: Text | null; busy: boolean } | null;
  notices: NoticeView[];
  search: string;
  keypad: { open: boolean; digits: string };
  /** Whom to pass the call of this attempt on to is being chosen. */
  transfer: { attempt: string; chosen: string | null } | null;
  unsent: JournalStatus | null;
  journal: { rows: readonly EntryLine[]; limit: number; verified: Text | null; exporting: boolean };
  board: { board: Board | null; state: 'loading' | 'live' | 'stale'; since: number; problem: Text | null };
};

export const initialState = (now: number): StationState => ({
  settings: {},
  practice: false,
  serverOrigin: '',
  entrance: { stage: { type: 'starting' }, busy: false, problem: null, checks: [] },
  station: null,
  person: null,
  shift: null,
  screen: 'workbench',
  dialog: null,
  devices: [],
  selfCheck: { checks: [], running: false, echoRunning: false },
  locked: null,
  notices: [],
  search: '',
  keypad: { open: false, digits: '' },
  transfer: null,
  unsent: null,
  journal: { rows: [], limit: 100, verified: null, exporting: false },
  board: { board: null, state: 'loading', since: now, problem: null },
});

/** What every owner of a part of the state is given. */
/** The keys of who is signed in. */
export const ownKeysOf = ({ person, settings }: Pick<StationState, 'person' | 'settings'>): OwnKeys =>
  (person && settings.keys?.[person.account]) || noKeys;
const noKeys: OwnKeys = {};

export type Desk = {
  state: StationState;
  /** A screen has to look again. */
  changed: () => void;
  notify: (notice: Omit<NoticeView, 'takeBackUntil'>) => void;
};
