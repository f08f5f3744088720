/**
 * Asks one STUN or TURN server of the profile, alone, whether it does its work:
 *
 *   stun:  a server-reflexive candidate came, or gathering ended without a complaint (the address was ours already, so it is not repeated)
 *   turn:  a relayed candidate came; 401 and 437 to 508 in a complaint are the server's own refusal
 */
export type IceFinding = { works: true } | { works: false; why: 'silent' | 'credentials' | 'refused'; code: number };

type IceServer = { urls: string; username?: string | undefined; credential?: string | undefined };

/** Never rejects; at most `limitMs`. */
export async function checkIceServer(
  server: IceServer,
  newPeerConnection: (configuration: RTCConfiguration) => RTCPeerConnection,
  limitMs: number,
): Promise<IceFinding> {
  const relay = /^turns?:/i.test(server.urls);
  const { urls, username, credential } = server;
  let connection: RTCPeerConnection | undefined;
  try {
    const asked = newPeerConnection({
      iceServers: [
        { urls, ...(username === undefined ? {} : { username }), ...(credential === undefined ? {} : { credential }) },
      ],
      iceTransportPolicy: relay ? 'relay' : 'all',
    });
    connection = asked;
    asked.addTransceiver('audio');
    return await new Promise<IceFinding>((resolve) => {
      let complaint = 0;
      const verdict = (): IceFinding =>
        complaint === 401
          ? { works: false, why: 'credentials', code: complaint }
          : complaint !== 0 && complaint !== 701
            ? { works: false, why: 'refused', code: complaint }
            : { works: false, why: 'silent', code: complaint };
      const timer = setTimeout(() => resolve(verdict()), limitMs);
      const done = (finding: IceFinding) => {
        clearTimeout(timer);
        resolve(finding);
      };
      asked.addEventListener('icecandidate', ({ candidate }) => {
        const type = candidate?.candidate.split(' ')[7];
        if (type === (relay ? 'relay' : 'srflx')) done({ works: true });
      });
      // One for each interface and transport: the server's own word counts more than an interface without a way.
      asked.addEventListener('icecandidateerror', ({ errorCode }) => {
        if (complaint === 0 || complaint === 701) complaint = errorCode;
      });
      asked.addEventListener('icegatheringstatechange', () => {
        if (asked.iceGatheringState !== 'complete') return;
        done(relay || complaint !== 0 ? verdict() : { works: true });
      });
      void asked
        .createOffer()
        .then((offer) => asked.setLocalDescription(offer))
        .catch(() => done(verdict()));
    });
  } catch {
    return { works: false, why: 'refused', code: 0 }; // an address the browser does not understand
  } finally {
    connection?.close();
  }
}
