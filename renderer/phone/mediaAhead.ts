/**
 * A peer connection that is ready before anybody dials: certificate, offer and candidates are there, so that an INVITE leaves within a few ms
 * of the key. It belongs to the next outgoing call, and to the network it was made on:
 *
 *   keep ─► making ─► ready ──take──► a call's; the next is made 2 s later, when that call's set-up is over
 *             ▲         │
 *             └─────────┴── drop (the network changed, the line has a new socket), a new interface appeared, 4 minutes old
 *
 * It also notices an interface that comes up (Chromium gathers on it by itself, some 2 s later; no event of the page tells). It does
 * not notice one that goes away: for that there is the silence of the call (mediaRecovery.ts), and the socket that is lost with it.
 */
import { type Gathering, gathered, isUsable } from './gathering.ts';
import { retire } from './retire.ts';

/** Relays end allocations, addresses are taken away: nothing gathered is trusted for longer, ms. */
const oldest = 240_000;
/** A call's set-up has the processor to itself for so long, ms. */
const nextAfter = 2_000;
/** A host candidate this late was not slow, its interface is new, ms. */
const lateCandidate = 1_500;

export type Ahead = { connection: RTCPeerConnection; sender: RTCRtpSender };

export type MediaAhead = {
  /** From now on one is kept ready. */
  keep(): void;
  /** The one that is ready; it is the caller's from then on. undefined: there is none (yet), make one yourself. */
  take(): Ahead | undefined;
  /** What was gathered is not true any more. */
  drop(): void;
  close(): void;
};

/** `onNewInterface`: the machine has a further network since the last look. */
export function createMediaAhead(options: {
  configuration: RTCConfiguration;
  gathering: Gathering;
  newPeerConnection: (configuration: RTCConfiguration) => RTCPeerConnection;
  onNewInterface: () => void;
  now: () => number;
}): MediaAhead {
  type Making = Ahead & { ready: boolean; forget: () => void };
  let keeping = false;
  let current: Making | undefined;
  let next: ReturnType<typeof setTimeout> | undefined;

  const make = () => {
    clearTimeout(next);
    if (!keeping || current) return;
    const connection = options.newPeerConnection(options.configuration);
    const { sender } = connection.addTransceiver('audio', { direction: 'sendrecv' });
    const began = options.now();
    const onCandidate = ({ candidate }: RTCPeerConnectionIceEvent) => {
      if (candidate?.type !== 'host' || !isUsable(candidate.candidate, false)) return;
      if (options.now() - began < lateCandidate) return;
      drop();
      options.onNewInterface();
    };
    const made: Making = {
      connection,
      sender,
      ready: false,
      forget: () => connection.removeEventListener('icecandidate', onCandidate),
    };
    current = made;
    connection.addEventListener('icecandidate', onCandidate);
    const prepare = async () => {
      await connection.setLocalDescription(await connection.createOffer());
      made.ready = await gathered(connection, options.gathering);
    };
    // Not to be had now (no network, say): the dial tries itself, and says so in words.
    prepare().catch(() => undefined);
    next = setTimeout(drop, oldest);
  };

  const discard = () => {
    clearTimeout(next);
    if (!current) return;
    current.forget();
    retire(current.connection);
    current = undefined;
  };

  const drop = () => {
    discard();
    make();
  };

  return {
    keep() {
      keeping = true;
      make();
    },
    take() {
      if (!current?.ready) return undefined;
      const { connection, sender, forget } = current;
      forget();
      current = undefined;
      clearTimeout(next);
      next = setTimeout(make, nextAfter);
      return { connection, sender };
    },
    drop,
    close() {
      keeping = false;
      discard();
    },
  };
}
