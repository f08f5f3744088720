/** What comes in broken: a clear sentence, nothing lost, and the work goes on. */
import { agentAt, clean } from './agent.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 20 });

test('a malformed case is named and left out, the others can be worked', async ({
  workstation,
  bank: _running,
  faultProxy,
}) => {
  faultProxy.add({
    kind: 'rewrite',
    method: 'POST',
    path: /\/leases$/,
    answer: (text) => {
      const leased: { leases: { cases: { id: string; deadline: string }[] }[] } = JSON.parse(text);
      for (const lease of leased.leases)
        for (const one of lease.cases) if (one.id === 'DEMO-07') one.deadline = 'someday';
      return JSON.stringify(leased);
    },
  });
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await expect(agent.region('通知')).toContainText('DEMO-07');
  await agent.open('DEMO-01-B');
  await expect(agent.region('队列')).not.toContainText('忙*');
});

test('a name of 200 characters with markup and rare ones is shown as the text it is', async ({
  workstation,
  bank: _running,
  faultProxy,
}) => {
  const markup = `<img src=x onerror="document.title='broken'"><b>𠮷㐱</b>`;
  const name = `${markup.padEnd(198, '名')}𡘙`;
  expect(name).toHaveLength(200); // the most a case may carry
  faultProxy.add({
    kind: 'rewrite',
    method: 'POST',
    path: /\/leases$/,
    answer: (text) => {
      const leased: {
        leases: { cases: { id: string; respondent: { name: string; title: string }; branch: string }[] }[];
      } = JSON.parse(text);
      for (const lease of leased.leases)
        for (const one of lease.cases)
          if (one.id === 'DEMO-01-B')
            Object.assign(one, { respondent: { name, title: 'NONE' }, branch: '<b>支行</b>' });
      return JSON.stringify(leased);
    },
  });
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await agent.open('DEMO-01-B');
  const heading = agent.region('回访任务').getByRole('heading', { level: 2 });
  await expect(heading).toHaveText('<i****名𡘙'); // masked, and cut between characters
  await expect(heading).toHaveAttribute('title', '<i****名𡘙');
  await expect(agent.region('回访任务')).toContainText('<b>支行</b>');
  await agent.dial();
  await agent.answered();
  await expect(agent.script).toContainText(name); // what is read out to the customer
  expect(await page.title()).not.toBe('broken');
  expect(await page.locator('img[src="x"]').count()).toBe(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
});

test('500, garbage, half a batch, the same batch twice and lost receipts cost nothing', async ({
  workstation,
  bank,
  faultProxy,
}) => {
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  const batches = /batches/;
  for (const fault of [
    { kind: 'status', status: 500 } as const,
    { kind: 'garbage' } as const,
    { kind: 'halfRequest' } as const,
    { kind: 'loseAnswer' } as const,
    { kind: 'halfAnswer' } as const,
    { kind: 'twice' } as const,
  ])
    faultProxy.add({ ...fault, path: batches, method: 'POST', times: 1 });
  await agent.open('DEMO-06');
  await agent.dial();
  await expect(agent.wrapUp).toBeVisible({ timeout: 20_000 });
  await agent.wrapUp.getByRole('radio', { name: '空号' }).click();
  await agent.confirm();
  await expect
    .poll(() => bank.query("select count(*)::int as count from entries where kind = 'disposition.recorded'"), {
      timeout: 90_000,
    })
    .toEqual([{ count: 1 }]);
  await agent.delivered();
  expect(faultProxy.count(batches)).toBeGreaterThan(5);
  expect(await bank.query('select journal, seq from entries group by journal, seq having count(*) > 1')).toEqual([]);
});

test('the PBX gone before sign-in, after, in and before a call: said on the strip, and every call ends with a result', async ({
  workstation,
  bank: _running,
  practice,
}) => {
  const { page } = await workstation();
  const agent = agentAt(page);
  const lineIsAway = async () => {
    await expect(agent.status).toContainText(/话机(异常|连接中)/, { timeout: 30_000 });
    await expect(agent.status).toContainText('电话服务器'); // why, and what becomes of it
  };
  await practice.kill();
  await agent.signIn('A017', 'huifang-a017');
  await lineIsAway();
  await practice.restart();
  await agent.lineIsThere(); // by itself

  await agent.talk('DEMO-03-B');
  await agent.leave('对方挂断');
  await agent.result('中途挂断');
  await agent.hangUp();
  await expect(agent.callBar).toContainText('通话已结束');
  await practice.kill();
  await lineIsAway();
  await expect(agent.wrapUp).toContainText('接通');
  await agent.confirm();
  await expect(agent.status).not.toContainText('话机正常');
  await practice.restart();
  await agent.lineIsThere();

  await agent.talk('DEMO-01-B');
  await agent.answer(clean);
  await practice.kill();
  await lineIsAway();
  await expect(agent.script).toContainText('通话已结束', { timeout: 60_000 });
  await expect(agent.region('通知')).toContainText('这通电话已随之结束');
  await agent.leave('对方挂断');
  await agent.result('中途挂断');
  await agent.confirm();

  await agent.open('DEMO-02-B');
  await page.keyboard.press('F2');
  await expect(agent.wrapUp).toContainText(/线路故障/, { timeout: 60_000 });
  await expect(agent.wrapUp).toContainText('话机已断线，此操作未执行；恢复后请再试');
  await agent.confirm();
  await expect(agent.status).toContainText('今日 2 通'); // this one never left
  await practice.restart();
  // It was away for a minute: by now it is tried every 15 to 30 s, and the agent does not want to wait for that.
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByPlaceholder(/尾号/).fill('重连');
  await expect(page.getByRole('dialog')).toContainText('立即重连');
  await page.keyboard.press('Alt+1');
  await agent.lineIsThere();
  await agent.delivered();
});
