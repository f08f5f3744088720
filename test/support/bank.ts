/**
 * A bank server in this process, with a database of its own, and a station that can sign in, enrol, lease and send entries: what the
 * server's own tests, the uploader's and the benches need.
 */
import { generateKeyPairSync, type KeyObject, randomBytes, randomUUID, sign } from 'node:crypto';
import type { z } from 'zod';
import { bodyHashOf, firstPrev, hashOf } from '#shared/journal/chain.ts';
import type { EntryBody, EntryHeader, EntryKind, WireEntry } from '#shared/journal/entry.ts';
import { type Batch, type BatchAnswer, batchAnswerSchema } from '#shared/journal/upload.ts';
import { type leaseAnswerSchema, type Session, sessionSchema } from '#shared/server/api.ts';
import { type AppOptions, buildApp } from '../../server/app.ts';
import type { Bank, PracticeLine } from '../../server/bank.ts';
import type { BusinessClock } from '../../server/clock.ts';
import type { DatabaseChoice } from '../../server/database/open.ts';
import { demoAccounts } from '../../server/demo/accounts.ts';
import type { Api } from '../../server/http/api.ts';
import { openBank } from '../../server/openBank.ts';
import { addAccount } from '../../server/signIn/accounts.ts';
import { addEnrolmentCode } from '../../server/stations/stations.ts';
import { preparedDatabase } from './preparedDatabase.ts';

export const practiceForTests: PracticeLine = {
  url: 'ws://127.0.0.1:7660',
  domain: 'practice.huifang',
  accounts: [{ user: '1001', password: 'sip-secret' }],
};

/** A working day, Wednesday, 10:00 in Asia/Shanghai: inside every calling hour. */
export const workdayMorning = new Date('2026-11-25T10:00:00+08:00');

/** A clock that tests move. */
export function movableClock(start: Date = workdayMorning): BusinessClock & { move(ms: number): void } {
  let now = start.getTime();
  return {
    now: () => new Date(now),
    move: (ms) => {
      now += ms;
    },
  };
}

/** Beside the demo's accounts: a lead and an agent of another team. */
export const foreignLead = {
  account: 'L009',
  name: '黄班长',
  role: 'lead',
  team: 'T2',
  password: 'huifang-l009',
} as const;
export const foreignAgent = {
  account: 'A091',
  name: '何坐席',
  role: 'agent',
  team: 'T2',
  password: 'huifang-a091',
} as const;

export type TestBank = {
  bank: Bank;
  app: Api;
  /** http://127.0.0.1:PORT; only with `listen`. */
  origin: string;
  /** A code a station may enrol with, once. */
  enrolmentCode(team?: string): Promise<string>;
  stop(): Promise<void>;
};

export async function startBank(
  options: {
    /** Demo accounts and cases; default true. */
    demo?: boolean;
    database?: DatabaseChoice;
    clock?: BusinessClock;
    practice?: PracticeLine;
    origins?: readonly string[];
    /** Listen on a free port of 127.0.0.1; default true. */
    listen?: boolean;
    app?: AppOptions;
  } = {},
): Promise<TestBank> {
  const { bank, close } = await openBank({
    database: options.database ?? (await preparedDatabase()),
    demo: options.demo ?? true,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    practice: options.practice,
    origins: options.origins ?? ['app://huifang'],
  });
  if (options.demo ?? true)
    for (const { password, ...account } of [foreignLead, foreignAgent])
      await addAccount(bank.database, { ...account, handling: 'IN_HOUSE' }, password);
  const app = await buildApp(bank, options.app);
  if (options.listen ?? true) await app.listen({ port: 0, host: '127.0.0.1' });
  const address = app.server.address();
  return {
    bank,
    app,
    origin: typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '',
    async enrolmentCode(team = 'T1') {
      const code = randomBytes(6).toString('hex');
      await addEnrolmentCode(bank.database, code, { team, practice: true, hours: 24 });
      return code;
    },
    async stop() {
      await app.close();
      await close();
    },
  };
}

/** Password of a demo account, or of the two of the other team. */
export function passwordOf(account: string): string {
  const found = [...demoAccounts, foreignLead, foreignAgent].find((one) => one.account === account);
  if (found === undefined) throw new Error(`no such test account: ${account}`);
  return found.password;
}

