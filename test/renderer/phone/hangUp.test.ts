import { Inviter } from 'sip.js';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { cancelledKeptMilliseconds } from '../../../renderer/phone/givenUp.ts';
import {
  answerTo,
  FakePeerConnection,
  type FarSide,
  fakeStation,
  goodAnswer,
  kind,
  type Reply,
} from './fakeStation.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('a hang-up ends the call also where its dialog has ended beneath it and sip.js throws at once', async () => {
  const station = fakeStation(
    kind((request, reply) => {
      if (request.method === 'INVITE') reply({ body: goodAnswer });
    }),
  );
  await station.connect();
  const { call, ended, types } = station.dial();
  await vi.advanceTimersByTimeAsync(20);
  expect(types()).toContain('call.answered');
  // As seen in a storm (test/sip/hostile.spec.ts, seed 77): "Invalid dialog state Terminated", not as a rejection.
  vi.spyOn(Inviter.prototype, 'bye').mockImplementation(() => {
    throw new Error('Invalid dialog state Terminated');
  });
  expect(() => call.hangUp()).not.toThrow();
  expect(ended()).toMatchObject([{ ended: { reason: 'HUNG_UP', by: 'AGENT' } }]);
});

it('a call that is given up before its challenge came is not dialled again with the password', async () => {
  let challenge: (() => void) | undefined;
  const station = fakeStation(
    kind((request, reply) => {
      if (request.method !== 'INVITE') return;
      challenge = () =>
        reply({
          status: '407 Proxy Authentication Required',
          headers: ['Proxy-Authenticate: Digest realm="bank.example", nonce="n1", algorithm=MD5'],
        });
    }),
  );
  await station.connect();
  const { call, ended } = station.dial();
  await vi.advanceTimersByTimeAsync(20);
  call.hangUp();
  challenge?.();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(station.spoken('INVITE')).toHaveLength(1);
  expect(station.spoken('ACK')).toHaveLength(1);
  expect(ended()).toMatchObject([{ ended: { reason: 'CANCELLED', by: 'AGENT' } }]);
  // The next call answers its challenge as ever.
  station.dial();
  await vi.advanceTimersByTimeAsync(20);
  challenge?.();
  await vi.advanceTimersByTimeAsync(20);
  expect(station.spoken('INVITE').at(-1)?.header('Proxy-Authorization')).toContain('n1');
});

/** A customer's phone rings, the agent hangs up, and the CANCEL is answered, but the INVITE never is. */
async function cancelledForEver() {
  let customer: ((answer: Reply) => void) | undefined;
  const station = fakeStation(
    kind((request, reply) => {
      if (request.method !== 'INVITE') return;
      customer = reply;
      reply({ status: '180 Ringing' });
    }),
  );
  await station.connect();
  const cancel = vi.spyOn(Inviter.prototype, 'cancel');
  const { call, ended } = station.dial();
  await vi.advanceTimersByTimeAsync(20);
  call.hangUp();
  await vi.advanceTimersByTimeAsync(20);
  expect(ended()).toMatchObject([{ ended: { reason: 'CANCELLED', by: 'AGENT' } }]);
  expect(station.spoken('CANCEL')).toHaveLength(1);
  const [inviter] = cancel.mock.contexts;
  if (!(inviter instanceof Inviter)) throw new Error('nothing was cancelled');
  const { userAgent } = inviter;
  return {
    station,
    answer: () => customer?.({ body: goodAnswer }),
    kept: () => ({
      sessions: Object.keys(userAgent._sessions).length,
      requests: userAgent.userAgentCore.userAgentClients.size,
    }),
  };
}

it('a customer who answers three minutes after our CANCEL is still let go with ACK and BYE', async () => {
  const { station, answer } = await cancelledForEver();
  await vi.advanceTimersByTimeAsync(180_000);
  answer();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(station.spoken('ACK')).toHaveLength(1);
  expect(station.spoken('BYE')).toHaveLength(1);
});

it('a cancelled call that never gets its end is forgotten, and nothing of it is kept', async () => {
  const { kept } = await cancelledForEver();
  expect(kept()).toEqual({ sessions: 1, requests: 1 });
  await vi.advanceTimersByTimeAsync(cancelledKeptMilliseconds);
  expect(kept()).toEqual({ sessions: 0, requests: 0 });
});

