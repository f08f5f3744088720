import { defineConfig } from 'vitest/config';

/**
 * unit: everything that needs no process of its own; run by `npm run check` (under 60 s).
 * integration: real sockets, real SIP, real time; three files at once and nothing beside them, because voice and timers are listened to.
 * integration-beside: real PostgreSQL, real child processes, real pages, where the time it takes is no matter: three files at once.
 * Both are run by `npm test`: `--project 'integration*'`.
 */
const timed = [
  'test/renderer/phone/{practice,farEnd}.integration.test.ts',
  'test/renderer/journal/**/*.integration.test.ts',
  'test/practice/calls.integration.test.ts',
];
const processes = { environment: 'node', testTimeout: 60_000, hookTimeout: 120_000 } as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: ['test/**/*.integration.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
          // One module cache for all: loading the same libraries for each of eighty files took longer than the tests.
          isolate: false,
        },
      },
      {
        test: {
          ...processes,
          name: 'integration',
          include: timed,
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...processes,
          name: 'integration-beside',
          include: ['test/**/*.integration.test.ts'],
          exclude: timed,
          maxWorkers: 3,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
