/**
 * The bank server's interface, as both sides see it. All paths below /api/v1. JSON, strict, no unknown fields.
 *
 *   who                credential
 *   agent, lead        Authorization: Bearer <access token> (JWT, 10 minutes); renewed with the refresh token (rotating, 12 hours):
 *                      in a cookie `huifang_refresh` (HttpOnly, SameSite=Strict, path /api/v1/session) when the request says
 *                      `x-client: browser`, else in the body (Electron keeps it in the vault)
 *   station            x-station: <id>, x-station-signature: <base64 of ECDSA P-256/SHA-256, IEEE P1363, over the exact body text>
 *                      (for GET: over "GET <path>\n<x-station-time ISO>", at most 5 minutes old by the server's clock)
 *
 *   failures           HTTP status and body `failureSchema`: a code, and a sentence for a person in both languages
 */
import { z } from 'zod';
import { type caseSchema, instantSchema } from '../case/case.ts';
import { idSchema } from '../journal/entry.ts';
import { internalNumberSchema } from '../policy/dialPermit.ts';
import { callWaitingSchema } from '../policy/incoming.ts';
import { policySchema } from '../policy/policy.ts';
import { textSchema } from '../text.ts';

export const roles = ['agent', 'lead', 'manager', 'qa', 'risk', 'auditor', 'admin'] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

export const failureCodes = [
  'WRONG_PASSWORD',
  'ACCOUNT_LOCKED',
  'TOO_MANY_TRIES',
  'TOKEN_EXPIRED',
  'NOT_SIGNED_IN',
  'NOT_ALLOWED',
  'SAME_PERSON',
  'NOT_OF_TEAM',
  'STATION_UNKNOWN',
  'STATION_REVOKED',
  'ENROLMENT_CODE_WRONG',
  'BAD_SIGNATURE',
  'BAD_REQUEST',
  'TOO_LARGE',
  'VERSION_TOO_OLD',
  'NOT_FOUND',
  'TRY_LATER',
  'INTERNAL',
] as const;
export type FailureCode = (typeof failureCodes)[number];
export const failureSchema = z.strictObject({
  code: z.enum(failureCodes),
  sentence: textSchema,
  afterSeconds: z.number().positive().optional(),
});
export type Failure = z.infer<typeof failureSchema>;

// POST /session  (sign-in: 5 wrong passwords lock the account for 5 minutes; 10 tries a minute per address; ends an earlier session of
// the same account at the same station)
export const signInSchema = z.strictObject({
  account: z.string().min(1).max(40),
  password: z.string().min(1).max(200),
  station: idSchema.optional(),
});
export type SignIn = z.infer<typeof signInSchema>;
export const personSchema = z.strictObject({
  account: z.string(),
  name: z.string(),
  role: roleSchema,
  team: z.string(),
  handling: z.enum(['IN_HOUSE', 'OUTSOURCED']),
});
export type Person = z.infer<typeof personSchema>;
export const sessionSchema = z.strictObject({
  person: personSchema,
  accessToken: z.string(),
  accessExpiresAt: instantSchema,
  refreshToken: z.string().optional(),
  serverTime: instantSchema,
  /** JWS (ES256) the server signed for this agent at this station: {agent, station, offlineUntil}; kept in shift.started. */
  grant: z.string().optional(),
  offlineUntil: instantSchema.optional(),
});
export type Session = z.infer<typeof sessionSchema>;
// POST /session/refresh {refreshToken?} -> Session ; DELETE /session -> 204. A token works once; when its answer was lost it may be sent
// again within 30 seconds, while nothing that came of it is in use. Anything else used twice ends the session.
export const refreshSchema = z.strictObject({
  refreshToken: z.string().max(200).optional(),
  station: idSchema.optional(),
});

// POST /second-person {account, password} (agent's bearer) -> SecondPerson: another active agent or lead of the asking agent's team, at the
// agent's station. Counts as a sign-in for all limits, gives no session; recorded in the audit log.
export const secondPersonRequestSchema = signInSchema.omit({ station: true });
export type SecondPersonRequest = z.infer<typeof secondPersonRequestSchema>;
export const secondPersonSchema = personSchema.pick({ account: true, name: true });
export type SecondPerson = z.infer<typeof secondPersonSchema>;

// POST /stations {code, name, publicKey} -> Enrolment   (one-time code, 24 hours, made by `npm run bank -- enrol`)
export const enrolSchema = z.strictObject({
  code: z.string().min(4).max(64),
  name: z.string().min(1).max(60),
  publicKey: z.strictObject({
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    x: z.string().max(64),
    y: z.string().max(64),
  }),
});
export type EnrolRequest = z.infer<typeof enrolSchema>;
export const enrolmentSchema = z.strictObject({
  station: idSchema,
  /** RSA-OAEP-256, 3072 bit: the data key is always wrapped for the server too, so that an export can be recovered. */
  recoveryKey: z.strictObject({ kty: z.literal('RSA'), n: z.string(), e: z.string() }),
});
export type Enrolment = z.infer<typeof enrolmentSchema>;

