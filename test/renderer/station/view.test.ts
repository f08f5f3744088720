import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { createClock } from '#shared/clock.ts';
import type { Person } from '#shared/server/api.ts';
import type { UserEvent } from '../../../renderer/app/view.ts';
import { lineMachine } from '../../../renderer/line/lineMachine.ts';
import { caseworkEvent } from '../../../renderer/station/caseworkEvents.ts';
import { currentStepOf } from '../../../renderer/station/currentStep.ts';
import type { Station } from '../../../renderer/station/openStation.ts';
import { viewSelector } from '../../../renderer/station/selectView.ts';
import type { Shift } from '../../../renderer/station/shift.ts';
import { initialState } from '../../../renderer/station/state.ts';
import { type Bench, bench, demoCase, start, unanswered } from '../casework/bench.ts';

const person: Person = { account: 'a1001', name: '坐席一', role: 'agent', team: 'demo', handling: 'IN_HOUSE' };

/** The whole view of a signed-in agent, on a line that is not configured. */
function viewOf(b: Bench, connected = false) {
  const line = createActor(lineMachine, { input: { driver: null, proxies: [], now: b.now, random: () => 0.5 } });
  line.start();
  const shift = { casework: b.actor, line, person, since: start, callsToday: () => 0 } as unknown as Shift; // all that a view reads
  const clock = createClock({ wall: b.now, monotonic: b.now });
  const select = viewSelector('shell', { now: b.now, offset: clock.offset });
  const connection = { state: () => ({ type: connected ? 'connected' : 'disconnected', since: start }) };
  const station = { connection } as unknown as Station; // all that a view reads
  return select({ ...initialState(start), person, shift, station });
}
const noticesOf = (b: Bench, connected = false) => viewOf(b, connected).notices;

describe('what is said at the edge of the screen', () => {
  it('a saved result can be taken back for five seconds, and the notice goes by itself', async () => {
    const b = bench([demoCase('DEMO-01-B'), demoCase('DEMO-07')]);
    await unanswered(b);
    expect(noticesOf(b)).toEqual([]);
    await b.send({ type: 'wrapUp.confirmed' });
    expect(noticesOf(b)).toMatchObject([{ id: 'takeBack', takeBackUntil: b.now() + 5_000 }]);
    await b.pass(5_000);
    expect(noticesOf(b)).toEqual([]);
  });

  it('a block and a failed save are said, the one as a warning and the other as bad, until they were seen', async () => {
    const blocked = bench([demoCase('DEMO-04')]);
    await blocked.send({ type: 'dial.asked' });
    expect(noticesOf(blocked)).toMatchObject([{ id: 'casework', tone: 'warning' }]);
    const b = bench();
    b.refuse();
    await b.send({ type: 'dial.asked' });
    expect(noticesOf(b)).toMatchObject([{ id: 'casework', tone: 'bad' }]);
    await b.send({ type: 'problem.seen' });
    expect(noticesOf(b)).toEqual([]);
  });

  it('help that is asked for is said until it was read or the agent goes on; away from the bank, that it waits', async () => {
    const b = bench();
    await b.talk();
    await b.send({ type: 'help.asked' });
    expect(noticesOf(b, true)).toMatchObject([{ id: 'help', tone: 'good' }]);
    expect(noticesOf(b, true)[0]?.text.zh).not.toContain('恢复连接后');
    expect(noticesOf(b)).toMatchObject([{ id: 'help', tone: 'warning' }]);
    expect(noticesOf(b)[0]?.text.zh).toContain('恢复连接后');
    await b.send({ type: 'help.read' });
    expect(noticesOf(b)).toEqual([]);
    await b.send({ type: 'help.asked' });
    expect(noticesOf(b, true)).toMatchObject([{ id: 'help' }]);
    await b.send({ type: 'exits.toggled' }); // under the words lie the exits
    expect(noticesOf(b, true)).toEqual([]);
  });

  it('in the wrap-up its problem stands there and not at the edge', async () => {
    const b = bench();
    await unanswered(b);
    b.refuse();
    await b.send({ type: 'wrapUp.confirmed' });
    const view = viewOf(b);
    expect(view.notices).toEqual([]);
    expect(view.screen).toMatchObject({ middle: { type: 'wrapUp', saving: false } });
    expect(
      view.screen.type === 'workbench' && view.screen.middle.type === 'wrapUp' && view.screen.middle.problem,
    ).toEqual(b.context().problem?.sentence);
  });

  it('a station without a line says so', () => {
    expect(viewOf(bench()).strip?.line.state).toBe('notConfigured');
  });
});

describe('what a person says, as casework hears it', () => {
  const heard = (b: Bench, event: UserEvent) => caseworkEvent(event, () => viewOf(b));

  it('toggles mean the other of what is on the screen', async () => {
    const b = bench();
    await b.talk();
    expect(heard(b, { type: 'mute.toggled' })).toEqual({ type: 'mute.asked', muted: true });
    expect(heard(b, { type: 'hold.toggled' })).toEqual({ type: 'hold.asked', held: true });
    await b.send({ type: 'mute.asked', muted: true });
    expect(heard(b, { type: 'mute.toggled' })).toEqual({ type: 'mute.asked', muted: false });
  });

  it('only the sixteen digits are digits, and what is for others is not for casework', () => {
    const b = bench();
    expect(heard(b, { type: 'digit.pressed', digit: '#' })).toEqual({ type: 'digit.pressed', digit: '#' });
    for (const digit of ['', '10', 'E', '１']) expect(heard(b, { type: 'digit.pressed', digit })).toBeNull();
    expect(heard(b, { type: 'lock.asked' })).toBeNull();
    expect(heard(b, { type: 'dial.asked' })).toEqual({ type: 'dial.asked' });
  });

  it('the step told to the board and to practice customers is the question being asked, and none before or after', async () => {
    const b = bench();
    expect(currentStepOf(b.context())).toBeNull();
    await b.send({ type: 'dial.asked' });
    expect(currentStepOf(b.context())).toBeNull();
    b.far().record.tell({ type: 'call.answered' });
    await b.settle();
    expect(currentStepOf(b.context())).toEqual({ id: 'borrower.opening', topics: ['contact.person'] });
    await b.breakOff('borrower.opening');
    expect(currentStepOf(b.context())).toBeNull();
  });
});
