import { describe, expect, it } from 'vitest';
import { chordLabel, commands, keyMaps, keysOf } from '../../../renderer/app/keyMap.ts';
import {
  type Focus,
  type KeyAction,
  type KeyStroke,
  keyAction,
  type Moment,
  noFocus,
} from '../../../renderer/app/keys.ts';
import type { UserEvent, View, WorkbenchView } from '../../../renderer/app/view.ts';
import { now, views } from './views.ts';

const calm: Moment = { now, enterTooEarly: false };

/** `Ctrl+Shift+KeyL` and the like. */
function stroke(words: string, more: Partial<KeyStroke> = {}): KeyStroke {
  const parts = words.split('+');
  const code = parts.at(-1) ?? '';
  return {
    code,
    key: /^Digit\d$/.test(code) ? code.slice(5) : code,
    ctrl: parts.includes('Ctrl'),
    shift: parts.includes('Shift'),
    alt: parts.includes('Alt'),
    meta: false,
    repeat: false,
    composing: false,
    ...more,
  };
}
const view = (name: string): View => {
  const found = views[name];
  if (found === undefined) throw new Error(name);
  return found;
};
const press = (name: string, words: string, focus: Partial<Focus> = {}, moment: Moment = calm): KeyAction =>
  keyAction(view(name), stroke(words), { ...noFocus, ...focus }, moment);
const sends = (event: UserEvent): KeyAction => ({ send: event });
const change = (name: string, more: (screen: WorkbenchView) => Partial<WorkbenchView>): View => {
  const whole = view(name);
  if (whole.screen.type !== 'workbench') throw new Error(name);
  return { ...whole, screen: { ...whole.screen, ...more(whole.screen) } };
};

const allStrokes = [
  ...commands.flatMap((command) =>
    keyMaps.shell[command].map((chord) =>
      [chord.ctrl && 'Ctrl', chord.alt && 'Alt', chord.shift && 'Shift', chord.code].filter(Boolean).join('+'),
    ),
  ),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((digit) => [`Digit${digit}`, `Alt+Digit${digit}`, `Numpad${digit}`]),
  'Space',
  'ArrowDown',
  'ArrowUp',
];

describe('passing a call on', () => {
  it('Enter asks the chosen colleague only while the list has the focus: in the script it is the script’s', () => {
    expect(press('transfer', 'Enter', { kind: 'group', name: 'internal' })).toEqual(
      sends({ type: 'consult.asked', number: '8002' }),
    );
    expect(press('transfer', 'Enter')).not.toEqual(sends({ type: 'consult.asked', number: '8002' }));
  });

  it('nobody can be put through before the colleague is there, and a second press opens nothing', () => {
    expect(press('consultSwapped', 'Ctrl+F9')).toBe('nothing');
    expect(press('referring', 'Ctrl+F9')).toBe('nothing');
    expect(press('preview', 'Ctrl+F9')).toBe('nothing');
  });

  it('Delete on a missed call asks why it is closed, on another row it is nothing of ours', () => {
    expect(press('missed', 'Delete', { kind: 'queue', name: 'missed:m2' })).toEqual(
      sends({ type: 'missed.closing', attempt: 'm2' }),
    );
    expect(press('missed', 'Delete', { kind: 'queue', name: 'HF-1' })).toBe('default');
    expect(press('missed', 'Delete', { kind: 'text' })).toBe('default');
  });
});

describe('composition', () => {
  it('every shortcut on every screen belongs to the input method while it composes', () => {
    for (const name of Object.keys(views))
      for (const words of allStrokes)
        for (const kind of ['none', 'text', 'group', 'choice', 'queue'] as const)
          expect(
            keyAction(view(name), stroke(words, { composing: true }), { ...noFocus, kind }, calm),
            `${name} ${words}`,
          ).toBe('default');
  });
});

