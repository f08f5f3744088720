/** From the dial to the answer on a real network, and what a far side does there against the rules. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { FarCall } from './farEnd.ts';
import { bothHear, customerHearsNothing } from './hearing.ts';
import type { SipNetwork } from './network.ts';
import { unusable } from './sipText.ts';
import { expect, type Station, type StationCall, type StationOptions, test } from './station.ts';
import { startStunServer } from './stunServer.ts';

const anyWords = { sentence: { zh: expect.any(String), en: expect.any(String) } };

/** INVITEs outside of a dialog, without those a challenge asked for again. */
async function dialled(station: Station): Promise<string[]> {
  const invites = await station.sent('INVITE');
  return invites.filter((text) => !/^To: .*;tag=/im.test(text) && !/^Proxy-Authorization:/im.test(text));
}

test('the dial does not wait for a STUN server that stays silent, prepared or not', async ({
  openStation,
  kamailio,
}) => {
  const silent = createSocket('udp4');
  silent.bind(0, '127.0.0.1');
  await once(silent, 'listening');
  const station = await openStation({ iceServers: [{ urls: `stun:127.0.0.1:${silent.address().port}` }] });
  // The second follows at once: nothing is ready for it yet.
  for (const number of ['2002', '2002']) {
    const call = await station.dial(number);
    expect((await call.until('call.sent')).at).toBeLessThan(4_000); // whoever waits, waits 5 s and more
    await call.ended();
  }
  for (const invite of await dialled(station)) expect(invite).toMatch(/^a=candidate:\S+ 1 udp .* typ host/im);
  expect(kamailio.seen().some(({ to }) => to === '2002')).toBe(true);
  silent.close();
});

test('a STUN server that answers gives the call a further address, as soon as it has answered; it is not waited for', async ({
  openStation,
}) => {
  const stun = await startStunServer({ address: '203.0.113.7', milliseconds: 300 });
  const station = await openStation({ iceServers: [{ urls: stun.url }] });
  const reflexive = /^a=candidate:\S+ 1 udp \d+ 203\.0\.113\.7 \d+ typ srflx .*/im;
  await expect
    .poll(() => station.run((lab) => lab.localDescriptions(), null))
    .toContainEqual(expect.stringMatching(reflexive));
  stun.answerAfter(20_000);
  // The second follows at once: nothing is ready for it, and its question has no answer yet.
  for (const number of ['2001', '2001']) {
    const call = await station.dial(number);
    expect((await call.until('call.sent')).at).toBeLessThan(4_000); // whoever waits, waits 5 s and more
    await call.until('call.mediaConnected');
    expect(await call.hearsSomething()).toBeGreaterThan(0);
    await call.hangUp();
    await call.ended();
  }
  const [prepared, atOnce] = await dialled(station);
  expect(prepared).toMatch(reflexive);
  for (const invite of [prepared, atOnce]) expect(invite).toMatch(/^a=candidate:\S+ 1 udp .* typ host/im);
  expect(atOnce).not.toMatch(/typ srflx/);
  expect(stun.asked()).toBeGreaterThan(1);
  stun.close();
});

test('a STUN server that knows our address already (coturn on this machine) is asked, and the call goes out as it stands', async ({
  openStation,
  kamailio,
}) => {
  const { urls } = await kamailio.turnServer();
  const station = await openStation({ iceServers: [{ urls: urls.replace(/^turn:(.*)\?.*/, 'stun:$1') }] });
  const call = await station.dial('2001');
  await call.until('call.mediaConnected');
  expect(await call.hearsSomething()).toBeGreaterThan(0);
  await call.hangUp();
  await call.ended();
  await expect.poll(() => kamailio.log('turnserver')).toMatch(/BINDING processed, success/);
});

test('a profile that names no server: nobody is asked for our address, a public server least of all', async ({
  openStation,
}) => {
  const station = await openStation();
  const call = await station.dial('2001');
  await call.until('call.mediaConnected');
  await call.hangUp();
  await call.ended();
  const asked = await station.run((lab) => lab.iceServers(), null);
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.flat()).toEqual([]);
  for (const invite of await dialled(station)) expect(invite).not.toMatch(/typ (srflx|relay)/);
});

