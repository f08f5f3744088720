import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { captionHeader, captionSchema, readStep } from '../../practice/captions.ts';
import { pruneDescription } from '../../practice/description.ts';
import { createDigestServer, equalSecrets } from '../../practice/digest.ts';
import { createFactLog } from '../../practice/facts.ts';
import { readOptions } from '../../practice/options.ts';
import { createPacer } from '../../practice/pacer.ts';
import { credentials, SDP } from './hostile.ts';

const DOMAIN = 'practice.huifang';

describe('digest authentication', () => {
  const server = createDigestServer(DOMAIN, (user) => (user === '1001' ? ['secret', 'next-secret'] : []));
  const nonce = (): string => /nonce="([^"]+)"/.exec(server.challenge())![1]!;
  const header = (password = 'secret', of = nonce()): string =>
    credentials(of, 'INVITE', 'sip:9196@practice.huifang', password);

  it('the right password is trusted, and so are both while it is being changed, for its method only', () => {
    for (const right of ['secret', 'next-secret'])
      expect(server.verify(header(right), 'INVITE')).toEqual({ is: 'trusted', user: '1001' });
    expect(server.verify(header(), 'REGISTER')).toEqual({ is: 'refused', stale: false });
  });

  it('a wrong password, an unknown user, another realm and rubbish are refused alike', () => {
    const others = [
      header('wrong'),
      header().replace('username="1001"', 'username="1009"'),
      header().replace(`realm="${DOMAIN}"`, 'realm="x"'),
      'Digest',
      'Basic abc',
      '',
      undefined,
    ];
    for (const other of others) expect(server.verify(other, 'INVITE')).toEqual({ is: 'refused', stale: false });
  });

  it('a nonce that is old or not ours is stale, so that the phone asks again without a person', () => {
    const old = header();
    vi.useFakeTimers({ now: Date.now() + 301_000 });
    expect(server.verify(old, 'INVITE')).toEqual({ is: 'refused', stale: true });
    vi.useRealTimers();
    expect(server.verify(header('secret', 'abc.def'), 'INVITE')).toEqual({ is: 'refused', stale: true });
    expect(server.challenge(true)).toContain('stale=true');
  });

  it('secrets of different length are not equal', () => {
    expect([equalSecrets('a', 'a'), equalSecrets('a', 'b'), equalSecrets('a', 'ab')]).toEqual([true, false, false]);
  });
});

describe('session descriptions', () => {
  it('only PCMU and digits at 8000 Hz are left', () => {
    const { sdp, direction, digitsPayloadType } = pruneDescription(SDP);
    expect(sdp).toContain('m=audio 9 UDP/TLS/RTP/SAVPF 0 126');
    expect(sdp).not.toMatch(/opus|48000/);
    expect([direction, digitsPayloadType]).toEqual(['sendrecv', 126]);
  });

  it('the direction is read, and an offer without PCMU or without audio is refused', () => {
    expect(pruneDescription(SDP.replace('sendrecv', 'sendonly')).direction).toBe('sendonly');
    expect(() => pruneDescription(SDP.replace('PCMU', 'PCMX'))).toThrow('PCMU');
    expect(() => pruneDescription('v=0\r\n')).toThrow('audio');
  });
});

describe('captions and steps', () => {
  it('a caption’s header is ASCII on one line and reads back', () => {
    const caption = { speaker: { zh: '本人', en: 'The customer' }, zh: '喂，\r\n您好。', en: 'Hello?' };
    const header = captionHeader(caption);
    expect(header).toMatch(/^X-Practice-Caption: [\x21-\x7e]+$/);
    expect(captionSchema.parse(JSON.parse(decodeURIComponent(header.split(': ')[1]!)))).toEqual(caption);
  });

  it('only a step is read as a step', () => {
    expect(readStep('{"step":"borrower.employer","topics":["employer.name"]}')).toEqual({
      step: 'borrower.employer',
      topics: ['employer.name'],
    });
    for (const other of [
      '',
      '{}',
      '[]',
      '{"step":"a"}',
      '{"step":"a","topics":"b"}',
      '{"step":"a","topics":[],"more":1}',
      `{"step":"a","topics":${JSON.stringify(Array(9).fill('b'))}}`,
    ])
      expect(readStep(other)).toBeUndefined();
  });
});

describe('the pacer', () => {
  it('gives a packet for every 20 ms, makes up for a late timer, skips a stall, and leaves no timer', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    const slots: number[] = [];
    const stop = createPacer().add((slot) => slots.push(slot));
    const tickAt = (time: number): number => {
      const before = slots.length;
      now = time;
      vi.advanceTimersToNextTimer();
      return slots.length - before;
    };
    expect([tickAt(0), tickAt(20), tickAt(41), tickAt(60)]).toEqual([1, 1, 1, 1]);
    expect(tickAt(160)).toBe(5);
    expect(tickAt(1160)).toBe(1);
    expect(slots.at(-1)).toBe(59);
    stop();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
});

describe('options', () => {
  it('the command line comes before the environment, and defaults before nothing', () => {
    const environment = {
      HUIFANG_PRACTICE_ACCOUNTS: '{"1001":"x"}',
      HUIFANG_PRACTICE_SPEED: '5',
      HUIFANG_PRACTICE_ORIGINS: 'a, b',
    };
    expect(readOptions(['--speed', '10', '--with-parent'], environment)).toEqual({
      port: 0,
      origins: ['a', 'b'],
      accounts: { '1001': 'x' },
      speed: 10,
      withParent: true,
    });
  });

  it('what cannot be read is named', () => {
    expect(() => readOptions([], {})).toThrow('accounts');
    expect(() => readOptions(['--accounts', '{'], {})).toThrow('not JSON');
    expect(() => readOptions(['--accounts', '{"1001":"x"}', '--port', '70000'], {})).toThrow('port');
    expect(() => readOptions(['--shout'], {})).toThrow('shout');
  });
});

describe('the fact log', () => {
  it('has a line as soon as the fact is known', () => {
    const folder = mkdtempSync(join(tmpdir(), 'facts-'));
    const file = join(folder, 'facts.log');
    const record = createFactLog(file);
    record({ fact: 'lineLost', user: '1001' });
    const [line] = readFileSync(file, 'utf8').split('\n');
    rmSync(folder, { recursive: true });
    expect(JSON.parse(line!)).toMatchObject({ fact: 'lineLost', user: '1001', at: expect.stringMatching(/Z$/) });
  });
});
