/**
 * A shift (班次): everything that runs between sign-in and sign-out, started and stopped in one place.
 *
 *   phone ─► line machine             leasing ─► leases ─┐
 *        └─► incoming calls ───────────────────────────► casework machine ─► journal ─► uploader ─► bank server
 *
 * Assumption: an attempt that a crash left open belongs to this station, whoever was signed in; the next shift wraps it up first.
 */
import { createActor } from 'xstate';
import type { Clock } from '#shared/clock.ts';
import type { EntryHeader, Fact } from '#shared/journal/entry.ts';
import { defaultCallWaiting } from '#shared/policy/incoming.ts';
import { defaultPolicy } from '#shared/policy/policy.ts';
import { preNoticeBeforeCall } from '#shared/policy/preNotice.ts';
import { Problem } from '#shared/problem.ts';
import { requireProved } from '#shared/script/proved.ts';
import { bundledScripts, scriptById, scriptFor } from '#shared/script/scripts.ts';
import type { Person, Presence, StationProfile } from '#shared/server/api.ts';
import { callMachine } from '../call/callMachine.ts';
import { restoreWork } from '../casework/attempt.ts';
import { caseworkMachine } from '../casework/caseworkMachine.ts';
import type { CaseworkInput } from '../casework/context.ts';
import { createMissedCalls, missedForMs, missedKinds } from '../casework/missedCalls.ts';
import { practiceStepContentType } from '../casework/practiceNote.ts';
import type { Handled } from '../casework/worklist.ts';
import { lineMachine } from '../line/lineMachine.ts';
import type { SteadyClock } from '../line/steadyClock.ts';
import type { Phone } from '../phone/phone.ts';
import { createLeasing } from '../sync/leasing.ts';
import { createPresence } from '../sync/presence.ts';
import { waitForReal } from '../sync/timing.ts';
import { callKinds, countCalls } from './callsToday.ts';
import { currentStepOf } from './currentStep.ts';
import { keepLineAccount } from './lineAccount.ts';
import type { Station } from './openStation.ts';
import { readHandled } from './selectWaiting.ts';
import { startUpkeep } from './upkeep.ts';

/** Persons held at once, and when more are asked for: a shift offline needs a day's work. */
const holding = { most: 60, fewest: 15 } as const;

export type ShiftParts = {
  station: Station;
  person: Person;
  profile: StationProfile;
  grant: string;
  phone: Phone;
  clock: Clock;
  /** Timers of the line that a hidden page does not slow down; the page's own unless given. */
  lineTimers?: SteadyClock;
  newId: () => string;
  random: () => number;
  /** The profile was fetched anew; kept for signing in offline where that is possible. */
  profileRead?: (profile: StationProfile) => void;
  /** Told after every change of anything a screen shows. */
  changed: () => void;
  /** What waits for the server now. */
  unsent: (waiting: { count: number; oldestAt: string | null }) => void;
  signedOutByServer: (reason: string) => void;
  onProblem: (error: unknown) => void;
  /** The casework itself stopped on a bug: nothing can be worked until the page is loaded anew. */
  crashed: (error: unknown) => void;
};

const notRestored = new Problem('ATTEMPT_NOT_RESTORED', 'storage', {
  zh: '有一次中断的通话无法恢复，不能在这里补填结果；它的记录仍会上传。请告知班长。',
  en: 'A call that was interrupted cannot be restored, so its result cannot be given here; its records are uploaded all the same. Tell your team lead.',
});

export type Shift = Awaited<ReturnType<typeof startShift>>;

