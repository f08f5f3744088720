import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

export type Outcome = { name: string; code: number; output: string; seconds: number };

/** Runs a program of node_modules/.bin (or of PATH) in the project's root and collects what it prints. */
export function run(name: string, command: string, args: readonly string[], options: { show?: boolean } = {}) {
  const began = performance.now();
  return new Promise<Outcome>((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, PATH: `${root}node_modules/.bin:${process.env.PATH ?? ''}` },
      stdio: options.show ? 'inherit' : 'pipe',
    });
    let output = '';
    child.stdout?.on('data', (data) => (output += String(data)));
    child.stderr?.on('data', (data) => (output += String(data)));
    child.on('error', (cause) => (output += `${command} could not be started: ${cause.message}\n`));
    child.on('close', (code) =>
      resolve({ name, code: code ?? 1, output, seconds: (performance.now() - began) / 1000 }),
    );
  });
}
