import { build } from '../../start/build.ts';
import { needElectron } from '../../start/electronRuntime.ts';
import { startScreen } from '../support/screen.ts';

/** Before the first test: what is stale is built, an Electron is there, and there is a screen. Returns what has to be undone. */
async function globalSetup(): Promise<() => Promise<void>> {
  await build(['renderer', 'electron']);
  const { executable, args } = await needElectron();
  process.env.HUIFANG_TEST_ELECTRON = JSON.stringify({ executable, args });
  if (process.env.DISPLAY) return async () => undefined;
  const screen = await startScreen();
  process.env.DISPLAY = screen.display;
  return () => screen.stop();
}

// Playwright takes a default export here and nothing else.
// biome-ignore lint/style/noDefaultExport: see above
export default globalSetup;
