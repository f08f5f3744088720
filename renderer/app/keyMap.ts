/**
 * Which key says what, for each host (screens.md, "Keys"), before a person chooses others (ownKeys.ts). Keys are read by `event.code`: a
 * Chinese input method or another layout does not move them. A browser keeps some keys to itself, so there the first chord is one it leaves
 * to the page. macOS keeps Control with F1 to F8 (menu bar, Dock, windows …) and edits text with Control and a letter: there the chords are
 * made with Command, as its programs do.
 */
import type { Chord } from '#shared/bridge.ts';
import type { Text } from '#shared/text.ts';
import type { View } from './view.ts';

export const commands = [
  'dialOrAnswer',
  'secondPerson',
  'preNotice',
  'hangUp',
  'mute',
  'hold',
  'keypad',
  'transfer',
  'redial',
  'help',
  'commit',
  'previous',
  'leave',
  'finder',
  'openQuestions',
  'break',
  'lock',
  'takeBack',
  'settings',
  'selfCheck',
] as const;
export type Command = (typeof commands)[number];

export type { Chord };
export type KeyMap = Readonly<Record<Command, readonly [Chord, ...Chord[]]>>;

const shell: KeyMap = {
  dialOrAnswer: [{ code: 'F2' }],
  secondPerson: [{ code: 'F2', ctrl: true }],
  preNotice: [{ code: 'F7', shift: true }],
  hangUp: [{ code: 'F2', shift: true }],
  mute: [{ code: 'F9' }],
  hold: [{ code: 'F9', shift: true }],
  keypad: [{ code: 'F4' }],
  transfer: [{ code: 'F9', ctrl: true }],
  redial: [{ code: 'F4', shift: true }],
  help: [{ code: 'F1' }],
  commit: [{ code: 'Enter' }, { code: 'NumpadEnter' }],
  previous: [{ code: 'PageUp' }],
  leave: [{ code: 'Escape' }],
  finder: [{ code: 'KeyK', ctrl: true }],
  openQuestions: [{ code: 'F7' }],
  break: [{ code: 'KeyB', ctrl: true }],
  lock: [{ code: 'KeyL', ctrl: true, shift: true }],
  takeBack: [{ code: 'F8' }, { code: 'KeyZ', ctrl: true }],
  settings: [{ code: 'Comma', ctrl: true }],
  selfCheck: [{ code: 'F1', shift: true }],
};

const macShell: KeyMap = {
  ...shell,
  secondPerson: [{ code: 'F2', meta: true }],
  transfer: [{ code: 'F9', meta: true }],
  finder: [{ code: 'KeyK', meta: true }],
  break: [{ code: 'KeyB', meta: true }],
  lock: [{ code: 'KeyL', meta: true, shift: true }],
  takeBack: [{ code: 'F8' }, { code: 'KeyZ', meta: true }],
  settings: [{ code: 'Comma', meta: true }],
};

export const keyMaps: Readonly<Record<View['host'], KeyMap>> = {
  shell,
  macShell,
  macBrowser: {
    ...macShell,
    finder: [{ code: 'KeyK', alt: true }, ...macShell.finder],
    break: [{ code: 'KeyB', alt: true }, ...macShell.break],
    lock: [{ code: 'KeyL', alt: true, shift: true }, ...macShell.lock],
    settings: [{ code: 'Comma', alt: true }],
  },
  browser: {
    ...shell,
    finder: [{ code: 'KeyK', alt: true }, ...shell.finder],
    break: [{ code: 'KeyB', alt: true }, ...shell.break],
    lock: [{ code: 'KeyL', alt: true, shift: true }, ...shell.lock],
  },
};

export const isMac = (host: View['host']): boolean => host === 'macShell' || host === 'macBrowser';

/** `platform`: as `navigator.platform` says it. */
export function keysOf(host: 'shell' | 'browser', platform: string): View['host'] {
  if (!platform.startsWith('Mac')) return host;
  return host === 'shell' ? 'macShell' : 'macBrowser';
}

/** Passing a call on without asking, to the colleague who is chosen. */
export const transferChord = (host: View['host']): Chord =>
  isMac(host) ? { code: 'Enter', meta: true } : { code: 'Enter', ctrl: true };

export const commandTexts: Readonly<Record<Command, Text>> = {
  dialOrAnswer: { zh: '拨打；来电时接听（振铃半秒后）', en: 'Dial; answer (half a second after ringing began)' },
  secondPerson: { zh: '第二人确认号码', en: 'A second person confirms the number' },
  preNotice: { zh: '短信预告；再按一次确认发送', en: 'SMS notice; again to send it' },
  hangUp: { zh: '挂断；咨询中结束咨询', en: 'Hang up; while consulting gives the colleague up' },
  mute: { zh: '静音', en: 'Mute' },
  hold: { zh: '保持 / 恢复；咨询中切换', en: 'Hold / resume; swaps while consulting' },
  keypad: { zh: '拨号键盘', en: 'Keypad' },
  transfer: { zh: '转接、咨询；咨询中完成转接', en: 'Transfer, consult; puts through while consulting' },
  redial: { zh: '重拨分机', en: 'Dial the extension again' },
  help: { zh: '按键与帮助', en: 'Keys and help' },
  commit: { zh: '确定、下一个、确认建议结果', en: 'Commit, next, confirm what is proposed' },
  previous: { zh: '上一题', en: 'Previous question' },
  leave: { zh: '离开话术；关闭对话框', en: 'Leave the script; close a dialog' },
  finder: { zh: '查找任务、客户问题的答复、命令', en: 'Find a case, an answer for a customer, a command' },
  openQuestions: { zh: '先记后问：客户提前说到的', en: 'Fill a question ahead of its turn' },
  break: { zh: '示忙 / 示闲', en: 'Break / available' },
  lock: { zh: '锁屏', en: 'Lock the screen' },
  takeBack: { zh: '撤回（确认后 5 秒内）', en: 'Take back (within 5 seconds)' },
  settings: { zh: '设置：声音设备', en: 'Settings: sound devices' },
  selfCheck: { zh: '自检', en: 'Self-check' },
};

const names: Readonly<Record<string, string>> = { Escape: 'Esc', PageUp: 'PgUp', NumpadEnter: 'Enter', Comma: ',' };

/** `F2`, `⇧F2`, `Ctrl K`, `Ctrl ⇧L`; on macOS `⌘K`, `⌥⇧L`: as it stands on a button. */
export function chordLabel(chord: Chord, host: View['host']): string {
  const key = names[chord.code] ?? chord.code.replace(/^Key/, '');
  const mac = isMac(host);
  const parts = [
    chord.ctrl && (mac ? '⌃' : 'Ctrl '),
    chord.alt && (mac ? '⌥' : 'Alt '),
    chord.shift && '⇧',
    chord.meta && '⌘',
  ];
  return `${parts.filter(Boolean).join('')}${key}`;
}

/** For `aria-keyshortcuts`. */
export function chordName(chord: Chord): string {
  const parts = [
    chord.ctrl && 'Control',
    chord.alt && 'Alt',
    chord.shift && 'Shift',
    chord.meta && 'Meta',
    chord.code.replace(/^Key/, ''),
  ];
  return parts.filter(Boolean).join('+');
}
