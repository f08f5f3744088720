/**
 * What a screen may know, and what it may say. Screens render a `View` and send `UserEvent`s; they decide nothing.
 * The view is computed from the machines and the journal by renderer/app/select*.ts; times are epoch milliseconds of the
 * corrected clock (`view.now` never appears here: a component that shows a running time uses `useNow`).
 *
 * Masking is done before it gets here: a name or number in a view is already what may be seen.
 */

import type { CallResult } from '#shared/call/callResult.ts';
import type { NumberSource } from '#shared/case/case.ts';
import type { CaseKind } from '#shared/case/kind.ts';
import type { BreakReason, EntryKind, FollowUpKind } from '#shared/journal/entry.ts';
import type { DisputeReason, ReceiptState } from '#shared/journal/upload.ts';
import type { AnswerClass, StepId, Topic } from '#shared/script/move.ts';
import type { Board, Role } from '#shared/server/api.ts';
import type { Language, Text } from '#shared/text.ts';
import type { Chord, Command, KeyMap } from './keyMap.ts';

export type Tone = 'neutral' | 'good' | 'info' | 'warning' | 'bad';
export type Badge = { text: Text; tone: Tone };

export type CheckView = {
  id: 'microphone' | 'speaker' | 'line' | 'echo' | 'ice' | 'server' | 'storage' | 'clock' | 'keyring' | 'keys';
  label: Text;
  /** notRun: only when asked for, or not possible here. */
  state: 'notRun' | 'running' | 'ok' | 'warning' | 'failed';
  /** What is wrong and what to do; what was found, where that is worth a word. */
  sentence?: Text;
};

/** 声音设备: one of the three places where something is heard or said. */
export type DeviceRowView = {
  role: 'microphone' | 'speaker' | 'ringer';
  devices: { id: string; label: string }[];
  /** null: the system's default. One that is not in `devices` is not plugged in. */
  chosen: { id: string; label: string } | null;
  /** What is used now; '' when the browser does not say. */
  used: string;
  /** What is wrong with it and what happens by itself. */
  note: Badge | null;
  test: 'idle' | 'recording' | 'playing';
  /** What the last test found. */
  found: Badge | null;
};

/** What is due today or overdue at this station, the nearest (three at most) by their masked names. */
export type WaitingView = Readonly<
  Record<'appointments' | 'promised', { count: number; nearest: { at: number; who: Text }[] }>
>;

/** Before anybody is signed in. */
export type EntranceView = {
  type: 'entrance';
  stage:
    | { type: 'starting' }
    /** Nothing can go on: another tab has the workstation, IndexedDB is refused, the data are from a newer version … */
    | { type: 'stopped'; title: Text; sentence: Text; retry: boolean }
    | { type: 'enrol'; code: string }
    /** No keyring protects this machine: a station PIN does (never the bank password). */
    | { type: 'choosePin' }
    | { type: 'enterPin'; waitUntil: number | null }
    | {
        type: 'signIn';
        account: string;
        offlinePossible: boolean;
        unfinished: number;
        unsent: number;
        waiting: WaitingView;
      };
  busy: boolean;
  problem: Text | null;
  checks: CheckView[];
  serverOrigin: string;
};

export type StripView = {
  line: { state: 'registered' | 'connecting' | 'fault' | 'notConfigured'; since: number; detail: Text | null };
  server: { connected: boolean; since: number; detail: Text | null };
  unsent: { count: number; oldestAt: number | null };
  leaseUntil: number | null;
  /** Words while in a call; details only when something is wrong. */
  quality: { tone: Tone; text: Text; detail: Text | null } | null;
  clock: { practice: boolean; unsureMs: number | null };
  account: string;
  shiftSince: number;
  callsToday: number;
};

