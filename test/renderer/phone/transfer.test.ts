/** Passing calls on and digits, over the real sip.js on a fake wire, against a far side that keeps no rules. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { permitInternal } from '#shared/policy/dialPermit.ts';
import { createDigits, gapMilliseconds, toneMilliseconds } from '../../../renderer/phone/digits.ts';
import type { CallHappening } from '../../../renderer/phone/phone.ts';
import { outcomeMilliseconds, problemOfStatus, sipfragStatus } from '../../../renderer/phone/transfer.ts';
import { fakeStation, goodAnswer, kind, type Reply, type Request, watched } from './fakeStation.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settle = (milliseconds = 20) => vi.advanceTimersByTimeAsync(milliseconds);
const colleague = permitInternal([{ number: '8001', name: { zh: '授信', en: 'Credit' } }], '8001', 0)!; // it is on the list

/** A call that is up. `onRefer` gives the answers to a REFER; undefined: none. */
async function talking(onRefer: (request: Request) => Reply | undefined = () => ({ status: '202 Accepted' })) {
  const station = fakeStation(
    kind((request, reply) => {
      if (request.method === 'INVITE') reply({ body: goodAnswer });
      const answer = request.method === 'REFER' ? onRefer(request) : undefined;
      if (answer) reply(answer);
    }),
  );
  await station.connect();
  const dialled = station.dial();
  await settle();
  const ack = () => station.spoken('ACK')[0]!;
  let sequence = 10;
  const notify = async (body: string, state = 'active;expires=60', event = 'refer') => {
    sequence += 1;
    station
      .wire()
      .arrive(
        [
          `NOTIFY ${station.spoken('INVITE')[0]!.header('Contact').slice(1, -1).replace(';ob', '')} SIP/2.0`,
          `Via: SIP/2.0/WS pbx.invalid;branch=z9hG4bKn${sequence}`,
          `From: ${ack().header('To')}`,
          `To: ${ack().header('From')}`,
          `Call-ID: ${ack().header('Call-ID')}`,
          `CSeq: ${sequence} NOTIFY`,
          `Event: ${event}`,
          `Subscription-State: ${state}`,
          'Content-Type: message/sipfrag;version=2.0',
          `Content-Length: ${body.length}`,
          '',
          body,
        ].join('\r\n'),
      );
    await settle();
  };
  const outcome = (act: Promise<void>) => {
    const found: { is: string } = { is: 'pending' };
    void act.then(
      () => (found.is = 'done'),
      (error: unknown) => (found.is = error instanceof Error && 'code' in error ? String(error.code) : String(error)),
    );
    return found;
  };
  return { station, ...dialled, notify, outcome };
}

describe('a blind transfer', () => {
  it('is a REFER within the dialog that names the number in brackets; 200 ends our call with a BYE', async () => {
    const { station, call, notify, outcome, types, ended } = await talking();
    const found = outcome(call.transfer(colleague));
    await settle();
    const [refer] = station.spoken('REFER');
    expect(refer?.header('Refer-To')).toBe('<sip:8001@bank.example>');
    expect(refer?.header('Call-ID')).toBe(station.spoken('INVITE')[0]?.header('Call-ID'));
    await notify('SIP/2.0 100 Trying\r\n');
    await notify('SIP/2.0 180 Ringing\r\n');
    expect(found.is).toBe('pending');
    await notify('SIP/2.0 200 OK\r\n', 'terminated;reason=noresource');
    expect([found.is, station.spoken('BYE').length]).toEqual(['done', 1]);
    expect(types().filter((type) => type === 'call.transferring')).toHaveLength(3);
    expect(ended()).toMatchObject([{ ended: { reason: 'HUNG_UP', by: 'AGENT' } }]);
    expect(call.facts().transfers).toEqual([{ to: '8001', how: 'BLIND', result: 'DONE' }]);
  });

  it.each([
    ['486 Busy Here', 'TRANSFER_BUSY'],
    ['404 Not Found', 'TRANSFER_NO_SUCH_NUMBER'],
    ['480 Gone', 'TRANSFER_NO_ANSWER'],
    ['603 Decline', 'TRANSFER_REFUSED'],
  ])('told as %s goes on as a call, and says why', async (status, code) => {
    const { station, call, notify, outcome, ended } = await talking();
    const found = outcome(call.transfer(colleague));
    await settle();
    await notify(`SIP/2.0 ${status}\r\n`, 'terminated;reason=noresource');
    expect([found.is, ended(), station.spoken('BYE')]).toEqual([code, [], []]);
    expect(call.facts().transfers).toMatchObject([{ result: 'REFUSED', sipStatus: Number(status.slice(0, 3)) }]);
  });

  it.each([
    ['405 Method Not Allowed', 'TRANSFER_NOT_SUPPORTED'],
    ['603 Decline', 'TRANSFER_REFUSED'],
    ['302 Elsewhere', 'TRANSFER_REFUSED'],
  ])('refused with %s at once does the same', async (status, code) => {
    const { call, outcome, ended } = await talking(() => ({ status }));
    const found = outcome(call.transfer(colleague));
    await settle();
    expect([found.is, ended()]).toEqual([code, []]);
  });

  it('without any word of its outcome is unclear after a minute, and can be tried again', async () => {
    const { call, outcome, ended } = await talking();
    const found = outcome(call.transfer(colleague));
    await settle();
    const meanwhile = outcome(call.transfer(colleague));
    await settle();
    expect(meanwhile.is).toBe('TRANSFER_NOT_NOW');
    await settle(outcomeMilliseconds);
    expect([found.is, ended()]).toEqual(['TRANSFER_UNCLEAR', []]);
    const again = outcome(call.transfer(colleague));
    await settle();
    expect(again.is).toBe('pending');
  });

  it('is not moved by a NOTIFY of another REFER, nor by one that says nothing', async () => {
    const { station, call, notify, outcome } = await talking();
    const found = outcome(call.transfer(colleague));
    await settle();
    const own = station.spoken('REFER')[0]?.header('CSeq').split(' ')[0];
    await notify('SIP/2.0 200 OK\r\n', 'terminated', `refer;id=${Number(own) + 7}`);
    await notify('<b>200</b>');
    expect(found.is).toBe('pending');
    await notify('SIP/2.0 200 OK\r\n', 'terminated', `refer;id=${own}`);
    expect(found.is).toBe('done');
  });

  it('whose exchange will tell nothing (Refer-Sub: false) is done with its 202', async () => {
    const { call, outcome } = await talking(() => ({ status: '202 Accepted', headers: ['Refer-Sub: false'] }));
    const found = outcome(call.transfer(colleague));
    await settle();
    expect(found.is).toBe('done');
  });

  it('is nothing before the answer', async () => {
    const station = fakeStation(
      kind((request, reply) => request.method === 'INVITE' && reply({ status: '180 Ringing' })),
    );
    await station.connect();
    const { call } = station.dial();
    await settle();
    await expect(call.transfer(colleague)).rejects.toMatchObject({ code: 'TRANSFER_NOT_NOW' });
    expect(station.spoken('REFER')).toEqual([]);
  });
});