describe('the table of screens.md', () => {
  it.each<[string, string, UserEvent]>([
    ['preview', 'F2', { type: 'dial.asked' }],
    ['incoming', 'F2', { type: 'answer.asked' }],
    ['script', 'Shift+F2', { type: 'hangUp.asked' }],
    ['incoming', 'Shift+F2', { type: 'hangUp.asked' }],
    ['script', 'F9', { type: 'mute.toggled' }],
    ['script', 'Shift+F9', { type: 'hold.toggled' }],
    ['script', 'F4', { type: 'keypad.toggled' }],
    ['script', 'Ctrl+F9', { type: 'transfer.toggled' }],
    ['transfer', 'Ctrl+F9', { type: 'transfer.toggled' }],
    ['transfer', 'Escape', { type: 'transfer.toggled' }],
    ['transfer', 'Digit3', { type: 'internal.chosen', number: '8003' }],
    ['transfer', 'Ctrl+Enter', { type: 'transfer.asked', number: '8002' }],
    ['consulting', 'Ctrl+F9', { type: 'consult.completed' }],
    ['consulting', 'Shift+F9', { type: 'consult.swapped' }],
    ['consulting', 'Shift+F2', { type: 'consult.cancelled' }],
    ['consultSwapped', 'Shift+F9', { type: 'consult.swapped' }],
    ['consultSwapped', 'Shift+F2', { type: 'consult.cancelled' }],
    ['consultChanging', 'Shift+F2', { type: 'consult.cancelled' }],
    ['referring', 'Shift+F2', { type: 'hangUp.asked' }],
    ['extension', 'Shift+F4', { type: 'extension.redialled' }],
    ['script', 'F1', { type: 'dialog.opened', dialog: 'help' }],
    ['script', 'PageUp', { type: 'previous.asked' }],
    ['script', 'Escape', { type: 'exits.toggled' }],
    ['review', 'Escape', { type: 'review.closed' }],
    ['unclearResult', 'Escape', { type: 'moreResults.toggled' }],
    ['preview', 'Ctrl+KeyK', { type: 'dialog.opened', dialog: 'finder' }],
    ['preview', 'Ctrl+KeyB', { type: 'dialog.opened', dialog: 'break' }],
    ['onBreak', 'Ctrl+KeyB', { type: 'break.ended' }],
    ['preview', 'Ctrl+Shift+KeyL', { type: 'lock.asked' }],
    ['wrapUp', 'F8', { type: 'takeBack.asked', id: 'n2' }],
    ['wrapUp', 'Ctrl+KeyZ', { type: 'takeBack.asked', id: 'n2' }],
    ['wrapUp', 'Enter', { type: 'wrapUp.confirmed' }],
    ['wrapUp', 'NumpadEnter', { type: 'wrapUp.confirmed' }],
    ['wrapUp', 'Digit2', { type: 'result.chosen', result: 'BUSY' }],
    ['wrapUp', 'Digit9', { type: 'moreResults.toggled' }],
    ['unclearResult', 'Digit2', { type: 'result.chosen', result: 'FAX' }],
    ['plainDisposition', 'Digit1', { type: 'disposition.chosen', code: 'VERIFIED', sub: null }],
    ['outcome', 'Digit1', { type: 'outcome.chosen', code: 'WRONG_EMPLOYER', sub: 'OUTDATED' }],
    ['exits', 'Digit2', { type: 'exit.chosen', step: 'borrower.income', exit: 'notConvenient' }],
    ['exits', 'Digit9', { type: 'help.asked' }],
    ['script', 'Digit3', { type: 'draft.chosen', about: 'employer.why', as: 'slip' }],
    ['script', 'Numpad3', { type: 'draft.chosen', about: 'employer.why', as: 'slip' }],
    ['blocked', 'Ctrl+F2', { type: 'secondPerson.asked' }],
    ['secondPerson', 'Escape', { type: 'dialog.closed' }],
    ['preNotice', 'Shift+F7', { type: 'preNotice.opened' }],
    ['preNoticeWords', 'Shift+F7', { type: 'preNotice.confirmed' }],
    ['preNoticeWords', 'F2', { type: 'dial.asked' }],
    ['preNoticeWords', 'Escape', { type: 'preNotice.closed' }],
    ['settle', 'Escape', { type: 'dialog.closed' }],
    ['preview', 'Digit2', { type: 'contact.chosen', contact: 'hr' }],
    ['incoming', 'Digit2', { type: 'candidate.chosen', caseId: 'HF-1121-011' }],
    ['keypad', 'Digit0', { type: 'digit.pressed', digit: '0' }],
    ['keypad', 'Escape', { type: 'keypad.toggled' }],
    ['said', 'Enter', { type: 'step.committed', step: 'borrower.opening' }],
    ['break', 'Digit1', { type: 'break.started', reason: 'MEAL' }],
    ['break', 'Escape', { type: 'dialog.closed' }],
    ['link', 'Escape', { type: 'link.dismissed' }],
    ['help', 'F1', { type: 'dialog.closed' }],
  ])('%s: %s', (name, words, event) => {
    expect(press(name, words)).toEqual(sends(event));
  });

  it('a key that cannot act now is swallowed, never something else', () => {
    expect(press('script', 'F2')).toBe('nothing');
    expect(press('empty', 'Shift+F2')).toBe('nothing');
    expect(press('preview', 'F9')).toBe('nothing');
    expect(press('preview', 'Ctrl+F2')).toBe('nothing');
    for (const name of ['preview', 'preNoticeSent', 'script']) expect(press(name, 'Shift+F7')).toBe('nothing');
    expect(press('script', 'Ctrl+KeyB')).toBe('nothing');
    expect(press('script', 'Digit9')).toBe('nothing');
  });

  it('no chord means two things, in either host', () => {
    for (const map of Object.values(keyMaps)) {
      const labels = commands.flatMap((command) =>
        map[command].map((chord) => `${chordLabel(chord, 'shell')} ${chord.meta} ${chord.code}`),
      );
      expect(new Set(labels).size).toBe(labels.length);
    }
  });

  it('on macOS no chord is one the system keeps, and none is Control and a letter: with it text is edited there', () => {
    expect([keysOf('shell', 'MacIntel'), keysOf('browser', 'MacIntel')]).toEqual(['macShell', 'macBrowser']);
    expect([keysOf('shell', 'Linux x86_64'), keysOf('browser', 'Win32')]).toEqual(['shell', 'browser']);
    for (const host of ['macShell', 'macBrowser'] as const) {
      for (const chord of commands.flatMap((command) => keyMaps[host][command])) {
        expect(chord.ctrl).toBeUndefined();
        // Hide, quit, minimise, close, switch windows and programs, Spotlight, help, screenshots.
        if (chord.meta) expect(chord.code).not.toMatch(/^(Key[HQMW]|Tab|Space|Backquote|Slash|Digit[3-6]|F[1357])$/);
      }
      const mac: View = { ...view('blocked'), host, keys: keyMaps[host] };
      const asked = keyAction(mac, stroke('F2', { meta: true }), noFocus, calm);
      expect(asked).toEqual(sends({ type: 'secondPerson.asked' }));
      expect(keyAction(mac, stroke('Ctrl+F2'), noFocus, calm)).toBe('default');
      const finder = sends({ type: 'dialog.opened', dialog: 'finder' });
      expect(keyAction(mac, stroke('KeyK', { meta: true }), noFocus, calm)).toEqual(finder);
      const transfer: View = { ...view('transfer'), host, keys: keyMaps[host] };
      const passed = sends({ type: 'transfer.asked', number: '8002' });
      expect(keyAction(transfer, stroke('Enter', { meta: true }), noFocus, calm)).toEqual(passed);
      expect(keyAction(transfer, stroke('Ctrl+Enter'), noFocus, calm)).not.toEqual(passed);
    }
    const { lock, secondPerson } = keyMaps.macBrowser;
    expect([chordLabel(lock[0], 'macBrowser'), chordLabel(secondPerson[0], 'macBrowser')]).toEqual(['⌥⇧L', '⌘F2']);
    expect(chordLabel(keyMaps.shell.lock[0], 'shell')).toBe('Ctrl ⇧L');
  });

  it('F7 opens the questions that can be filled ahead, and digits and arrows are theirs then', () => {
    expect(press('script', 'F7')).toEqual(sends({ type: 'dialog.opened', dialog: 'openQuestions' }));
    expect(press('said', 'F7')).toBe('nothing');
    expect(press('preview', 'F7')).toBe('nothing');
    expect(press('openQuestions', 'Digit2')).toEqual(sends({ type: 'openQuestion.chosen', step: 'borrower.loan' }));
    expect(press('openQuestions', 'ArrowDown', { kind: 'group', name: 'openQuestions' })).toEqual({
      focus: { at: 'option', step: 1 },
    });
    const typing = { kind: 'text', name: 'income.monthly', text: '一万五' } as const;
    expect(press('openQuestion', 'Digit1', typing)).toBe('default');
    expect(press('openQuestion', 'Alt+Digit2', typing)).toEqual(
      sends({ type: 'draft.chosen', about: 'income.monthly', as: 'refused' }),
    );
    expect(press('openQuestion', 'Escape')).toEqual(sends({ type: 'dialog.closed' }));
  });

  it('a browser gets keys it leaves to the page, and the table as well where it lets them through', () => {
    const browser: View = { ...view('preview'), host: 'browser', keys: keyMaps.browser };
    expect(keyAction(browser, stroke('Alt+KeyK'), noFocus, calm)).toEqual(
      sends({ type: 'dialog.opened', dialog: 'finder' }),
    );
    expect(keyAction(browser, stroke('Ctrl+KeyK'), noFocus, calm)).toEqual(
      sends({ type: 'dialog.opened', dialog: 'finder' }),
    );
    expect(press('preview', 'Alt+KeyK')).toBe('default');
  });
});

