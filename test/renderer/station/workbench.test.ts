import { describe, expect, it } from 'vitest';
import { startConversation } from '../../../renderer/casework/conversation.ts';
import { captionContentType } from '../../../renderer/phone/phone.ts';
import { captionsOf } from '../../../renderer/station/captions.ts';
import { selectScript } from '../../../renderer/station/selectScript.ts';
import {
  borrowerScript,
  changedJobBorrower,
  changedJobFile,
  cleanBorrower,
  cleanFile,
  ordinaryDay,
  play,
} from '../../shared/script/support/calls.ts';
import { afterCall, type Bench, bench, demoCase, start, unanswered } from '../casework/bench.ts';
import { colleague, deskWaits, isThere, second } from '../casework/desk.ts';
import { middle, workbenchOf } from './support.ts';

const opening = async (b: Bench) => {
  await b.talk();
  await b.answer('borrower.opening', { 'contact.person': { as: 'himself' } });
};

describe('the call bar', () => {
  it('tells the state of the call, the masked number and what can be done, in every state', async () => {
    const b = bench();
    const bar = () => workbenchOf(b).callBar;
    expect(bar()).toMatchObject({ state: 'idle', can: { dial: true, hangUp: false, mute: false, lock: true } });
    await b.send({ type: 'dial.asked' });
    expect(bar()).toMatchObject({
      state: 'dialing',
      number: '154****0001',
      respondent: '甄* 女士',
      attemptNumber: 1,
      can: { dial: false, hangUp: true, hold: false, lock: false },
    });
    b.far().record.tell({ type: 'call.ringing' });
    b.far().record.tell({ type: 'call.earlyMedia' });
    await b.settle();
    expect(bar()).toMatchObject({ state: 'ringing', earlyMedia: true });
    b.far().record.tell({ type: 'call.answered' });
    await b.send({ type: 'mute.asked', muted: true });
    expect(bar()).toMatchObject({ state: 'talking', muted: true, can: { hold: true, keypad: true } });
    expect(b.far().acts).toEqual(['muted true']);
    await b.otherHangsUp();
    expect(bar()).toMatchObject({ state: 'ending', muted: false, can: { hangUp: false, dial: false } });
  });

  it('a consultation takes the keys of hold and hang-up, and says who is asked', async () => {
    const b = bench();
    await opening(b);
    const bar = () => workbenchOf(b).callBar;
    expect(bar()).toMatchObject({ passing: null, can: { transfer: true, hold: true, cancel: false } });
    await b.send({ type: 'consult.asked', number: '8001' });
    expect(bar()).toMatchObject({ passing: { stage: 'holding' }, can: { transfer: false, hold: false } });
    b.far().record.tell({ type: 'call.held', by: 'AGENT' });
    await b.settle();
    expect(bar()).toMatchObject({
      passing: { name: { zh: '授信值班' }, stage: 'calling' },
      heldByUs: true,
      can: { cancel: true, complete: false },
    });
  });

  it('a row of the queue says which attempt it is or will be; one that went wrong at the station is none', async () => {
    const past = { contact: 'mobile', direction: 'out', talkedSeconds: 0 } as const;
    const attempts = ['NO_ANSWER', 'STATION_FAULT', 'CANCELLED_BY_AGENT'].map((callResult, n) => ({
      ...{ ...past, attempt: `a${n}`, callResult },
      at: new Date(start - (n + 2) * 86_400_000).toISOString(),
    }));
    const b = bench([demoCase('DEMO-01-B', { attempts })]);
    const line = () => workbenchOf(b).queue.groups[0]?.items[0]?.line.zh;
    expect(line()).toContain('第 2 次');
    await b.send({ type: 'dial.asked' });
    expect(workbenchOf(b).callBar.attemptNumber).toBe(2);
    expect(line()).toContain('第 2 次');
  });

  it('missed calls stand before everything else, masked, and their cases only there', async () => {
    const b = bench([demoCase('DEMO-01-B'), demoCase('DEMO-07')]);
    const task = { contact: 'mobile', at: b.now(), due: b.now() + 600_000 };
    await b.send({
      type: 'missed.changed',
      missed: [
        { ...task, attempts: ['m1'], caseId: 'DEMO-07', number: '15400000007' },
        { ...task, attempts: ['m2', 'm3'], caseId: null, contact: null, number: '13900001234' },
      ],
    });
    const { queue } = workbenchOf(b);
    expect(queue.missed).toMatchObject([
      { attempt: 'm1', caseId: 'DEMO-07', number: '154****0007', times: 1 },
      { attempt: 'm2', caseId: null, who: null, number: '139****1234', times: 2 },
    ]);
    expect(JSON.stringify(queue)).not.toMatch(/15400000007|13900001234/);
    expect(queue.groups.flatMap(({ items }) => items.map(({ caseId }) => caseId))).toEqual(['DEMO-01-B']);
  });

  it('the extension of a masked number is not shown, however far it is dialled', async () => {
    const b = bench([
      demoCase('DEMO-01-E', { contacts: demoCase('DEMO-01-E').contacts.filter(({ id }) => id === 'switchboard') }),
    ]);
    await b.talk();
    const extension = () => workbenchOf(b).callBar.extension;
    expect(extension()).toEqual({ state: 'waiting', digits: '', left: 4 });
    b.far().record.tell({ type: 'call.extensionBegun' });
    for (const digit of ['8', '0'] as const) b.far().record.tell({ type: 'call.digitSent', digit, extension: true });
    await b.settle();
    expect(extension()).toEqual({ state: 'dialling', digits: '●●', left: 2 });
    await b.send({ type: 'number.unmasked', contact: 'switchboard' });
    expect(extension()?.digits).toBe('80');
  });

  it('an incoming call says from when on it can be answered', async () => {
    const b = bench();
    b.incoming('');
    expect(workbenchOf(b).callBar).toMatchObject({ state: 'incoming', answerableFrom: b.now() + 500 });
    expect(workbenchOf(b).incoming).toEqual({ number: '', candidates: [], chosen: null });
  });

  it('a break is shown with its reason, and dialling is off', async () => {
    const b = bench();
    await b.send({ type: 'break.started', reason: 'MEAL' });
    expect(workbenchOf(b).callBar).toMatchObject({ state: 'break', breakReason: 'MEAL', can: { dial: false } });
    expect(middle(b, 'preview').canDial).toBe(false);
  });
});

