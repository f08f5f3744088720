/** The shell's promises about what a page may do, in real Electron (architecture §9). */
import { expect, test } from './fixtures.ts';
import { refusal } from './refusal.ts';

test('a page has no Node and no Electron', async ({ workstation }) => {
  const { page } = await workstation();
  const reachable = await page.evaluate(() =>
    ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer'].filter((name) => name in window),
  );
  expect(reachable).toEqual([]);
  expect(await page.evaluate(() => Object.keys((window as unknown as { huifang: object }).huifang).sort())).toEqual(
    [
      'appendCopy',
      'beginCopy',
      'forgetVault',
      'host',
      'keepAwake',
      'onLink',
      'onPower',
      'putCopyAside',
      'readConfiguration',
      'readSettings',
      'readVault',
      'saveFile',
      'sayCloseRisk',
      'vaultState',
      'writeSettings',
      'writeVault',
    ].sort(),
  );
});

test('the window is sandboxed, isolated and never slowed down', async ({ workstation }) => {
  const { electron } = await workstation();
  const preferences = await electron!.evaluate(({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows()[0]!;
    // Not in the published types; it is what the window was really made with.
    const contents = window.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> };
    return { ...contents.getLastWebPreferences(), throttled: window.webContents.getBackgroundThrottling() };
  });
  expect(preferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    throttled: false,
  });
});

test('customers’ data are not for inspection: the developer tools do not open', async ({ workstation }) => {
  const { electron } = await workstation();
  const opened = await electron!.evaluate(async ({ BrowserWindow }) => {
    const [ours] = BrowserWindow.getAllWindows();
    const other = new BrowserWindow({ show: false });
    const otherOpened = new Promise<void>((resolve) => other.webContents.once('devtools-opened', resolve));
    for (const window of [ours!, other]) window.webContents.openDevTools({ mode: 'detach' });
    await otherOpened;
    const seen = { ours: ours!.webContents.isDevToolsOpened(), other: other.webContents.isDevToolsOpened() };
    other.destroy();
    return seen;
  });
  expect(opened).toEqual({ ours: false, other: true });
});

test('a foreign address is never navigated to', async ({ workstation }) => {
  const { page, shellLog } = await workstation();
  for (const address of [
    'https://example.com/',
    'file:///etc/passwd',
    'app://elsewhere/index.html',
    'data:text/html,x',
  ]) {
    await page.evaluate((to) => {
      location.href = to;
    }, address);
  }
  await expect.poll(() => shellLog().match(/page\.navigationRefused/g)?.length ?? 0).toBe(2);
  expect(page.url()).toMatch(/^app:\/\/huifang\//);
});

test('no second window opens and nothing is embedded', async ({ workstation, foreign }) => {
  const { page, electron } = await workstation();
  const opened = await page.evaluate(() => window.open('https://example.com/') === null);
  expect(opened).toBe(true);
  expect(await refusal(page, 'iframe', { src: foreign.origin })).toBe(`frame-src ${foreign.origin}`);
  expect(foreign.asked()).toBe(0);
  await page.evaluate(() => void document.body.append(document.createElement('webview')));
  expect(await electron!.evaluate(({ webContents }) => webContents.getAllWebContents().length)).toBe(1);
});

test('every response carries the policy, and scripts of the document itself do not run', async ({ workstation }) => {
  const { page, errors } = await workstation();
  const policy = await page.evaluate(async () =>
    (await fetch('app://huifang/index.html')).headers.get('content-security-policy'),
  );
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.ran = true';
    document.head.append(script);
    return 'ran' in window;
  });
  expect(ran).toBe(false);
  await expect.poll(() => errors.join('\n')).toContain('Content Security Policy');
});

test('a foreign server cannot be reached, the managed one can', async ({ workstation, faultProxy, foreign }) => {
  faultProxy.add({ kind: 'status', status: 200, body: '{}' });
  const { page } = await workstation();
  const reaches = (address: string) =>
    page.evaluate(
      (to) =>
        fetch(to).then(
          () => true,
          () => false,
        ),
      address,
    );
  expect(await reaches(foreign.origin)).toBe(false);
  expect(foreign.asked()).toBe(0);
  expect(await reaches(`${faultProxy.origin}/health`)).toBe(true);
});

test('nothing beside the built page is served', async ({ workstation }) => {
  const { page } = await workstation();
  const status = (path: string) => page.evaluate(async (to) => (await fetch(to)).status, `app://huifang/${path}`);
  expect(await status('index.html')).toBe(200);
  for (const path of ['%2e%2e/electron/main.js', '..%2f..%2fpackage.json', '%5c..%5cpackage.json', 'no.html', '%00'])
    expect(await status(path), path).toBe(404);
});

test('the microphone is granted, everything else is refused', async ({ workstation }) => {
  const { page } = await workstation();
  const asked = (what: 'audio' | 'video') =>
    page.evaluate(
      (kind) =>
        navigator.mediaDevices.getUserMedia({ [kind]: true }).then(
          (stream) => stream.getTracks().map((track) => track.kind),
          (error: Error) => error.name,
        ),
      what,
    );
  expect(await asked('audio')).toEqual(['audio']);
  expect(await asked('video')).toBe('NotAllowedError');
  const place = await page.evaluate(
    () =>
      new Promise((resolve) => {
        navigator.geolocation.getCurrentPosition(
          () => resolve('granted'),
          (error) => resolve(error.code === error.PERMISSION_DENIED ? 'refused' : 'unavailable'),
        );
      }),
  );
  expect(place).toBe('refused');
  expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied');
});

test('a frame or a window that is not the page is refused by the bridge', async ({ workstation }) => {
  const { electron, shellLog } = await workstation();
  const answer = await electron!.evaluate(async ({ BrowserWindow, app }) => {
    // Another window with the very same preload, at an address that is not ours.
    const foreign = new BrowserWindow({
      show: false,
      webPreferences: {
        preload: `${app.getAppPath()}/dist/electron/preload.cjs`,
        contextIsolation: true,
        sandbox: true,
      },
    });
    await foreign.loadURL('data:text/html,<p>foreign</p>');
    const code: unknown = await foreign.webContents.executeJavaScript(
      'window.huifang.readConfiguration().then(() => "answered", (problem) => problem.code)',
    );
    foreign.destroy();
    return code;
  });
  expect(answer).toBe('FOREIGN_SENDER');
  expect(shellLog()).toContain('FOREIGN_SENDER');
});

test('arguments of the bridge are parsed, and refused with a code and a sentence', async ({ workstation }) => {
  const { page } = await workstation();
  const refusals = await page.evaluate(async () => {
    type Loose = Record<string, (...args: unknown[]) => Promise<unknown>>;
    const { huifang } = window as unknown as { huifang: Loose };
    const problem = (call: Promise<unknown>) =>
      call.then(
        () => 'answered',
        (refused: { name: string; code: string; sentence: { zh: string } }) =>
          `${refused.name} ${refused.code} ${refused.sentence.zh.length > 5}`,
      );
    return [
      await problem(huifang.readVault!('../settings')),
      await problem(huifang.writeVault!('dataKey', '')),
      await problem(huifang.writeSettings!({ language: 'xx' })),
      await problem(huifang.writeSettings!({ unknown: 1 })),
      await problem(huifang.sayCloseRisk!({ inCall: 'yes', unsent: -1 })),
      await problem(huifang.saveFile!('name')),
      await problem(huifang.appendCopy!(7)),
    ];
  });
  expect(refusals).toEqual(Array(7).fill('Problem BAD_ARGUMENTS true'));
});