export type CallBarView = {
  state: 'idle' | 'break' | 'dialing' | 'ringing' | 'talking' | 'incoming' | 'ending';
  since: number;
  breakReason: BreakReason | null;
  respondent: string | null;
  number: string | null;
  contactLabel: string | null;
  source: NumberSource | null;
  attemptNumber: number | null;
  muted: boolean;
  /** Muted, and the agent speaks all the same. */
  mutedSpeaking: boolean;
  heldByUs: boolean;
  heldByThem: boolean;
  earlyMedia: boolean;
  ringLimitReached: boolean;
  /** The medium is gone and is being brought back. */
  recovering: boolean;
  can: {
    dial: boolean;
    answer: boolean;
    hangUp: boolean;
    mute: boolean;
    hold: boolean;
    keypad: boolean;
    /** Somebody can be consulted or the call passed on: there are internal numbers, and nobody is asked yet. */
    transfer: boolean;
    /** The extension can be dialled again. */
    redial: boolean;
    /** Of a consultation: to the other one, putting the two together, giving the colleague up. */
    swap: boolean;
    complete: boolean;
    cancel: boolean;
    break: boolean;
    lock: boolean;
  };
  passing: PassingView | null;
  /** The extension of the number: digits sent (● where the number is masked), and how many are left. */
  extension: { state: 'waiting' | 'dialling' | 'dialled'; digits: string; left: number } | null;
  /** F2 answers only from then on (0.5 s after ringing begins). */
  answerableFrom: number | null;
};

/** 转接 beside the call: who is asked, and where it stands. */
export type PassingView = {
  name: Text;
  /** talking: to the colleague, the customer waits. customer: the other way round. referring: passed on without asking. */
  stage: 'referring' | 'holding' | 'calling' | 'ringing' | 'talking' | 'changing' | 'customer' | 'bothWait' | 'joining';
  since: number;
};
/** Whom the call may be passed on to, to choose from. */
export type TransferView = { numbers: { number: string; name: Text }[]; chosen: string | null };

/** 来电未接: a task of ten minutes. `who` and `caseId` null: the number is of no case. `number`: masked, '' when withheld. */
export type MissedCallView = {
  attempt: string;
  times: number;
  caseId: string | null;
  who: string | null;
  /** Further cases the number fits. */
  others: number;
  kind: CaseKind | null;
  number: string;
  at: number;
  due: number;
  selected: boolean;
};

export type QueueItemView = {
  caseId: string;
  name: string;
  kind: CaseKind;
  line: Text;
  badge: Badge | null;
  selected: boolean;
};
export type QueueView = {
  total: number;
  overdue: number;
  search: string;
  /** Before everything else, the most urgent first. */
  missed: MissedCallView[];
  groups: {
    id: 'incoming' | 'appointments' | 'working' | 'overdue' | 'next' | 'later';
    label: Text;
    items: QueueItemView[];
  }[];
  /** Why it is empty and what to do; null when it is not. */
  empty: Text | null;
};

export type CaseRowView = { topic: Topic; label: Text; value: string | null; state: Badge | null };
export type CasePanelView = {
  caseId: string;
  name: string;
  kind: CaseKind;
  tags: Text[];
  branch: string;
  accountManager: string;
  authorisation: { text: Text; tone: Tone };
  deadline: { text: Text; tone: Tone };
  /** File values: hidden (value null) until the answer to the topic is committed. */
  rows: CaseRowView[];
  /** `slot`: when the number is well called, as somebody said. */
  contacts: {
    id: string;
    label: string;
    number: string;
    sources: Text;
    slot: Text | null;
    status: Badge;
    masked: boolean;
  }[];
  history: { at: number; text: Text }[];
};

/** 拨前校验 */
export type PreviewView = {
  type: 'preview';
  caseId: string;
  name: string;
  kind: CaseKind;
  number: string;
  contactLabel: Text;
  comparison: { source: Text; number: string; agrees: boolean }[];
  comparisonBadge: Badge;
  whyNow: Text;
  hours: { text: Text; allowed: boolean };
  attempt: Text;
  deadline: Badge;
  needs: 'NOTHING' | 'TYPE_NUMBER' | 'SECOND_PERSON';
  /** Account of the second person who decided for `number`. */
  decidedBy: string | null;
  /** For typing the number off; a number that has to be typed is hidden (`•••• ••••`) wherever it would stand. */
  formImage: string | null;
  typed: string;
  typedProblem: Text | null;
  blocks: { rule: string; sentence: Text }[];
  /** What warns and does not block. */
  hints: Text[];
  others: { id: string; label: string; number: string; note: Text; badge: Badge; selected: boolean }[];
  /** null: not offered, and not asked for. */
  preNotice: PreNoticeView | null;
  canDial: boolean;
};

/** 短信预告 before the first call. `message`: its words, for who is about to ask for it. */
export type PreNoticeView =
  | { stage: 'offered' | 'saving' }
  | { stage: 'asking'; number: string; message: Text }
  | { stage: 'requested' | 'sent'; at: number; waits: Text | null };

