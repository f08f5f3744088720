/** 我的日志: what the bank does not have yet stands there, and leaves the station in a file too. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportSchema } from '#shared/journal/export.ts';
import { agentAt } from './agent.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 20 });

test('what an offline call left waits in the journal, is exported and recovered, and is not doubled when the station sends it too', async ({
  workstation,
  bank,
  faultProxy,
  folder,
}) => {
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await expect(agent.preview).toBeVisible();
  await agent.delivered();
  const lift = faultProxy.add({ kind: 'down' });
  await expect(agent.status).toContainText('后台已断开', { timeout: 30_000 });
  await agent.open('DEMO-06');
  await agent.dial();
  await expect(agent.wrapUp).toBeVisible();
  await agent.wrapUp.getByRole('radio', { name: '空号' }).click();
  await agent.confirm();
  const unsent = await agent.unsent();

  await page.getByRole('button', { name: '菜单' }).click();
  await page.getByRole('menuitem', { name: '我的日志' }).click();
  const rows = (...words: string[]) =>
    words.reduce((found, hasText) => found.filter({ hasText }), agent.region('我的日志').getByRole('row'));
  await expect(rows('DEMO-06', '空号', '待上传')).toHaveCount(1);
  await expect(rows('待上传')).toHaveCount(unsent);

  const downloaded = page.waitForEvent('download');
  await page.getByRole('button', { name: '导出未上传' }).click();
  const file = join(folder, 'export.json');
  await (await downloaded).saveAs(file);
  await expect(page.getByText(`已导出 ${unsent} 条未上传的记录`)).toBeVisible();

  const [exported] = exportSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).journals;
  const numbers = exported!.entries.map(({ header }) => header.seq);
  expect(numbers).toHaveLength(unsent);
  const atTheBank = () =>
    bank.query('select seq, state from entries where journal = $1 and seq = any($2) order by seq', [
      exported!.journal,
      numbers,
    ]);
  const once = numbers.map((seq) => ({ seq, state: 'stored' }));
  expect(await atTheBank()).toEqual([]);
  expect(await bank.command(['recover', file])).toBe(`stored: ${unsent}\n`);
  expect(await atTheBank()).toEqual(once);

  lift();
  await agent.delivered();
  await expect(rows('待上传')).toHaveCount(0);
  expect(await atTheBank()).toEqual(once);
});
