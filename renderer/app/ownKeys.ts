/**
 * Keys a person chose for commands (screens.md, "Keys": they can be remapped and refuse conflicts). A chord is refused, with the reason in
 * words, when it types or moves, when the system, the browser or the editing of text has it, or when another command has it already.
 * Enter and Esc stay: questions and dialogs are answered with them.
 */
import type { OwnKeys } from '#shared/bridge.ts';
import type { Text } from '#shared/text.ts';
import { type Chord, type Command, chordLabel, commands, commandTexts, isMac, type KeyMap, keyMaps } from './keyMap.ts';
import type { View } from './view.ts';

type Host = View['host'];

export const canChoose = (command: Command): boolean => command !== 'commit' && command !== 'leave';

const functionKey = /^F([1-9]|1[0-2])$/;
/** Alone they neither type nor edit. */
const aloneToo = /^(PageUp|PageDown|Insert|Pause|ScrollLock)$/;
const withModifier =
  /^(Key[A-Z]|Comma|Period|Slash|Semicolon|Quote|BracketLeft|BracketRight|Backslash|Minus|Equal|Backquote)$/;
const editsText = /^Key[ACVXYZ]$/;
/** Quit, close, new, reload, address, hide, minimise, screenshots: a page does not get them, or somebody would miss them. */
const kept: Readonly<Record<Host, RegExp>> = {
  shell: /^Key[QRW]$/,
  macShell: /^(Key[HMQRW]|Backquote|F[1357])$/,
  browser: /^Key[LNQRTW]$/,
  macBrowser: /^(Key[HLMNQRTW]|Backquote|F[1357])$/,
};
const keptAlone: Readonly<Record<Host, RegExp | null>> = {
  shell: null,
  macShell: null,
  browser: /^F(5|11|12)$/,
  macBrowser: /^F(5|11|12)$/,
};

const types: Text = {
  zh: '这个键用来输入或移动，请换一个，例如 F6，或 Ctrl 加字母。',
  en: 'This key types or moves: choose another, F6 or Ctrl with a letter for example.',
};
const taken: Text = {
  zh: '这个键归系统、浏览器或文字编辑使用，请换一个。',
  en: 'The system, the browser or the editing of text has this key: choose another.',
};

function isKept(host: Host, { code, ctrl, alt, shift, meta }: Chord): boolean {
  const mac = isMac(host);
  if (meta && !mac) return true; // the key of the system's own menu
  if (ctrl && alt) return true; // AltGr: some layouts type with it
  if (alt && code === 'F4' && !mac) return true;
  if (code === 'Insert' && (ctrl || shift)) return true; // copies and pastes
  if (mac && ctrl) return true; // menu bar, Dock, windows; and Control with a letter edits text there
  const primary = mac ? meta : ctrl;
  if (primary && (kept[host].test(code) || (editsText.test(code) && !alt))) return true;
  return !primary && !alt && !shift && (keptAlone[host]?.test(code) ?? false);
}

/** Why `command` can never have this chord; null when it can. */
function chordProblem(host: Host, command: Command, chord: Chord): Text | null {
  if (keyMaps[host][command].some((its) => sameChord(its, chord))) return null; // as it came
  const { code, ctrl, alt, meta } = chord;
  // With Option a Mac types, or begins an accent.
  const modified = isMac(host) ? meta : ctrl || alt || meta;
  if (!functionKey.test(code) && !aloneToo.test(code) && !(modified && withModifier.test(code))) return types;
  return isKept(host, chord) ? taken : null;
}

export const sameChord = (a: Chord, b: Chord): boolean =>
  a.code === b.code && a.ctrl === b.ctrl && a.shift === b.shift && a.alt === b.alt && a.meta === b.meta;

const ownerOf = (map: KeyMap, chord: Chord, besides: Command): Command | undefined =>
  commands.find((command) => command !== besides && map[command].some((its) => sameChord(its, chord)));

/** Why `command` cannot have this chord beside what `map` says; null when it can. */
export function keyProblem(map: KeyMap, host: Host, command: Command, chord: Chord): Text | null {
  const problem = chordProblem(host, command, chord);
  if (problem) return problem;
  const owner = ownerOf(map, chord, command);
  if (owner === undefined) return null;
  const [label, { zh, en }] = [chordLabel(chord, host), commandTexts[owner]];
  return {
    zh: `${label} 已用于「${zh}」，请换一个，或先更改那一项。`,
    en: `${label} is taken by “${en}”: choose another, or change that one first.`,
  };
}

/** The keys of this host with those a person chose. What cannot stand (kept by another program, damaged) is left out, never its neighbours. */
export function keyMapWith(host: Host, own: OwnKeys): KeyMap {
  const chosen = new Map(
    commands.flatMap((command) => {
      const chord = canChoose(command) ? own[command] : undefined;
      return chord && chordProblem(host, command, chord) === null ? [[command, chord] as const] : [];
    }),
  );
  for (;;) {
    const map = Object.fromEntries(
      commands.map((command) => {
        const chord = chosen.get(command);
        return [command, chord ? [chord] : keyMaps[host][command]];
      }),
    ) as KeyMap; // as: every command is in it
    const clash = [...chosen].findLast(([command, chord]) => ownerOf(map, chord, command) !== undefined);
    if (clash === undefined) return map;
    chosen.delete(clash[0]);
  }
}

/** The chord of a key that went down; null for a modifier alone. */
export function chordOf(
  event: Pick<KeyboardEvent, 'code' | 'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey'>,
): Chord | null {
  if (/^(Control|Shift|Alt|Meta|OS)(Left|Right)?$/.test(event.code) || event.code === '') return null;
  return {
    code: event.code,
    ...(event.ctrlKey && { ctrl: true as const }),
    ...(event.altKey && { alt: true as const }),
    ...(event.shiftKey && { shift: true as const }),
    ...(event.metaKey && { meta: true as const }),
  };
}

/** The own keys once `command` has this chord as well; null when it is refused. What did not stand before is forgotten. */
export function withKey(host: Host, own: OwnKeys, command: Command, chord: Chord): OwnKeys | null {
  const map = keyMapWith(host, own);
  if (!canChoose(command) || keyProblem(map, host, command, chord) !== null) return null;
  const others = commands.flatMap((each) => {
    const its = each === command ? undefined : own[each];
    return its && map[each].some((held) => sameChord(held, its)) ? [[each, its] as const] : [];
  });
  const without: OwnKeys = Object.fromEntries(others);
  // With its usual key a command gets its usual further keys back, unless another has one of them by now.
  const usual = keyMapWith(host, without);
  const isUsual = sameChord(chord, keyMaps[host][command][0]);
  const stand = others.every(([each, its]) => usual[each].some((held) => sameChord(held, its)));
  return isUsual && stand ? without : { ...without, [command]: chord };
}
