/** The shell's promises to the person in front of it: nothing is closed by accident, the window is where it was, one window only. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { electronStart } from '../support/workstation.ts';
import { agentAt } from './agent.ts';
import { expect, test } from './fixtures.ts';

/** Answers the shell's questions from now on, and keeps what they said. */
const answerQuestions = (electron: ElectronApplication, button: 0 | 1) =>
  electron.evaluate(({ dialog }, response) => {
    const asked: string[] = [];
    Object.assign(globalThis, { asked });
    dialog.showMessageBox = async (...args: unknown[]) => {
      const { message, detail } = args.at(-1) as { message: string; detail: string }; // the options come last
      asked.push(`${message} ${detail}`);
      return { response, checkboxChecked: false };
    };
  }, button);
const questions = (electron: ElectronApplication) =>
  electron.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);
const closeWindow = (electron: ElectronApplication) =>
  electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());

test.describe('what the page itself says is at stake', () => {
  test.use({ practiceSpeed: 20 });

  test('a call that is up asks, entries the bank does not have ask, and with neither the window closes', async ({
    workstation,
    bank: _running,
    faultProxy,
  }) => {
    const { electron, page } = await workstation();
    const agent = agentAt(page);
    await answerQuestions(electron!, 0);
    await agent.signIn('A017', 'huifang-a017');
    await agent.lineIsThere();
    await agent.talk('DEMO-01-B');
    await closeWindow(electron!);
    await expect.poll(() => questions(electron!)).toEqual([expect.stringMatching(/^正在通话/)]);
    await expect(agent.inCall).toBeVisible();

    await agent.delivered();
    const lift = faultProxy.add({ kind: 'down' });
    await agent.hangUp();
    await expect(agent.inCall).toBeHidden();
    await expect.poll(agent.unsent).toBeGreaterThan(0);
    await closeWindow(electron!);
    await expect
      .poll(() => questions(electron!))
      .toEqual([expect.anything(), expect.stringMatching(/^有未上传的记录.*还有 [1-9]\d* 条/)]);

    lift();
    await agent.delivered();
    const closed = electron!.waitForEvent('close');
    await closeWindow(electron!);
    await closed;
  });
});

test('closing in a call asks, and staying keeps the window', async ({ workstation }) => {
  const { electron, page } = await workstation();
  await answerQuestions(electron!, 0);
  await page.evaluate(() => window.huifang!.sayCloseRisk({ inCall: true, unsent: 2 }));
  await closeWindow(electron!);
  await expect.poll(() => questions(electron!)).toHaveLength(1);
  expect((await questions(electron!))[0]).toContain('正在通话');
  expect((await questions(electron!))[0]).toContain('2 条记录未上传');
  expect(await page.evaluate(() => window.huifang!.host)).toBe('shell');
});

test('closing with unsent entries asks in the language of the settings, and agreeing closes', async ({
  workstation,
}) => {
  const { electron, page } = await workstation();
  await page.evaluate(() => window.huifang!.writeSettings({ language: 'en' }));
  await page.evaluate(() => window.huifang!.sayCloseRisk({ inCall: false, unsent: 1 }));
  await answerQuestions(electron!, 0);
  await closeWindow(electron!);
  await expect.poll(() => questions(electron!)).toEqual([expect.stringContaining('1 entry is not uploaded yet')]);
  await answerQuestions(electron!, 1);
  const closed = electron!.waitForEvent('close');
  await closeWindow(electron!);
  await closed;
});

test('with nothing at stake the window closes without a question', async ({ workstation }) => {
  const { electron, page } = await workstation();
  await answerQuestions(electron!, 0);
  await page.evaluate(() => window.huifang!.sayCloseRisk({ inCall: true, unsent: 2 }));
  await page.evaluate(() => window.huifang!.sayCloseRisk({ inCall: false, unsent: 0 }));
  const closed = electron!.waitForEvent('close');
  await closeWindow(electron!);
  await closed;
});

test('ended by the system it closes without a question, even in a call', async ({ workstation }) => {
  const { electron, page } = await workstation();
  await answerQuestions(electron!, 0);
  await page.evaluate(() => window.huifang!.sayCloseRisk({ inCall: true, unsent: 2 }));
  const closed = electron!.waitForEvent('close');
  electron!.process().kill('SIGTERM');
  await closed;
});

test('the window opens where it was, after being killed too', async ({ workstation, folder }) => {
  const first = await workstation();
  const place = { x: 40, y: 60, width: 1400, height: 800 };
  await first.electron!.evaluate(
    ({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]!.setBounds(bounds),
    place,
  );
  const kept = () => {
    const file = join(folder, 'profile/settings.json');
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  };
  await expect.poll(kept).toMatchObject({ window: place });
  await first.kill();
  const second = await first.relaunch();
  const bounds = await second.electron!.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getBounds());
  expect(bounds).toMatchObject(place);
});

