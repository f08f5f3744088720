import { join } from 'node:path';
import { app, BrowserWindow, screen } from 'electron';
import { pageOrigin } from './page.ts';
import type { SettingsStore, WindowState } from './settings.ts';
import { placeWindow } from './windowPlace.ts';

/** Given on the shell's own command line by whoever develops it; customers' data on a screen are not for inspection. */
const developerSwitch = 'huifang-developer';

/** The one window: no Node in its page, its own world for the bridge, never slowed down in the background (a call may run there). */
export function createWindow(settings: SettingsStore): BrowserWindow {
  const developer = app.commandLine.hasSwitch(developerSwitch);
  const areas = screen.getAllDisplays().map((display) => display.workArea);
  const place = placeWindow(settings.readWindow(), areas);
  const window = new BrowserWindow({
    ...place.bounds,
    minWidth: 1280,
    minHeight: 720,
    title: '回访 Huifang',
    show: false,
    autoHideMenuBar: true,
    webPreferences: {
      preload: join(import.meta.dirname, 'preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      backgroundThrottling: false,
      spellcheck: false,
      devTools: developer,
    },
  });
  if (developer) window.webContents.openDevTools({ mode: 'detach' });
  if (place.maximized) window.maximize();
  window.removeMenu();
  window.on('page-title-updated', (event) => event.preventDefault());
  window.once('ready-to-show', () => window.show());
  keepState(window, settings);
  return window;
}

/** Starts the page; resolves when it has loaded. */
export const loadPage = (window: BrowserWindow) => window.loadURL(`${pageOrigin}/index.html`);

/** Remembers place and size half a second after they stop changing, and when the window closes: also a killed program finds them. */
function keepState(window: BrowserWindow, settings: SettingsStore): void {
  let timer: NodeJS.Timeout | undefined;
  const keep = () => {
    clearTimeout(timer);
    if (!window.isDestroyed()) settings.writeWindow(stateOf(window));
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 500);
  };
  window.on('resize', soon);
  window.on('move', soon);
  window.on('maximize', soon);
  window.on('unmaximize', soon);
  window.on('close', keep);
}

const stateOf = (window: BrowserWindow): WindowState => ({
  ...window.getNormalBounds(),
  maximized: window.isMaximized(),
});
