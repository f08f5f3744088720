import { agentAt } from './agent.ts';
import { expect, test } from './fixtures.ts';

test('a person gives a command another key: conflicts are refused by name, it stands on the buttons and over a restart', async ({
  workstation,
  bank,
  practice,
}) => {
  const first = await workstation();
  const { page } = first;
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  const help = page.getByRole('dialog', { name: '按键与帮助' });
  const finder = page.getByRole('dialog', { name: '查找任务' });
  const said = help.locator('.keys-said');
  await expect(agent.preview).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('data-enter', 'ready'); // the first case came to the screen by itself
  await page.keyboard.press('F1');
  const key = help.getByRole('button', { name: '更改按键：查找任务' });
  await key.focus();
  await expect(page.locator('html')).toHaveAttribute('data-enter', 'ready');
  await page.keyboard.press('Enter');
  await expect(said).toContainText('请按新的键');

  await page.keyboard.press('F9');
  await expect(said).toHaveText('F9 已用于「静音」，请换一个，或先更改那一项。');
  await page.keyboard.press('F2'); // asked for a key, it does not dial
  await expect(said).toContainText('F2 已用于「拨打');
  await page.keyboard.press('KeyM');
  await expect(said).toContainText('用来输入或移动');
  await page.keyboard.press('Escape');
  await expect(said).toContainText('点一个按键可以更换');
  await expect(key).toContainText('Ctrl K');

  await page.keyboard.press('Enter');
  await page.keyboard.press('F6');
  await expect(said).toContainText('现在是 F6');
  await expect(key).toHaveText('F6');
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();
  await expect(page.locator('.queue-search kbd')).toHaveText('F6');
  await page.keyboard.press('Control+KeyK');
  await expect(finder).toBeHidden();
  await page.keyboard.press('F6');
  await expect(finder).toBeVisible();
  await page.keyboard.press('Escape');

  await page.reload();
  await agent.signIn('A017', 'huifang-a017');
  await expect(page.locator('.queue-search kbd')).toHaveText('F6');
  await page.keyboard.press('F1');
  await help.getByRole('button', { name: '恢复默认按键' }).click();
  await expect(said).toHaveText('所有按键已恢复默认。');
  await expect(key).toHaveText('Ctrl K');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+KeyK');
  await expect(finder).toBeVisible();
  expect(practice.log().filter(({ fact }) => fact === 'invite')).toEqual([]);

  // A caller is answered by the usual key, though another one was being asked for.
  await page.keyboard.press('Escape');
  await page.keyboard.press('F1');
  await key.click();
  await expect(said).toContainText('请按新的键');
  await practice.control('ring-back', { user: '1001', number: '154-0000-0007' });
  await expect(said).toHaveText('通话结束后可以更换按键。');
  await expect(key).toBeDisabled();
  await expect(async () => {
    await page.keyboard.press('F2'); // heard half a second after the ring
    await expect(agent.inCall).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 10_000 });
  expect(bank.output()).not.toContain('甄样例');
});
