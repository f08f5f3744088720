import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isAlive } from './processes.ts';

/**
 * Does the work while no other process of this machine does it: the folder `lock` is the lock, its owner's number is written in it. Waits
 * for a living owner, takes over from a dead one.
 */
export async function alone<T>(lock: string, work: () => Promise<T>): Promise<T> {
  const owner = join(lock, 'pid');
  await mkdir(dirname(lock), { recursive: true });
  for (;;) {
    const taken = await mkdir(lock).then(
      () => true,
      () => false,
    );
    if (taken) break;
    await pause(200);
    if (await isAbandoned(lock, owner)) await rm(lock, { recursive: true, force: true });
  }
  try {
    await writeFile(owner, String(process.pid));
    return await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

/** Its owner is dead, or died before it had written its number. */
async function isAbandoned(lock: string, owner: string): Promise<boolean> {
  const pid = Number(await readFile(owner, 'utf8').catch(() => ''));
  if (pid > 0) return !isAlive(pid);
  const made = await stat(lock).then(
    ({ mtimeMs }) => mtimeMs,
    () => Date.now(),
  );
  return Date.now() - made > 5000;
}
