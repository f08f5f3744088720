import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMediaAhead } from '../../../renderer/phone/mediaAhead.ts';
import { retireMilliseconds } from '../../../renderer/phone/retire.ts';
import { FakePeerConnection } from './fakeStation.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function make() {
  const made: FakePeerConnection[] = [];
  const newInterfaces: number[] = [];
  const ahead = createMediaAhead({
    configuration: {},
    gathering: { settle: 10, most: 50, limit: 1_000, relayOnly: false },
    newPeerConnection: () => {
      const connection = new FakePeerConnection();
      made.push(connection);
      return connection as unknown as RTCPeerConnection; // as: the members used are there
    },
    onNewInterface: () => newInterfaces.push(made.length),
    now: () => Date.now(),
  });
  const host = (connection: FakePeerConnection, address: string) =>
    connection.dispatchEvent(
      Object.assign(new Event('icecandidate'), {
        candidate: { type: 'host', candidate: `candidate:1 1 udp 1 ${address} 9 typ host` },
      }),
    );
  return { ahead, made, newInterfaces, host };
}

describe('a peer connection made ahead', () => {
  it('is ready for the dial, and is given once', async () => {
    const { ahead, made } = make();
    ahead.keep();
    expect(ahead.take()).toBeUndefined(); // not ready yet
    await vi.advanceTimersByTimeAsync(0);
    expect(ahead.take()?.connection).toBe(made[0]);
    expect(ahead.take()).toBeUndefined();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(ahead.take()?.connection).toBe(made[1]);
  });

  it('is not made before it is asked for, nor after the end', async () => {
    const { ahead, made } = make();
    ahead.drop();
    expect(made).toEqual([]);
    ahead.keep();
    ahead.close();
    ahead.drop();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(made.map((one) => one.connectionState)).toEqual(['closed']);
  });

  it('is dropped when the network changes, and another is made on the new one', async () => {
    const { ahead, made } = make();
    ahead.keep();
    await vi.advanceTimersByTimeAsync(0);
    ahead.drop();
    await vi.advanceTimersByTimeAsync(0);
    expect(ahead.take()?.connection).toBe(made[1]);
    await vi.advanceTimersByTimeAsync(retireMilliseconds);
    const [dropped, taken] = made;
    expect([dropped, taken].map((one) => one?.connectionState)).toEqual(['closed', 'new']);
  });

  it('is dropped when a new interface appears, which is told; a slow one is none', async () => {
    const { ahead, made, newInterfaces, host } = make();
    ahead.keep();
    await vi.advanceTimersByTimeAsync(1_000);
    host(made[0]!, '192.0.2.1');
    expect(newInterfaces).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    host(made[0]!, 'a-b.local');
    expect(newInterfaces).toEqual([]);
    host(made[0]!, '192.0.2.2');
    expect(newInterfaces).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(0);
    expect(ahead.take()?.connection).toBe(made[1]);
    await vi.advanceTimersByTimeAsync(retireMilliseconds);
    expect(made[0]!.connectionState).toBe('closed');
  });

  it('is no older than four minutes', async () => {
    const { ahead, made } = make();
    ahead.keep();
    await vi.advanceTimersByTimeAsync(240_000 + retireMilliseconds);
    expect(made.map((one) => one.connectionState)).toEqual(['closed', 'new']);
  });

  it('that belongs to a call is not dropped any more', async () => {
    const { ahead, made, newInterfaces, host } = make();
    ahead.keep();
    await vi.advanceTimersByTimeAsync(5_000);
    ahead.take();
    host(made[0]!, '192.0.2.2');
    ahead.drop();
    expect(newInterfaces).toEqual([]);
    expect(made[0]!.connectionState).toBe('new');
  });
});
