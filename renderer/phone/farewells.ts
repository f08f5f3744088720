/**
 * What ends a call when its page cannot any more: killed, crashed, loaded anew, closed; or signed out while the line was down. Without
 * it the customer's leg stays up, or his phone rings for nobody, until some timer of the PBX.
 *
 *   INVITE ─► 100, 18x ─► 200 ─────────► over
 *   CANCEL                 BYE            nothing          kept sealed by this station (KeptFarewells), said by its next phone
 *
 * Assumptions
 *  - the CANCEL is kept from the INVITE on, though RFC 3261 9.1 lets it be said after a 1xx only: said by the page that goes, it follows
 *    its INVITE on the same socket; said by the next page, a 1xx may have come that nobody is left to tell of;
 *  - the CANCEL has the INVITE's branch, so a proxy finds what it cancels also on another socket (RFC 3261 9.1);
 *  - the BYE's CSeq is beyond whatever the conversation may come to: gaps are allowed (12.2.1.1);
 *  - said once too often it is answered 481 and nothing happens.
 */
import { Core } from 'sip.js';

/** Where farewells outlive the page. No member throws or rejects: what cannot be kept is a leg that ends a little later. */
export type KeptFarewells = {
  /** What an earlier page left unsaid, as it is to be said. */
  read(): Promise<readonly string[]>;
  /** All that is unsaid now, in place of what was kept before. */
  write(texts: readonly string[]): void;
  /** Everything written is kept; the next phone of this page may read it. */
  close(): Promise<void>;
};

/** Nothing outlives this page. */
export const noFarewells: KeptFarewells = {
  read: () => Promise.resolve([]),
  write: () => undefined,
  close: () => Promise.resolve(),
};

/** A farewell older than this is not said any more: the far side has long given up. */
export const farewellMilliseconds = 10 * 60_000;

/** More requests than a conversation has. */
const ahead = 1_000;

/** Ends an INVITE that has no final response yet, as it went out last (after its challenge). */
export function cancelOf(invite: Core.OutgoingRequestMessage): string {
  const cancel = new Core.OutgoingRequestMessage('CANCEL', invite.ruri, invite.from.uri, invite.to.uri, {
    callId: invite.callId,
    cseq: invite.cseq,
    fromTag: invite.fromTag,
  });
  for (const name of ['Via', 'Route']) {
    const values = invite.getHeaders(name);
    if (values.length > 0) cancel.setHeader(name, values);
  }
  return cancel.toString();
}

/** Ends a dialog of ours. `protocol`: of the socket, for the Via. */
export function byeOf(dialog: Core.Dialog, protocol: string, viaHost: string): string {
  const bye = new Core.OutgoingRequestMessage('BYE', dialog.remoteTarget, dialog.localURI, dialog.remoteURI, {
    callId: dialog.callId,
    cseq: (dialog.localSequenceNumber ?? 0) + ahead,
    fromTag: dialog.localTag,
    toTag: dialog.remoteTag,
    routeSet: dialog.routeSet,
    viaHost,
  });
  bye.setViaHeader(`z9hG4bK${crypto.randomUUID().replaceAll('-', '')}`, protocol);
  return bye.toString();
}
