/** The note a running demo leaves in its data folder, so that a second `npm start` finds it instead of fighting over the data. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './processes.ts';

export type Running = { pid: number; address: string };

const noteIn = (folder: string) => join(folder, 'running.json');

/** The demo that runs on this folder, if its launcher lives and its server answers. */
export async function findRunning(folder: string): Promise<Running | undefined> {
  let note: unknown;
  try {
    note = JSON.parse(readFileSync(noteIn(folder), 'utf8'));
  } catch {
    return undefined; // none, or half of one: its writer was killed
  }
  if (!isRunning(note) || note.pid === process.pid || !isAlive(note.pid)) return undefined;
  // A process number may have been given to another program since.
  const answers = await fetch(new URL('/health', note.address), { signal: AbortSignal.timeout(2000) }).then(
    (response) => response.ok,
    () => false,
  );
  return answers ? note : undefined;
}

export function noteRunning(folder: string, address: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(noteIn(folder), JSON.stringify({ pid: process.pid, address } satisfies Running));
}

export function forgetRunning(folder: string): void {
  if (existsSync(noteIn(folder))) rmSync(noteIn(folder)); // `force` would not forgive a folder that lies below a file
}

function isRunning(note: unknown): note is Running {
  return (
    typeof note === 'object' &&
    note !== null &&
    'pid' in note &&
    typeof note.pid === 'number' &&
    'address' in note &&
    typeof note.address === 'string'
  );
}
