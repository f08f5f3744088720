/** The real sip.js on a fake wire, against a far side that keeps no rules. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { phoneProblem } from '../../../renderer/phone/phoneProblems.ts';
import { retireMilliseconds } from '../../../renderer/phone/retire.ts';
import { type FarSide, fakeStation, goodAnswer, kind, type Reply, watched } from './fakeStation.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settle = (milliseconds = 20) => vi.advanceTimersByTimeAsync(milliseconds);

/** A connected station whose far side answers an INVITE with these, in order. */
async function dialInto(...replies: Reply[]) {
  const station = fakeStation(
    kind((request, reply) => {
      if (request.method === 'INVITE') for (const answer of replies) reply(answer);
    }),
  );
  await station.connect();
  const dialled = station.dial();
  await settle();
  return { station, ...dialled };
}

const invite = (from: string, headers: readonly string[] = []) =>
  [
    'INVITE sip:CONTACT SIP/2.0',
    'Via: SIP/2.0/WS pbx.invalid;branch=z9hG4bKin1',
    `From: ${from};tag=caller`,
    'To: <sip:1001@bank.example>',
    'Call-ID: in-1',
    'CSeq: 1 INVITE',
    'Max-Forwards: 70',
    'Contact: <sip:pbx@pbx.invalid;transport=ws>',
    'Content-Type: application/sdp',
    ...headers,
    `Content-Length: ${goodAnswer.length}`,
    '',
    goodAnswer,
  ].join('\r\n');

