/** An agent at the screen: finds things by their roles and names, as a person does, and never asks the program what it thinks. */
import { expect, type Locator, type Page } from '@playwright/test';
import type { Topic } from '#shared/script/move.ts';

export const pin = '246810';

/** What the customer says, by topic: words for a typed field, `=` and the option's name for a choice. */
export type Answers = Readonly<Record<Topic, string>>;

export type Agent = ReturnType<typeof agentAt>;

export function agentAt(page: Page) {
  const region = (name: string): Locator => page.getByRole('region', { name, exact: true });
  const script = region('话术');
  const wrapUp = region('话后处理');
  const preview = region('拨前校验');
  const status = region('状态栏');

  return {
    page,
    region,
    script,
    wrapUp,
    preview,
    status,
    callBar: region('呼叫栏'),
    inCall: region('呼叫栏').locator('.call-state').filter({ hasText: '通话中' }),
    board: page.getByRole('main', { name: '班长看板' }),

    /** Until there is a place for account and password: chooses or enters the station PIN where there is no keyring. */
    async firstScreen(): Promise<void> {
      const account = page.getByLabel('工号');
      const pins = page.getByLabel(/^(终端口令|再输一次)/);
      // Waited for by the page, not asked for in growing intervals: every start of every test comes by here.
      await account.or(pins.first()).waitFor({ timeout: 30_000 });
      if (await pins.first().isVisible()) {
        for (let at = 0; at < (await pins.count()); at++) await pins.nth(at).fill(pin);
        await page.keyboard.press('Enter');
      }
      await account.waitFor({ timeout: 30_000 });
    },

    /** From the first screen to the workbench (agents) or the board (leads). */
    async signIn(account: string, password: string, patienceMs = 20_000): Promise<void> {
      await this.firstScreen();
      await page.getByLabel('工号').fill(account);
      await page.getByLabel('密码', { exact: true }).fill(password);
      await page.keyboard.press('Enter');
      await status.waitFor({ timeout: patienceMs });
    },

    async lineIsThere(): Promise<void> {
      await expect(status).toContainText('话机正常', { timeout: 20_000 });
    },

    /** Opens a case by its number, as the finder does it. */
    async open(caseId: string): Promise<void> {
      await page.getByPlaceholder(/尾号/).fill(caseId);
      await region('队列').getByRole('button').filter({ hasNotText: 'Ctrl' }).first().click();
      await expect(region('回访任务')).toContainText(caseId);
      await page.getByPlaceholder(/尾号/).fill('');
    },

    /** Ctrl+K (in a browser Alt+K); what is typed next goes into its field. */
    async openFinder(chord: 'Control+K' | 'Alt+K'): Promise<void> {
      await page.keyboard.press(chord);
      const dialog = page.getByRole('dialog');
      await expect(dialog.getByRole('textbox').or(dialog.getByRole('combobox'))).toBeFocused();
    },

    async dial(): Promise<void> {
      await page.keyboard.press('F2');
      // A hurried customer may have ended it before anybody looks.
      await expect(region('呼叫栏').locator('.call-state')).toContainText(/正在拨号|振铃中|通话中|通话已结束/);
    },

    async answered(): Promise<void> {
      await script.waitFor({ timeout: 60_000 });
    },

    /** Opens a case, dials, and waits until its person is there. */
    async talk(caseId: string): Promise<void> {
      await this.open(caseId);
      await this.dial();
      await this.answered();
    },

    /** Enter is taken again: it waits a moment after a screen that changed by itself. */
    async enterIsReady(): Promise<void> {
      await expect(page.locator('html')).toHaveAttribute('data-enter', 'ready');
    },

    async hangUp(): Promise<void> {
      await page.keyboard.press('Shift+F2');
    },

    step: () => script.getAttribute('data-step'),

    /** Enters the answer to the question on the screen, without committing it. Returns the step. */
    async enter(answers: Answers): Promise<string> {
      const step = await script.getAttribute('data-step');
      if (step === null) throw new Error('no question is on the screen');
      await fill(script, answers, step);
      return step;
    },

    /** Answers the question on the screen and waits until it is saved and the next thing is there. */
    async answer(answers: Answers): Promise<void> {
      const step = await this.enter(answers);
      await script.getByRole('button', { name: /确定|下一步/ }).click();
      await expect(script.and(page.locator(`[data-step="${step}"]`))).toHaveCount(0);
    },

    /** Walks the script until `until` is on the screen, or to the results. Returns the steps that were answered. */
    async walk(answers: Answers, until?: string): Promise<string[]> {
      const walked: string[] = [];
      for (;;) {
        const step = await script.getAttribute('data-step');
        if (step === null || step === until || (await script.locator('[data-group="outcomes"]').isVisible()))
          return walked;
        walked.push(step);
        await this.answer(answers);
      }
    },

    /** Takes an exit of the script, and waits until it is saved and what follows is there. */
    async leave(exit: string): Promise<void> {
      const step = await script.getAttribute('data-step');
      await page.keyboard.press('Escape');
      await script.getByRole('radio', { name: exit }).click();
      await expect(script.and(page.locator(`[data-step="${step}"]`))).toHaveCount(0);
    },

    async result(name: string): Promise<void> {
      await script.locator('[data-group="outcomes"]').getByRole('radio', { name, exact: true }).click();
      await expect(wrapUp).toBeVisible();
    },

    async confirm(): Promise<void> {
      await wrapUp.getByRole('button', { name: /确认，下一个/ }).click();
      await expect(page.getByText('结果已保存')).toBeVisible();
    },

    /** Everything recorded has reached the server. */
    async delivered(): Promise<void> {
      await expect(status.getByText(/待上传/).locator('..')).toContainText(/待上传\s*0/, { timeout: 20_000 });
    },

    async unsent(): Promise<number> {
      const text = ((await status.textContent()) ?? '').replaceAll(/\s/g, '');
      return Number(/待上传(\d+)/.exec(text)?.[1] ?? Number.NaN);
    },
  };
}