describe('a consultation', () => {
  it('is a second call of the same attempt, and putting through names it in Replaces', async () => {
    const { station, call, notify, outcome } = await talking();
    const { call: consult } = watched(station.phone.consult(colleague, '00000000-0000-4000-8000-000000000001'));
    await settle();
    const invites = station.spoken('INVITE');
    expect(invites[1]?.text).toMatch(/^INVITE sip:8001@bank\.example SIP/);
    expect(invites[1]?.header('X-Attempt-Id')).toBe('00000000-0000-4000-8000-000000000001');
    expect(invites[1]?.header('X-Call-Leg')).toBe('consult');
    const found = outcome(call.transfer(consult));
    await settle();
    const referTo = station.spoken('REFER')[0]?.header('Refer-To') ?? '';
    const id = invites[1]?.header('Call-ID') ?? '';
    expect(decodeURIComponent(referTo)).toMatch(
      new RegExp(`^<sip:far@far\\.invalid.*\\?Replaces=${id};to-tag=far1;from-tag=.+>$`),
    );
    await notify('SIP/2.0 200 OK\r\n', 'terminated');
    expect(found.is).toBe('done');
    expect(call.facts().transfers).toEqual([{ to: '8001', how: 'ATTENDED', result: 'DONE' }]);
  });

  it('that has ended cannot be put through', async () => {
    const { station, call } = await talking();
    const { call: consult } = watched(station.phone.consult(colleague, 'x'));
    await settle();
    consult.hangUp();
    await expect(call.transfer(consult)).rejects.toMatchObject({ code: 'TRANSFER_NOT_NOW' });
  });
});

describe('what comes as the outcome of a transfer', () => {
  it.each<[string | undefined, number | undefined]>([
    ['SIP/2.0 200 OK', 200],
    [' SIP/2.0 486 Busy\r\nX: y', 486],
    ['SIP/2.0 99 Odd', undefined],
    ['SIP/2.0 2000', undefined],
    ['HTTP/1.1 200 OK', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s is read as %s', (body, status) => {
    expect(sipfragStatus(body)).toBe(status);
  });

  it('every status has a sentence of its own kind', () => {
    for (let status = 300; status < 700; status++)
      for (const of of ['REFER', 'NOTIFY'] as const) expect(problemOfStatus(status, of)).toMatch(/^TRANSFER_/);
  });
});

describe('digits', () => {
  it('leave one after the other with a pause, whoever pressed them, and are told as they leave', async () => {
    const sent: [string, number][] = [];
    const told: CallHappening[] = [];
    const from = Date.now();
    const digits = createDigits({
      tone: (digit) => sent.push([digit, Date.now() - from]) > 0,
      info: () => Promise.reject(new Error('not asked')),
      isUp: () => true,
      tell: (event) => told.push(event),
    });
    const all = Promise.all([digits.send('80,1', true), digits.send('#')]);
    await vi.runAllTimersAsync();
    await all;
    const step = toneMilliseconds + gapMilliseconds;
    expect(sent).toEqual([
      ['8', 0],
      ['0', step],
      ['1', 2 * step + 2_000],
      ['#', 3 * step + 2_000],
    ]);
    expect(gapMilliseconds).toBeGreaterThanOrEqual(100);
    expect(gapMilliseconds).toBeLessThanOrEqual(160);
    expect(told.map((event) => event.type === 'call.digitSent' && event.extension)).toEqual([true, true, true, false]);
  });

  it('that cannot be sent take the rest of their text with them, and nothing of what comes after', async () => {
    const asked: string[] = [];
    const digits = createDigits({
      tone: () => false,
      async info(digit) {
        asked.push(digit);
        if (digit === '2') throw new Error('415');
      },
      isUp: () => true,
      tell: () => undefined,
    });
    const first = digits.send('123').catch(() => 'failed');
    const second = digits.send('9');
    await vi.runAllTimersAsync();
    expect([await first, await second, asked]).toEqual(['failed', undefined, ['1', '2', '9']]);
  });

  it('are not sent into a call that is over', async () => {
    const digits = createDigits({
      tone: () => true,
      info: async () => undefined,
      isUp: () => true,
      tell: () => undefined,
    });
    digits.stop();
    await expect(digits.send('1')).rejects.toMatchObject({ code: 'DIGIT_NOT_SENT' });
  });
});
