/** The shell, step by step. Everything that decides something lies in the file that is named. */
import { join } from 'node:path';
import { app, ipcMain, Menu, powerSaveBlocker, safeStorage, session } from 'electron';
import { Problem } from '#shared/problem.ts';
import type { Language } from '#shared/text.ts';
import { createAwake } from './awake.ts';
import { createCloseGuard } from './closeGuard.ts';
import { readConfiguration, surroundings } from './configuration.ts';
import { cutUnfinishedRecords } from './databaseLogs.ts';
import { askToClose, askWhere, leaveWith, saySettingsDamaged } from './dialogs.ts';
import { guardPages, guardPermissions, isPageItself } from './guards.ts';
import { connectHandlers, createHandlers } from './handlers.ts';
import { linkIn, parseLink, waitingLinks } from './links.ts';
import { mindNoReader, say } from './log.ts';
import { endWithParent } from './parent.ts';
import { tellPower } from './power.ts';
import { declareScheme, serveScheme } from './scheme.ts';
import { createSecondCopy } from './secondCopy.ts';
import { openSettings } from './settings.ts';
import { setSwitches } from './switches.ts';
import { createVault } from './vault.ts';
import { createWindow, loadPage } from './window.ts';

// Before the app is ready.
mindNoReader();
setSwitches(app.commandLine);
declareScheme();
guardPages();
Menu.setApplicationMenu(null);

// A link may be what started us, and on macOS it comes before there is a window.
const links = waitingLinks();
links.open(linkIn(process.argv));
app.on('open-url', (event, address) => {
  event.preventDefault();
  links.open(parseLink(address));
});

if (app.requestSingleInstanceLock()) {
  if (app.isPackaged) app.setAsDefaultProtocolClient('huifang');
  void app.whenReady().then(openWorkstation);
} else {
  say('shell.secondInstance');
  app.exit();
}

function openWorkstation(): void {
  const folder = app.getPath('userData');
  const cut = cutUnfinishedRecords(folder); // before a page opens its database
  if (cut > 0) say('shell.databaseLogsCut', { files: cut });
  const settings = openSettings(folder);
  const language = (): Language => settings.readSettings().language ?? (app.getLocale().startsWith('en') ? 'en' : 'zh');
  if (settings.wasDamaged) saySettingsDamaged(language());

  const configuration = orProblem(() => readConfiguration(surroundings()));
  if (configuration instanceof Problem) {
    leaveWith(configuration, language());
    return;
  }

  serveScheme(session.defaultSession, join(import.meta.dirname, '../renderer'), configuration);
  guardPermissions(session.defaultSession);

  const window = createWindow(settings);
  const closeGuard = createCloseGuard(
    language,
    (words) => askToClose(window, words),
    () => window.close(),
  );
  window.on('close', (event) => {
    if (!closeGuard.mayClose()) event.preventDefault();
  });

  const awake = createAwake(powerSaveBlocker);
  const handlers = createHandlers({
    configuration,
    vault: createVault(safeStorage, join(folder, 'vault.json'), process.platform),
    settings,
    closeGuard,
    awake,
    secondCopy: createSecondCopy(folder, configuration.practice ? 'unsent-practice' : 'unsent', () => new Date()),
    askWhere: (suggestedName) => askWhere(window, suggestedName),
  });
  connectHandlers(ipcMain, handlers, ({ senderFrame }) => isPageItself(senderFrame, window.webContents));

  tellPower(window.webContents);
  // A page that is loaded anew, or crashed, has no call any more.
  window.webContents.on('did-start-loading', () => awake.keep(false));
  window.webContents.on('render-process-gone', () => awake.keep(false));
  window.webContents.once('did-finish-load', () => links.deliver((link) => window.webContents.send('link', link)));
  app.on('second-instance', (_event, argv) => {
    if (window.isMinimized()) window.restore();
    window.focus();
    links.open(linkIn(argv));
  });

  // Ended by the system or the launcher nobody is asked: what was recorded is durable. Chromium turns signals into a quit, and without a
  // menu nothing else quits; but on macOS a person does so in the Dock, and there is asked like anybody else.
  window.on('session-end', () => closeGuard.letGo());
  if (process.platform !== 'darwin') app.on('before-quit', () => closeGuard.letGo());
  endWithParent(process.argv, () => {
    closeGuard.letGo();
    app.quit();
  });
  app.on('window-all-closed', () => app.quit());

  void loadPage(window);
  say('shell.ready');
}

function orProblem<T>(attempt: () => T): T | Problem {
  try {
    return attempt();
  } catch (cause) {
    if (cause instanceof Problem) return cause;
    throw cause;
  }
}
