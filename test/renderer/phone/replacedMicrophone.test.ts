import { afterEach, expect, it, vi } from 'vitest';
import { settled } from './fakeDevices.ts';
import { fakeStation, goodAnswer, kind } from './fakeStation.ts';

afterEach(() => vi.unstubAllGlobals());

const answering = kind((request, reply) => {
  if (request.method === 'INVITE') reply({ body: goodAnswer });
});

it('another headset in mid-call speaks in the call, and the far side hears of no new INVITE', async () => {
  const station = fakeStation(answering);
  await station.connect();
  const { types, call } = station.dial();
  await vi.waitFor(() => expect(types()).toContain('call.answered'));
  station.replaceMicrophone();
  await settled();
  expect(station.connections.flatMap(({ replacedTracks }) => replacedTracks)).toEqual([station.tracks[1]]);
  expect(station.tracks.map(({ readyState }) => readyState)).toEqual(['ended', 'live']);
  expect(station.spoken('INVITE')).toHaveLength(1);
  call.hangUp();
  expect(station.tracks.map(({ readyState }) => readyState)).toEqual(['ended', 'ended']);
});

it('who is muted stays muted on another headset', async () => {
  const station = fakeStation(answering);
  await station.connect();
  const { types, call } = station.dial();
  await vi.waitFor(() => expect(types()).toContain('call.answered'));
  call.setMuted(true);
  station.replaceMicrophone();
  await settled();
  expect(station.tracks[1]?.enabled).toBe(false);
  call.setMuted(false);
  expect(station.tracks[1]?.enabled).toBe(true);
});

it('a headset that comes after the call is over is not held open by it', async () => {
  const station = fakeStation(answering);
  await station.connect();
  const { types, call } = station.dial();
  await vi.waitFor(() => expect(types()).toContain('call.answered'));
  call.hangUp();
  station.replaceMicrophone();
  await settled();
  expect(station.tracks.filter(({ readyState }) => readyState === 'live')).toEqual([]);
});
