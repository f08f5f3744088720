/** The twelve demo cases, dialled on the real process: every behaviour of every number, by attempt, time and event. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Agent, createAgent } from './agent.ts';
import { type PracticeProcess, startPractice } from './process.ts';
import { until } from './voice.ts';

let practice: PracticeProcess;
let agent: Agent;

beforeAll(async () => {
  practice = await startPractice(['--speed', '20']);
  agent = await createAgent(practice.port, '1001', 'pass1001');
});
afterAll(async () => {
  await agent.close();
  await practice.stop();
});

const morning = '2026-03-11T10:00:00+08:00';
const noon = '2026-03-11T12:15:00+08:00';
const afternoon = '2026-03-11T15:00:00+08:00';
const earlyAfternoon = '2026-03-11T14:00:00+08:00';
const evening = '2026-03-11T19:30:00+08:00';

/** A call that is answered: who speaks first, and with what words. */
const answered: [name: string, number: string, context: object, speaker: string, words: string][] = [
  ['DEMO-01 borrower', '154-0000-0001', {}, '本人', '喂'],
  ['DEMO-01 employer', '026-0000-0001', {}, '余虚构', '人事部'],
  ['DEMO-02 borrower', '15400000002', {}, '本人', '喂'],
  ['DEMO-02 the number on file is a mobile', '154-0000-0092', {}, '前台', '万能证明公司'],
  ['DEMO-03 borrower', '154-0000-0003', {}, '本人', '喂'],
  ['DEMO-03 former employer', '026-0000-0003', {}, '物流部同事', '两个月前离职'],
  ['DEMO-03 new employer', '026-0000-0023', {}, '乔如果', '云朵牙刷'],
  ['DEMO-04 as keyed in: a noodle shop', '026-0000-0040', {}, '面馆', '打错了'],
  ['DEMO-04 as on the form, with an extension', '026-0000-0004转801', {}, '钟模拟', '人事处'],
  ['DEMO-05 a temp in the afternoon', '026-0000-0005', { clock: afternoon, attempt: 3 }, '临时工', '周三下午'],
  [
    'DEMO-05 the manager as agreed',
    '026-0000-0005',
    { clock: earlyAfternoon, attempt: 4, events: ['appointment'] },
    '何沙盘',
    '面点师',
  ],
  ['DEMO-05 the manager on a Wednesday', '026-0000-0005', { clock: afternoon, attempt: 4 }, '何沙盘', '面点师'],
  ['DEMO-06 spouse', '154-0000-0026', {}, '配偶', '他换号了'],
  ['DEMO-06 new mobile', '154-0000-0036', {}, '本人', '喂'],
  ['DEMO-07 in the evening', '154-0000-0007', { clock: evening, attempt: 4 }, '本人', '快点说'],
  ['DEMO-07 at noon', '154-0000-0007', { clock: noon, attempt: 4 }, '本人', '快点说'],
  ['DEMO-08 first, after a pre-notice', '154-0000-0008', { attempt: 1, events: ['sms'] }, '本人', '官方热线'],
  ['DEMO-08 after the SMS', '154-0000-0008', { attempt: 3, events: ['sms'] }, '本人', '官方热线'],
  ['DEMO-09 first', '154-0000-0009', { attempt: 1 }, '本人', '我在开会'],
  ['DEMO-09 as agreed', '154-0000-0009', { attempt: 2, events: ['appointment'] }, '本人', '喂'],
  ['DEMO-10 guarantor', '154-0000-0010', {}, '柯练习', '喂'],
  ['DEMO-11 borrower', '154-0000-0011', {}, '本人', '喂'],
  ['DEMO-12 grandson', '154-0000-0012', { attempt: 1 }, '孙子', '奶奶不在'],
  ['DEMO-12 in dialect', '154-0000-0012', { attempt: 2 }, '方言', '边个'],
  ['DEMO-12 with a dialect agent', '154-0000-0012', { attempt: 3, events: ['dialectAgent'] }, '本人', '录音我不要'],
];

