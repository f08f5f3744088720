/**
 * What a key means now: one pure decision, tested without a page. `useKeys` (renderer/screens) feeds it and does what it says.
 *
 *     composing? ──► the input method's        Enter too early? ──► nothing
 *     locked, entrance ──► the element's       dialog ──► Esc, digits; phone keys      workbench ──► everything
 *
 * Rules (screens.md): every shortcut ignores composition; keys are read by `code`; while a text field has the focus options are chosen
 * with Alt+digit, with bare digits once Enter has moved the focus to the options; Enter does nothing until it was released and
 * 600 ms have passed since the screen changed under the person (see enterGuard.ts: a change they made themselves is not "under").
 */
import { breakReasons } from '#shared/journal/entry.ts';
import { type Command, commands, transferChord } from './keyMap.ts';
import type { DialogView, FieldView, ScriptView, UserEvent, View, WorkbenchView, WrapUpView } from './view.ts';

export type KeyStroke = {
  /** `event.code`: the place on the keyboard. */
  code: string;
  key: string;
  ctrl: boolean;
  shift: boolean;
  alt: boolean;
  meta: boolean;
  repeat: boolean;
  /** `isComposing` or keyCode 229. */
  composing: boolean;
};

/** Where the focus is, in words the decision needs. */
export type Focus = {
  /** group: a list of options as a whole; choice: one option of it; queue: a row of the queue. */
  kind: 'none' | 'text' | 'group' | 'choice' | 'tick' | 'button' | 'queue' | 'search';
  /** Topic of the field, key of the evidence, or the name of the list. */
  name: string | null;
  /** What stands in the text field, and where the option stands in its list (from 0). */
  text: string;
  index: number | null;
  chosen: boolean;
};

export type Moment = {
  now: number;
  /** Enter would act on a screen that changed under the person less than 600 ms ago, or has not been released since. */
  enterTooEarly: boolean;
};

export type FocusTarget =
  | { at: 'field' | 'options'; name: string }
  | { at: 'queue' | 'option'; step: 1 | -1 }
  | { at: 'missing' }
  | { at: 'search' };

/** default: the browser and the element do what they do. nothing: swallowed. */
export type KeyAction = 'default' | 'nothing' | { send: UserEvent } | { focus: FocusTarget };

const nowhere: Focus = { kind: 'none', name: null, text: '', index: null, chosen: false };
export const noFocus = nowhere;

function commandOf(map: View['keys'], stroke: KeyStroke): Command | null {
  const fits = (command: Command) =>
    map[command].some(
      (chord) =>
        chord.code === stroke.code &&
        (chord.ctrl ?? false) === stroke.ctrl &&
        (chord.shift ?? false) === stroke.shift &&
        (chord.alt ?? false) === stroke.alt &&
        (chord.meta ?? false) === stroke.meta,
    );
  return commands.find(fits) ?? null;
}

/** 1–9 of either block of digits, with the input in full width or not: `code` does not know the difference. */
function digitOf(stroke: KeyStroke): { digit: number; alt: boolean } | null {
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(stroke.code)?.[1];
  if (digit === undefined || stroke.ctrl || stroke.meta || stroke.shift) return null;
  return { digit: Number(digit), alt: stroke.alt };
}

const send = (event: UserEvent): KeyAction => ({ send: event });
const focusOn = (focus: FocusTarget): KeyAction => ({ focus });

export function keyAction(view: View, stroke: KeyStroke, focus: Focus, moment: Moment): KeyAction {
  if (stroke.composing) return 'default';
  if (view.locked !== null) return 'default';
  const command = commandOf(view.keys, stroke);
  if (view.screen.type === 'entrance')
    return view.dialog !== null && command === 'leave' ? send({ type: 'dialog.closed' }) : 'default';
  if (command === 'commit' && (stroke.repeat || moment.enterTooEarly)) return 'nothing';
  if (command !== null && command !== 'commit' && command !== 'leave' && stroke.repeat) return 'nothing';
  if (view.dialog !== null) return inDialog(view, view.dialog, stroke, command, focus, moment);
  const anywhere = command === null ? null : commandAnywhere(view, command, stroke, focus, moment);
  if (anywhere !== null) return anywhere;
  if (view.screen.type !== 'workbench') return 'default';
  return inWorkbench(view.screen, view.host, stroke, command, focus);
}