test('a profile that demands a relay never shows an address of the machine, and says so when there is none', async ({
  openStation,
}) => {
  const nobody = { urls: 'turn:127.0.0.1:9?transport=udp', username: 'u', credential: 'p' };
  const station = await openStation({ iceServers: [nobody], relayOnly: true });
  const call = await station.dial('2001');
  expect(await call.ended()).toMatchObject({
    ended: { reason: 'MEDIA_FAILED', by: 'STATION' },
    sentence: { en: expect.stringContaining('relay') },
  });
  expect(await station.sent('INVITE')).toEqual([]);
});

test('a profile that demands a relay calls through it, and offers nothing else', async ({ openStation, kamailio }) => {
  const station = await openStation({ iceServers: [await kamailio.turnServer()], relayOnly: true });
  // The second follows at once: nothing is ready for it yet.
  for (const number of ['2001', '2001']) {
    const call = await station.dial(number);
    await call.until('call.mediaConnected');
    expect(await call.hearsSomething()).toBeGreaterThan(0);
    await call.hangUp();
    await call.ended();
  }
  for (const invite of await dialled(station)) {
    const candidates = invite.match(/^a=candidate:.*/gim) ?? [];
    expect(candidates.length).toBeGreaterThan(0);
    for (const candidate of candidates) expect(candidate).toMatch(/ 127\.0\.0\.1 \d+ typ relay raddr 0\.0\.0\.0 /);
  }
});

test('what was gathered before a change of network is not offered afterwards', async ({ openStation }) => {
  const station = await openStation();
  /** Of what a description names: its own key, and where it can be reached. */
  const ways = (sdp: string) => [
    ...(sdp.match(/^a=ice-ufrag:.*/gm) ?? []),
    ...[...sdp.matchAll(/^a=candidate:\S+ 1 udp \d+ (\S+ \d+) /gim)].map(([, where = '']) => where),
  ];
  const gathered = async () => (await station.run((lab) => lab.localDescriptions(), null)).map(ways);
  await expect.poll(async () => (await gathered())[0]?.length).toBeGreaterThan(1);
  const [before = []] = await gathered();
  await station.run((lab) => lab.networkChanged(), null);
  const call = await station.dial('2001');
  await call.until('call.mediaConnected');
  const invites = await station.sent('INVITE');
  expect(invites.length).toBeGreaterThan(0);
  for (const invite of invites) {
    const offered = ways(invite);
    expect(offered.length).toBeGreaterThan(1);
    expect(offered.filter((way) => before.includes(way))).toEqual([]);
  }
  await expect.poll(async () => (await station.run((lab) => lab.signalingStates(), null))[0]).toBe('closed');
  await call.hangUp();
  await call.ended();
});

test('a redirection is told in words and not followed', async ({ openStation, kamailio }) => {
  const elsewhere = kamailio.callee((call) => call.answer());
  const number = kamailio.callee((call) =>
    call.respond({ status: 302, headers: [`Contact: <sip:${elsewhere}@127.0.0.1>`] }),
  );
  const station = await openStation();
  const call = await station.dial(number);
  expect(await call.ended()).toMatchObject({ ended: { reason: 'FAILED', sipStatus: 302 }, ...anyWords });
  expect(await dialled(station)).toHaveLength(1);
  expect(kamailio.seen().some(({ to }) => to === elsewhere)).toBe(false);
});

test('a far side that asks for a password again and again is given up, in words', async ({ openStation, kamailio }) => {
  const number = kamailio.callee((call) =>
    call.respond({ status: 401, headers: ['WWW-Authenticate: Digest realm="elsewhere", nonce="n", algorithm=MD5'] }),
  );
  const station = await openStation();
  const call = await station.dial(number);
  expect(await call.ended()).toMatchObject({ ended: { reason: 'FAILED', sipStatus: 401 }, ...anyWords });
  expect((await station.sent('INVITE')).length).toBeLessThanOrEqual(3);
});

