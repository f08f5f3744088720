/** A PostgreSQL of its own for a test run: a fresh cluster in a temporary folder, on a free port, gone afterwards. */
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { alone } from '../../start/alone.ts';
import { freePort } from '../../start/ports.ts';

export type Postgres = {
  /** A new database; what `DATABASE_URL` takes. Empty, or a copy of another one that nobody has open. */
  createDatabase(copyOf?: string): Promise<string>;
  stop(): Promise<void>;
};

/** Throws with the way to get it when PostgreSQL is not installed. */
export async function startPostgres(): Promise<Postgres> {
  const bin = programs();
  const folder = mkdtempSync(join(tmpdir(), 'huifang-postgres-'));
  const owner = ownerOf(folder);
  const cluster = join(folder, 'cluster');
  execFileSync(
    join(bin, 'initdb'),
    ['-D', cluster, '-U', 'huifang', '--auth=trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { stdio: 'pipe', ...owner },
  );
  // One at a time: two that look at once would find the same port free.
  const { port, child, ended } = await alone(join(tmpdir(), 'huifang-postgres.starting'), async () => {
    const port = await freePort(15432);
    return { port, ...(await serve(bin, { cluster, folder, port, owner })) };
  });
  const url = (database: string) => urlOf(port, database);
  let made = 0;
  return {
    createDatabase: async (copyOf) => {
      made += 1;
      const name = `bank${made}`;
      const template = copyOf === undefined ? '' : ` TEMPLATE ${new URL(copyOf).pathname.slice(1)}`;
      const client = new pg.Client({ connectionString: url('postgres') });
      await client.connect();
      await client.query(`CREATE DATABASE ${name}${template}`);
      await client.end();
      return url(name);
    },
    stop: async () => {
      child.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const urlOf = (port: number, database: string) => `postgres://huifang@127.0.0.1:${port}/${database}`;

/** Starts the server on its cluster and waits until it answers. */
async function serve(bin: string, where: { cluster: string; folder: string; port: number; owner: object }) {
  const { cluster, folder, port, owner } = where;
  const child = spawn(
    join(bin, 'postgres'),
    ['-D', cluster, '-k', folder, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=60'],
    { stdio: ['ignore', 'ignore', 'pipe'], ...owner },
  );
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  let said = '';
  child.stderr.on('data', (data) => (said += String(data)));
  for (let tries = 0; ; tries += 1) {
    const client = new pg.Client({ connectionString: urlOf(port, 'postgres') });
    const answers = await client.connect().then(
      () => true,
      () => false,
    );
    if (answers) {
      await client.end();
      return { child, ended };
    }
    if (child.exitCode !== null || tries > 200) throw new Error(`PostgreSQL does not start:\n${said}`);
    await pause(50);
  }
}

function programs(): string {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  for (const version of versions)
    if (existsSync(join(debian, version, 'bin/initdb'))) return join(debian, version, 'bin');
  throw new Error('PostgreSQL is not there; on Debian: apt-get install postgresql');
}

/** PostgreSQL refuses to run as root, so then it runs as the user its package made. */
function ownerOf(folder: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (which: string) => Number(execFileSync('id', [which, 'postgres'], { encoding: 'utf8' }));
  const owner = { uid: id('-u'), gid: id('-g') };
  chownSync(folder, owner.uid, owner.gid);
  return owner;
}
