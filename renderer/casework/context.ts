/** What the casework machine holds, and what it needs from outside. */
import type { Case } from '#shared/case/case.ts';
import type { BreakReason, EntryHeader, Fact, ScriptRef } from '#shared/journal/entry.ts';
import type { SecondDecision } from '#shared/policy/dialGuard.ts';
import type { InternalNumber } from '#shared/policy/dialPermit.ts';
import type { CallWaiting } from '#shared/policy/incoming.ts';
import type { Policy } from '#shared/policy/policy.ts';
import type { Problem } from '#shared/problem.ts';
import type { Script } from '#shared/script/format.ts';
import type { Call, Phone } from '../phone/phone.ts';
import type { MissedCall } from './missedCalls.ts';
import type { Work } from './work.ts';
import type { Handled } from './worklist.ts';

export type CaseworkInput = {
  phone: Phone;
  /** Makes facts durable, all or none, in order. Rejects with a Problem. */
  record: (facts: readonly Fact[]) => Promise<readonly EntryHeader[]>;
  /** Corrected clock, epoch milliseconds. */
  now: () => number;
  newId: () => string;
  practice: boolean;
  hasLine: boolean;
  /** Whether the PBX records: only then is there a recording notice to give. */
  records: boolean;
  /** The agent's own: which questions an outsourced agent may ask is policy. */
  handling: Case['handling'];
  policy: Policy;
  /**
   * The script of a case's kind, checked before use; undefined where the kind has none yet. `begun`: the version a call under way began with;
   * without it the one a new call begins with.
   */
  scriptOf: (case_: Case, begun?: ScriptRef) => { script: Script; ref: ScriptRef } | undefined;
  /** A case exactly as leased; the lists below carry this station's own attempts too. */
  leasedCase: (caseId: string) => Case | undefined;
  /** End of the lease of a case, epoch milliseconds; undefined when it is not leased any more. */
  leaseEnd: (caseId: string) => number | undefined;
  /** Whom a call may be passed on to, and what callers meet; as the station's profile says. */
  internalNumbers: readonly InternalNumber[];
  callWaiting: CallWaiting;
};

/**
 * The number check of one contact before the dial. It begins anew with another contact and another case, so a second person's decision holds
 * no longer than what they looked at is on the screen.
 */
export type Check = {
  contact: string;
  typed: string;
  wrongTries: number;
  decided?: SecondDecision;
  /** The SMS notice before the first call: its words are looked at, or it was confirmed and is on its way to the disk. */
  preNotice?: 'asking' | 'saving' | undefined;
};

/** A confirmed wrap-up that can still be taken back. `before`: what was known of its case until then. */
export type TakeBack = { work: Work; header: EntryHeader; before: Handled | null; until: number };

export type CaseworkContext = CaseworkInput & {
  cases: readonly Case[];
  handled: ReadonlyMap<string, Handled>;
  selected: string | null;
  check: Check | null;
  /** Numbers typed wrongly in this shift, by case and contact: looking elsewhere and coming back gives no new tries. */
  wrongTries: ReadonlyMap<string, number>;
  unmasked: ReadonlySet<string>;
  work: Work | null;
  call: Call | null;
  /** When the incoming call began to ring. */
  incomingSince: number | null;
  /** A call that came in while another one is wrapped up, and since when it rings. */
  waiting: { call: Call; since: number } | null;
  /** Missed calls nobody has answered for yet, the most urgent first. */
  missed: readonly MissedCall[];
  /** What the work will be once the facts on their way are durable. */
  saving: { facts: readonly Fact[]; change: Partial<Pick<Work, 'conversation' | 'help'>> } | null;
  takeBack: TakeBack | null;
  /** The next employee's work in the same call, until its beginning is durable together with the result of this one. */
  goingOn: { work: Work; facts: readonly Fact[] } | null;
  /** Practice captions of this call, as they came (hostile text). */
  notes: readonly string[];
  /** Since when nothing is being worked, epoch ms of the corrected clock. */
  idleSince: number;
  onBreak: { reason: BreakReason; since: number } | null;
  candidate: string | null;
  /** Hung up between the key and the INVITE. */
  givenUp: boolean;
  problem: Problem | null;
  /** Attempts that a crash left open, to be wrapped up first. */
  restored: readonly Work[];
};
