/** The server's command line, run as a person runs it. */
import { execFile } from 'node:child_process';
import { root } from '../../start/run.ts';

/** On the PostgreSQL of that address; `input` goes to standard input, `out` is all it said. */
export function bankCommand(
  databaseUrl: string,
  args: readonly string[],
  input = '',
): Promise<{ code: number; out: string }> {
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', 'server/cli.ts', ...args],
      { cwd: root, env: { ...process.env, DATABASE_URL: databaseUrl } },
      (error, stdout, stderr) => done({ code: error === null ? 0 : Number(error.code), out: stdout + stderr }),
    );
    child.stdin?.end(input);
  });
}