/** Rejects when the journal cannot be written or read; then everything it began is stopped. */
export async function startShift(parts: ShiftParts) {
  const { station, person, profile, phone, clock, newId, changed } = parts;
  const { journal, leases, client, connection } = station;
  const id = newId();
  const by = () => ({ agent: person.account, leaseEpochOf: leases.epochOf });
  let refresh: () => void = () => undefined;
  const missed = createMissedCalls();
  let showMissed: () => void = () => undefined;
  /** Wanted once what a borrower said is at the server: the case of the employer is called next, and is to hold it. */
  let renewalWanted = false;
  const isOfALinkedBorrower = ({ kind, caseId }: Fact): boolean => {
    if (kind !== 'disposition.recorded' || caseId === undefined) return false;
    const case_ = leases.caseById(caseId)?.case;
    return case_?.kind === 'PRELOAN_BORROWER' && case_.linkedCases.some((id) => leases.caseById(id) !== undefined);
  };
  const record = async (facts: readonly Fact[]): Promise<readonly EntryHeader[]> => {
    if (facts.length === 0) return [];
    // Counted before anybody is told «saved»: the strip and the notice never contradict each other.
    const headers = await journal.append(facts, by(), parts.unsent);
    calls.recorded(facts);
    if (facts.some(isOfALinkedBorrower)) renewalWanted = true;
    if (missed.take(facts.flatMap((fact, at) => (headers[at] ? [{ fact, header: headers[at] }] : [])))) showMissed();
    if (facts.some((fact) => attemptChanges.has(fact.kind))) refresh();
    if (facts.some((fact) => fact.kind === 'notice.requested')) leasing.askNow();
    return headers;
  };
  const recent = await journal.entriesFrom(clock.wallNow() - missedForMs, new Set([...missedKinds, ...callKinds]));
  missed.take(recent);
  const calls = countCalls(recent, person.account, clock.now);
  await record([
    { kind: 'shift.started', body: { shift: id, grant: parts.grant.slice(0, 4000), practice: profile.practice } },
  ]);
  for (const { script } of bundledScripts) requireProved(script);

  const input: CaseworkInput = {
    phone,
    record,
    now: clock.now,
    newId,
    practice: profile.practice,
    hasLine: profile.line !== null,
    records: profile.records,
    handling: person.handling,
    policy: leases.policy() ?? defaultPolicy,
    scriptOf: (case_, begun) => {
      const loaded = begun ? scriptById(begun.id, begun.version) : scriptFor(case_.kind);
      if (
        !loaded ||
        leases
          .recalledScripts()
          .some((gone) => gone.script === loaded.script.id && gone.version === loaded.script.version)
      )
        return undefined;
      const { script, hash } = loaded;
      return { script, ref: { id: script.id, version: script.version, hash } };
    },
    leasedCase: (caseId) => leases.caseById(caseId)?.case,
    leaseEnd: (caseId) => {
      const held = leases.caseById(caseId);
      return held === undefined ? undefined : Date.parse(held.until);
    },
    internalNumbers: profile.internalNumbers ?? [],
    callWaiting: profile.callWaiting ?? defaultCallWaiting,
  };
  const casework = createActor(caseworkMachine.provide({ actors: { call: callMachine } }), { input });
  const endOf = (account: StationProfile['line']) => (account?.expiresAt ? Date.parse(account.expiresAt) : null);
  const line = createActor(lineMachine, {
    ...(parts.lineTimers && { clock: parts.lineTimers }),
    input: {
      ...{ driver: phone.line, proxies: profile.line?.proxies ?? [], now: clock.now, wall: clock.wallNow },
      ...{ random: parts.random, credentialsEndAt: endOf(profile.line) },
    },
  });
  let account: ReturnType<typeof keepLineAccount> | null = null;
  let shown = profile;
  const stops: (() => void)[] = [];

  const showCases = async (handled?: ReadonlyMap<string, Handled>) => {
    const cases = (await leases.casesWithJournal()).map((cached) => cached.case);
    casework.send({ type: 'cases.changed', cases, ...(handled ? { handled } : {}) });
    changed();
  };
  showMissed = () => casework.send({ type: 'missed.changed', missed: missed.open() });
  refresh = () => void showCases().catch(parts.onProblem);

  const leasing = createLeasing({
    client,
    leases,
    journal,
    station: station.signer.station,
    by,
    awaits: () => {
      const reached = connection.state();
      if (reached.type !== 'connected') return false;
      return casework.getSnapshot().context.cases.some((case_) => {
        const notice = preNoticeBeforeCall(case_);
        if (notice?.state !== 'requested') return false;
        const ageMs = Math.min(clock.now() - Date.parse(notice.at), clock.wallNow() - reached.since);
        return ageMs < awaitedForMs;
      });
    },
    personsOpen: async () => openPersons(casework.getSnapshot().context),
    ...holding,
    mayAsk: () => client.session.current() !== null,
    signOut: parts.signedOutByServer,
    onProblem: parts.onProblem,
    clock,
    wait: waitForReal,
  });
  const presence = createPresence({
    client,
    read: async () =>
      client.session.current() === null
        ? null
        : presenceOf(casework.getSnapshot(), line.getSnapshot(), station.signer.station, await journal.unsent(), clock),
    heartbeatSeconds: profile.heartbeatSeconds,
    wait: waitForReal,
  });

  // What is said, and to whom it is passed on.
  stops.push(
    leases.onChange(() => {
      const policy = leases.policy();
      if (policy) casework.send({ type: 'policy.changed', policy });
      refresh();
    }),
  );
  stops.push(phone.onIncoming((call) => casework.send({ type: 'incoming.arrived', call })));
  stops.push(
    connection.onChange(({ type }) => {
      if (type !== 'connected') return;
      leasing.askNow();
      account?.look();
    }),
  );
  stops.push(
    station.uploader.onChange(({ type }) => {
      if (type !== 'idle' || !renewalWanted) return;
      renewalWanted = false;
      leasing.askNow();
    }),
  );
  let told = '';
  casework.subscribe({
    next(snapshot) {
      changed();
      const now = JSON.stringify([snapshot.value, currentStepOf(snapshot.context)]);
      if (now === told) return;
      told = now;
      presence.say();
      if (profile.practice) tellCustomer(snapshot.context);
    },
    error: parts.crashed,
  });
  let refused = false;
  line.subscribe({
    next(snapshot) {
      changed();
      const before = refused;
      refused = snapshot.matches('refused');
      if (refused && !before) account?.look();
    },
    error: parts.onProblem,
  });
  const { line: lineDriver } = phone;
  if (profile.line && lineDriver) {
    account = keepLineAccount({
      account: profile.line,
      async read() {
        const fresh = await client.profile(station.signer.station);
        parts.profileRead?.(fresh);
        return fresh.line;
      },
      use(fresh) {
        lineDriver.setPassword(fresh.password);
        line.send({ type: 'line.credentialsRenewed', endAt: endOf(fresh) });
      },
      takeVoice(fresh) {
        lineDriver.setVoiceServers(fresh);
        shown = { ...shown, line: fresh };
      },
      refused: () => refused,
      now: clock.now,
      wait: waitForReal,
      fraction: parts.random,
      onProblem: parts.onProblem,
    });
    stops.push(account.stop);
  }

  /** What was begun here, in the order in which it can be given back. */
  const halt = async (): Promise<void> => {
    for (const stop of stops.splice(0)) stop();
    casework.stop();
    line.send({ type: 'line.signOut' });
    await phone.close().finally(() => line.stop());
  };

  casework.start();
  showMissed();
  line.start();
  line.send({ type: 'line.signIn' });

  try {
    await showCases(await readHandled(station));
    for (const open of await journal.openAttempts()) {
      const entries = open.caseId === null ? await journal.entriesSince(0) : await journal.entriesOf(open.caseId);
      const own = entries.filter(({ fact }) => 'attempt' in fact.body && fact.body.attempt === open.attempt);
      const { cases } = casework.getSnapshot().context;
      const work = restoreWork(own, (caseId) => leases.caseById(caseId)?.case, input, cases);
      if (work) casework.send({ type: 'attempt.restored', work });
      else parts.onProblem(notRestored);
    }
  } catch (error) {
    await halt().catch(() => undefined); // why it did not start is what has to be told
    throw error;
  }
  stops.push(
    leasing.start(),
    presence.start(),
    startUpkeep({ journal, clock, wait: waitForReal, onProblem: parts.onProblem }),
  );
  void phone.prepare().catch(parts.onProblem);

  let asked = '';
  /** The practice customer hears which question was read out. */
  function tellCustomer(context: ReturnType<typeof casework.getSnapshot>['context']): void {
    const step = currentStepOf(context);
    if (step === null || !context.call || context.work?.answeredAt == null || context.work.endedCall) return;
    const key = `${context.work.attempt} ${step.id} ${context.work.conversation?.moves.length ?? 0}`;
    if (key === asked) return;
    asked = key;
    void context.call
      .sendNote(practiceStepContentType, JSON.stringify({ step: step.id, topics: step.topics }))
      .catch(() => undefined);
  }

  return {
    id,
    person,
    /** As it is used now. */
    get profile() {
      return shown;
    },
    since: clock.now(),
    casework,
    line,
    phone,
    callsToday: calls.today,
    /** Signed in at the server again: what could not be asked without is asked now. */
    rejoined() {
      leasing.askNow();
      presence.say();
    },
    /** Wake, network change, window shown: the line looks at itself. */
    nudge(event: 'woke' | 'networkChanged' | 'wentOffline' | 'becameVisible') {
      // The phone first: what it prepared and its calls belong to the old network.
      if (event === 'networkChanged' || event === 'woke') phone.networkChanged();
      line.send({ type: `line.${event}` });
      connection.tryNow();
    },
    /** A person does not want to wait for the next try of line and server; nothing changes for what is connected. */
    reconnect() {
      line.send({ type: 'line.tryNow' });
      connection.tryNow();
    },
    /** Ends the shift: recorded first, then the line is given back; given back too when it cannot be recorded, which rejects. */
    async end(endedBy: 'AGENT' | 'SERVER') {
      for (const stop of stops.splice(0)) stop();
      try {
        await record([{ kind: 'shift.ended', body: { shift: id, by: endedBy } }]);
      } finally {
        await halt();
      }
    },
  };
}

