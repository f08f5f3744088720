/** The server's command line, run as a person runs it, but built: so each of many commands begins at once. */
import { execFile } from 'node:child_process';
import { build } from '../../start/build.ts';
import { root } from '../../start/run.ts';

let built: Promise<unknown> | undefined;

/** On the PostgreSQL of that address; `input` goes to standard input, `out` is all it said. */
export async function bankCommand(
  databaseUrl: string,
  args: readonly string[],
  input = '',
): Promise<{ code: number; out: string }> {
  built ??= build(['server']);
  await built;
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      ['dist/server/cli.js', ...args],
      { cwd: root, env: { ...process.env, DATABASE_URL: databaseUrl } },
      (error, stdout, stderr) => done({ code: error === null ? 0 : Number(error.code), out: stdout + stderr }),
    );
    child.stdin?.end(input);
  });
}
