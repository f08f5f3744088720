/** The recovery of a conversation's audio against a network that is a few variables. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Reoffer, watchMedia } from '../../../renderer/phone/mediaRecovery.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function conversation(connected = true) {
  const net = {
    /** Packets arrive. */
    flows: true,
    wanted: true,
    lineUp: true,
    /** The proxy answers. */
    proxy: true,
    reinvite: (_how: Reoffer): number | undefined => undefined,
    farSide: 200 as number | undefined,
  };
  const did: string[] = [];
  const told: string[] = [];
  const ended: { reason: string; sipStatus?: number | undefined; words: string }[] = [];
  let packets = 0;
  const flow = setInterval(() => {
    if (net.flows) packets += 5;
  }, 100);
  const recovery = watchMedia(
    {
      now: () => Date.now(),
      packets: async () => packets,
      wanted: () => net.wanted,
      isLineUp: () => net.lineUp,
      async checkLine() {
        did.push('check');
        if (net.proxy || !net.lineUp) return;
        net.lineUp = false;
        recovery.lineLost();
      },
      async reinvite(how) {
        did.push(how);
        if (how === 'renew') {
          packets = 0; // it counts anew
          recovery.renewed();
        }
        return net.reinvite(how);
      },
      async abandonReinvite() {
        did.push('abandon');
      },
      async askFarSide() {
        did.push('options');
        return net.farSide;
      },
      tell: ({ type }) => told.push(type),
      end(how, words) {
        ended.push({ reason: how.reason, sipStatus: how.sipStatus, words: words.en });
        stop();
      },
    },
    connected,
  );
  const stop = () => {
    recovery.stop();
    clearInterval(flow);
  };
  const regain = () => {
    net.lineUp = true;
    net.proxy = true;
    recovery.lineRegained();
  };
  return { net, did, told, ended, recovery, regain, stop, pass: (ms: number) => vi.advanceTimersByTimeAsync(ms) };
}

describe('audio that is lost', () => {
  it('with the network is noticed in 1.3 s, and restarted as soon as the line is registered again', async () => {
    const { net, did, told, regain, pass, stop } = conversation();
    await pass(5_000);
    expect(did).toEqual([]);
    net.flows = false;
    net.proxy = false;
    await pass(1_300);
    expect(told).toEqual(['call.mediaLost']);
    expect(did).not.toContain('restart');
    net.reinvite = () => {
      net.flows = true;
      return undefined;
    };
    regain();
    await pass(500);
    expect(did.filter((one) => one === 'restart')).toHaveLength(1);
    expect(told).toEqual(['call.mediaLost', 'call.mediaConnected']);
    stop();
  });

  it('is tried again after 3 s while the line is up, with another connection where new ways for the one there is did not help', async () => {
    const { net, did, recovery, pass, stop } = conversation();
    net.flows = false;
    recovery.state('lost');
    await pass(9_000);
    expect(did.filter((one) => one === 'restart' || one === 'renew')).toEqual(['restart', 'renew', 'renew']);
    stop();
  });

  it.each([488, 0])(
    'and new ways that are answered %i are asked for again: what there is may come back by itself',
    async (status) => {
      const { net, did, told, recovery, pass, stop } = conversation();
      net.flows = false;
      net.reinvite = () => status;
      recovery.state('lost');
      await pass(7_000);
      expect(did.filter((one) => one === 'restart' || one === 'renew')).toEqual(['restart', 'restart', 'restart']);
      net.flows = true;
      recovery.state('connected');
      await pass(500);
      expect(told).toEqual(['call.mediaLost', 'call.mediaConnected']);
      stop();
    },
  );

  it('is not believed to be back because another connection counts its packets from 0', async () => {
    const { net, told, recovery, pass, stop } = conversation();
    await pass(2_000);
    net.flows = false;
    recovery.state('failed');
    await pass(4_500);
    expect(told).toEqual(['call.mediaLost']);
    recovery.state('connected'); // and deaf
    await pass(1_000);
    expect(told).toEqual(['call.mediaLost']);
    net.flows = true;
    await pass(500);
    expect(told).toEqual(['call.mediaLost', 'call.mediaConnected']);
    stop();
  });

  it('is not believed to be back because old packets trickle while ICE is disconnected', async () => {
    const { recovery, told, pass, stop } = conversation();
    recovery.state('lost');
    await pass(1_000);
    expect(told).toEqual(['call.mediaLost']);
    recovery.state('connected');
    await pass(500);
    expect(told).toEqual(['call.mediaLost', 'call.mediaConnected']);
    stop();
  });

  it('is restarted on hold too, where ICE alone can tell', async () => {
    const { net, did, told, recovery, pass, stop } = conversation();
    net.wanted = false;
    net.flows = false;
    await pass(30_000);
    expect(did).toEqual([]);
    recovery.state('failed');
    await pass(100);
    expect(did).toContain('restart');
    recovery.state('connected');
    await pass(500);
    expect(told).toEqual(['call.mediaLost', 'call.mediaConnected']);
    stop();
  });

  it('for 30 s ends the call, in words', async () => {
    const { net, recovery, ended, pass } = conversation();
    net.flows = false;
    recovery.state('failed');
    await pass(29_000);
    expect(ended).toEqual([]);
    await pass(2_000);
    expect(ended).toMatchObject([{ reason: 'MEDIA_FAILED' }]);
    expect(ended[0]?.words).toContain('30 seconds');
  });

  it('and refused with «no such call» ends it at once', async () => {
    const { net, recovery, ended, pass } = conversation();
    net.flows = false;
    net.reinvite = () => 481;
    recovery.state('lost');
    await pass(100);
    expect(ended).toMatchObject([{ reason: 'FAILED', sipStatus: 481 }]);
  });
});

