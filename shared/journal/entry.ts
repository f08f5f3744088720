/**
 * The journal's entries (条目): the only facts there are, and the only thing that is uploaded.
 *
 * Assumptions
 *  - a header may be read by anybody who has the disk: it names no person and no number;
 *  - a body is exact UTF-8 text, stored and sent as it was first written and never serialised again;
 *  - bodyHash = SHA-256(16 random bytes ‖ body), hash = SHA-256(header without hash, canonical): nothing can be guessed from
 *    a hash, and a body can be erased (privacy law) while the chain still verifies;
 *  - nothing is ever edited: a correction is an `amended` entry that names what it corrects.
 *
 * To add a kind: a row in `bodySchemas`, a text in renderer/app, a case in server/intake/project.ts (both are exhaustive).
 */
import { z } from 'zod';
import { callEndedSchema, callResultSchema, transferSchema } from '../call/callResult.ts';
import { callQualitySchema } from '../call/quality.ts';
import {
  appointmentSchema,
  authorisationScopeSchema,
  caseIdSchema,
  contactRoleSchema,
  contactStatusSchema,
  instantSchema,
  numberSourceSchema,
} from '../case/case.ts';
import { slotSchema } from '../case/slot.ts';
import { dialPermitSchema } from '../policy/dialPermit.ts';
import { moveSchema, stepIdSchema, topicSchema, wordSchema } from '../script/move.ts';

export const idSchema = z.uuid();
const hex32 = z.string().regex(/^[0-9a-f]{64}$/);
const note = z.string().max(2000);
const code = z.string().regex(/^[A-Z][A-Z_]{1,40}$/);

export const breakReasons = ['MEAL', 'TRAINING', 'REST', 'MEETING', 'TECHNICAL'] as const;
export type BreakReason = (typeof breakReasons)[number];

export const followUpKinds = [
  'RETRY', // 再次外呼
  'NEXT_NUMBER',
  'APPOINTMENT',
  'SMS_NOTICE',
  'SECOND_VERIFICATION',
  'EMPLOYER_CALL',
  'SUPPLEMENT_CONTACT',
  'DOCUMENTS',
  'ACCOUNT_MANAGER',
  'BRANCH_INTERVIEW',
  'FIELD_VISIT',
  'RISK_REVIEW',
  'FRAUD_DESK',
  'COMPLAINT_DESK',
  'DATA_CORRECTION',
  'CALL_BACK_MISSED', // 来电未接,10 分钟内回拨
] as const;
export type FollowUpKind = (typeof followUpKinds)[number];

export const followUpSchema = z.strictObject({
  kind: z.enum(followUpKinds),
  due: instantSchema.optional(),
  contact: z.string().max(40).optional(),
  /** The rule that says so, e.g. `retry.noAnswer`. */
  rule: z.string().max(60),
});
export type FollowUp = z.infer<typeof followUpSchema>;

/** The words of an SMS notice; they are shared/policy/preNotice.ts's. */
export const noticeTemplates = ['BEFORE_FIRST_CALL'] as const;
export type NoticeTemplate = (typeof noticeTemplates)[number];

const scriptRefSchema = z.strictObject({ id: z.string().max(40), version: z.number().int().positive(), hash: hex32 });
export type ScriptRef = z.infer<typeof scriptRefSchema>;

