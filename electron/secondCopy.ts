/**
 * The file the page keeps a second copy of its unsent entries in (renderer/journal/secondCopy.ts). The shell knows nothing of what is in it:
 * lines, sealed by the page.
 */
import { type FileHandle, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PutAside } from '#shared/bridge.ts';
import { writeWhole } from './files.ts';

export type SecondCopy = {
  begin(head: string): Promise<void>;
  append(lines: string): Promise<void>;
  putAside(): Promise<PutAside | null>;
};

/** `name`: of the file in `folder`; set aside, it gets the time behind its name. Calls are carried out in turn; they reject as the disk does. */
export function createSecondCopy(folder: string, name: string, now: () => Date): SecondCopy {
  const path = join(folder, `${name}.jsonl`);
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };

  async function append(lines: string): Promise<void> {
    let file: FileHandle | undefined;
    try {
      file = await open(path, 'a', 0o600);
      await file.writeFile(`${lines}\n`, 'utf8');
      await file.datasync();
    } finally {
      await file?.close();
    }
  }

  async function putAside(): Promise<PutAside | null> {
    const text = await readFile(path, 'utf8').catch(() => '');
    const entries = text.split('\n').filter((line) => line !== '').length - 1;
    if (entries < 1) return null;
    const aside = join(dirname(path), `${name} ${now().toISOString().replaceAll(':', '-')}.jsonl`);
    await rename(path, aside);
    return { path: aside, entries };
  }

  return {
    begin: (head) => inTurn(() => writeWhole(path, `${head}\n`)),
    append: (lines) => inTurn(() => append(lines)),
    putAside: () => inTurn(putAside),
  };
}
