/**
 * A registrar gone mad (test/sip/hostileWay.ts) against the whole workstation: in a call and between calls the screen goes on answering keys,
 * and afterwards a call goes through. What phone and line do is looked at closer in test/sip/hostile.spec.ts. HUIFANG_SEED repeats a storm.
 *
 * 100 messages a storm in `npm test`; `npm run soak` sets HUIFANG_MUTATIONS.
 */
import { type HostileWay, startHostileWay } from '../sip/hostileWay.ts';
import { agentAt } from './agent.ts';
import { test as base, expect } from './fixtures.ts';

const seed = Number(process.env.HUIFANG_SEED ?? 20_261_129);
/** In each of the two storms, spoiled ones included. */
const messages = Number(process.env.HUIFANG_MUTATIONS ?? 100);
/** A screen that does not answer a key within that time hangs, ms; on a slow machine, within so many times what it takes in peace. */
const hangs = 1_000;
const timesPeace = 10;

let way: HostileWay;
const test = base.extend({
  practice: async ({ practice }, use, info) => {
    way = await startHostileWay({ port: practice.port, seed });
    await use({ ...practice, url: way.url });
    if (info.status !== info.expectedStatus) process.stdout.write(`${way.story()}\n`);
    await way.stop();
  },
});
test.use({ practiceSpeed: 20 });

test('a storm of spoiled and invented messages neither hangs the screen nor ends the work', async ({
  workstation,
  bank: _running,
  practice,
}) => {
  test.setTimeout(240_000 + messages * 400);
  const { page } = await workstation();
  const agent = agentAt(page);
  const help = page.getByRole('dialog', { name: '按键与帮助' });
  const arriving = agent.region('来电');

  /** Opens the help and closes it; how long the slower of the two keys took, ms. */
  const answerKeys = async () => {
    let slowest = 0;
    for (const [key, shown] of [
      ['F1', true],
      ['Escape', false],
    ] as const) {
      const pressed = performance.now();
      await page.keyboard.press(key); // comes back when the page took it
      await expect(help).toBeVisible({ visible: shown });
      slowest = Math.max(slowest, performance.now() - pressed);
    }
    return slowest;
  };
  const storm = async (patience: number) => {
    way.storm(0.5);
    for (const enough = way.said() + messages; way.said() < enough; ) {
      way.invent(20);
      expect(await answerKeys(), 'keys are answered').toBeLessThan(patience);
    }
    way.storm(0);
  };
  const turnAway = async () => {
    while (await arriving.isVisible()) await page.keyboard.press('Shift+F2');
  };
  /** By itself, or with one "try now": a refusal waits for a person. */
  const lineIsBack = async () => {
    if (!(await agent.status.textContent())?.includes('话机正常')) {
      await agent.openFinder('Alt+K');
      await page.keyboard.type('立即重连');
      await agent.enterIsReady();
      await page.keyboard.press('Enter');
    }
    await expect(agent.status).toContainText('话机正常', { timeout: 60_000 });
  };

  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await answerKeys(); // the dialog is loaded by now
  const patience = Math.max(hangs, timesPeace * (await answerKeys()));
  await agent.talk('DEMO-01-B');
  await storm(patience);
  await turnAway();
  await agent.leave('不方便');
  await agent.answer({ 'appointment.time': '明天 9:30', 'appointment.precision': '=准确时间' });
  await agent.walk({});
  await agent.result('预约回拨：准确时间');
  if (await agent.inCall.isVisible()) await agent.hangUp();
  await agent.confirm();
  await lineIsBack();

  await expect(agent.preview).toBeVisible();
  way.storm(0.5);
  await practice.control('drop-line', { user: '1001' }); // it has to register anew in the middle of it
  await storm(patience);
  await turnAway();
  await lineIsBack();
  await expect(page.getByRole('group', { name: '来电未接' })).toBeVisible(); // strangers got through to it
  await expect(agent.region('通知')).not.toContainText('意外错误');

  let callId: string | null = null;
  const ring = async () => {
    const rung = await practice.control('ring-back', { user: '1001', number: '154-0000-0007' }).catch(() => null);
    callId = (rung as { callId: string } | null)?.callId ?? null; // as: practice/control.ts answers so
    return callId;
  };
  // A spoiled answer may have told the line of a binding that is not there: it finds out within 10 s.
  await expect.poll(ring, { timeout: 30_000, intervals: [500] }).not.toBeNull();
  await expect(arriving).toContainText('忙*');
  await expect(arriving.getByRole('button', { name: /接听/ })).toBeEnabled();
  await page.keyboard.press('F2');
  await expect(agent.inCall).toBeVisible();
  const heard = async () => {
    const { calls } = (await practice.control('calls')) as { calls: { callId: string; received: number }[] }; // as above
    return calls.find((call) => call.callId === callId)?.received ?? 0;
  };
  await expect.poll(heard).toBeGreaterThan(50);
  await agent.hangUp();
});
