/** The page's own storage: refused, or sealed so that nothing of a person can be read off the disk. */
import { agentAt } from './agent.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 20 });

test('without IndexedDB nothing starts, and the person is told what to do', async ({ workstation, bank: _running }) => {
  const { page } = await workstation();
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('refused by the test', 'SecurityError');
    };
  });
  await page.reload();
  await expect(page.getByText('工作台无法启动')).toBeVisible();
  await expect(page.getByText('请用普通窗口打开，或联系技术支持放开本地存储')).toBeVisible();
  await expect(page.getByRole('button', { name: /重试/ })).toBeVisible();
});

test('a second tab is refused and says where the first one is', async ({ workstation, bank: _running }) => {
  const { page, context } = await workstation();
  const agent = agentAt(page);
  await agent.firstScreen();
  const second = await context.newPage();
  await second.goto(page.url());
  await expect(second.getByText('工作台已经打开')).toBeVisible();
});

test('a server that takes the first question and says nothing is asked again: no page stays empty', async ({
  workstation,
  bank: _running,
  faultProxy,
}) => {
  faultProxy.add({ kind: 'delay', milliseconds: 60_000, path: /^\/health/, times: 1 });
  const { page } = await workstation();
  await agentAt(page).firstScreen();
});
