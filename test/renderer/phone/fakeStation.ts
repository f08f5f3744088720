/**
 * The real sip.js and all of our phone in Node: only the wire, the microphone and the peer connection are fakes. The far side is a function
 * from a request's text to answers, so that it can be as rude as a test wants.
 */
import { vi } from 'vitest';
import type { DialPermit } from '#shared/policy/dialPermit.ts';
import { type KeptFarewells, noFarewells } from '../../../renderer/phone/farewells.ts';
import type { Call, CallEvent } from '../../../renderer/phone/phone.ts';
import { createSipPhone } from '../../../renderer/phone/sipPhone.ts';
import type { Wire } from '../../../renderer/phone/sipSocket.ts';

export const goodAnswer =
  'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 0.0.0.0\r\na=sendrecv\r\n';

export type Request = { method: string; text: string; header: (name: string) => string; body: string };
export type Reply = { status?: number | string; headers?: readonly string[]; body?: string; tag?: string };
export type FarSide = (request: Request, reply: (answer: Reply) => void) => void;

function read(text: string): Request {
  const [head = '', body = ''] = text.split('\r\n\r\n');
  const header = (name: string) => new RegExp(`^${name}: *(.*)$`, 'im').exec(head)?.[1] ?? '';
  return { method: head.split(' ')[0] ?? '', text, header, body };
}