describe('text fields', () => {
  const text: Partial<Focus> = { kind: 'text', name: 'income.monthly', text: '一万五' };

  it('bare digits are typed, Alt+digit chooses', () => {
    expect(press('several', 'Digit1', text)).toBe('default');
    expect(press('several', 'Alt+Digit2', text)).toEqual(
      sends({ type: 'draft.chosen', about: 'income.monthly', as: 'refused' }),
    );
    expect(press('wrapUp', 'Digit2', { kind: 'text', name: 'note' })).toBe('default');
    expect(press('keypad', 'Digit2', { kind: 'text' })).toBe('default');
  });

  it('Enter goes from field to field, and commits at the last', () => {
    expect(press('several', 'Enter', text)).toEqual({ focus: { at: 'field', name: 'income.payday' } });
    expect(press('several', 'Enter', { kind: 'text', name: 'income.payday', text: '10' })).toEqual({
      focus: { at: 'field', name: 'identity.lastFour' },
    });
    expect(press('several', 'Enter', { kind: 'text', name: 'identity.lastFour', text: '001X' })).toEqual(
      sends({ type: 'step.committed', step: 'borrower.income' }),
    );
  });

  it('Enter in an empty field moves to its options, where bare digits choose', () => {
    expect(press('several', 'Enter', { kind: 'text', name: 'income.payday', text: ' ' })).toEqual({
      focus: { at: 'options', name: 'income.payday' },
    });
    expect(press('several', 'Digit1', { kind: 'group', name: 'income.payday' })).toEqual(
      sends({ type: 'draft.chosen', about: 'income.payday', as: 'unknown' }),
    );
  });

  it('an optional field left empty lets Enter pass, a mandatory one does not', () => {
    expect(press('several', 'Enter', { kind: 'group', name: 'income.payday' })).toEqual({
      focus: { at: 'field', name: 'identity.lastFour' },
    });
    const open = change('several', ({ middle }) =>
      middle.type === 'script'
        ? {
            middle: {
              ...middle,
              step: { ...middle.step, fields: middle.step.fields.map((field) => ({ ...field, draft: '' })) },
            },
          }
        : {},
    );
    expect(keyAction(open, stroke('Enter'), { ...noFocus, kind: 'group', name: 'income.monthly' }, calm)).toBe(
      'nothing',
    );
    expect(keyAction(open, stroke('Enter'), noFocus, calm)).toEqual({ focus: { at: 'field', name: 'income.monthly' } });
  });

  it('Ctrl+Z undoes typing; F8 takes back wherever the hands are', () => {
    expect(press('wrapUp', 'Ctrl+KeyZ', { kind: 'text', name: 'note', text: 'a' })).toBe('default');
    expect(press('wrapUp', 'Ctrl+KeyZ', { kind: 'text', name: 'note', text: '' })).toEqual(
      sends({ type: 'takeBack.asked', id: 'n2' }),
    );
  });
});

