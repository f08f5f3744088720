/**
 * Watches the audio of a conversation and brings it back in the same call.
 *
 *   flowing ── 0.8 s without a packet ─► does the proxy answer? ── yes ─► flowing: silence is allowed (asked again at 2.4, 5.6, 12 s)
 *      │                                     └── no: the network is dead, the socket is given up; the line machine reconnects ─► lost
 *      ├── ICE disconnected or failed; not connected 5 s after the answer ────────────────────────────────────────────────► lost
 *      └── 20 s without a packet ─► told, and the far side is asked (OPTIONS) ── 481, 408 ─► ended: a ghost
 *          on hold, where nothing is heard: asked every minute ── 481, or 408 twice in a row ─► ended likewise
 *
 *   lost ── line registered (again) ─► re-INVITE with ICE restart ── packets ─► flowing, told
 *      │                                 ├── refused, unanswered ─► once more after 3 s
 *      │                                 └── agreed, nothing heard for 3 s ─► with another connection, every 5 s
 *      └── 30 s ─► ended
 *
 *   another branch was let go, and within 10 s 0.8 s without a packet ─► re-INVITE, once: a media relay may have let go of ours with it (rtpengine
 *                               does). With another connection where ours is up: the relay has one key for all, so that an ICE restart alone would
 *                               leave the browser with an encryption the relay has forgotten, connected, and deaf and dumb
 *
 *   line lost, audio flowing ─► nothing, however long: two people are talking; registered again ─► re-INVITE without restart: only then
 *                               do the far side's requests (its BYE) find our new socket
 *
 * An address that goes away tells a page nothing; the silence of the call does. Nothing here owns the line: it may only be given up.
 */
import type { CallEnded } from '#shared/call/callResult.ts';
import type { Text } from '#shared/text.ts';
import type { MediaState } from './media.ts';
import { phoneProblem } from './phoneProblems.ts';

/** All ms. */
export const recoveryLimits = {
  look: 400,
  /** Without a packet for so long the line is asked; then again after twice as long, and so on. */
  suspicion: 800,
  /** Not connected so long after the answer: tried anew. */
  connect: 5_000,
  /** How long a restart may take to be heard before the next. */
  restart: 3_000,
  /** Likewise another connection, which begins an encryption too. */
  renew: 5_000,
  /** So long after another branch was let go silence is not taken for the far side's. */
  doubt: 10_000,
  /** Silence told to the agent, and asked about: a far side may suppress silence for long. */
  silence: 20_000,
  /** On hold a call whose BYE was lost would stay up unnoticed. */
  hold: 60_000,
  /** Audio is not waited for longer. */
  most: 30_000,
} as const;

/** What a re-INVITE offers: what there is, new ways for it (ICE restart), or another connection with a key of its own. */
export type Reoffer = 'same' | 'restart' | 'renew';

export type RecoveryParts = {
  now: () => number;
  /** Packets heard since the media began; undefined: not known. */
  packets: () => Promise<number | undefined>;
  /** Nobody holds: there should be audio. */
  wanted: () => boolean;
  isLineUp: () => boolean;
  /** Asks the proxy at once, and gives the socket up when it does not answer. Never rejects. */
  checkLine: () => Promise<void>;
  /** One re-INVITE; resolves to undefined when agreed, else to the status (0: none). */
  reinvite: (how: Reoffer) => Promise<number | undefined>;
  /** No answer will come to a re-INVITE that was asked on the lost socket. */
  abandonReinvite: () => Promise<void>;
  /** In-dialog OPTIONS: the status, undefined when nothing is known. */
  askFarSide: () => Promise<number | undefined>;
  tell: (event: { type: 'call.mediaLost' | 'call.mediaConnected' }) => void;
  end: (ended: CallEnded, sentence: Text) => void;
};

export type MediaRecovery = {
  /** What ICE and DTLS say. */
  state(state: MediaState): void;
  lineLost(): void;
  /** Registered again, on a new socket. */
  lineRegained(): void;
  /** The machine's network is another one. */
  networkChanged(): void;
  /** Another branch, which answered too, was let go. */
  branchLetGo(): void;
  /** Another connection took the place of the one there was: `state` is of that one from now on. */
  renewed(): void;
  stop(): void;
};

