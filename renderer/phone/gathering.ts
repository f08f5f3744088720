/**
 * Waits for ICE candidates no longer than needed: the dial must not wait for a silent STUN server (features.md, complaint 3), nor for the
 * 100 ms that Chromium takes to call its gathering complete.
 *
 *   first usable candidate ──`settle` ms without a further one──► done     (other interfaces follow within a few ms)
 *                          ──`most` ms──────────────────────────► done
 *   complete                                                    ──► done
 *   nothing usable for `limit` ms                               ──► done with what there is, perhaps nothing
 */
export type Gathering = {
  /** Milliseconds of quiet after the last usable candidate. */
  settle: number;
  /** Milliseconds at most after the first usable candidate. */
  most: number;
  /** Milliseconds at most when nothing usable comes. */
  limit: number;
  /** Only relayed candidates count (the profile demands a relay). */
  relayOnly: boolean;
};

type GatheringConnection = Pick<
  RTCPeerConnection,
  'iceGatheringState' | 'addEventListener' | 'removeEventListener' | 'localDescription'
>;

/** UDP with a real address: mDNS names mean nothing to a PBX, TCP candidates are a fallback nobody there answers. */
export function isUsable(candidate: string, relayOnly: boolean): boolean {
  const [, , transport, , address, , , type] = candidate.split(' ');
  return (
    transport?.toLowerCase() === 'udp' && address?.endsWith('.local') === false && (!relayOnly || type === 'relay')
  );
}

/** Whether a description names a way by which we can be reached. */
export function hasUsable(description: { sdp: string } | null, relayOnly: boolean): boolean {
  const known = description?.sdp.match(/^a=candidate:.*$/gm) ?? [];
  return known.some((line) => isUsable(line.slice(2), relayOnly));
}

/**
 * Resolves when the local description holds enough candidates to be sent: to false when none of them is usable. Never rejects.
 * Call it after `setLocalDescription`; right after an ICE restart the state may still read *complete*, of the gathering before.
 */
export function gathered(
  connection: GatheringConnection,
  { settle, most, limit, relayOnly }: Gathering,
): Promise<boolean> {
  const usable = () => hasUsable(connection.localDescription, relayOnly);
  if (usable()) return Promise.resolve(true);
  return new Promise((resolve) => {
    let settling: ReturnType<typeof setTimeout> | undefined;
    let mostly: ReturnType<typeof setTimeout> | undefined;
    let found = false;
    const done = () => {
      for (const timer of [settling, mostly, atMost]) clearTimeout(timer);
      connection.removeEventListener('icecandidate', onCandidate);
      connection.removeEventListener('icegatheringstatechange', onState);
      resolve(found || usable());
    };
    const onCandidate = (event: RTCPeerConnectionIceEvent) => {
      if (!event.candidate || !isUsable(event.candidate.candidate, relayOnly)) return;
      found = true;
      clearTimeout(settling);
      settling = setTimeout(done, settle);
      mostly ??= setTimeout(done, most);
    };
    const onState = () => {
      if (connection.iceGatheringState === 'complete') done();
    };
    const atMost = setTimeout(() => {
      if (!found) done();
    }, limit);
    connection.addEventListener('icecandidate', onCandidate);
    connection.addEventListener('icegatheringstatechange', onState);
  });
}