describe('Enter', () => {
  it('does nothing on any screen while it is too early, and never repeats', () => {
    for (const name of Object.keys(views)) {
      const { screen, locked } = view(name);
      if (screen.type === 'entrance' || locked !== null) continue;
      for (const kind of ['none', 'text', 'group', 'choice', 'button', 'queue'] as const) {
        expect(press(name, 'Enter', { kind }, { now, enterTooEarly: true }), name).toBe('nothing');
        expect(keyAction(view(name), stroke('Enter', { repeat: true }), { ...noFocus, kind }, calm), name).toBe(
          'nothing',
        );
      }
    }
  });

  it('chooses the option the arrows are on, and commits only what is chosen', () => {
    expect(press('script', 'Enter', { kind: 'choice', name: 'employer.why', index: 1 })).toEqual(
      sends({ type: 'draft.chosen', about: 'employer.why', as: 'renamed' }),
    );
    expect(press('script', 'Enter', { kind: 'choice', name: 'employer.why', index: 0, chosen: true })).toEqual(
      sends({ type: 'step.committed', step: 'borrower.employer.why' }),
    );
    expect(press('wrapUp', 'Enter', { kind: 'choice', name: 'results', index: 2 })).toEqual(
      sends({ type: 'result.chosen', result: 'POWER_OFF' }),
    );
  });

  it('is a button’s own where a button has the focus', () => {
    for (const name of ['script', 'wrapUp', 'preview'])
      expect(press(name, 'Enter', { kind: 'button' })).toBe('default');
    expect(press('preview', 'Enter', { kind: 'queue' })).toBe('default');
  });

  it('never dials', () => {
    expect(press('preview', 'Enter')).toBe('nothing');
    expect(press('typing', 'Enter', { kind: 'text', name: 'number', text: '02600000004' })).toBe('nothing');
  });

  it('goes to who may be next while the desk waits, and only there a digit is one of them: nobody is gone on to by a digit pressed twice', () => {
    const list = { kind: 'group', name: 'employees' } as const;
    expect(press('employees', 'Digit1')).toEqual(sends({ type: 'result.chosen', result: 'ANSWERED' }));
    expect(press('employees', 'Enter')).toEqual({ focus: { at: 'options', name: 'employees' } });
    expect(press('employees', 'Enter', list)).toEqual({ focus: { at: 'options', name: 'employees' } });
    expect(press('employees', 'Digit2', list)).toEqual(sends({ type: 'employee.chosen', caseId: 'HF-1121-035-E' }));
    expect(press('employees', 'Digit4', list)).toBe('nothing');
    expect(press('employees', 'Enter', { kind: 'choice', name: 'employees', index: 0 })).toEqual(
      sends({ type: 'employee.chosen', caseId: 'HF-1121-034-E' }),
    );
    const incomplete = change('employees', ({ middle }) =>
      middle.type === 'wrapUp' ? { middle: { ...middle, canGoOn: false } } : {},
    );
    expect(keyAction(incomplete, stroke('Enter'), noFocus, calm)).toEqual({ focus: { at: 'missing' } });
  });

  it('goes to what is missing before a wrap-up can be confirmed', () => {
    expect(press('wrongEmployer', 'Enter')).toEqual({ focus: { at: 'missing' } });
    expect(press('wrongEmployer', 'Enter', { kind: 'text', name: 'registeredValue', text: 'x' })).toEqual({
      focus: { at: 'field', name: 'statedValue' },
    });
    expect(press('wrongEmployer', 'Enter', { kind: 'text', name: 'statedValue', text: '' })).toEqual(
      sends({ type: 'evidence.typed', key: 'statedValue', text: '云朵牙刷有限公司' }),
    );
    const saving = change('wrapUp', ({ middle }) =>
      middle.type === 'wrapUp' ? { middle: { ...middle, saving: true } } : {},
    );
    expect(keyAction(saving, stroke('Enter'), noFocus, calm)).toBe('nothing');
  });

  it('chooses nothing while the exits are open', () => {
    expect(press('exits', 'Enter', { kind: 'group', name: 'exits' })).toBe('nothing');
    expect(press('exits', 'Enter', { kind: 'choice', name: 'exits', index: 0 })).toEqual(
      sends({ type: 'exit.chosen', step: 'borrower.income', exit: 'notThePerson' }),
    );
  });
});

