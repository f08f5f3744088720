/**
 * One attempt being worked: what the casework machine carries from the first act to the confirmed result.
 *
 * The script's memory is `moves`, and nothing else: the snapshot is computed from them, by the same functions the server replays
 * with. What the person typed and has not committed (`drafts`) is no knowledge and is lost with the process; what was
 * committed is an entry before it is shown as saved.
 */

import type { CallEnded, CallResult, Transfer } from '#shared/call/callResult.ts';
import type { CallQuality } from '#shared/call/quality.ts';
import type { AuthorisationScope, Case, Contact } from '#shared/case/case.ts';
import type { Disposition } from '#shared/disposition/disposition.ts';
import type { FollowUpKind, ScriptRef } from '#shared/journal/entry.ts';
import type { DialPermit } from '#shared/policy/dialPermit.ts';
import type { EmployerFlag } from '#shared/policy/employerFlags.ts';
import type { Script } from '#shared/script/format.ts';
import type { AnswerClass, Move, StepId, Topic } from '#shared/script/move.ts';
import type { ScriptSnapshot } from '#shared/script/scriptMachine.ts';
import type { Text } from '#shared/text.ts';

/** What the agent has entered at the current question and not committed. */
export type Draft = { text: string; choice: AnswerClass | null };

/** One committed answer beside the file's value: shown once, after the commit. */
export type Comparison = {
  about: Topic;
  said: string;
  as: AnswerClass;
  file: string | null;
  savedAt: number;
};

/** The script of this attempt; null where the kind has none yet. */
export type Conversation = {
  script: Script;
  ref: ScriptRef;
  given: Readonly<Record<Topic, AnswerClass>>;
  moves: readonly Move[];
  /** When each of them was saved, epoch ms of the corrected clock. */
  movedAt: readonly number[];
  snapshot: ScriptSnapshot;
  drafts: Readonly<Record<Topic, Draft>>;
  slips: readonly { about: Topic; sentence: Text }[];
  comparisons: readonly Comparison[];
};

/**
 * The same call before this attempt, when it goes on with one more employee: what of the call's facts is not this attempt's. `talkedSeconds`:
 * null where nobody knows any more, after a crash. `asked`: the cases it was about until then.
 */
export type Continued = {
  attempt: string;
  talkedSeconds: number | null;
  transfers: number;
  asked: readonly string[];
};

/** Facts of the ended call, as they stand in `attempt.ended`. */
export type EndedCall = {
  ended: CallEnded;
  callId: string | undefined;
  rangSeconds: number;
  talkedSeconds: number;
  earlyMedia: boolean;
  quality?: CallQuality | undefined;
  transfers?: readonly Transfer[] | undefined;
};

export type WrapUp = {
  since: number;
  chosen: CallResult | null;
  disposition: Disposition | null;
  evidence: Readonly<Record<string, string>>;
  unticked: readonly FollowUpKind[];
  appointment: { at: string; exact: boolean } | null;
  note: string;
  moreOpen: boolean;
};

export type Work = {
  attempt: string;
  direction: 'out' | 'in';
  /** The case as leased: a replay needs exactly this revision. null: an incoming call that fits no case. */
  case: Case | null;
  /** Stays known where the case is not: an attempt restored after its lease was over. */
  caseId: string | null;
  contact: Contact | null;
  number: string;
  permit: DialPermit | null;
  /** null: a call of its own. */
  continues: Continued | null;
  /** At a number of the employer that was only told: nothing is verified by it (toldOnly.ts). */
  toldOnly: boolean;
  /** Red flags of the number that was called, as they stood when it was; after a restart as the case tells them then. */
  employerFlags: readonly EmployerFlag[];
  /** What the agent may not ask about by policy; a replay needs it. */
  withheld: readonly AuthorisationScope[];
  startedAt: number;
  answeredAt: number | null;
  /** The PBX records this call. */
  recorded: boolean;
  conversation: Conversation | null;
  endedCall: EndedCall | null;
  /** attempt.ended is durable. */
  endRecorded: boolean;
  wrapUp: WrapUp | null;
  /** The process died in this attempt: what is shown was restored from entries. */
  interrupted: boolean;
  review: { step: StepId; askReason: boolean } | null;
  exitsOpen: boolean;
  /** Help of the lead: asked for (durable) and said so, or said and read; null: not asked for in this attempt. */
  help: 'asked' | 'read' | null;
};