/** After these the history, caps and appointments of a case are others. */
const attemptChanges: ReadonlySet<Fact['kind']> = new Set([
  'disposition.recorded',
  'attempt.ended',
  'contact.changed',
  'appointment.made',
  'amended',
  'notice.requested',
]);

/** So long (ms) after a notice was asked for, or after the server came back, its answer is looked for at once. */
const awaitedForMs = 60_000;

function openPersons(
  context: ReturnType<ReturnType<typeof createActor<typeof caseworkMachine>>['getSnapshot']>['context'],
): number {
  return new Set(context.cases.filter((case_) => !context.handled.get(case_.id)?.finished).map((case_) => case_.person))
    .size;
}

type CaseworkNow = ReturnType<ReturnType<typeof createActor<typeof caseworkMachine>>['getSnapshot']>;
type LineNow = ReturnType<ReturnType<typeof createActor<typeof lineMachine>>['getSnapshot']>;

/** The line in the board's four words. */
export function lineState(line: LineNow): Presence['line'] {
  if (line.matches('notConfigured')) return 'NOT_CONFIGURED';
  if (line.matches('registered')) return 'REGISTERED';
  if (line.matches('refused') || line.matches('waiting') || line.matches('unbound')) return 'FAULT';
  return 'CONNECTING';
}

