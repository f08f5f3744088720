/**
 * A real casework machine with the real call machine, on a phone that does what a test says, a journal that can refuse or wait, and a
 * clock set by hand. Every fact is checked against its schema, as the real journal does.
 */
import { createActor, SimulatedClock } from 'xstate';
import type { Case } from '#shared/case/case.ts';
import { bodySchemas, type EntryHeader, type EntryKind, type Fact } from '#shared/journal/entry.ts';
import type { DialPermit } from '#shared/policy/dialPermit.ts';
import { defaultCallWaiting } from '#shared/policy/incoming.ts';
import { defaultPolicy } from '#shared/policy/policy.ts';
import type { Script } from '#shared/script/format.ts';
import type { Move } from '#shared/script/move.ts';
import { scriptById, scriptFor } from '#shared/script/scripts.ts';
import { callMachine } from '../../../renderer/call/callMachine.ts';
import { restoreWork } from '../../../renderer/casework/attempt.ts';
import { caseworkMachine } from '../../../renderer/casework/caseworkMachine.ts';
import type { CaseworkInput } from '../../../renderer/casework/context.ts';
import type { CaseworkEvent } from '../../../renderer/casework/events.ts';
import { createCallRecord } from '../../../renderer/phone/callRecord.ts';
import type { Call, Phone } from '../../../renderer/phone/phone.ts';
import { demoCases } from '../../../server/demo/cases.ts';

/** Friday 20 November 2026, 10:05 in China: a working day, everybody may be called. */
export const start = Date.parse('2026-11-20T10:05:00+08:00');
const demo = demoCases(new Date(start));
export function demoCase(id: string, changes: Partial<Case> = {}): Case {
  const found = demo.find((case_) => case_.id === id);
  if (!found) throw new Error(`there is no demo case ${id}`);
  return { ...found, ...changes };
}

/** A call that does what a test says, and notes what is asked of it. */
export function scriptedCall(direction: 'out' | 'in', remoteNumber: string, now: () => number) {
  const record = createCallRecord(now);
  const acts: string[] = [];
  const call: Call = {
    id: `call-${remoteNumber}`,
    direction,
    remoteNumber,
    subscribe: record.subscribe,
    facts: () => record.facts('call-id-1'),
    measure: async () => undefined,
    async answer() {
      acts.push('answer');
      record.tell({ type: 'call.answered' });
    },
    hangUp() {
      acts.push('hangUp');
      record.end({ reason: record.phase() === 'talking' ? 'HUNG_UP' : 'CANCELLED', by: 'AGENT' });
    },
    setMuted: (muted) => void acts.push(`muted ${muted}`),
    async setHeld(held) {
      acts.push(`held ${held}`);
    },
    async sendDigit(digit) {
      acts.push(`digit ${digit}`);
    },
    async redialExtension() {
      acts.push('extension');
    },
    async transfer(to) {
      acts.push(`transfer ${'hangUp' in to ? 'onto' : to.number}`);
    },
    sendNote: async () => undefined,
  };
  return { call, record, acts };
}
export type ScriptedCall = ReturnType<typeof scriptedCall>;

const hash = (seq: number) => String(seq).padStart(64, '0');
const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