describe('the history of a case', () => {
  const past = { contact: 'mobile', direction: 'out', talkedSeconds: 0 } as const;
  const day = (n: number) => new Date(start - n * 86_400_000).toISOString();

  it('shows the calls of every station among what else happened, the newest first', () => {
    const b = bench([
      demoCase('DEMO-01-B', {
        history: [{ at: day(2), text: { zh: '短信预告已送达', en: 'SMS notice delivered' } }],
        attempts: [
          { ...past, attempt: 'a1', at: day(3), callResult: 'NO_ANSWER' },
          { ...past, attempt: 'a2', at: day(1), callResult: 'ANSWERED', disposition: 'BREAK_OFF', talkedSeconds: 130 },
          { ...past, attempt: 'a3', at: day(0.5), direction: 'in', contact: 'gone', callResult: 'LATER_CODE' },
          { ...past, attempt: 'a4', at: day(0.2), callResult: 'ANSWERED', talkedSeconds: 20, continued: true },
        ],
      }),
    ]);
    expect(workbenchOf(b).case?.history.map(({ text }) => text.zh)).toEqual([
      '同一通电话核实：接通 00:20',
      '号码来电：LATER_CODE',
      '外呼手机：接通 02:10 · 中途挂断',
      '短信预告已送达',
      '外呼手机：无人接听',
    ]);
    expect(workbenchOf(b).case?.history[2]?.text.en).toContain('Answered 02:10');
  });

  it('holds an unanswered call of this station, also while the case is called again', async () => {
    const leased = demoCase('DEMO-01-B');
    const attempts = [{ ...past, attempt: 'a1', at: day(1), callResult: 'NO_ANSWER' }];
    const b = bench([{ ...leased, attempts }], { leasedCase: () => leased });
    await b.talk();
    expect(b.work().case?.attempts).toEqual([]);
    expect(workbenchOf(b).case?.history.map(({ text }) => text.zh)).toEqual(['外呼手机：无人接听']);
  });
});

