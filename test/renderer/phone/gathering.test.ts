import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { gathered, isUsable } from '../../../renderer/phone/gathering.ts';

const host = 'candidate:1 1 udp 2122 192.168.1.5 50000 typ host';
const mdns = 'candidate:1 1 udp 2122 0a-b.local 50000 typ host';
const tcp = 'candidate:1 1 tcp 1518 192.168.1.5 9 typ host tcptype active';
const relay = 'candidate:1 1 udp 41 203.0.113.5 50000 typ relay raddr 0.0.0.0 rport 0';

class Gatherer extends EventTarget {
  iceGatheringState: RTCIceGatheringState = 'gathering';
  localDescription: RTCSessionDescription | null = null;
  finds(candidate: string) {
    this.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate: { candidate } }));
  }
  completes() {
    this.iceGatheringState = 'complete';
    this.dispatchEvent(new Event('icegatheringstatechange'));
  }
}

const options = { settle: 10, most: 50, limit: 1_000, relayOnly: false };

describe('gathered', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Milliseconds it takes; steps happen at their times. */
  async function time(steps: readonly (readonly [number, (g: Gatherer) => void])[], changes = {}) {
    const gatherer = new Gatherer();
    let done: number | undefined;
    const start = Date.now();
    void gathered(gatherer as never, { ...options, ...changes }).then(() => {
      done = Date.now() - start;
    });
    for (const [at, act] of steps) setTimeout(() => act(gatherer), at);
    await vi.advanceTimersByTimeAsync(2_000);
    return done;
  }

  it('ends 10 ms after the last usable candidate: those of further interfaces are waited for', async () => {
    expect(await time([[4, (g) => g.finds(host)]])).toBe(14);
    expect(
      await time([
        [4, (g) => g.finds(host)],
        [9, (g) => g.finds(host)],
        [10, (g) => g.finds(mdns)],
      ]),
    ).toBe(19);
  });

  it('ends 50 ms after the first usable candidate, however many follow', async () => {
    const many = Array.from({ length: 20 }, (_, n) => [4 + 8 * n, (g: Gatherer) => g.finds(host)] as const);
    expect(await time(many)).toBe(54);
  });

  it('ends when complete', async () => {
    expect(await time([[30, (g) => g.completes()]])).toBe(30);
  });

  it('never waits longer than a second for a silent STUN server', async () => {
    expect(await time([])).toBe(1_000);
    expect(
      await time([
        [5, (g) => g.finds(mdns)],
        [6, (g) => g.finds(tcp)],
      ]),
    ).toBe(1_000);
  });

  it('waits for a relay where the profile demands one', async () => {
    expect(
      await time(
        [
          [5, (g) => g.finds(host)],
          [80, (g) => g.finds(relay)],
        ],
        { relayOnly: true },
      ),
    ).toBe(90);
  });

  it('says whether anything usable was found', async () => {
    const found = async (act: (g: Gatherer) => void) => {
      const gatherer = new Gatherer();
      const result = gathered(gatherer as never, options);
      act(gatherer);
      await vi.advanceTimersByTimeAsync(1_000);
      return result;
    };
    expect(await found((g) => g.finds(host))).toBe(true);
    expect(await found((g) => g.finds(mdns))).toBe(false);
    expect(await found((g) => g.completes())).toBe(false);
  });

  it('waits for the candidates of a restart although the state still reads complete', async () => {
    const gatherer = new Gatherer();
    gatherer.iceGatheringState = 'complete';
    gatherer.localDescription = { sdp: 'v=0\r\n' } as RTCSessionDescription; // as: only the text is read
    const result = gathered(gatherer as never, options);
    gatherer.finds(host);
    await vi.advanceTimersByTimeAsync(20);
    expect(await result).toBe(true);
  });

  it('does not wait at all for a later offer whose candidates are known', async () => {
    const gatherer = new Gatherer();
    gatherer.localDescription = { sdp: `v=0\r\na=${host}\r\n` } as RTCSessionDescription; // as: only the text is read
    await gathered(gatherer as never, options);
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('a candidate is usable when it is UDP with a real address', () => {
  expect([host, relay, mdns, tcp, ''].map((candidate) => isUsable(candidate, false))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(isUsable(host, true)).toBe(false);
});
