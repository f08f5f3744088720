import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

export type Outcome = { name: string; code: number; output: string; seconds: number };

type RunOptions = {
  /** Show what it prints as it comes. */
  show?: boolean;
  /** Ends it after so many seconds (code 1). */
  seconds?: number;
  env?: Readonly<Record<string, string | undefined>>;
};

/** Runs a program of node_modules/.bin (or of PATH) in the project's root and collects what it prints. */
export function run(name: string, command: string, args: readonly string[], options: RunOptions = {}) {
  const began = performance.now();
  return new Promise<Outcome>((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...options.env, PATH: `${root}node_modules/.bin:${process.env.PATH ?? ''}` },
      shell: process.platform === 'win32', // the programs of node_modules/.bin are scripts there
      stdio: options.show ? ['inherit', 'pipe', 'pipe'] : 'pipe',
    });
    let output = '';
    const hear = (data: unknown) => {
      output += String(data);
      if (options.show) process.stdout.write(String(data));
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    const timer =
      options.seconds === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), options.seconds * 1000);
    child.on('error', (cause) => hear(`${command} could not be started: ${cause.message}\n`));
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ name, code: code ?? 1, output, seconds: (performance.now() - began) / 1000 });
    });
  });
}
