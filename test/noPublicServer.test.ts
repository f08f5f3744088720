/**
 * A machine's address is told to nobody but whom the bank named. Libraries name a public STUN server where they are told of none (sip.js's own
 * media and werift do), so whoever makes a peer connection says whom it asks.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fakeStation, goodAnswer, kind } from './renderer/phone/fakeStation.ts';

const root = join(import.meta.dirname, '..');
const rooms = ['electron', 'practice', 'renderer', 'server', 'shared', 'start'] as const;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const sources = rooms.flatMap((room) =>
  readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:tsx?|html|json)$/.test(name))
    .map((name) => ({ name: join(room, name), text: readFileSync(join(root, room, name), 'utf8') })),
);

it('no source names a STUN or TURN server', () => {
  expect(sources.length).toBeGreaterThan(300);
  const named = sources.flatMap(({ name, text }) =>
    [...text.matchAll(/\b(?:stun|turn)s?:([a-z0-9][\w.-]*)/gi)].map(([, host]) => `${name}: ${host}`),
  );
  expect(named.filter((found) => !found.endsWith(': HOST'))).toEqual([]); // the words that say how one is written
});

it('every peer connection is told whom to ask', () => {
  const made = sources
    .flatMap(({ name, text }) =>
      [...text.matchAll(/new RTCPeerConnection\(([^)\s]*)/g)].map(([, with_]) => [name, with_]),
    )
    .sort();
  expect(made).toEqual([
    ['practice/media.ts', '{'],
    ['renderer/phone/sipPhone.ts', 'configuration'],
    ['renderer/station/lineChecks.ts', 'configuration'],
  ]);
  const practice = sources.find(({ name }) => name === 'practice/media.ts')?.text;
  expect(practice).toMatch(/new RTCPeerConnection\(\{\s*iceServers: \[\],/);
});

it('a profile without servers: neither the call nor what is kept ready for the next one asks anybody', async () => {
  const station = fakeStation(
    kind((request, reply) => {
      if (request.method === 'INVITE') reply({ body: goodAnswer });
    }),
  );
  await station.connect();
  await station.phone.prepare();
  station.dial();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(station.configurations.length).toBeGreaterThan(1);
  for (const { iceServers, iceTransportPolicy } of station.configurations)
    expect({ iceServers, iceTransportPolicy }).toEqual({ iceServers: [], iceTransportPolicy: 'all' });
});
