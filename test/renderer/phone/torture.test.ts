/** The torture messages of RFC 4475 against the station's phone: what is odd and right is understood, what is wrong does no harm. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { tortureMessages } from '../../sip/torture.ts';
import { fakeStation, goodAnswer, kind, watched } from './fakeStation.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settle = () => vi.advanceTimersByTimeAsync(20);

let tokens = 0;
const parties = { to: 'sip:1001@bank.example', domain: 'bank.example', token: () => `torture${++tokens}` };

/** A station that takes every call that rings, and hangs up. */
async function station() {
  const one = fakeStation(
    kind((request, reply) => {
      if (request.method === 'INVITE') reply({ body: goodAnswer });
    }),
  );
  await one.connect();
  await one.phone.line.register(300, 1_000);
  const rung: ReturnType<typeof watched>[] = [];
  one.phone.onIncoming((call) => rung.push(watched(call)));
  return { ...one, rung };
}

/** What a right, odd message is answered with; the others of them are answers nobody waits for. */
const understood: Readonly<Record<string, string>> = {
  '3.1.1.1': '180',
  '3.1.1.2': '405',
  '3.1.1.3': '180',
  '3.1.1.4': '200',
  '3.1.1.5': '405',
  '3.1.1.6': '200',
  '3.1.1.7': '180',
  '3.1.1.8': '200',
  '3.1.1.9': '404',
  '3.1.1.10': '200',
  '3.1.1.11': '200',
  '3.2.1': '200',
  '3.3.5': '420',
  '3.3.6': '488',
  '3.3.7': '200',
  '3.3.11': '200',
  '3.3.12': '200',
  '3.3.13': '200',
  '3.3.14': '200',
  '3.3.15': '180',
  '3.4.1': '180',
};

it.each(tortureMessages(parties))('$name', async ({ name, text, valid }) => {
  const { said, rung, wire, dial, spoken } = await station();
  const before = said.length;
  wire().arrive(text);
  await settle();
  const answers = said.slice(before).map((message) => message.text.split(' ')[1]);
  const expected = understood[name.split(' ')[0] ?? ''];
  if (valid && expected !== undefined) expect(answers).toContain(expected);

  for (const { call, ended } of rung) {
    call.hangUp();
    expect(ended()).toHaveLength(1);
  }
  await settle();
  // Whatever it was: the line answers and a call works.
  const { call, types } = dial();
  await settle();
  expect(types()).toContain('call.answered');
  call.hangUp();
  await settle();
  expect(spoken('BYE').length).toBeGreaterThan(0);
});
