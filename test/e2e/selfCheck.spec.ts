/** The self-check, on demand and at the entrance; the first sound of the day; and a machine that stays awake while somebody talks. */
import { agentAt } from './agent.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 20 });
test.slow(); // whole calls and reloads

declare global {
  interface Window {
    wakeLocks: WakeLockSentinel[];
    listeners: AnalyserNode[];
  }
}

test('everything is checked on demand, and the test call ends by itself when the voice came back', async ({
  workstation,
  bank,
  practice,
}) => {
  void bank;
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await page.keyboard.press('Shift+F1');
  const dialog = page.getByRole('dialog', { name: '自检' });
  const check = (id: string) => dialog.locator(`[data-check=${id}]`);
  for (const id of ['microphone', 'speaker', 'line', 'ice', 'server', 'storage', 'clock'])
    await expect(check(id), id).toHaveAttribute('data-state', 'ok', { timeout: 30_000 });
  await expect(check('speaker')).toContainText('放了两声提示音');
  await expect(check('ice')).toContainText('没有配置 STUN/TURN');
  await expect(check('keys')).toHaveAttribute('data-state', 'warning');
  await page.keyboard.press('F2');
  await expect(check('keys')).toHaveAttribute('data-state', 'ok');

  await expect(check('echo')).toHaveAttribute('data-state', 'notRun');
  await dialog.getByRole('button', { name: '试呼并听自己的声音' }).click();
  await expect(check('echo')).toContainText('请对着麦克风说话');
  await expect(check('echo')).toHaveAttribute('data-state', 'ok', { timeout: 30_000 });
  await expect(check('echo')).toContainText('听到了您的声音');
  const invites = () => practice.log().filter(({ fact }) => fact === 'invite');
  await expect.poll(() => practice.log().filter(({ fact }) => fact === 'ended').length).toBe(1);
  expect(invites()).toMatchObject([{ number: '9196', attemptId: expect.stringMatching(/^selfcheck-/) }]);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  // It was no attempt: the day is as it was, and the next dial goes out.
  await expect(agent.status).toContainText('今日 0 通');
  await agent.talk('DEMO-01-B');
  expect(invites()).toHaveLength(2);
});

test('whoever closes the self-check ends the test call', async ({ workstation, bank, practice }) => {
  void bank;
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await page.keyboard.press('Shift+F1');
  await page.getByRole('button', { name: '试呼并听自己的声音' }).click();
  await expect.poll(() => practice.log().some(({ fact }) => fact === 'invite')).toBe(true);
  await page.keyboard.press('Escape');
  await expect.poll(() => practice.log().filter(({ fact }) => fact === 'ended').length).toBe(1);
});

test('no microphone: the check says so beside the sign-in, with what to do', async ({ workstation, bank }) => {
  void bank;
  const { page } = await workstation({ microphone: 'missing' });
  await agentAt(page).firstScreen();
  const microphone = page.locator('[data-check=microphone]');
  await expect(microphone).toHaveAttribute('data-state', 'failed', { timeout: 30_000 });
  await expect(microphone).toContainText('请插好耳机');
});

test('a line that is not there after the sign-in is said by a notice, unasked', async ({
  workstation,
  bank,
  practice,
}) => {
  void bank;
  await practice.stop();
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await expect(agent.region('通知')).toContainText('连不上电话服务器');
});

test('the machine stays awake during a call, and may sleep after it', async ({ workstation, bank, host }) => {
  void bank;
  const started = await workstation();
  const { page, electron, context } = started;
  const agent = agentAt(page);
  await agent.firstScreen();
  if (host === 'chromium') {
    // A browser grants it by itself; one that was told what it may, does not.
    await context.grantPermissions(['microphone', 'screen-wake-lock']);
    await page.addInitScript(() => {
      window.wakeLocks = [];
      const request = WakeLock.prototype.request;
      WakeLock.prototype.request = async function (type) {
        const lock = await request.call(this, type);
        window.wakeLocks.push(lock);
        return lock;
      };
    });
    await page.reload();
  }
  const held = () =>
    electron
      ? electron.evaluate(
          ({ powerSaveBlocker }) =>
            Array.from({ length: 20 }, (_, id) => id).filter((id) => powerSaveBlocker.isStarted(id)).length,
        )
      : page.evaluate(() => window.wakeLocks.filter(({ released }) => !released).length);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  expect(await held()).toBe(0);
  await agent.talk('DEMO-01-B');
  await expect.poll(held).toBe(1);
  await agent.hangUp();
  await expect.poll(held).toBe(0);
});

test('the first ring of the day is heard, in a browser that keeps sound back too', async ({
  workstation,
  bank,
  practice,
}) => {
  void bank;
  const { page } = await workstation({ args: ['--autoplay-policy=document-user-activation-required'] });
  const agent = agentAt(page);
  await agent.firstScreen();
  await page.addInitScript(() => {
    // Beside the loudspeaker stands somebody who listens.
    window.listeners = [];
    const connect = AudioNode.prototype.connect as (this: AudioNode, to: AudioNode, ...rest: number[]) => AudioNode; // as: its form for nodes
    AudioNode.prototype.connect = function (this: AudioNode, to: AudioNode, ...rest: number[]) {
      if (to === this.context.destination) {
        const listener = new AnalyserNode(this.context);
        window.listeners.push(listener);
        connect.call(this, listener);
      }
      return connect.call(this, to, ...rest);
    } as AudioNode['connect']; // as above
  });
  await page.reload();
  const loudest = () =>
    page.evaluate(() => {
      const samples = window.listeners.flatMap((listener) => {
        const heard = new Float32Array(listener.fftSize);
        listener.getFloatTimeDomainData(heard);
        return [...heard];
      });
      return Math.max(0, ...samples.map(Math.abs));
    });
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  expect(await loudest()).toBe(0);
  await practice.control('ring-back', { user: '1001', number: '154-0000-0007' });
  await expect(agent.region('来电')).toContainText('忙*');
  await expect.poll(loudest, { intervals: [50] }).toBeGreaterThan(0.01);
  await expect(agent.region('通知')).not.toContainText('放行声音');
});
