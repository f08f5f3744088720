/** A customer is passed on: at once, or after a colleague was asked; what fails leaves them where they are. All by keyboard. */
import type { Page } from '@playwright/test';
import { type Agent, agentAt } from './agent.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 20 });

async function inConversation(page: Page): Promise<Agent> {
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017', 60_000);
  await agent.lineIsThere();
  await agent.talk('DEMO-01-B');
  await expect(agent.inCall).toBeVisible();
  return agent;
}

/** The panel, a colleague by the number on the list, and the key that asks for it. */
async function choose(page: Page, agent: Agent, which: string, key: 'Enter' | 'Control+Enter'): Promise<void> {
  await page.keyboard.press('Control+F9');
  await expect(agent.region('转接')).toBeVisible();
  await page.keyboard.press(which);
  await expect(agent.region('转接').getByRole('radio', { checked: true })).toHaveCount(1);
  if (key === 'Enter') await agent.enterIsReady();
  await page.keyboard.press(key);
}

test('a blind transfer that fails leaves the customer in the call and says why; one that works ends it and is recorded', async ({
  workstation,
  bank,
  practice,
}) => {
  const { page } = await workstation();
  const agent = await inConversation(page);

  await choose(page, agent, '2', 'Control+Enter'); // busy
  await expect(agent.region('通知')).toContainText('没有转成');
  await expect(agent.region('通知')).toContainText('占线');
  await expect(agent.inCall).toBeVisible();

  await choose(page, agent, '4', 'Control+Enter'); // the exchange refuses
  await expect(agent.region('通知')).toContainText('拒绝了转接');
  await expect(agent.inCall).toBeVisible();

  await choose(page, agent, '1', 'Control+Enter');
  await expect(agent.callBar).toContainText('通话已结束', { timeout: 15_000 });
  await expect.poll(() => practice.log().filter(({ fact }) => fact === 'ended').length).toBe(1);

  await agent.leave('挂断');
  await agent.result('中途挂断');
  await agent.confirm();
  await agent.delivered();
  const [entry] = await bank.query<{ body: string }>("select body from entries where kind = 'attempt.ended'");
  expect(JSON.parse(entry?.body ?? '{}').transfers).toEqual([
    { to: '8002', how: 'BLIND', result: 'REFUSED', sipStatus: 486 },
    { to: '8009', how: 'BLIND', result: 'REFUSED', sipStatus: 603 },
    { to: '8001', how: 'BLIND', result: 'DONE' },
  ]);
});

test('a colleague is asked while the customer waits, swapped with, and the two are put together', async ({
  workstation,
  bank,
  practice,
}) => {
  const { page } = await workstation();
  const agent = await inConversation(page);
  const panel = agent.region('转接');
  const calls = async () => ((await practice.control('calls')) as { calls: { number: string; held: boolean }[] }).calls;
  const held = async () => Object.fromEntries((await calls()).map(({ number, held: on }) => [number, on]));

  await choose(page, agent, '2', 'Enter'); // busy: the customer waits and that is said
  await expect(agent.region('通知')).toContainText('同事占线');
  await expect(agent.callBar).toContainText('已保持');
  await page.keyboard.press('Shift+F9');
  await expect(agent.callBar).not.toContainText('已保持');

  await choose(page, agent, '1', 'Enter');
  await expect(panel).toContainText('与同事通话中', { timeout: 20_000 });
  expect(await held()).toEqual({ '15400000001': true, '8001': false });
  await page.keyboard.press('Shift+F9');
  await expect(panel).toContainText('与客户通话中');
  expect(await held()).toEqual({ '15400000001': false, '8001': true });
  await page.keyboard.press('Shift+F9');
  await expect(panel).toContainText('与同事通话中');

  await page.keyboard.press('Shift+F2'); // gives the colleague up, not the customer
  await expect(panel).toBeHidden();
  await expect(agent.inCall).toBeVisible();
  await expect.poll(held).toEqual({ '15400000001': false });

  await choose(page, agent, '1', 'Enter');
  await expect(panel).toContainText('与同事通话中', { timeout: 20_000 });
  await page.keyboard.press('Control+F9');
  await expect(agent.callBar).toContainText('通话已结束', { timeout: 15_000 });
  const transfer = practice.log().find(({ fact }) => fact === 'transfer');
  expect(transfer).toMatchObject({ attended: true });
  // Written after it was said to the workstation, which may be quicker than the disk.
  await expect.poll(() => practice.log().filter(({ fact }) => fact === 'transferred')).toMatchObject([{ status: 200 }]);
  await expect.poll(held).toEqual({});
  // Whoever is asked is no attempt of its own.
  await agent.delivered();
  expect(await bank.query('select number from attempts')).toEqual([{ number: '15400000001' }]);
});
