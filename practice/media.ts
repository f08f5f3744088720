/**
 * One customer's end of the voice, on werift.
 *
 *     speech, tones ──► frame per slot ──► PCMU to the agent
 *     packets from the agent ──► counted; digits read (RFC 4733); echoed where asked
 *
 * Frames wait until the connection stands, so that no first syllable is lost. While held nothing is sent but time goes on:
 * the timestamp moves by the slot, so that the listener's buffer stays small.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  MediaStreamTrack,
  type RTCDtlsTransport,
  RTCPeerConnection,
  RTCRtpCodecParameters,
  type RTCRtpTransceiver,
  RtpHeader,
  RtpPacket,
} from 'werift';
import { type Direction, mirrored, pruneDescription } from './description.ts';
import { decodeSample } from './mulaw.ts';
import type { Pacer } from './pacer.ts';
import { type Audio, FRAME_SAMPLES, SILENT_FRAME } from './tones.ts';

export type MediaState = 'connected' | 'failed' | 'other';
export type MediaHandlers = { digit: (digit: string) => void; state: (state: MediaState) => void };
/** Packets. `voiced`: of those received, the ones in which something is to be heard: a muted agent's are silence. */
export type MediaStatistics = { received: number; voiced: number; sent: number; sendErrors: number };
/** From here on: so much of what is sent is lost (0..1), voice comes up to `jitter` ms later, and everything `delay` ms later. */
export type BadNetwork = { loss: number; jitter: number; delay: number };
export type Media = {
  answer: (offer: string) => Promise<string>;
  offer: (direction?: Direction) => Promise<string>;
  accept: (answer: string) => Promise<void>;
  /** Resolves when the audio was sent once; a loop resolves only when something else is played or the call ends. */
  play: (audio: Audio, loop?: boolean) => Promise<void>;
  /** Sends back what comes in, instead of playing. */
  echo: () => void;
  spoil: (network: BadNetwork) => void;
  isPaused: () => boolean;
  statistics: () => MediaStatistics;
  close: () => Promise<void>;
};

const codecs = {
  audio: [
    new RTCRtpCodecParameters({ mimeType: 'audio/PCMU', clockRate: 8000, channels: 1, payloadType: 0 }),
    new RTCRtpCodecParameters({ mimeType: 'audio/telephone-event', clockRate: 8000, channels: 1, payloadType: 126 }),
  ],
  video: [],
};
const DIGITS = '0123456789*#ABCD';
/** Beyond a hundredth of the loudest sample it is a voice. */
const VOICE = 328;