/** Keys of the phone. `null`: not one of them. */
function phoneKey(screen: View['screen'], command: Command, moment: Moment, mayDial: boolean): KeyAction | null {
  if (screen.type !== 'workbench') return null;
  const { can, answerableFrom } = screen.callBar;
  switch (command) {
    case 'dialOrAnswer':
      // An incoming call has the key: what was meant to answer must never dial.
      if (can.answer || screen.callBar.state === 'incoming')
        return can.answer && answerableFrom !== null && moment.now >= answerableFrom
          ? send({ type: 'answer.asked' })
          : 'nothing';
      return can.dial && mayDial ? send({ type: 'dial.asked' }) : 'nothing';
    case 'hangUp':
      // The colleague first: the same key never takes the customer along.
      if (can.cancel) return send({ type: 'consult.cancelled' });
      return can.hangUp ? send({ type: 'hangUp.asked' }) : 'nothing';
    case 'mute':
      return can.mute ? send({ type: 'mute.toggled' }) : 'nothing';
    case 'hold':
      if (can.swap) return send({ type: 'consult.swapped' });
      return can.hold ? send({ type: 'hold.toggled' }) : 'nothing';
    case 'keypad':
      return can.keypad || screen.keypad.open ? send({ type: 'keypad.toggled' }) : 'nothing';
    case 'transfer':
      if (can.complete) return send({ type: 'consult.completed' });
      return can.transfer || screen.transfer !== null ? send({ type: 'transfer.toggled' }) : 'nothing';
    case 'redial':
      return can.redial ? send({ type: 'extension.redialled' }) : 'nothing';
    default:
      return null;
  }
}

function commandAnywhere(
  view: View,
  command: Command,
  stroke: KeyStroke,
  focus: Focus,
  moment: Moment,
): KeyAction | null {
  const phone = phoneKey(view.screen, command, moment, true);
  if (phone !== null) return phone;
  const can = view.screen.type === 'workbench' ? view.screen.callBar.can : null;
  switch (command) {
    case 'help':
    case 'settings':
    case 'selfCheck':
      return send({ type: 'dialog.opened', dialog: command });
    case 'secondPerson': {
      const needed =
        view.screen.type === 'workbench' &&
        view.screen.middle.type === 'preview' &&
        view.screen.middle.needs === 'SECOND_PERSON';
      return needed ? send({ type: 'secondPerson.asked' }) : 'nothing';
    }
    case 'preNotice': {
      const stage =
        view.screen.type === 'workbench' && view.screen.middle.type === 'preview'
          ? view.screen.middle.preNotice?.stage
          : undefined;
      if (stage === 'offered') return send({ type: 'preNotice.opened' });
      return stage === 'asking' ? send({ type: 'preNotice.confirmed' }) : 'nothing';
    }
    case 'finder':
      return send({ type: 'dialog.opened', dialog: 'finder' });
    case 'openQuestions': {
      const { screen } = view;
      const may = screen.type === 'workbench' && screen.middle.type === 'script' && screen.middle.canFillAhead;
      return may ? send({ type: 'dialog.opened', dialog: 'openQuestions' }) : 'nothing';
    }
    case 'break':
      if (view.screen.type === 'workbench' && view.screen.callBar.state === 'break')
        return send({ type: 'break.ended' });
      return can?.break ? send({ type: 'dialog.opened', dialog: 'break' }) : 'nothing';
    case 'lock':
      return can === null || can.lock ? send({ type: 'lock.asked' }) : 'nothing';
    case 'takeBack': {
      const notice = view.notices.findLast((each) => each.takeBackUntil !== null && each.takeBackUntil > moment.now);
      // Ctrl+Z belongs to the text that is being typed; F8 is for the hands that stay on it.
      const typing = (focus.kind === 'text' || focus.kind === 'search') && focus.text !== '';
      if (notice !== undefined && !typing) return send({ type: 'takeBack.asked', id: notice.id });
      return stroke.code === 'KeyZ' || stroke.code === 'F8' ? 'default' : 'nothing';
    }
    default:
      return null;
  }
}

