/**
 * The one re-INVITE a call may have under way, and how it is given up: sip.js keeps it for 32 s when its answer was lost with the socket,
 * and refuses any other meanwhile.
 *
 *   ask ─► [previous one over, the far side's acknowledged] ─► INVITE ─► 200 ─► undefined
 *                                   ├─ 491 ─► wait as RFC 3261 14.1 says ─► once more
 *                                   ├─ 3xx–6xx ─► status; the description is rolled back
 *                                   └─ 8 s, `abandon`, or not sent ─► 0; rolled back. A late 200 is acknowledged, and what we have is offered
 *                                                                     once more: the far side believes the offer that was taken back
 */
import { type Core, type Session, SessionState } from 'sip.js';
import type { CallMedia } from './media.ts';

/** A re-INVITE nobody answers counts as refused, ms. */
const patience = 8_000;
/** How often it is looked whether the far side's re-INVITE is over, ms. */
const look = 20;

export type Reinviter = {
  /** `prepare` runs before the offer is made, and anew once a 491 has rolled it back. Resolves to undefined when agreed, else to the status (0: no answer, or it could not be sent). */
  ask(prepare?: () => void): Promise<number | undefined>;
  /** No answer will come any more (the socket is gone), nor the ACK of the far side's. Resolves when a further one may be asked. */
  abandon(): Promise<void>;
  /** An offer of ours is being made or is out: one of the far side's crosses it (491). */
  isOffering(): boolean;
};

/** What sip.js hides of a session and its dialog, and has no function for. */
type Inside = {
  pendingReinvite: boolean;
  dialog: (Core.SessionDialog & { signalingStateRollback(): void }) | undefined;
};

type Client = {
  transaction: Core.InviteClientTransaction;
  message: Core.OutgoingRequestMessage;
  receiveResponse(response: Core.IncomingResponseMessage): void;
};

export function createReinviter(options: {
  session: () => Session | undefined;
  media: () => CallMedia | undefined;
  /** The owner of the Call-ID waits longer when both asked at once. */
  ownsCallId: boolean;
  /** Header lines of every re-INVITE. */
  headers: readonly string[];
  /** An offer of the far side is being answered otherwise (UPDATE). */
  isAnswering: () => boolean;
}): Reinviter {
  let pending: { settle: (status: number) => void } | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  const forget = async () => {
    // as: the members are there in 0.21.2; they are private because nobody thought of a lost socket
    const inside = options.session() as unknown as Inside | undefined;
    const dialog = inside?.dialog;
    const client = dialog?.reinviteUserAgentClient;
    if (inside) inside.pendingReinvite = false;
    if (dialog && client) {
      dialog.reinviteUserAgentClient = undefined;
      dialog.signalingStateRollback();
      const given = client as unknown as Client; // as: protected members
      let again = false;
      given.receiveResponse = (response) => {
        const status = response.statusCode ?? 0;
        if (status < 200 || status > 299) return;
        given.transaction.ackResponse(dialog.createOutgoingRequestMessage('ACK', { cseq: given.message.cseq }));
        if (!again) void ask(); // it is repeated until our ACK is there
        again = true;
      };
    }
    await options
      .media()
      ?.retractOffer()
      .catch(() => undefined); // closed meanwhile
  };

  /** sip.js waits for it for ever, and refuses every re-INVITE of either side meanwhile. */
  const forgetTheirAck = () => {
    const dialog = options.session()?.dialog as Partial<Core.SessionDialog> | undefined; // as: see forget
    if (dialog) dialog.reinviteUserAgentServer = undefined;
  };

  /**
   * Until the far side's own re-INVITE has its ACK (RFC 3261 14.1). sip.js would make our offer all the same and only then not send it: the hold
   * would be refused, and the next offer of the far side taken for the answer to ours.
   */
  const untilFarSideIsDone = async () => {
    // as: see forget
    const inside = options.session() as unknown as Inside | undefined;
    const isBusy = () => inside?.dialog?.reinviteUserAgentServer !== undefined || options.isAnswering();
    for (let waited = 0; isBusy() && waited < patience; waited += look)
      await new Promise((resolve) => setTimeout(resolve, look));
    forgetTheirAck();
  };

  const once = async (): Promise<number | undefined> => {
    await untilFarSideIsDone();
    return invite();
  };

  const invite = (): Promise<number | undefined> =>
    new Promise((resolve) => {
      const session = options.session();
      if (session?.state !== SessionState.Established) return resolve(0);
      let settled = false;
      const settle = (status: number | undefined) => {
        if (settled) return;
        settled = true;
        clearTimeout(timer);
        pending = undefined;
        resolve(status);
      };
      const giveUp = (status: number) => void forget().then(() => settle(status));
      const timer = setTimeout(() => giveUp(0), patience);
      pending = { settle };
      session
        .invite({
          requestOptions: { extraHeaders: [...options.headers] },
          requestDelegate: {
            onAccept: () => settle(undefined),
            onReject: ({ message }) => settle(message.data ? (message.statusCode ?? 500) : 0),
          },
        })
        .then(
          ({ delegate }) => {
            // Left empty by sip.js: not even the offer would be taken back.
            if (delegate) delegate.onRedirect = ({ message }) => giveUp(message.statusCode ?? 300);
          },
          () => giveUp(0),
        );
    });

  const run = async (prepare?: () => void): Promise<number | undefined> => {
    prepare?.();
    const status = await once();
    if (status !== 491) return status;
    const wait = options.ownsCallId ? 2_100 + Math.random() * 1_900 : Math.random() * 2_000;
    prepare?.(); // at once: whoever pressed hold is not heard while we wait
    await new Promise((resolve) => setTimeout(resolve, wait));
    return once();
  };

  const ask: Reinviter['ask'] = (prepare) => {
    const asked = queue.then(() => run(prepare));
    queue = asked.catch(() => undefined);
    return asked;
  };

  return {
    ask,
    isOffering: () => pending !== undefined,
    async abandon() {
      forgetTheirAck();
      const given = pending;
      if (!given) return;
      await forget();
      given.settle(0);
    },
  };
}
