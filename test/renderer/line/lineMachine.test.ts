import { describe, expect, it } from 'vitest';
import { lineMachine } from '../../../renderer/line/lineMachine.ts';
import { fakeLine } from './fakeLine.ts';

describe('signing in', () => {
  it('connects to the first proxy, registers, and is registered', async () => {
    const line = fakeLine();
    expect(line.word()).toBe('SIGNED_OUT');
    await line.signIn();
    expect(line.word()).toBe('REGISTERED');
    expect(line.acts).toEqual(['connect ws://a', 'register 300']);
    expect(line.context()).toMatchObject({ problem: null, lastHeardAt: 1_000_000 });
  });

  it('without a line in the profile it says so and never tries anything', async () => {
    const line = fakeLine({ driver: null });
    await line.signIn();
    await line.send('line.tryNow');
    expect(line.word()).toBe('NOT_CONFIGURED');
    expect(line.context().problem?.zh).toContain('没有配置话机');
    expect(line.acts).toEqual([]);
  });

  it('without a proxy it is not configured either', () => {
    expect(fakeLine({ proxies: [] }).word()).toBe('NOT_CONFIGURED');
  });

  it('signing out gives the binding back and closes the socket', async () => {
    const line = fakeLine();
    await line.signIn();
    await line.send('line.signOut');
    expect(line.word()).toBe('SIGNED_OUT');
    expect(line.acts.slice(-2)).toEqual(['unregister', 'disconnect']);
    expect(line.watchers()).toBe(0);
    await line.pass(120_000);
    expect(line.acts.at(-1)).toBe('disconnect');
  });

  it('signing in again while signing out connects afterwards', async () => {
    const line = fakeLine();
    await line.signIn();
    line.actor.send({ type: 'line.signOut' });
    line.actor.send({ type: 'line.signIn' });
    await line.settle();
    expect(line.word()).toBe('REGISTERED');
    expect(line.acts.filter((act) => act.startsWith('connect'))).toHaveLength(2);
  });

  it('signing out in the middle of connecting gives the socket up', async () => {
    const line = fakeLine();
    line.script.connect = 'never';
    await line.signIn();
    await line.send('line.signOut');
    expect(line.word()).toBe('SIGNED_OUT');
    expect(line.acts).toContain('disconnect');
  });
});

describe('a proxy that cannot be reached', () => {
  it('the next one is tried within 0.3 s, and after a round the wait doubles up to 30 s', async () => {
    const line = fakeLine();
    line.script.connect = 'unreachable';
    await line.signIn();
    expect(line.word()).toBe('FAULT');
    expect(line.context().problem?.zh).toContain('连不上');
    await line.pass(500);
    expect(line.acts.filter((act) => act.startsWith('connect'))).toEqual(['connect ws://a', 'connect ws://b']);
    await line.pass(600_000);
    const tries = line.acts.filter((act) => act.startsWith('connect')).length;
    expect(tries).toBeGreaterThan(20);
    expect(tries).toBeLessThan(35);
    line.script.connect = 'ok';
    await line.pass(30_000);
    expect(line.word()).toBe('REGISTERED');
    expect(line.context()).toMatchObject({ failures: 0, problem: null });
  });

  it.each(['line.tryNow', 'line.woke', 'line.networkChanged', 'line.becameVisible'] as const)(
    '%s does not wait for the back-off',
    async (type) => {
      const line = fakeLine();
      line.script.connect = 'unreachable';
      await line.signIn();
      await line.pass(100_000);
      const before = line.acts.length;
      line.script.connect = 'ok';
      await line.send(type);
      expect(line.word()).toBe('REGISTERED');
      expect(line.acts.length).toBe(before + 2);
    },
  );

  it('a bug in the driver is told in words and retried, never swallowed into a dead machine', async () => {
    const line = fakeLine();
    line.script.connect = 'bug';
    await line.signIn();
    expect(line.context().problem?.zh).toContain('意外故障');
    expect(line.actor.getSnapshot().status).toBe('active');
    line.script.connect = 'ok';
    await line.pass(1_000);
    expect(line.word()).toBe('REGISTERED');
  });
});

describe('refused credentials', () => {
  it('are named, and nothing is tried again by itself', async () => {
    const line = fakeLine();
    line.script.register = 'credentials';
    await line.signIn();
    expect(line.word()).toBe('REFUSED');
    expect(line.context().problem?.zh).toContain('账号或密码');
    const before = line.acts.length;
    await line.pass(3_600_000);
    await line.send('line.woke');
    expect(line.acts.length).toBe(before);
    line.script.register = 'ok';
    await line.send('line.tryNow');
    expect(line.word()).toBe('REGISTERED');
  });

  it('are named too when they stop working at a renewal', async () => {
    const line = fakeLine();
    await line.signIn();
    line.script.register = 'credentials';
    await line.pass(240_500);
    expect(line.word()).toBe('REFUSED');
  });

  it('another refusal of the registrar is retried with back-off', async () => {
    const line = fakeLine();
    line.script.register = 'busy';
    await line.signIn();
    expect(line.word()).toBe('FAULT');
    line.script.register = 'ok';
    await line.pass(500);
    expect(line.word()).toBe('REGISTERED');
  });
});

