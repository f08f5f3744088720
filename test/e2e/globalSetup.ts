import type { FullConfig } from '@playwright/test';
import { build } from '../../start/build.ts';
import { needElectron } from '../../start/electronRuntime.ts';
import { makeRunFolder } from '../support/runFolder.ts';
import { startScreen } from '../support/screen.ts';

/**
 * Before the first test: what is stale is built, an Electron is there, and each worker has a screen: a window that opens takes the focus from
 * every other one on its screen, and with it what an input method was composing there. Returns what has to be undone.
 */
async function globalSetup({ workers }: Pick<FullConfig, 'workers'>): Promise<() => Promise<void>> {
  await build();
  const { executable, args } = await needElectron();
  process.env.HUIFANG_TEST_ELECTRON = JSON.stringify({ executable, args });
  const removeRunFolder = makeRunFolder();
  if (process.env.DISPLAY) return async () => removeRunFolder();
  const screens = await Promise.all(Array.from({ length: workers }, startScreen));
  process.env.HUIFANG_TEST_SCREENS = JSON.stringify(screens.map(({ display }) => display));
  return async () => {
    removeRunFolder();
    await Promise.all(screens.map((screen) => screen.stop()));
  };
}

// Playwright takes a default export here and nothing else.
// biome-ignore lint/style/noDefaultExport: see above
export default globalSetup;
