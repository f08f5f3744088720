/** `npm start` as a person uses it: real processes, and none of them left behind. */
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { enrolmentSchema, sessionSchema } from '#shared/server/api.ts';
import { build, targets } from '../../start/build.ts';
import { needElectron } from '../../start/electronRuntime.ts';
import { isAlive, type Service, startService } from '../../start/processes.ts';
import { root } from '../../start/run.ts';
import { descendantsOf, processesOf } from '../support/processTree.ts';
import { startScreen } from '../support/screen.ts';
import { startBankServer } from '../support/services.ts';

const folders: string[] = [];
const launchers: Service[] = [];
const fresh = mkdtempSync(join(tmpdir(), 'huifang-start-'));

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'huifang-start-'));
  folders.push(folder);
  return folder;
}

/** As a first start leaves it: making the tables and the demo takes most of a start's time, and one test of it is enough. */
function dataFolder(): string {
  const folder = emptyFolder();
  cpSync(join(fresh, 'bank'), join(folder, 'bank'), { recursive: true });
  return folder;
}

function launch(
  data: string,
  env: Record<string, string> = { DISPLAY: '', WAYLAND_DISPLAY: '' },
  ...more: string[]
): Service {
  const args = ['--import', 'tsx', 'start/start.ts', '--data', data, ...more];
  const launcher = startService('npm start', process.execPath, args, { env });
  launchers.push(launcher);
  return launcher;
}

/** Waits until the launcher has said it, or fails with what it said instead. */
async function said(launcher: Service, words: string | RegExp): Promise<string> {
  for (let tries = 0; tries < 2000; tries += 1) {
    const match = launcher.output().match(words);
    if (match !== null) return match[1] ?? match[0];
    await pause(50);
  }
  throw new Error(`never said ${words}:\n${launcher.output()}`);
}

const address = (launcher: Service) => said(launcher, /(http:\/\/127\.0\.0\.1:\d+)/);
const running = (launcher: Service) => said(launcher, 'Ctrl-C');

async function allGone(pids: readonly number[]): Promise<void> {
  await expect.poll(() => pids.filter(isAlive), { timeout: 60_000 }).toEqual([]);
}

beforeAll(async () => {
  await build();
  const server = await startBankServer({
    folder: join(fresh, 'bank'),
    origins: [],
    practiceUrl: 'ws://127.0.0.1:9',
    enrolmentCode: 'never-used',
  });
  await server.stop();
});

afterAll(() => rmSync(fresh, { recursive: true, force: true }));

