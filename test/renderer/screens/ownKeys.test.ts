import { describe, expect, it } from 'vitest';
import { type Chord, type Command, commands, keyMaps } from '../../../renderer/app/keyMap.ts';
import { keyAction, noFocus } from '../../../renderer/app/keys.ts';
import { chordOf, keyMapWith, keyProblem, withKey } from '../../../renderer/app/ownKeys.ts';
import type { View } from '../../../renderer/app/view.ts';
import { views } from './views.ts';

const hosts: View['host'][] = ['shell', 'browser', 'macShell', 'macBrowser'];
const ctrl = (code: string, more: Partial<Chord> = {}): Chord => ({ code, ctrl: true, ...more });
const problem = (chord: Chord, host: View['host'] = 'shell', command: Command = 'mute') =>
  keyProblem(keyMaps[host], host, command, chord)?.en;
const all = (map: (typeof keyMaps)['shell']) =>
  commands.flatMap((command) => map[command].map((chord) => JSON.stringify(Object.entries(chord).sort())));

describe('a chosen key', () => {
  it('may be a function key, a letter with Ctrl or Alt, or a key that neither types nor moves', () => {
    for (const chord of [
      { code: 'F6' },
      { code: 'F10', shift: true } as const,
      ctrl('KeyM'),
      ctrl('Period'),
      { code: 'Insert' },
    ])
      expect(problem(chord), chord.code).toBeUndefined();
    expect(problem({ code: 'KeyE', meta: true }, 'macShell')).toBeUndefined();
  });

  it('is refused in words where it types, moves, answers, or is not ours', () => {
    for (const code of [
      'KeyM',
      'Digit1',
      'Numpad3',
      'Space',
      'Tab',
      'Enter',
      'Escape',
      'ArrowUp',
      'Backspace',
      'Delete',
      'Home',
    ])
      expect(problem({ code }), code).toContain('types or moves');
    expect(problem({ code: 'Digit2', alt: true })).toContain('types or moves');
    expect(problem(ctrl('Enter'))).toContain('types or moves');
    for (const chord of [
      ctrl('KeyC'),
      ctrl('KeyZ', { shift: true }),
      ctrl('KeyW'),
      ctrl('KeyM', { alt: true }),
      { code: 'F4', alt: true } as const,
      { code: 'KeyM', meta: true } as const,
    ])
      expect(problem(chord), JSON.stringify(chord)).toContain('has this key');
    expect(problem(ctrl('KeyT'), 'browser')).toContain('has this key');
    expect(problem({ code: 'F5' }, 'browser')).toContain('has this key');
    expect(problem({ code: 'F5' })).toBeUndefined();
    for (const chord of [ctrl('Insert'), { code: 'Insert', shift: true } as const])
      expect(problem(chord), JSON.stringify(chord)).toContain('has this key');
    expect(problem({ code: 'KeyE', alt: true }, 'macShell')).toContain('types or moves');
    expect(problem(ctrl('F2'), 'macShell')).toContain('has this key');
    expect(problem({ code: 'KeyQ', meta: true }, 'macShell')).toContain('has this key');
  });

  it('is refused by name where another command has it, its second keys included; its own key is no conflict', () => {
    expect(problem({ code: 'F4' })).toBe('F4 is taken by “Keypad”: choose another, or change that one first.');
    expect(problem({ code: 'F8' })).toContain('Take back');
    expect(problem({ code: 'F9' })).toBeUndefined();
    expect(keyProblem(keyMaps.shell, 'shell', 'mute', { code: 'F2' })?.zh).toMatch(/^F2 已用于「拨打/);
  });
});

