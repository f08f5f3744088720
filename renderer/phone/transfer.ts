/**
 * Passing a call on: REFER within its dialog (RFC 3515), to an internal number or onto a second call of ours (Replaces, RFC 3891, 5589).
 *
 *   transfer ──► REFER ──202──► NOTIFY 100, 180 … ──► NOTIFY 200 ──► done: the call is theirs, ours ends
 *                  │               └─ NOTIFY 3xx–6xx ──► refused: our call goes on, a sentence says why
 *                  ├─ 3xx–6xx ──► refused as well
 *                  └─ silence ──► unclear: our call goes on; nobody knows what became of it
 *
 * Assumptions
 *  - the far side of a REFER dials by itself: so it is only ever given a number the profile permits, or a call that is up already;
 *  - NOTIFYs are hostile, may come before the 202, twice, late, and for an earlier REFER (told apart by the id of its Event);
 *  - some exchanges hang up on us as soon as they have taken over, before any NOTIFY: a BYE while a transfer runs is «unclear».
 */
import { Core, type Notification, type Session } from 'sip.js';
import type { Transfer } from '#shared/call/callResult.ts';
import type { TransferStage } from './phone.ts';
import { type PhoneProblemCode, phoneProblem } from './phoneProblems.ts';

/** How long (ms) after it was accepted a transfer may go without an outcome: longer than a colleague's phone rings. */
export const outcomeMilliseconds = 60_000;

export type TransferTarget = { number: string } | { number: string; replaces: Session };

export type Transfers = {
  /** Resolves once the far side has been taken over. Rejects with a TRANSFER_… Problem; the call is as it was. */
  transfer(target: TransferTarget): Promise<void>;
  /** All that was tried, in order. */
  tried(): readonly Transfer[];
};

export type TransferParts = {
  /** The confirmed session; throws a Problem outside of a conversation. */
  session(): Session;
  domain: string;
  tell(stage: TransferStage): void;
};

/** Status of a sipfrag's first line; undefined for anything else. */
export function sipfragStatus(body: string | undefined): number | undefined {
  const status = /^\s*SIP\/2\.0 ([1-6]\d\d)(?=\s|$)/.exec((body ?? '').slice(0, 200))?.[1];
  return status === undefined ? undefined : Number(status);
}

/** What a status of the REFER or of a NOTIFY means to the agent. */
export function problemOfStatus(status: number, of: 'REFER' | 'NOTIFY'): PhoneProblemCode {
  if (status === 486 || status === 600) return 'TRANSFER_BUSY';
  if (status === 404 || status === 484 || status === 604) return 'TRANSFER_NO_SUCH_NUMBER';
  if (of === 'NOTIFY' && (status === 408 || status === 480 || status === 487)) return 'TRANSFER_NO_ANSWER';
  if (of === 'REFER' && (status === 405 || status === 501 || status === 420 || status === 489))
    return 'TRANSFER_NOT_SUPPORTED';
  if (status === 0 || (of === 'REFER' && status === 408)) return 'TRANSFER_UNCLEAR';
  return 'TRANSFER_REFUSED';
}

/** sip.js writes a URI with headers without the brackets they need (RFC 3515 2.1), and a far display name unescaped: we write it ourselves. */
function referTo(target: TransferTarget, domain: string): Core.URI {
  const uri = new Core.URI('sip', target.number, domain);
  const text = 'replaces' in target ? `<${replacing(target.replaces)}>` : `<${uri.toString()}>`;
  return Object.assign(uri, { toString: () => text });
}

function replacing(session: Session): string {
  const { dialog } = session;
  if (!dialog) throw phoneProblem('TRANSFER_NOT_NOW');
  const { callId, remoteTag, localTag, remoteTarget } = dialog;
  return `${remoteTarget.toString()}?Replaces=${encodeURIComponent(`${callId};to-tag=${remoteTag};from-tag=${localTag}`)}`;
}

export function createTransfers({ session, domain, tell }: TransferParts): Transfers {
  const tried: Transfer[] = [];
  let running = false;

  const transfer: Transfers['transfer'] = async (target) => {
    if (running) throw phoneProblem('TRANSFER_NOT_NOW');
    const dialog = session();
    const uri = referTo(target, domain);
    const note: Transfer = {
      to: target.number,
      how: 'replaces' in target ? 'ATTENDED' : 'BLIND',
      result: 'UNCLEAR',
    };
    tried.push(note);
    running = true;
    try {
      await refer(dialog, uri, note);
    } finally {
      running = false;
    }
  };

  const refer = (dialog: Session, uri: Core.URI, note: Transfer): Promise<void> =>
    new Promise((resolve, reject) => {
      let over = false;
      let sequence: number | undefined;
      let patience: ReturnType<typeof setTimeout> | undefined;
      const settle = (act: () => void) => {
        if (over) return;
        over = true;
        clearTimeout(patience);
        act();
      };
      const failed = (status: number, of: 'REFER' | 'NOTIFY') =>
        settle(() => {
          const code = problemOfStatus(status, of);
          if (code !== 'TRANSFER_UNCLEAR') note.result = 'REFUSED';
          if (status >= 100) note.sipStatus = status;
          reject(phoneProblem(code, { status }));
        });
      const done = () =>
        settle(() => {
          note.result = 'DONE';
          resolve();
        });
      const onNotify = (notification: Notification) => {
        void notification.accept().catch(() => undefined);
        const { request } = notification;
        const id = /;\s*id\s*=\s*(\d+)/i.exec(request.getHeader('event') ?? '')?.[1];
        if (over || (id !== undefined && sequence !== undefined && Number(id) !== sequence)) return;
        const status = sipfragStatus(request.body);
        if (status !== undefined && status >= 200) {
          if (status < 300) done();
          else failed(status, 'NOTIFY');
        } else if (/^\s*terminated/i.test(request.getHeader('subscription-state') ?? '')) failed(0, 'NOTIFY');
        else if (status !== undefined && status > 100) tell('RINGING');
      };
      tell('ASKED');
      dialog
        .refer(uri, {
          onNotify,
          requestDelegate: {
            onAccept: ({ message }) => {
              if (over) return;
              tell('ACCEPTED');
              // RFC 4488: nobody will tell us what becomes of it.
              if (/false/i.test(message.getHeader('refer-sub') ?? '')) done();
              else patience = setTimeout(() => failed(0, 'NOTIFY'), outcomeMilliseconds);
            },
            onRedirect: ({ message }) => failed(message.statusCode ?? 300, 'REFER'),
            onReject: ({ message }) => failed(message.data ? (message.statusCode ?? 500) : 0, 'REFER'),
          },
        })
        .then((sent) => {
          sequence = sent.message.cseq;
        })
        .catch(() => failed(0, 'REFER'));
    });

  return { transfer, tried: () => tried };
}