// POST /stations/:station/data-key {wrapped} -> {dataKey}: a browser has no vault; after a reload the signed-in agent's page asks the
// server to unwrap the key of this station (bearer of a session at this very station, station not revoked; recorded in the audit log).
// The first key a station brings is its own: any other is NOT_ALLOWED.
export const unwrapSchema = z.strictObject({ wrapped: z.base64().max(2000) });
export const unwrappedSchema = z.strictObject({ dataKey: z.base64() });

/** A list a person can still choose from. */
export const mostInternalNumbers = 50;

// GET /stations/:station/profile (agent's bearer)
export const stationProfileSchema = z.strictObject({
  station: idSchema,
  name: z.string(),
  /** true: the line is the practice PBX, data are demo data, the frame is coloured and the watermark shown. */
  practice: z.boolean(),
  /** null: 话机未配置. Never falls back to the practice PBX. */
  line: z
    .strictObject({
      /** Outbound proxies in order of preference, ws: or wss: URLs. */
      proxies: z
        .array(z.url({ protocol: /^wss?$/ }))
        .min(1)
        .max(8),
      domain: z.string().max(200),
      user: z.string().max(60),
      password: z.string().max(200),
      expiresAt: instantSchema.nullable(),
      iceServers: z
        .array(z.strictObject({ urls: z.string(), username: z.string().optional(), credential: z.string().optional() }))
        .max(8),
      /** Voice goes through a TURN server of `iceServers` only; absent: by whatever way it finds. */
      relayOnly: z.boolean().optional(),
      /** A number that says back what it hears, for the self-check; absent: there is none. */
      echoNumber: z
        .string()
        .regex(/^[0-9*]{2,20}$/)
        .optional(),
    })
    .nullable(),
  /** Whether the PBX records: only then is the recording notice part of the script. */
  records: z.boolean(),
  heartbeatSeconds: z.number().int().min(1).max(60),
  /** Whom a call may be passed on to (转接); absent: nobody. Sent only where there are any. */
  internalNumbers: z.array(internalNumberSchema).max(mostInternalNumbers).optional(),
  /** Absent: `defaultCallWaiting`. */
  callWaiting: callWaitingSchema.optional(),
});
export type StationProfile = z.infer<typeof stationProfileSchema>;

// POST /leases {station, most} (agent's bearer): persons with all their open cases, nearest deadline first, until `most` persons are held
export const leaseRequestSchema = z.strictObject({
  station: idSchema,
  most: z.number().int().min(1).max(200),
  /** The additions to a case that this station takes (shared/case/additions.ts); none from stations before them. */
  knows: z.array(z.string().max(40)).max(40).optional(),
});
export const leaseSchema = z.strictObject({
  person: z.string(),
  epoch: z.number().int().positive(),
  until: instantSchema,
  cases: z.array(z.unknown()), // each parsed by `caseSchema` at the station: one malformed case must not cost the others
});
export type Lease = { person: string; epoch: number; until: string; cases: z.infer<typeof caseSchema>[] };
export const leaseAnswerSchema = z.strictObject({
  leases: z.array(leaseSchema),
  /** All this agent holds, new ones included; a station drops what is not in it. */
  policy: policySchema,
  serverTime: instantSchema,
  /** Open cases of the team that nobody holds. */
  waiting: z.number().int().nonnegative(),
});
export type LeaseAnswer = z.infer<typeof leaseAnswerSchema>;
// POST /leases/return {station} -> 204: gives back all untouched persons (sign-out)

// GET /directives?station=ID (agent's bearer) -> {directives}: those not yet acknowledged by an entry
export const directiveSchema = z.strictObject({
  id: idSchema,
  at: instantSchema,
  order: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('LEASE_REVOKED'), person: z.string(), epoch: z.number().int() }),
    z.strictObject({ type: z.literal('CASE_WITHDRAWN'), caseId: z.string() }),
    z.strictObject({ type: z.literal('DO_NOT_CALL'), number: z.string() }),
    z.strictObject({ type: z.literal('SCRIPT_RECALLED'), script: z.string(), version: z.number().int() }),
    z.strictObject({ type: z.literal('SIGN_OUT') }),
  ]),
  reason: z.string().max(300),
});
export type Directive = z.infer<typeof directiveSchema>;
export const directivesSchema = z.strictObject({ directives: z.array(directiveSchema), serverTime: instantSchema });

