/** Killing a whole program on Linux: the one that was started, its helpers, and helpers that gave themselves another parent. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

type Entry = { pid: number; parent: number; command: string };

function everyProcess(): Entry[] {
  const entries: Entry[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^[0-9]+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (state === 'Z') continue; // dead already, nobody has asked for its code yet
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
      entries.push({ pid: Number(name), parent: Number(parent), command });
    } catch {
      // it ended while we were reading
    }
  }
  return entries;
}

/** Every process whose command line holds `mark` (a folder nobody else uses), and all that descend from them. */
export function processesOf(mark: string): number[] {
  const all = everyProcess().filter((entry) => entry.pid !== process.pid);
  return withDescendants(
    all,
    all.filter((entry) => entry.command.includes(mark)).map((entry) => entry.pid),
  );
}

/** All that descend from a process, not itself. */
export function descendantsOf(pid: number): number[] {
  return withDescendants(everyProcess(), [pid]).filter((found) => found !== pid);
}

function withDescendants(all: readonly Entry[], roots: readonly number[]): number[] {
  const found = new Set(roots);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const entry of all) if (found.has(entry.parent)) found.add(entry.pid);
  }
  return [...found];
}

/** Those that were told to end may do so in their own time, for what they still write to the disk; whoever does not is killed. */
export async function untilEnded(mark: string, patience = 10_000): Promise<void> {
  const until = performance.now() + patience;
  while (performance.now() < until && processesOf(mark).length > 0) await pause(50);
  await killAll(mark);
}

/** SIGKILL for all of them at once; resolves when none is left. */
export async function killAll(mark: string): Promise<void> {
  for (let left = processesOf(mark); left.length > 0; left = processesOf(mark)) {
    for (const pid of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // it went with its parent
      }
    }
    await pause(20);
  }
}
