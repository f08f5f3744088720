/** A process killed in the middle of a write must not cost the station its database two starts later (electron/databaseLogs.ts, renderer/journal/newLog.ts). */
import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { agentAt } from './agent.ts';
import { expect, test } from './fixtures.ts';

test('what a killed process left unfinished in the database’s log does not cost the station its journal', async ({
  workstation,
  bank,
  folder,
  host,
}) => {
  const databases = join(folder, host === 'electron' ? 'profile/IndexedDB' : 'profile/Default/IndexedDB');
  const logs = () =>
    readdirSync(databases, { recursive: true, encoding: 'utf8' }).filter((name) => /\.leveldb\/\d+\.log$/.test(name));
  let station = await workstation();
  await agentAt(station.page).signIn('A017', 'huifang-a017');
  await expect(agentAt(station.page).status).toContainText('今日 0 通');
  await station.kill();

  for (const start of ['after the kill', 'after the next one']) {
    // The first bytes of a record of 500, as a write that was cut short leaves them.
    const torn = Buffer.alloc(107, 7);
    torn.writeUInt16LE(500, 4);
    torn[6] = 1;
    expect(logs(), start).not.toEqual([]);
    for (const name of logs()) appendFileSync(join(databases, name), torn);
    station = await station.relaunch();
    const agent = agentAt(station.page);
    await agent.signIn('A017', 'huifang-a017');
    await agent.open('DEMO-06');
    await expect(agent.preview, start).toBeVisible();
    await station.kill();
  }
  const stations = await bank.query<{ count: number }>('select count(*)::int as count from stations');
  expect(stations).toEqual([{ count: 1 }]);
});
