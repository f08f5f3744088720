/** The agent's end of the voice in tests: counts what comes, speaks and sends digits. */
import { MediaStreamTrack, RTCPeerConnection, RTCRtpCodecParameters, RtpHeader, RtpPacket } from 'werift';

/** Looks every 10 ms; the test's own time limit ends a wait that never comes true. */
export const until = (check: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (check()) resolve();
      else setTimeout(look, 10);
    };
    look();
  });

const digitCodec = new RTCRtpCodecParameters({
  mimeType: 'audio/telephone-event',
  clockRate: 8000,
  channels: 1,
  payloadType: 101,
});
const codecs = {
  audio: [
    new RTCRtpCodecParameters({ mimeType: 'audio/PCMU', clockRate: 8000, channels: 1, payloadType: 0 }),
    digitCodec,
  ],
  video: [],
};

export type Voice = ReturnType<typeof createVoice>;

/** An offer is answered with what the exchange speaks; digits go out as RFC 4733 wants them, three ends each. */
export function createVoice() {
  const pc = new RTCPeerConnection({
    iceServers: [],
    iceUseIpv6: false,
    iceUseTcp: false,
    bundlePolicy: 'max-bundle',
    iceAdditionalHostAddresses: ['127.0.0.1'],
    codecs,
  });
  const track = new MediaStreamTrack({ kind: 'audio' });
  let packets = 0;
  let loud = 0;
  let sequence = 1;
  let timestamp = 0;
  pc.onTrack.subscribe((remote) =>
    remote.onReceiveRtp.subscribe(({ payload }) => {
      packets += 1;
      if (payload.some((byte) => (byte & 0x7f) < 0x50)) loud += 1;
    }),
  );
  const transceiver = pc.addTransceiver(track, { direction: 'sendrecv' });
  const send = (payloadType: number, payload: Buffer, at: number, marker = false): Promise<void> => {
    sequence += 1;
    return transceiver.sender.sendRtp(
      new RtpPacket(new RtpHeader({ payloadType, sequenceNumber: sequence, timestamp: at, marker }), payload),
    );
  };
  return {
    received: () => packets,
    loudness: () => loud,
    isClosed: () => pc.connectionState === 'closed',
    /** The handshake is over, well or badly. */
    settled: () => until(() => !['new', 'connecting'].includes(pc.connectionState)),
    offer: async (direction: 'sendrecv' | 'sendonly' = 'sendrecv') => {
      transceiver.setDirection(direction);
      await pc.setLocalDescription(await pc.createOffer());
      return pc.localDescription!.sdp;
    },
    accept: (sdp: string) => pc.setRemoteDescription({ type: 'answer', sdp }),
    answer: async (sdp: string) => {
      await pc.setRemoteDescription({ type: 'offer', sdp });
      await pc.setLocalDescription(await pc.createAnswer());
      return pc.localDescription!.sdp;
    },
    speak: async (count: number) => {
      for (let i = 0; i < count; i++) {
        timestamp += 160;
        await send(0, Buffer.alloc(160, 0x10), timestamp);
      }
    },
    // werift writes the payload type of the sender's one codec into every packet: it is lent another for the digit.
    digit: async (digit: number) => {
      const { codec } = transceiver.sender;
      transceiver.sender.codec = digitCodec;
      timestamp += 800;
      for (const [end, duration] of [
        [0, 160],
        [0, 640],
        [0x80, 960],
        [0x80, 960],
        [0x80, 960],
      ] as const) {
        const payload = Buffer.from([digit, end | 10, duration >> 8, duration & 0xff]);
        await send(101, payload, timestamp, duration === 160);
      }
      if (codec) transceiver.sender.codec = codec;
    },
    close: () => pc.close(),
  };
}
