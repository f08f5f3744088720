/** The vault's honesty: what it says about protection is what there is (architecture §5, §9). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Agent, agentAt } from './agent.ts';
import { expect, test } from './fixtures.ts';

const secret = 'c2VjcmV0LWRhdGEta2V5';

test('without a keyring the vault says so and keeps nothing', async ({ workstation, folder }) => {
  const { page } = await workstation();
  expect(await page.evaluate(() => window.huifang!.vaultState())).toBe('none');
  const code = await page.evaluate(
    (value) =>
      window.huifang!.writeVault('dataKey', value).then(
        () => 'kept',
        (problem: { code: string }) => problem.code,
      ),
    secret,
  );
  expect(code).toBe('VAULT_NONE');
  expect(() => readFileSync(join(folder, 'profile/vault.json'))).toThrow(/ENOENT/);
});

test('with a keyring a secret outlives a killed program, and lies sealed on the disk', async ({
  workstation,
  folder,
}) => {
  const first = await workstation({ keyring: true });
  expect(await first.page.evaluate(() => window.huifang!.vaultState())).toBe('keyring');
  expect(await first.page.evaluate(() => window.huifang!.readVault('dataKey'))).toBe(null);
  await first.page.evaluate((value) => window.huifang!.writeVault('dataKey', value), secret);
  await first.kill();

  const second = await first.relaunch();
  expect(await second.page.evaluate(() => window.huifang!.readVault('dataKey'))).toBe(secret);
  const file = readFileSync(join(folder, 'profile/vault.json'), 'utf8');
  expect(file).not.toContain(secret);
  expect(file).not.toContain(Buffer.from(secret).toString('base64'));
  await second.page.evaluate(() => window.huifang!.forgetVault('dataKey'));
  expect(await second.page.evaluate(() => window.huifang!.readVault('dataKey'))).toBe(null);
});

test('a secret whose keyring is gone is an error, never "there is none"', async ({ workstation }) => {
  const first = await workstation({ keyring: true });
  await first.page.evaluate((value) => window.huifang!.writeVault('dataKey', value), secret);
  await first.kill();
  const second = await first.relaunch({ keyring: false });
  const code = await second.page.evaluate(() =>
    window.huifang!.readVault('dataKey').then(
      () => 'answered',
      (problem: { code: string }) => problem.code,
    ),
  );
  expect(code).toBe('VAULT_UNREADABLE');
});

async function signInWithoutPin(agent: Agent): Promise<void> {
  const pins = agent.page.getByLabel(/^(终端口令|再输一次)/);
  await agent.page.getByLabel('工号').or(pins).first().waitFor();
  await expect(pins).toHaveCount(0);
  await agent.signIn('A017', 'huifang-a017');
}

test('with a keyring nobody is asked for a PIN, and what waited for the bank is delivered after a restart', async ({
  workstation,
  bank,
  faultProxy,
}) => {
  const shifts = () => bank.query("select journal, seq from entries where kind = 'shift.started'");
  const lift = faultProxy.add({ kind: 'down', path: /batches/ });
  const first = await workstation({ keyring: true });
  const agent = agentAt(first.page);
  await signInWithoutPin(agent);
  await expect.poll(() => agent.unsent()).toBeGreaterThan(0);
  expect(await shifts()).toEqual([]);
  await first.kill();
  lift();

  const again = agentAt((await first.relaunch()).page);
  await signInWithoutPin(again);
  await expect.poll(shifts).toHaveLength(2);
  await again.delivered();
});