async function fill(script: Locator, answers: Answers, step: string): Promise<void> {
  const topics = await script
    .locator('.field input[data-name], .field textarea[data-name], .field [data-group]')
    .evaluateAll((elements) => [
      ...new Set(
        elements.map((element) => element.getAttribute('data-name') ?? element.getAttribute('data-group') ?? ''),
      ),
    ]);
  for (const topic of topics) {
    const said = answers[topic];
    if (said === undefined) throw new Error(`${step}: nobody told the agent what to answer about ${topic}`);
    if (said === '') continue;
    if (said.startsWith('='))
      await script
        .locator(`[data-group="${topic}"]`)
        .getByRole('radio', { name: said.slice(1), exact: true })
        .click();
    else await script.locator(`input[data-name="${topic}"], textarea[data-name="${topic}"]`).fill(said);
  }
}

/** What DEMO-01's borrower says: everything as in the file. */
export const clean: Answers = {
  'contact.person': '=本人',
  'consent.recording': '=可以',
  'contact.convenient': '=方便',
  'person.idLast4': '001X',
  'person.home': '星港市虚构区演示路1号',
  'person.birthMonth': '=不清楚',
  'application.purpose': '=购买自住房',
  'application.signer': '=本人',
  'loan.amount': '120万',
  'loan.term': '25年',
  'property.estate': '星港市月亮湾花园',
  'property.size': '96',
  'property.price': '180万',
  'employer.name': '纸鹤航天文具有限公司',
  'employer.address': '星港市虚构区折纸大道8号三楼',
  'employer.department': '设计部',
  'employer.position': '产品设计师',
  'job.duties': '画新文具的外观图',
  'job.concreteness': '=具体',
  'job.agreement': '=相符',
  'employer.slot': '',
  'employer.since': '2019年3月',
  'income.monthly': '一万五',
  'income.method': '=银行代发',
  'income.payday': '10',
  'debts.monthly': '0',
  'downpayment.source': '=自有资金',
  'employer.phone': '026-0000-0001',
  'employer.contactPerson': '余虚构',
  'contact.slot': '',
  'loan.understanding': '=清楚',
  'loan.questions': '',
  'observed.manner': '=正常',
};
