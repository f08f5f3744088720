/**
 * SIGKILL at seeded moments, while it rings, in the script, in wrap-up, during the upload: nothing that was shown as saved is lost or sent twice.
 *
 * The oracle is nobody's program but: the practice PBX's log (every INVITE), what stood on the screen, and the server's tables
 * (killedOracle.ts). What was shown as saved is not asked for again; what was cut off is offered at the next start with its answers.
 */
import type { Page } from '@playwright/test';
import { int, random } from '../shared/script/support/random.ts';
import { type Agent, type Answers, agentAt, clean } from './agent.ts';
import { expect, test } from './fixtures.ts';
import { type Confirmed, compareWithTables, type Dial, invitesOf, said, shownAnswers } from './killedOracle.ts';

test.use({ practiceSpeed: 40 });
test.setTimeout(600_000);

/** Five times in turn. Each case is called twice, for the policy lets a number be called no more often a day. */
const phases = ['ringing', 'script', 'wrapUp', 'upload'] as const;
const moments = 20;
const toScript = ['DEMO-01-B', 'DEMO-02-B', 'DEMO-03-B', 'DEMO-01-E', 'DEMO-03-E'] as const;
const toWrapUp = ['DEMO-12', 'DEMO-11', 'DEMO-08', 'DEMO-10', 'DEMO-09'] as const;
const answers: Answers = {
  ...clean,
  'respondent.name': '余',
  'respondent.role': '=人事',
  'respondent.competent': '=可以',
  'employer.numberAge': '=一年以上',
  'employment.status': '=在职',
};

/** The moment of the kill is what is being chosen here: nothing else in these tests waits for a time. */
const letPass = (page: Page, milliseconds: number) => page.waitForTimeout(milliseconds);

