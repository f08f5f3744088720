/** A window closed in a call: the customer hears it at once, for the practice PBX would tell a hang-up from a line that was lost. */
import type { PracticeExchange } from '../support/services.ts';
import { agentAt } from './agent.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 20 });

const ends = (practice: PracticeExchange) =>
  practice
    .log()
    .filter(({ fact }) => fact === 'ended')
    .map(({ by }) => by);

test('closed or loaded anew in a call, the workstation hangs up for the customer', async ({
  workstation,
  practice,
  bank: _running,
}) => {
  const station = await workstation();
  const { page } = station;
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await agent.talk('DEMO-01-B');
  page.once('dialog', (dialog) => void dialog.accept()); // a browser asks before it leaves a call
  await page.reload();
  await expect.poll(() => ends(practice)).toEqual(['agent']);

  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await expect(agent.wrapUp).toContainText('上次中断');
  await agent.confirm();
  await agent.talk('DEMO-02-B');
  page.once('dialog', (dialog) => void dialog.accept());
  // As a person closes it: a browser that is shut down from outside tells its pages nothing.
  await (station.electron ? station.close() : page.close({ runBeforeUnload: true }));
  await expect.poll(() => ends(practice)).toEqual(['agent', 'agent']);
});
