/** How calls work on the practice PBX, whoever is called: sign-in, voice, captions, hold, digits, transfer, ring-back, ends. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Agent, type AgentCall, createAgent } from './agent.ts';
import { accounts, type PracticeProcess, startPractice } from './process.ts';
import { until } from './voice.ts';

let practice: PracticeProcess;
let agent: Agent;
const TALKER = '154-0000-0001';
const ECHO = '9196';

beforeAll(async () => {
  practice = await startPractice(['--speed', '20', '--origins', 'http://127.0.0.1:8080']);
});
afterAll(async () => {
  await practice.stop();
});
beforeEach(async () => {
  agent = await createAgent(practice.port, '1001', accounts['1001']);
});
afterEach(async () => {
  await agent.close();
});

/** A call that stands, with voice. */
async function talking(number: string): Promise<AgentCall> {
  const call = agent.dial(number);
  expect(await call.final).toBe(200);
  if (number === ECHO) await call.speak(1);
  else await until(() => call.received() > 0);
  return call;
}

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
const perSecond = async (count: () => number): Promise<number> => {
  const [before, began] = [count(), performance.now()];
  await wait(1000);
  return ((count() - before) * 1000) / (performance.now() - began);
};

describe('who may use the line', () => {
  it('an agent registers with the right password', async () => {
    expect(await agent.register()).toBe(200);
    expect(await agent.register(0)).toBe(200);
  });

  it('a wrong password and an unknown user are refused alike', async () => {
    const wrong = await createAgent(practice.port, '1001', 'wrong');
    const unknown = await createAgent(practice.port, '4711', 'wrong');
    expect([await wrong.register(), await unknown.register()]).toEqual([401, 401]);
    const call = wrong.dial(TALKER);
    expect(await call.final).toBe(407);
    await Promise.all([wrong.close(), unknown.close()]);
  });

  it('a page of another origin cannot open the socket, the workstation and the bank’s own page can', async () => {
    await expect(createAgent(practice.port, '1001', accounts['1001'], 'https://evil.example')).rejects.toThrow('403');
    await expect(createAgent(practice.port, '1001', accounts['1001'], 'null')).rejects.toThrow('403');
    for (const origin of ['app://huifang', 'http://127.0.0.1:8080']) {
      const allowed = await createAgent(practice.port, '1001', accounts['1001'], origin);
      expect(await allowed.options()).toBe(200);
      await allowed.close();
    }
  });

  it('a socket that does not ask for SIP is refused', async () => {
    const refused = await new Promise<string>((resolve) =>
      new WebSocket(`ws://127.0.0.1:${practice.port}/`).once('error', ({ message }) => resolve(message)),
    );
    expect(refused).toContain('400');
  });

  it('control asks for the token, refuses browsers and long bodies', async () => {
    const url = `http://127.0.0.1:${practice.port}/control/calls`;
    expect((await fetch(url)).status).toBe(401);
    expect((await fetch(url, { headers: { authorization: 'Bearer control-token-of-testz' } })).status).toBe(401);
    expect((await fetch(url, { headers: { origin: 'app://huifang' } })).status).toBe(403);
    expect((await practice.post('/control/hang-up', { callId: 'x'.repeat(2000) })).status).toBe(400);
    expect((await practice.post('/control/hang-up', { callId: 'nobody' })).status).toBe(404);
    expect(await (await fetch(`http://127.0.0.1:${practice.port}/health`)).json()).toEqual({ ready: true });
  });
});

