/** A number that differs from the application form is not dialled, and that it was tried is recorded (DEMO-04). */
import { agentAt } from './agent.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 20 });

test('a number that differs from the form is blocked, said and recorded', async ({ workstation, bank, practice }) => {
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await agent.open('DEMO-04');
  await expect(agent.preview).toContainText('来源不一致');
  await expect(agent.preview.getByRole('button', { name: '拨打' })).toBeDisabled();
  await page.keyboard.press('F2');
  await expect(page.getByRole('region', { name: '通知' })).toContainText('不一致');
  await agent.delivered();
  await expect
    .poll(async () =>
      bank.query('select body from entries where kind = $1', ['dial.blocked']).then((rows) => JSON.stringify(rows)),
    )
    .toContain('source.disagrees');
  expect(practice.log().filter((line) => line.fact === 'invite')).toEqual([]);
});

test('a second person decides which number is right: it is dialled, and who decided is at the server', async ({
  workstation,
  bank,
  practice,
  faultProxy,
}) => {
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await agent.open('DEMO-04');
  await page.keyboard.press('F2');
  await expect(page.getByRole('region', { name: '通知' })).toContainText('不一致');
  const dialog = page.getByRole('dialog', { name: '第二人确认' });
  const secondPerson = async (account: string, password: string) => {
    await page.keyboard.press('Tab');
    await page.keyboard.press('Control+A');
    await page.keyboard.type(account);
    await page.keyboard.press('Tab');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
  };

  // By the keyboard alone. Esc closes it, and nothing was decided.
  await page.keyboard.press('Control+F2');
  await expect(dialog).toContainText('026-0000-0004');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(agent.preview.getByRole('button', { name: '拨打' })).toBeDisabled();

  await page.keyboard.press('Control+F2');
  const right = dialog.getByRole('radio', { name: /026-0000-0004/ });
  await expect(dialog.getByRole('radio', { name: /026-0000-0040/ })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(right).toBeChecked();
  await secondPerson('A017', 'huifang-a017');
  await expect(dialog.getByRole('alert')).toContainText('不能是您本人');
  const lift = faultProxy.add({ kind: 'down', path: /second-person/ });
  await right.focus();
  await secondPerson('L002', 'huifang-l002');
  await expect(dialog.getByRole('alert')).toContainText('只能在联网时核实');
  lift();
  await right.focus();
  await secondPerson('L002', 'huifang-l002');
  await expect(dialog).toHaveCount(0);
  await expect(agent.preview).toContainText('由第二人 L002 确认');
  await expect(page.locator('[data-first-focus]:focus')).toHaveCount(1);

  await agent.dial();
  await expect
    .poll(() => practice.log().filter((line) => line.fact === 'invite'))
    .toMatchObject([{ number: '02600000004' }]);
  await agent.hangUp();
  const bodies = async (kind: string) =>
    bank
      .query<{ body: string }>('select body from entries where kind = $1 order by seq', [kind])
      .then((rows) => rows.map(({ body }) => JSON.parse(body)));
  await expect
    .poll(() => bodies('attempt.started'))
    .toMatchObject([{ number: '02600000004', permit: { check: 'SECOND_PERSON', confirmedBy: 'L002' } }]);
  expect(await bodies('dial.blocked')).toMatchObject([{ rule: 'source.disagrees' }, { rule: 'source.disagrees' }]);
});

test('a number two papers of one hand agree on is typed off the picture, and not a digit of it shows before (DEMO-02)', async ({
  workstation,
  bank,
  practice,
}) => {
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await agent.open('DEMO-02-E');
  const registered = agent.preview.getByRole('radio', { name: /登记/ });
  await registered.click();
  await expect(registered).toBeChecked();
  await expect(agent.preview.getByRole('img')).toBeVisible();
  for (const place of [agent.preview, agent.region('回访任务')]) await expect(place).not.toContainText(/154|0092/);
  await agent.preview.getByLabel('对照输入号码').fill('154 0000 0092');
  await agent.dial();
  await expect
    .poll(() => practice.log().filter((line) => line.fact === 'invite'))
    .toMatchObject([{ number: '15400000092' }]);
  await agent.delivered();
  const [started] = await bank.query<{ body: string }>('select body from entries where kind = $1', ['attempt.started']);
  expect(JSON.parse(started?.body ?? '{}')).toMatchObject({ permit: { check: 'TYPED_FROM_FORM' } });
});