function inDialog(
  view: View,
  dialog: NonNullable<View['dialog']>,
  stroke: KeyStroke,
  command: Command | null,
  focus: Focus,
  moment: Moment,
): KeyAction {
  if (command === 'leave') return send(dialog.type === 'link' ? { type: 'link.dismissed' } : { type: 'dialog.closed' });
  // The key that opened it closes it.
  if (command === dialog.type && (command === 'help' || command === 'settings' || command === 'selfCheck'))
    return send({ type: 'dialog.closed' });
  const phone = command === null ? null : phoneKey(view.screen, command, moment, false);
  if (phone !== null) return phone;
  if (command !== null && command !== 'commit') return 'nothing';
  const digit = digitOf(stroke);
  if (digit !== null && (digit.alt || focus.kind !== 'text')) {
    if (dialog.type === 'break') {
      const reason = breakReasons[digit.digit - 1];
      return reason === undefined ? 'nothing' : send({ type: 'break.started', reason });
    }
    if (dialog.type === 'finder') {
      const result = dialog.results[digit.digit - 1];
      return result === undefined ? 'nothing' : send({ type: 'finder.chosen', id: result.id });
    }
    if (dialog.type === 'openQuestions') return digitAhead(dialog, digit.digit, focus);
  }
  if (focus.kind === 'group' || focus.kind === 'choice') {
    if (stroke.code === 'ArrowDown' || stroke.code === 'ArrowRight') return focusOn({ at: 'option', step: 1 });
    if (stroke.code === 'ArrowUp' || stroke.code === 'ArrowLeft') return focusOn({ at: 'option', step: -1 });
  }
  return 'default';
}

function digitAhead(dialog: Extract<DialogView, { type: 'openQuestions' }>, digit: number, focus: Focus): KeyAction {
  if (dialog.chosen === null) {
    const question = dialog.questions[digit - 1];
    return question === undefined ? 'nothing' : send({ type: 'openQuestion.chosen', step: question.step });
  }
  const { fields } = dialog.chosen;
  const field = fields.find(({ about }) => about === focus.name) ?? fields.find(({ choices }) => choices.length > 0);
  const choice = field?.choices[digit - 1];
  return field && choice ? send({ type: 'draft.chosen', about: field.about, as: choice.as }) : 'nothing';
}

function inWorkbench(
  screen: WorkbenchView,
  host: View['host'],
  stroke: KeyStroke,
  command: Command | null,
  focus: Focus,
): KeyAction {
  const { middle } = screen;
  if (command === 'leave') return leave(screen, focus);
  if (command === 'previous') {
    if (middle.type === 'script' && !middle.exitsOpen) return send({ type: 'previous.asked' });
    return stroke.code === 'PageUp' ? 'default' : 'nothing'; // a key of their own may mean something to the browser
  }
  const { transfer } = screen;
  if (transfer !== null && transfer.chosen !== null && /^(Numpad)?Enter$/.test(stroke.code)) {
    const { chosen: number } = transfer;
    const { ctrl = false, meta = false } = transferChord(host);
    if (stroke.ctrl === ctrl && stroke.meta === meta && !stroke.shift && !stroke.alt)
      return send({ type: 'transfer.asked', number });
    if (command === 'commit' && focus.name === listNames.internal) return send({ type: 'consult.asked', number });
  }
  if (command === 'commit') return enter(screen, focus);
  const missed = focus.kind === 'queue' ? /^missed:(.+)$/.exec(focus.name ?? '')?.[1] : undefined;
  if (missed !== undefined && stroke.code === 'Delete') return send({ type: 'missed.closing', attempt: missed });
  const arrow = stroke.ctrl || stroke.alt || stroke.shift || stroke.meta ? null : stroke.code;
  if (arrow === 'ArrowDown' || arrow === 'ArrowUp') {
    const step = arrow === 'ArrowDown' ? 1 : -1;
    const idle = middle.type === 'empty' || middle.type === 'preview';
    if (focus.kind === 'queue' || focus.kind === 'search' || (focus.kind === 'none' && idle))
      return focusOn({ at: 'queue', step });
  }
  if (focus.kind === 'group' || focus.kind === 'choice') {
    if (arrow === 'ArrowDown' || arrow === 'ArrowRight') return focusOn({ at: 'option', step: 1 });
    if (arrow === 'ArrowUp' || arrow === 'ArrowLeft') return focusOn({ at: 'option', step: -1 });
  }
  const typing = focus.kind === 'text' || focus.kind === 'search';
  if (screen.keypad.open && !typing && !stroke.ctrl && !stroke.alt && !stroke.meta) {
    const tone = /^(?:Digit|Numpad)([0-9])$/.exec(stroke.code)?.[1];
    if (stroke.key === '*' || stroke.key === '#') return send({ type: 'digit.pressed', digit: stroke.key });
    if (tone !== undefined && !stroke.shift) return send({ type: 'digit.pressed', digit: tone });
  }
  const digit = digitOf(stroke);
  if (digit !== null && (digit.alt || !typing)) {
    const event = numbered(screen, focus, digit.alt)[digit.digit - 1];
    return event === undefined ? 'nothing' : send(event);
  }
  return 'default';
}