export function bench(cases: readonly Case[] = [demoCase('DEMO-01-B')], changes: Partial<CaseworkInput> = {}) {
  const clock = new SimulatedClock();
  const now = () => start + clock.now();
  const facts: Fact[] = [];
  const log: string[] = [];
  const dialled: {
    permit: DialPermit;
    attempt: string;
    headers: Readonly<Record<string, string>>;
    far: ScriptedCall;
  }[] = [];
  let waiting: Promise<void> | null = null;
  let refusals = 0;
  let ids = 0;

  const record: CaseworkInput['record'] = async (given) => {
    const refuse = refusals > 0;
    if (refuse) refusals -= 1;
    await waiting;
    if (refuse) throw new Error('the disk is full');
    for (const { kind, body } of given) bodySchemas[kind].parse(body);
    const headers = given.map((fact, n): EntryHeader => {
      const seq = facts.length + n + 1;
      return {
        journal: idOf(999),
        seq,
        version: 1,
        kind: fact.kind,
        at: new Date(now()).toISOString(),
        clockOffset: 0,
        clockOffsetAge: 0,
        agent: 'a1001',
        caseId: fact.caseId ?? null,
        leaseEpoch: 1,
        prev: hash(seq - 1),
        bodyHash: hash(seq),
        hash: hash(seq),
      };
    });
    facts.push(...given);
    log.push(...given.map((fact) => fact.kind));
    return headers;
  };
  const phone: Phone = {
    line: null,
    prepare: async () => undefined,
    networkChanged: () => undefined,
    leave: () => undefined,
    dial(permit, attempt, headers = {}, durable = Promise.resolve()) {
      const far = scriptedCall('out', permit.number, now);
      void durable.then(
        () => {
          dialled.push({ permit, attempt, headers, far });
          log.push('INVITE');
          far.record.tell({ type: 'call.sent' });
        },
        () => undefined, // nothing was sent, and nobody listens to this call
      );
      return far.call;
    },
    consult: (permit) => scriptedCall('out', permit.number, now).call,
    onIncoming: () => () => undefined,
    microphoneLevel: () => 0,
    close: async () => undefined,
  };
  const input: CaseworkInput = {
    phone,
    record,
    now,
    newId: () => idOf(++ids),
    practice: true,
    hasLine: true,
    records: true,
    handling: 'IN_HOUSE',
    policy: defaultPolicy,
    scriptOf: (case_, begun) => {
      const loaded = begun ? scriptById(begun.id, begun.version) : scriptFor(case_.kind);
      const { id, version } = loaded?.script ?? { id: '', version: 1 };
      return loaded && { script: loaded.script, ref: { id, version, hash: loaded.hash } };
    },
    leasedCase: (id) => cases.find((case_) => case_.id === id),
    leaseEnd: () => start + 86_400_000,
    internalNumbers: [{ number: '8001', name: { zh: '授信值班', en: 'Credit desk' } }],
    callWaiting: defaultCallWaiting,
    ...changes,
  };
  const actor = createActor(caseworkMachine.provide({ actors: { call: callMachine } }), { input, clock });
  actor.start();
  const context = () => actor.getSnapshot().context;
  const settle = async () => {
    for (let turn = 0; turn < 30; turn++) await Promise.resolve();
  };
  const far = () => {
    const last = dialled.at(-1);
    if (!last) throw new Error('nothing was dialled');
    return last.far;
  };
  const work = () => {
    const { work: now_ } = context();
    if (!now_) throw new Error('nothing is being worked');
    return now_;
  };
  const send = async (...events: CaseworkEvent[]) => {
    for (const event of events) {
      actor.send(event);
      await settle();
    }
  };
  actor.send({ type: 'cases.changed', cases });
  return {
    actor,
    input,
    facts,
    log,
    dialled,
    far,
    work,
    context,
    send,
    settle,
    state: () => actor.getSnapshot(),
    kinds: () => facts.map((fact) => fact.kind),
    of: <K extends EntryKind>(kind: K) =>
      facts.filter((fact): fact is Extract<Fact, { kind: K }> => fact.kind === kind),
    pass: async (milliseconds: number) => {
      clock.increment(milliseconds);
      await settle();
    },
    now,
    /** The next `times` records fail. */
    refuse: (times = 1) => {
      refusals = times;
    },
    /** Records wait until the returned function is called. */
    hold: () => {
      let release: () => void = () => undefined;
      waiting = new Promise((resolve) => {
        release = () => {
          waiting = null;
          resolve();
        };
      });
      return release;
    },
    /** Dialled, rung for 5 s, answered. */
    async talk() {
      await send({ type: 'dial.asked' });
      far().record.tell({ type: 'call.ringing' });
      clock.increment(5_000);
      far().record.tell({ type: 'call.answered' });
      await settle();
      clock.increment(30_000);
    },
    /** Choices and texts of the current question, then Enter. */
    async answer(step: string, drafts: Readonly<Record<string, { text: string } | { as: string }>> = {}) {
      for (const [about, draft] of Object.entries(drafts))
        await send(
          'text' in draft
            ? { type: 'draft.typed', about, text: draft.text }
            : { type: 'draft.chosen', about, as: draft.as },
        );
      await send({ type: 'step.committed', step });
    },
    /** Out of the script as broken off, to its result. */
    async breakOff(step: string) {
      await send(
        { type: 'exit.chosen', step, exit: 'hangUp' },
        { type: 'outcome.chosen', code: 'BREAK_OFF', sub: null },
      );
    },
    async otherHangsUp() {
      far().record.end({ reason: 'HUNG_UP', by: 'OTHER', sipStatus: 200, q850: 16 });
      await settle();
    },
    incoming(number: string): ScriptedCall {
      const caller = scriptedCall('in', number, now);
      caller.record.tell({ type: 'call.ringing' });
      actor.send({ type: 'incoming.arrived', call: caller.call });
      return caller;
    },
  };
}
export type Bench = ReturnType<typeof bench>;

/** A bench where a call that a person made to its end (`script/support/calls.ts`) waits for its result. */
export async function afterCall(
  of: Case,
  script: Script,
  moves: readonly Move[],
  attempt: string,
  others: readonly Case[] = [],
) {
  const b = bench([of, ...others]);
  const header = { at: new Date(start).toISOString(), clockOffset: 0 } as EntryHeader; // as: all that is read of it
  const ref = { id: script.id, version: script.version, hash: scriptById(script.id, script.version)?.hash ?? '' };
  const ground = { attempt, script: ref, caseRevision: of.revision };
  const facts: Fact[] = [
    {
      kind: 'attempt.started',
      caseId: of.id,
      body: { ...ground, direction: 'out', contact: of.contacts[0]?.id, number: of.contacts[0]?.number ?? '' },
    },
    ...moves.map(
      (move): Fact => ({ kind: 'step.recorded', caseId: of.id, body: { ...ground, move, comparator: '1' } }),
    ),
  ];
  const work = restoreWork(
    facts.map((fact) => ({ header, fact })),
    () => of,
    b.input,
    [of, ...others],
  );
  if (!work?.conversation) throw new Error('the answers do not fit the script');
  await b.send({ type: 'attempt.restored', work });
  return b;
}

/** Rang 40 s, then the agent gave up. */
export async function unanswered(b: Bench) {
  await b.send({ type: 'dial.asked' });
  b.far().record.tell({ type: 'call.ringing' });
  await b.pass(40_000);
  await b.send({ type: 'hangUp.asked' });
}