/** A call that fails: the responses in order, Q.850, and the announcement if there is one. */
const failing: [
  name: string,
  number: string,
  context: object,
  statuses: number[],
  cause: number,
  words: string | undefined,
][] = [
  ['DEMO-02 the public number is empty', '026-0000-0002', {}, [183, 404], 1, '空号'],
  ['DEMO-05 in the morning', '026-0000-0005', { clock: morning, attempt: 1 }, [180, 480], 19, undefined],
  ['DEMO-05 before half past two', '026-0000-0005', { clock: earlyAfternoon, attempt: 2 }, [180, 480], 19, undefined],
  ['DEMO-06 mobile', '154-0000-0006', {}, [183, 404], 1, '空号'],
  ['DEMO-06 home', '026-0000-0006', {}, [183, 480], 31, '停机'],
  ['DEMO-07 first', '154-0000-0007', { clock: evening, attempt: 1 }, [180, 183, 486], 17, '正在通话中'],
  ['DEMO-07 third', '154-0000-0007', { clock: morning, attempt: 3 }, [183, 480], 20, '关机'],
  ['DEMO-07 later in the daytime', '154-0000-0007', { clock: morning, attempt: 4 }, [180, 183, 486], 17, '正在通话中'],
  ['DEMO-08 second', '154-0000-0008', { attempt: 2, events: ['sms'] }, [180, 603], 21, undefined],
  ['DEMO-08 later without a notice', '154-0000-0008', { attempt: 3 }, [180, 603], 21, undefined],
  ['a number that nobody has', '154-0000-9999', {}, [183, 404], 1, '空号'],
];

describe('the customers of the demo cases', () => {
  it.concurrent.each(answered)('%s answers', async (_name, number, context, speaker, words) => {
    const call = agent.dial(number, { context });
    expect(await call.final).toBe(200);
    await until(() => call.captions.length > 0);
    expect(call.statuses).toEqual([180, 200]);
    expect(call.captions[0]?.speaker.zh).toContain(speaker);
    expect(call.captions[0]?.zh).toContain(words);
    expect(call.captions[0]?.en).toMatch(/[a-z]/);
    await until(() => call.loudness() > 5);
    expect(await call.bye()).toBe(200);
    await call.close();
  });

  it.concurrent.each(failing)('%s fails', async (_name, number, context, statuses, cause, words) => {
    const call = agent.dial(number, { context });
    expect(await call.final).toBe(statuses.at(-1));
    expect(call.statuses).toEqual(statuses);
    expect(call.reason).toContain(`cause=${cause}`);
    if (words === undefined) expect(call.captions).toEqual([]);
    else expect(call.captions.map(({ zh }) => zh.includes(words))).toEqual([true, true]);
    // An announcement is heard before the failure, or the agent could not know what it was.
    expect(call.loudness() > 20).toBe(words !== undefined);
    await call.close();
  });

  it.concurrent('DEMO-08 takes the first call for a fraud and hangs up', async () => {
    const call = agent.dial('154-0000-0008', { context: { attempt: 1 } });
    expect(await call.final).toBe(200);
    expect(await call.over).toBe('bye');
    expect(call.captions[0]?.zh).toContain('骗子');
    expect(call.reason).toContain('cause=16');
    await call.close();
  });

  it('the PBX counts attempts itself when the workstation says nothing', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 2; i++) {
      const call = agent.dial('154-0000-0009', { context: { attempt: i + 40 } });
      await call.final;
      await call.bye();
      await call.close();
    }
    const uncounted = agent.dial('154-0000-0009');
    statuses.push(await uncounted.final);
    await uncounted.bye();
    await uncounted.close();
    const invites = practice
      .facts()
      .flatMap((fact) => (fact.fact === 'invite' && fact.number === '15400000009' ? [fact.attempt] : []));
    expect(statuses).toEqual([200]);
    expect(invites.slice(-3)).toEqual([40, 41, 42]);
  });

  it('every call left one invite and one end in the log, and no socket or timer behind', async () => {
    const facts = practice.facts();
    const invited = facts.flatMap((fact) => (fact.fact === 'invite' ? [fact.callId] : []));
    const ended = facts.flatMap((fact) => (fact.fact === 'ended' ? [fact.callId] : []));
    expect(invited.length).toBe(answered.length + failing.length + 4);
    expect([...ended].sort()).toEqual([...invited].sort());
    expect(facts.filter(({ fact }) => fact === 'fault')).toEqual([]);
    await agent.close();
    await practice.idle();
  });
});
