import { Inviter } from 'sip.js';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FakePeerConnection, fakeStation, goodAnswer, kind } from './fakeStation.ts';

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
