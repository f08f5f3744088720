/**
 * The page of station.ts: the project's own phone and line machine in a real browser, with a window on them. Nothing of theirs is
 * replaced; sockets and peer connections are only watched. Calls are named by their place, 0 is the first.
 */
import { createActor, waitFor } from 'xstate';
import type { DialPermit, InternalPermit } from '#shared/policy/dialPermit.ts';
import { lineMachine, lineState } from '../../renderer/line/lineMachine.ts';
import type { KeptFarewells } from '../../renderer/phone/farewells.ts';
import type { Call, CallEvent, Digit } from '../../renderer/phone/phone.ts';
import { browserParts, createSipPhone, type SipPhone } from '../../renderer/phone/sipPhone.ts';
import { createStationAudio } from '../../renderer/phone/stationAudio.ts';
import { earsOpen, heardTones, soundingOscillators } from './toneEar.ts';

export type StationAccount = {
  proxies: string[];
  domain: string;
  user: string;
  password: string;
  expiresAt?: string;
  iceServers?: { urls: string; username?: string; credential?: string }[];
  relayOnly?: boolean;
  /** What another page of this station left unsaid. */
  farewells?: readonly string[];
};
export type SeenEvent = CallEvent & { at: number };
export type StationMessage = { at: number; by: 'STATION' | 'PROXY'; text: string };
type Watched = { call: Call; seen: SeenEvent[]; dialledAt: number; usedBefore: number };

const messages: StationMessage[] = [];
const connections: RTCPeerConnection[] = [];
/** Those that heard of a far side, in that order: one more is kept ready for the next dial. */
const used: RTCPeerConnection[] = [];
const sockets: WebSocket[] = [];
const calls: Watched[] = [];
const lineStates: { at: number; state: string }[] = [];
/** Where in them the last loss stands that a test was told of. */
let lostBefore = -1;
let phone: SipPhone | undefined;
let unsaid: readonly string[] = [];
let line: ReturnType<typeof createActor<typeof lineMachine>> | undefined;

const note = (by: StationMessage['by'], text: unknown) => {
  if (typeof text === 'string') messages.push({ at: performance.now(), by, text });
};
window.WebSocket = class extends WebSocket {
  constructor(url: string | URL, protocols?: string | string[]) {
    super(url, protocols);
    sockets.push(this);
    this.addEventListener('message', ({ data }) => note('PROXY', data));
  }
  override send(data: string) {
    note('STATION', data);
    super.send(data);
  }
};
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    connections.push(this);
  }
  override async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    if (!used.includes(this)) used.push(this);
    await super.setRemoteDescription(description);
  }
};

const permit = (number: string, extension: string | undefined): DialPermit => ({
  caseId: 'HF-TEST-1',
  contact: 'borrower.mobile',
  number,
  ...(extension === undefined ? {} : { extension }),
  source: 'APPLICATION_FORM',
  check: 'TWO_SOURCES',
  attemptNumber: 1,
  hoursRule: 'test',
  permittedAt: '2026-03-02T09:30:00+08:00',
  demo: true,
});

const internal = (number: string): InternalPermit => ({
  number,
  name: { zh: '同事', en: 'Colleague' },
  permittedAt: '2026-03-02T09:30:00+08:00',
});

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function until<T>(what: string, look: () => T | undefined | false, milliseconds: number): Promise<T> {
  const end = performance.now() + milliseconds;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`${what} was not seen within ${milliseconds} ms`);
    await pause(5);
  }
}

const at = (index: number): Watched => {
  const found = calls[index];
  if (!found) throw new Error(`no call ${index}`);
  return found;
};
const linePresent = () => {
  if (!line) throw new Error('the station has not started');
  return line;
};
/** As soon as what the line says fits, now or at a change: when that was. Rejects after so many milliseconds. */
async function lineIs(fits: (state: string) => boolean, milliseconds: number): Promise<number> {
  await waitFor(linePresent(), ({ value }) => fits(lineState(value)), { timeout: milliseconds });
  return performance.now();
}
/**
 * As soon as a registration was lost since the last one that was asked about, which may have passed already: a line is back within a tenth of a
 * second. When that was.
 */