function presenceOf(
  { context, ...casework }: CaseworkNow,
  line: LineNow,
  station: string,
  unsent: { count: number; oldestAt: string | null },
  clock: Pick<Clock, 'now' | 'offset'>,
): Presence {
  const { work, onBreak } = context;
  const state: Presence['state'] = onBreak
    ? 'BREAK'
    : work === null
      ? context.selected === null
        ? 'AVAILABLE'
        : 'PREVIEW'
      : work.endedCall
        ? 'WRAP_UP'
        : 'ON_CALL';
  const since = onBreak?.since ?? work?.wrapUp?.since ?? work?.answeredAt ?? work?.startedAt ?? context.idleSince;
  const step = currentStepOf(context);
  const caseId = work?.case?.id ?? context.selected;
  return {
    station,
    state,
    ...(onBreak ? { breakReason: onBreak.reason } : {}),
    since: new Date(Math.min(since, clock.now())).toISOString(),
    ...(caseId ? { caseId } : {}),
    ...(step && casework.status === 'active' ? { step: step.id } : {}),
    unsent: unsent.count,
    // By the server's clock, as everything else here.
    oldestUnsentAt:
      unsent.oldestAt === null ? null : new Date(Date.parse(unsent.oldestAt) + (clock.offset().ms ?? 0)).toISOString(),
    line: lineState(line),
  };
}
