/** Offers that cross, go astray or come to nothing: none of them may be taken for another, block the next or leave the two ends apart. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FarSide, fakeStation, goodAnswer, kind, type Reply } from './fakeStation.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (milliseconds = 20) => vi.advanceTimersByTimeAsync(milliseconds);
const onHold = goodAnswer.replace('sendrecv', 'sendonly');

/** In a conversation; re-INVITEs go to `later`, the first one to be answered is number 1. */
async function conversation(
  later: (reply: (answer: Reply) => void, n: number) => void = (reply) => reply({ body: goodAnswer }),
) {
  let invites = 0;
  const farSide: FarSide = (request, reply) => {
    if (request.method !== 'INVITE') return;
    if (invites === 0) reply({ body: goodAnswer });
    else later(reply, invites);
    invites += 1;
  };
  const station = fakeStation(kind(farSide));
  await station.connect();
  await station.phone.line.register(300, 1_000);
  const dialled = station.dial();
  await pass();
  const first = station.spoken('INVITE')[0]!; // the call's own
  let sequence = 100;
  return {
    station,
    ...dialled,
    connection: station.connections[0]!,
    /** The far side's own request in this dialog; an ACK is of the request before. */
    theirs(method: 'INVITE' | 'UPDATE' | 'ACK', body: string) {
      if (method !== 'ACK') sequence += 1;
      station
        .wire()
        .arrive(
          [
            `${method} ${/<([^>;]+)/.exec(first.header('Contact'))?.[1]} SIP/2.0`,
            `Via: SIP/2.0/WS far.invalid;branch=z9hG4bKfar${sequence}${method}`,
            `From: ${first.header('To')};tag=far1`,
            `To: ${first.header('From')}`,
            `Call-ID: ${first.header('Call-ID')}`,
            `CSeq: ${sequence} ${method}`,
            'Max-Forwards: 70',
            'Contact: <sip:far@far.invalid;transport=ws>',
            ...(body === '' ? [] : ['Content-Type: application/sdp']),
            `Content-Length: ${body.length}`,
            '',
            body,
          ].join('\r\n'),
        );
      return pass();
    },
    /** Statuses of our answers to the far side's requests. */
    answers: () => station.spoken('SIP/2.0').map(({ text }) => Number(text.split(' ')[1])),
    holds: () => station.spoken('INVITE').map(({ body }) => /a=(sendonly|sendrecv)\r\n$/.exec(body)?.[1]),
  };
}

describe('an offer of the far side', () => {
  it.each(['INVITE', 'UPDATE'] as const)(
    'by %s that comes while ours is still being made is refused with 491, and ours goes out',
    async (method) => {
      const { station, call, connection, theirs, answers, ended } = await conversation();
      let offer = () => undefined as unknown;
      const made = new Promise((resolve) => {
        offer = () => resolve(undefined);
      });
      const { createOffer } = connection;
      connection.createOffer = async () => {
        const description = await createOffer();
        await connection.setLocalDescription(description); // as far as a browser has come meanwhile
        await made;
        return description;
      };
      const held = call.setHeld(true);
      await pass();
      await theirs(method, goodAnswer);
      expect(answers().filter((status) => status >= 200)).toEqual([491]);
      offer();
      await pass();
      await held;
      expect(connection.applied.map(({ type }) => type)).toEqual(['answer', 'answer']);
      expect(station.spoken('INVITE')).toHaveLength(2);
      expect(ended()).toEqual([]);
    },
  );

  it.each(['INVITE', 'UPDATE'] as const)(
    'by %s that was taken in and then cannot be answered is refused with 488, and nothing of it stays: a hold is asked as ever',
    async (method) => {
      const { call, connection, theirs, answers, types, ended } = await conversation();
      const { createAnswer } = connection;
      connection.createAnswer = () => Promise.reject(new Error('no answer to this'));
      await theirs(method, goodAnswer);
      expect(answers().at(-1)).toBe(488);
      expect(connection.signalingState).toBe('stable');
      connection.createAnswer = createAnswer;
      const held = call.setHeld(true);
      await pass();
      await held;
      expect(types()).toContain('call.held');
      expect(ended()).toEqual([]);
    },
  );

  it('after one of ours that could not be sent is answered as an offer, and the call goes on', async () => {
    const { call, connection, theirs, answers, ended } = await conversation();
    const { describe: withCandidates } = connection;
    connection.describe = () => ({ sdp: goodAnswer });
    connection.iceGatheringState = 'gathering';
    const held = expect(call.setHeld(true)).rejects.toMatchObject({ code: 'HOLD_REFUSED' });
    await pass(1_100); // no usable candidate within a second
    await held;
    expect(connection.signalingState).toBe('stable');
    connection.describe = withCandidates;
    await theirs('INVITE', goodAnswer);
    expect(answers().at(-1)).toBe(200);
    expect(connection.applied.at(-1)?.type).toBe('offer');
    expect(ended()).toEqual([]);
  });

  it('whose ACK is lost holds ours up for 8 s at most', async () => {
    const { call, theirs, answers, types } = await conversation();
    await theirs('INVITE', goodAnswer);
    expect(answers().at(-1)).toBe(200);
    const held = call.setHeld(true);
    await pass(7_900);
    expect(types()).not.toContain('call.held');
    await pass(200);
    await held;
    expect(types()).toContain('call.held');
  });

  it('whose ACK is lost with the socket holds nothing up: the customer’s BYE finds the new socket', async () => {
    const { station, theirs, answers } = await conversation();
    await theirs('INVITE', goodAnswer);
    station.wire().die();
    await station.connect();
    await station.phone.line.register(300, 1_000);
    await pass();
    expect(station.spoken('INVITE')).toHaveLength(2);
    await theirs('INVITE', goodAnswer);
    expect(answers().at(-1)).toBe(200);
  });
});

