/**
 * Challenges of calls that were given up. sip.js 0.21 answers a 401 or 407 whenever it comes, and forgets a CANCEL that was waiting for a
 * provisional response (RFC 3261 9.1) when the challenge comes instead of one:
 *
 *   INVITE ──► (the agent hangs up) ◄── 407 ──► INVITE with the password ──► the customer's phone rings, and nobody is there
 *
 * A request that was given up gets no answer to its challenge: the 407 is its end then.
 */
import type { Core, UserAgent } from 'sip.js';

/** The returned function gives a request up: a challenge that comes from now on ends it. */
export function endGivenUpAtChallenge(userAgent: UserAgent): (request: Core.OutgoingRequestMessage) => void {
  const givenUp = new WeakSet<Core.OutgoingRequestMessage>();
  const { configuration } = userAgent.userAgentCore;
  const make = configuration.authenticationFactory.bind(configuration);
  configuration.authenticationFactory = () => {
    const credentials = make();
    if (!credentials) return undefined;
    const authenticate = credentials.authenticate.bind(credentials);
    credentials.authenticate = (request, ...rest) => !givenUp.has(request) && authenticate(request, ...rest);
    return credentials;
  };
  return (request) => void givenUp.add(request);
}
