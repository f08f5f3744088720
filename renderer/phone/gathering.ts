/**
 * Waits for ICE candidates no longer than needed: the dial must not wait for a silent STUN server (features.md, complaint 3), nor for the
 * 100 ms that Chromium takes to call its gathering complete.
 *
 *   first usable candidate ──settle──► done      (other interfaces follow within a few ms)
 *   complete                         ──► done
 *   nothing usable for `limit`       ──► done with what there is
 */
export type Gathering = {
  /** Milliseconds after the first usable candidate. */
  settle: number;
  /** Milliseconds at most. */
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

/** Resolves when the local description holds enough candidates to be sent. Never rejects. */
export function gathered(connection: GatheringConnection, { settle, limit, relayOnly }: Gathering): Promise<void> {
  const known = connection.localDescription?.sdp.match(/^a=candidate:.*$/gm) ?? [];
  if (connection.iceGatheringState === 'complete' || known.some((line) => isUsable(line.slice(2), relayOnly)))
    return Promise.resolve();
  return new Promise((resolve) => {
    let settling: ReturnType<typeof setTimeout> | undefined;
    const done = () => {
      clearTimeout(settling);
      clearTimeout(atMost);
      connection.removeEventListener('icecandidate', onCandidate);
      connection.removeEventListener('icegatheringstatechange', onState);
      resolve();
    };
    const onCandidate = (event: RTCPeerConnectionIceEvent) => {
      if (settling === undefined && event.candidate && isUsable(event.candidate.candidate, relayOnly))
        settling = setTimeout(done, settle);
    };
    const onState = () => {
      if (connection.iceGatheringState === 'complete') done();
    };
    const atMost = setTimeout(done, limit);
    connection.addEventListener('icecandidate', onCandidate);
    connection.addEventListener('icegatheringstatechange', onState);
  });
}
