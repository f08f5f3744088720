import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { KeptFarewells } from '../../../renderer/phone/farewells.ts';
import { fakeStation, goodAnswer, kind, type Reply, type Request } from './fakeStation.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** What outlives the page, as the disk would keep it. */
function disk(kept: readonly string[] = []) {
  const state = { kept, closed: false };
  const farewells: KeptFarewells = {
    read: async () => state.kept,
    write: (texts) => {
      state.kept = texts;
    },
    close: async () => {
      state.closed = true;
    },
  };
  return { state, farewells };
}

/** A customer who rings until he answers. */
function customer() {
  let answer: (reply: Reply) => void = () => undefined;
  const farSide = kind((request, reply) => {
    if (request.method !== 'INVITE') return;
    answer = reply;
    reply({ status: '180 Ringing', headers: ['Record-Route: <sip:proxy.example;lr>'] });
  });
  return {
    farSide,
    answers: () => answer({ body: goodAnswer, headers: ['Record-Route: <sip:proxy.example;lr>'] }),
  };
}

const branchOf = (request: Request | undefined) => /branch=([^;\s]+)/.exec(request?.header('Via') ?? '')?.[1];

async function ringing(farewells: KeptFarewells) {
  const { farSide, answers } = customer();
  const station = fakeStation(farSide, undefined, farewells);
  await station.connect();
  const { call } = station.dial();
  await vi.advanceTimersByTimeAsync(20);
  return { station, call, answers };
}

/** The next page of this station: what it says on its first socket. */
async function nextPage(farewells: KeptFarewells, farSide = kind()) {
  const station = fakeStation(farSide, undefined, farewells);
  await station.connect();
  await vi.advanceTimersByTimeAsync(20);
  return station;
}

it('killed while it rings: the next page cancels the very INVITE, and the customer’s phone stops ringing', async () => {
  const { state, farewells } = disk();
  const { station } = await ringing(farewells);
  const [invite] = station.spoken('INVITE');
  const [cancel] = (await nextPage(farewells)).spoken('CANCEL');
  expect(branchOf(cancel)).toBe(branchOf(invite));
  for (const name of ['Call-ID', 'From', 'To']) expect(cancel?.header(name)).toBe(invite?.header(name));
  expect(cancel?.header('CSeq')).toBe(invite?.header('CSeq').replace('INVITE', 'CANCEL'));
  expect(cancel?.text.split(' ')[1]).toBe(invite?.text.split(' ')[1]);
  expect(state.kept).toEqual([]); // it was answered
});

it('killed before anything came back: the next page cancels the INVITE that left last, the one with the password', async () => {
  const { state, farewells } = disk();
  const station = fakeStation(
    (request, reply) => {
      if (request.header('Proxy-Authorization') === '')
        reply({
          status: '407 Proxy Authentication Required',
          headers: ['Proxy-Authenticate: Digest realm="bank.example", nonce="n1", algorithm=MD5'],
        });
    },
    undefined,
    farewells,
  );
  await station.connect();
  station.dial();
  await vi.advanceTimersByTimeAsync(20);
  const invites = station.spoken('INVITE');
  expect(invites).toHaveLength(2);
  const [cancel] = (await nextPage(farewells)).spoken('CANCEL');
  expect(branchOf(cancel)).toBe(branchOf(invites[1]));
  expect(cancel?.header('CSeq')).toBe(invites[1]?.header('CSeq').replace('INVITE', 'CANCEL'));
  expect(state.kept).toEqual([]);
});

/** The agent hung up, and neither a 1xx nor anything else has come back. */
async function hungUpUnheard(farewells: KeptFarewells) {
  const station = fakeStation(
    (request, reply) => {
      if (request.method !== 'INVITE') reply({});
    },
    undefined,
    farewells,
  );
  await station.connect();
  const { call } = station.dial();
  await vi.advanceTimersByTimeAsync(20);
  call.hangUp();
  expect(station.spoken('CANCEL')).toEqual([]);
  return station;
}

it('hung up before anything came back, then killed: the CANCEL is said by the next page', async () => {
  const { state, farewells } = disk();
  await hungUpUnheard(farewells);
  expect((await nextPage(farewells)).spoken('CANCEL')).toHaveLength(1);
  expect(state.kept).toEqual([]);
});

it('hung up before anything came back, then signed out: likewise, and nothing of the closed phone takes it back', async () => {
  const { state, farewells } = disk();
  const station = await hungUpUnheard(farewells);
  await station.phone.close();
  await vi.advanceTimersByTimeAsync(60_000); // sip.js is done with the INVITE
  expect(state.kept).toHaveLength(1);
  expect((await nextPage(farewells)).spoken('CANCEL')).toHaveLength(1);
});

it('killed in a conversation: the next page says BYE in its dialog, past every proxy of it', async () => {
  const { state, farewells } = disk();
  const { station, answers } = await ringing(farewells);
  answers();
  await vi.advanceTimersByTimeAsync(20);
  const [ack] = station.spoken('ACK');
  const next = await nextPage(farewells);
  expect(next.spoken('CANCEL')).toEqual([]);
  const [bye] = next.spoken('BYE');
  for (const name of ['Call-ID', 'From', 'To', 'Route']) expect(bye?.header(name)).toBe(ack?.header(name));
  expect(bye?.text.split(' ')[1]).toBe('sip:far@far.invalid;transport=ws');
  expect(Number.parseInt(bye?.header('CSeq') ?? '', 10)).toBeGreaterThan(
    Number.parseInt(ack?.header('CSeq') ?? '', 10),
  );
  expect(state.kept).toEqual([]);
});

it('what could not be said yet is kept until somebody answers it', async () => {
  const { state, farewells } = disk();
  const { answers } = await ringing(farewells);
  answers();
  await vi.advanceTimersByTimeAsync(20);
  await nextPage(farewells, () => undefined);
  expect(state.kept).toHaveLength(1);
  expect((await nextPage(farewells)).spoken('BYE')).toHaveLength(1);
  expect(state.kept).toEqual([]);
});

it('a call that is over leaves nothing, whoever ended it', async () => {
  const { state, farewells } = disk();
  const { station, call, answers } = await ringing(farewells);
  expect(state.kept).toHaveLength(1);
  answers();
  await vi.advanceTimersByTimeAsync(20);
  expect(state.kept).toHaveLength(1);
  call.hangUp();
  await vi.advanceTimersByTimeAsync(20);
  expect(station.spoken('BYE')).toHaveLength(1);
  expect(state.kept).toEqual([]);
});

it('signed out while the line was down: the BYE is said by the next one who signs in', async () => {
  const { state, farewells } = disk();
  const { station, call, answers } = await ringing(farewells);
  answers();
  await vi.advanceTimersByTimeAsync(20);
  station.wire().die();
  call.hangUp();
  const closed = station.phone.close();
  await vi.advanceTimersByTimeAsync(5_000);
  await closed;
  expect(state.closed).toBe(true);
  expect(station.spoken('BYE')).toEqual([]);
  expect((await nextPage(farewells)).spoken('BYE')).toHaveLength(1);
});

it('a page that goes says it at once, and tells nobody that the call was hung up', async () => {
  const { farewells } = disk();
  const { station, answers } = await ringing(farewells);
  answers();
  await vi.advanceTimersByTimeAsync(20);
  station.phone.leave();
  expect(station.spoken('BYE')).toHaveLength(1);
});
