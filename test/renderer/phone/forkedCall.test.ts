/** One branch of a forked call is heard early, another one answers, and the browser refuses that answer, or would be deaf after it. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { retireMilliseconds } from '../../../renderer/phone/retire.ts';
import { FakePeerConnection, type FarSide, fakeStation, goodAnswer, kind, type Reply } from './fakeStation.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (milliseconds = 20) => vi.advanceTimersByTimeAsync(milliseconds);

/** A branch's description: by its key, and by its way. */
const branch = (key: string, way: string) => `${goodAnswer}a=fingerprint:sha-256 ${key}\r\na=ice-ufrag:${way}\r\n`;

/** Rings, `one` is heard unless `early` says otherwise; re-INVITEs go to `later`, the first one is number 1. `takes`: the browser takes any answer. */
async function forked(
  later: (reply: (answer: Reply) => void, n: number) => void = (reply) => reply({ body: goodAnswer }),
  { early = goodAnswer, extension, takes = false }: { early?: string; extension?: string; takes?: boolean } = {},
) {
  let invites = 0;
  let answer: (body: string) => void = () => undefined;
  let ringElsewhere: (body: string) => void = () => undefined;
  const farSide: FarSide = (request, reply) => {
    if (request.method !== 'INVITE') return;
    const n = invites;
    invites += 1;
    if (n > 0) return later(reply, n);
    reply({ status: '183 Session Progress', body: early, tag: 'one' });
    answer = (body) => reply({ body, tag: 'two' });
    ringElsewhere = (body) => reply({ status: '183 Session Progress', body, tag: 'two' });
  };
  const station = fakeStation(kind(farSide));
  await station.connect();
  await station.phone.line.register(300, 1_000);
  const dialled = station.dial(extension === undefined ? {} : { extension });
  const [first] = await vi.waitUntil(() => station.connections.length > 0 && station.connections);
  const apply = FakePeerConnection.prototype.setRemoteDescription;
  first!.setRemoteDescription = async (description) => {
    if (description.type === 'answer' && !takes) throw new Error('Failed to set remote answer sdp');
    await apply.call(first!, description);
  };
  await pass();
  expect(dialled.types()).toContain('call.ringing');
  return {
    station,
    ...dialled,
    first: first!,
    /** What took its place. */
    next: () => station.connections[1]!,
    async ringElsewhere(body: string) {
      ringElsewhere(body);
      await pass();
    },
    async answer(body = goodAnswer) {
      answer(body);
      await pass();
    },
    /** Both clocks, a look of the watch (mediaRecovery.ts) at a time. */
    async wait(seconds: number) {
      for (let passed = 0; passed < seconds * 1_000; passed += 200) {
        station.state.clock += 200;
        await pass(200);
      }
    },
  };
}

it('is acknowledged, and offered at once in its dialog another connection, which it talks by', async () => {
  const { station, first, next, answer, types, ended } = await forked();
  await answer();
  const said = station.said.filter(({ method }) => ['INVITE', 'ACK', 'BYE'].includes(method));
  expect(said.map(({ method }) => method)).toEqual(['INVITE', 'ACK', 'INVITE', 'ACK']);
  for (const { header } of said.slice(1)) expect(header('To')).toContain('tag=two');
  expect(first.applied.map(({ type }) => type)).toEqual(['pranswer']);
  expect(next().applied.map(({ type }) => type)).toEqual(['answer']);
  expect(types().filter((type) => type === 'call.answered')).toHaveLength(1);
  expect(ended()).toEqual([]);
  // The one who was heard hears nothing more of us.
  expect(first.replacedTracks).toEqual([null]);
  await pass(retireMilliseconds);
  expect(station.connections.map(({ connectionState }) => connectionState)).toEqual(['closed', 'new']);
});

it('with the key of the one that was heard and a way of its own is not taken at its word: it is offered another connection', async () => {
  const { station, first, next, ringElsewhere, answer, ended } = await forked(undefined, {
    early: branch('AB:CD', 'one'),
    takes: true,
  });
  await ringElsewhere(branch('AB:CD', 'two')); // the first goes on being heard
  await answer(branch('AB:CD', 'two'));
  expect(first.applied).toEqual([{ type: 'pranswer', sdp: branch('AB:CD', 'one') }]);
  expect(station.spoken('INVITE')).toHaveLength(2);
  expect(next().applied.map(({ type }) => type)).toEqual(['answer']);
  expect(ended()).toEqual([]);
});