describe('the keys with the chosen ones', () => {
  const own = { mute: { code: 'F4' }, keypad: { code: 'F9' } };

  it('two commands may change places', () => {
    const map = keyMapWith('shell', own);
    expect([map.mute, map.keypad]).toEqual([[{ code: 'F4' }], [{ code: 'F9' }]]);
  });

  it('what cannot stand is left out, not its neighbours; no chord ever means two things', () => {
    const damaged = {
      ...own,
      hold: { code: 'KeyH' },
      commit: { code: 'F6' },
      noCommand: { code: 'F6' },
      finder: { code: 'F1' },
    };
    for (const host of hosts) {
      const map = keyMapWith(host, damaged);
      expect(new Set(all(map)).size).toBe(all(map).length);
      expect([map.hold, map.commit, map.finder]).toEqual([
        keyMaps[host].hold,
        keyMaps[host].commit,
        keyMaps[host].finder,
      ]);
      expect(map.mute).toEqual([{ code: 'F4' }]);
    }
    expect(keyMapWith('shell', { mute: { code: 'F4' } })).toEqual(keyMaps.shell);
  });

  it('one more is taken in; the usual one is none of their own; a refused one changes nothing', () => {
    expect(withKey('shell', own, 'finder', { code: 'F6' })).toEqual({ ...own, finder: { code: 'F6' } });
    expect(withKey('shell', { finder: { code: 'F6' } }, 'finder', ctrl('KeyK'))).toEqual({});
    expect(withKey('shell', own, 'finder', { code: 'F4' })).toBeNull();
    expect(withKey('shell', { hold: { code: 'KeyH' } }, 'finder', { code: 'F6' })).toEqual({ finder: { code: 'F6' } });
  });

  it('the key that was chosen acts, the usual one is nothing any more', () => {
    const base = views.preview;
    if (!base) throw new Error('the gallery has no preview');
    const view: View = { ...base, keys: keyMapWith('shell', { finder: { code: 'F6' } }) };
    const press = (chord: Chord) =>
      keyAction(
        view,
        {
          ...{ code: chord.code, key: '', repeat: false, composing: false },
          ...{
            ctrl: chord.ctrl ?? false,
            shift: chord.shift ?? false,
            alt: chord.alt ?? false,
            meta: chord.meta ?? false,
          },
        },
        noFocus,
        { now: 0, enterTooEarly: false },
      );
    expect(press({ code: 'F6' })).toEqual({ send: { type: 'dialog.opened', dialog: 'finder' } });
    expect(press(ctrl('KeyK'))).toBe('default');
  });

  it('every command may have the key it came with, and gets it back', () => {
    for (const host of hosts)
      for (const command of commands.filter((each) => each !== 'commit' && each !== 'leave')) {
        const [usual] = keyMaps[host][command];
        expect(keyProblem(keyMaps[host], host, command, usual), `${host} ${command}`).toBeNull();
        expect(withKey(host, { [command]: { code: 'F6' } }, command, usual), `${host} ${command}`).toEqual({});
      }
  });

  it('the usual key comes back without the further one that another command has by now', () => {
    const own = { finder: { code: 'F6' }, break: ctrl('KeyK') };
    const after = withKey('browser', own, 'finder', { code: 'KeyK', alt: true }) ?? {};
    const map = keyMapWith('browser', after);
    expect([map.finder, map.break]).toEqual([[{ code: 'KeyK', alt: true }], [ctrl('KeyK')]]);
  });

  it('a chosen key that cannot act now is nobody else’s', () => {
    const base = views.preview;
    if (!base) throw new Error('the gallery has no preview');
    const keys = keyMapWith('browser', { previous: ctrl('KeyP'), takeBack: ctrl('KeyS') });
    const stroke = { key: '', ctrl: true, shift: false, alt: false, meta: false, repeat: false, composing: false };
    const pressed = (code: string, as: View) =>
      keyAction(as, { ...stroke, code, ctrl: code.startsWith('Key') }, noFocus, { now: 0, enterTooEarly: false });
    for (const code of ['KeyP', 'KeyS']) expect(pressed(code, { ...base, keys })).toBe('nothing');
    for (const code of ['PageUp', 'F8', 'KeyZ']) expect(pressed(code, base), code).toBe('default');
  });

  it('what undoes typing stays with taking back', () => {
    expect(problem(ctrl('KeyZ'), 'shell', 'hangUp')).toContain('has this key');
    expect(problem(ctrl('KeyZ'), 'shell', 'takeBack')).toBeUndefined();
  });

  it('a modifier alone is no key', () => {
    const down = { ctrlKey: true, shiftKey: false, altKey: false, metaKey: false };
    expect(chordOf({ ...down, code: 'ControlLeft' })).toBeNull();
    expect(chordOf({ ...down, code: 'KeyM' })).toEqual(ctrl('KeyM'));
  });
});
