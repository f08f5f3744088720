/** The line's single acts, with the real sip.js on a fake wire. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FarSide, fakeStation, kind } from './fakeStation.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function connected(farSide: FarSide = kind()) {
  const station = fakeStation(farSide);
  await station.connect();
  return station;
}
const challenge = {
  status: '401 Unauthorized',
  headers: ['WWW-Authenticate: Digest realm="bank", nonce="abc", algorithm=MD5'],
};

describe('register', () => {
  it('answers the challenge and resolves to what was granted to our own contact', async () => {
    const station = await connected((request, reply) => {
      if (request.header('Authorization') === '') return reply(challenge);
      const own = request.header('Contact').replace(/;expires=\d+/, ';expires=120');
      reply({ headers: [`Contact: <sip:other@else.invalid>;expires=3600, ${own}`] });
    });
    const registering = station.phone.line.register(300, 1_000);
    await vi.advanceTimersByTimeAsync(10);
    expect(await registering).toEqual({ grantedSeconds: 120, listed: true });
    expect(station.spoken('REGISTER')).toHaveLength(2);
    expect(station.spoken('REGISTER')[1]?.header('Authorization')).toContain('username="1001"');
    expect(station.spoken('REGISTER')[1]?.text).not.toContain('secret');
  });

  it.each([
    ['401 again and again', challenge],
    ['403', { status: '403 Forbidden' }],
    ['404', { status: '404 Unknown' }],
  ])('%s is a matter of credentials', async (_name, answer) => {
    const station = await connected((_request, reply) => reply(answer));
    const registering = expect(station.phone.line.register(300, 1_000)).rejects.toMatchObject({
      code: 'LINE_CREDENTIALS',
      category: 'access',
    });
    await vi.advanceTimersByTimeAsync(10);
    await registering;
    expect(station.spoken('REGISTER').length).toBeLessThanOrEqual(2);
  });

  it('503, a redirection and silence are to be tried later', async () => {
    for (const [status, code] of [
      ['503 Later', 'LINE_NOT_REGISTERED'],
      ['302 Moved', 'LINE_NOT_REGISTERED'],
      [undefined, 'LINE_SILENT'],
    ] as const) {
      const station = await connected((_request, reply) => status !== undefined && reply({ status }));
      const registering = expect(station.phone.line.register(300, 1_000)).rejects.toMatchObject({ code });
      await vi.advanceTimersByTimeAsync(1_001);
      await registering;
    }
  });

  it('asks for the longer time a registrar demands (423)', async () => {
    const station = await connected((request, reply) =>
      request.header('Expires') === '300'
        ? reply({ status: '423 Too Brief', headers: ['Min-Expires: 900'] })
        : reply({ headers: [`Expires: ${request.header('Expires')}`] }),
    );
    const registering = station.phone.line.register(300, 1_000);
    await vi.advanceTimersByTimeAsync(10);
    expect(await registering).toEqual({ grantedSeconds: 900, listed: false });
  });

  it('tells whether our Contact was listed as we wrote it, or rewritten', async () => {
    for (const [rewritten, listed] of [
      [(contact: string) => contact, true],
      [() => '<sip:1001@10.0.0.1:5060>;expires=60', false],
    ] as const) {
      const station = await connected((request, reply) =>
        reply({ headers: [`Contact: ${rewritten(request.header('Contact'))}`] }),
      );
      const registering = station.phone.line.register(300, 1_000);
      await vi.advanceTimersByTimeAsync(10);
      expect((await registering).listed).toBe(listed);
    }
  });

  it('an absurd grant is brought within bounds, a missing one counts as asked', async () => {
    const grants = ['0', '99999999', 'soon', undefined];
    const got: number[] = [];
    for (const grant of grants) {
      const station = await connected((_request, reply) =>
        reply(grant === undefined ? {} : { headers: [`Expires: ${grant}`] }),
      );
      const registering = station.phone.line.register(300, 1_000);
      await vi.advanceTimersByTimeAsync(10);
      got.push((await registering).grantedSeconds);
    }
    expect(got).toEqual([5, 86_400, 300, 300]);
  });

  it('keeps its Call-ID and counts up', async () => {
    const station = await connected();
    for (let i = 0; i < 2; i++) {
      const registering = station.phone.line.register(300, 1_000);
      await vi.advanceTimersByTimeAsync(10);
      await registering;
    }
    const [first, second] = station.spoken('REGISTER');
    expect(second?.header('Call-ID')).toBe(first?.header('Call-ID'));
    expect(Number.parseInt(second!.header('CSeq'), 10)).toBeGreaterThan(Number.parseInt(first!.header('CSeq'), 10));
  });
});

describe('ping', () => {
  it('any answer at all proves that the socket lives', async () => {
    const station = await connected((_request, reply) => reply({ status: '405 No' }));
    const pinging = station.phone.line.ping(5_000);
    await vi.advanceTimersByTimeAsync(10);
    await expect(pinging).resolves.toBeUndefined();
    expect(station.said[0]?.method).toBe('OPTIONS');
  });

  it('silence is noticed after the limit, a dead socket at once', async () => {
    const station = await connected();
    station.state.silent = true;
    const pinging = expect(station.phone.line.ping(5_000)).rejects.toMatchObject({ code: 'LINE_SILENT' });
    await vi.advanceTimersByTimeAsync(5_001);
    await pinging;
    station.wire().die();
    await expect(station.phone.line.ping(5_000)).rejects.toMatchObject({ code: 'LINE_UNREACHABLE' });
  });
});

describe('check', () => {
  const bindings = (contacts: (request: { header: (name: string) => string }) => readonly string[]) => {
    let bound = '';
    const farSide: FarSide = (request, reply) => {
      if (request.method === 'REGISTER' && request.header('Contact') !== '') {
        bound = /<[^>]+>/.exec(request.header('Contact'))?.[0] ?? '';
        reply({ headers: [`Expires: ${request.header('Expires')}`] });
      } else if (request.method === 'REGISTER')
        reply({ headers: contacts(request).map((contact) => `Contact: ${contact.replace('OURS', bound)}`) });
    };
    return farSide;
  };
  const checked = async (farSide: FarSide) => {
    const station = await connected(farSide);
    const registering = station.phone.line.register(300, 1_000);
    await vi.advanceTimersByTimeAsync(10);
    await registering;
    const checking = station.phone.line.check(1_000);
    await vi.advanceTimersByTimeAsync(10);
    return { station, verdict: await checking };
  };

  it('asks without Contact, and finds our binding among others with what is left of it', async () => {
    const { station, verdict } = await checked(bindings(() => ['<sip:x@else.invalid>;expires=9', 'OURS;expires=120']));
    expect(verdict).toEqual({ held: 'BOUND', seconds: 120 });
    const [, question] = station.spoken('REGISTER');
    expect(question?.header('Contact')).toBe('');
    expect(question?.header('Expires')).toBe('');
  });

  it('another’s binding, none, and one that has just run out are not ours', async () => {
    for (const list of [[], ['OURS;expires=0']])
      expect((await checked(bindings(() => list))).verdict).toEqual({ held: 'NOT_BOUND' });
    const others = await checked(bindings(() => ['<sip:x@else.invalid>;expires=99']));
    expect(others.verdict).toEqual({ held: 'NOT_BOUND', others: true });
  });

  it('a registrar that will not tell leaves it unknown; a refused account is told as such', async () => {
    const refusing =
      (status: string): FarSide =>
      (request, reply) =>
        reply(request.header('Contact') === '' ? { status } : { headers: ['Expires: 300'] });
    expect((await checked(refusing('400 No Contact'))).verdict).toEqual({ held: 'UNKNOWN' });
    await expect(checked(refusing('403 Forbidden'))).rejects.toMatchObject({ code: 'LINE_CREDENTIALS' });
  });

  it('waits for its turn: a second REGISTER never leaves before the first was answered', async () => {
    const station = await connected(() => undefined);
    const registering = station.phone.line.register(300, 1_000).catch(() => 'silent');
    const checking = station.phone.line.check(1_000).catch((error: { code: string }) => error.code);
    await vi.advanceTimersByTimeAsync(500);
    expect(station.spoken('REGISTER')).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(600);
    expect(await registering).toBe('silent');
    expect(station.spoken('REGISTER')).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1_100);
    expect(await checking).toBe('LINE_SILENT');
  });

  it('is over the moment the socket is gone, so that a new socket need not wait for it', async () => {
    const station = await connected(() => undefined);
    const checking = expect(station.phone.line.check(60_000)).rejects.toMatchObject({ code: 'LINE_UNREACHABLE' });
    await vi.advanceTimersByTimeAsync(10);
    station.wire().die();
    await vi.advanceTimersByTimeAsync(0);
    await checking;
  });
});

describe('move', () => {
  const move = async (station: Awaited<ReturnType<typeof connected>>, limit = 1_000) => {
    const moving = station.phone.line.move('ws://better.example', 300, limit).then(
      ({ grantedSeconds }) => grantedSeconds,
      (error: { code: string }) => error.code,
    );
    await vi.advanceTimersByTimeAsync(limit + 100);
    return moving;
  };

  it('registers over a second socket, then lets go of the first, and nobody hears of a loss', async () => {
    const station = await connected();
    const states: unknown[] = [];
    station.phone.line.onClosed(() => states.push('closed'));
    const [first] = station.wires;
    expect(await move(station)).toBe(300);
    const [, second] = station.wires;
    expect([first?.readyState, second?.readyState]).toEqual([3, 1]);
    expect(states).toEqual([]);
    await expect(station.phone.line.ping(1_000)).resolves.toBeUndefined();
    second?.die();
    expect(states).toEqual(['closed']);
  });

  it('stays where it is when the better proxy cannot be reached, refuses, or falls silent', async () => {
    for (const [code, wrong] of [
      ['LINE_UNREACHABLE', (station: { state: { reachable: boolean } }) => (station.state.reachable = false)],
      ['LINE_SILENT', (station: { state: { silent: boolean } }) => (station.state.silent = true)],
    ] as const) {
      const station = await connected();
      wrong(station);
      expect(await move(station)).toBe(code);
      station.state.silent = false;
      expect(station.wires[0]?.readyState).toBe(1);
      const pinging = station.phone.line.ping(1_000);
      await vi.advanceTimersByTimeAsync(10);
      await expect(pinging).resolves.toBeUndefined();
    }
  });

  it('a call that began meanwhile keeps the first socket', async () => {
    const station = await connected();
    const moving = station.phone.line
      .move('ws://better.example', 300, 1_000)
      .catch((error: { code: string }) => error.code);
    const { seen } = station.dial();
    await vi.advanceTimersByTimeAsync(50);
    expect(await moving).toBe('LINE_IN_USE');
    expect(station.wires.map(({ readyState }) => readyState)).toEqual([1, 3]);
    expect(seen.some(({ type }) => type === 'call.ended')).toBe(false);
  });
});

describe('setPassword', () => {
  it('takes effect at the next challenge, on the same socket', async () => {
    const answers: string[] = [];
    const station = await connected((request, reply) => {
      if (request.header('Authorization') === '') return reply(challenge);
      answers.push(/response="([0-9a-f]+)"/.exec(request.header('Authorization'))?.[1] ?? '');
      reply({ headers: ['Expires: 300'] });
    });
    const register = async () => {
      const registering = station.phone.line.register(300, 1_000);
      await vi.advanceTimersByTimeAsync(10);
      await registering;
    };
    await register();
    station.phone.line.setPassword('another secret');
    await register();
    expect(answers).toHaveLength(2);
    expect(answers[0]).not.toBe(answers[1]);
    expect(station.wires).toHaveLength(1);
  });
});

describe('setVoiceServers', () => {
  it('takes effect at the next connection: what was gathered ahead is dropped, a call that runs keeps its own', async () => {
    const station = await connected();
    await station.phone.prepare();
    await vi.advanceTimersByTimeAsync(100);
    const { call, types } = station.dial();
    await vi.advanceTimersByTimeAsync(3_000);
    const before = station.connections.length;
    const turn = { urls: 'turn:turn.bank.example', username: 'until-noon', credential: 'secret' };
    station.phone.line.setVoiceServers({ iceServers: [turn], relayOnly: true });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(station.configurations.slice(0, before).every(({ iceServers }) => iceServers?.length === 0)).toBe(true);
    expect(station.configurations.slice(before)).toMatchObject([{ iceServers: [turn], iceTransportPolicy: 'relay' }]);
    expect(types()).not.toContain('call.ended');
    expect(station.wires).toHaveLength(1);
    call.hangUp();
    await vi.advanceTimersByTimeAsync(3_000);
  });
});

describe('connect', () => {
  it('a proxy that refuses or never answers is unreachable', async () => {
    const station = fakeStation(kind());
    station.state.reachable = false;
    await expect(station.connect()).rejects.toMatchObject({ code: 'LINE_UNREACHABLE' });
    station.state.reachable = true;
    await station.connect();
    await expect(station.phone.line.ping(1_000)).resolves.toBeUndefined();
  });

  it('tells of a socket that closes by itself, not of one that was closed', async () => {
    const station = await connected();
    let told = 0;
    const stop = station.phone.line.onClosed(() => told++);
    station.wire().die();
    expect(told).toBe(1);
    await station.connect();
    station.phone.line.disconnect();
    expect(told).toBe(1);
    await station.connect();
    stop();
    station.wire().die();
    expect(told).toBe(1);
  });

  it('connecting again drops the old socket, whose late messages are not heard', async () => {
    const station = await connected();
    const old = station.wire();
    await station.connect();
    expect(old.readyState).toBe(3);
    expect(old.onmessage).toBeNull();
  });
});