describe('the phone', () => {
  it('F2 answers only from half a second after ringing began, and never dials meanwhile', () => {
    const early = change('incoming', ({ callBar }) => ({
      callBar: { ...callBar, answerableFrom: now + 1, can: { ...callBar.can, dial: true } },
    }));
    expect(keyAction(early, stroke('F2'), noFocus, calm)).toBe('nothing');
    expect(keyAction(early, stroke('F2'), noFocus, { now: now + 1, enterTooEarly: false })).toEqual(
      sends({ type: 'answer.asked' }),
    );
  });

  it('a held key acts once', () => {
    expect(keyAction(view('script'), stroke('F9', { repeat: true }), noFocus, calm)).toBe('nothing');
    expect(keyAction(view('preview'), stroke('F2', { repeat: true }), noFocus, calm)).toBe('nothing');
  });

  it('a dialog lets a call be hung up, but nothing be dialled behind it', () => {
    const inCall: View = { ...view('script'), dialog: { type: 'help' } };
    expect(keyAction(inCall, stroke('Shift+F2'), noFocus, calm)).toEqual(sends({ type: 'hangUp.asked' }));
    expect(press('help', 'F2')).toBe('nothing');
    expect(press('help', 'Ctrl+KeyB')).toBe('nothing');
  });

  it('while the agent is in a script, bare digits stay with the script and Alt+digit takes the candidate', () => {
    const both: View = change('script', () => {
      const { screen } = view('incoming');
      return screen.type === 'workbench' ? { incoming: screen.incoming } : {};
    });
    expect(keyAction(both, stroke('Digit1'), noFocus, calm)).toEqual(
      sends({ type: 'draft.chosen', about: 'employer.why', as: 'changedJob' }),
    );
    expect(keyAction(both, stroke('Alt+Digit1'), noFocus, calm)).toEqual(
      sends({ type: 'candidate.chosen', caseId: 'HF-1121-006' }),
    );
  });
});