export type FieldView = {
  about: Topic;
  label: Text;
  answer: 'choice' | 'text' | 'name' | 'money' | 'date' | 'number' | 'lastFour';
  /** Numbered 1–9 on the keys. Includes 不清楚 and 拒绝回答 where the step allows them. */
  choices: { as: AnswerClass; label: Text; hint?: Text }[];
  mandatory: boolean;
  /** What was typed so far or said earlier (a suggestion after going back). */
  draft: string;
  draftChoice: AnswerClass | null;
  /** To be said to the person now: they do not want to answer. */
  reply: Text | null;
  private: boolean;
};
/** 话术 */
export type ScriptView = {
  type: 'script';
  caseId: string;
  title: Text;
  version: number;
  badges: Badge[];
  /** One bar a required question: done, differs, current, open. */
  progress: ('done' | 'differs' | 'current' | 'open')[];
  position: { at: number; of: number };
  step: {
    id: StepId;
    kind: 'say' | 'ask' | 'observe' | 'outcome';
    section: Text;
    /** Placeholders filled; null for the agent's own observation. */
    sentence: Text | null;
    hint: Text | null;
    tags: Badge[];
    /** What was said in this call beside what the borrower said in theirs, for the agent to judge; null: they said nothing of it. Not read out. */
    beside: { label: Text; said: string; borrower: string | null }[];
    fields: FieldView[];
    /** What could not be understood in the last input (a typing slip), per topic. */
    slips: { about: Topic; sentence: Text }[];
  };
  /** Just committed, with the file's value once: the comparison card. */
  lastAnswers: { label: Text; said: string; file: string | null; verdict: Badge; savedAt: number }[];
  next: Text[];
  /**
   * What may be said now. nothing: the person is not confirmed, or another one listens. employer, employment: a third party speaks all the
   * time; whether somebody there is confirmed who may be asked about the employment, and about that alone.
   */
  reveal: 'nothing' | 'employer' | 'employment' | 'matter';
  exitsOpen: boolean;
  exits: { id: string; label: Text }[];
  helpAsked: boolean;
  /** Questions still to come may be filled ahead. */
  canFillAhead: boolean;
  /** At an outcome step: the results that may be chosen; choosing goes to wrap-up. */
  outcomes: { code: string; sub: string | null; label: Text; hint: Text | null }[];
  /** PageUp: an earlier question looked at, with what was answered; correcting needs a reason. */
  review: {
    step: StepId;
    sentence: Text;
    answers: { label: Text; said: string }[];
    reason: string;
    askReason: boolean;
  } | null;
  callOver: boolean;
  /** Before the first answer of an employee who was not the first one in this call: what was said already. */
  saidAlready: Text | null;
};

/** A call without a script for its kind, or before anybody answered. */
export type CallingView = { type: 'calling'; caseId: string | null; title: Text; sentence: Text; opening: Text | null };

/** 话后处理 */
export type WrapUpView = {
  type: 'wrapUp';
  caseId: string | null;
  name: string;
  kind: CaseKind | null;
  since: number;
  limitSeconds: number;
  interrupted: boolean;
  /** The call result proposed from SIP with its reason in words; `preselected` false when an announcement was heard. */
  proposal: { result: CallResult | null; reason: Text; preselected: boolean };
  chosen: CallResult | null;
  choices: { result: CallResult; label: Text }[];
  more: { result: CallResult; label: Text }[];
  moreOpen: boolean;
  /** Business result chosen at the end of the script, or offered here; null where the call had none. */
  disposition: { code: string; sub: string | null; label: Text } | null;
  dispositionChoices: { code: string; sub: string | null; label: Text }[];
  /** Forced fields: wrong employer wants a reason and evidence. */
  evidence: { key: string; label: Text; value: string; required: boolean; suggestion: string | null }[];
  answers: { label: Text; said: string; verdict: Badge | null }[];
  followUps: { kind: FollowUpKind; text: Text; rule: Text; ticked: boolean; optional: boolean }[];
  appointment: { at: string; exact: boolean } | null;
  needsAppointment: boolean;
  /** What was agreed in the script, in its words. */
  appointmentSaid: string | null;
  /** Whether that is an exact time; an approximate one is called later, too. */
  appointmentExact: boolean;
  /** Why the time cannot stand: it has passed, or is never called at. */
  appointmentProblem: Text | null;
  note: string;
  noteRequired: boolean;
  problem: Text | null;
  canConfirm: boolean;
  /** The call has ended; until then nothing can be confirmed for good. */
  callOver: boolean;
  /** Further employees whom the employer's desk, still on the line, may be asked about in this call. */
  employees: { caseId: string; name: string; line: Text }[];
  /** Nothing is missing in this result: choosing one of them confirms it. */
  canGoOn: boolean;
  saving: boolean;
};
export type EmptyView = { type: 'empty'; title: Text; sentence: Text };