describe('a dial', () => {
  it('carries the attempt’s id and the given headers, which cannot smuggle in headers of their own', async () => {
    const station = fakeStation(kind());
    await station.connect();
    station.dial({}, { 'X-Practice': 'a\r\nX-Evil: 1' });
    await settle();
    const [sent] = station.spoken('INVITE');
    expect(sent?.text).toMatch(/^INVITE sip:15400000001@bank\.example SIP/);
    expect(sent?.header('X-Attempt-Id')).toBe('00000000-0000-4000-8000-000000000001');
    expect(sent?.header('X-Practice')).toBe('a X-Evil: 1');
    expect(sent?.header('X-Evil')).toBe('');
  });

  it('makes its voice ready at once, and is sent only when the attempt is durable', async () => {
    const station = fakeStation(kind());
    await station.connect();
    let durable: () => void = () => undefined;
    station.dial({}, {}, new Promise<void>((resolve) => (durable = resolve)));
    await settle();
    expect(station.connections).toHaveLength(1);
    expect(station.spoken('INVITE')).toEqual([]);
    durable();
    await settle();
    expect(station.spoken('INVITE')).toHaveLength(1);
  });

  it('sends nothing and ends when the attempt could not be made durable', async () => {
    const station = fakeStation(kind());
    await station.connect();
    const { ended } = station.dial({}, {}, Promise.reject(new Error('disk full')));
    await settle();
    expect(station.spoken('INVITE')).toEqual([]);
    expect(ended()).toHaveLength(1);
  });

  it('is sent, rings, is answered, and ends with the customer’s BYE and its cause', async () => {
    const { station, call, types, ended } = await dialInto({ status: '180 Ringing' }, { body: goodAnswer });
    expect(types()).toEqual(['call.sent', 'call.ringing', 'call.answered']);
    expect(station.spoken('ACK')).toHaveLength(1);
    const ack = station.spoken('ACK')[0]!;
    const bye = [
      `BYE ${station.spoken('INVITE')[0]!.header('Contact').slice(1, -1).replace(';ob', '')} SIP/2.0`,
      'Via: SIP/2.0/WS pbx.invalid;branch=z9hG4bKbye',
      `From: ${ack.header('To')}`,
      `To: ${ack.header('From')}`,
      `Call-ID: ${ack.header('Call-ID')}`,
      'CSeq: 7 BYE',
      'Reason: SIP;cause=200;text="x", Q.850;cause=16;text="Normal"',
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n');
    station.wire().arrive(bye);
    await settle();
    expect(ended()).toEqual([
      { type: 'call.ended', ended: { reason: 'HUNG_UP', by: 'OTHER', q850: 16, phrase: 'Normal' } },
    ]);
    expect(station.spoken('BYE')).toEqual([]);
    expect(call.facts().callId).toBe(ack.header('Call-ID'));
    expect(station.tracks[0]?.readyState).toBe('ended');
    await settle(retireMilliseconds);
    expect(station.connections[0]?.connectionState).toBe('closed');
  });

  it('hung up in a conversation says BYE once, however often it is clicked', async () => {
    const { station, call, ended } = await dialInto({ body: goodAnswer });
    call.hangUp();
    call.hangUp();
    await settle();
    expect(station.spoken('BYE')).toHaveLength(1);
    expect(ended()).toMatchObject([{ ended: { reason: 'HUNG_UP', by: 'AGENT' } }]);
  });

  it('hung up before the INVITE left never lets it leave', async () => {
    const station = fakeStation(kind());
    await station.connect();
    const { call, ended } = station.dial();
    call.hangUp();
    await settle();
    expect(station.spoken('INVITE')).toEqual([]);
    expect(ended()).toMatchObject([{ ended: { reason: 'CANCELLED', by: 'AGENT' } }]);
  });

  it('without a microphone ends before any INVITE, with the sentence', async () => {
    const station = fakeStation(kind(), () => Promise.reject(phoneProblem('MICROPHONE_DENIED')));
    await station.connect();
    const { ended } = station.dial();
    await settle();
    expect(station.spoken('INVITE')).toEqual([]);
    expect(ended()).toEqual([
      {
        type: 'call.ended',
        ended: { reason: 'NO_MICROPHONE', by: 'STATION' },
        sentence: phoneProblem('MICROPHONE_DENIED').sentence,
      },
    ]);
  });

  it('while the line is down ends at once and opens no microphone', async () => {
    const station = fakeStation(kind());
    const { ended } = station.dial();
    expect(ended()).toMatchObject([{ ended: { reason: 'LINE_LOST', by: 'NETWORK' } }]);
    expect(station.tracks).toEqual([]);
  });

  it('muted before there is media starts muted', async () => {
    const station = fakeStation(kind());
    await station.connect();
    const { call } = station.dial();
    call.setMuted(true);
    await settle();
    expect(station.tracks[0]?.enabled).toBe(false);
  });

  it('dials the extension after the answer, with a pause before it', async () => {
    const station = fakeStation(kind((request, reply) => request.method === 'INVITE' && reply({ body: goodAnswer })));
    await station.connect();
    station.dial({ extension: '8012' });
    await settle();
    expect(station.connections[0]?.dtmf.inserted).toEqual([]);
    station.connections[0]?.become('connected');
    await vi.advanceTimersByTimeAsync(1_400);
    expect(station.connections[0]?.dtmf.inserted).toEqual([]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(station.connections[0]?.dtmf.inserted).toEqual(['8', '0', '1', '2']);
  });

  it('sends digits by INFO where RFC 4733 was not agreed', async () => {
    const { station, call } = await dialInto({ body: goodAnswer });
    station.connections[0]!.dtmf.canInsertDTMF = false;
    const sent = call.sendDigit('5');
    await settle(500);
    await sent;
    expect(station.spoken('INFO')[0]?.body).toContain('Signal=5');
    expect(station.spoken('INFO')[0]?.header('Content-Type')).toBe('application/dtmf-relay');
  });
});

describe('each failure is one clear end', () => {
  it.each<[string, Reply, object]>([
    ['busy', { status: '486 Busy Here' }, { reason: 'REFUSED', by: 'OTHER', sipStatus: 486, phrase: 'Busy Here' }],
    [
      'a status without a phrase or even its blank',
      { status: '486' },
      { reason: 'REFUSED', by: 'OTHER', sipStatus: 486 },
    ],
    [
      'an empty number',
      { status: '404 X', headers: ['Reason: Q.850;cause=1'] },
      { reason: 'REFUSED', sipStatus: 404, q850: 1 },
    ],
    [
      'a redirection',
      { status: '302 Moved', headers: ['Contact: <sip:evil@x>'] },
      { reason: 'FAILED', sipStatus: 302 },
    ],
    ['a fault of a server', { status: '503 No' }, { reason: 'FAILED', by: 'NETWORK', sipStatus: 503 }],
    [
      'a header of 5 kB',
      { status: '480 Away', headers: [`X-Long: ${'x'.repeat(5_000)}`] },
      { reason: 'REFUSED', sipStatus: 480 },
    ],
    ['an answer without a description', {}, { reason: 'MEDIA_FAILED' }],
    ['an answer with nonsense', { body: 'nonsense' }, { reason: 'MEDIA_FAILED' }],
    ['an answer without audio', { body: goodAnswer.replace('audio 9', 'video 9') }, { reason: 'MEDIA_FAILED' }],
  ])('%s', async (_name, reply, expected) => {
    const { station, ended } = await dialInto(reply);
    await settle();
    expect(ended()).toHaveLength(1);
    expect(ended()[0]).toMatchObject({ ended: expected });
    expect(station.spoken('INVITE')).toHaveLength(1);
    await settle(retireMilliseconds);
    expect(station.connections[0]?.connectionState).toBe('closed');
  });

  it('a phrase of 5 kB is cut to 200 characters and loses its control characters', async () => {
    const { ended } = await dialInto({ status: `603 ${'\u0007坏'.repeat(2_000)}` });
    const [end] = ended();
    expect(end?.type === 'call.ended' && end.ended.phrase).toMatch(/^[ 坏]{150,200}$/);
  });

  it('an endless challenge is given up after one try with the password', async () => {
    const challenge = {
      status: '407 Again',
      headers: ['Proxy-Authenticate: Digest realm="x", nonce="1", algorithm=MD5'],
    };
    const station = fakeStation(kind((request, reply) => request.method === 'INVITE' && reply(challenge)));
    await station.connect();
    const { ended } = station.dial();
    await settle();
    await settle();
    expect(station.spoken('INVITE')).toHaveLength(2);
    expect(ended()).toMatchObject([
      { ended: { reason: 'FAILED', sipStatus: 407 }, sentence: phoneProblem('LINE_CREDENTIALS').sentence },
    ]);
  });

  it('no answer at all ends after the transaction’s 32 s', async () => {
    const { ended } = await dialInto();
    await vi.advanceTimersByTimeAsync(33_000);
    expect(ended()).toMatchObject([{ ended: { reason: 'FAILED', by: 'NETWORK', sipStatus: 408 } }]);
  });

  it('garbage on the socket is survived', async () => {
    const { station, types } = await dialInto({ status: '180 Ringing' });
    for (const text of [
      '',
      '\r\n',
      'nonsense',
      'SIP/2.0 200 OK\r\n\r\n',
      'INVITE x\r\nCSeq: y\r\n\r\n',
      '\u0000'.repeat(100),
    ])
      station.wire().arrive(text);
    expect(types()).toEqual(['call.sent', 'call.ringing']);
  });
});

describe('early media', () => {
  it('is told when its first packet came, not when it was announced', async () => {
    const { station, types } = await dialInto({ status: '183 Progress', body: goodAnswer });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(types()).toEqual(['call.sent', 'call.ringing']);
    station.connections[0]!.packets = 5;
    await vi.advanceTimersByTimeAsync(200);
    expect(types()).toEqual(['call.sent', 'call.ringing', 'call.earlyMedia']);
    expect(station.tones).toEqual(['lateRingBack', 'none']);
  });

  it('of every branch of a forked call is applied as it comes, and whichever answers has the last word', async () => {
    const early = (tag: string) => ({ status: '183 P', body: goodAnswer.replace('s=-', `s=${tag}`), tag });
    const answer = { body: goodAnswer.replace('s=-', 's=three'), tag: 'three' };
    const station = fakeStation(
      kind((request, reply) => {
        if (request.method !== 'INVITE') return;
        for (const [n, one] of [early('one'), early('two'), early('one'), answer].entries())
          setTimeout(() => reply(one), n);
      }),
    );
    await station.connect();
    const { types } = station.dial();
    await settle();
    expect(station.connections[0]!.applied.map(({ type, sdp }) => `${type} ${/^s=(.*)$/m.exec(sdp)?.[1]}`)).toEqual([
      'pranswer one',
      'pranswer two',
      'pranswer one',
      'answer three',
    ]);
    expect(types()).toEqual(['call.sent', 'call.ringing', 'call.answered']);
    expect(station.spoken('BYE')).toEqual([]);
  });

  it('with nonsense is not heard, and the call rings on', async () => {
    const { station, types, ended } = await dialInto({ status: '183 P', body: 'nonsense' });
    expect(types()).toEqual(['call.sent', 'call.ringing']);
    expect(station.connections[0]!.applied).toEqual([]);
    expect(ended()).toEqual([]);
  });

  it('its caption in a header is read; a broken one is no caption', async () => {
    const caption = encodeURIComponent('{"zh":"您拨打的号码是空号"}');
    const { seen } = await dialInto(
      { status: '183 P', headers: [`X-Practice-Caption: ${caption}`] },
      { status: '182 Q', headers: ['X-Practice-Caption: %E0%A4%A'] },
    );
    expect(seen.filter((event) => event.type === 'call.note')).toEqual([
      { type: 'call.note', contentType: 'application/x-practice-caption+json', body: '{"zh":"您拨打的号码是空号"}' },
    ]);
  });
});

describe('the socket is lost', () => {
  it('while it rings: the call ends, and the CANCEL is said on the next socket', async () => {
    const { station, ended } = await dialInto({ status: '180 Ringing' });
    station.wire().die();
    await settle();
    expect(ended()).toMatchObject([{ ended: { reason: 'LINE_LOST', by: 'NETWORK' } }]);
    expect(station.spoken('CANCEL')).toEqual([]);
    await station.connect();
    await settle();
    expect(station.spoken('CANCEL')).toHaveLength(1);
  });

  it('in a call: it goes on while audio flows, and a hang-up meanwhile is said on the next socket, once', async () => {
    const { station, call, ended } = await dialInto({ body: goodAnswer });
    station.wire().die();
    for (let second = 0; second < 20; second++) {
      station.connections[0]!.packets += 50;
      station.state.clock += 1_000;
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(ended()).toEqual([]);
    await expect(call.setHeld(true)).rejects.toMatchObject({ code: 'LINE_DOWN' });
    call.hangUp();
    expect(ended()).toMatchObject([{ ended: { reason: 'HUNG_UP', by: 'AGENT' } }]);
    expect(station.spoken('BYE')).toEqual([]);
    await station.connect();
    await settle();
    expect(station.spoken('BYE')).toHaveLength(1);
    station.wire().die();
    await station.connect();
    await settle();
    expect(station.spoken('BYE')).toHaveLength(1);
  });

  it('and audio with it: told at once, waited for, and ended after 30 s', async () => {
    const { station, types, ended } = await dialInto({ body: goodAnswer });
    station.connections[0]!.become('connected');
    station.connections[0]!.packets += 50;
    await vi.advanceTimersByTimeAsync(500);
    station.wire().die();
    for (let second = 0; second < 29; second++) {
      station.state.clock += 1_000;
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(types().at(-1)).toBe('call.mediaLost');
    expect(ended()).toEqual([]);
    for (let second = 0; second < 3; second++) {
      station.state.clock += 1_000;
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(ended()).toMatchObject([{ ended: { reason: 'LINE_LOST', by: 'NETWORK' } }]);
  });

  it('before the first packet: the end is put down to the line, not to a machine without network', async () => {
    const { station, ended } = await dialInto({ body: goodAnswer });
    station.wire().die();
    station.connections[0]!.become('failed');
    await settle();
    expect(ended()).toEqual([]);
    for (let second = 0; second < 32; second++) {
      station.state.clock += 1_000;
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(ended()).toMatchObject([
      { ended: { reason: 'LINE_LOST' }, sentence: { en: expect.stringContaining('line was lost') } },
    ]);
  });

  it('for minutes: the call goes on as long as audio flows, and ends half a minute after it', async () => {
    const { station, ended } = await dialInto({ body: goodAnswer });
    station.wire().die();
    const pass = async (seconds: number, packets: number) => {
      for (let second = 0; second < seconds; second++) {
        station.connections[0]!.packets += packets;
        station.state.clock += 1_000;
        await vi.advanceTimersByTimeAsync(1_000);
      }
    };
    await pass(120, 50);
    expect(ended()).toEqual([]);
    await pass(33, 0);
    expect(ended()).toMatchObject([{ ended: { reason: 'LINE_LOST' } }]);
  });

  it('and found again: the call is none the worse', async () => {
    const { station, types, ended } = await dialInto({ body: goodAnswer });
    station.wire().die();
    await station.connect();
    await station.phone.line.register(300, 1_000);
    for (let second = 0; second < 60; second++) {
      station.connections[0]!.packets += 50;
      station.state.clock += 1_000;
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(ended()).toEqual([]);
    expect(types()).not.toContain('call.mediaLost');
    // Only a re-INVITE tells the far side where its BYE finds us now; nothing was wrong with the audio.
    expect(station.spoken('INVITE')).toHaveLength(2);
    expect(station.connections[0]!.restarts).toBe(0);
  });
});

describe('audio that stays away while the line is up', () => {
  it('is told after 20 s, and told when it is back; nothing is cut', async () => {
    const { station, types, ended } = await dialInto({ body: goodAnswer });
    station.connections[0]!.become('connected');
    for (let second = 0; second < 25; second++) {
      station.state.clock += 1_000;
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(types().filter((type) => type === 'call.mediaLost')).toHaveLength(1);
    station.connections[0]!.packets += 50;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(types().at(-1)).toBe('call.mediaConnected');
    expect(ended()).toEqual([]);
  });

  it('a connection that fails before its first packet is tried anew, and half a minute later ends the call with BYE', async () => {
    const { station, ended } = await dialInto({ body: goodAnswer });
    station.connections[0]!.become('failed');
    await settle();
    expect(station.connections[0]!.restarts).toBe(1);
    expect(ended()).toEqual([]);
    for (let second = 0; second < 32; second++) {
      station.state.clock += 1_000;
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(ended()).toMatchObject([{ ended: { reason: 'MEDIA_FAILED', by: 'NETWORK' } }]);
    expect(station.spoken('BYE')).toHaveLength(1);
  });
});

it('what was gathered before a socket was lost is not offered over the next one', async () => {
  const station = fakeStation(kind());
  await station.connect();
  await station.phone.prepare();
  await settle();
  station.wire().die();
  await station.connect();
  await settle();
  station.dial();
  await settle();
  expect(station.spoken('INVITE')).toHaveLength(1);
  await settle(retireMilliseconds);
  const [before, offered] = station.connections;
  const closed = [before, offered].map((one) => one?.connectionState === 'closed');
  expect(closed).toEqual([true, false]);
});

describe('hold', () => {
  it('silences the microphone at once and asks for sendrecv again afterwards', async () => {
    const { station, call, types } = await dialInto({ body: goodAnswer });
    const asked = call.setHeld(true);
    expect(station.tracks[0]?.enabled).toBe(false);
    await settle();
    await asked;
    expect(station.spoken('INVITE')[1]?.body).toContain('a=sendonly');
    const resumed = call.setHeld(false);
    await settle();
    await resumed;
    expect(station.spoken('INVITE')[2]?.body).toContain('a=sendrecv');
    expect(station.tracks[0]?.enabled).toBe(true);
    expect(types().slice(-2)).toEqual(['call.held', 'call.resumed']);
  });

  it.each([
    ['answered by nobody', undefined],
    ['refused', '488 Not Acceptable Here'],
  ])('whose end is %s leaves the microphone silent, and opens it when it is agreed', async (_, status) => {
    let invites = 0;
    const station = fakeStation(
      kind((request, reply) => {
        if (request.method !== 'INVITE') return;
        invites += 1;
        if (invites === 3) status && reply({ status });
        else reply({ body: goodAnswer });
      }),
    );
    await station.connect();
    const { call, types } = station.dial();
    await settle();
    const open = () => station.tracks[0]?.enabled;
    const held = call.setHeld(true);
    await settle();
    await held;
    const refused = expect(call.setHeld(false)).rejects.toMatchObject({ code: 'HOLD_REFUSED' });
    const heard: unknown[] = [];
    for (let look = 0; look < 100; look++) {
      heard.push(open());
      await settle(100);
    }
    await refused;
    expect(heard).not.toContain(true);
    expect(types()).not.toContain('call.resumed');
    call.setMuted(true);
    call.setMuted(false); // no way around the hold
    expect(open()).toBe(false);
    const resumed = call.setHeld(false);
    await settle();
    await resumed;
    expect(open()).toBe(true);
    expect(types().at(-1)).toBe('call.resumed');
  });

  it('that crosses one of the far side (491) is asked again after the wait of RFC 3261, the microphone silent meanwhile', async () => {
    let refusals = 1;
    const station = fakeStation(
      kind((request, reply) => {
        if (request.method !== 'INVITE') return;
        if (request.body.includes('a=sendonly') && refusals-- > 0) reply({ status: '491 Pending' });
        else reply({ body: goodAnswer });
      }),
    );
    await station.connect();
    const { call, types } = station.dial();
    await settle();
    const asked = call.setHeld(true);
    await settle();
    expect(station.spoken('INVITE')).toHaveLength(2); // refused, and the wait has begun
    expect(station.tracks[0]?.enabled).toBe(false);
    await vi.advanceTimersByTimeAsync(5_000);
    await asked;
    expect(station.spoken('INVITE')[2]?.body).toContain('a=sendonly');
    expect(station.tracks[0]?.enabled).toBe(false);
    expect(types()).toContain('call.held');
  });

  it('answered by «no such call» ends the call', async () => {
    let invites = 0;
    const station = fakeStation(
      kind((request, reply) => {
        if (request.method === 'INVITE') reply(invites++ === 0 ? { body: goodAnswer } : { status: '481 Gone' });
      }),
    );
    await station.connect();
    const { call, ended } = station.dial();
    await settle();
    const asked = expect(call.setHeld(true)).rejects.toMatchObject({ code: 'HOLD_REFUSED' });
    await settle();
    await asked;
    expect(ended()).toMatchObject([{ ended: { reason: 'FAILED', sipStatus: 481 } }]);
  });
});

describe('an incoming call', () => {
  async function ring(from: string, farSide: FarSide = kind()) {
    const station = fakeStation(farSide);
    await station.connect();
    await station.phone.line.register(300, 1_000);
    const calls: ReturnType<typeof watched>[] = [];
    station.phone.onIncoming((call) => calls.push(watched(call)));
    const contact = /<sip:([^;>]+)/.exec(station.spoken('REGISTER').at(-1)!.header('Contact'))![1]!;
    const arrive = (text: string) => station.wire().arrive(text.replace('CONTACT', contact));
    arrive(invite(from));
    await settle();
    return { station, calls, arrive };
  }
  const answers = (station: ReturnType<typeof fakeStation>) =>
    station.said.filter((message) => message.method === 'SIP/2.0').map((message) => message.text.split(' ')[1]);

  it('that requires what we do not know, 100rel too, is told so and does not ring', async () => {
    const { station, calls, arrive } = await ring('<sip:13800000000@pbx.example>');
    const rung = calls.length;
    arrive(
      invite('<sip:13800000000@pbx.example>', ['Require: 100rel, timer'])
        .replaceAll('in-1', 'in-2')
        .replace('bKin1', 'bKin2'),
    );
    await settle();
    expect(calls).toHaveLength(rung);
    const refused = station.said.find((message) => message.text.startsWith('SIP/2.0 420'));
    expect(refused?.header('Unsupported')).toBe('100rel, timer');
  });

  it('rings with 180 and shows digits only of who calls', async () => {
    const { station, calls } = await ring('"<b>evil</b>" <sip:+86%20154-0000-0001%3Cscript%3E@x>');
    expect(answers(station)).toEqual(['100', '180']);
    expect(calls).toHaveLength(1);
    expect(calls[0]!.call.remoteNumber).toMatch(/^[0-9+*]*$/);
    expect(station.tones).toEqual(['ringer']);
  });

  it('is answered; a second one meanwhile hears busy, never rings, and is told with its number as over', async () => {
    const { station, calls, arrive } = await ring('<sip:15400000036@x>');
    void calls[0]!.call.answer();
    await settle();
    expect(calls[0]!.types()).toEqual(['call.ringing', 'call.answered']);
    arrive(invite('<sip:15400000012@x>').replaceAll('in-1', 'in-2').replace('z9hG4bKin1', 'z9hG4bKin2'));
    await settle();
    expect(answers(station).filter((status) => status === '180')).toHaveLength(1);
    expect(answers(station)).toContain('486');
    expect(calls).toHaveLength(2);
    expect(calls[1]!.call.remoteNumber).toBe('15400000012');
    expect(calls[1]!.types()).toEqual(['call.ended']);
    expect(calls[1]!.ended()).toMatchObject([{ ended: { reason: 'REFUSED', by: 'STATION', sipStatus: 486 } }]);
    expect(calls[0]!.ended()).toEqual([]);
  });

  it('ends a test call and rings, as if nothing were up', async () => {
    const station = fakeStation(
      kind((request, reply) => void (request.method === 'INVITE' && reply({ body: goodAnswer }))),
    );
    await station.connect();
    await station.phone.line.register(300, 1_000);
    const calls: ReturnType<typeof watched>[] = [];
    station.phone.onIncoming((call) => calls.push(watched(call)));
    // as: only the number is used
    const echo = watched(
      station.phone.consult({ number: '9196' } as Parameters<typeof station.phone.consult>[0], 'selfcheck-1'),
    );
    await settle();
    const contact = /<sip:([^;>]+)/.exec(station.spoken('REGISTER').at(-1)!.header('Contact'))![1]!;
    station.wire().arrive(invite('<sip:15400000036@x>').replace('CONTACT', contact));
    await settle();
    expect(echo.ended()).toMatchObject([{ ended: { reason: 'HUNG_UP', by: 'AGENT' } }]);
    expect(station.spoken('BYE')).toHaveLength(1);
    expect(answers(station)).toEqual(['100', '180']);
    expect(calls.map(({ types }) => types())).toEqual([['call.ringing']]);
  });

  it('that nobody listens for is unavailable', async () => {
    const station = fakeStation(kind());
    await station.connect();
    await station.phone.line.register(300, 1_000);
    const contact = /<sip:([^;>]+)/.exec(station.spoken('REGISTER')[0]!.header('Contact'))![1]!;
    station.wire().arrive(invite('<sip:1@x>').replace('CONTACT', contact));
    await settle();
    expect(answers(station)).toEqual(['100', '480']);
  });

  it('given up by the caller ends as theirs; refused by us ends as ours with 486', async () => {
    const first = await ring('<sip:15400000036@x>');
    const cancel = invite('<sip:15400000036@x>')
      .replace('INVITE sip:CONTACT', 'CANCEL sip:CONTACT')
      .replace('CSeq: 1 INVITE', 'CSeq: 1 CANCEL')
      .replace(/Content-Type[\s\S]*/, 'Content-Length: 0\r\n\r\n');
    first.arrive(cancel);
    await settle();
    expect(first.calls[0]!.ended()).toMatchObject([{ ended: { reason: 'CANCELLED', by: 'OTHER' } }]);
    expect(answers(first.station).filter((status) => status === '487')).toHaveLength(1);
    const second = await ring('<sip:15400000036@x>');
    second.calls[0]!.call.hangUp();
    await settle();
    expect(second.calls[0]!.ended()).toMatchObject([{ ended: { reason: 'REFUSED', by: 'AGENT' } }]);
    expect(answers(second.station)).toContain('486');
  });

  it('that nobody takes, nor its caller gives up, is ended by the station after a minute, not put down to the network', async () => {
    const { station, calls } = await ring('<sip:15400000036@x>');
    await settle(59_000);
    expect(calls[0]!.types()).toEqual(['call.ringing']);
    await settle(1_000);
    expect(calls[0]!.ended()).toMatchObject([{ ended: { reason: 'REFUSED', by: 'STATION', sipStatus: 480 } }]);
    expect(answers(station).at(-1)).toBe('480');
    expect(station.tones.at(-1)).toBe('none');
    await expect(calls[0]!.call.answer()).rejects.toMatchObject({ code: 'CALL_NOT_THERE' });
  });

  it('that is taken in the last second is not ended by the limit', async () => {
    const { station, calls } = await ring('<sip:15400000036@x>');
    await settle(59_900);
    void calls[0]!.call.answer();
    await settle(1_000);
    expect(calls[0]!.types()).toEqual(['call.ringing', 'call.answered']);
    expect(answers(station)).not.toContain('480');
  });

  it('cannot be taken twice, nor after its end', async () => {
    const { calls } = await ring('<sip:15400000036@x>');
    calls[0]!.call.hangUp();
    await expect(calls[0]!.call.answer()).rejects.toMatchObject({ code: 'CALL_NOT_THERE' });
  });
});

describe('closing the phone', () => {
  it('hangs up, gives the binding back and closes the socket', async () => {
    const { station, call, ended } = await dialInto({ body: goodAnswer });
    void call;
    await station.phone.line.register(300, 1_000);
    const closing = station.phone.close();
    await settle();
    await closing;
    expect(ended()).toMatchObject([{ ended: { reason: 'HUNG_UP', by: 'AGENT' } }]);
    expect(station.spoken('REGISTER').at(-1)?.header('Expires')).toBe('0');
    expect(station.wire().readyState).toBe(3);
  });
});
