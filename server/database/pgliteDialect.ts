/**
 * Kysely's PostgreSQL dialect on PGlite: one connection, handed out to one user at a time in the order they asked.
 */
import type { PGlite } from '@electric-sql/pglite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import { isInsideTransaction } from './transaction.ts';

export function pgliteDialect(pglite: PGlite): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => pgliteDriver(pglite),
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

function pgliteDriver(pglite: PGlite): Driver {
  const connection: DatabaseConnection = {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      const result = await pglite.query<R>(query.sql, [...query.parameters]);
      return { rows: result.rows, numAffectedRows: BigInt(result.affectedRows ?? 0) };
    },
    // biome-ignore lint/correctness/useYield: Kysely asks for a generator; PGlite answers a query as a whole
    async *streamQuery() {
      throw new Error('PGlite answers a query as a whole: use execute()');
    },
  };
  const waiting: (() => void)[] = [];
  let taken = false;
  const run = (text: string) => connection.executeQuery(CompiledQuery.raw(text)).then(() => undefined);
  return {
    async init() {
      await pglite.waitReady;
    },
    async acquireConnection() {
      if (isInsideTransaction()) throw new Error('the outer database handle was used inside a transaction');
      if (taken) await new Promise<void>((resolve) => waiting.push(resolve));
      taken = true;
      return connection;
    },
    async releaseConnection() {
      const next = waiting.shift();
      if (next) next();
      else taken = false;
    },
    beginTransaction: () => run('begin'),
    commitTransaction: () => run('commit'),
    rollbackTransaction: () => run('rollback'),
    async destroy() {
      await pglite.close();
    },
  };
}
