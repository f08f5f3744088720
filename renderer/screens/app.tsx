/** The whole page: theme and language, one screen, and what may lie over it. */
import '../components/theme.css';
import '../components/options.css';
import './screens.css';
import './workbench/workbench.css';
import { theme as antTheme, ConfigProvider, type ThemeConfig } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { useEffect, useLayoutEffect, useMemo, useState } from 'react';
import { assertNever } from '#shared/problem.ts';
import { type Source, useText, useView, WorkstationProvider } from '../app/context.tsx';
import type { View } from '../app/view.ts';
import { applyPalette, dark, light } from '../components/tokens.ts';
import { BoardScreen } from './board/boardScreen.tsx';
import { Dialogs } from './dialogs/dialogs.tsx';
import { LockScreen } from './dialogs/lockScreen.tsx';
import { Entrance } from './entrance/entrance.tsx';
import { JournalScreen } from './journal/journalScreen.tsx';
import { ui } from './names.ts';
import { Notices } from './notices.tsx';
import { useKeys } from './useKeys.ts';
import { Workbench } from './workbench/workbench.tsx';

export function App({ source }: { source: Source }) {
  return (
    <WorkstationProvider source={source}>
      <Themed />
    </WorkstationProvider>
  );
}

/** Light or dark, as chosen or as the system has it now. */
function useScheme(): 'light' | 'dark' {
  const chosen = useView((view) => view.theme);
  const [systemDark, setSystemDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const listen = () => setSystemDark(query.matches);
    query.addEventListener('change', listen);
    return () => query.removeEventListener('change', listen);
  }, []);
  return chosen === 'system' ? (systemDark ? 'dark' : 'light') : chosen;
}

function themeOf(scheme: 'light' | 'dark'): ThemeConfig {
  const palette = scheme === 'dark' ? dark : light;
  return {
    algorithm: scheme === 'dark' ? antTheme.darkAlgorithm : antTheme.defaultAlgorithm,
    token: {
      colorPrimary: palette.accent,
      colorTextLightSolid: palette.onAccent,
      colorError: palette.bad,
      colorWarning: palette.warn,
      colorSuccess: palette.ok,
      colorText: palette.ink,
      colorTextSecondary: palette.ink2,
      colorTextPlaceholder: palette.ink3,
      colorTextDisabled: palette.ink3,
      colorBgContainer: palette.panel,
      colorBgElevated: palette.panel,
      colorBorder: palette.edge,
      borderRadius: 8,
      fontFamily: 'inherit', // the page's, which is another in English: theme.css
      fontSize: 13,
      motion: false,
    },
  };
}

function Themed() {
  const scheme = useScheme();
  const language = useView((view) => view.language);
  const config = useMemo(() => themeOf(scheme), [scheme]);
  useLayoutEffect(() => {
    const root = document.documentElement;
    applyPalette(root.style, scheme === 'dark' ? dark : light);
    root.style.colorScheme = scheme;
    root.dataset.theme = scheme;
    root.lang = language === 'zh' ? 'zh-CN' : 'en';
  }, [scheme, language]);
  return (
    <ConfigProvider
      theme={config}
      locale={language === 'zh' ? zhCN : enUS}
      button={{ autoInsertSpace: false }}
      wave={{ disabled: true }}
    >
      <Page />
    </ConfigProvider>
  );
}

function Page() {
  useKeys();
  const view = useView((whole) => whole);
  return (
    <div className={`page ${view.practice ? 'practice' : ''}`}>
      {/* While locked nothing behind the lock can be reached, read or seen. */}
      <div className="page-content" inert={view.locked !== null} hidden={view.locked !== null}>
        <Screen view={view} />
        <Notices notices={view.notices} />
        <Dialogs view={view} />
      </div>
      {view.locked !== null && <LockScreen locked={view.locked} person={view.person} />}
      {view.practice && <Watermark />}
    </div>
  );
}

function Screen({ view }: { view: View }) {
  const { screen } = view;
  switch (screen.type) {
    case 'entrance':
      return <Entrance entrance={screen} language={view.language} />;
    case 'workbench':
      return <Workbench screen={screen} strip={view.strip} practice={view.practice} />;
    case 'journal':
      return <JournalScreen journal={screen} strip={view.strip} practice={view.practice} />;
    case 'board':
      return <BoardScreen board={screen} person={view.person} />;
    default:
      return assertNever(screen);
  }
}

/** Practice can be told from work at a glance, on every screen and on every photo of one. */
function Watermark() {
  const say = useText();
  const lines = Array.from({ length: 12 }, (_, index) => index);
  return (
    <div className="watermark" aria-hidden="true">
      {lines.map((line) => (
        <span key={line}>{say(ui.practice)}</span>
      ))}
    </div>
  );
}
