/** The browser engine threw the database away: what was not uploaded is in the second copy, and the server recovers it, once. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { agentAt, clean } from './agent.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 20 });

test('a database that is lost with a call not uploaded costs nothing: the screen names the copy, the server recovers it', async ({
  workstation,
  bank,
  faultProxy,
  practice: _running,
  folder,
}) => {
  const profile = join(folder, 'profile');
  const copy = join(profile, 'unsent-practice.jsonl');
  const copied = () => (existsSync(copy) ? readFileSync(copy, 'utf8').trimEnd().split('\n').length - 1 : 0);
  const first = await workstation();
  const agent = agentAt(first.page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await expect(agent.preview).toBeVisible();
  await agent.delivered();
  await expect.poll(copied).toBe(0);
  const lift = faultProxy.add({ kind: 'down' });
  await expect(agent.status).toContainText('后台已断开', { timeout: 30_000 });
  await agent.talk('DEMO-01-B');
  await agent.walk(clean);
  await agent.result('核实一致');
  await agent.hangUp();
  await agent.confirm();
  const waiting = await agent.unsent();
  expect(waiting).toBeGreaterThan(20);
  await expect.poll(copied).toBe(waiting);
  await first.kill();
  rmSync(join(profile, 'IndexedDB'), { recursive: true });
  lift();

  const second = await first.relaunch();
  const notice = agentAt(second.page).region('通知');
  await expect(notice).toContainText(`${waiting} 条未上传的记录有加密副本`);
  const path = /副本：(\S.*\.jsonl)/.exec((await notice.textContent()) ?? '')?.[1] ?? '';
  expect(path).toContain(profile);

  expect(await bank.command(['recover', path])).toContain(`stored: ${waiting}`);
  expect(await bank.command(['recover', path])).toContain(`duplicate: ${waiting}`);
  const results = await bank.query<{ code: string }>('select code from dispositions');
  expect(results).toEqual([{ code: 'VERIFIED' }]);
});
