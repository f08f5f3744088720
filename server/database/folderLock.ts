/**
 * Guards PGlite's folder: two processes on one folder destroy it. The lock is the operating system's on an open file, so it is
 * gone with the process, however that ended; no file has to be tidied up.
 */
/// <reference path="./fsNativeExtensions.d.ts" />
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import nativeLocks from 'fs-native-extensions';
import { Problem } from '#shared/problem.ts';

/** @returns the way to release it. Throws `Problem` DATA_FOLDER_UNWRITABLE or DATA_FOLDER_IN_USE. */
export function lockFolder(folder: string): () => void {
  let file: number;
  try {
    mkdirSync(folder, { recursive: true });
    file = openSync(join(folder, 'huifang.lock'), 'a+');
  } catch (cause) {
    throw new Problem(
      'DATA_FOLDER_UNWRITABLE',
      'storage',
      {
        zh: `数据文件夹无法写入：${folder}。请检查权限或磁盘空间，或用 --data 指定另一个文件夹。`,
        en: `The data folder cannot be written: ${folder}. Check its permissions and the disk, or name another one with --data.`,
      },
      cause,
    );
  }
  if (!nativeLocks.tryLock(file)) {
    closeSync(file);
    throw new Problem('DATA_FOLDER_IN_USE', 'storage', {
      zh: `数据文件夹正被另一个后台进程使用：${folder}。请先停止那个进程，或用 --data 指定另一个文件夹。`,
      en: `The data folder is in use by another bank server: ${folder}. Stop that one first, or name another folder with --data.`,
    });
  }
  return () => closeSync(file);
}
