/** One suite of calls on both exchanges: what holds on the practice PBX holds on a real network. */
import type { PracticeProcess } from '../practice/process.ts';
import { customerHears, customerHearsNothing } from './hearing.ts';
import type { SipNetwork } from './network.ts';
import { expect, type StationCall, test } from './station.ts';

type Callee = { number: string; headers?: Record<string, string> };
type Behaviour = 'talks' | 'busy' | 'declines' | 'unknown' | 'unavailable' | 'ringsForEver' | 'announced';

/** What the suite wants of an exchange. */
type Exchange = {
  on: SipNetwork | PracticeProcess;
  callees: Record<Behaviour, Callee>;
  /** The customer hears us, from now on. */
  customerHears(call: StationCall): Promise<void>;
  /** Nor is anything of us heard there while we hold, or are muted. */
  customerHearsNothing(call: StationCall): Promise<void>;
  hold(call: StationCall, held: boolean): Promise<void>;
  hangUp(call: StationCall): Promise<void>;
  /** A customer with that number rings; resolves at once. */
  ring(user: string, number: string): Promise<void>;
};

function onKamailio(network: SipNetwork): Exchange {
  const number = network.callee(async (call) => {
    call.ring();
    await call.answer();
  });
  let calls = 0;
  const far = async () => network.called(number, calls);
  return {
    on: network,
    callees: {
      get talks() {
        calls += 1;
        return { number };
      },
      busy: { number: '2002' },
      declines: { number: '2006' },
      unknown: { number: '2004' },
      unavailable: { number: '2005' },
      ringsForEver: { number: '2003' },
      announced: { number: '2007' },
    },
    customerHears: async () => customerHears(await far()),
    customerHearsNothing: async () => customerHearsNothing(await far()),
    async hold(_call, held) {
      expect((await (await far()).reinvite(held ? 'sendonly' : 'sendrecv')).status).toBe(200);
    },
    ring: async (user, customer) => void (await network.ring(user, customer)),
    hangUp: async () => void (await (await far()).bye(['Reason: Q.850;cause=16;text="Normal call clearing"'])),
  };
}

function onPractice(practice: PracticeProcess): Exchange {
  const context = (value: object) => ({ 'X-Practice': encodeURIComponent(JSON.stringify(value)) });
  const ofNobody = { number: '02600000005', headers: context({ clock: '2026-03-02T09:30:00+08:00', attempt: 1 }) };
  const command = async (path: string, call: StationCall, more: object = {}) => {
    const { callId } = await call.facts();
    const response = await practice.post(`/control/${path}`, { callId, ...more });
    expect(response.status).toBe(200);
  };
  const voiced = async (call: StationCall) => {
    const { callId } = await call.facts();
    return (await practice.calls()).calls.find((one) => one.callId === callId)?.voiced ?? 0;
  };
  return {
    on: practice,
    callees: {
      talks: { number: '9196' },
      busy: { number: '15400000007', headers: context({ attempt: 1 }) },
      declines: { number: '15400000008', headers: context({ attempt: 2 }) },
      unknown: { number: '02600000002' },
      unavailable: ofNobody,
      ringsForEver: ofNobody,
      announced: { number: '15400000006' },
    },
    async customerHears(call) {
      const before = await voiced(call);
      await expect.poll(() => voiced(call)).toBeGreaterThan(before);
    },
    async customerHearsNothing(call) {
      const lately: number[] = [];
      // Two seconds long nothing is added.
      await expect
        .poll(async () => lately.push(await voiced(call)) > 2 && lately.at(-1) === lately.at(-3), {
          intervals: [1_000],
        })
        .toBe(true);
    },
    hold: (call, held) => command('hold', call, { held }),
    hangUp: (call) => command('hang-up', call),
    async ring(user, number) {
      expect((await practice.post('/control/ring-back', { user, number })).status).toBe(200);
    },
  };
}

