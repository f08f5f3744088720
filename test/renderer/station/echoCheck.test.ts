import { describe, expect, it } from 'vitest';
import type { Call, CallEvent } from '../../../renderer/phone/phone.ts';
import { callEcho } from '../../../renderer/station/echoCheck.ts';

type Happens = (tell: (event: CallEvent) => void) => void;

/** A test call in which this happens; time passes only when somebody waits. */
async function echo(happens: Happens, { level = 0, packets = 0, abortAfter = Number.POSITIVE_INFINITY } = {}) {
  const listeners = new Set<(event: CallEvent) => void>();
  const controller = new AbortController();
  const seen = { dialled: '', hungUp: 0, attempt: '', waited: 0 };
  const call = {
    subscribe(listener: (event: CallEvent) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    hangUp: () => {
      seen.hungUp += 1;
    },
    measure: async () => ({ packetsReceived: packets }),
  };
  const finding = await callEcho({
    phone: {
      consult(permit, attempt) {
        seen.dialled = permit.number;
        seen.attempt = attempt;
        queueMicrotask(() => happens((event) => [...listeners].forEach((listener) => void listener(event))));
        return call as unknown as Call; // as: the members used are there
      },
    },
    number: '9196',
    newId: () => 'id',
    farLevel: () => level,
    wait: async (ms, signal) => {
      await Promise.resolve();
      await Promise.resolve();
      if (signal.aborted) return;
      seen.waited += ms;
      if (seen.waited > abortAfter) controller.abort();
    },
    now: () => 0,
    signal: controller.signal,
  });
  return { finding, seen };
}

const answers: Happens = (tell) => tell({ type: 'call.answered' });

describe('the test call', () => {
  it('ends by itself soon after the voice came back, and is no attempt of a case', async () => {
    const { finding, seen } = await echo(answers, { level: 0.6, packets: 50 });
    expect(finding?.state).toBe('ok');
    expect(seen).toMatchObject({ dialled: '9196', attempt: 'selfcheck-id', hungUp: 1 });
    expect(seen.waited).toBeLessThan(2_500);
  });

  it('tells a quiet agent from a network that keeps the voice back', async () => {
    const quiet = await echo(answers, { packets: 50 });
    expect(quiet.finding).toMatchObject({ state: 'warning', sentence: { zh: expect.stringContaining('静音') } });
    const blocked = await echo(answers, { packets: 0 });
    expect(blocked.finding).toMatchObject({ state: 'failed', sentence: { zh: expect.stringContaining('防火墙') } });
    expect([quiet.seen.hungUp, blocked.seen.hungUp]).toEqual([1, 1]);
  });

  it('that the phone ended for a customer who rings says nothing, before its answer or after', async () => {
    const ended = { reason: 'HUNG_UP', by: 'AGENT' } as const;
    const givesWay: Happens = (tell) => tell({ type: 'call.ended', ended });
    expect((await echo(givesWay)).finding).toBeUndefined();
    const late: Happens = (tell) => {
      answers(tell);
      queueMicrotask(() => givesWay(tell));
    };
    expect((await echo(late)).finding).toBeUndefined();
  });

  it('that is refused says the phone’s own sentence, else what to do', async () => {
    const sentence = { zh: '话机已断线', en: 'The line is down' };
    const ended = { reason: 'LINE_LOST', by: 'NETWORK' } as const;
    const lost = await echo((tell) => tell({ type: 'call.ended', ended, sentence }));
    expect(lost.finding).toEqual({ state: 'failed', sentence });
    const refused = await echo((tell) => tell({ type: 'call.ended', ended }));
    expect(refused.finding).toMatchObject({ state: 'failed', sentence: { zh: expect.stringContaining('没有接通') } });
  });

  it('nobody answers: it is given up and hung up', async () => {
    const { finding, seen } = await echo(() => undefined);
    expect(finding?.state).toBe('failed');
    expect(seen).toMatchObject({ hungUp: 1, waited: 15_000 });
  });

  it('the far side hangs up at once: it does not listen on', async () => {
    const { seen } = await echo((tell) => {
      tell({ type: 'call.answered' });
      tell({ type: 'call.ended', ended: { reason: 'HUNG_UP', by: 'OTHER' } });
    });
    expect(seen.waited).toBeLessThan(1_000);
  });

  it('whoever closes the self-check ends the call', async () => {
    const { seen } = await echo(answers, { abortAfter: 500 });
    expect(seen.hungUp).toBe(1);
    expect(seen.waited).toBeLessThan(1_000);
  });
});