function leave(screen: WorkbenchView, focus: Focus): KeyAction {
  if (screen.transfer !== null) return send({ type: 'transfer.toggled' });
  if (screen.keypad.open) return send({ type: 'keypad.toggled' });
  if (focus.kind === 'search' && focus.text !== '') return send({ type: 'queue.searched', text: '' });
  const { middle } = screen;
  if (middle.type === 'script')
    return send(middle.review === null ? { type: 'exits.toggled' } : { type: 'review.closed' });
  if (middle.type === 'preview' && middle.preNotice?.stage === 'asking') return send({ type: 'preNotice.closed' });
  if (middle.type === 'wrapUp' && middle.moreOpen) return send({ type: 'moreResults.toggled' });
  return 'default';
}

/** Names of the lists that are numbered beside the fields of a question. */
export const listNames = {
  exits: 'exits',
  outcomes: 'outcomes',
  results: 'results',
  dispositions: 'dispositions',
  employees: 'employees',
  contacts: 'contacts',
  candidates: 'candidates',
  internal: 'internal',
  openQuestions: 'openQuestions',
} as const;

/** The list that bare digits mean now; the screen shows the numbers on this one. */
export function activeList(screen: WorkbenchView, focus: Focus, alt = false): string | null {
  const { middle } = screen;
  if (screen.transfer !== null) return listNames.internal;
  const busy = middle.type === 'script' || middle.type === 'wrapUp';
  if (screen.incoming !== null && screen.incoming.candidates.length > 0 && (!busy || alt)) return listNames.candidates;
  switch (middle.type) {
    case 'script':
      if (middle.review !== null) return null;
      if (middle.exitsOpen) return listNames.exits;
      if (middle.step.kind === 'outcome') return listNames.outcomes;
      return currentField(middle, focus)?.about ?? null;
    case 'wrapUp':
      if (focus.name === listNames.results || focus.name === listNames.dispositions) return focus.name;
      // Only where the focus is on it: what is chosen there confirms the result for good, and the digit before it chose that result.
      if (focus.name === listNames.employees) return focus.name;
      return middle.dispositionChoices.length > 0 && middle.disposition === null && middle.chosen !== null
        ? listNames.dispositions
        : listNames.results;
    case 'preview':
      return listNames.contacts;
    case 'calling':
    case 'empty':
      return null;
  }
}

/** The field that has the focus, otherwise the first with options that is not answered yet, otherwise the first with options. */
export function currentField(script: ScriptView, focus: Focus): FieldView | undefined {
  const { fields } = script.step;
  const withChoices = fields.filter((field) => field.choices.length > 0);
  return (
    fields.find((field) => field.about === focus.name) ??
    withChoices.find((field) => field.draftChoice === null && field.draft === '') ??
    withChoices[0]
  );
}

/** Call results in the order of their numbers; 9 always opens or closes the rest. */
export function resultChoices(wrapUp: WrapUpView): WrapUpView['choices'] {
  return (wrapUp.moreOpen ? wrapUp.more : wrapUp.choices).slice(0, wrapUp.moreOpen ? undefined : 8);
}

/** What each number of the active list says, from 1 on. */
export function numbered(screen: WorkbenchView, focus: Focus, alt = false): readonly (UserEvent | undefined)[] {
  const list = activeList(screen, focus, alt);
  const { middle } = screen;
  if (list === listNames.internal)
    return (screen.transfer?.numbers ?? []).map(({ number }) => ({ type: 'internal.chosen', number }));
  if (list === listNames.candidates)
    return (screen.incoming?.candidates ?? []).map(({ caseId }) => ({ type: 'candidate.chosen', caseId }));
  if (middle.type === 'script') {
    if (list === listNames.exits)
      return [
        ...middle.exits.map(({ id }) => ({ type: 'exit.chosen' as const, step: middle.step.id, exit: id })),
        { type: 'help.asked' },
      ];
    if (list === listNames.outcomes)
      return middle.outcomes.map(({ code, sub }) => ({ type: 'outcome.chosen', code, sub }));
    const field = middle.step.fields.find(({ about }) => about === list);
    return (field?.choices ?? []).map(({ as }) => ({ type: 'draft.chosen', about: list ?? '', as }));
  }
  if (middle.type === 'wrapUp') {
    if (list === listNames.dispositions)
      return middle.dispositionChoices.map(({ code, sub }) => ({ type: 'disposition.chosen', code, sub }));
    if (list === listNames.employees)
      return middle.employees.map(({ caseId }) => ({ type: 'employee.chosen', caseId }));
    const results: (UserEvent | undefined)[] = resultChoices(middle).map(({ result }) => ({
      type: 'result.chosen',
      result,
    }));
    if (!middle.moreOpen && middle.more.length > 0) results[8] = { type: 'moreResults.toggled' };
    return results;
  }
  if (middle.type === 'preview') return middle.others.map(({ id }) => ({ type: 'contact.chosen', contact: id }));
  return [];
}