export type CaptionView = { id: number; speaker: Text; text: Text; mine: boolean };

export type NoticeView = {
  id: string;
  tone: Tone;
  text: Text /** 撤回 within its five seconds */;
  takeBackUntil: number | null;
};

export type WorkbenchView = {
  type: 'workbench';
  callBar: CallBarView;
  queue: QueueView;
  middle: EmptyView | PreviewView | CallingView | ScriptView | WrapUpView;
  case: CasePanelView | null;
  incoming: {
    number: string;
    candidates: { caseId: string; name: string; kind: CaseKind; contact: string }[];
    chosen: string | null;
  } | null;
  keypad: { open: boolean; digits: string };
  /** Open: somebody is being chosen. */
  transfer: TransferView | null;
  captions: CaptionView[];
};

export type JournalRowView = {
  seq: number;
  at: number;
  kind: EntryKind;
  text: Text;
  /** The rule behind it by its id, for those who ask. */
  rule: string | null;
  caseId: string | null;
  state: 'waiting' | ReceiptState;
  reason: DisputeReason | null;
};
export type JournalView = {
  type: 'journal';
  rows: JournalRowView[];
  total: number;
  more: boolean;
  unsent: number;
  verified: Text | null;
  exporting: boolean;
};

export type BoardView = {
  type: 'board';
  board: Board | null;
  state: 'loading' | 'live' | 'stale';
  since: number;
  problem: Text | null;
};

/** A question in front of everything: leave with unsent entries, confirm a link, skip with a reason, break reasons, help. */
export type DialogView =
  | { type: 'help' }
  | { type: 'break' }
  | { type: 'skip'; reason: string }
  | { type: 'signOut'; unsent: number }
  | { type: 'link'; target: string }
  | { type: 'closeMissed'; attempt: string; who: string | null; number: string; at: number }
  /** `numbers`: what the sources name, each once; masked until it is recorded that they were looked at. `id`: the number, whatever its place. */
  | {
      type: 'secondPerson';
      contactLabel: string;
      numbers: { id: string; number: string; sources: Text }[];
      problem: Text | null;
      busy: boolean;
    }
  /** A row of the board as the lead looked at it. */
  | { type: 'settle'; exception: Board['exceptions'][number]; problem: Text | null; busy: boolean }
  | { type: 'settings'; devices: DeviceRowView[]; canTest: boolean }
  /** none: the line has no echo number. busy: a call is up. */
  | { type: 'selfCheck'; checks: CheckView[]; running: boolean; echo: 'none' | 'ready' | 'busy' | 'running' }
  | { type: 'finder'; query: string; results: { id: string; label: Text; hint: Text | null }[] }
  /** What a customer asked back, and the sentence to read to them. */
  | { type: 'customerQuestion'; question: Text; answer: Text }
  /** Questions of the script that may be filled before they are asked; `chosen`: the one that is being filled. */
  | {
      type: 'openQuestions';
      questions: { step: StepId; label: Text; noted: boolean }[];
      chosen: { step: StepId; fields: FieldView[] } | null;
    };

export type View = {
  language: Language;
  theme: 'light' | 'dark' | 'system';
  /** Whose keys are the page's to give: what the shell leaves, or a browser, and each of them on macOS. */
  host: 'shell' | 'browser' | 'macShell' | 'macBrowser';
  /** Which key says what here, those the person chose included. */
  keys: KeyMap;
  /** The person chose keys: they can be as they came again. */
  ownKeys: boolean;
  /** Coloured frame and watermark. */
  practice: boolean;
  person: { account: string; name: string; role: Role } | null;
  screen: EntranceView | WorkbenchView | JournalView | BoardView;
  strip: StripView | null;
  dialog: DialogView | null;
  locked: { problem: Text | null; busy: boolean } | null;
  notices: NoticeView[];
};

