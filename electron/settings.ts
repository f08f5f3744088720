import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import Store from 'electron-store';
import { z } from 'zod';
import { type Settings, validSettings } from '#shared/bridge.ts';

export const windowStateSchema = z.strictObject({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  maximized: z.boolean(),
});
export type WindowState = z.infer<typeof windowStateSchema>;

export type SettingsStore = {
  readSettings(): Settings;
  /** Replaces the named settings, keeps the others. */
  writeSettings(settings: Settings): void;
  readWindow(): WindowState | undefined;
  writeWindow(state: WindowState): void;
  /** True when the file was damaged: it was put aside as `settings.json.damaged`, defaults hold now. */
  readonly wasDamaged: boolean;
};

/** What is no secret, in `settings.json` of the data folder. A value that no longer parses is dropped, not the others with it. */
export function openSettings(folder: string): SettingsStore {
  const path = join(folder, 'settings.json');
  const open = () => new Store<Record<string, unknown>>({ name: 'settings', cwd: folder, clearInvalidConfig: false });
  let wasDamaged = false;
  let store: Store<Record<string, unknown>>;
  try {
    store = open();
  } catch {
    // The store throws a SyntaxError for half a file; without it an installation could never start again.
    if (existsSync(path)) renameSync(path, `${path}.damaged`);
    wasDamaged = true;
    store = open();
  }
  return {
    wasDamaged,
    readSettings: () => validSettings(store.get('settings')),
    writeSettings: (settings) => store.set('settings', { ...validSettings(store.get('settings')), ...settings }),
    readWindow: () => windowStateSchema.safeParse(store.get('window')).data,
    writeWindow: (state) => store.set('window', state),
  };
}
