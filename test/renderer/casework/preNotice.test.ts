import { describe, expect, it } from 'vitest';
import { preNoticeLines } from '#shared/case/noticeLines.ts';
import { middle, workbenchOf } from '../station/support.ts';
import { type Bench, bench, demoCase, start } from './bench.ts';

const notice = (b: Bench) => middle(b, 'preview').preNotice;
const at = new Date(start).toISOString();
const asked = demoCase('DEMO-01-B', { history: [{ at, text: preNoticeLines.requested }] });
const sent = demoCase('DEMO-01-B', { history: [{ at, text: preNoticeLines.sent }] });

describe('an SMS notice before the first call', () => {
  it('is offered, shows its words, and is an entry after a second key; what became of it is told', async () => {
    const b = bench();
    expect(notice(b)).toEqual({ stage: 'offered' });
    await b.send({ type: 'preNotice.confirmed' });
    expect(b.facts).toEqual([]);
    await b.send({ type: 'preNotice.opened' });
    expect(notice(b)).toMatchObject({ stage: 'asking', number: '154****0001' });
    expect(b.facts).toEqual([]);
    await b.send({ type: 'preNotice.confirmed' }, { type: 'preNotice.confirmed' });
    expect(b.facts).toEqual([
      {
        kind: 'notice.requested',
        caseId: 'DEMO-01-B',
        body: { contact: 'mobile', template: 'BEFORE_FIRST_CALL' },
      },
    ]);
    expect(notice(b)).toEqual({ stage: 'saving' });
    await b.send({ type: 'cases.changed', cases: [asked] });
    expect(notice(b)).toMatchObject({ stage: 'requested', at: start, waits: { zh: '等待后台发送。' } });
    const away = workbenchOf(b, 'zh', '', false).middle;
    expect(away).toMatchObject({ preNotice: { waits: { zh: '后台已断开，恢复连接后发送。' } } });
    await b.send({ type: 'cases.changed', cases: [sent] });
    expect(notice(b)).toEqual({ stage: 'sent', at: start, waits: null });
  });

  it('left without sending, it is offered again; another number or case begins anew', async () => {
    const b = bench([demoCase('DEMO-01-B'), demoCase('DEMO-07')]);
    await b.send({ type: 'preNotice.opened' }, { type: 'preNotice.closed' });
    expect([notice(b), b.facts]).toEqual([{ stage: 'offered' }, []]);
    await b.send({ type: 'preNotice.opened' }, { type: 'case.chosen', caseId: 'DEMO-07' });
    expect(notice(b)).toEqual({ stage: 'offered' });
    await b.send({ type: 'preNotice.confirmed' });
    expect(b.facts).toEqual([]);
  });

  it('is not offered to an employer, on a break, or once somebody called', async () => {
    const employer = bench([demoCase('DEMO-01-E')]);
    await employer.send({ type: 'preNotice.opened' });
    expect(notice(employer)).toBeNull();
    const b = bench();
    await b.send({ type: 'preNotice.opened' }, { type: 'break.started', reason: 'MEAL' });
    await b.send({ type: 'preNotice.confirmed' });
    expect([notice(b), b.log]).toEqual([null, ['break.started']]);
    const past = {
      attempt: 'a1',
      at,
      contact: 'mobile',
      direction: 'out',
      callResult: 'BUSY',
      talkedSeconds: 0,
    } as const;
    expect(notice(bench([demoCase('DEMO-01-B', { attempts: [past] })]))).toBeNull();
    expect(notice(bench([{ ...sent, attempts: [past] }]))).toBeNull();
  });

  it('never stands in the way of the dial: asked about, on its way, or not to be recorded', async () => {
    const b = bench();
    await b.send({ type: 'preNotice.opened' }, { type: 'dial.asked' });
    expect(b.log).toEqual(['attempt.started', 'INVITE']);

    const late = bench();
    const release = late.hold();
    await late.send({ type: 'preNotice.opened' }, { type: 'preNotice.confirmed' }, { type: 'dial.asked' });
    expect(late.state().matches('starting')).toBe(true);
    release();
    await late.settle();
    expect(late.log).toEqual(['notice.requested', 'attempt.started', 'INVITE']);

    const full = bench();
    full.refuse();
    await full.send({ type: 'preNotice.opened' }, { type: 'preNotice.confirmed' });
    expect(full.context().problem?.sentence.zh).toContain('已保留');
    await full.send({ type: 'dial.asked' });
    expect(full.log).toEqual(['attempt.started', 'INVITE']);
    await full.pass(5_000);
    expect(full.log).toEqual(['attempt.started', 'INVITE', 'notice.requested']);
  });

  it('tells the practice customer only once it was sent', async () => {
    const told = async (b: Bench) => {
      await b.send({ type: 'dial.asked' });
      return JSON.parse(decodeURIComponent(b.dialled[0]?.headers['X-Practice'] ?? ''));
    };
    expect(await told(bench([asked]))).toMatchObject({ attempt: 1, events: [] });
    expect(await told(bench([sent]))).toMatchObject({ attempt: 1, events: ['sms'] });
  });
});