describe('a call', () => {
  it('carries voice at 50 packets a second, and names its attempt in the log', async () => {
    const call = agent.dial(TALKER, { attemptId: 'attempt-7' });
    await call.final;
    await until(() => call.received() > 0);
    const rate = await perSecond(call.received);
    expect(rate).toBeGreaterThanOrEqual(46);
    expect(rate).toBeLessThanOrEqual(54);
    expect(await call.bye()).toBe(200);
    const facts = practice.facts().filter((fact) => 'callId' in fact && fact.callId === call.callId);
    expect(facts[0]).toMatchObject({ fact: 'invite', attemptId: 'attempt-7', number: '15400000001', user: '1001' });
    expect(facts.at(-1)).toMatchObject({ fact: 'ended', by: 'agent' });
  });

  it('a question is answered in words and in voice, in the order of its topics', async () => {
    const call = await talking(TALKER);
    await until(() => call.captions.length === 1);
    const heard = call.loudness();
    expect(await call.step({ step: 'borrower.amount', topics: ['loan.amount', 'loan.term', 'nobody.knows'] })).toBe(
      200,
    );
    await until(() => call.captions.length === 4);
    expect(call.captions.slice(1).map(({ zh }) => zh)).toEqual(['一百二十万。', '三百个月。', '这个我不太清楚。']);
    expect(call.captions[1]).toMatchObject({ speaker: { zh: '本人' }, en: '1,200,000 yuan.' });
    expect(call.loudness()).toBeGreaterThan(heard);
    expect(await call.info('application/x-practice-step+json', '{"step":')).toBe(400);
    await call.bye();
  });

  it('a new question drops what was not yet said to the one before', async () => {
    const call = await talking(TALKER);
    await call.step({
      step: 'borrower.all',
      topics: ['employer.address', 'employer.position', 'property.estate', 'person.home'],
    });
    await until(() => call.captions.length === 2);
    await call.step({ step: 'borrower.payday', topics: ['income.payday'] });
    await until(() => call.captions.at(-1)?.zh.includes('每月十号') === true);
    expect(call.captions.length).toBe(3);
    await call.bye();
  });

  it('the agent holds and resumes: no voice in between', async () => {
    const call = await talking(TALKER);
    expect(await call.hold(true)).toBe(200);
    expect(call.remoteDirections).toEqual(['recvonly']);
    await wait(100);
    expect(await perSecond(call.received)).toBe(0);
    expect((await practice.calls()).calls[0]?.held).toBe(true);
    expect(await call.hold(false)).toBe(200);
    await wait(100);
    expect(await perSecond(call.received)).toBeGreaterThan(40);
    await call.bye();
  });

  it('digits are understood by RTP and by INFO', async () => {
    const call = await talking(TALKER);
    await call.digit(5);
    await until(() => practice.facts().some((fact) => fact.fact === 'digit' && fact.callId === call.callId));
    expect(await call.info('application/dtmf-relay', 'Signal=8\r\nDuration=160\r\n')).toBe(200);
    expect(await call.info('application/dtmf', '#')).toBe(200);
    expect(await call.info('application/dtmf-relay', 'Signal=%\r\n')).toBe(415);
    expect(await call.info('text/plain', 'hello')).toBe(415);
    expect((await practice.calls()).calls[0]?.digits).toBe('58#');
    await call.bye();
  });

  it('the echo number sends back what was said', async () => {
    const call = agent.dial(ECHO);
    expect(await call.final).toBe(200);
    await until(() => {
      void call.speak(1).catch(() => {}); // refused until the voice is connected
      return call.loudness() >= 5;
    });
    await call.bye();
  });

  it('a transfer is accepted and reported to its end', async () => {
    const call = await talking(TALKER);
    expect(await call.refer('1002')).toBe(202);
    await until(() => call.notifications.length === 2);
    expect(call.notifications).toEqual(['SIP/2.0 100 Trying', 'SIP/2.0 200 OK']);
    await call.bye();
  });

  it('a call cancelled while it rings ends with 487', async () => {
    const call = agent.dial('026-0000-0005', { context: { clock: '2026-03-11T10:00:00+08:00' } });
    await until(() => call.statuses.includes(180));
    call.cancel();
    expect(await call.final).toBe(487);
    expect(practice.facts().at(-1)).toMatchObject({ fact: 'ended', by: 'cancel', callId: call.callId });
  });

  it('a CANCEL at any moment of the answer ends in 487 or in a call that can be hung up', async () => {
    const outcomes = new Set<number>();
    for (let delay = 0; delay < 60; delay += 4) {
      const call = agent.dial(ECHO);
      await wait(delay);
      call.cancel();
      const status = await call.final;
      outcomes.add(status);
      if (status === 200) expect(await call.bye()).toBe(200);
    }
    expect([...outcomes].every((status) => status === 200 || status === 487)).toBe(true);
    expect((await practice.calls()).calls).toEqual([]);
  });

  it('the customer can be made to hang up', async () => {
    const call = await talking(TALKER);
    expect((await practice.post('/control/hang-up', { callId: call.callId })).status).toBe(200);
    expect(await call.over).toBe('bye');
    expect(practice.facts().at(-1)).toMatchObject({ fact: 'ended', by: 'customer' });
  });

  it('a line that is cut ends its call and frees everything', async () => {
    await agent.register();
    const call = await talking(TALKER);
    expect((await practice.post('/control/drop-line', { user: '1001' })).status).toBe(200);
    await agent.closed;
    await until(() =>
      practice.facts().some((fact) => fact.fact === 'ended' && fact.callId === call.callId && fact.by === 'lost'),
    );
    await practice.idle();
    expect((await practice.calls()).calls).toEqual([]);
  });
});

