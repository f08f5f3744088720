/** A scripted driver and one clock for timers and dates: what the line machine needs, and nothing of SIP. */
import { createActor, SimulatedClock } from 'xstate';
import { type LineInput, lineMachine, lineState } from '../../../renderer/line/lineMachine.ts';
import type { LineDriver } from '../../../renderer/phone/phone.ts';
import { phoneProblem } from '../../../renderer/phone/phoneProblems.ts';

export type Answer = 'ok' | 'unreachable' | 'credentials' | 'busy' | 'silent' | 'never' | 'bug';

const failures: Record<Exclude<Answer, 'ok' | 'never'>, () => unknown> = {
  unreachable: () => phoneProblem('LINE_UNREACHABLE'),
  credentials: () => phoneProblem('LINE_CREDENTIALS'),
  busy: () => phoneProblem('LINE_NOT_REGISTERED'),
  silent: () => phoneProblem('LINE_SILENT'),
  bug: () => new TypeError('a bug'),
};

export function fakeLine(options: Partial<Pick<LineInput, 'proxies' | 'driver'>> = {}) {
  const clock = new SimulatedClock();
  const acts: string[] = [];
  const script = { connect: 'ok' as Answer, register: 'ok' as Answer, ping: 'ok' as Answer, granted: 300 };
  const closed = new Set<() => void>();
  let slept = 0;

  const answer = async (kind: Answer): Promise<void> => {
    if (kind === 'never') return new Promise(() => undefined);
    if (kind !== 'ok') throw failures[kind]();
  };
  const driver: LineDriver = {
    connect: (proxy) => {
      acts.push(`connect ${proxy}`);
      return answer(script.connect);
    },
    register: async (seconds) => {
      acts.push(`register ${seconds}`);
      await answer(script.register);
      return { grantedSeconds: script.granted };
    },
    ping: (limit) => {
      acts.push(`ping ${limit}`);
      return answer(script.ping);
    },
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
      random: () => 1,
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
    send: async (type: Parameters<typeof actor.send>[0]['type']) => {
      actor.send({ type });
      await settle();
    },
  };
}
