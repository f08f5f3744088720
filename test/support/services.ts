/** The bank server and the practice PBX as processes of their own, as `npm start` runs them. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Service, startService, whenReady } from '../../start/processes.ts';

/** The SIP accounts the practice PBX knows and the bank server hands out. */
export const practiceAccounts: Readonly<Record<string, string>> = {
  '1001': 'geheim-1001',
  '1002': 'geheim-1002',
  '1003': 'geheim-1003',
};

export type PracticeExchange = {
  readonly port: number;
  /** ws://127.0.0.1:PORT */
  readonly url: string;
  /** What it logged so far, a line each, parsed. */
  log(): Record<string, unknown>[];
  /** GET (without a body) or POST on /control/NAME; see practice/control.ts. */
  control(name: string, body?: object): Promise<unknown>;
  stop(): Promise<void>;
  /** SIGKILL: the PBX is gone from one moment to the next. */
  kill(): Promise<void>;
  /** Comes back on the same port after stop or kill. */
  restart(): Promise<void>;
};

/** `folder`: for its log. `speed`: its waiting times are so many times shorter (1 to 100). `origins`: pages that may connect. */
export async function startPractice(options: {
  folder: string;
  origins: readonly string[];
  speed: number;
}): Promise<PracticeExchange> {
  const log = join(options.folder, 'practice.jsonl');
  const token = randomBytes(12).toString('hex');
  const start = async (port: number): Promise<{ service: Service; port: number }> => {
    const service = startService(
      'practice PBX',
      process.execPath,
      [
        'dist/practice/main.js',
        ...['--port', String(port), '--speed', String(options.speed), '--log', log, '--with-parent'],
        ...['--origins', options.origins.join(',')],
      ],
      {
        env: {
          HUIFANG_PRACTICE_ACCOUNTS: JSON.stringify(practiceAccounts),
          HUIFANG_PRACTICE_CONTROL_TOKEN: token,
        },
      },
    );
    return { service, port: await whenReady(service) };
  };
  let running = await start(0);
  const { port } = running;
  return {
    port,
    url: `ws://127.0.0.1:${port}`,
    log: () =>
      existsSync(log)
        ? readFileSync(log, 'utf8')
            .split('\n')
            .filter((line) => line !== '')
            .map((line): Record<string, unknown> => JSON.parse(line))
        : [],
    control: async (name, body) => {
      const response = await fetch(`http://127.0.0.1:${port}/control/${name}`, {
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(`practice control ${name}: ${response.status} ${await response.text()}`);
      return response.json();
    },
    stop: () => running.service.stop(),
    kill: () => running.service.kill(),
    restart: async () => {
      running = await start(port);
    },
  };
}

export type BankServer = {
  readonly port: number;
  /** Everything the process printed: its masked log. */
  output(): string;
  stop(): Promise<void>;
  kill(): Promise<void>;
  /** Comes back on the same port and the same data after stop or kill. */
  restart(): Promise<void>;
};

/** `folder`: its data folder (PGlite), unless `databaseUrl` names a PostgreSQL. */
export async function startBankServer(options: {
  folder: string;
  databaseUrl?: string;
  origins: readonly string[];
  practiceUrl: string;
  enrolmentCode: string;
}): Promise<BankServer> {
  const start = async (port: number): Promise<{ service: Service; port: number }> => {
    const service = startService(
      'bank server',
      process.execPath,
      [
        'dist/server/main.js',
        ...['--port', String(port), '--host', '127.0.0.1', '--data', options.folder, '--demo'],
        ...['--practice-line', options.practiceUrl, '--renderer', 'dist/renderer'],
        ...['--origins', options.origins.join(','), '--with-parent'],
      ],
      {
        env: {
          DATABASE_URL: options.databaseUrl ?? '',
          HUIFANG_PRACTICE_ACCOUNTS: JSON.stringify(practiceAccounts),
          HUIFANG_DEMO_ENROLMENT_CODE: options.enrolmentCode,
        },
      },
    );
    return { service, port: await whenReady(service) };
  };
  let running = await start(0);
  const { port } = running;
  return {
    port,
    output: () => running.service.output(),
    stop: () => running.service.stop(),
    kill: () => running.service.kill(),
    restart: async () => {
      running = await start(port);
    },
  };
}
