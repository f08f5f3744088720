/**
 * What every end-to-end test starts from. A fixture starts only when the test names it:
 *
 *   faultProxy   stands between the workstation and the bank server; `faultProxy.add({ kind: 'down' })`
 *   practice     the practice PBX on a free port; `test.use({ practiceSpeed: 20 })`
 *   foreign      a server that is not ours, which counts how often it is asked
 *   bank         the bank server on fresh demo data (`bank: _running` where it only has to be there), behind `faultProxy`; `test.use({ databaseKind: 'pglite' })` for the one `npm start` takes
 *   workstation  starts the workstation in the project's host; in a test without `bank` its server is unreachable
 */
// biome-ignore-all lint/correctness/noEmptyPattern: Playwright reads the names of a fixture's parts out of this very pattern
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, type TestInfo } from '@playwright/test';
import pg from 'pg';
import { addDays, dayOf, instantOf } from '#shared/policy/calendar.ts';
import { nextGoodDemoTime } from '../../server/clock.ts';
import { alone } from '../../start/alone.ts';
import { bankCommand } from '../support/bankCommand.ts';
import { type FaultProxy, startFaultProxy } from '../support/faultProxy.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { runFolder } from '../support/runFolder.ts';
import { type BankServer, type PracticeExchange, startBankServer, startPractice } from '../support/services.ts';
import { type Host, launchWorkstation, type Workstation, type WorkstationOptions } from '../support/workstation.ts';

export { expect } from '@playwright/test';
export { demoAccounts } from '../../start/demo.ts';

export type Bank = BankServer & {
  /** Asks the server's tables. Not with `databaseKind: 'pglite'`: its folder belongs to the server alone while it runs. */
  query<Row extends Record<string, unknown>>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** The server's command line beside the running server; what it said. Throws when it fails. Needs PostgreSQL too. */
  command(args: readonly string[], input?: string): Promise<string>;
};

type Options = {
  /** How many times shorter the simulated customers' waiting times are, 1 to 100. */
  practiceSpeed: number;
  databaseKind: 'pglite' | 'postgresql';
};

type Fixtures = {
  host: Host;
  /** A folder of the test's own, gone afterwards. */
  folder: string;
  enrolmentCode: string;
  faultProxy: FaultProxy;
  foreign: { origin: string; asked(): number };
  practice: PracticeExchange;
  bank: Bank;
  /** A second workstation needs another `profileFolder`. All that were started are ended after the test. */
  workstation: (options?: Partial<WorkstationOptions>) => Promise<Workstation>;
};

type WorkerFixtures = {
  /** A database as a fresh server makes it, in a PostgreSQL that starts when it is first asked for; each call gives another copy. */
  freshDatabase: () => Promise<string>;
  /** A data folder as a fresh server makes it, to be copied: making one takes seconds, so all workers share it. */
  freshData: () => Promise<string>;
};

const temporary = (name: string) => mkdtempSync(join(tmpdir(), `huifang-${name}-`));
const newCode = () => randomBytes(9).toString('base64url');

