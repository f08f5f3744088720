/**
 * An empty PGlite database in memory, quickly: making one takes seconds (initdb in WebAssembly), loading the dump of one does not.
 * The dump lies in the temporary folder, named after PGlite's version, and is made by whoever needs it first.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import type { DatabaseChoice } from '../../server/database/open.ts';

function versionOf(): string {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const { version } = JSON.parse(readFileSync(join(dirname(entry), '../package.json'), 'utf8')) as { version: string }; // our own dependency's file
  return version;
}

export async function preparedDatabase(): Promise<DatabaseChoice> {
  const file = join(tmpdir(), `huifang-test-pglite-${versionOf()}.tar`);
  try {
    return { type: 'memory', prepared: new Blob([readFileSync(file)]) };
  } catch {
    const fresh = await PGlite.create();
    const dump = await fresh.dumpDataDir('none');
    await fresh.close();
    // Renamed into place: another test file must never read half of it.
    const half = `${file}.${process.pid}`;
    writeFileSync(half, Buffer.from(await dump.arrayBuffer()));
    renameSync(half, file);
    return { type: 'memory', prepared: dump };
  }
}