/** Everything a person can say with keys or mouse. Which key says what: renderer/app/keys.ts. */
export type UserEvent =
  | { type: 'retry.asked' }
  | { type: 'enrolment.given'; code: string; stationName: string }
  | { type: 'pin.given'; pin: string }
  | { type: 'signIn.given'; account: string; password: string }
  | { type: 'signOut.asked' }
  | { type: 'signOut.confirmed' }
  | { type: 'screen.chosen'; screen: 'workbench' | 'journal' | 'board' }
  | { type: 'language.chosen'; language: Language }
  | { type: 'theme.chosen'; theme: 'light' | 'dark' | 'system' }
  | { type: 'key.chosen'; command: Command; chord: Chord }
  /** All keys as they came. */
  | { type: 'keys.restored' }
  | { type: 'reconnect.asked' }
  | { type: 'lock.asked' }
  | { type: 'unlock.given'; password: string }
  | { type: 'dialog.opened'; dialog: 'help' | 'break' | 'skip' | 'finder' | 'openQuestions' | 'settings' | 'selfCheck' }
  | { type: 'device.chosen'; role: DeviceRowView['role']; id: string | null }
  | { type: 'device.tested'; role: DeviceRowView['role'] }
  | { type: 'selfCheck.asked' }
  | { type: 'echo.asked' }
  | { type: 'dialog.closed' }
  | { type: 'notice.closed'; id: string }
  | { type: 'break.started'; reason: BreakReason }
  | { type: 'break.ended' }
  | { type: 'queue.searched'; text: string }
  | { type: 'finder.typed'; text: string }
  | { type: 'finder.chosen'; id: string }
  | { type: 'openQuestion.chosen'; step: StepId }
  | { type: 'case.chosen'; caseId: string }
  | { type: 'case.skipped'; reason: string }
  | { type: 'contact.chosen'; contact: string }
  | { type: 'number.typed'; text: string }
  | { type: 'number.unmasked'; contact: string }
  /** A second person is to look at the number; `id`: one of the dialog's numbers. */
  | { type: 'secondPerson.asked' }
  | { type: 'secondPerson.given'; id: string; account: string; password: string }
  /** The SMS notice before the first call: to see its words, to leave them, to send it. */
  | { type: 'preNotice.opened' }
  | { type: 'preNotice.closed' }
  | { type: 'preNotice.confirmed' }
  | { type: 'dial.asked' }
  | { type: 'answer.asked' }
  | { type: 'candidate.chosen'; caseId: string }
  | { type: 'hangUp.asked' }
  | { type: 'mute.toggled' }
  | { type: 'hold.toggled' }
  | { type: 'keypad.toggled' }
  | { type: 'digit.pressed'; digit: string }
  | { type: 'extension.redialled' }
  | { type: 'transfer.toggled' }
  | { type: 'internal.chosen'; number: string }
  | { type: 'transfer.asked'; number: string }
  | { type: 'consult.asked'; number: string }
  | { type: 'consult.swapped' }
  | { type: 'consult.completed' }
  | { type: 'consult.cancelled' }
  | { type: 'missed.chosen'; attempt: string }
  /** Asks why it is closed. */
  | { type: 'missed.closing'; attempt: string }
  | { type: 'missed.closed'; attempt: string; reason: string }
  | { type: 'draft.typed'; about: Topic; text: string }
  | { type: 'draft.chosen'; about: Topic; as: AnswerClass }
  /** Commit the question: every field answered. `step` names the question meant, so a double key cannot answer the next one. */
  | { type: 'step.committed'; step: StepId }
  | { type: 'exits.toggled' }
  | { type: 'exit.chosen'; step: StepId; exit: string }
  | { type: 'help.asked' }
  | { type: 'previous.asked' }
  | { type: 'review.closed' }
  | { type: 'correction.asked' }
  | { type: 'correction.given'; step: StepId; reason: string }
  | { type: 'outcome.chosen'; code: string; sub: string | null }
  | { type: 'result.chosen'; result: CallResult }
  | { type: 'moreResults.toggled' }
  | { type: 'disposition.chosen'; code: string; sub: string | null }
  | { type: 'evidence.typed'; key: string; text: string }
  | { type: 'followUp.ticked'; kind: FollowUpKind; ticked: boolean }
  | { type: 'appointment.typed'; at: string; exact: boolean }
  | { type: 'note.typed'; text: string }
  | { type: 'wrapUp.confirmed' }
  | { type: 'employee.chosen'; caseId: string }
  | { type: 'takeBack.asked'; id: string }
  /** Asks what was decided about a row of the board. */
  | { type: 'exception.settling'; id: string }
  | { type: 'exception.settled'; id: string; at: string; reason: string }
  | { type: 'journal.more' }
  | { type: 'journal.verify' }
  | { type: 'journal.export' }
  | { type: 'link.dismissed' };
