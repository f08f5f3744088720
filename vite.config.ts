import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const root = import.meta.dirname;

/**
 * The page: renderer/index.html → dist/renderer, the same files for Electron (app://huifang) and for browsers (the bank server).
 * Screens that are not the workbench are imported when they are opened and become files of their own; React and SIP are kept apart,
 * so that a change of ours does not make browsers fetch them again.
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