test('of branches that ring any may answer, and is heard and hears us', async ({ openStation, kamailio }) => {
  const number = kamailio.callee(async (call) => {
    for (const tag of ['one', 'two']) call.respond({ status: 180, tag });
    await call.answer({ tag: 'three' });
  });
  const station = await openStation();
  const call = await station.dial(number);
  await call.until('call.mediaConnected');
  const far = await kamailio.called(number);
  await bothHear(call, far);
  await call.hangUp();
  expect((await far.until('BYE')).header('To')).toContain('tag=three');
  await call.ended();
});

/** One branch is heard, another one answers: rtpengine gives each a way for voice of its own. */
async function answeredByAnother(
  station: Station,
  network: SipNetwork,
  prepare: (far: FarCall) => void = () => undefined,
): Promise<{ call: StationCall; far: FarCall }> {
  const number = network.callee((far) => {
    prepare(far);
    far.early({ tag: 'one' });
  });
  const call = await station.dial(number);
  const far = await network.called(number);
  await call.until('call.earlyMedia');
  await expect.poll(async () => (await call.hears(300)).energy, { intervals: [0] }).toBeGreaterThan(0);
  await far.answer({ tag: 'two' });
  return { call, far };
}

/** This rtpengine forgets `rtcp-mux` in a second branch's answer. Others do not: it is put in on the way. */
async function openBehindAnother(openStation: (options: StationOptions) => Promise<Station>): Promise<Station> {
  const station = await openStation({ signIn: false });
  await station.run((lab, account) => {
    const { prototype } = WebSocket;
    const native = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(prototype), 'onmessage');
    const muxed = (text: string) =>
      /^SIP\/2\.0 200[\s\S]*^a=rtcp:/m.test(text) && !/^a=rtcp-mux/m.test(text)
        ? text
            .replace(/^a=rtcp:.*/m, '$&\r\na=rtcp-mux')
            .replace(/^(Content-Length: )(\d+)/m, (_, name, length) => name + (Number(length) + 12))
        : text;
    Object.defineProperty(prototype, 'onmessage', {
      set(hear: ((event: { data: string }) => void) | null) {
        native?.set?.call(this, hear && (({ data }: { data: string }) => hear({ data: muxed(data) })));
      },
    });
    lab.start(account);
  }, station.account);
  await station.untilLine('REGISTERED');
  await station.run((lab) => lab.prepare(), null);
  return station;
}

test('a branch that answers after another was heard, in a way a browser takes and is then deaf by, is heard and hears us', async ({
  openStation,
  kamailio,
}) => {
  const station = await openBehindAnother(openStation);
  const { call, far } = await answeredByAnother(station, kamailio);
  expect((await far.until('INVITE', 2)).header('To')).toContain('tag=two');
  await bothHear(call, far);
  await call.hangUp();
  await far.until('BYE');
});