describe('the script', () => {
  it('every sentence has its placeholders filled, what the customer said included', async () => {
    const b = bench();
    await b.send({ type: 'dial.asked' });
    expect(middle(b, 'calling').opening?.zh).toBe('您好，这里是演示银行，工号a1001。请问您是甄样例女士本人吗？');
    expect(middle(b, 'calling').opening?.en).toContain('Ms 甄样例');
    b.far().record.tell({ type: 'call.answered' });
    await b.settle();
    await b.send({ type: 'exit.chosen', step: 'borrower.opening', exit: 'callback' });
    await b.answer('borrower.appointment', {
      'appointment.time': { text: '明天下午三点' },
      'appointment.precision': { as: 'exact' },
    });
    const { step } = middle(b, 'script');
    expect(step.sentence?.zh).toContain('明天下午三点');
    expect(JSON.stringify(middle(b, 'script'))).not.toMatch(/____|\{[a-z]/i);
  });

  it('at the close the agent repeats what matters to the customer, each once, as people write and say it', async () => {
    const { moves } = play(borrowerScript, changedJobBorrower, changedJobFile, ordinaryDay, 'borrower.close');
    const b = await afterCall(demoCase('DEMO-03-B'), borrowerScript, moves, '00000000-0000-4000-8000-00000000abcd');
    const sentence = selectScript(b.work(), 'a1001', 'zh')?.step.sentence;
    const repeated = /我复述一下今天的信息：(.*)。请问还有补充吗/.exec(sentence?.zh ?? '')?.[1]?.split('，');
    expect(repeated).toEqual([
      '工作单位：云朵牙刷机械',
      '职务：主管',
      '单位电话：02600000023',
      '月收入：13,000 元',
      '贷款金额：900,000 元',
      '贷款期限：240 个月（20 年）',
      '房屋小区：土豆苑',
      '方便接听时间：工作日中午',
    ]);
    expect(sentence?.en).toContain('Monthly income: ');
  });

  it('who does not want to answer is told that they need not, in words that fit who it is', async () => {
    const b = bench();
    await opening(b);
    const reply = () => middle(b, 'script').step.fields[0]?.reply ?? null;
    const refuse = () =>
      b.send({ type: 'draft.chosen', about: middle(b, 'script').step.fields[0]?.about ?? '', as: 'refused' });
    // Refusing to be recorded leads to words of its own.
    await refuse();
    expect(reply()).toBeNull();
    await b.answer('borrower.recording', { 'consent.recording': { as: 'yes' } });
    await b.answer('borrower.time', { 'contact.convenient': { as: 'yes' } });
    await b.answer('borrower.idLast4', { 'person.idLast4': { text: '001X' } });
    await b.answer('borrower.home', { 'person.home': { text: '星港市虚构区演示路1号' } });
    await b.answer('borrower.purpose', { 'application.purpose': { as: 'ownHome' } });
    await b.answer('borrower.signer', { 'application.signer': { as: 'self' } });
    expect([middle(b, 'script').step.id, reply()]).toEqual(['borrower.loan', null]);
    await refuse();
    expect(reply()?.zh).toBe('理解您的顾虑，您可以不回答；我会如实记录，后续由经办网点与您联系。');
    await b.send({ type: 'draft.chosen', about: 'loan.amount', as: 'unknown' });
    expect(reply()).toBeNull();

    const employer = bench([demoCase('DEMO-01-E')]);
    await employer.talk();
    await employer.send({ type: 'step.committed', step: 'employer.opening' });
    await employer.send({ type: 'draft.chosen', about: 'respondent.name', as: 'refused' });
    const named = middle(employer, 'script').step.fields.find(({ about }) => about === 'respondent.name');
    expect(named?.reply?.zh).toBe('好的，您可以不回答，我会如实记录。');
  });

  it('the aside just said stands as a hint, with the number of the case in it', async () => {
    const b = bench();
    await b.talk();
    await b.send({ type: 'exit.chosen', step: 'borrower.opening', exit: 'suspectsFraud' });
    expect(middle(b, 'script').step.hint?.zh).toContain('DEMO-01-B');
  });

  it('that help was asked for stands at the script and in its exits for the rest of the call', async () => {
    const b = bench();
    await b.talk();
    expect(middle(b, 'script')).toMatchObject({ badges: [], helpAsked: false });
    await b.send({ type: 'help.asked' });
    await b.answer('borrower.opening', { 'contact.person': { as: 'himself' } });
    expect(middle(b, 'script')).toMatchObject({ badges: [{ text: { zh: '已求助班长' } }], helpAsked: true });
  });

  it('nothing may be revealed before the identity is confirmed, and everything after it', async () => {
    const b = bench();
    await opening(b);
    expect(middle(b, 'script')).toMatchObject({ reveal: 'nothing', callOver: false });
    await b.answer('borrower.recording', { 'consent.recording': { as: 'yes' } });
    await b.answer('borrower.time', { 'contact.convenient': { as: 'yes' } });
    await b.answer('borrower.idLast4', { 'person.idLast4': { text: '００１ｘ' } });
    expect(middle(b, 'script').reveal).toBe('nothing');
    expect(middle(b, 'script').lastAnswers).toMatchObject([{ said: '●●●●', file: null }]);
    await b.answer('borrower.home', { 'person.home': { text: '星港市虚构区演示路1号' } });
    expect(middle(b, 'script')).toMatchObject({ reveal: 'matter', step: { id: 'borrower.purpose' } });
    expect(middle(b, 'script').badges.map((badge) => badge.text.zh)).toEqual(['录音已告知', '本人已核验']);
    await b.otherHangsUp();
    expect(middle(b, 'script').callOver).toBe(true);
  });

  describe('of an employer whose employee has spoken of the job', () => {
    const said = { 'employer.department': '设计部', 'employer.position': '首席设计师', 'job.duties': '给文具画外观图' };
    const employed = {
      'employer.opening': {},
      'employer.name': { 'employer.name': { text: '纸鹤航天文具有限公司' }, 'respondent.name': { text: '余' } },
      'employer.respondent': { 'respondent.role': { as: 'hr' }, 'respondent.competent': { as: 'yes' } },
      'employer.status': { 'employment.status': { as: 'employed' } },
      'employer.position': { 'employer.department': { text: '设计部' }, 'employer.position': { as: 'unknown' } },
      'employer.since': { 'employer.since': { text: '2019年3月' } },
    } as const;
    const toDuties = async (borrowerSaid?: Record<string, string>) => {
      const b = bench([demoCase('DEMO-01-E', borrowerSaid ? { borrowerSaid } : {})]);
      await b.talk();
      for (const [step, drafts] of Object.entries(employed)) await b.answer(step, drafts);
      expect(middle(b, 'script').step.id).toBe('employer.duties');
      return b;
    };
    const duties = { 'job.duties': { text: '裁纸' }, 'job.concreteness': { as: 'concrete' } } as const;

    it('the words of the two stand beside each other once the employer’s are saved, and nowhere before', async () => {
      const b = await toDuties(said);
      expect(b.of('attempt.started')[0]?.body.borrowerSaid).toBe(true);
      expect(middle(b, 'script').step).toMatchObject({ beside: [], hint: { zh: '提交后与借款人的说法比对。' } });
      expect(JSON.stringify(workbenchOf(b))).not.toMatch(/首席设计师|画外观图/);
      await b.answer('employer.duties', duties);
      const { step } = middle(b, 'script');
      expect(step).toMatchObject({ id: 'employer.compared', kind: 'observe', sentence: null });
      expect(step.fields).toMatchObject([{ about: 'job.agreement', mandatory: true }]);
      expect(step.beside).toEqual([
        { label: { zh: '部门', en: 'Department' }, said: '设计部', borrower: '设计部' },
        { label: { zh: '职务', en: 'Position' }, said: '不清楚', borrower: '首席设计师' },
        { label: { zh: '主要工作', en: 'Duties' }, said: '裁纸', borrower: '给文具画外观图' },
      ]);
      await b.answer('employer.compared', { 'job.agreement': { as: 'contradictory' } });
      expect(middle(b, 'script').step).toMatchObject({ id: 'employer.income', beside: [], hint: null });
    });

    it('what the borrower did not say is named as missing, another employer that they named is shown', async () => {
      const b = await toDuties({ 'employer.name': '云朵牙刷机械', 'job.duties': '安排发货' });
      await b.answer('employer.duties', duties);
      expect(middle(b, 'script').step.beside.map((row) => [row.label.zh, row.borrower])).toEqual([
        ['工作单位', '云朵牙刷机械'],
        ['部门', null],
        ['职务', null],
        ['主要工作', '安排发货'],
      ]);
    });

    it('who has not is said so at the question, and the call goes on without the comparison', async () => {
      const b = await toDuties();
      expect(b.of('attempt.started')[0]?.body).not.toHaveProperty('borrowerSaid');
      expect(middle(b, 'script').step.hint?.zh).toContain('借款人尚未回答');
      await b.answer('employer.duties', duties);
      expect(middle(b, 'script').step).toMatchObject({ id: 'employer.income', beside: [] });
    });
  });

  it('what somebody is asked and may leave open begins with leaving it open', async () => {
    const b = bench();
    await b.talk();
    const { moves } = play(borrowerScript, cleanBorrower, cleanFile, ordinaryDay, 'borrower.employerPhone');
    const begun = b.work().conversation!;
    const conversation = startConversation(borrowerScript, begun.ref, ordinaryDay, moves);
    const fields = selectScript({ ...b.work(), conversation }, 'a1001', 'zh')?.step.fields ?? [];
    expect(fields.map(({ about, mandatory }) => [about, mandatory])).toEqual([
      ['employer.phone', true],
      ['employer.contactPerson', false],
      ['employer.slot', false],
    ]);
    expect(fields[2]?.choices.map(({ label }) => label.zh)).toEqual([
      '没有 / 不填',
      '上午',
      '下午',
      '都可以',
      '不清楚',
      '不愿回答',
    ]);
  });

  it('in the employer call nothing of the loan may ever be said, and the employment only to somebody who may confirm it', async () => {
    const b = bench([demoCase('DEMO-01-E')]);
    const reveal = () => middle(b, 'script').reveal;
    await b.talk();
    await b.send({ type: 'step.committed', step: 'employer.opening' });
    expect(reveal()).toBe('employer');
    await b.answer('employer.name', {
      'employer.name': { text: '纸鹤航天文具（虚构）有限公司' },
      'respondent.name': { text: '前台' },
    });
    expect(middle(b, 'script')).toMatchObject({ reveal: 'employer', step: { id: 'employer.respondent' } });
    await b.answer('employer.respondent', {
      'respondent.role': { as: 'switchboard' },
      'respondent.competent': { as: 'no' },
    });
    expect(middle(b, 'script')).toMatchObject({ reveal: 'employer', step: { id: 'employer.transfer' } });
    await b.answer('employer.transfer', { 'respondent.transfer': { as: 'done' } });
    await b.send({ type: 'step.committed', step: 'employer.transferNotice' });
    await b.answer('employer.transferred', { 'respondent.role': { as: 'hr' }, 'respondent.competent': { as: 'yes' } });
    expect(middle(b, 'script')).toMatchObject({ reveal: 'employment', step: { id: 'employer.status' } });
    await b.send({ type: 'exit.chosen', step: 'employer.status', exit: 'refusal' });
    expect(reveal()).toBe('employer');
  });

  it('when somebody else takes over a confirmed call, nothing may be said any more', async () => {
    const b = bench();
    await opening(b);
    await b.answer('borrower.recording', { 'consent.recording': { as: 'yes' } });
    await b.answer('borrower.time', { 'contact.convenient': { as: 'yes' } });
    await b.answer('borrower.idLast4', { 'person.idLast4': { text: '001X' } });
    await b.answer('borrower.home', { 'person.home': { text: '星港市虚构区演示路1号' } });
    expect(middle(b, 'script').reveal).toBe('matter');
    await b.send({ type: 'exit.chosen', step: 'borrower.purpose', exit: 'thirdParty' });
    expect(middle(b, 'script').reveal).toBe('nothing');
  });

  it('choices stand in the order of the script with its own first, and slips beside their field', async () => {
    const b = bench();
    await b.talk();
    const choices = () => middle(b, 'script').step.fields[0]?.choices.map((choice) => choice.as);
    expect(choices()?.slice(0, 3)).toEqual(['himself', 'someoneElse', 'wrongNumber']);
    await b.answer('borrower.opening');
    expect(middle(b, 'script').step.slips).toMatchObject([{ about: 'contact.person' }]);
  });

  it('looking back shows what was answered in the language of the screen', async () => {
    const b = bench();
    await opening(b);
    await b.send({ type: 'previous.asked' });
    expect(middle(b, 'script').review).toMatchObject({ step: 'borrower.opening', answers: [{ said: '本人' }] });
    expect(middle(b, 'script', 'en').review?.answers).toMatchObject([{ said: 'The person' }]);
  });

  it('while an answer is being saved the question stays on the screen', async () => {
    const b = bench();
    await b.talk();
    const release = b.hold();
    await b.answer('borrower.opening', { 'contact.person': { as: 'himself' } });
    expect(middle(b, 'script').step.id).toBe('borrower.opening');
    release();
    await b.settle();
    expect(middle(b, 'script').step.id).toBe('borrower.recording');
  });

  it('what is asked behind the last required point is no further one', async () => {
    const b = bench([demoCase('DEMO-01-E')]);
    await b.send({ type: 'case.chosen', caseId: 'DEMO-01-E' });
    await b.talk();
    await isThere(b, 'hr', 'yes');
    await b.answer('employer.status', { 'employment.status': { as: 'employed' } });
    await b.answer('employer.position', {
      'employer.department': { text: '设计部' },
      'employer.position': { text: '产品设计师' },
    });
    await b.answer('employer.since', { 'employer.since': { text: '2019年3月' } });
    await b.answer('employer.duties', {
      'job.duties': { text: '画新文具的外观图' },
      'job.concreteness': { as: 'concrete' },
    });
    await b.answer('employer.income', { 'income.monthly': { text: '一万五' } });
    await b.answer('employer.office', {
      'employer.address': { text: '星港市虚构区折纸大道8号三楼' },
      'employer.headcount': { text: '300' },
    });
    await b.answer('employer.secondLine', {
      'employer.secondLine': { as: 'landline' },
      'employer.secondPhone': { as: 'skipped' },
    });
    const { step, progress, position } = middle(b, 'script');
    expect([step.id, position]).toEqual(['employer.observed', { at: progress.length, of: progress.length }]);
  });
});

describe('the wrap-up', () => {
  it('shows the proposal with its reason in words and what follows by which rule', async () => {
    const b = bench();
    await unanswered(b);
    const wrapUp = middle(b, 'wrapUp');
    expect(wrapUp).toMatchObject({
      proposal: { result: 'NO_ANSWER', preselected: true },
      chosen: 'NO_ANSWER',
      disposition: null,
      dispositionChoices: [],
      canConfirm: true,
      interrupted: false,
    });
    expect(wrapUp.proposal.reason.zh).toContain('40');
    expect(wrapUp.followUps).toMatchObject([{ kind: 'RETRY', optional: false, ticked: true }]);
    expect(wrapUp.followUps[0]?.rule.zh).not.toContain('.');
  });

  it('names nobody who may be asked about next while the desk is on hold for a colleague', async () => {
    const b = await deskWaits();
    expect(middle(b, 'wrapUp').employees).toHaveLength(1);
    await b.send({ type: 'consult.asked', number: '8001' });
    expect(workbenchOf(b).callBar.passing).toMatchObject({ stage: 'holding' });
    expect(middle(b, 'wrapUp').employees).toEqual([]);
  });

  it('while the desk of an employer waits, names who may be asked about next, each told apart, and says that the result is complete', async () => {
    const b = await deskWaits([second, colleague('DEMO-22-E')]);
    expect(middle(b, 'wrapUp')).toMatchObject({
      canConfirm: false,
      canGoOn: true,
      employees: [
        { caseId: 'DEMO-21-E', name: '全*构', line: { zh: expect.stringContaining('DEMO-21-E') } },
        { caseId: 'DEMO-22-E', name: '全*构', line: { zh: expect.stringContaining('DEMO-22-E') } },
      ],
    });
    const release = b.hold();
    await b.send({ type: 'employee.chosen', caseId: 'DEMO-22-E' });
    expect(middle(b, 'wrapUp')).toMatchObject({ saving: true });
    release();
    await b.settle();
    expect(workbenchOf(b).callBar).toMatchObject({
      state: 'talking',
      attemptNumber: 1,
      can: { hangUp: true, hold: true },
    });
    expect(middle(b, 'script')).toMatchObject({
      caseId: 'DEMO-22-E',
      saidAlready: { zh: '同一通电话：开场白已说过，按已听到的回答记录即可。' },
    });
    await b.answer('employer.opening');
    expect(middle(b, 'script').saidAlready).not.toBeNull();
    await b.answer('employer.name', {
      'employer.name': { text: '纸鹤航天文具有限公司' },
      'respondent.name': { text: '前台' },
    });
    expect(middle(b, 'script').saidAlready).toBeNull();
    await b.otherHangsUp();
    expect(middle(b, 'script').callOver).toBe(true);
  });

  it('lists the answers in words, identity hidden, in the language of the screen', async () => {
    const b = bench();
    await opening(b);
    await b.answer('borrower.recording', { 'consent.recording': { as: 'yes' } });
    await b.answer('borrower.time', { 'contact.convenient': { as: 'yes' } });
    await b.answer('borrower.idLast4', { 'person.idLast4': { text: '001X' } });
    await b.breakOff('borrower.home');
    expect(middle(b, 'wrapUp', 'en').answers.map((answer) => answer.said)).toEqual([
      'The person',
      'Yes',
      'Yes',
      '●●●●',
    ]);
    expect(middle(b, 'wrapUp')).toMatchObject({ canConfirm: false, disposition: { code: 'BREAK_OFF' } });
  });
});

describe('captions of practice customers', () => {
  const caption = (zh: string) => JSON.stringify({ speaker: { zh: '客户', en: 'Customer' }, zh, en: 'Hello' });

  it('show what parses, as text; the rest is nothing', () => {
    const hostile = ['', 'null', '{', '[]', '{"speaker":1}', caption('长'.repeat(501)), '{"__proto__":{"zh":"x"}}'];
    expect(captionsOf(hostile)).toEqual([]);
    expect(captionsOf([caption('<script>alert(1)</script>')])[0]?.text.zh).toBe('<script>alert(1)</script>');
  });

  it('are kept for the running call, at most fifty, and only in practice', async () => {
    for (const practice of [true, false]) {
      const cases = [demoCase('DEMO-01-B', { isDemo: practice })];
      const b = bench(practice ? cases : [{ ...realCase, isDemo: false }], { practice });
      await b.talk();
      for (let n = 0; n < 60; n++)
        b.far().record.tell({ type: 'call.note', contentType: captionContentType, body: caption(`第${n}句`) });
      b.far().record.tell({ type: 'call.note', contentType: 'text/plain', body: caption('别的') });
      await b.settle();
      const shown = workbenchOf(b).captions.map((line) => line.text.zh);
      expect(shown.length).toBe(practice ? 50 : 0);
      expect(shown.at(-1)).toBe(practice ? '第59句' : undefined);
    }
  });
});

const number = '13812345678';
const realCase = demoCase('DEMO-07', {
  contacts: demoCase('DEMO-07').contacts.map((contact) => ({
    ...contact,
    number,
    sources: contact.sources.map((source) => ({ ...source, number })),
  })),
});
