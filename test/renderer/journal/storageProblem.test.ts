import 'fake-indexeddb/auto'; // before Dexie, which looks for IndexedDB when it is loaded
import { describe, expect, it } from 'vitest';
import { Problem } from '#shared/problem.ts';
import { databaseNames, openDatabase } from '../../../renderer/journal/database.ts';
import { storageProblemOf } from '../../../renderer/journal/storageProblem.ts';
import { by, freshName, skipped, station } from './support.ts';

const named = (name: string, inner?: unknown) => Object.assign(new Error(name), { name, inner });

describe('trouble with the disk', () => {
  it('data of a newer program are left alone, and the person is told to update', async () => {
    const name = freshName();
    await new Promise<void>((resolve, reject) => {
      const opening = indexedDB.open(name, 9_990);
      opening.onsuccess = () => {
        opening.result.close();
        resolve();
      };
      opening.onerror = () => reject(opening.error);
    });
    await expect(openDatabase('practice', name)).rejects.toMatchObject({ code: 'STORAGE_NEWER', category: 'storage' });
  });

  it('practice and real data never share a database', () => {
    expect(databaseNames.practice).not.toBe(databaseNames.real);
  });

  it.each([
    ['QuotaExceededError', 'STORAGE_FULL'],
    ['MissingAPIError', 'STORAGE_REFUSED'],
    ['SecurityError', 'STORAGE_REFUSED'],
    ['VersionError', 'STORAGE_NEWER'],
    ['UnknownError', 'STORAGE_BROKEN'],
    ['NotFoundError', 'STORAGE_BROKEN'],
  ])('%s is told as %s, also when it is wrapped', (name, code) => {
    expect(storageProblemOf(named(name))).toMatchObject({ code });
    expect(storageProblemOf(named('AbortError', named(name)))).toMatchObject({ code });
    expect(storageProblemOf({ name: 'BulkError', failures: [named(name)] })).toMatchObject({ code });
  });

  it('a bug stays a bug', () => {
    const bug = new TypeError('undefined is not a function');
    expect(storageProblemOf(bug)).toBe(bug);
  });

  it('an append to a closed database is refused as a whole', async () => {
    const { journal } = await station();
    await journal.append([skipped(1)], by);
    journal.close();
    const failed = await journal.append([skipped(2)], by).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(Problem);
    expect(failed).toMatchObject({ code: 'STORAGE_BROKEN' });
  });
});