afterEach(async () => {
  for (const launcher of launchers.splice(0)) await launcher.stop(15);
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

// On two cores with others at work a start may take ten times its usual three seconds.
describe('npm start', { timeout: 240_000 }, () => {
  /** A station enrols with the link that was printed, as the page does that opens it. */
  async function enrolWith(link: string): Promise<string> {
    const { origin, hash } = new URL(link);
    const { x, y } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
    const answer = await post(`${origin}/api/v1/stations`, {
      code: hash.replace('#enrol=', ''),
      name: 'first start',
      publicKey: { kty: 'EC', crv: 'P-256', x, y },
    });
    return enrolmentSchema.parse(answer).station;
  }
  async function post(url: string, body: object): Promise<unknown> {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${url}: ${await answer.text()}`);
    return answer.json();
  }
  const link = (launcher: Service) => said(launcher, /(http:\/\/127\.0\.0\.1:\d+\/#enrol=\S+)/);

  it('without a screen it says so and prints the link; Ctrl-C ends everything it started; a second start, in the browser, finds its data', async () => {
    const data = emptyFolder();
    const first = launch(data);
    await running(first);
    expect(first.output()).toContain('A017');
    expect(first.output()).toContain('There is no screen here for Electron, so\nOpen the workstation in a browser:');
    const station = await enrolWith(await link(first));
    const children = descendantsOf(first.pid);
    expect(children.length).toBeGreaterThanOrEqual(2);
    process.kill(first.pid, 'SIGINT');
    expect((await first.ended).code).toBe(0);
    await allGone(children);

    // A browser that only notes what it was asked to open.
    const browser = join(data, 'browser');
    mkdirSync(browser);
    writeFileSync(join(browser, 'xdg-open'), '#!/bin/sh\necho "$1" > "$0.opened"\n', { mode: 0o755 });
    const env = { DISPLAY: ':none', PATH: `${browser}${delimiter}${process.env.PATH}` };
    const second = launch(data, env, '--browser');
    await running(second);
    expect(second.output()).toContain('The workstation opens in your browser:');
    const opened = () => readdirSync(browser).includes('xdg-open.opened');
    await expect.poll(opened, { timeout: 30_000 }).toBe(true);
    expect(readFileSync(join(browser, 'xdg-open.opened'), 'utf8').trim()).toBe(await link(second));

    const account = { account: 'A017', password: 'huifang-a017', station };
    const session = sessionSchema.parse(await post(`${await address(second)}/api/v1/session`, account));
    const profile = await fetch(`${await address(second)}/api/v1/stations/${station}/profile`, {
      headers: { authorization: `Bearer ${session.accessToken}` },
    });
    expect(await profile.json()).toMatchObject({ station, name: 'first start' });
  });

  it('killed, it leaves nothing behind', async () => {
    const launcher = launch(dataFolder());
    await running(launcher);
    const children = descendantsOf(launcher.pid);
    expect(children.length).toBeGreaterThanOrEqual(2);
    process.kill(launcher.pid, 'SIGKILL');
    await launcher.ended;
    await allGone(children);
  });

  it('a running one is named, and ports that are taken are avoided', async () => {
    const first = launch(dataFolder());
    await running(first);
    const taken = await address(first);

    const again = launch(folders[0]!);
    expect((await again.ended).code).toBe(1);
    expect(again.output()).toContain(`already runs`);
    expect(again.output()).toContain(taken);

    const beside = launch(dataFolder());
    await running(beside);
    expect(beside.output()).toContain('Port 7650 is taken');
    expect(await address(beside)).not.toBe(taken);
    expect((await fetch(`${await address(beside)}/health`)).status).toBe(200);
  });

  it('with a data folder that cannot be made it names the folder and what to do, in both languages, and ends', async () => {
    const file = join(emptyFolder(), 'file');
    writeFileSync(file, '');
    const data = join(file, 'data');
    const launcher = launch(data);
    expect((await launcher.ended).code).toBe(1);
    expect(launcher.output()).toMatch(new RegExp(`数据文件夹无法写入：${data}.*或用 --data 指定另一个文件夹`));
    expect(launcher.output()).toMatch(new RegExp(`cannot be written: ${data}.*name another one with --data`));
    expect(launcher.output()).not.toContain('ENOTDIR');
  });

  it('a port another program holds is avoided and named', async () => {
    const other = createServer();
    const wasFree = await new Promise<boolean>((resolve) => {
      other.on('error', () => resolve(false));
      other.listen(7660, '127.0.0.1', () => resolve(true));
    });
    const launcher = launch(dataFolder());
    await running(launcher);
    expect(launcher.output()).toContain('Port 7660 is taken');
    if (wasFree) other.close();
  });

  it.each(['the window is closed', 'it is killed'])('with Electron too, nothing is left when %s', async (how) => {
    await needElectron();
    const screen = await startScreen();
    try {
      const data = dataFolder();
      const launcher = launch(data, { DISPLAY: screen.display });
      await said(launcher, 'The workstation opens in its window');
      const workstation = () => Math.min(...processesOf(join(data, 'workstation')));
      await expect.poll(workstation, { timeout: 100_000, message: launcher.output() }).toBeLessThan(Infinity);
      // The shell leaves its profile's lock once it is up.
      await expect.poll(() => readdirSync(join(data, 'workstation')), { timeout: 60_000 }).toContain('SingletonLock');
      const children = descendantsOf(launcher.pid);
      if (how === 'it is killed') process.kill(launcher.pid, 'SIGKILL');
      else process.kill(workstation(), 'SIGTERM'); // Chromium closes its windows on it
      await launcher.ended;
      await allGone(children);
    } finally {
      await screen.stop();
    }
  });
});

describe('npm run build', { timeout: 120_000 }, () => {
  it('builds nothing of an unchanged tree, one part when its source was touched, and each part of what they share', async () => {
    const tree = emptyFolder();
    const configuration = ['package.json', 'package-lock.json', 'vite.config.ts', 'tsconfig.base.json'];
    const inputs = [...targets, 'shared', 'start', 'dist', ...configuration];
    // Not cpSync: it loses the fractions of a millisecond, and every file would be another.
    execFileSync('cp', ['-a', ...inputs.map((name) => join(root, name)), tree]);
    rmSync(join(tree, 'dist/.building'), { recursive: true, force: true });
    symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
    const buildThere = (...wanted: string[]) =>
      execFileSync(process.execPath, ['--import', 'tsx', 'start/build.ts', ...wanted], { cwd: tree, encoding: 'utf8' });
    const touch = (file: string) => utimesSync(join(tree, file), new Date(), new Date());
    const bundled = ['electron', 'server', 'practice']; // the page goes the same way and takes ten times as long
    const made = () => bundled.map((target) => statSync(join(tree, 'dist', target, 'main.js')).mtimeMs);

    expect(buildThere()).toBe('Nothing was stale.\n');
    touch('practice/main.ts');
    const before = made();
    expect(buildThere()).toMatch(/^Built practice in /);
    const after = made();
    expect(bundled.filter((_, place) => after[place] !== before[place])).toEqual(['practice']);
    touch('shared/clock.ts');
    expect(buildThere(...bundled)).toMatch(/^Built electron, server, practice in /);
    expect(buildThere(...bundled)).toBe('Nothing was stale.\n');
  });
});
