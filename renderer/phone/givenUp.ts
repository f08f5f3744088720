/**
 * Calls that were given up before anybody answered. After its CANCEL an INVITE is still on its way, and sip.js 0.21 does too much or too
 * little for it:
 *
 *   INVITE ──► (the agent hangs up) ◄── 407 ──► INVITE with the password ──► the customer's phone rings, and nobody is there
 *   INVITE ──► (the agent hangs up) CANCEL ──► 200, and never a 487 ──► session and transaction are kept until sign-out
 *   INVITE ──► (the agent hangs up, the socket is lost) ──► no CANCEL, ever: it waits for the 1xx that was lost with the socket
 *
 * A challenge gets no answer then: the 407 is the end. And who never hears the end forgets the call. RFC 3261 9.1 would forget it after
 * 32 s; but who is forgotten cannot be let go any more if he answers after all, and a proxy may let him ring for three minutes (16.6,
 * timer C). So it is kept a little longer than that.
 *
 * The CANCEL waits for the first 1xx, so that it cannot get there before its INVITE (9.1). On a socket, which keeps the order, it could not
 * anyway; with the socket lost nobody knows whether there was a 1xx. So it is left to the next socket then: a 200 ends the ringing, a 481
 * says that nothing rings, and who answers meanwhile gets ACK and BYE.
 */
import { Core, type Inviter, SessionState, type UserAgent } from 'sip.js';
import { cancelOf } from './farewells.ts';

/** How long a cancelled INVITE without a final response is remembered, ms. */
export const cancelledKeptMilliseconds = 200_000;

export type GivenUp = {
  /** A call that will be dialled. `sentAgain`: another INVITE of it has left, with the password and a branch of its own. */
  follow(inviter: Inviter, sentAgain: () => void): void;
  /** What comes for it from now on is its end. */
  giveUp(inviter: Inviter): void;
  /** The socket is gone, with all it was to bring. */
  lineLost(): void;
};

/** `will`: see SipCallParts. */
export function createGivenUp(
  userAgent: UserAgent,
  will: (call: object, farewell: string | undefined) => void,
): GivenUp {
  const { configuration, userAgentClients, transport } = userAgent.userAgentCore;
  const requests = new WeakSet<Core.OutgoingRequestMessage>();
  const followed = new WeakMap<Core.OutgoingRequestMessage, () => void>();
  /** Given up, and no 1xx was heard. */
  const unheard = new Set<Inviter>();

  const make = configuration.authenticationFactory.bind(configuration);
  configuration.authenticationFactory = () => {
    const credentials = make();
    if (!credentials) return undefined;
    const authenticate = credentials.authenticate.bind(credentials);
    credentials.authenticate = (request, ...rest) => {
      if (requests.has(request) || !authenticate(request, ...rest)) return false;
      queueMicrotask(() => followed.get(request)?.()); // sip.js sends it within this turn
      return true;
    };
    return credentials;
  };

  const clientOf = (inviter: Inviter) =>
    [...userAgentClients.values()].find((client) => client.message === inviter.request);
  const forget = (inviter: Inviter) => {
    for (const [id, client] of userAgentClients) {
      if (client.message !== inviter.request) continue;
      userAgentClients.delete(id);
      client.dispose();
    }
    void inviter.dispose();
  };

  const lineLost = () => {
    for (const inviter of [...unheard]) {
      unheard.delete(inviter);
      // as: a private member of sip.js 0.21.2. It would forget the call 32 s after the INVITE, for it heard no 1xx.
      const transaction = clientOf(inviter)?.transaction as { B?: ReturnType<typeof setTimeout> } | undefined;
      clearTimeout(transaction?.B);
      void transport.send(cancelOf(inviter.request));
      will(inviter, undefined);
    }
  };

  return {
    follow: (inviter, sentAgain) => void followed.set(inviter.request, sentAgain),
    giveUp(inviter) {
      requests.add(inviter.request);
      const timer = setTimeout(() => forget(inviter), cancelledKeptMilliseconds);
      inviter.stateChange.addListener((state) => {
        if (state === SessionState.Terminated) clearTimeout(timer);
      });
      const transaction = clientOf(inviter)?.transaction;
      if (transaction?.state !== Core.TransactionState.Calling) return;
      unheard.add(inviter);
      will(inviter, cancelOf(inviter.request));
      const heard = () => {
        if (unheard.delete(inviter)) will(inviter, undefined);
      };
      transaction.addStateChangeListener(heard, { once: true });
      if (!userAgent.transport.isConnected()) lineLost();
    },
    lineLost,
  };
}