describe('nothing acts where it must not', () => {
  it('behind the lock and before sign-in every key is the form’s', () => {
    for (const name of ['locked', 'signIn', 'enterPin', 'stopped'])
      for (const words of allStrokes) expect(press(name, words), `${name} ${words}`).toBe('default');
  });

  it('arrows move in the queue and in a list', () => {
    expect(press('preview', 'ArrowDown', { kind: 'queue' })).toEqual({ focus: { at: 'queue', step: 1 } });
    expect(press('preview', 'ArrowUp', { kind: 'search' })).toEqual({ focus: { at: 'queue', step: -1 } });
    expect(press('preview', 'ArrowDown')).toEqual({ focus: { at: 'queue', step: 1 } });
    expect(press('script', 'ArrowDown')).toBe('default');
    expect(press('script', 'ArrowDown', { kind: 'group', name: 'employer.why' })).toEqual({
      focus: { at: 'option', step: 1 },
    });
    expect(press('several', 'ArrowDown', { kind: 'text', name: 'income.monthly' })).toBe('default');
  });

  it('digits with Ctrl, Shift or Meta are not choices', () => {
    expect(press('script', 'Ctrl+Digit1')).toBe('default');
    expect(press('script', 'Shift+Digit1')).toBe('default');
    expect(keyAction(view('script'), stroke('Digit1', { meta: true }), noFocus, calm)).toBe('default');
  });
});
