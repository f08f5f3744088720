/** Digits, passing a call on and consulting, on a real network: what a plain telephone behind a proxy gets of it. */
import type { FarCall } from './farEnd.ts';
import { bothHear, customerHears, customerHearsNothing } from './hearing.ts';
import type { SipNetwork } from './network.ts';
import { expect, type Station, type StationCall, test } from './station.ts';

/** A far end that answers, and both ends of the call. */
async function talk(
  station: Station,
  network: SipNetwork,
  prepare: (far: FarCall) => void = () => undefined,
  extension?: string,
): Promise<{ call: StationCall; far: FarCall }> {
  const number = network.callee(async (far) => {
    prepare(far);
    far.ring();
    await far.answer();
  });
  const call = await station.dial(number, extension === undefined ? {} : { extension });
  await call.until('call.mediaConnected');
  return { call, far: await network.called(number) };
}

const notify = (far: FarCall, fragment: string, state = 'active;expires=60') =>
  far.request('NOTIFY', {
    headers: ['Event: refer', `Subscription-State: ${state}`, 'Content-Type: message/sipfrag;version=2.0'],
    body: `${fragment}\r\n`,
  });

test('an extension is dialled a moment after the answer, as RFC 4733 events with pauses, and again when asked', async ({
  openStation,
  kamailio,
}) => {
  const station = await openStation();
  const { call, far } = await talk(station, kamailio, undefined, '8012');
  const begun = await call.until('call.extensionBegun');
  const answered = await call.until('call.answered');
  expect(begun.at - answered.at).toBeGreaterThanOrEqual(1_400);
  await call.until('call.digitSent', { times: 4 });
  await expect.poll(() => far.media.digits()).toBe('8012');
  expect(await station.run((lab, index) => lab.redialExtension(index), call.index)).toBe('ok');
  expect(await call.digit('#')).toBe('ok');
  await expect.poll(() => far.media.digits()).toBe('80128012#');
  expect(await station.sent('INFO')).toEqual([]);
  await call.hangUp();
  await call.ended();
});

test('digits go by INFO, each acknowledged, where the far side knows no events', async ({ openStation, kamailio }) => {
  const station = await openStation();
  const number = kamailio.callee(async (far) => {
    far.ring();
    await far.answer({
      sdp: far
        .sdp()
        .replace(/^a=(rtpmap|fmtp):(?!0 ).*\r\n/gm, '')
        .replace(/(RTP\/AVP) .*/, '$1 0'),
    });
  });
  const call = await station.dial(number);
  await call.until('call.mediaConnected');
  const far = await kamailio.called(number);
  for (const digit of ['4', '2', '#'] as const) expect(await call.digit(digit)).toBe('ok');
  const asked = far.heard.filter(({ method }) => method === 'INFO').map(({ body }) => /Signal=(\S)/.exec(body)?.[1]);
  expect(asked.join('')).toBe('42#');
  expect(far.media.digits()).toBe('');
  far.on('INFO', () => ({ status: 415 }));
  expect(await call.digit('1')).toBe('DIGIT_NOT_SENT');
  await call.hangUp();
  await call.ended();
});

test('a blind transfer is asked for within the dialog, and our call ends when the far side says that it went well', async ({
  openStation,
}) => {
  const station = await openStation();
  const call = await station.dial('2010');
  await call.until('call.mediaConnected');
  expect(await station.run((lab, index) => lab.transfer(index, '8001'), call.index)).toBe('ok');
  const ended = await call.ended();
  expect(ended.ended).toMatchObject({ reason: 'HUNG_UP', by: 'AGENT' });
  expect(ended.facts.transfers).toEqual([{ to: '8001', how: 'BLIND', result: 'DONE' }]);
  const [refer] = await station.sent('REFER');
  expect(refer).toMatch(/^Refer-To: <sip:8001@bank\.test>\r?$/im);
  expect(refer).toMatch(/^Referred-By: /im);
  await expect.poll(async () => (await station.sent('BYE')).length).toBe(1);
});

