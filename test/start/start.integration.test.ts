/** `npm start` as a person uses it: real processes, and none of them left behind. */
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../../start/build.ts';
import { needElectron } from '../../start/electronRuntime.ts';
import { isAlive, type Service, startService } from '../../start/processes.ts';
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

function launch(data: string, env: Record<string, string> = { DISPLAY: '', WAYLAND_DISPLAY: '' }): Service {
  const launcher = startService('npm start', process.execPath, ['--import', 'tsx', 'start/start.ts', '--data', data], {
    env,
  });
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
  it('Ctrl-C ends everything it started, and a second start finds its data', async () => {
    const data = emptyFolder();
    const first = launch(data);
    await running(first);
    expect(first.output()).toContain('A017');
    const children = descendantsOf(first.pid);
    expect(children.length).toBeGreaterThanOrEqual(2);
    process.kill(first.pid, 'SIGINT');
    expect((await first.ended).code).toBe(0);
    await allGone(children);

    const second = launch(data);
    await running(second);
    const signedIn = await fetch(`${await address(second)}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ account: 'A017', password: 'huifang-a017' }),
    });
    expect(signedIn.status).toBe(200);
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