for (const name of ['Kamailio', 'the practice PBX'] as const)
  test.describe(`on ${name}`, () => {
    const choose = (kamailio: SipNetwork, practice: PracticeProcess): Exchange =>
      name === 'Kamailio' ? onKamailio(kamailio) : onPractice(practice);

    test('an answered call is heard by both sides and ends once, with our hang-up', async ({
      kamailio,
      practice,
      openStation,
    }) => {
      const exchange = choose(kamailio, practice);
      const station = await openStation({ on: exchange.on });
      const { number, ...options } = exchange.callees.talks;
      const call = await station.dial(number, options);
      await call.until('call.mediaConnected');
      await expectBothHear(exchange, call);
      await call.hangUp();
      expect(await call.ended()).toMatchObject({
        ended: { reason: 'HUNG_UP', by: 'AGENT' },
        facts: { callId: expect.any(String), talkedSeconds: expect.any(Number) },
      });
      expect((await call.seen()).filter((type) => type === 'call.ended')).toHaveLength(1);
    });

    const failures = [
      ['busy', 'a customer who is on the phone', 486, 'OTHER'],
      ['declines', 'a customer who declines', 603, 'OTHER'],
      ['unknown', 'a number that nobody has', 404, 'NETWORK'],
      ['unavailable', 'a customer who does not answer the exchange', 480, 'OTHER'],
    ] as const;
    for (const [behaviour, who, sipStatus, by] of failures)
      test(`${who} is told as ${sipStatus}, and nothing is left of the call`, async ({
        kamailio,
        practice,
        openStation,
      }) => {
        const exchange = choose(kamailio, practice);
        const station = await openStation({ on: exchange.on });
        const { number, ...options } = exchange.callees[behaviour];
        const call = await station.dial(number, options);
        expect(await call.ended()).toMatchObject({
          ended: { reason: 'REFUSED', by, sipStatus },
          facts: { talkedSeconds: 0 },
        });
        await expect.poll(() => station.run((lab) => lab.openConnections(), null)).toBe(0);
      });

    test('ringing that nobody ends is ended by us, with one CANCEL', async ({ kamailio, practice, openStation }) => {
      const exchange = choose(kamailio, practice);
      const station = await openStation({ on: exchange.on });
      const { number, ...options } = exchange.callees.ringsForEver;
      const call = await station.dial(number, options);
      await call.until('call.ringing');
      await call.hangUp();
      expect(await call.ended()).toMatchObject({ ended: { reason: 'CANCELLED', by: 'AGENT' } });
      expect(await station.sent('CANCEL')).toHaveLength(1);
      await expect
        .poll(async () => (await station.messages()).some(({ text }) => /^SIP\/2\.0 487 /.test(text)))
        .toBe(true);
    });

    test('an announcement before the answer is heard, and then the failure told', async ({
      kamailio,
      practice,
      openStation,
    }) => {
      const exchange = choose(kamailio, practice);
      const station = await openStation({ on: exchange.on });
      const { number, ...options } = exchange.callees.announced;
      const call = await station.dial(number, options);
      expect(await call.hearsSomething()).toBeGreaterThan(0);
      expect(await call.ended()).toMatchObject({
        ended: { reason: 'REFUSED', sipStatus: 404 },
        facts: { earlyMedia: true, talkedSeconds: 0 },
      });
      expect(await call.seen()).not.toContain('call.answered');
    });

    test('a customer who hangs up ends the call, and nothing is left of it', async ({
      kamailio,
      practice,
      openStation,
    }) => {
      const exchange = choose(kamailio, practice);
      const station = await openStation({ on: exchange.on });
      const { number, ...options } = exchange.callees.talks;
      const call = await station.dial(number, options);
      await call.until('call.mediaConnected');
      await exchange.hangUp(call);
      expect(await call.ended()).toMatchObject({ ended: { reason: 'HUNG_UP', by: 'OTHER', q850: 16 } });
      await expect.poll(() => station.run((lab) => lab.openConnections(), null)).toBe(0);
      expect(await station.sent('BYE')).toEqual([]);
    });

    test('a customer who rings is shown by number, answered, heard, and hung up on', async ({
      kamailio,
      practice,
      openStation,
    }) => {
      const exchange = choose(kamailio, practice);
      const station = await openStation({ on: exchange.on });
      await exchange.ring(station.user, '15400000036');
      const call = await station.call(0);
      expect(await station.run((lab) => [lab.direction(0), lab.remoteNumber(0)], null)).toEqual(['in', '15400000036']);
      expect(await call.answer()).toBe('ok');
      await call.until('call.mediaConnected');
      expect(await call.hearsSomething()).toBeGreaterThan(0);
      await call.hangUp();
      expect(await call.ended()).toMatchObject({ ended: { reason: 'HUNG_UP', by: 'AGENT' } });
    });

    test('a customer who rings during a call gets busy (486), and the call goes on', async ({
      kamailio,
      practice,
      openStation,
    }) => {
      const exchange = choose(kamailio, practice);
      const station = await openStation({ on: exchange.on });
      const { number, ...options } = exchange.callees.talks;
      const call = await station.dial(number, options);
      await call.until('call.mediaConnected');
      await exchange.ring(station.user, '15400000036');
      const missed = await station.call(1);
      expect(await missed.ended()).toMatchObject({ ended: { reason: 'REFUSED', by: 'STATION', sipStatus: 486 } });
      expect(await station.sent('INVITE', 486)).toHaveLength(1);
      expect(await station.sent('INVITE', 180)).toEqual([]);
      await expectBothHear(exchange, call);
      expect(await call.seen()).not.toContain('call.ended');
      await call.hangUp();
      await call.ended();
    });

    test('who is muted is not heard, and is heard again afterwards', async ({ kamailio, practice, openStation }) => {
      const exchange = choose(kamailio, practice);
      const station = await openStation({ on: exchange.on });
      const { number, ...options } = exchange.callees.talks;
      const call = await station.dial(number, options);
      await call.until('call.mediaConnected');
      await expectBothHear(exchange, call);
      await call.mute(true);
      await exchange.customerHearsNothing(call);
      await call.mute(false);
      await expectBothHear(exchange, call);
      await call.hangUp();
      await call.ended();
    });

    test('hold and resume from both sides, twice, leave no one-way audio', async ({
      kamailio,
      practice,
      openStation,
    }) => {
      const exchange = choose(kamailio, practice);
      const station = await openStation({ on: exchange.on });
      const { number, ...options } = exchange.callees.talks;
      const call = await station.dial(number, options);
      await call.until('call.mediaConnected');
      for (const times of [1, 3]) {
        expect(await call.hold(true)).toBe('ok');
        await expectSilence(call);
        await exchange.customerHearsNothing(call);
        expect(await call.hold(false)).toBe('ok');
        await expectBothHear(exchange, call);
        await exchange.hold(call, true);
        expect(await call.until('call.held', { times: times + 1 })).toMatchObject({ by: 'OTHER' });
        await exchange.hold(call, false);
        expect(await call.until('call.resumed', { times: times + 1 })).toMatchObject({ by: 'OTHER' });
        await expectBothHear(exchange, call);
      }
      await call.hangUp();
      await call.ended();
    });
  });

test('every INVITE of an attempt names it, the one without and the one with the password', async ({
  kamailio,
  openStation,
}) => {
  const station = await openStation();
  const attempt = crypto.randomUUID();
  const call = await station.dial('2002', { attempt });
  const { facts } = await call.ended();
  const invites = kamailio.seen().filter(({ method, status }) => method === 'INVITE' && status === undefined);
  const own = invites.filter(({ callId }) => callId === facts.callId);
  expect(own.map((seen) => seen.attempt)).toEqual([attempt, attempt]);
});

async function expectBothHear(exchange: Exchange, call: StationCall): Promise<void> {
  expect(await call.hearsSomething()).toBeGreaterThan(0);
  await exchange.customerHears(call);
}

/** While the agent holds, the customer's voice is not sent to us. What was under way may still come. */
async function expectSilence(call: StationCall): Promise<void> {
  await expect.poll(async () => (await call.hears(300)).packets, { intervals: [0] }).toBe(0);
}
