/** The line of an SDP that names its session: `o=- 4611731400430051336 2 IN IP4 127.0.0.1`, whose numbers are the session's and the version's. */
const origin = /^o=\S+ (\d+) (\d+) /m;

/**
 * The SDP of another peer connection as a further version of the session `before` was of: within a dialog the session stays the same and its
 * version rises by one (RFC 3264 8), or the far side may take what is new for nothing new.
 */
export function continueSession(sdp: string, before: string): string {
  const [, session, version] = origin.exec(before) ?? [];
  if (session === undefined) return sdp;
  return sdp.replace(origin, (line, own: string, ownVersion: string) =>
    // A browser's first version is 2.
    line.replace(`${own} ${ownVersion}`, `${session} ${Number(version) + Number(ownVersion) - 1}`),
  );
}
