/** What can go wrong with the disk, as sentences that say what to do. */
import { Problem } from '#shared/problem.ts';

export const storageProblems = {
  refused: (cause?: unknown) =>
    new Problem(
      'STORAGE_REFUSED',
      'storage',
      {
        zh: '无法使用本机存储（可能是隐私窗口或被策略禁止）。请用普通窗口打开，或联系技术支持放开本地存储；在此之前不能外呼。',
        en: 'Local storage is not available (private window, or blocked by policy). Open a normal window or ask support to allow it; no calls until then.',
      },
      cause,
    ),
  full: (cause?: unknown) =>
    new Problem(
      'STORAGE_FULL',
      'storage',
      {
        zh: '磁盘空间不足，本条没有保存。请不要关闭窗口：先释放磁盘空间，再点“重试”；仍不行请联系技术支持。',
        en: 'The disk is full and this was not saved. Do not close the window: free some disk space, then try again; else call support.',
      },
      cause,
    ),
  newer: (cause?: unknown) =>
    new Problem(
      'STORAGE_NEWER',
      'storage',
      {
        zh: '本机数据由更新版本的程序写成。请更新程序后再打开；数据没有丢失。',
        en: 'The data here were written by a newer version of the program. Update the program and open it again; nothing is lost.',
      },
      cause,
    ),
  broken: (cause?: unknown) =>
    new Problem(
      'STORAGE_BROKEN',
      'storage',
      {
        zh: '本机数据库打不开或已损坏。请不要重装或清除数据，联系技术支持导出未上传的记录。',
        en: 'The local database cannot be opened or is damaged. Do not reinstall or clear data; ask support to export what was not uploaded.',
      },
      cause,
    ),
  chain: (seq: number) =>
    new Problem('JOURNAL_BROKEN', 'storage', {
      zh: `工作日志第 ${seq} 条被改动或缺失。可以继续工作，记录会照常上传并提示班长；请通知技术支持。`,
      en: `Entry ${seq} of the journal was changed or is missing. You can go on working; the records are uploaded and a lead is told. Tell support.`,
    }),
  bodyGone: () =>
    new Problem('JOURNAL_BODY_GONE', 'storage', {
      zh: '后台要求重传已按规定清除的记录。其余记录继续保留在本机；请通知技术支持。',
      en: 'The server asks again for records that were purged here as prescribed. The others stay on this station; tell support.',
    }),
} as const;

/** Error names of Dexie and of IndexedDB along the chain of inner errors. */
function namesOf(error: unknown): string[] {
  const names: string[] = [];
  let current: unknown = error;
  while (typeof current === 'object' && current !== null && names.length < 8) {
    if ('name' in current) names.push(String(current.name));
    const inner: unknown = 'inner' in current ? current.inner : undefined;
    const failures: unknown = 'failures' in current ? current.failures : undefined;
    current = inner ?? (Array.isArray(failures) ? failures[0] : undefined) ?? ('cause' in current && current.cause);
  }
  return names;
}

export const isConstraint = (error: unknown): boolean => namesOf(error).includes('ConstraintError');

const refusals = ['MissingAPIError', 'SecurityError', 'InvalidStateError', 'NotAllowedError'];
const damages = ['UnknownError', 'DataError', 'NotFoundError', 'OpenFailedError', 'DatabaseClosedError', 'AbortError'];

/** The Problem behind a failed use of the database; a bug (any other error) comes back as it is. */
export function storageProblemOf(error: unknown): unknown {
  if (error instanceof Problem) return error;
  const names = namesOf(error);
  if (names.includes('QuotaExceededError')) return storageProblems.full(error);
  if (names.includes('VersionError')) return storageProblems.newer(error);
  if (names.some((name) => refusals.includes(name))) return storageProblems.refused(error);
  if (names.some((name) => damages.includes(name))) return storageProblems.broken(error);
  return error;
}