describe('a customer rings the agent', () => {
  const ringBack = (number: string, how: { seconds?: number } = {}): Promise<Response> =>
    practice.post('/control/ring-back', { user: '1001', number, ...how });

  it('with the number and no name, says why, and answers questions', async () => {
    await agent.register();
    const rings = agent.rings();
    expect((await ringBack('154-0000-0008')).status).toBe(200);
    const ringing = await rings;
    expect([ringing.number, ringing.displayName]).toEqual(['15400000008', '']);
    const call = ringing.answer();
    await until(() => call.captions.length === 1 && call.loudness() > 5);
    expect(call.captions[0]?.zh).toContain('打过电话');
    await call.step({ step: 'gate.identity', topics: ['person.idLast4'] });
    await until(() => call.captions.length === 2);
    expect(call.captions[1]?.zh).toBe('0087。');
    expect(await call.bye()).toBe(200);
  });

  it('a refused call ends', async () => {
    await agent.register();
    const rings = agent.rings();
    await ringBack(TALKER);
    (await rings).reject(486);
    await until(() => practice.facts().at(-1)?.fact === 'ended');
    expect(practice.facts().at(-1)).toMatchObject({ by: 'reject', status: 486 });
  });

  it('gives up after the seconds that were asked for, 1 to 60', async () => {
    await agent.register();
    expect((await ringBack(TALKER, { seconds: 0 })).status).toBe(400);
    expect((await ringBack(TALKER, { seconds: 61 })).status).toBe(400);
    const rings = agent.rings();
    expect((await ringBack(TALKER, { seconds: 1 })).status).toBe(200);
    await rings;
    await until(() => practice.facts().at(-1)?.fact === 'ended');
    expect(practice.facts().at(-1)).toMatchObject({ by: 'cancel', status: 487 });
  });

  it('nobody is rung who is not registered, and nobody rings from an unknown number', async () => {
    expect(await (await ringBack(TALKER)).json()).toMatchObject({ error: 'practice.notRegistered' });
    await agent.register();
    expect(await (await ringBack('154-0000-9999')).json()).toMatchObject({ error: 'practice.noSuchNumber' });
  });

  it('DEMO-07 rings back by itself after the second busy call', async () => {
    await agent.register();
    const rings = agent.rings();
    const call = agent.dial('154-0000-0007', { context: { attempt: 2, clock: '2026-03-11T10:00:00+08:00' } });
    expect(await call.final).toBe(486);
    const answered = (await rings).answer();
    await until(() => answered.captions.length === 1);
    expect(answered.captions[0]?.zh).toContain('我一直占线');
    await answered.bye();
  });
});

describe('the process', () => {
  it('ends when its parent goes', async () => {
    const child = await startPractice(['--with-parent']);
    const exited = new Promise((resolve) => child.child.once('exit', resolve));
    child.child.stdin?.end();
    expect(await exited).toBe(0);
    await child.stop();
  });

  it('names an option it does not know', async () => {
    await expect(startPractice(['--nonsense'])).rejects.toThrow('nonsense');
    await expect(startPractice(['--speed', '0'])).rejects.toThrow('speed');
  });
});
