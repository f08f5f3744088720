import { Inviter } from 'sip.js';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fakeStation, goodAnswer, kind } from './fakeStation.ts';

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
