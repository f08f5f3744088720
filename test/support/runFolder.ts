/** A folder that all workers of one end-to-end run share, for what is costly to make: the global setup makes it and removes it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const variable = 'HUIFANG_TEST_RUN';

/** Returns how to remove it. Workers started from here on find it in their environment. */
export function makeRunFolder(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'huifang-run-'));
  process.env[variable] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}

export function runFolder(): string {
  const folder = process.env[variable];
  if (folder === undefined) throw new Error('the global setup of the end-to-end tests has not run');
  return folder;
}
