/** What is not needed in every minute: other screens, language, theme, help, sign-out. */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Role } from '#shared/server/api.ts';
import type { Text } from '#shared/text.ts';
import { useSend, useText, useView } from '../app/context.tsx';
import type { UserEvent, View } from '../app/view.ts';
import { regionNames, ui } from './names.ts';

const seesBoard: Readonly<Record<Role, boolean>> = {
  agent: false,
  lead: true,
  manager: true,
  qa: true,
  risk: true,
  auditor: true,
  admin: true,
};

const themeTexts: Readonly<Record<View['theme'], Text>> = {
  light: { zh: '浅色', en: 'Light' },
  dark: { zh: '深色', en: 'Dark' },
  system: { zh: '跟随系统', en: 'As the system' },
};
const nextTheme: Readonly<Record<View['theme'], View['theme']>> = { system: 'light', light: 'dark', dark: 'system' };

export function Menu() {
  const say = useText();
  const send = useSend();
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const { role, screen, language, theme, cut } = useView((view) => ({
    role: view.person?.role ?? 'agent',
    screen: view.screen.type,
    language: view.language,
    theme: view.theme,
    cut: view.strip !== null && (view.strip.line.state === 'fault' || !view.strip.server.connected),
  }));

  useEffect(() => {
    if (!open) return;
    root.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    const outside = (event: Event) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);

  const items: { text: string; event: UserEvent; shown: boolean }[] = [
    {
      text: say(ui.workbench),
      event: { type: 'screen.chosen', screen: 'workbench' },
      shown: screen !== 'workbench' && role === 'agent',
    },
    {
      text: say(regionNames.journal),
      event: { type: 'screen.chosen', screen: 'journal' },
      shown: screen !== 'journal',
    },
    {
      text: say(regionNames.board),
      event: { type: 'screen.chosen', screen: 'board' },
      shown: screen !== 'board' && seesBoard[role],
    },
    { text: say(regionNames.settings), event: { type: 'dialog.opened', dialog: 'settings' }, shown: true },
    { text: say(regionNames.selfCheck), event: { type: 'dialog.opened', dialog: 'selfCheck' }, shown: true },
    {
      text: say({ zh: '按键与帮助', en: 'Keys and help' }),
      event: { type: 'dialog.opened', dialog: 'help' },
      shown: true,
    },
    {
      text: say(ui.language),
      event: { type: 'language.chosen', language: language === 'zh' ? 'en' : 'zh' },
      shown: true,
    },
    {
      text: `${say({ zh: '外观', en: 'Theme' })}: ${say(themeTexts[theme])}`,
      event: { type: 'theme.chosen', theme: nextTheme[theme] },
      shown: true,
    },
    // Nobody has to sit out the wait before the next try.
    { text: say(ui.reconnect), event: { type: 'reconnect.asked' }, shown: cut },
    { text: say(ui.lock), event: { type: 'lock.asked' }, shown: true },
    { text: say(ui.signOut), event: { type: 'signOut.asked' }, shown: true },
  ];

  const close = () => {
    setOpen(false);
    root.current?.querySelector<HTMLElement>('button')?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || !open) return;
    const entries = [...(root.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
    const at = entries.findIndex((entry) => entry.isSameNode(document.activeElement));
    if (event.code === 'Escape') close();
    else if (event.code === 'ArrowDown') entries[(at + 1) % entries.length]?.focus();
    else if (event.code === 'ArrowUp') entries[(at - 1 + entries.length) % entries.length]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows and Esc of the menu inside
    <div className="menu" ref={root} onKeyDown={onKeyDown} data-own-keys={open || undefined}>
      <button
        type="button"
        className="button"
        aria-label={say(ui.menu)}
        title={say(ui.menu)}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <span aria-hidden="true">☰</span>
      </button>
      {open && (
        <div role="menu" className="menu-list" aria-label={say(ui.menu)}>
          {items
            .filter(({ shown }) => shown)
            .map(({ text, event }) => (
              <button
                type="button"
                role="menuitem"
                key={text}
                onClick={() => {
                  close();
                  send(event);
                }}
              >
                {text}
              </button>
            ))}
        </div>
      )}
    </div>
  );
}