async function lineLost(milliseconds: number): Promise<number> {
  const next = (after: number, fits: (state: string) => boolean) =>
    lineStates.findIndex(({ state }, index) => index > after && fits(state));
  const look = () => {
    const registered = next(lostBefore, (state) => state === 'REGISTERED');
    const lost = registered < 0 ? -1 : next(registered, (state) => state !== 'REGISTERED');
    return lost < 0 ? undefined : lost;
  };
  lostBefore = await until('the loss of the registration', look, milliseconds);
  return lineStates[lostBefore]?.at ?? Number.NaN;
}
const phonePresent = () => {
  if (!phone) throw new Error('the station has not started');
  return phone;
};

function watch(call: Call): number {
  const entry: Watched = { call, seen: [], dialledAt: performance.now(), usedBefore: used.length };
  calls.push(entry);
  call.subscribe((event) => entry.seen.push({ ...event, at: Math.round(performance.now() - entry.dialledAt) }));
  return calls.length - 1;
}

/** ok, or the code of the Problem it was refused with. */
const outcome = (act: Promise<unknown>): Promise<string> =>
  act.then(
    () => 'ok',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
  );

async function inbound(index: number): Promise<{ packets: number; energy: number }> {
  const found = { packets: 0, energy: 0 };
  // One that lost its microphone has made room for another, and is closed a second later.
  const own = used
    .slice(at(index).usedBefore)
    .find((one) => one.connectionState !== 'closed' && one.getSenders().some(({ track }) => track));
  (await own?.getStats())?.forEach((report) => {
    if (report.type !== 'inbound-rtp') return;
    found.packets = report.packetsReceived ?? 0;
    found.energy = report.totalAudioEnergy ?? 0;
  });
  return found;
}

/** When audio arrived, ms since the epoch; looked at every 20 ms. */
const arrivals: number[] = [];
let arrivalWatch: ReturnType<typeof setInterval> | undefined;