test('a branch that answers after another was heard, with a way for voice of its own, is heard and hears us; hold, digits and the hang-up are as ever', async ({
  openStation,
  kamailio,
}) => {
  const station = await openStation();
  const { call, far } = await answeredByAnother(station, kamailio);
  expect((await far.until('INVITE', 2)).header('To')).toContain('tag=two');
  await bothHear(call, far);
  await expect.poll(async () => (await call.measure())?.packetsReceived ?? 0).toBeGreaterThan(0);
  expect(await call.hold(true)).toBe('ok');
  expect(far.stationSays()).toBe('sendonly');
  await customerHearsNothing(far);
  expect(await call.hold(false)).toBe('ok');
  await bothHear(call, far);
  expect((await far.reinvite('sendonly')).status).toBe(200);
  await call.until('call.held', { times: 2 });
  expect((await far.reinvite('sendrecv')).status).toBe(200);
  await call.until('call.resumed', { times: 2 });
  for (const digit of ['4', '2'] as const) expect(await call.digit(digit)).toBe('ok');
  await expect.poll(() => far.media.digits()).toBe('42');
  await bothHear(call, far);
  // Within the dialog the session stays one, and its version rises (RFC 3264 8).
  const origins = (await station.sent('INVITE')).flatMap((text) => [...text.matchAll(/^o=- (\d+) (\d+) /gm)]);
  expect(new Set(origins.map(([, session]) => session)).size).toBe(1);
  const versions = [...new Set(origins.map(([, , version]) => Number(version)))]; // an INVITE is sent again with the password
  expect(versions).toEqual([...versions].sort((a, b) => a - b));
  expect(versions).toHaveLength(4);
  const seen = await call.seen();
  expect(seen.filter((type) => type === 'call.answered')).toHaveLength(1);
  expect(seen).not.toContain('call.mediaLost');
  await call.hangUp();
  expect((await far.until('BYE')).header('To')).toContain('tag=two');
  expect(await call.ended()).toMatchObject({ ended: { reason: 'HUNG_UP', by: 'AGENT' } });
  await expect.poll(() => station.run((lab) => lab.openConnections(), null)).toBe(0);
});

test('a branch behind the same relay that was not heard before its answer, because another one was, is heard and hears us once it answers', async ({
  openStation,
  kamailio,
}) => {
  const station = await openStation();
  const number = kamailio.callee((far) => far.early({ tag: 'one' }));
  const call = await station.dial(number);
  const far = await kamailio.called(number);
  await call.until('call.earlyMedia');
  far.early({ tag: 'two' });
  await expect.poll(async () => (await call.hears(300)).packets, { intervals: [0] }).toBe(0);
  await far.answer({ tag: 'two' });
  expect((await far.until('INVITE', 2)).header('To')).toContain('tag=two');
  await bothHear(call, far);
  expect((await call.seen()).filter((type) => type === 'call.answered')).toHaveLength(1);
  await call.hangUp();
  expect((await far.until('BYE')).header('To')).toContain('tag=two');
  await call.ended();
});

test('a branch that answers after another was heard, and whose own offer crosses ours (491 on both sides), is heard and hears us', async ({
  openStation,
  kamailio,
}) => {
  const station = await openStation();
  const { call, far } = await answeredByAnother(station, kamailio, (far) =>
    far.on('INVITE', async () => {
      far.on('INVITE');
      expect((await far.reinvite('sendrecv')).status).toBe(491);
      return { status: 491 };
    }),
  );
  await far.until('INVITE', 3);
  await bothHear(call, far);
  expect(await call.seen()).not.toContain('call.ended');
  await call.hangUp();
  await far.until('BYE');
});

test('a branch that answers after another was heard and refuses the offer of its own is let go with BYE and in words, never in silence', async ({
  openStation,
  kamailio,
}) => {
  const station = await openStation();
  const { call, far } = await answeredByAnother(station, kamailio, (far) => far.on('INVITE', () => ({ status: 488 })));
  expect(await call.ended()).toMatchObject({ ended: { reason: 'MEDIA_FAILED', by: 'NETWORK' }, ...anyWords });
  expect((await far.until('BYE')).header('To')).toContain('tag=two');
  expect((await call.seen()).filter((type) => type === 'call.ended')).toHaveLength(1);
  await expect.poll(() => station.run((lab) => lab.openConnections(), null)).toBe(0);
});

test('of two branches that answer the second is let go with ACK and BYE, and the first is talked to', async ({
  openStation,
  kamailio,
}) => {
  const number = kamailio.callee(async (call) => {
    call.ring();
    call.respond({ status: 200, sdp: call.sdp(), tag: 'second' });
    await call.answer({ tag: 'first' });
  });
  const station = await openStation();
  const call = await station.dial(number);
  await call.until('call.mediaConnected');
  const far = await kamailio.called(number);
  await far.until('ACK', 2);
  await far.until('BYE');
  await bothHear(call, far);
  await talksToOneOnly(call, far);
});

