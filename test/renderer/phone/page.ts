/**
 * The page of the integration tests: the real phone and the real machines in a real browser, with a window on them. Only the wire and the peer
 * connections are watched on their way through, so that a test can cut, deafen and listen.
 */
import { createActor, type Subscription } from 'xstate';
import type { DialPermit } from '#shared/policy/dialPermit.ts';
import { callMachine } from '../../../renderer/call/callMachine.ts';
import { callView } from '../../../renderer/call/callView.ts';
import { lineMachine, lineState } from '../../../renderer/line/lineMachine.ts';
import type { Call, CallEvent, Digit } from '../../../renderer/phone/phone.ts';
import { browserParts, createSipPhone, type SipPhone } from '../../../renderer/phone/sipPhone.ts';
import { openWebSocket, type Wire } from '../../../renderer/phone/sipSocket.ts';
import { createStationAudio } from '../../../renderer/phone/stationAudio.ts';

type Seen = CallEvent & { at: number };
type Watched = { call: Call; seen: Seen[]; connection: RTCPeerConnection | undefined; dialledAt: number };

const connections: RTCPeerConnection[] = [];
const watched: Watched[] = [];
const invites: number[] = [];
const sent: string[] = [];
let wire: Wire | undefined;
let deaf = false;
let phone: SipPhone | undefined;
let line: ReturnType<typeof createActor<typeof lineMachine>> | undefined;
let machine: ReturnType<typeof createActor<typeof callMachine>> | undefined;
let watching: Subscription | undefined;
const lineStates: string[] = [];

const permit = (number: string, extension?: string): DialPermit => ({
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

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function until<T>(look: () => T | undefined | false, milliseconds = 10_000): Promise<T> {
  const end = performance.now() + milliseconds;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`not seen in ${milliseconds} ms: ${look}`);
    await pause(5);
  }
}

const openWire = (url: string): Wire => {
  const real = openWebSocket(url);
  const watchedWire: Wire = {
    get readyState() {
      return real.readyState;
    },
    send(text) {
      if (text.startsWith('INVITE')) invites.push(performance.now());
      sent.push(text);
      if (!deaf) real.send(text);
    },
    close: () => real.close(),
    onopen: null,
    onclose: null,
    onerror: null,
    onmessage: null,
  };
  real.onopen = () => watchedWire.onopen?.();
  real.onclose = () => watchedWire.onclose?.();
  real.onerror = () => watchedWire.onerror?.();
  real.onmessage = (event) => {
    if (!deaf) watchedWire.onmessage?.(event);
  };
  wire = watchedWire;
  return watchedWire;
};

function watch(call: Call): number {
  const entry: Watched = { call, seen: [], connection: undefined, dialledAt: performance.now() };
  watched.push(entry);
  call.subscribe((event) => entry.seen.push({ ...event, at: Math.round(performance.now() - entry.dialledAt) }));
  return watched.length - 1;
}

const entry = (index: number): Watched => {
  const found = watched[index];
  if (!found) throw new Error(`no call ${index}`);
  return found;
};

/** The newest peer connection that a far side spoke to. */
const talking = () => connections.findLast((connection) => connection.remoteDescription)!;