describe('another branch that is let go', () => {
  it('and takes our audio with it: another connection is offered after 0.8 s, once, and nothing is told', async () => {
    const { net, did, told, recovery, pass, stop } = conversation();
    await pass(2_000);
    recovery.branchLetGo();
    net.flows = false;
    net.reinvite = () => {
      net.flows = true;
      return undefined;
    };
    await pass(1_300);
    recovery.state('connected');
    await pass(10_000);
    expect(did).toEqual(['renew']);
    expect(told).toEqual([]);
    stop();
  });

  it('before ours was up: new ways are enough, for no encryption has begun', async () => {
    const { net, did, recovery, pass, stop } = conversation(false);
    net.flows = false;
    recovery.branchLetGo();
    await pass(1_300);
    expect(did).toEqual(['restart']);
    stop();
  });

  it('and leaves our audio alone: nothing is offered, and silence that comes later is the far side’s', async () => {
    const { net, did, recovery, pass, stop } = conversation();
    recovery.branchLetGo();
    await pass(11_000);
    net.flows = false;
    await pass(18_000);
    expect(did).not.toContain('renew');
    stop();
  });

  it('while we hold, where nothing is heard anyway: nothing is offered', async () => {
    const { net, did, recovery, pass, stop } = conversation();
    net.wanted = false;
    net.flows = false;
    recovery.branchLetGo();
    await pass(9_000);
    expect(did).toEqual([]);
    stop();
  });

  it('and the other connection is not heard either: it is lost as any, and a far side that knows no such call ends it', async () => {
    const { net, told, ended, recovery, pass } = conversation();
    recovery.branchLetGo();
    net.flows = false;
    await pass(6_500);
    expect(told).toEqual(['call.mediaLost']);
    net.reinvite = () => 481;
    await pass(4_000);
    expect(ended).toMatchObject([{ reason: 'FAILED', sipStatus: 481 }]);
  });
});

