import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Whether windows can be opened here at all. */
export function hasScreen(): boolean {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** Opens the default browser; false when there is none to be found. */
export function openBrowser(address: string): boolean {
  if (!hasScreen()) return false;
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', address]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '""', address]
        : ['xdg-open', address];
  if (process.platform === 'linux' && !isInPath('xdg-open')) return false;
  const child = spawn(command!, args, { stdio: 'ignore', detached: true }); // all three tables above begin with a command
  child.on('error', () => undefined); // the address is printed anyway
  child.unref();
  return true;
}

const isInPath = (name: string) =>
  (process.env.PATH ?? '').split(':').some((folder) => folder !== '' && existsSync(join(folder, name)));