/** Watches the screen from outside until the kill: a question that gave way to the next was shown as saved, and so was a result. */
async function watch(page: Page, dial: Dial): Promise<void> {
  await page.exposeFunction('shownAsSaved', (what: string) => {
    if (what === 'result') dial.resultShown = true;
    else if (dial.inFlight?.step === what) {
      dial.answered.push(dial.inFlight);
      dial.inFlight = null;
    }
  });
  await page.evaluate(() => {
    const report = (globalThis as unknown as { shownAsSaved: (what: string) => void }).shownAsSaved; // exposed just above
    const isSaid = () => document.querySelector('.notices')?.textContent?.includes('结果已保存') === true;
    let step: string | null = null;
    let saved = isSaid();
    new MutationObserver(() => {
      const now = document.querySelector('[data-step]')?.getAttribute('data-step') ?? null;
      if (step !== null && now !== null && now !== step) report(step);
      step = now;
      if (isSaid() && !saved) report('result');
      saved = isSaid();
    }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  });
}

/** Chooses what is missing in a wrap-up, with a note nothing else has; what then stands there is what the confirming key says. */
async function complete({ page, wrapUp }: Agent, dial: Dial): Promise<void> {
  const missing = page.locator('[data-missing]');
  const results = wrapUp.locator('[data-group="results"]');
  const dispositions = wrapUp.locator('[data-group="dispositions"]');
  if ((await results.and(missing).count()) > 0) await results.getByRole('radio').first().click();
  if ((await dispositions.and(missing).count()) > 0) {
    const broken = dispositions.getByRole('radio', { name: '中途挂断' });
    await ((await broken.count()) > 0 ? broken : dispositions.getByRole('radio').first()).click();
  }
  const note = `第 ${dial.moment} 次通话，第 ${dial.confirmed.length + 1} 次确认`;
  for (const field of await wrapUp.locator('input[data-missing]').all()) await field.fill(note);
  await wrapUp.getByRole('textbox', { name: '备注' }).fill(note);
  await expect(wrapUp.getByRole('button', { name: /确认，下一个/ })).toBeEnabled();
  dial.confirmed.push(
    await wrapUp.evaluate((panel): Confirmed => {
      const wordsOf = (selector: string) => panel.querySelector(selector)?.textContent ?? null;
      const inputs = [...panel.querySelectorAll<HTMLInputElement>('.evidence input')];
      return {
        result: wordsOf('.proposal b'),
        disposition: wordsOf('.part h3 b'),
        evidence: Object.fromEntries(inputs.map((input) => [input.dataset.name ?? '', input.value])),
        note: panel.querySelector('textarea')?.value ?? null,
      };
    }),
  );
}

async function settle(agent: Agent, dial: Dial): Promise<void> {
  await complete(agent, dial);
  await agent.confirm();
  dial.resultShown = true;
}

/** The start after a kill: a result that was shown as saved is not asked for again, what was cut off is there with its answers. */
async function finishInterrupted(agent: Agent, dial: Dial): Promise<void> {
  const { wrapUp, preview } = agent;
  await wrapUp.or(preview).first().waitFor();
  const offered = await wrapUp.isVisible();
  if (dial.resultShown) expect(offered, `the result of moment ${dial.moment} was shown as saved`).toBe(false);
  else if (dial.attempt !== undefined && dial.confirmed.length === 0)
    expect(offered, `moment ${dial.moment} was cut off`).toBe(true);
  if (!offered) return;
  await expect(wrapUp).toContainText('上次中断，补做');
  const shown = (await wrapUp.locator('dl.frozen > div').allTextContents()).map((text) => text.trim());
  const saved = dial.answered.flatMap(shownAnswers);
  const perhaps = [...saved, ...(dial.inFlight === null ? [] : shownAnswers(dial.inFlight))];
  expect([saved.length, perhaps.length]).toContain(shown.length);
  for (const [at, text] of shown.entries())
    expect(text.startsWith(perhaps[at] ?? ''), `${text}: ${perhaps[at]}`).toBe(true);
  await settle(agent, dial);
}

test('killed at seeded moments, everything shown as saved is there exactly once', async ({
  workstation,
  bank,
  practice,
  host,
}) => {
  const r = random(host === 'electron' ? 2026 : 1121);
  const dials: Dial[] = [];
  let station = await workstation();
  /** Signs in at the station as it stands, and finishes what the last kill cut off. */
  const begin = async (): Promise<Agent> => {
    const agent = agentAt(station.page);
    await agent.signIn('A017', 'huifang-a017');
    const last = dials.at(-1);
    if (last !== undefined) {
      last.attempt = invitesOf(practice)[last.invitesBefore];
      await finishInterrupted(agent, last);
    }
    return agent;
  };
  for (let moment = 0; moment < moments; moment++) {
    if (moment > 0) station = await station.relaunch();
    const { page } = station;
    const agent = await begin();
    await agent.lineIsThere();
    const phase = phases[moment % phases.length] ?? 'ringing';
    const some = phase === 'ringing' || phase === 'script' ? toScript : toWrapUp;
    const caseId = some[Math.floor(moment / phases.length)] ?? some[0];
    const dial: Dial = {
      moment,
      caseId,
      inCall: some === toScript,
      invitesBefore: invitesOf(practice).length,
      attempt: undefined,
      answered: [],
      inFlight: null,
      confirmed: [],
      resultShown: false,
    };
    dials.push(dial);
    await watch(page, dial);
    await agent.open(caseId);
    await agent.dial();
    if (phase === 'ringing') await letPass(page, int(r, 300));
    else if (phase === 'script') {
      await agent.answered();
      for (let steps = int(r, 5); steps > 0; steps--) {
        const step = (await agent.step()) ?? '';
        await agent.answer(answers);
        dial.answered.push(said(step, answers));
      }
      dial.inFlight = said(await agent.enter(answers), answers);
      await agent.enterIsReady();
      await page.keyboard.press('Enter');
      await letPass(page, int(r, 40));
    } else {
      await agent.wrapUp.or(agent.inCall).first().waitFor();
      if (await agent.inCall.isVisible()) await agent.hangUp();
      await agent.wrapUp.or(agent.script).first().waitFor();
      if (await agent.script.isVisible()) {
        await agent.leave('对方挂断');
        await agent.result('中途挂断');
      }
      if (phase === 'wrapUp') {
        await complete(agent, dial);
        await agent.enterIsReady();
        await page.keyboard.press('Enter');
      } else {
        const upload = page.waitForRequest(/batches/);
        await settle(agent, dial);
        await upload;
      }
      await letPass(page, int(r, 40));
    }
    await station.kill();
  }

  station = await station.relaunch();
  const agent = await begin();
  await agent.delivered();
  expect(dials.filter((dial) => dial.attempt !== undefined).length).toBeGreaterThan(moments / 2); // some were killed before the INVITE left
  expect(dials.flatMap((dial) => dial.answered).length).toBeGreaterThan(3);
  await compareWithTables(bank, practice, dials);
});