function enter(screen: WorkbenchView, focus: Focus): KeyAction {
  // A button, a row of the queue, a search: Enter is theirs.
  if (focus.kind === 'button' || focus.kind === 'queue') return 'default';
  if (focus.kind === 'search') return focusOn({ at: 'queue', step: 1 });
  if (focus.kind === 'choice' && !focus.chosen && focus.index !== null) {
    const event = numbered(screen, focus, focus.name === listNames.candidates)[focus.index];
    return event === undefined ? 'default' : send(event);
  }
  switch (screen.middle.type) {
    case 'script':
      return enterInScript(screen.middle, focus);
    case 'wrapUp':
      return enterInWrapUp(screen.middle, focus);
    case 'preview':
    case 'calling':
    case 'empty':
      return 'nothing';
  }
}

/** Where a field is answered: its text, or its options. */
const fieldTarget = (field: FieldView): KeyAction =>
  focusOn({ at: field.answer === 'choice' ? 'options' : 'field', name: field.about });

function enterInScript(script: ScriptView, focus: Focus): KeyAction {
  if (script.review !== null) return focus.kind === 'text' ? 'default' : send({ type: 'review.closed' });
  if (script.exitsOpen) return 'nothing';
  const { step } = script;
  if (step.kind === 'outcome') {
    const only = script.outcomes.length === 1 ? script.outcomes[0] : undefined;
    return only === undefined ? 'nothing' : send({ type: 'outcome.chosen', code: only.code, sub: only.sub });
  }
  const at = step.fields.findIndex((field) => field.about === focus.name);
  // What stands in the field counts even if the machine has not echoed it yet.
  const isAnswered = (field: FieldView, index: number) =>
    field.draftChoice !== null || (index === at && focus.kind === 'text' ? focus.text : field.draft).trim() !== '';
  const current = step.fields[at];
  if (current !== undefined) {
    if (!isAnswered(current, at) && focus.kind === 'text' && current.choices.length > 0)
      return focusOn({ at: 'options', name: current.about });
    if (!isAnswered(current, at) && current.mandatory) return 'nothing';
    const next = step.fields[at + 1];
    if (next !== undefined) return fieldTarget(next);
  }
  const open = step.fields.find((field, index) => field.mandatory && !isAnswered(field, index));
  return open === undefined ? send({ type: 'step.committed', step: step.id }) : fieldTarget(open);
}

function enterInWrapUp(wrapUp: WrapUpView, focus: Focus): KeyAction {
  if (wrapUp.saving) return 'nothing';
  const at = wrapUp.evidence.findIndex(({ key }) => key === focus.name);
  if (at !== -1 && focus.kind === 'text') {
    const field = wrapUp.evidence[at];
    // Enter takes what is suggested into an empty field, to be seen before the next Enter goes on.
    if (field !== undefined && field.suggestion !== null && focus.text.trim() === '')
      return send({ type: 'evidence.typed', key: field.key, text: field.suggestion });
    const next = wrapUp.evidence.slice(at + 1).find(({ value, required }) => required && value.trim() === '');
    if (next !== undefined) return focusOn({ at: 'field', name: next.key });
  }
  if (wrapUp.canConfirm) return send({ type: 'wrapUp.confirmed' });
  // The call is up, and nothing else is missing: it may go on with the next employee.
  const mayGoOn = wrapUp.canGoOn && wrapUp.employees.length > 0;
  return focusOn(mayGoOn ? { at: 'options', name: listNames.employees } : { at: 'missing' });
}