test('a branch that answers while another is talked to already is let go with ACK and BYE, and what rtpengine lets go with it is back at once', async ({
  openStation,
  kamailio,
}) => {
  const number = kamailio.callee((call) => void call.answer({ tag: 'first' }));
  const station = await openStation();
  const call = await station.dial(number);
  const far = await kamailio.called(number);
  await bothHear(call, far);
  far.respond({ status: 200, sdp: far.sdp(), tag: 'second' });
  expect((await far.until('BYE')).header('To')).toContain('tag=second');
  await far.until('INVITE', 2);
  await bothHear(call, far);
  await talksToOneOnly(call, far);
});

/** The audio was never missed for so long that the recovery had to see to it. */
async function talksToOneOnly(call: StationCall, far: FarCall): Promise<void> {
  const seen = await call.seen();
  expect(seen.filter((type) => type === 'call.answered')).toHaveLength(1);
  expect(seen).not.toContain('call.mediaLost');
  expect(seen).not.toContain('call.ended');
  await call.hangUp();
  await far.until('BYE', 2);
  await call.ended();
}

test('a customer who answers while we cancel is let go with ACK and BYE', async ({ openStation, kamailio }) => {
  const number = kamailio.callee((call) => {
    call.on('CANCEL', () => {
      void call.answer();
      return { status: 200 };
    });
    call.ring();
  });
  const station = await openStation();
  const call = await station.dial(number);
  await call.until('call.ringing');
  await call.hangUp();
  const far = await kamailio.called(number);
  await far.until('ACK');
  await far.until('BYE');
  expect(await call.ended()).toMatchObject({ ended: { reason: 'CANCELLED', by: 'AGENT' } });
  expect(await call.seen()).not.toContain('call.answered');
});

test('a customer who answers in the moment of our hang-up is let go with ACK and BYE', async ({
  openStation,
  kamailio,
}) => {
  const number = kamailio.callee((call) => void call.answer());
  const station = await openStation();
  await station.run((lab) => {
    const apply = RTCPeerConnection.prototype.setRemoteDescription;
    RTCPeerConnection.prototype.setRemoteDescription = function (description) {
      // as: the overload with callbacks is not used
      const applied = (apply as (description: RTCSessionDescriptionInit) => Promise<void>).call(this, description);
      lab.hangUp(0);
      return applied;
    };
  }, null);
  const call = await station.dial(number);
  const far = await kamailio.called(number);
  await far.until('ACK');
  await far.until('BYE');
  expect(await call.ended()).toMatchObject({ ended: { reason: 'CANCELLED', by: 'AGENT' } });
});

for (const [what, spoil] of Object.entries(unusable))
  test(`an answer ${what} ends the call cleanly, with BYE and in words`, async ({ openStation, kamailio }) => {
    const number = kamailio.callee((call) => {
      call.respond({ status: 200, sdp: spoil(call.sdp()) });
    });
    const station = await openStation();
    const call = await station.dial(number);
    expect(await call.ended()).toMatchObject({ ended: { reason: 'MEDIA_FAILED', by: 'NETWORK' }, ...anyWords });
    const far = await kamailio.called(number);
    await far.until('BYE');
    await expect.poll(() => station.run((lab) => lab.openConnections(), null)).toBe(0);
  });

for (const [what, spoil] of Object.entries(unusable))
  test(`a customer who rings ${what} is refused with 488, and nobody hears it ring`, async ({
    openStation,
    kamailio,
  }) => {
    const station = await openStation();
    const caller = await kamailio.ring(station.user, '15400000036', spoil);
    expect(await caller.answered).toBe(false);
    expect(caller.statuses.at(-1)).toBe(488);
    expect(await station.sent('INVITE', 488)).toHaveLength(1);
    expect(await station.sent('INVITE', 180)).toEqual([]);
    expect(await station.run((lab) => lab.calls(), null)).toBe(0);
  });
