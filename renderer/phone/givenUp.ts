/**
 * Calls that were given up before anybody answered. After its CANCEL an INVITE is still on its way, and sip.js 0.21 does too much or too
 * little for it:
 *
 *   INVITE ──► (the agent hangs up) ◄── 407 ──► INVITE with the password ──► the customer's phone rings, and nobody is there
 *   INVITE ──► (the agent hangs up) CANCEL ──► 200, and never a 487 ──► session and transaction are kept until sign-out
 *
 * A challenge gets no answer then: the 407 is the end. And who never hears the end forgets the call. RFC 3261 9.1 would forget it after
 * 32 s; but who is forgotten cannot be let go any more if he answers after all, and a proxy may let him ring for three minutes (16.6,
 * timer C). So it is kept a little longer than that.
 */
import { type Core, type Inviter, SessionState, type UserAgent } from 'sip.js';

/** How long a cancelled INVITE without a final response is remembered, ms. */
export const cancelledKeptMilliseconds = 200_000;

/** The returned function is told of a call that is given up. */
export function createGivenUp(userAgent: UserAgent): (inviter: Inviter) => void {
  const requests = new WeakSet<Core.OutgoingRequestMessage>();
  const { configuration, userAgentClients } = userAgent.userAgentCore;
  const make = configuration.authenticationFactory.bind(configuration);
  configuration.authenticationFactory = () => {
    const credentials = make();
    if (!credentials) return undefined;
    const authenticate = credentials.authenticate.bind(credentials);
    credentials.authenticate = (request, ...rest) => !requests.has(request) && authenticate(request, ...rest);
    return credentials;
  };
  const forget = (inviter: Inviter) => {
    for (const [id, client] of userAgentClients) {
      if (client.message !== inviter.request) continue;
      userAgentClients.delete(id);
      client.dispose();
    }
    void inviter.dispose();
  };
  return (inviter) => {
    requests.add(inviter.request);
    const timer = setTimeout(() => forget(inviter), cancelledKeptMilliseconds);
    inviter.stateChange.addListener((state) => {
      if (state === SessionState.Terminated) clearTimeout(timer);
    });
  };
}