export async function signInAs(app: Api, account: string, station?: string): Promise<Session> {
  const response = await app.inject({
    method: 'POST',
    url: '/api/v1/session',
    payload: { account, password: passwordOf(account), ...(station === undefined ? {} : { station }) },
  });
  if (response.statusCode !== 200) throw new Error(`sign-in: ${response.statusCode} ${response.body}`);
  return sessionSchema.parse(response.json());
}

export const bearer = (session: Session) => ({ authorization: `Bearer ${session.accessToken}` });

export type TestStation = { id: string; sign(text: string): string; privateKey: KeyObject };

/** Enrols a new station (team T1 unless said otherwise). */
export async function enrolStation(test: Pick<TestBank, 'app' | 'enrolmentCode'>, team?: string): Promise<TestStation> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x, y } = publicKey.export({ format: 'jwk' });
  const response = await test.app.inject({
    method: 'POST',
    url: '/api/v1/stations',
    payload: {
      code: await test.enrolmentCode(team),
      name: 'test station',
      publicKey: { kty: 'EC', crv: 'P-256', x, y },
    },
  });
  if (response.statusCode !== 200) throw new Error(`enrol: ${response.statusCode} ${response.body}`);
  const { station } = response.json<{ station: string }>();
  return {
    id: station,
    privateKey,
    sign: (text) =>
      sign('sha256', Buffer.from(text, 'utf8'), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64'),
  };
}

export async function leaseFor(
  app: Api,
  session: Session,
  station: TestStation,
  most = 20,
  knows?: readonly string[],
): Promise<z.infer<typeof leaseAnswerSchema>> {
  const response = await app.inject({
    method: 'POST',
    url: '/api/v1/leases',
    headers: bearer(session),
    payload: { station: station.id, most, ...(knows && { knows }) },
  });
  if (response.statusCode !== 200) throw new Error(`lease: ${response.statusCode} ${response.body}`);
  return response.json();
}

/** Writes a journal as a station does, without sealing or storing it. */
export function writeJournal(options: { agent: string; at?: () => Date; clockOffset?: number }) {
  const journal = randomUUID();
  let prev = firstPrev;
  let seq = 0;
  return {
    journal,
    /** The next entry of the chain. */
    entry<K extends EntryKind>(
      kind: K,
      body: EntryBody<K>,
      about: { caseId?: string; leaseEpoch?: number; agent?: string } = {},
    ): WireEntry {
      seq += 1;
      const salt = randomBytes(16).toString('base64');
      const text = JSON.stringify(body);
      const header: Omit<EntryHeader, 'hash'> = {
        journal,
        seq,
        version: 1,
        kind,
        at: (options.at?.() ?? workdayMorning).toISOString(),
        clockOffset: options.clockOffset ?? 0,
        clockOffsetAge: 0,
        agent: about.agent ?? options.agent,
        caseId: about.caseId ?? null,
        leaseEpoch: about.leaseEpoch ?? null,
        prev,
        bodyHash: bodyHashOf(salt, text),
      };
      const hash = hashOf(header);
      prev = hash;
      return { header: { ...header, hash }, salt, body: text };
    },
    head: () => ({ seq, hash: prev }),
  };
}

/** The exact text of a batch, as signed and sent. */
export function batchText(station: string, journal: string, entries: readonly unknown[]): string {
  const batch: Omit<Batch, 'entries'> & { entries: readonly unknown[] } = { protocol: 1, station, journal, entries };
  return JSON.stringify(batch);
}

/** Sends a batch over HTTP (injected); throws when it is not answered by a BatchAnswer. */
export async function sendBatch(app: Api, station: TestStation, journal: string, text: string): Promise<BatchAnswer> {
  const response = await postBatch(app, station, journal, text);
  if (response.statusCode !== 200) throw new Error(`batch: ${response.statusCode} ${response.body}`);
  return batchAnswerSchema.parse(response.json());
}

export function postBatch(
  app: Api,
  station: TestStation,
  journal: string,
  text: string,
  signature = station.sign(text),
) {
  return app.inject({
    method: 'POST',
    url: `/api/v1/journals/${journal}/batches`,
    headers: {
      'content-type': 'application/json',
      'x-station': station.id,
      'x-station-signature': signature,
    },
    payload: text,
  });
}