it('a hang-up in the moment of the answer still says ACK and BYE: a browser never finishes what it was doing to a closed connection', async () => {
  const station = fakeStation(
    kind((request, reply) => {
      if (request.method === 'INVITE') reply({ body: goodAnswer });
    }),
  );
  await station.connect();
  const { call, ended } = station.dial();
  vi.spyOn(FakePeerConnection.prototype, 'setRemoteDescription').mockImplementation(() => {
    call.hangUp();
    return new Promise(() => undefined);
  });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(ended()).toMatchObject([{ ended: { reason: 'CANCELLED', by: 'AGENT' } }]);
  expect(station.spoken('ACK')).toHaveLength(1);
  expect(station.spoken('BYE')).toHaveLength(1);
});

/** The INVITE left, and whatever the exchange said to it was lost with the socket. */
async function cutOffUnheard(cancelled: Reply | null = {}, hangUp: 'before' | 'after' | 'never' = 'before') {
  const farSide: FarSide = (request, reply) => {
    if (request.method === 'CANCEL' && cancelled) reply(cancelled);
    else if (request.method !== 'INVITE' && request.method !== 'CANCEL') reply({});
  };
  const station = fakeStation(farSide);
  await station.connect();
  const dialled = station.dial();
  await vi.advanceTimersByTimeAsync(20);
  if (hangUp === 'before') dialled.call.hangUp();
  await vi.advanceTimersByTimeAsync(20);
  expect(station.spoken('CANCEL')).toEqual([]); // RFC 3261 9.1: it might get there before its INVITE
  station.wire().die();
  if (hangUp === 'after') dialled.call.hangUp();
  await station.connect();
  await vi.advanceTimersByTimeAsync(20);
  const [invite] = station.spoken('INVITE');
  return { station, ...dialled, invite, hears: (answer: Reply) => station.wire().arrive(answerTo(invite!, answer)) }; // it was dialled
}

it.each(['before', 'after', 'never'] as const)(
  'a socket lost before the first 1xx, the agent hanging up %s: the CANCEL of the very INVITE is said on the next one',
  async (hangUp) => {
    const { station, ended, invite, hears } = await cutOffUnheard({}, hangUp);
    expect(ended()).toMatchObject([{ ended: { reason: hangUp === 'before' ? 'CANCELLED' : 'LINE_LOST' } }]);
    const cancels = station.spoken('CANCEL');
    expect(cancels).toHaveLength(1);
    for (const name of ['Via', 'Call-ID', 'From', 'To']) expect(cancels[0]?.header(name)).toBe(invite?.header(name));
    hears({ status: '487 Request Terminated' });
    station.wire().die();
    await station.connect();
    await vi.advanceTimersByTimeAsync(cancelledKeptMilliseconds);
    expect(station.spoken('CANCEL')).toHaveLength(1); // it was answered
    expect(station.spoken('INVITE')).toHaveLength(1);
  },
);

it('such a CANCEL that finds nothing (481) is the end of it', async () => {
  const { station } = await cutOffUnheard({ status: '481 No Such Transaction' });
  station.wire().die();
  await station.connect();
  await vi.advanceTimersByTimeAsync(cancelledKeptMilliseconds);
  expect(station.spoken('CANCEL')).toHaveLength(1);
});

it('such a CANCEL that nobody answers is said on every next socket, and a customer who answers a minute later is let go with ACK and BYE', async () => {
  const { station, hears, ended } = await cutOffUnheard(null);
  station.wire().die();
  await station.connect();
  expect(station.spoken('CANCEL')).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(60_000);
  hears({ body: goodAnswer });
  await vi.advanceTimersByTimeAsync(20);
  expect(station.spoken('ACK')).toHaveLength(1);
  expect(station.spoken('BYE')).toHaveLength(1);
  expect(ended()).toHaveLength(1);
});

it('a 1xx that comes on the next socket after all changes nothing', async () => {
  const { station, hears } = await cutOffUnheard(null);
  hears({ status: '180 Ringing' });
  await vi.advanceTimersByTimeAsync(20);
  hears({ body: goodAnswer });
  await vi.advanceTimersByTimeAsync(20);
  expect(station.spoken('BYE')).toHaveLength(1);
});
