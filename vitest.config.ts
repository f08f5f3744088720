import { defineConfig } from 'vitest/config';

/**
 * unit: everything that needs no process of its own; run by `npm run check` (under 60 s).
 * integration: real PostgreSQL, real sockets, real SIP, real child processes; run by `npm test`.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: ['test/**/*.integration.test.ts'],
          environment: 'node',
          // One module cache for all: loading the same libraries for each of eighty files took longer than the tests.
          isolate: false,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/**/*.integration.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
