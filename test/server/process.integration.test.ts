import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../../start/build.ts';
import { batchText, writeJournal } from '../support/bank.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'huifang-bank-'));
const data = join(folder, 'data');

type Running = { child: ChildProcessWithoutNullStreams; origin: string; said(): string; kill(): Promise<void> };
const children: ChildProcessWithoutNullStreams[] = [];

function run(...args: string[]): {
  child: ChildProcessWithoutNullStreams;
  said(): string;
  ended: Promise<number | null>;
} {
  const child = spawn(process.execPath, ['dist/server/main.js', '--port', '0', ...args], { cwd: root });
  children.push(child);
  let said = '';
  child.stdout.on('data', (part) => (said += String(part)));
  child.stderr.on('data', (part) => (said += String(part)));
  return { child, said: () => said, ended: new Promise((done) => child.on('close', (code) => done(code))) };
}

async function start(...args: string[]): Promise<Running> {
  const { child, said, ended } = run(...args);
  const port = await new Promise<number>((done, fail) => {
    child.stdout.on('data', () => {
      const ready = /^ready (\{.*\})$/m.exec(said())?.[1];
      if (ready !== undefined) done(JSON.parse(ready).port);
    });
    void ended.then(() => fail(new Error(said())));
  });
  return {
    child,
    said,
    origin: `http://127.0.0.1:${port}`,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

let bank: Running;
beforeAll(async () => {
  await build(['server']);
  mkdirSync(join(folder, 'renderer/assets'), { recursive: true });
  writeFileSync(join(folder, 'renderer/index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(folder, 'renderer/assets/main-Ab12Cd34.js'), 'export {};');
  bank = await start(
    ...['--data', data, '--demo', '--demo-enrolment-code', 'first-code', '--renderer', join(folder, 'renderer')],
    ...['--practice-line', 'ws://127.0.0.1:7661', '--practice-accounts', '{"1001":"sip-secret"}'],
  );
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

describe('the bank server as a process', () => {
  it('prints one ready line, says which database it is and what that promises', () => {
    expect(bank.said().match(/^ready /gm)).toHaveLength(1);
    expect(bank.said()).toContain('只有 PostgreSQL');
  });

  it('serves the page to browsers with a policy that names the line, and keeps hashed files', async () => {
    const page = await fetch(`${bank.origin}/board`);
    expect(await page.text()).toContain('<title>page');
    expect(page.headers.get('content-security-policy')).toContain("connect-src 'self' ws://127.0.0.1:7661;");
    const asset = await fetch(`${bank.origin}/assets/main-Ab12Cd34.js`);
    expect(asset.headers.get('cache-control')).toContain('immutable');
    expect((await fetch(`${bank.origin}/assets/none.js`)).status).toBe(404);
  });

  it('a second server on the same folder is refused with a sentence, and so is the command line', async () => {
    const second = run('--data', data);
    expect(await second.ended).toBe(1);
    expect(second.said()).toContain('数据文件夹正被另一个后台进程使用');
    expect(() =>
      execFileSync(process.execPath, ['--import', 'tsx', 'server/cli.ts', 'accounts', 'list', '--data', data], {
        cwd: root,
        stdio: 'pipe',
      }),
    ).toThrow(/in use by another bank server/);
  });

  it('a folder that cannot be written is named in a sentence', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    chmodSync(file, 0o400);
    const refused = run('--data', join(file, 'data'));
    expect(await refused.ended).toBe(1);
    expect(refused.said()).toContain('数据文件夹无法写入');
  });

  it('anything but loopback needs TLS', async () => {
    const refused = run('--data', join(folder, 'other'), '--host', '0.0.0.0');
    expect(await refused.ended).toBe(1);
    expect(refused.said()).toContain('--tls-cert');
  });

  it('killed in the middle of its work, it has every entry it gave a receipt for, and its log holds no secret', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x, y } = publicKey.export({ format: 'jwk' });
    const enrolled = await post(`${bank.origin}/api/v1/stations`, {
      code: 'first-code',
      name: 'station',
      publicKey: { kty: 'EC', crv: 'P-256', x, y },
    });
    const { station } = (await enrolled.json()) as { station: string }; // the server's own answer
    const session = await (
      await post(`${bank.origin}/api/v1/session`, { account: 'A017', password: 'huifang-a017', station })
    ).json();
    const profile = await fetch(`${bank.origin}/api/v1/stations/${station}/profile`, {
      headers: { authorization: `Bearer ${session.accessToken}` },
    });
    expect((await profile.json()).line).toMatchObject({ user: '1001', password: 'sip-secret' });
    const leases = await post(
      `${bank.origin}/api/v1/leases`,
      { station, most: 20 },
      { authorization: `Bearer ${session.accessToken}` },
    );
    const names: string[] = (await leases.json()).leases.flatMap((one: { cases: { borrower: { name: string } }[] }) =>
      one.cases.map((document) => document.borrower.name),
    );

    const journal = writeJournal({ agent: 'A017' });
    const headers = (text: string) => ({
      'x-station': station,
      'x-station-signature': sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString(
        'base64',
      ),
    });
    const sendNext = async (origin: string) => {
      const entries = Array.from({ length: 5 }, () =>
        journal.entry('attempt.started', { attempt: randomUUID(), direction: 'in', number: '15400000001' }),
      );
      const text = batchText(station, journal.journal, entries);
      const answer = await post(`${origin}/api/v1/journals/${journal.journal}/batches`, text, headers(text));
      return (await answer.json()) as { head: { seq: number } }; // a BatchAnswer of the server under test
    };
    let promised = 0;
    const sending = (async () => {
      for (;;) promised = (await sendNext(bank.origin)).head.seq;
    })().catch(() => undefined); // ends with the server
    while (promised < 25) await new Promise((done) => setImmediate(done));
    await bank.kill();
    await sending;
    const log = bank.said();
    bank = await start('--data', data, '--demo');
    const path = `/api/v1/journals/${journal.journal}/head`;
    const { serverTime } = await (
      await post(`${bank.origin}/api/v1/session`, { account: 'A017', password: 'huifang-a017' })
    ).json();
    const head = await fetch(`${bank.origin}${path}`, {
      headers: { ...headers(`GET ${path}\n${serverTime}`), 'x-station-time': serverTime },
    });
    expect((await head.json()).seq).toBeGreaterThanOrEqual(promised);

    expect(names.length).toBeGreaterThan(10);
    for (const secret of ['huifang-a017', 'sip-secret', '15400000001', '154-0000', session.accessToken, ...names])
      expect(log.includes(secret), `the log holds ${secret}`).toBe(false);
  });

  it('ends by itself when its parent is gone', async () => {
    await bank.kill(); // a folder that is made already takes a third of the time
    const { child, ended } = run('--data', data, '--with-parent');
    await new Promise((done) => child.stdout.once('data', done));
    child.stdin.end();
    expect(await ended).toBe(0);
  });

  it('with a certificate of its own it answers by https alone, asks browsers to stay with it, and their cookie travels no other way', async () => {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
    const names = ['-subj', '/CN=bank', '-addext', 'subjectAltName=IP:127.0.0.1'];
    execFileSync('openssl', ['req', '-x509', ...kind, ...names, '-keyout', key, '-out', cert], { stdio: 'pipe' });
    await bank.kill();
    const secure = await start('--data', data, '--demo', '--tls-cert', cert, '--tls-key', key);
    const origin = secure.origin.replace('http:', 'https:');
    const ca = readFileSync(cert); // whoever does not hold this very certificate is not answered to
    const ask = (path: string, headers: Record<string, string> = {}, body?: string) =>
      new Promise<IncomingMessage>((done, fail) => {
        const asked = request(`${origin}${path}`, { ca, headers, method: body === undefined ? 'GET' : 'POST' }, done);
        asked.on('error', fail).end(body);
      });

    const health = await ask('/health');
    expect(await json(health)).toMatchObject({ status: 'ok' });
    expect(health.headers['strict-transport-security']).toMatch(/^max-age=\d{7,}$/); // months
    await expect(fetch(`${secure.origin}/health`)).rejects.toThrow();

    const headers = { 'content-type': 'application/json', 'x-client': 'browser', origin };
    const signedIn = await ask('/api/v1/session', headers, '{"account":"A017","password":"huifang-a017"}');
    expect(await json(signedIn)).not.toHaveProperty('refreshToken');
    expect(signedIn.statusCode).toBe(200);
    const [cookie] = signedIn.headers['set-cookie'] ?? [];
    expect(cookie?.split('; ')).toEqual(expect.arrayContaining(['Secure', 'HttpOnly', 'SameSite=Strict']));
    await secure.kill();
  });
});