describe('a hold of theirs', () => {
  const holds = (types: () => string[]) => types().filter((type) => type === 'call.held' || type === 'call.resumed');

  it('begins and ends in the ACK, where their re-INVITEs have no description', async () => {
    const { theirs, types, seen, answers } = await conversation();
    for (const answer of [onHold, goodAnswer]) {
      await theirs('INVITE', '');
      expect(answers().at(-1)).toBe(200);
      await theirs('ACK', answer);
    }
    expect(holds(types)).toEqual(['call.held', 'call.resumed']);
    expect(seen.find(({ type }) => type === 'call.held')).toMatchObject({ by: 'OTHER' });
  });

  it('that was asked for with a description ends in the ACK of one without', async () => {
    const { theirs, types } = await conversation();
    await theirs('INVITE', onHold);
    await theirs('ACK', '');
    expect(holds(types)).toEqual(['call.held']);
    await theirs('INVITE', '');
    await theirs('ACK', goodAnswer);
    expect(holds(types)).toEqual(['call.held', 'call.resumed']);
  });

  it.each([
    [onHold, goodAnswer, ['call.held', 'call.resumed']],
    [goodAnswer, onHold, ['call.held']],
  ])(
    'whose change was lost with the socket is seen in the answer to our re-INVITE afterwards',
    async (before, after, expected) => {
      const { station, theirs, types } = await conversation((reply) => reply({ body: after }));
      await theirs('INVITE', before);
      await theirs('ACK', '');
      station.wire().die();
      await station.connect();
      await station.phone.line.register(300, 1_000);
      await pass();
      expect(station.spoken('INVITE')).toHaveLength(2);
      expect(holds(types)).toEqual(expected);
    },
  );

  it('is not taken from an «inactive» that answers our own hold, and is from what answers the end of that', async () => {
    const { call, seen } = await conversation((reply, n) =>
      reply({ body: n === 1 ? goodAnswer.replace('sendrecv', 'inactive') : onHold }),
    );
    for (const held of [true, false]) {
      const asked = call.setHeld(held);
      await pass();
      await asked;
    }
    expect(seen.filter(({ type }) => type === 'call.held')).toMatchObject([{ by: 'AGENT' }, { by: 'OTHER' }]);
  });
});

describe('a hold of ours', () => {
  it('answered too late is acknowledged, and what both have is offered once more', async () => {
    let late: () => void = () => undefined;
    const { station, call, holds, ended } = await conversation((reply, n) => {
      if (n === 1) late = () => reply({ body: onHold.replace('sendonly', 'recvonly') });
      else reply({ body: goodAnswer });
    });
    const held = expect(call.setHeld(true)).rejects.toMatchObject({ code: 'HOLD_REFUSED' });
    await pass(8_100);
    await held;
    const acknowledged = station.spoken('ACK').length;
    late();
    late(); // repeated until its ACK is there
    await pass();
    expect(station.spoken('ACK').length).toBe(acknowledged + 3); // of the late ones, and of what followed
    expect(holds().slice(1)).toEqual(['sendonly', 'sendrecv']);
    expect(ended()).toEqual([]);
  });

  it('answered with a redirection is refused at once, and the next one is asked', async () => {
    const { call, types } = await conversation((reply, n) => {
      setTimeout(() => reply(n === 1 ? { status: '302 Moved' } : { body: goodAnswer }), 5); // no wire answers within a turn
    });
    const held = expect(call.setHeld(true)).rejects.toMatchObject({ code: 'HOLD_REFUSED' });
    await pass();
    await held;
    const again = call.setHeld(true);
    await pass();
    await again;
    expect(types()).toContain('call.held');
  });
});
