/** What the shell itself says to a person, outside of the page. */
import { app, type BrowserWindow, dialog } from 'electron';
import type { Problem } from '#shared/problem.ts';
import type { Language } from '#shared/text.ts';
import type { CloseWords } from './closeGuard.ts';

/** Exit code of a configuration that cannot be used (EX_CONFIG of sysexits.h). */
const badConfiguration = 78;

/** Started by a program there may be nobody to press a button: the words then go to stderr alone. */
const nobodyLooks = () => process.env.HUIFANG_NO_DIALOGS === '1';

/** True when the person wants to close anyway. */
export async function askToClose(
  window: BrowserWindow,
  { message, detail, stay, close }: CloseWords,
): Promise<boolean> {
  const buttons = [stay, close];
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message,
    detail,
    buttons,
    defaultId: 0,
    cancelId: 0,
  });
  return buttons[response] === close;
}

/** Undefined when the person chose no place. */
export async function askWhere(window: BrowserWindow, suggestedName: string): Promise<string | undefined> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath: suggestedName });
  return canceled ? undefined : filePath;
}

/** Says what is wrong with the configuration and ends the program with code 78. */
export function leaveWith(problem: Problem, language: Language): void {
  const message = problem.sentence[language];
  process.stderr.write(`${message}\n`);
  if (nobodyLooks()) app.exit(badConfiguration);
  else void dialog.showMessageBox({ type: 'error', message }).finally(() => app.exit(badConfiguration));
}

export function saySettingsDamaged(language: Language): void {
  const message = {
    zh: '设置文件已损坏，已恢复为默认设置。原文件保存为 settings.json.damaged。',
    en: 'The settings file was damaged; the defaults hold now. The old file is kept as settings.json.damaged.',
  }[language];
  process.stderr.write(`${message}\n`);
  if (!nobodyLooks()) void dialog.showMessageBox({ type: 'info', message });
}
