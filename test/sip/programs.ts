/**
 * Programs of the network: each in a process group of its own with a log file, ended by its id. `setpriv` ends them also when this
 * process is killed and can end nothing any more.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

export type Program = {
  readonly name: string;
  log(): string;
  /** SIGTERM to the program, SIGKILL to its group after `seconds` or at once. Resolves when it is gone. */
  stop(how?: { seconds?: number; hard?: boolean }): Promise<void>;
  /** A signal to the whole group: SIGSTOP, SIGCONT. */
  signal(signal: NodeJS.Signals): void;
  /** undefined while it runs; why it ended otherwise. */
  ended(): string | undefined;
};

export function startProgram(name: string, command: string, args: readonly string[], logFile: string): Program {
  const log = openSync(logFile, 'a');
  const child: ChildProcess = spawn('setpriv', ['--pdeathsig', 'TERM', command, ...args], {
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  let ended: string | undefined;
  const gone = new Promise<void>((resolve) => {
    child.on('error', (cause) => {
      ended = cause.message;
      resolve();
    });
    child.on('exit', (code, signal) => {
      ended = `ended with ${signal ?? code}`;
      resolve();
    });
  });
  const toGroup = (signal: NodeJS.Signals) => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // the whole group is gone
    }
  };
  return {
    name,
    log: () => readFileSync(logFile, 'utf8'),
    ended: () => ended,
    signal: toGroup,
    async stop({ seconds = 3, hard = false } = {}) {
      toGroup('SIGCONT');
      if (hard) toGroup('SIGKILL');
      else if (ended === undefined) child.kill('SIGTERM');
      const patience = new AbortController();
      await Promise.race([gone, pause(seconds * 1000, undefined, { signal: patience.signal }).catch(() => undefined)]);
      patience.abort();
      toGroup('SIGKILL');
      await gone;
    },
  };
}
