/** A scripted driver and one clock for timers and dates: what the line machine needs, and nothing of SIP. */
import { createActor, SimulatedClock } from 'xstate';
import { lineMachine, lineState } from '../../../renderer/line/lineMachine.ts';
import type { LineInput } from '../../../renderer/line/lineSetup.ts';
import type { BindingCheck, LineDriver } from '../../../renderer/phone/phone.ts';
import { phoneProblem } from '../../../renderer/phone/phoneProblems.ts';

export type Answer = 'ok' | 'unreachable' | 'credentials' | 'busy' | 'silent' | 'never' | 'bug';
type Looked = BindingCheck['held'] | Exclude<Answer, 'ok'>;

const failures: Record<Exclude<Answer, 'ok' | 'never'>, () => unknown> = {
  unreachable: () => phoneProblem('LINE_UNREACHABLE'),
  credentials: () => phoneProblem('LINE_CREDENTIALS'),
  busy: () => phoneProblem('LINE_NOT_REGISTERED'),
  silent: () => phoneProblem('LINE_SILENT'),
  bug: () => new TypeError('a bug'),
};

export function fakeLine(options: Partial<Pick<LineInput, 'proxies' | 'driver' | 'credentialsEndAt' | 'random'>> = {}) {
  const clock = new SimulatedClock();
  const acts: string[] = [];
  const script = {
    connect: 'ok' as Answer,
    register: 'ok' as Answer,
    check: 'BOUND' as Looked,
    ping: 'ok' as Answer,
    move: 'ok' as Answer,
    granted: 300,
    /** Its answer to a REGISTER names our Contact. */
    listed: false,
    /** It lists somebody else where ours is not. */
    others: false,
    /** What the registrar says it holds us for still; undefined: it does not say. */
    holds: undefined as number | undefined,
    inCall: false,
    /** Proxies that do not answer, whatever `connect` and `move` say. */
    down: [] as readonly string[],
  };
  const closed = new Set<() => void>();
  let slept = 0;

  const answer = async (kind: Answer): Promise<void> => {
    if (kind === 'never') return new Promise(() => undefined);
    if (kind !== 'ok') throw failures[kind]();
  };
  const driver: LineDriver = {
    connect: (proxy) => {
      acts.push(`connect ${proxy}`);
      return answer(script.down.includes(proxy) ? 'unreachable' : script.connect);
    },
    register: async (seconds) => {
      acts.push(`register ${seconds}`);
      await answer(script.register);
      return { grantedSeconds: script.granted, listed: script.listed };
    },
    ping: (limit) => {
      acts.push(`ping ${limit}`);
      return answer(script.ping);
    },
    check: async (limit) => {
      acts.push(`check ${limit}`);
      const { check } = script;
      if (check !== 'BOUND' && check !== 'NOT_BOUND' && check !== 'UNKNOWN') {
        await answer(check);
        return { held: 'UNKNOWN' };
      }
      if (check === 'NOT_BOUND' && script.others) return { held: check, others: true };
      return script.holds === undefined ? { held: check } : { held: check, seconds: script.holds };
    },
    move: async (proxy) => {
      acts.push(`move ${proxy}`);
      await answer(script.down.includes(proxy) ? 'unreachable' : script.move);
      return { grantedSeconds: script.granted };
    },
    inCall: () => script.inCall,
    setPassword: () => acts.push('setPassword'),
    setVoiceServers: () => acts.push('setVoiceServers'),
    unregister: async () => {
      acts.push('unregister');
    },
    disconnect: () => acts.push('disconnect'),
    onClosed: (listener) => {
      closed.add(listener);
      return () => closed.delete(listener);
    },
  };
  const actor = createActor(lineMachine, {
    clock,
    input: {
      driver: options.driver === undefined ? driver : options.driver,
      proxies: options.proxies ?? ['ws://a', 'ws://b'],
      now: () => 1_000_000 + clock.now() + slept,
      random: options.random ?? (() => 1),
      ...(options.credentialsEndAt === undefined ? {} : { credentialsEndAt: options.credentialsEndAt }),
    },
  });
  actor.start();

  const settle = async () => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  return {
    actor,
    acts,
    script,
    settle,
    word: () => lineState(actor.getSnapshot().value),
    context: () => actor.getSnapshot().context,
    watchers: () => closed.size,
    socketCloses: async () => {
      for (const listener of [...closed]) listener();
      await settle();
    },
    /** Time passes for timers and dates, in steps of half a second. */
    pass: async (milliseconds: number) => {
      for (let left = milliseconds; left > 0; left -= 500) {
        clock.increment(Math.min(500, left));
        await settle();
      }
    },
    /** The computer sleeps: the date moves on, timers do not. */
    sleep: (milliseconds: number) => {
      slept += milliseconds;
    },
    signIn: async () => {
      actor.send({ type: 'line.signIn' });
      await settle();
    },
    /** The registrar and the machine have a new password. */
    renewCredentials: async (endAt: number | null) => {
      actor.send({ type: 'line.credentialsRenewed', endAt });
      await settle();
    },
    send: async (type: Exclude<Parameters<typeof actor.send>[0]['type'], 'line.credentialsRenewed'>) => {
      actor.send({ type });
      await settle();
    },
  };
}