test('one that fails leaves the call with its audio, whatever the refusal is, and each try is a fact of the call', async ({
  openStation,
  kamailio,
}) => {
  const station = await openStation();
  const { call, far } = await talk(station, kamailio);
  const transfer = () => station.run((lab, index) => lab.transfer(index, '8002'), call.index);
  far.on('REFER', () => ({ status: 501 }));
  expect(await transfer()).toBe('TRANSFER_NOT_SUPPORTED');
  far.on('REFER', () => ({ status: 202 }));
  for (const [fragment, code] of [
    ['SIP/2.0 486 Busy Here', 'TRANSFER_BUSY'],
    ['SIP/2.0 404 Not Found', 'TRANSFER_NO_SUCH_NUMBER'],
    ['SIP/2.0 480 Gone', 'TRANSFER_NO_ANSWER'],
    ['no fragment at all', 'TRANSFER_UNCLEAR'],
  ] as const) {
    const before = (await station.sent('REFER')).length;
    const outcome = transfer();
    await far.until('REFER', before + 1);
    expect((await notify(far, 'SIP/2.0 100 Trying')).status).toBe(200);
    expect((await notify(far, fragment, 'terminated;reason=noresource')).status).toBe(200);
    expect(await outcome).toBe(code);
  }
  await bothHear(call, far);
  const { transfers } = await call.facts();
  expect(transfers?.map(({ result }) => result)).toEqual(['REFUSED', 'REFUSED', 'REFUSED', 'REFUSED', 'UNCLEAR']);
  await call.hangUp();
  await call.ended();
});

test('a colleague is consulted while the customer is held, and the two are put together by Replaces', async ({
  openStation,
  kamailio,
}) => {
  const station = await openStation();
  const { call, far: customer } = await talk(station, kamailio);
  expect(await call.hold(true)).toBe('ok');
  expect(customer.stationSays()).toBe('sendonly');

  const colleagueNumber = kamailio.callee(async (far) => {
    far.ring();
    await far.answer();
  });
  const attempt = crypto.randomUUID();
  const index = await station.run((lab, [number, id]) => lab.consult(number, id), [colleagueNumber, attempt] as const);
  const consult = await station.call(index);
  await consult.until('call.mediaConnected');
  const colleague = await kamailio.called(colleagueNumber);
  expect(colleague.invite.header('X-Attempt-Id')).toBe(attempt);
  await bothHear(consult, colleague);
  await customerHearsNothing(customer);

  // Swap there and back: always one of them held.
  expect(await consult.hold(true)).toBe('ok');
  expect(await call.hold(false)).toBe('ok');
  expect([customer.stationSays(), colleague.stationSays()]).toEqual(['sendrecv', 'sendonly']);
  await customerHears(customer);
  await customerHearsNothing(colleague);
  expect(await call.hold(true)).toBe('ok');
  expect(await consult.hold(false)).toBe('ok');
  expect([customer.stationSays(), colleague.stationSays()]).toEqual(['sendonly', 'sendrecv']);

  customer.on('REFER', () => ({ status: 202 }));
  const outcome = station.run((lab, [one, other]) => lab.join(one, other), [call.index, index] as const);
  const refer = await customer.until('REFER');
  const replaces = decodeURIComponent(/\?Replaces=([^>]+)>/.exec(refer.header('Refer-To'))?.[1] ?? '');
  const tagOf = (header: string) => /;tag=([^;\s>]+)/.exec(header)?.[1];
  const ack = colleague.heard.find(({ method }) => method === 'ACK');
  expect(replaces).toBe(
    `${colleague.callId};to-tag=${tagOf(ack?.header('To') ?? '')};from-tag=${tagOf(ack?.header('From') ?? '')}`,
  );
  await notify(customer, 'SIP/2.0 200 OK', 'terminated;reason=noresource');
  expect(await outcome).toBe('ok');
  expect((await call.ended()).facts.transfers).toEqual([{ to: colleagueNumber, how: 'ATTENDED', result: 'DONE' }]);
  await customer.until('BYE');
  await consult.hangUp(); // the call machine does
  await colleague.until('BYE');
});