/** One schema per kind of entry. */
export const bodySchemas = {
  'shift.started': z.strictObject({ shift: idSchema, grant: z.string().max(4000), practice: z.boolean() }),
  'shift.ended': z.strictObject({ shift: idSchema, by: z.enum(['AGENT', 'SERVER']) }),
  'break.started': z.strictObject({ reason: z.enum(breakReasons) }),
  'break.ended': z.strictObject({}),
  /** Durable before the INVITE leaves, which carries `attempt` as X-Attempt-Id. */
  'attempt.started': z.strictObject({
    attempt: idSchema,
    direction: z.enum(['out', 'in']),
    contact: z.string().max(40).optional(), // none: an incoming call of an unknown number
    number: z.string().max(40),
    permit: dialPermitSchema.optional(), // outgoing calls only
    script: scriptRefSchema.optional(),
    caseRevision: z.number().int().positive().optional(),
    /** What the agent may not ask about by policy; none for in-house agents. */
    withheld: z.array(authorisationScopeSchema).max(4).optional(),
    /** What the borrower said of the job was at hand, to be held against the employer's words; the case revision holds it. */
    borrowerSaid: z.literal(true).optional(),
    /** How the script's givens were read off the case, since they are read otherwise than at first (givens.ts). */
    givens: z.literal(2).optional(),
    /** The attempt before this one in the same call: several employees of one employer (sameCall.ts). Nothing was dialled for this one. */
    continues: idSchema.optional(),
  }),
  'attempt.ended': z.strictObject({
    attempt: idSchema,
    ended: callEndedSchema,
    callId: z.string().max(300).optional(),
    rangSeconds: z.number().nonnegative(),
    talkedSeconds: z.number().nonnegative(),
    earlyMedia: z.boolean(),
    /** Since the station measures it; none where nobody answered. */
    quality: callQualitySchema.optional(),
    /** Tries to pass the call on, in order; none where nobody tried. */
    transfers: z.array(transferSchema).max(20).optional(),
    /** The attempt that the same call went on with: nobody hung up yet. `quality` is the last one's, for it is of the whole call. */
    continuedBy: idSchema.optional(),
  }),
  'step.recorded': z.strictObject({
    attempt: idSchema,
    script: scriptRefSchema,
    caseRevision: z.number().int().positive(),
    move: moveSchema,
    comparator: z.string().max(20),
  }),
  'script.left': z.strictObject({ attempt: idSchema, step: stepIdSchema, exit: wordSchema }),
  /** The agent asks the lead for help at this step; the call and the script go on. Once an attempt. */
  'help.asked': z.strictObject({ attempt: idSchema, step: stepIdSchema }),
  /** Wrap-up of one attempt: what the network said, what the agent confirmed, and the business result if there is one. */
  'disposition.recorded': z.strictObject({
    attempt: idSchema,
    callResult: z.strictObject({
      proposed: callResultSchema.optional(),
      rule: z.string().max(60),
      confirmed: callResultSchema,
    }),
    disposition: z
      .strictObject({ code, sub: code.optional(), evidence: z.record(z.string().max(40), z.string().max(500)) })
      .optional(),
    flags: z.array(code).max(40),
    note,
    /** 'SYSTEM' closes an attempt that a crash left open; told apart from what an agent chose. */
    by: z.enum(['AGENT', 'SYSTEM']),
  }),
  'contact.changed': z.strictObject({
    attempt: idSchema.optional(),
    contact: z.string().max(40),
    status: contactStatusSchema.optional(),
    number: z
      .strictObject({
        number: z.string().max(40),
        source: numberSourceSchema,
        /** Of a contact that is new, since stations say whose line it is. */
        role: contactRoleSchema.optional(),
        owner: z.string().max(200).optional(),
      })
      .optional(),
    /** When it is well called, as the respondent said; of a known contact or a new one. */
    slot: slotSchema.optional(),
  }),
  'appointment.made': z.strictObject({ attempt: idSchema, appointment: appointmentSchema }),
  'followUp.requested': z.strictObject({ attempt: idSchema, followUp: followUpSchema }),
  /** The agent closes what was to be done without doing it; what was done (a call back) closes it by itself. */
  'followUp.closed': z.strictObject({ attempt: idSchema, kind: z.enum(followUpKinds), reason: note }),
  /** An SMS notice of its own, with no attempt behind it: before the first call. At most one a case is sent, whoever asked. */
  'notice.requested': z.strictObject({ contact: z.string().max(40), template: z.enum(noticeTemplates) }),
  'value.unmasked': z.strictObject({
    what: z.enum(['NAME', 'NUMBER', 'FILE_VALUE']),
    contact: z.string().max(40).optional(),
    topic: topicSchema.optional(),
  }),
  'dial.blocked': z.strictObject({
    contact: z.string().max(40),
    rule: z.string().max(60),
    sources: z.array(numberSourceSchema),
  }),
  'case.skipped': z.strictObject({ reason: note }),
  'directive.acknowledged': z.strictObject({ directive: idSchema }),
  /** Corrects an earlier entry of this journal; `takenBack` undoes a disposition within its 5 seconds. */
  amended: z.strictObject({
    seq: z.number().int().positive(),
    hash: hex32,
    what: z.enum(['TAKEN_BACK', 'CORRECTED']),
    reason: note,
  }),
} as const;

export type EntryKind = keyof typeof bodySchemas;
export const entryKinds = Object.keys(bodySchemas) as EntryKind[]; // keys of a const object: exactly the union
export type EntryBody<K extends EntryKind = EntryKind> = z.infer<(typeof bodySchemas)[K]>;
/** A fact on its way into the journal; `caseId` where it is about a case. */
export type Fact = { [K in EntryKind]: { kind: K; caseId?: string; body: EntryBody<K> } }[EntryKind];

export const headerSchema = z.strictObject({
  journal: idSchema,
  seq: z.number().int().positive(),
  version: z.literal(1),
  kind: z.enum(entryKinds as [EntryKind, ...EntryKind[]]),
  /** The station's wall clock. */
  at: instantSchema,
  /** Server clock minus station clock in milliseconds at the last contact, and how old that knowledge is; null before any contact. */
  clockOffset: z.number().int().nullable(),
  clockOffsetAge: z.number().int().nonnegative().nullable(),
  agent: z.string().max(40),
  caseId: caseIdSchema.nullable(),
  leaseEpoch: z.number().int().positive().nullable(),
  /** Hash of the entry before; 64 zeros for the first one. */
  prev: hex32,
  bodyHash: hex32,
  hash: hex32,
});
export type EntryHeader = z.infer<typeof headerSchema>;

/** When it was, by the server's clock as the station knew it then: epoch milliseconds. */
export const correctedAt = ({ at, clockOffset }: Pick<EntryHeader, 'at' | 'clockOffset'>): number =>
  Date.parse(at) + (clockOffset ?? 0);

/** An entry as it travels: the header, the 16 random bytes (base64) and the exact text of the body. */
export const wireEntrySchema = z.strictObject({
  header: headerSchema,
  salt: z.base64().length(24),
  body: z.string().max(20_000),
});
export type WireEntry = z.infer<typeof wireEntrySchema>;
