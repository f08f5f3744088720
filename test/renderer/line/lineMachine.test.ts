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
  it('the next one is tried within 0.3 s, then each second, and later the wait doubles up to 30 s', async () => {
    const line = fakeLine();
    line.script.connect = 'unreachable';
    await line.signIn();
    expect(line.word()).toBe('FAULT');
    expect(line.context().problem?.zh).toContain('连不上');
    await line.pass(500);
    expect(line.acts.filter((act) => act.startsWith('connect'))).toEqual(['connect ws://a', 'connect ws://b']);
    await line.pass(5_000);
    expect(line.acts.filter((act) => act.startsWith('connect')).length).toBeGreaterThan(5);
    await line.pass(600_000);
    const tries = line.acts.filter((act) => act.startsWith('connect')).length;
    expect(tries).toBeGreaterThan(30);
    expect(tries).toBeLessThan(70);
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
    await line.pass(3_600_000);
    await line.send('line.woke');
    expect(line.acts.filter((act) => act.startsWith('register'))).toHaveLength(1);
    line.script.register = 'ok';
    await line.send('line.tryNow');
    expect(line.word()).toBe('REGISTERED');
  });

  it('past the end of the password it is called expired, before it wrong: two sentences', async () => {
    const sentences = [];
    for (const credentialsEndAt of [999_999, 1_000_001]) {
      const line = fakeLine({ credentialsEndAt });
      line.script.register = 'credentials';
      await line.signIn();
      expect(line.word()).toBe('REFUSED');
      sentences.push(line.context().problem?.zh);
    }
    expect(sentences[0]).toContain('已到期');
    expect(sentences[1]).toContain('账号或密码');
  });

  it('are named too when they stop working at a renewal, and the socket is left to the call that may run on it', async () => {
    const line = fakeLine();
    await line.signIn();
    line.script.register = 'credentials';
    await line.pass(240_500);
    expect(line.word()).toBe('REFUSED');
    expect(line.acts).not.toContain('disconnect');
  });

  it('leave a socket open, and open it again when it is lost, without asking to be registered: a hang-up reaches the customer', async () => {
    const line = fakeLine();
    await line.signIn();
    line.script.register = 'credentials';
    await line.pass(240_500);
    const before = line.acts.length;
    await line.socketCloses();
    await line.pass(1_500);
    expect(line.word()).toBe('REFUSED');
    expect(line.context().problem?.zh).toContain('账号或密码');
    expect(line.acts.slice(before)).toEqual(['connect ws://a']);
    await line.send('line.networkChanged');
    expect(line.acts.slice(before)).toEqual(['connect ws://a', 'ping 1500']); // it answers: kept
    line.script.ping = 'unreachable';
    await line.send('line.networkChanged');
    expect(line.acts.slice(before)).toEqual(['connect ws://a', 'ping 1500', 'ping 1500', 'connect ws://a']);
    line.script.connect = 'unreachable';
    await line.socketCloses();
    await line.pass(600_000);
    expect(line.acts.slice(before).length).toBeLessThan(70);
    expect(line.acts.slice(before).every((act) => /^connect|^ping|^disconnect/.test(act))).toBe(true);
    line.script.connect = 'ok';
    line.script.register = 'ok';
    line.actor.send({ type: 'line.credentialsRenewed', endAt: null });
    await line.settle();
    expect(line.word()).toBe('REGISTERED');
  });

  it('leave a socket that is looked after: half-open, it is replaced within 10 s, and nobody is asked to register', async () => {
    for (const answer of ['silent', 'never'] as const) {
      const line = fakeLine();
      await line.signIn();
      line.script.register = 'credentials';
      await line.pass(240_500);
      line.acts.length = 0;
      await line.pass(60_000);
      expect(line.word()).toBe('REFUSED');
      expect(line.context().problem?.zh).toContain('账号或密码');
      expect(line.acts).toEqual(Array.from({ length: 10 }, () => 'ping 3000'));
      line.script.ping = answer;
      await line.pass(9_500);
      expect(line.acts).toContain('connect ws://a');
      line.script.ping = 'ok';
      await line.pass(30_000);
      expect(line.acts.filter((act) => !act.startsWith('ping'))).toEqual(['connect ws://a']);
      expect(line.word()).toBe('REFUSED');
    }
  });

  it('a new password is tried at once also while the socket is being looked after', async () => {
    const line = fakeLine();
    line.script.register = 'credentials';
    line.script.ping = 'never';
    await line.signIn();
    await line.pass(6_500);
    expect(line.acts.at(-1)).toBe('ping 3000');
    line.script.register = 'ok';
    await line.renewCredentials(null);
    expect(line.word()).toBe('REGISTERED');
    expect(line.acts.filter((act) => act.startsWith('connect'))).toHaveLength(1);
  });

  it('found by a look at the binding, they are tried by a renewal before they are believed', async () => {
    const line = fakeLine();
    await line.signIn();
    line.script.check = 'credentials';
    await line.pass(6_500);
    expect(line.acts.slice(2)).toEqual(['check 3000', 'register 300']);
    expect(line.word()).toBe('REGISTERED');
    line.script.register = 'credentials';
    await line.pass(6_500);
    expect(line.word()).toBe('REFUSED');
  });

  it('a new password is tried at once on the socket that is there', async () => {
    const line = fakeLine({ credentialsEndAt: 999_999 });
    line.script.register = 'credentials';
    await line.signIn();
    line.script.register = 'ok';
    await line.renewCredentials(9_000_000);
    expect(line.word()).toBe('REGISTERED');
    expect(line.acts).toEqual(['connect ws://a', 'register 300', 'register 300']);
    expect(line.context()).toMatchObject({ problem: null, credentialsEndAt: 9_000_000 });
  });

  it('a new password while registered is used by a renewal, and nobody sees anything', async () => {
    const line = fakeLine({ credentialsEndAt: 1_060_000 });
    await line.signIn();
    const words: string[] = [];
    line.actor.subscribe(() => words.push(line.word()));
    await line.renewCredentials(null);
    expect(line.acts).toEqual(['connect ws://a', 'register 300', 'register 300']);
    expect(new Set(words)).toEqual(new Set(['REGISTERED']));
    expect(line.context().credentialsEndAt).toBeNull();
  });

  it('a new password while the line is away is kept for the next try', async () => {
    const line = fakeLine();
    line.script.connect = 'unreachable';
    await line.signIn();
    await line.renewCredentials(5_000_000);
    expect(line.word()).toBe('FAULT');
    expect(line.context().credentialsEndAt).toBe(5_000_000);
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
    for (const answer of ['busy', 'bug', 'never'] as const) {
      const line = fakeLine();
      line.script.granted = 60;
      await line.signIn();
      line.script.register = answer;
      await line.pass(58_000);
      expect(line.word()).toBe('REGISTERED');
      await line.pass(9_500);
      expect(line.word()).not.toBe('REGISTERED');
    }
  });

  it('that the registrar lost is noticed within 10 s and made again on the same socket', async () => {
    const line = fakeLine();
    await line.signIn();
    await line.pass(8_000);
    line.script.check = 'NOT_BOUND';
    line.script.register = 'never';
    await line.pass(4_500);
    expect(line.word()).toBe('CONNECTING');
    expect(line.context().problem?.zh).toContain('丢失了本话机的登记');
    expect(line.acts).not.toContain('disconnect');
    expect(line.acts.at(-1)).toBe('register 300');
  });

  it('that is lost again and again belongs to somebody else: said in words, and not fought over', async () => {
    const line = fakeLine();
    await line.signIn();
    await line.pass(6_500);
    line.script.check = 'NOT_BOUND';
    await line.pass(60_000);
    expect(line.context().problem?.zh).toContain('另一台终端');
    const registers = line.acts.filter((act) => act.startsWith('register')).length;
    await line.pass(600_000);
    expect(line.acts.filter((act) => act.startsWith('register')).length - registers).toBeLessThan(40);
    line.script.check = 'BOUND';
    await line.pass(60_000);
    expect(line.word()).toBe('REGISTERED');
    expect(line.context().problem).toBeNull();
  });

  it('that a registrar never lists proves nothing: it is made again every 6 s, and left within 10 s when that fails', async () => {
    for (const answer of ['busy', 'silent', 'never', 'bug'] as const) {
      const line = fakeLine();
      line.script.check = 'NOT_BOUND';
      await line.signIn();
      await line.pass(30_000);
      line.acts.length = 0;
      await line.pass(60_000);
      expect(line.word()).toBe('REGISTERED');
      expect(new Set(line.acts)).toEqual(new Set(['register 300']));
      expect(line.acts).toHaveLength(10);
      line.script.register = answer;
      await line.pass(10_000);
      expect(line.word()).not.toBe('REGISTERED');
    }
  });

  it('that nobody can tell of is made again there and then, and that it was is all the proof there is', async () => {
    const line = fakeLine();
    await line.signIn();
    line.script.check = 'UNKNOWN';
    await line.pass(12_500);
    expect(line.word()).toBe('REGISTERED');
    expect(line.acts.slice(2)).toEqual(['check 3000', 'register 300', 'check 3000', 'register 300']);
  });

  it('that nobody can tell of, and nobody makes again, is shown for no 10 s: the next proxy is tried', async () => {
    for (const answer of ['busy', 'silent', 'never', 'bug'] as const) {
      const line = fakeLine();
      await line.signIn();
      await line.pass(12_500);
      line.script.check = 'UNKNOWN';
      line.script.register = answer;
      await line.pass(9_500);
      expect(line.word()).not.toBe('REGISTERED');
      expect(line.context().problem).not.toBeNull();
      await line.pass(5_000);
      expect(line.acts).toContain('connect ws://b');
    }
  });

  it('refused by a registrar that is restarted leaves the call its socket, and is asked for again over it', async () => {
    for (const lost of ['UNKNOWN', 'NOT_BOUND'] as const) {
      const line = fakeLine();
      await line.signIn();
      await line.pass(12_500);
      line.script.inCall = true;
      line.script.check = lost;
      line.script.register = 'busy';
      line.acts.length = 0;
      await line.pass(9_500);
      expect(line.word()).toBe('FAULT');
      expect(line.context().problem?.zh).toContain('暂时不能登记');
      await line.pass(120_000);
      expect(line.acts.every((act) => act === 'check 3000' || act === 'register 300')).toBe(true);
      line.script.register = 'ok';
      line.script.check = 'BOUND';
      await line.pass(6_500);
      expect(line.word()).toBe('REGISTERED');
      expect(line.context().problem).toBeNull();
    }
  });

  it('refused while a call runs: the socket is let go when it dies, and for another proxy when the call is over', async () => {
    for (const how of ['lost', 'over'] as const) {
      const line = fakeLine();
      await line.signIn();
      line.script.inCall = true;
      line.script.check = 'UNKNOWN';
      line.script.register = 'busy';
      await line.pass(9_500);
      line.acts.length = 0;
      if (how === 'lost') await line.socketCloses();
      else line.script.inCall = false;
      await line.pass(7_500);
      expect(line.acts).toContain('connect ws://b');
    }
  });

  it('that somebody else has from the beginning is said to be taken within 10 s, before it was ever seen as ours', async () => {
    const line = fakeLine();
    line.script.listed = true;
    await line.signIn();
    line.script.check = 'NOT_BOUND';
    line.script.others = true;
    await line.pass(9_500);
    expect(line.context().problem?.zh).toContain('另一台终端');
    await line.pass(60_000);
    expect(line.context().problem?.zh).toContain('另一台终端');
    expect(line.word()).toBe('FAULT');
    line.script.check = 'BOUND';
    await line.pass(60_000);
    expect(line.word()).toBe('REGISTERED');
    expect(line.context().problem).toBeNull();
  });

  it('that a registrar lists under an address of its own is nobody else’s', async () => {
    const line = fakeLine();
    line.script.check = 'NOT_BOUND';
    line.script.others = true;
    await line.signIn();
    await line.pass(60_000);
    expect(line.word()).toBe('REGISTERED');
    expect(line.context().problem).toBeNull();
  });

  it('that the registrar holds for less than it granted ends when it says', async () => {
    const line = fakeLine();
    await line.signIn();
    line.script.holds = 20;
    await line.pass(6_500);
    line.script.holds = undefined;
    line.script.register = 'never';
    await line.pass(19_000);
    expect(line.word()).toBe('REGISTERED');
    await line.pass(4_000);
    expect(line.word()).not.toBe('REGISTERED');
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
    expect(line.word()).toBe('CONNECTING');
  });

  it('sleep that nobody told of is noticed by the clock within 2 s, and the old socket is replaced unasked', async () => {
    const line = fakeLine();
    await line.signIn();
    line.sleep(60_000);
    await line.pass(2_500);
    expect(line.acts).toEqual(['connect ws://a', 'register 300', 'connect ws://a', 'register 300']);
    expect(line.word()).toBe('REGISTERED');
  });

  it('a short sleep and a clock set back only ask: socket, binding, and its end anew', async () => {
    for (const jump of [8_000, -3_600_000]) {
      const line = fakeLine();
      await line.signIn();
      line.sleep(jump);
      await line.pass(2_500);
      expect(line.acts.slice(2).sort()).toEqual(['check 1500', 'register 300']);
      expect(line.word()).toBe('REGISTERED');
    }
  });

  it('a long back-off is not sat out after a sleep nobody told of', async () => {
    const line = fakeLine({ proxies: ['ws://a'] });
    line.script.connect = 'unreachable';
    await line.signIn();
    await line.pass(120_000);
    line.script.connect = 'ok';
    line.sleep(60_000);
    await line.pass(2_500);
    expect(line.word()).toBe('REGISTERED');
  });
});