it.each([
  ['with a key of its own', branch('12:34', 'two')],
  ['by the description that was heard', branch('AB:CD', 'one')],
])('%s is talked to by the connection there is', async (_how, body) => {
  const { station, first, answer, ended } = await forked(undefined, { early: branch('AB:CD', 'one'), takes: true });
  await answer(body);
  expect(first.applied.map(({ type }) => type)).toEqual(['pranswer', 'answer']);
  expect(station.spoken('INVITE')).toHaveLength(1);
  expect(station.connections).toHaveLength(1);
  expect(ended()).toEqual([]);
});

it('is talked to by the same microphone, muted as it was', async () => {
  const { station, call, answer } = await forked();
  call.setMuted(true);
  await answer();
  expect(station.tracks.map(({ enabled, readyState }) => ({ enabled, readyState }))).toEqual([
    { enabled: false, readyState: 'live' },
  ]);
  call.setMuted(false);
  expect(station.tracks[0]?.enabled).toBe(true);
});

it('gets digits, holds and another headset’s voice by the new connection, and nothing goes to the old one', async () => {
  const { station, call, first, next, answer, types } = await forked();
  await answer();
  const digit = call.sendDigit('5');
  await pass(300);
  await digit;
  expect([first.dtmf.inserted, next().dtmf.inserted]).toEqual([[], ['5']]);
  for (const held of [true, false]) {
    const asked = call.setHeld(held);
    await pass();
    await asked;
    expect(next().transceiver.direction).toBe(held ? 'sendonly' : 'sendrecv');
  }
  expect(types()).toContain('call.resumed');
  station.replaceMicrophone();
  await pass();
  expect(next().replacedTracks).toEqual([station.tracks[1]]);
  expect(first.replacedTracks).toEqual([null]);
  // What is measured begins with the second reading.
  await call.measure();
  next().packets = 100;
  expect(await call.measure()).toMatchObject({ packetsReceived: 100 });
});

it('and its audio is lost: the ICE restart is of the new connection', async () => {
  const { station, first, next, answer, wait, types, ended } = await forked();
  await answer();
  next().become('connected');
  next().become('failed');
  await pass();
  expect([first.restarts, next().restarts]).toEqual([0, 1]);
  expect(station.spoken('INVITE')).toHaveLength(3);
  next().become('connected');
  next().packets = 50;
  await wait(1);
  expect(types().slice(-2)).toEqual(['call.mediaLost', 'call.mediaConnected']);
  expect(ended()).toEqual([]);
});

it('and new ways do not bring its audio back: further connections are offered, as further versions of the same session', async () => {
  let took = 0;
  const { station, call, next, answer, wait, types, ended } = await forked((reply, n) => {
    if (n === 3) return reply({ status: '500 Not now', body: '' });
    took += 1;
    reply({ body: goodAnswer });
  });
  call.setMuted(true);
  await answer();
  next().become('connected');
  next().become('failed');
  await wait(7); // new ways: agreed, and in vain; a third connection: refused, and what there was is kept
  const second = station.connections[1];
  expect(station.connections).toHaveLength(3);
  expect(station.connections[2]?.applied).toEqual([]);
  expect(second?.replacedTracks).toEqual([]);
  await wait(3); // a fourth
  const fourth = station.connections[3];
  expect(station.connections.map(({ replacedTracks }) => replacedTracks)).toEqual([[null], [null], [null], []]);
  expect(fourth?.applied.map(({ type }) => type)).toEqual(['answer']);
  expect(took).toBe(3);
  const origins = station.spoken('INVITE').map(({ body }) => /^o=.*$/m.exec(body)?.[0]);
  expect(new Set(origins.map((origin) => origin?.split(' ')[1])).size).toBe(1);
  const versions = origins.map((origin) => Number(origin?.split(' ')[2]));
  expect([...new Set(versions)]).toEqual([2, 3, 4, 5]);
  second?.become('connected'); // of nobody's interest any more
  await wait(1);
  expect(types().at(-1)).toBe('call.mediaLost');
  fourth?.become('connected');
  fourth!.packets = 50;
  await wait(1);
  expect(types().slice(-2)).toEqual(['call.mediaLost', 'call.mediaConnected']);
  expect(station.tracks.map(({ enabled, readyState }) => ({ enabled, readyState }))).toEqual([
    { enabled: false, readyState: 'live' },
  ]);
  expect(ended()).toEqual([]);
  call.hangUp();
  await pass(retireMilliseconds);
  expect(station.connections.map(({ connectionState }) => connectionState)).toEqual(Array(4).fill('closed'));
});

