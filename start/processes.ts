/** Starting and ending child processes, so that nothing is left behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from './run.ts';

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM'; // it lives, but is not ours
  }
}

export type Service = {
  readonly name: string;
  readonly pid: number;
  /** Resolves when the process has ended, however it did. */
  readonly ended: Promise<{ code: number | null; output: string }>;
  /** Everything it printed so far, both streams. */
  output(): string;
  /** SIGTERM, and SIGKILL when that took more than `seconds`. Resolves when it is gone. */
  stop(seconds?: number): Promise<void>;
  /** SIGKILL, for tests. */
  kill(): Promise<void>;
};

export type ServiceOptions = {
  env?: Readonly<Record<string, string | undefined>>;
  /** Hears every line it prints. */
  onLine?: (line: string) => void;
};

/**
 * Starts a program whose standard input is a pipe of ours: with `--with-parent` it ends when the pipe closes, that is also when we are
 * killed and can end nothing any more.
 */
export function startService(name: string, command: string, args: readonly string[], options: ServiceOptions = {}) {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    // Its own process group: a program with helpers (Electron) goes as a whole, and Ctrl-C comes to us alone, who end all in order.
    detached: process.platform !== 'win32',
  });
  return serviceOf(name, child, options);
}

function serviceOf(name: string, child: ChildProcess, { onLine }: ServiceOptions): Service {
  let output = '';
  let rest = '';
  const hear = (data: unknown) => {
    output = (output + String(data)).slice(-200_000);
    const lines = (rest + String(data)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine?.(line);
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  child.stdin?.on('error', () => undefined); // it may be gone already
  const ended = new Promise<{ code: number | null; output: string }>((resolve) => {
    child.on('error', (cause) => resolve({ code: 1, output: `${name} could not be started: ${cause.message}` }));
    child.on('close', (code) => resolve({ code, output }));
  });
  const signal = (which: NodeJS.Signals) => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    try {
      process.kill(process.platform === 'win32' ? child.pid : -child.pid, which);
    } catch {
      // it ended between the look and the signal
    }
  };
  return {
    name,
    pid: child.pid ?? 0,
    ended,
    output: () => output,
    stop: async (seconds = 5) => {
      signal('SIGTERM');
      const patience = new AbortController();
      const inTime = await Promise.race([
        ended.then(() => true),
        pause(seconds * 1000, false, { signal: patience.signal }).catch(() => true),
      ]);
      patience.abort();
      if (!inTime) signal('SIGKILL');
      await ended;
    },
    kill: async () => {
      signal('SIGKILL');
      await ended;
    },
  };
}

/**
 * Waits for the line `ready {"port":N}` every server of ours prints, and gives the port. Throws with what it printed when it ended
 * instead, or when `seconds` have passed.
 */
export async function whenReady(service: Service, seconds = 120): Promise<number> {
  const until = performance.now() + seconds * 1000;
  const over = { is: false };
  void service.ended.then(() => {
    over.is = true;
  });
  while (performance.now() < until) {
    const ready = /^ready (\{.*\})$/m.exec(service.output());
    if (ready?.[1] !== undefined) return portIn(ready[1]);
    if (over.is) throw new Error(`${service.name} ended before it was ready:\n${service.output()}`);
    await pause(20);
  }
  throw new Error(`${service.name} was not ready after ${seconds} s:\n${service.output()}`);
}

function portIn(json: string): number {
  const value: unknown = JSON.parse(json);
  if (typeof value === 'object' && value !== null && 'port' in value && typeof value.port === 'number')
    return value.port;
  throw new Error(`not a ready line: ${json}`);
}

/** Resolves when the process has printed its last word; for programs we did not start ourselves. */
export async function whenGone(pid: number): Promise<void> {
  while (isAlive(pid)) await pause(50);
}
