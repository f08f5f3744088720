/** Every INVITE of ours names its attempt, within a call too: only so can a PBX's records be compared with ours. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fakeStation, goodAnswer, kind } from './fakeStation.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const attempt = '00000000-0000-4000-8000-000000000001';

it('a dial, one that is challenged, and a consultation name the attempt', async () => {
  let challenged = false;
  const station = fakeStation(
    kind((request, reply) => {
      if (request.method !== 'INVITE') return;
      if (challenged) return reply({ status: '180 Ringing' });
      challenged = true;
      reply({
        status: '407 Proxy Authentication Required',
        headers: ['Proxy-Authenticate: Digest realm="bank.example", nonce="n1", algorithm=MD5'],
      });
    }),
  );
  await station.connect();
  station.dial();
  await vi.advanceTimersByTimeAsync(20);
  station.phone.consult({ number: '8012' } as Parameters<typeof station.phone.consult>[0], attempt); // as: only the number is used
  await vi.advanceTimersByTimeAsync(20);
  const invites = station.spoken('INVITE');
  expect(invites).toHaveLength(3);
  expect(invites.map((invite) => invite.header('X-Attempt-Id'))).toEqual([attempt, attempt, attempt]);
  expect(invites[1]?.header('Proxy-Authorization')).toContain('n1');
});

it('a hold and its end name it too', async () => {
  const station = fakeStation(kind((request, reply) => request.method === 'INVITE' && reply({ body: goodAnswer })));
  await station.connect();
  const { call } = station.dial();
  await vi.advanceTimersByTimeAsync(20);
  for (const held of [true, false]) {
    const asked = call.setHeld(held);
    await vi.advanceTimersByTimeAsync(20);
    await asked;
  }
  expect(station.spoken('INVITE').map((invite) => invite.header('X-Attempt-Id'))).toEqual([attempt, attempt, attempt]);
});
