import { build } from '../../start/build.ts';
import { needElectron } from '../../start/electronRuntime.ts';
import { makeRunFolder } from '../support/runFolder.ts';
import { startScreen } from '../support/screen.ts';

/** Before the first test: what is stale is built, an Electron is there, and there is a screen. Returns what has to be undone. */
async function globalSetup(): Promise<() => Promise<void>> {
  await build();
  const { executable, args } = await needElectron();
  process.env.HUIFANG_TEST_ELECTRON = JSON.stringify({ executable, args });
  const removeRunFolder = makeRunFolder();
  if (process.env.DISPLAY) return async () => removeRunFolder();
  const screen = await startScreen();
  process.env.DISPLAY = screen.display;
  return async () => {
    removeRunFolder();
    await screen.stop();
  };
}

// Playwright takes a default export here and nothing else.
// biome-ignore lint/style/noDefaultExport: see above
export default globalSetup;