export const station = {
  /** Starts phone and line and signs in; resolves at once. */
  start(options: StationAccount): void {
    const { proxies, domain, user, password, expiresAt, iceServers = [], relayOnly = false, farewells = [] } = options;
    const account = { proxies, domain, user, password, iceServers, relayOnly, expiresAt: expiresAt ?? null };
    const audio = createStationAudio(navigator.mediaDevices);
    audio.unlock(); // as in the gesture of signing in
    const kept: KeptFarewells = {
      read: async () => farewells,
      write: (texts) => {
        unsaid = texts;
      },
      close: async () => undefined,
    };
    const made = createSipPhone(account, browserParts(audio, kept));
    phone = made;
    made.onIncoming((call) => watch(call));
    line = createActor(lineMachine, {
      input: {
        ...{ driver: made.line, proxies, now: () => Date.now(), random: () => Math.random() },
        credentialsEndAt: expiresAt === undefined ? null : Date.parse(expiresAt),
      },
    });
    line.subscribe((snapshot) => {
      const state = lineState(snapshot.value);
      if (lineStates.at(-1)?.state !== state) lineStates.push({ at: performance.now(), state });
    });
    line.start();
    line.send({ type: 'line.signIn' });
  },
  /** What would end this page's calls if it were gone now. */
  unsaid: () => unsaid,
  prepare: () => outcome(phonePresent().prepare()),
  line: (): string => lineState(linePresent().getSnapshot().value),
  /** What the line machine holds, as far as it can leave the page; `problem` in English. */
  lineContext: (): Record<string, unknown> => {
    const { driver: _driver, problem, ...context } = linePresent().getSnapshot().context;
    return { ...JSON.parse(JSON.stringify(context)), problem: problem?.en };
  },
  lineStates: () => lineStates,
  untilLine: (word: string, milliseconds: number) => lineIs((state) => state === word, milliseconds),
  untilLineLost: lineLost,
  /** What the bank's next profile brings (renderer/station/lineAccount.ts). */
  renewPassword(password: string, endAt: number | null) {
    phonePresent().line.setPassword(password);
    linePresent().send({ type: 'line.credentialsRenewed', endAt });
  },
  // as: the test names events of the machine, also those that carry more than a type
  lineEvent: (event: { type: string }) =>
    linePresent().send(event as Parameters<ReturnType<typeof linePresent>['send']>[0]),

  dial: (
    number: string,
    extension?: string,
    headers: Record<string, string> = {},
    attempt: string = crypto.randomUUID(),
  ) => watch(phonePresent().dial(permit(number, extension), attempt, headers)),
  calls: () => calls.length,
  until: (index: number, type: CallEvent['type'], times: number, milliseconds: number): Promise<SeenEvent> =>
    until(`${type} (${times})`, () => at(index).seen.filter((event) => event.type === type)[times - 1], milliseconds),
  seen: (index: number) => at(index).seen,
  facts: (index: number) => at(index).call.facts(),
  direction: (index: number) => at(index).call.direction,
  remoteNumber: (index: number) => at(index).call.remoteNumber,
  answer: (index: number) => outcome(at(index).call.answer()),
  hangUp: (index: number) => at(index).call.hangUp(),
  mute: (index: number, muted: boolean) => at(index).call.setMuted(muted),
  hold: (index: number, held: boolean) => outcome(at(index).call.setHeld(held)),
  digit: (index: number, digit: Digit) => outcome(at(index).call.sendDigit(digit)),
  redialExtension: (index: number) => outcome(at(index).call.redialExtension()),
  /** Blind. */
  transfer: (index: number, number: string) => outcome(at(index).call.transfer(internal(number))),
  consult: (number: string, attempt: string) => watch(phonePresent().consult(internal(number), attempt)),
  /** Attended: the far side of one call onto the other. */
  join: (index: number, consult: number) => outcome(at(index).call.transfer(at(consult).call)),
  measure: (index: number) => at(index).call.measure(),
  /** What the call's newest peer connection received within so many ms. */
  async hears(index: number, milliseconds: number): Promise<{ packets: number; energy: number }> {
    const before = await inbound(index);
    await pause(milliseconds);
    const after = await inbound(index);
    return { packets: after.packets - before.packets, energy: after.energy - before.energy };
  },
  /** Until the call hears anything at all, also before the answer. Resolves to the audio energy; 0 when nothing came in so many ms. */
  async hearsSomething(index: number, milliseconds: number): Promise<number> {
    const end = performance.now() + milliseconds;
    const before = (await inbound(index)).energy;
    let energy = 0;
    while (energy <= 0 && performance.now() < end) {
      await pause(20);
      energy = (await inbound(index)).energy - before;
    }
    return energy;
  },
  watchArrivals(index: number): void {
    clearInterval(arrivalWatch);
    arrivals.length = 0;
    let before = -1;
    arrivalWatch = setInterval(() => {
      void inbound(index).then(({ packets }) => {
        if (packets > before) arrivals.push(Date.now());
        before = packets;
      });
    }, 20);
  },
  /** See twoNetworks.ts. */
  heardAgain: (from: number, within: number) =>
    until(
      'audio again',
      () => {
        const after = arrivals.findIndex((at, n) => at > from && at - (arrivals[n - 1] ?? at) > 300);
        return after >= 0 && (arrivals[after] ?? 0) - from;
      },
      within,
    ),
  networkChanged: () => phonePresent().networkChanged(),
  microphoneLevel: () => phonePresent().microphoneLevel(),
  messages: () => messages,
  openSockets: () => sockets.filter(({ readyState }) => readyState < WebSocket.CLOSING).length,
  /** Without the one that is kept ready for the next dial. */
  openConnections(): number {
    const open = connections.filter(({ connectionState }) => connectionState !== 'closed');
    return open.length - (open.some((connection) => !used.includes(connection)) ? 1 : 0);
  },
  /** See toneEar.ts. */
  earsOpen,
  heardTones,
  soundingOscillators,
  /** Of each peer connection so far, '' before it has one. */
  localDescriptions: () => connections.map(({ localDescription }) => localDescription?.sdp ?? ''),
  /** Whom each of them asks for addresses. */
  iceServers: () => connections.map((connection) => connection.getConfiguration().iceServers ?? []),
  signalingStates: () => connections.map(({ signalingState }) => signalingState),
  async close() {
    line?.send({ type: 'line.signOut' });
    await phone?.close();
    line?.stop();
  },
};

export type StationLab = typeof station;
Object.assign(window, { station, phone: () => phone });