test('the window is at least 1280 × 720, titled, and has no menu', async ({ workstation }) => {
  const { electron } = await workstation();
  const seen = await electron!.evaluate(({ BrowserWindow, Menu }) => {
    const window = BrowserWindow.getAllWindows()[0]!;
    return { title: window.getTitle(), least: window.getMinimumSize(), menu: Menu.getApplicationMenu() };
  });
  expect(seen).toEqual({ title: '回访 Huifang', least: [1280, 720], menu: null });
});

test('waking and a change of network make the line look at itself at once, and locking the machine locks the screen', async ({
  workstation,
  bank: _running,
  practice,
}) => {
  const { electron, page, context } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  const asked = () => practice.log().filter(({ fact }) => fact === 'register').length;
  /** By itself the line asks for its binding 6 s after it registered or asked last: well before that only a nudge makes it ask. */
  const looksAfter = async (nudge: () => Promise<unknown>) => {
    const before = asked();
    await nudge();
    await expect.poll(asked, { timeout: 4_000, intervals: [50] }).toBeGreaterThan(before);
  };
  await looksAfter(() => electron!.evaluate(({ powerMonitor }) => powerMonitor.emit('resume')));
  await context.setOffline(true);
  await expect(agent.status).toContainText(/话机(异常|连接中)/, { timeout: 6_000 }); // 9 s where nobody tells
  await context.setOffline(false);
  await agent.lineIsThere();
  // A network that changes without a break: only its event tells of it.
  await looksAfter(() => page.evaluate(() => window.dispatchEvent(new Event('online'))));
  await electron!.evaluate(({ powerMonitor }) => powerMonitor.emit('lock-screen'));
  await expect(page.getByLabel('密码', { exact: true })).toBeVisible();
});

test('a second start hands its link to the first and leaves', async ({ workstation, folder, faultProxy }) => {
  const { page } = await workstation();
  await page.evaluate(() => {
    const told: unknown[] = [];
    Object.assign(window, { told });
    window.huifang!.onLink((link) => told.push(link));
  });
  const { executable, args, env } = electronStart({
    host: 'electron',
    profileFolder: join(folder, 'profile'),
    serverOrigin: faultProxy.origin,
    args: ['tel:010-8888-6666'],
  });
  const second = spawn(executable, args, { env, stdio: 'ignore' });
  const code = await new Promise((resolve) => second.on('exit', resolve));
  expect(code).toBe(0);
  const told = () => page.evaluate(() => (window as unknown as { told: unknown[] }).told);
  await expect.poll(told).toEqual([{ scheme: 'tel', target: '01088886666' }]);
});

test('a link that starts the program waits for the page, which shows it and dials nothing', async ({ workstation }) => {
  const { page } = await workstation({ args: ['tel:010-8888-6666'] });
  await expect(page.getByText('01088886666')).toBeVisible();
});

/** Starts the shell without Playwright, which would swallow its first words; resolves when `until` was said or it has ended. */
async function hear(options: { profileFolder: string; serverOrigin: string }, until?: string) {
  const { executable, args, env } = electronStart({ host: 'electron', ...options });
  const child = spawn(executable, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  const code = await new Promise((resolve) => {
    child.stderr.on('data', (data) => {
      said += String(data);
      if (until !== undefined && said.includes(until)) child.kill('SIGTERM');
    });
    child.on('close', resolve);
  });
  return { said, code };
}

test('a damaged settings file is put aside, said, and defaults hold', async ({ workstation, folder, faultProxy }) => {
  const profileFolder = join(folder, 'profile');
  mkdirSync(profileFolder, { recursive: true });
  writeFileSync(join(profileFolder, 'settings.json'), '{"settings":{"language":"en"');
  const { said } = await hear({ profileFolder, serverOrigin: faultProxy.origin }, 'shell.ready');
  expect(said).toContain('设置文件已损坏');
  expect(readFileSync(join(profileFolder, 'settings.json.damaged'), 'utf8')).toContain('"language":"en"');
  const { page } = await workstation({ profileFolder });
  expect(await page.evaluate(() => window.huifang!.readSettings())).toEqual({});
});

test('without a usable configuration it says what is wrong and ends with code 78', async ({ folder }) => {
  const { said, code } = await hear({ profileFolder: join(folder, 'profile'), serverOrigin: 'http://bank.example' });
  expect(code).toBe(78);
  expect(said).toContain('https');
});