export const test = base.extend<Options & Fixtures, WorkerFixtures>({
  practiceSpeed: [1, { option: true }],
  databaseKind: ['postgresql', { option: true }],

  host: async ({}, use, info) => {
    await use(info.project.metadata.host as Host); // playwright.config.ts sets it
  },

  folder: async ({}, use) => {
    const folder = temporary('test');
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },

  enrolmentCode: async ({}, use) => {
    await use(newCode());
  },

  faultProxy: async ({}, use) => {
    const faultProxy = await startFaultProxy();
    await use(faultProxy);
    await faultProxy.stop();
  },

  foreign: async ({}, use) => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'text/html' }).end('foreign');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo; // as: it listens on TCP
    await use({ origin: `http://127.0.0.1:${port}`, asked: () => asked });
    server.closeAllConnections();
    server.close();
  },

  practice: async ({ folder, faultProxy, practiceSpeed }, use, info) => {
    const practice = await startPractice({
      folder,
      origins: ['app://huifang', faultProxy.origin],
      speed: practiceSpeed,
    });
    await use(practice);
    await practice.stop();
    if (info.status !== info.expectedStatus) {
      const lines = practice.log().map((line) => JSON.stringify(line));
      await info.attach('practice PBX log', { body: lines.join('\n'), contentType: 'text/plain' });
    }
  },

  freshDatabase: [
    async ({}, use) => {
      let started: Promise<{ postgres: Postgres; fresh: string }> | undefined;
      const start = async () => {
        const postgres = await startPostgres();
        const fresh = await postgres.createDatabase();
        await commandOf(fresh)(['clock', 'set', demoMorning(), '--demo']);
        await makeFresh({ folder: runFolder(), databaseUrl: fresh }); // with a database of its own it keeps nothing in a folder
        return { postgres, fresh };
      };
      await use(async () => {
        started ??= start();
        const { postgres, fresh } = await started;
        return postgres.createDatabase(fresh);
      });
      await (await started)?.postgres.stop();
    },
    { scope: 'worker' },
  ],

  freshData: [
    async ({}, use) => {
      const folder = join(runFolder(), 'fresh');
      const make = () =>
        alone(`${folder}.lock`, async () => {
          if (existsSync(folder)) return folder;
          await makeFresh({ folder: `${folder}.making` });
          renameSync(`${folder}.making`, folder);
          return folder;
        });
      let made: Promise<string> | undefined;
      await use(() => {
        made ??= make();
        return made;
      });
    },
    { scope: 'worker' },
  ],

  bank: async ({ folder, faultProxy, practice, enrolmentCode, databaseKind, freshDatabase, freshData }, use, info) => {
    const data = join(folder, 'bank');
    let databaseUrl: string | undefined;
    if (databaseKind === 'postgresql') databaseUrl = await freshDatabase();
    else cpSync(await freshData(), data, { recursive: true });
    const server = await startBankServer({
      folder: data,
      ...(databaseUrl !== undefined && { databaseUrl }),
      origins: ['app://huifang', faultProxy.origin],
      practiceUrl: practice.url,
      enrolmentCode,
    });
    faultProxy.target(server.port);
    await use({ ...server, query: queryOf(databaseUrl), command: commandOf(databaseUrl) });
    if (info.status !== info.expectedStatus)
      await info.attach('bank server log', { body: server.output(), contentType: 'text/plain' });
    await server.stop();
  },

  workstation: async ({ folder, host, faultProxy, enrolmentCode }, use, info) => {
    const launched: Workstation[] = [];
    const follow = (one: Workstation): Workstation => {
      launched.push(one);
      return { ...one, relaunch: async (changed) => follow(await one.relaunch(changed)) };
    };
    await use(async (options = {}) =>
      follow(
        await launchWorkstation({
          host,
          profileFolder: join(folder, 'profile'),
          serverOrigin: faultProxy.origin,
          enrolmentCode,
          ...options,
        }),
      ),
    );
    if (info.status !== info.expectedStatus) await keepEvidence(launched, info);
    for (const workstation of launched) await workstation.kill();
  },
});

/** 10:00 of the next working day: customers behave by the time of day, and a test must not depend on when it is run. */
const demoMorning = () => nextGoodDemoTime(instantOf(addDays(dayOf(new Date()), 1), 0)).toISOString();

/** Lets a server make its tables, accounts and demo cases, and end. */
async function makeFresh(where: { folder: string; databaseUrl?: string }): Promise<void> {
  const server = await startBankServer({
    ...where,
    origins: [],
    practiceUrl: 'ws://127.0.0.1:9',
    enrolmentCode: newCode(),
  });
  await server.stop();
}

function queryOf(databaseUrl: string | undefined): Bank['query'] {
  return async <Row extends Record<string, unknown>>(sql: string, values: readonly unknown[] = []) => {
    if (databaseUrl === undefined) throw new Error('bank.query needs PostgreSQL');
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    try {
      return (await client.query<Row>(sql, [...values])).rows;
    } finally {
      await client.end();
    }
  };
}

function commandOf(databaseUrl: string | undefined): Bank['command'] {
  return async (args, input) => {
    if (databaseUrl === undefined) throw new Error('bank.command needs PostgreSQL');
    const { code, out } = await bankCommand(databaseUrl, args, input);
    if (code !== 0) throw new Error(`bank ${args.join(' ')}: ${code} ${out}`);
    return out;
  };
}

/** For a test that failed: what the last pages showed and said. */
async function keepEvidence(launched: readonly Workstation[], info: TestInfo): Promise<void> {
  for (const { page, errors, shellLog } of launched) {
    const body = [...errors, shellLog()].join('\n');
    await info.attach('console and shell', { body, contentType: 'text/plain' });
    // A killed one has no page to look at any more.
    const picture = page.isClosed() ? undefined : await page.screenshot({ timeout: 5000 }).catch(() => undefined);
    if (picture !== undefined) await info.attach('screen', { body: picture, contentType: 'image/png' });
  }
}