describe('the binding', () => {
  it('is renewed at 80 % of what was granted', async () => {
    const line = fakeLine();
    line.script.granted = 100;
    await line.signIn();
    await line.pass(79_500);
    expect(line.acts.filter((act) => act === 'register 300')).toHaveLength(1);
    await line.pass(1_000);
    expect(line.acts.filter((act) => act === 'register 300')).toHaveLength(2);
    expect(line.word()).toBe('REGISTERED');
  });

  it('is never shown more than 10 s longer than it was granted, whatever the renewals do', async () => {
    for (const answer of ['busy', 'bug'] as const) {
      const line = fakeLine();
      line.script.granted = 60;
      await line.signIn();
      line.script.register = answer;
      await line.pass(58_000);
      expect(line.word()).toBe('REGISTERED');
      await line.pass(11_500);
      expect(line.word()).not.toBe('REGISTERED');
    }
  });

  it('a renewal that fails once is asked again and stays registered', async () => {
    const line = fakeLine();
    line.script.granted = 100;
    await line.signIn();
    line.script.register = 'busy';
    await line.pass(81_000);
    expect(line.word()).toBe('REGISTERED');
    line.script.register = 'ok';
    await line.pass(2_500);
    expect(line.context()).toMatchObject({ problem: null });
    expect(line.context().expiresAt).toBeGreaterThan(1_000_000 + 180_000);
  });

  it('that ran out while the computer slept is not shown after waking up', async () => {
    const line = fakeLine();
    await line.signIn();
    line.sleep(3_600_000);
    line.script.connect = 'never';
    await line.send('line.woke');
    await line.pass(500);
    expect(line.word()).toBe('CONNECTING');
  });

  it('sleep that nobody told of is noticed by the clock within 2 s', async () => {
    const line = fakeLine();
    await line.signIn();
    line.sleep(3_600_000);
    line.script.connect = 'never';
    await line.pass(2_500);
    expect(line.word()).not.toBe('REGISTERED');
  });
});

describe('the socket', () => {
  it('lost: registered again at once, beginning with the preferred proxy', async () => {
    const line = fakeLine();
    line.script.connect = 'unreachable';
    await line.signIn();
    line.script.connect = 'ok';
    await line.pass(500);
    expect(line.acts.filter((act) => act.startsWith('connect')).at(-1)).toBe('connect ws://b');
    await line.socketCloses();
    expect(line.word()).toBe('FAULT');
    expect(line.context().problem?.zh).toContain('断了');
    await line.pass(500);
    expect(line.word()).toBe('REGISTERED');
    expect(line.acts.filter((act) => act.startsWith('connect')).at(-1)).toBe('connect ws://a');
  });

  it('lost while registering: tried again', async () => {
    const line = fakeLine();
    line.script.register = 'never';
    await line.signIn();
    await line.socketCloses();
    expect(line.word()).toBe('FAULT');
    line.script.register = 'ok';
    await line.pass(500);
    expect(line.word()).toBe('REGISTERED');
  });

  it('is pinged every 15 s with 5 s to answer, and a silent one is replaced', async () => {
    const line = fakeLine();
    await line.signIn();
    await line.pass(15_500);
    expect(line.acts.at(-1)).toBe('ping 5000');
    expect(line.context().lastHeardAt).toBeGreaterThan(1_000_000);
    line.script.ping = 'silent';
    await line.pass(15_000);
    expect(line.acts).toContain('disconnect');
    await line.pass(500);
    expect(line.word()).toBe('REGISTERED');
  });

  it.each(['line.woke', 'line.networkChanged', 'line.becameVisible'] as const)(
    '%s asks socket and registrar at once, with 2 s for the socket',
    async (type) => {
      const line = fakeLine();
      await line.signIn();
      await line.send(type);
      expect(line.acts.slice(2).sort()).toEqual(['ping 2000', 'register 300']);
      expect(line.word()).toBe('REGISTERED');
    },
  );

  it('going offline only asks the socket: a cable out is told by no close event', async () => {
    const line = fakeLine();
    await line.signIn();
    line.script.ping = 'silent';
    await line.send('line.wentOffline');
    expect(line.word()).toBe('FAULT');
  });
});

it('every state says in a sentence what it is', () => {
  const described = (node: (typeof lineMachine.root.states)[string]): void => {
    const children = Object.values(node.states);
    if (children.length === 0) expect(node.description, node.id).toMatch(/[.?]$/);
    for (const child of children) described(child);
  };
  for (const node of Object.values(lineMachine.root.states)) described(node);
});