/** Begins with the answer. `connected`: ICE and DTLS are up already. */
export function watchMedia(parts: RecoveryParts, connected: boolean): MediaRecovery {
  const { now } = parts;
  let ice: MediaState | 'new' = connected ? 'connected' : 'new';
  let packets = 0;
  let heardAt = now();
  let everHeard = false;
  /** Audio is known to be interrupted since; undefined: it is not. */
  let lostAt: number | undefined;
  let lineLost = false;
  let doubtUntil = 0;
  let told = false;
  let suspectAfter: number = recoveryLimits.suspicion;
  let ghostAskedAt = now();
  /** How often in a row nobody was reached on hold. */
  let unreached = 0;
  let looking = false;
  let stopped = false;
  let recovering = false;
  let wake: (() => void) | undefined;

  const tell = (lost: boolean) => {
    if (told === lost) return;
    told = lost;
    parts.tell({ type: lost ? 'call.mediaLost' : 'call.mediaConnected' });
  };

  const ghost = (sipStatus: number) =>
    parts.end({ reason: 'FAILED', by: 'NETWORK', sipStatus }, phoneProblem('CALL_GHOST').sentence);

  /** Until packets come, the line goes, or the time is over. */
  const settled = (most: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, most);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const reinvite = async (how: Reoffer) => {
    const status = await parts.reinvite(how);
    if (status === 481 && !stopped) ghost(status);
    return status;
  };

  const recover = async () => {
    if (recovering) return;
    recovering = true;
    let how: 'restart' | 'renew' = 'restart';
    try {
      while (!stopped && lostAt !== undefined && parts.isLineUp()) {
        // A dead socket would swallow the re-INVITE for 32 s.
        await parts.checkLine();
        if (stopped || lostAt === undefined || !parts.isLineUp()) break;
        await parts.abandonReinvite();
        const status = await reinvite(how);
        if (stopped) break;
        if (lostAt !== undefined && parts.isLineUp()) await settled(recoveryLimits[how]);
        // Who refuses new ways would refuse a new connection too; nobody's answer says nothing of either.
        if (status === undefined) how = 'renew';
      }
    } finally {
      recovering = false;
    }
  };

  const lose = () => {
    if (stopped) return;
    lostAt ??= now();
    tell(true);
    void recover();
  };

  const find = () => {
    lostAt = undefined;
    suspectAfter = recoveryLimits.suspicion;
    tell(false);
    wake?.();
  };

  const suspect = async () => {
    suspectAfter = suspectAfter * 2 + recoveryLimits.suspicion;
    await parts.checkLine();
    if (!stopped && !parts.isLineUp() && now() - heardAt >= recoveryLimits.suspicion) lose();
  };

  /**
   * Nobody there knows the call: 481, or 408 (RFC 3261 12.2.1.2) where nothing is heard either. On hold silence proves nothing, and who is only out
   * of reach for a moment is asked once more.
   */
  const askWhetherThere = async () => {
    ghostAskedAt = now();
    if (parts.wanted()) tell(true);
    const status = await parts.askFarSide();
    if (stopped) return;
    const silent = now() - heardAt >= recoveryLimits.silence;
    const onHold = !parts.wanted();
    if (onHold && status !== undefined) unreached = status === 408 ? unreached + 1 : 0;
    if ((status === 481 && (silent || onHold)) || (status === 408 && (silent || unreached > 1))) ghost(status);
  };

  const judge = (received: number) => {
    const time = now();
    // Fewer than before: another connection, or a browser that counts anew.
    const heard = received < packets ? received > 0 : received > packets;
    packets = received;
    if (heard || !parts.wanted()) heardAt = time;
    if (heard) ghostAskedAt = time;
    if (heard || parts.wanted()) unreached = 0;
    everHeard ||= heard;
    const carried = ice === 'connected' || (ice === 'new' && heard);
    if (carried && (heard || !parts.wanted())) find();
    const silence = time - heardAt;
    const askEvery = parts.wanted() ? recoveryLimits.silence : recoveryLimits.hold;
    if (lostAt !== undefined && time - lostAt > recoveryLimits.most) {
      if (lineLost) parts.end({ reason: 'LINE_LOST', by: 'NETWORK' }, phoneProblem('CALL_CUT').sentence);
      else parts.end({ reason: 'MEDIA_FAILED', by: 'NETWORK' }, phoneProblem('MEDIA_GONE').sentence);
    } else if (lostAt === undefined && time < doubtUntil && parts.isLineUp() && silence >= recoveryLimits.suspicion) {
      doubtUntil = 0;
      void reinvite(ice === 'connected' ? 'renew' : 'restart');
    } else if (lostAt === undefined && ice === 'new' && silence > recoveryLimits.connect) lose();
    else if (lostAt === undefined && everHeard && silence >= suspectAfter) void suspect();
    else if (
      parts.isLineUp() &&
      (silence > recoveryLimits.silence || !parts.wanted()) &&
      time - ghostAskedAt > askEvery
    )
      void askWhetherThere();
  };

  const look = async () => {
    if (looking) return;
    looking = true;
    try {
      const received = await parts.packets().catch(() => undefined);
      if (!stopped) judge(received ?? packets);
    } finally {
      looking = false;
    }
  };
  const watch = setInterval(() => void look(), recoveryLimits.look);

  return {
    state(state) {
      ice = state;
      if (state !== 'connected') lose();
      else if (lostAt === undefined) tell(false);
    },
    lineLost() {
      lineLost = true;
      wake?.();
      void parts.abandonReinvite();
    },
    lineRegained() {
      if (!lineLost) return;
      lineLost = false;
      if (lostAt !== undefined) void recover();
      else void reinvite('same');
    },
    networkChanged() {
      void parts.checkLine();
    },
    branchLetGo() {
      doubtUntil = now() + recoveryLimits.doubt;
    },
    renewed() {
      ice = 'new';
      if (lostAt === undefined) heardAt = now();
    },
    stop() {
      stopped = true;
      clearInterval(watch);
      wake?.();
    },
  };
}