// POST /journals/:journal/batches: shared/journal/upload.ts.
// GET /journals/:journal/head (station's signature) -> {seq, hash}: does my journal contain what the server has?
export const headAnswerSchema = z.strictObject({
  seq: z.number().int().nonnegative(),
  hash: z.string(),
  serverTime: instantSchema,
});

// POST /presence (agent's bearer): what the board shows of this agent; the last one stays when the connection is gone
export const presenceStates = ['AVAILABLE', 'ON_CALL', 'WRAP_UP', 'BREAK', 'PREVIEW'] as const;
export const presenceSchema = z.strictObject({
  station: idSchema,
  state: z.enum(presenceStates),
  breakReason: z.string().max(20).optional(),
  since: instantSchema,
  /** Masked respondent and step or call result, e.g. {case: 'HF-1', step: 'borrower.employer'}: ids only, no names. */
  caseId: z.string().max(40).optional(),
  step: z.string().max(80).optional(),
  unsent: z.number().int().nonnegative(),
  oldestUnsentAt: instantSchema.nullable(),
  line: z.enum(['REGISTERED', 'CONNECTING', 'FAULT', 'NOT_CONFIGURED']),
});
export type Presence = z.infer<typeof presenceSchema>;

// GET /board (lead and above; own team) -> Board ; GET /board/stream -> NDJSON, one Board a line when it changed, a blank line each 10 s
// A board that knows all types of exceptions says so (?knows=followUps); one that does not say it is sent the first seven only.
export const boardQuerySchema = z.strictObject({ knows: z.string().max(100).optional() });
export const knowsFollowUps = 'followUps';
export const boardSchema = z.strictObject({
  at: instantSchema,
  team: z.string(),
  queue: z.array(
    z.strictObject({ kind: z.string(), open: z.number().int(), dueToday: z.number().int(), overdue: z.number().int() }),
  ),
  agents: z.array(
    z.strictObject({
      account: z.string(),
      name: z.string(),
      signedIn: z.boolean(),
      state: z.enum(presenceStates).nullable(),
      breakReason: z.string().nullable(),
      since: instantSchema.nullable(),
      /** Masked respondent (甄**) of the current case. */
      respondent: z.string().nullable(),
      step: z.string().nullable(),
      unsent: z.number().int(),
      oldestUnsentAt: instantSchema.nullable(),
      lastHeardAt: instantSchema.nullable(),
      connected: z.boolean(),
      leasedUntil: instantSchema.nullable(),
    }),
  ),
  today: z.strictObject({
    attempts: z.number().int(),
    answered: z.number().int(),
    finished: z.number().int(),
    byDisposition: z.record(z.string(), z.number().int()),
    byCallResult: z.record(z.string(), z.number().int()),
    onTime: z.number().int(),
  }),
  /** Attempts and answered per half hour of today, from 08:00. */
  trend: z.array(z.strictObject({ at: z.string(), attempts: z.number().int(), answered: z.number().int() })),
  /** What a lead has to look at; calls for help first, then late call-backs, then the newest. */
  exceptions: z.array(
    z.strictObject({
      id: z.string(),
      type: z.enum([
        'HELP',
        'CONFLICT',
        'SECOND_VERIFICATION',
        'COMPLAINT',
        'JOURNAL_BROKEN',
        'DISPUTED',
        'FRAUD',
        'CALL_BACK_LATE',
        'EMPLOYER_NOT_CALLED',
      ]),
      caseId: z.string().nullable(),
      respondent: z.string().nullable(),
      at: instantSchema,
      agent: z.string().nullable(),
    }),
  ),
  /** The newest results, masked, newest first: at most 50. */
  results: z.array(
    z.strictObject({
      at: instantSchema,
      caseId: z.string(),
      respondent: z.string(),
      agent: z.string(),
      callResult: z.string(),
      disposition: z.string().nullable(),
      sub: z.string().nullable(),
    }),
  ),
});
export type Board = z.infer<typeof boardSchema>;

// POST /board/settled (lead and above; own team) -> 204: takes an exception off the board, with the lead's reason; recorded in the audit log.
// `at`: of the exception as it was looked at. NOT_FOUND when it stands for something newer by now, and for a call for help.
export const settlementSchema = z.strictObject({
  id: z.string().min(1).max(200),
  at: instantSchema,
  reason: z.string().trim().min(1).max(500),
});
export type Settlement = z.infer<typeof settlementSchema>;

// GET /health (no credential, not below /api/v1)
export const healthSchema = z.strictObject({
  status: z.enum(['ok', 'degraded']),
  database: z.enum(['pglite', 'postgresql']),
  demo: z.boolean(),
  version: z.string(),
  /** So that a station knows the time before it signs anything. */
  serverTime: instantSchema.optional(),
});
