/** A bad network is said in words on the strip, with what to do; a held call is not called bad; the attempt keeps how the call sounded. */
import { callQualitySchema } from '#shared/call/quality.ts';
import type { PracticeExchange } from '../support/services.ts';
import { agentAt } from './agent.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 20 });

const patience = { timeout: 30_000 };

async function spoil(practice: PracticeExchange, network: { loss?: number; jitter?: number; delay?: number }) {
  const { calls } = (await practice.control('calls')) as { calls: { callId: string }[] }; // as: practice/control.ts answers so
  await practice.control('spoil', { callId: calls.at(-1)?.callId, ...network });
}

test('loss, jitter, a long way and a bad score are said in words with what to do, silence on hold is not, and the attempt keeps it', async ({
  workstation,
  bank,
  practice,
}) => {
  const { page } = await workstation();
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await agent.talk('DEMO-01');
  await expect(agent.status).toContainText(/通话质量(良好|一般)/, patience);
  await expect(agent.status).not.toContainText(/丢包|抖动|往返|语音评分/);

  await spoil(practice, { loss: 0.3 });
  await expect(agent.status).toContainText('通话质量差', patience);
  await expect(agent.status).toContainText(/丢包 \d+ %.*再说一遍/, patience);
  await spoil(practice, { jitter: 150 });
  await expect(agent.status).toContainText(/抖动 \d+ ms.*网线/, patience);
  await spoil(practice, {});
  await expect(agent.status).toContainText(/通话质量(良好|一般)/, patience);

  await page.keyboard.press('Shift+F9');
  await expect(agent.status).toContainText('保持中，不测量通话质量', patience);
  await page.keyboard.press('Shift+F9');
  await expect(agent.status).toContainText(/通话质量(良好|一般)/, patience);

  // Last, because the browser's buffer takes its time to shrink again.
  await spoil(practice, { delay: 800 });
  await expect(agent.status).toContainText(/往返 \d{3} ms.*停一停/, patience);
  await expect(agent.status).toContainText(/语音评分 [1-3]\.\d.*班长/, patience);

  await agent.hangUp();
  await agent.delivered();
  const kept = async () => (await bank.query<{ quality: string }>('select quality from attempts'))[0]?.quality ?? null;
  await expect.poll(kept, patience).not.toBeNull();
  const quality = callQualitySchema.parse(JSON.parse((await kept()) ?? ''));
  expect(quality.seconds).toBeGreaterThan(5);
  expect(quality.poorSeconds).toBeGreaterThan(1);
  expect(quality.codec).toBe('PCMU');
  expect(quality.loss?.worst).toBeGreaterThan(0.03);
  expect(quality.jitter?.worst).toBeGreaterThan(30);
  expect(quality.mos?.worst).toBeLessThan(3.5);
  expect(quality.roundTrip?.worst).toBeGreaterThan(400);
});
