/**
 * Opens the database: PostgreSQL when a URL is given, else PGlite in a guarded folder (or in memory, for tests).
 *
 * A receipt promises that the server has an entry. PGlite in this process does not fsync: after a power failure the newest
 * transactions may be missing. So the promise is durable with PostgreSQL only, and `sentence` says so at every start.
 */
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Text } from '#shared/text.ts';
import { lockFolder } from './folderLock.ts';
import { migrate } from './migrate.ts';
import { pgliteDialect } from './pgliteDialect.ts';
import type { Database, Tables } from './schema.ts';

export type DatabaseChoice =
  | { type: 'postgresql'; url: string }
  | { type: 'pglite'; folder: string }
  /** For tests; `prepared` is the dump of an empty one, which starts faster than making one. */
  | { type: 'memory'; prepared?: Blob };

export type OpenDatabase = {
  database: Database;
  kind: 'pglite' | 'postgresql';
  sentence: Text;
  close(): Promise<void>;
};

const int8 = 20;

/** Opens and migrates. Throws `Problem` for a folder that is in use or unwritable. */
export async function openDatabase(choice: DatabaseChoice): Promise<OpenDatabase> {
  if (choice.type === 'postgresql') {
    const pool = new pg.Pool({
      connectionString: choice.url,
      max: 10,
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 60_000,
      types: {
        getTypeParser: (id, format) =>
          id === int8 && format !== 'binary' ? Number : pg.types.getTypeParser(id, format as 'text'), // pg's two overloads as one
      },
    });
    // An idle connection that the server closed is replaced by the pool; without a listener it would end the process.
    pool.on('error', () => {});
    // Nor does the pool listen to one that is in use: its query fails, its caller hears that, and the pool drops it when it is handed back.
    pool.on('connect', (client) => client.on('error', () => {}));
    const database = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
    await migrate(database);
    return {
      database,
      kind: 'postgresql',
      sentence: {
        zh: '数据库：PostgreSQL；回执承诺数据已持久保存。',
        en: 'Database: PostgreSQL; a receipt promises durability.',
      },
      close: () => database.destroy(),
    };
  }
  const release = choice.type === 'pglite' ? lockFolder(choice.folder) : () => {};
  try {
    const pglite =
      choice.type === 'pglite'
        ? new PGlite(join(choice.folder, 'database'))
        : new PGlite(choice.prepared === undefined ? {} : { loadDataDir: choice.prepared });
    const database = new Kysely<Tables>({ dialect: pgliteDialect(pglite) });
    await migrate(database);
    return {
      database,
      kind: 'pglite',
      sentence: {
        zh: '数据库：进程内 PGlite（演示与测试用）；断电可能丢失最新数据，只有 PostgreSQL（DATABASE_URL）下回执才承诺持久。',
        en: 'Database: PGlite in this process, for demo and tests; a power failure may lose the newest data. Receipts promise durability only with PostgreSQL (DATABASE_URL).',
      },
      async close() {
        await database.destroy();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}