describe('a lesser proxy', () => {
  const onLesser = async () => {
    const line = fakeLine({ random: () => 0.5 });
    line.script.down = ['ws://a'];
    await line.signIn();
    await line.pass(500);
    expect(line.acts.filter((act) => act !== 'disconnect')).toEqual([
      'connect ws://a',
      'connect ws://b',
      'register 300',
    ]);
    line.acts.length = 0;
    return line;
  };
  const moves = (line: { acts: string[] }) => line.acts.filter((act) => act.startsWith('move'));

  it('is left for the preferred one as soon as that takes us, without a moment unregistered', async () => {
    const line = await onLesser();
    await line.pass(31_000);
    expect(moves(line)).toEqual(['move ws://a']);
    const words = new Set<string>();
    line.actor.subscribe(() => words.add(line.word()));
    line.script.down = [];
    await line.pass(61_000);
    expect(moves(line)).toEqual(['move ws://a', 'move ws://a']);
    expect(words).toEqual(new Set(['REGISTERED']));
    expect(line.acts).not.toContain('disconnect');
    expect(line.context().proxy).toBe(0);
    await line.pass(600_000);
    expect(moves(line)).toHaveLength(2);
  });

  it('is kept while a call is running, and left within 5 s after it', async () => {
    const line = await onLesser();
    line.script.down = [];
    line.script.inCall = true;
    await line.pass(600_000);
    expect(moves(line)).toEqual([]);
    line.script.inCall = false;
    await line.pass(5_500);
    expect(line.context().proxy).toBe(0);
  });

  it('is kept when the better one takes the binding and then fails: the binding is fetched back at once', async () => {
    const line = await onLesser();
    line.script.down = [];
    line.script.move = 'busy';
    await line.pass(29_500);
    line.acts.length = 0;
    await line.pass(1_000);
    expect(line.acts.filter((act) => !act.startsWith('check'))).toEqual(['move ws://a', 'register 300']);
    expect(line.word()).toBe('REGISTERED');
  });

  it('of three, the best that answers is taken, and the way up goes on', async () => {
    const line = fakeLine({ proxies: ['ws://a', 'ws://b', 'ws://c'], random: () => 0.5 });
    line.script.down = ['ws://a', 'ws://b'];
    await line.signIn();
    await line.pass(1_000);
    expect(line.context().proxy).toBe(2);
    line.script.down = ['ws://a'];
    await line.pass(31_000);
    expect(line.context().proxy).toBe(1);
    line.script.down = [];
    await line.pass(61_000);
    expect(line.context().proxy).toBe(0);
  });

  it('a preferred one that keeps breaking is tried less and less often', async () => {
    const line = await onLesser();
    for (let turn = 0; turn < 20; turn++) {
      line.script.down = [];
      await line.pass(60_000);
      if (line.context().proxy !== 0) continue;
      line.script.down = ['ws://a'];
      await line.socketCloses();
      await line.pass(1_000);
    }
    expect(moves(line).length).toBeLessThan(9);
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

  it('that went half-open is noticed within 10 s and replaced', async () => {
    const line = fakeLine();
    await line.signIn();
    await line.pass(6_500);
    expect(line.acts.at(-1)).toBe('check 3000');
    expect(line.context().lastHeardAt).toBeGreaterThan(1_000_000);
    line.script.check = 'never';
    line.script.connect = 'never';
    await line.pass(9_500);
    expect(line.acts).toContain('disconnect');
    expect(line.word()).toBe('CONNECTING');
    expect(line.context().problem?.zh).toContain('断了');
  });

  it.each(['line.woke', 'line.networkChanged', 'line.becameVisible', 'line.wentOffline'] as const)(
    '%s asks for socket and binding at once, with 1.5 s to answer',
    async (type) => {
      const line = fakeLine();
      await line.signIn();
      await line.send(type);
      expect(line.acts.slice(2)).toEqual(['check 1500']);
      expect(line.word()).toBe('REGISTERED');
    },
  );

  it('going offline only asks the socket: a cable out is told by no close event', async () => {
    const line = fakeLine();
    await line.signIn();
    line.script.check = 'silent';
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
