/** The whole workstation on a real SIP network (Kamailio, rtpengine, a scripted far end) in the place of the practice PBX. */
import { customerHears, customerHearsNothing } from '../sip/hearing.ts';
import type { SipNetwork } from '../sip/network.ts';
import { startDemoOnKamailio } from '../support/demoOnKamailio.ts';
import { agentAt } from './agent.ts';
import { test as e2e, expect } from './fixtures.ts';

const test = e2e.extend<{ network: SipNetwork }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of a fixture's parts out of this very pattern
  network: async ({}, use) => {
    const network = await startDemoOnKamailio('all');
    await use(network);
    await network.stop();
  },
  practice: async ({ practice, network }, use) => {
    await use({ ...practice, url: network.ws });
  },
});
test.setTimeout(180_000);

const user = '1001';
const patience = { timeout: 20_000 };

test('a call is heard by both, held, measured and recorded; a customer who rings back is talked to', async ({
  network,
  workstation,
  bank,
}) => {
  await network.takeOver('15400000001', async (call) => {
    call.ring();
    await call.answer();
  });
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  expect(await network.bindings(user)).toHaveLength(1);

  await agent.talk('DEMO-01-B');
  const far = await network.called('15400000001');
  const weHear = agent.status.getByText(/通话质量(良好|一般)/);
  await expect(weHear).toBeVisible(patience);
  await customerHears(far);
  await page.keyboard.press('Shift+F9');
  await expect(agent.callBar).toContainText('已保持', patience);
  await expect.poll(() => far.stationSays(), patience).toBe('sendonly');
  await customerHearsNothing(far);
  await page.keyboard.press('Shift+F9');
  await expect(weHear).toBeVisible(patience);
  await customerHears(far);
  await agent.hangUp();
  await expect.poll(() => far.ended()).toBe(true);
  await agent.leave('挂断');
  await agent.result('中途挂断');
  await agent.confirm();

  const customer = await network.ring(user, '15400000007');
  await expect(agent.region('来电')).toContainText('忙*', patience);
  await expect(agent.region('来电').getByRole('button', { name: /接听/ })).toBeEnabled();
  await page.keyboard.press('F2');
  expect(await customer.answered).toBe(true);
  await customerHears(customer);
  await expect(weHear).toBeVisible(patience);
  customer.bye();
  await expect(agent.callBar).toContainText('通话已结束', patience);
  await agent.leave('挂断');
  await agent.result('中途挂断');
  await agent.confirm();
  await agent.delivered();

  const attempts = await bank.query<{ direction: string; quality: string }>(
    'select direction, quality from attempts order by started_at',
  );
  expect(attempts.map(({ direction }) => direction)).toEqual(['out', 'in']);
  for (const { quality } of attempts)
    expect(JSON.parse(quality)).toMatchObject({ codec: 'PCMU', roundTrip: { worst: expect.any(Number) } });
});