export const lab = {
  /** Starts phone and line; resolves to the line's word once it settled. */
  async start(options: {
    url: string;
    user: string;
    password: string;
    domain: string;
    iceServers?: { urls: string }[];
  }) {
    const account = {
      proxies: [options.url],
      domain: options.domain,
      user: options.user,
      password: options.password,
      expiresAt: null,
      iceServers: options.iceServers ?? [],
    };
    phone = createSipPhone(account, {
      ...browserParts(createStationAudio(navigator.mediaDevices)),
      openWire,
      newPeerConnection: (configuration) => {
        const connection = new RTCPeerConnection(configuration);
        connections.push(connection);
        return connection;
      },
    });
    phone.onIncoming((call) => watch(call));
    line = createActor(lineMachine, {
      input: { driver: phone.line, proxies: account.proxies, now: () => Date.now(), random: () => Math.random() },
    });
    watching = line.subscribe((snapshot) => lineStates.push(lineState(snapshot.value)));
    line.start();
    line.send({ type: 'line.signIn' });
    return until(() => {
      const word = lab.line();
      return word === 'REGISTERED' || word === 'REFUSED' || word === 'FAULT' ? word : undefined;
    });
  },
  prepare: () =>
    phone!.prepare().then(
      () => 'ok',
      (error: { code: string }) => error.code,
    ),
  line: () => lineState(line!.getSnapshot().value),
  lineProblem: () => line!.getSnapshot().context.problem?.en,
  lineStates,
  untilLine: (word: string, milliseconds?: number) => until(() => lab.line() === word, milliseconds),
  dial(number: string, extension?: string, headers: Record<string, string> = {}) {
    return watch(phone!.dial(permit(number, extension), crypto.randomUUID(), headers));
  },
  until: (index: number, type: CallEvent['type'], milliseconds?: number) =>
    until(() => entry(index).seen.find((event) => event.type === type), milliseconds),
  untilCount: (index: number, type: CallEvent['type'], count: number, milliseconds?: number) =>
    until(() => entry(index).seen.filter((event) => event.type === type).length >= count, milliseconds),
  async ended(index: number, milliseconds = 15_000) {
    const last = await until(() => entry(index).seen.find((event) => event.type === 'call.ended'), milliseconds);
    return {
      ...last,
      facts: entry(index).call.facts(),
      count: entry(index).seen.filter((e) => e.type === 'call.ended').length,
    };
  },
  seen: (index: number) => entry(index).seen.map((event) => event.type),
  notes: (index: number) => entry(index).seen.filter((event) => event.type === 'call.note'),
  facts: (index: number) => entry(index).call.facts(),
  calls: () => watched.length,
  remoteNumber: (index: number) => entry(index).call.remoteNumber,
  answer: (index: number) => entry(index).call.answer(),
  hangUp: (index: number) => entry(index).call.hangUp(),
  mute: (index: number, muted: boolean) => entry(index).call.setMuted(muted),
  hold: (index: number, held: boolean) =>
    entry(index)
      .call.setHeld(held)
      .then(
        () => 'ok',
        (error: { code: string }) => error.code,
      ),
  digit: (index: number, digit: Digit) => entry(index).call.sendDigit(digit),
  note: (index: number, contentType: string, body: string) => entry(index).call.sendNote(contentType, body),
  measure: (index: number) => entry(index).call.measure(),
  microphoneLevel: () => phone!.microphoneLevel(),
  invites: () => invites.length,
  sent: () => sent,
  forgetSent() {
    sent.length = 0;
  },
  /** Audio energy that arrives within so many ms, over the newest peer connection. */
  async energy(milliseconds: number) {
    const read = async () => {
      let energy = 0;
      (await talking().getStats()).forEach((report) => {
        if (report.type === 'inbound-rtp') energy = report.totalAudioEnergy ?? 0;
      });
      return energy;
    };
    const before = await read();
    await pause(milliseconds);
    return (await read()) - before;
  },
  async packets(milliseconds: number) {
    const read = async () => {
      let packets = 0;
      (await talking().getStats()).forEach((report) => {
        if (report.type === 'inbound-rtp') packets = report.packetsReceived;
      });
      return packets;
    };
    const before = await read();
    await pause(milliseconds);
    return (await read()) - before;
  },
  /** Without the one that is kept ready for the next dial. */
  liveConnections: () =>
    connections.filter((connection) => connection.connectionState !== 'closed' && connection.remoteDescription).length,
  /** The socket dies, as when the network goes: the phone hears of it. */
  cut() {
    const dying = wire!;
    const told = dying.onclose;
    dying.close();
    dying.onclose = null;
    told?.();
  },
  /** The socket goes half-open: nothing comes or goes and nobody says so. */
  deafen(on: boolean) {
    deaf = on;
  },
  lineEvent: (type: 'line.woke' | 'line.signOut' | 'line.tryNow' | 'line.networkChanged') => line!.send({ type }),
  /** A call by the machine, as the workstation makes it; resolves to its output and the phases it went through. */
  async machineCall(number: string, hangUpAt?: 'RINGING' | 'TALKING') {
    const phases: string[] = [];
    machine = createActor(callMachine, {
      input: {
        direction: 'out',
        open: () => phone!.dial(permit(number), crypto.randomUUID()),
        ringSeconds: 40,
        now: () => Date.now(),
      },
    });
    machine.subscribe((snapshot) => {
      const view = callView(snapshot);
      if (phases.at(-1) !== view.phase) phases.push(view.phase);
      if (view.phase === hangUpAt) machine?.send({ type: 'call.hangUp' });
    });
    machine.start();
    await until(() => machine!.getSnapshot().status === 'done', 20_000);
    return { phases, output: machine.getSnapshot().output };
  },
  async close() {
    watching?.unsubscribe();
    await phone?.close();
  },
};

export type Lab = typeof lab;
(window as unknown as { lab: Lab }).lab = lab; // as: the window on it all, for the test process