export function createMedia(pacer: Pacer, on: MediaHandlers): Media {
  // ICE-lite gives no media with Chromium, TCP candidates only cost sockets. Loopback is added for machines without network.
  const connection = new RTCPeerConnection({
    iceServers: [],
    iceUseIpv6: false,
    iceUseIpv4: true,
    iceUseTcp: false,
    bundlePolicy: 'max-bundle',
    iceAdditionalHostAddresses: ['127.0.0.1'],
    codecs,
  });
  const track = new MediaStreamTrack({ kind: 'audio' });
  const counts: MediaStatistics = { received: 0, voiced: 0, sent: 0, sendErrors: 0 };
  let transceiver: RTCRtpTransceiver | undefined;
  let audio: Audio = SILENT_FRAME;
  let position = 0;
  let looping = true;
  let echoing = false;
  let done: (() => void) | undefined;
  let paused = false;
  let digitsPayloadType: number | undefined;
  let lastDigitAt = -1;
  let sequence = Math.floor(Math.random() * 30_000);
  let timestamp = 0;
  let lastSlot = -1;
  let stopPacing: (() => void) | undefined;
  let changing: Promise<unknown> = Promise.resolve();
  let closing = false;
  let bad: BadNetwork = { loss: 0, jitter: 0, delay: 0 };
  const transports = new Set<RTCDtlsTransport>();
  const slowed = new WeakSet<object>();

  connection.connectionStateChange.subscribe((state) =>
    on.state(state === 'connected' || state === 'failed' ? state : 'other'),
  );
  connection.onRemoteTransceiverAdded.subscribe((added) => {
    void added.sender.replaceTrack(track);
    adopt(added);
  });

  function adopt(adopted: RTCRtpTransceiver): void {
    transceiver = adopted;
    adopted.onTrack.subscribe((remote) => remote.onReceiveRtp.subscribe(receive));
  }

  function receive({ header, payload }: RtpPacket): void {
    counts.received += 1;
    if (header.payloadType !== digitsPayloadType) {
      if (payload.some((byte) => Math.abs(decodeSample(byte)) > VOICE)) counts.voiced += 1;
      if (echoing && payload.length > 0) send(payload);
      return;
    }
    // The end of a digit is sent three times with one timestamp.
    const ends = payload.length >= 4 && ((payload[1] ?? 0) & 0x80) !== 0;
    if (!ends || header.timestamp === lastDigitAt) return;
    lastDigitAt = header.timestamp;
    const digit = DIGITS[payload[0] ?? 99];
    if (digit !== undefined) on.digit(digit);
  }

  function send(payload: Uint8Array): void {
    if (paused || connection.connectionState !== 'connected') return;
    sequence = (sequence + 1) & 0xffff;
    const header = new RtpHeader({ payloadType: 0, sequenceNumber: sequence, timestamp, marker: counts.sent === 0 });
    counts.sent += 1;
    if (Math.random() < bad.loss) return;
    const packet = new RtpPacket(header, Buffer.from(payload));
    if (bad.jitter > 0) setTimeout(() => sendNow(packet), Math.random() * bad.jitter);
    else sendNow(packet);
  }

  function sendNow(packet: RtpPacket): void {
    if (closing) return;
    transceiver?.sender.sendRtp(packet).catch(() => {
      counts.sendErrors += 1;
    });
  }

  /** Below the voice, where the reports go out too (RTCP): from when they come the browser knows its round trip. */
  function slowDown(): void {
    for (const { iceTransport } of connection.dtlsTransports) {
      const { connection: path } = iceTransport;
      if (slowed.has(path)) continue;
      slowed.add(path);
      const sendAtOnce = path.send;
      path.send = async (data) => {
        if (bad.delay > 0) await sleep(bad.delay);
        if (!closing) await sendAtOnce(data);
      };
    }
  }

  function nextFrame(): Audio {
    const part = audio.subarray(position, position + FRAME_SAMPLES);
    position += FRAME_SAMPLES;
    if (position >= audio.length) {
      position = 0;
      if (!looping) finish();
    }
    if (part.length === FRAME_SAMPLES) return part;
    const padded = Uint8Array.from(SILENT_FRAME);
    padded.set(part);
    return padded;
  }

  function finish(): void {
    audio = SILENT_FRAME;
    position = 0;
    looping = true;
    const tell = done;
    done = undefined;
    tell?.();
  }

  function pace(slot: number): void {
    const slots = lastSlot < 0 ? 1 : Math.max(1, slot - lastSlot);
    lastSlot = slot;
    timestamp = (timestamp + FRAME_SAMPLES * slots) >>> 0;
    if (paused || echoing || connection.connectionState !== 'connected') return;
    send(nextFrame());
  }

  /** One description at a time, and none after the end: closed in mid-gathering, werift keeps the sockets it opens later. */
  const inTurn = <T>(change: () => Promise<T>): Promise<T> => {
    const turn = changing.then(() => {
      if (closing) throw new Error('the media is closed');
      return change();
    });
    changing = turn
      .catch(() => {})
      .then(() => {
        for (const transport of connection.dtlsTransports) transports.add(transport);
      });
    return turn;
  };
  const local = (): string => connection.localDescription?.sdp ?? '';

  return {
    answer: (offer) =>
      inTurn(async () => {
        const pruned = pruneDescription(offer);
        digitsPayloadType = pruned.digitsPayloadType;
        await connection.setRemoteDescription({ type: 'offer', sdp: pruned.sdp });
        for (const each of connection.getTransceivers()) each.setDirection(mirrored[pruned.direction]);
        // As DTLS client werift needs 50 ms more, and closed in mid-handshake it leaves a ClientHello timer for 33 s.
        for (const each of connection.dtlsTransports) if (each.role === 'auto') each.role = 'server';
        paused = pruned.direction === 'sendonly' || pruned.direction === 'inactive';
        await connection.setLocalDescription(await connection.createAnswer());
        return local();
      }),
    offer: (direction = 'sendrecv') =>
      inTurn(async () => {
        if (transceiver) transceiver.setDirection(direction);
        else adopt(connection.addTransceiver(track, { direction }));
        await connection.setLocalDescription(await connection.createOffer());
        paused = direction === 'inactive' || direction === 'recvonly';
        return local();
      }),
    accept: (answer) =>
      inTurn(async () => {
        const pruned = pruneDescription(answer);
        digitsPayloadType = pruned.digitsPayloadType;
        await connection.setRemoteDescription({ type: 'answer', sdp: pruned.sdp });
      }),
    play: (next, loop = false) => {
      done?.();
      audio = next;
      position = 0;
      looping = loop;
      stopPacing ??= pacer.add(pace);
      return new Promise((resolve) => {
        done = resolve;
      });
    },
    echo: () => {
      echoing = true;
      stopPacing ??= pacer.add(pace);
    },
    spoil: (network) => {
      bad = network;
      slowDown();
    },
    isPaused: () => paused,
    statistics: () => ({ ...counts }),
    close: async () => {
      stopPacing?.();
      done?.();
      track.stop();
      closing = true;
      await changing;
      await connection.close().catch(() => {}); // werift may have half closed it already; nothing is left to do then
      // A description that fails half-way can leave a transport that the connection does not know any more.
      await Promise.allSettled([...transports].map(({ iceTransport }) => iceTransport.connection.close()));
    },
  };
}
