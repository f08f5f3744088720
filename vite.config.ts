import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const root = import.meta.dirname;

/**
 * The page: renderer/index.html → dist/renderer, the same files for Electron (app://huifang) and for browsers (the bank server).
 * Every screen is in it from the start: a browser that is cut off from the bank could not fetch one, least of all the journal, which
 * is needed then. React and SIP are kept apart, so that a change of ours does not make browsers fetch them again.
 */
export default defineConfig({
  root: join(root, 'renderer'),
  base: './',
  plugins: [react()],
  build: {
    outDir: join(root, 'dist/renderer'),
    emptyOutDir: true,
    target: 'chrome130',
    modulePreload: { polyfill: false },
    // A data: address for a script or a worklet would be refused by the policy.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
            { name: 'sip', test: /node_modules[\\/]sip\.js[\\/]/ },
          ],
        },
      },
    },
  },
});