describe('silence', () => {
  it('while the proxy answers is allowed: asked about ever more seldom, told after 20 s, never restarted', async () => {
    const { net, did, told, ended, pass, stop } = conversation();
    net.flows = false;
    await pass(19_000);
    expect(did.filter((one) => one === 'check').length).toBeLessThanOrEqual(4);
    expect(told).toEqual([]);
    await pass(60_000);
    expect(told).toEqual(['call.mediaLost']);
    expect(did.filter((one) => one === 'options').length).toBeGreaterThanOrEqual(3);
    expect(did).not.toContain('restart');
    expect(ended).toEqual([]);
    net.flows = true;
    await pass(500);
    expect(told).toEqual(['call.mediaLost', 'call.mediaConnected']);
    stop();
  });

  it.each([481, 408])('of 20 s and a far side that answers %i is a ghost call, which ends in words', async (status) => {
    const { net, ended, pass } = conversation();
    net.flows = false;
    net.farSide = status;
    await pass(22_000);
    expect(ended).toMatchObject([{ reason: 'FAILED', sipStatus: status }]);
    expect(ended[0]?.words).toContain('no longer knows this call');
  });

  it('on hold is asked about once a minute, and a far side that no longer knows the call ends it', async () => {
    const { net, did, told, ended, pass } = conversation();
    net.wanted = false;
    net.flows = false;
    await pass(125_000);
    expect(did.filter((one) => one === 'options')).toHaveLength(2);
    expect(told).toEqual([]);
    expect(ended).toEqual([]);
    net.farSide = 481;
    await pass(60_000);
    expect(ended).toMatchObject([{ reason: 'FAILED', sipStatus: 481 }]);
  });

  it('on hold, and a far side that cannot be reached (408) twice in a row, ends the call too', async () => {
    const { net, told, ended, pass } = conversation();
    net.wanted = false;
    net.flows = false;
    for (const status of [408, 200, 408, undefined]) {
      net.farSide = status; // once it may only be out of reach; no answer at all proves nothing
      await pass(60_500);
      expect(ended).toEqual([]);
    }
    net.wanted = true;
    net.flows = true;
    await pass(5_000);
    net.wanted = false;
    net.flows = false;
    net.farSide = 408; // another hold, and its own first time
    await pass(61_000);
    expect(ended).toEqual([]);
    expect(told).toEqual([]);
    await pass(60_500);
    expect(ended).toMatchObject([{ reason: 'FAILED', sipStatus: 408 }]);
    expect(ended[0]?.words).toContain('no longer knows this call');
  });

  it('of 20 s and no answer at all proves nothing', async () => {
    const { net, ended, pass, stop } = conversation();
    net.flows = false;
    net.farSide = undefined;
    await pass(60_000);
    expect(ended).toEqual([]);
    stop();
  });
});

describe('a line that is lost under a conversation', () => {
  it('disturbs nothing as long as audio flows, and ends it 30 s after that went too', async () => {
    const { net, recovery, told, ended, pass } = conversation();
    net.lineUp = false;
    recovery.lineLost();
    await pass(5 * 60_000);
    expect(told).toEqual([]);
    expect(ended).toEqual([]);
    net.flows = false;
    await pass(29_500);
    expect(told).toEqual(['call.mediaLost']);
    expect(ended).toEqual([]);
    await pass(3_000);
    expect(ended).toMatchObject([{ reason: 'LINE_LOST' }]);
  });

  it('and found tells the far side where we are now, without a restart', async () => {
    const { net, recovery, did, regain, pass, stop } = conversation();
    net.lineUp = false;
    recovery.lineLost();
    await pass(2_000);
    regain();
    await pass(100);
    expect(did.filter((one) => one === 'same')).toHaveLength(1);
    expect(did).not.toContain('restart');
    regain(); // a renewal of the binding is no return
    await pass(100);
    expect(did.filter((one) => one === 'same')).toHaveLength(1);
    stop();
  });
});

it('a network that changed makes the line be asked at once', async () => {
  const { recovery, did, pass, stop } = conversation();
  recovery.networkChanged();
  await pass(1);
  expect(did).toEqual(['check']);
  stop();
});