it('and a further connection is refused, but what there was comes back by itself: both talk on, with the microphone chosen meanwhile', async () => {
  const { station, answer, next, wait, types, ended } = await forked((reply, n) =>
    reply(n < 3 ? { body: goodAnswer } : { status: '488 Not Acceptable Here', body: '' }),
  );
  await answer();
  next().become('connected');
  next().become('failed');
  await wait(4);
  expect(station.connections).toHaveLength(3);
  station.replaceMicrophone();
  next().become('connected');
  next().packets = 50;
  await wait(1);
  expect(types().slice(-2)).toEqual(['call.mediaLost', 'call.mediaConnected']);
  expect(next().replacedTracks).toEqual([station.tracks[1]]);
  await wait(10);
  expect(station.connections).toHaveLength(3);
  expect(ended()).toEqual([]);
});

it('is dialled its extension once there is audio with it, whatever was heard before', async () => {
  const { first, next, answer, types } = await forked(undefined, { extension: '8012' });
  first.become('connected');
  await answer();
  await pass(5_000);
  expect(next().dtmf.inserted).toEqual([]);
  first.become('failed'); // of nobody's interest any more
  next().become('connected');
  await pass(5_000);
  expect(next().dtmf.inserted.join('')).toBe('8012');
  expect(types().filter((type) => type === 'call.mediaConnected')).toHaveLength(2);
  expect(types()).not.toContain('call.mediaLost');
});

it('and refuses our offer: BYE, in words', async () => {
  const { station, answer, ended } = await forked((reply) => reply({ status: '488 Not Acceptable Here' }));
  await answer();
  expect(ended()).toMatchObject([
    { ended: { reason: 'MEDIA_FAILED', by: 'NETWORK' }, sentence: { en: expect.stringContaining('no audio') } },
  ]);
  expect(station.spoken('BYE').map(({ header }) => header('To'))).toEqual([expect.stringContaining('tag=two')]);
  expect(station.tracks[0]?.readyState).toBe('ended');
  await pass(retireMilliseconds);
  expect(station.connections.map(({ connectionState }) => connectionState)).toEqual(['closed', 'closed']);
});

it('and never answers our offer: asked again, and after 30 s BYE, in words', async () => {
  const { station, answer, wait, ended } = await forked(() => undefined);
  await answer();
  await wait(20);
  expect(ended()).toEqual([]);
  expect(station.spoken('INVITE').length).toBeGreaterThan(2);
  await wait(20);
  expect(ended()).toMatchObject([
    { ended: { reason: 'MEDIA_FAILED', by: 'NETWORK' }, sentence: { en: expect.any(String) } },
  ]);
  expect(station.spoken('BYE')).toHaveLength(1);
});

it('and answers our offer at the second time of asking: both talk', async () => {
  const { station, next, answer, wait, types, ended } = await forked(
    (reply, n) => n > 1 && reply({ body: goodAnswer }),
  );
  await answer();
  await wait(7);
  expect(station.spoken('INVITE')).toHaveLength(3);
  expect(next().applied.map(({ type }) => type)).toEqual(['answer']);
  next().become('connected');
  next().packets = 50;
  await wait(1);
  expect(types().filter((type) => type === 'call.mediaLost')).toHaveLength(1);
  expect(types().at(-1)).toBe('call.mediaConnected');
  expect(ended()).toEqual([]);
});

it('and our offer is lost with the socket: it is said on the next one', async () => {
  const { station, next, answer, ended } = await forked((reply, n) => n > 1 && reply({ body: goodAnswer }));
  await answer();
  station.wire().die();
  await station.connect();
  await station.phone.line.register(300, 1_000);
  await pass();
  expect(station.spoken('INVITE')).toHaveLength(3);
  expect(next().applied.map(({ type }) => type)).toEqual(['answer']);
  expect(ended()).toEqual([]);
});

it.each([
  ['without audio', goodAnswer, goodAnswer.replace('m=audio 9', 'm=audio 0')],
  ['where nobody was heard', goodAnswer.replace('m=audio 9', 'm=audio 0'), goodAnswer],
])('an answer the browser refuses, %s, ends the call as ever', async (_what, early, body) => {
  const { station, answer, ended } = await forked(undefined, { early });
  await answer(body);
  expect(ended()).toMatchObject([{ ended: { reason: 'MEDIA_FAILED', by: 'NETWORK' } }]);
  expect(station.spoken('BYE')).toHaveLength(1);
  expect(station.spoken('INVITE')).toHaveLength(1);
  expect(station.connections).toHaveLength(1);
});
