/** A screen of its own for programs with windows: Xvfb on a display number it chose itself, so that two runs do not meet. */
import { spawn } from 'node:child_process';

export type Screen = { display: string; stop(): Promise<void> };

/**
 * Throws with the way to get Xvfb when it is not there. `-noreset`: it resets itself whenever its last client goes, and a program that starts in
 * that moment finds no screen.
 */
export async function startScreen(): Promise<Screen> {
  const child = spawn(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', '1680x1050x24', '-nolisten', 'tcp', '-noreset', '-dpi', '96'],
    {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    },
  );
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  let said = '';
  child.stderr?.on('data', (data) => (said += String(data)));
  const display = await new Promise<string>((resolve, reject) => {
    child.stdio[3]?.on('data', (data) => resolve(`:${String(data).trim()}`));
    child.on('error', () => reject(new Error('Xvfb is not there; on Debian: apt-get install xvfb xauth')));
    child.on('close', () => reject(new Error(`Xvfb ended: ${said}`)));
  });
  return {
    display,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