/** The answer as it stands on the wire, for whoever says it on another one. */
export function answerTo(
  request: Request,
  { status = '200 OK', headers = [], body = '', tag = 'far1' }: Reply,
): string {
  const to = request.header('To');
  return [
    `SIP/2.0 ${status}`,
    `Via: ${request.header('Via')}`,
    `From: ${request.header('From')}`,
    `To: ${to.includes('tag=') ? to : `${to};tag=${tag}`}`,
    `Call-ID: ${request.header('Call-ID')}`,
    `CSeq: ${request.header('CSeq')}`,
    ...(request.method === 'REGISTER' ? [] : ['Contact: <sip:far@far.invalid;transport=ws>']),
    ...headers,
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}

export class FakeTrack {
  enabled = true;
  readyState = 'live';
  stop = () => {
    this.readyState = 'ended';
  };
}

/** As much of a peer connection as the phone uses; a description that is none makes it throw, as the real one does. */
export class FakePeerConnection extends EventTarget {
  static made = 0;
  /** Its own, as each browser's connection's is; the first version is 2. */
  session = ++FakePeerConnection.made;
  signalingState = 'stable';
  iceGatheringState = 'complete';
  connectionState = 'new';
  localDescription: { sdp: string } | null = null;
  currentRemoteDescription: { sdp: string } | null = null;
  transceiver = { direction: 'sendrecv' };
  packets = 0;
  restarts = 0;
  /** Descriptions of the far side, in order. */
  applied: { type: string; sdp: string }[] = [];
  restartIce = () => {
    this.restarts += 1;
  };
  dtmf = {
    canInsertDTMF: true,
    toneBuffer: '',
    inserted: [] as string[],
    insertDTMF: (d: string) => void this.dtmf.inserted.push(d),
  };
  /** What speaks now; the first is not in it. */
  replacedTracks: unknown[] = [];
  addTrack = () => ({
    dtmf: this.dtmf,
    replaceTrack: async (track: unknown) => void this.replacedTracks.push(track),
  });
  addTransceiver = () => ({ sender: this.addTrack() });
  getTransceivers = () => [this.transceiver];
  describe = () => ({
    sdp: `${goodAnswer.replace('o=- 1 1 ', `o=- ${this.session} 2 `)}a=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\na=${this.transceiver.direction}\r\n`,
  });
  createOffer = async () => ({ type: 'offer', ...this.describe() });
  createAnswer = async () => ({ type: 'answer', ...this.describe() });
  async setLocalDescription(description: { type: string; sdp: string }) {
    if (description.type === 'rollback') this.signalingState = 'stable';
    else {
      this.localDescription = description;
      this.signalingState = description.type === 'offer' ? 'have-local-offer' : 'stable';
    }
  }
  async setRemoteDescription(description: { type: string; sdp: string }) {
    if (description.type === 'rollback') {
      this.signalingState = 'stable';
      return;
    }
    if (!description.sdp.includes('m=')) throw new Error('cannot be parsed');
    this.applied.push(description);
    this.currentRemoteDescription = description;
    this.signalingState =
      { offer: 'have-remote-offer', pranswer: 'have-remote-pranswer' }[description.type] ?? 'stable';
  }
  getStats = async () =>
    new Map([
      ['in', { type: 'inbound-rtp', kind: 'audio', packetsReceived: this.packets, packetsLost: 0, jitter: 0.001 }],
    ]);
  close() {
    this.connectionState = 'closed';
    this.signalingState = 'closed';
  }
  become(state: string) {
    this.connectionState = state;
    this.dispatchEvent(new Event('connectionstatechange'));
  }
}

/** A registrar that wants no password and answers everything but calls; `onCall` gets the rest. */
export const kind =
  (onCall: FarSide = () => undefined): FarSide =>
  (request, reply) => {
    if (request.method === 'REGISTER') reply({ headers: [`Expires: ${request.header('Expires')}`] });
    else if (['OPTIONS', 'BYE', 'CANCEL', 'INFO'].includes(request.method)) {
      onCall(request, reply);
      reply({});
    } else onCall(request, reply);
  };

export type MicrophoneFake = () => Promise<MediaStreamTrack>;

export function fakeStation(farSide: FarSide, microphone?: MicrophoneFake, farewells: KeptFarewells = noFarewells) {
  vi.stubGlobal('MediaStream', class {});
  const wires: (Wire & { arrive: (text: string) => void; die: () => void })[] = [];
  const said: Request[] = [];
  const connections: FakePeerConnection[] = [];
  const configurations: RTCConfiguration[] = [];
  const tracks: FakeTrack[] = [];
  const tones: string[] = [];
  const replaced = new Set<() => void>();
  const state = { reachable: true, silent: false, clock: 0 };

  const openWire = (): Wire => {
    const wire = {
      readyState: 0,
      onopen: null as Wire['onopen'],
      onclose: null as Wire['onclose'],
      onerror: null as Wire['onerror'],
      onmessage: null as Wire['onmessage'],
      send(text: string) {
        const request = read(text);
        said.push(request);
        if (state.silent) return;
        farSide(request, (answer) => queueMicrotask(() => wire.arrive(answerTo(request, answer))));
      },
      close() {
        wire.readyState = 3;
      },
      arrive: (text: string) => wire.onmessage?.({ data: text }),
      die() {
        wire.readyState = 3;
        wire.onclose?.();
      },
    };
    wires.push(wire);
    queueMicrotask(() => {
      if (!state.reachable) return wire.die();
      wire.readyState = 1;
      wire.onopen?.();
    });
    return wire;
  };

  const phone = createSipPhone(
    {
      proxies: ['ws://proxy.example'],
      domain: 'bank.example',
      user: '1001',
      password: 'secret',
      expiresAt: null,
      iceServers: [],
    },
    {
      openWire,
      microphone: {
        open: () => Promise.resolve(),
        track:
          microphone ??
          (async () => {
            const track = new FakeTrack();
            tracks.push(track);
            return track as unknown as MediaStreamTrack; // as: the members used are there
          }),
        level: () => 0,
        onReplaced(listener) {
          replaced.add(listener);
          return () => replaced.delete(listener);
        },
        release: () => undefined,
      },
      speaker: { play: () => () => undefined },
      tones: { play: (tone) => tones.push(tone), stop: () => tones.push('none'), close: () => undefined },
      newPeerConnection: (configuration) => {
        configurations.push(configuration);
        const connection = new FakePeerConnection();
        connections.push(connection);
        return connection as unknown as RTCPeerConnection; // as: the members used are there
      },
      farewells,
      now: () => state.clock,
    },
  );

  const permit: DialPermit = {
    caseId: 'HF-1',
    contact: 'c1',
    number: '15400000001',
    source: 'APPLICATION_FORM',
    check: 'TWO_SOURCES',
    attemptNumber: 1,
    hoursRule: 'test',
    permittedAt: '2026-03-02T09:30:00+08:00',
    demo: true,
  };

  return {
    phone,
    wires,
    said,
    state,
    tones,
    connections,
    /** What each of them was made with. */
    configurations,
    tracks,
    /** Another headset was plugged in. */
    replaceMicrophone() {
      for (const listener of [...replaced]) listener();
    },
    wire: () => wires.at(-1)!,
    spoken: (method: string) => said.filter((request) => request.method === method),
    connect: () => phone.line.connect('ws://proxy.example', 1_000),
    dial(changes: Partial<DialPermit> = {}, headers?: Record<string, string>, durable?: Promise<unknown>) {
      const call = phone.dial({ ...permit, ...changes }, '00000000-0000-4000-8000-000000000001', headers, durable);
      return watched(call);
    },
  };
}

/** A call and what it tells. */
export function watched(call: Call) {
  const seen: CallEvent[] = [];
  call.subscribe((event) => seen.push(event));
  return {
    call,
    seen,
    types: () => seen.map((event) => event.type),
    ended: () => seen.filter((event) => event.type === 'call.ended'),
  };
}
