/**
 * The bank server's tables, as Kysely knows them. One SQL dialect, PostgreSQL's; PGlite speaks it too.
 *
 *   facts         entries (with journals), leases, case_revisions, accounts … : never derived
 *   projections   attempts … case_states: derived from entries alone, rebuilt by `npm run bank -- rebuild`
 *
 * JSON lies in text columns: it is parsed by zod on the way out anyway, and text keeps every byte as it came.
 * `id`s are made by the caller; instants are the business clock's unless the column says `real_`.
 */
import type { Generated, Kysely, Transaction } from 'kysely';

export type Tables = {
  settings: { name: string; value: string };
  keys: { name: string; value: string };
  tries: { address: string; real_at: Date };
  audit: { id: Generated<number>; at: Date; what: string; account: string | null; station: string | null };

  accounts: {
    account: string;
    name: string;
    role: string;
    team: string;
    handling: string;
    password_hash: string;
    wrong_count: number;
    real_locked_until: Date | null;
    locked: boolean;
  };
  /** One sign-in: the family of its refresh tokens. */
  sessions: {
    id: string;
    account: string;
    station: string | null;
    real_created_at: Date;
    real_expires_at: Date;
    real_revoked_at: Date | null;
  };
  /** `predecessor`: the hash of the token it was given for; null for the first of a session. */
  refresh_tokens: { hash: string; session: string; predecessor: string | null; real_used_at: Date | null };

  enrolment_codes: { hash: string; team: string; real_expires_at: Date; real_used_at: Date | null; practice: boolean };
  stations: {
    id: string;
    name: string;
    team: string;
    public_key: string;
    practice: boolean;
    records: boolean;
    /** JSON of the line's profile; null: not configured (practice stations take theirs from the process). */
    line: string | null;
    practice_seat: number | null;
    enrolled_at: Date;
    real_revoked_at: Date | null;
    /** Of the one wrapped data key this station may have unwrapped; null until it asked for the first time. */
    wrapped_key_hash: string | null;
    /** JSON; null: nobody. */
    internal_numbers: string | null;
    /** JSON; null: as the policy's default says. */
    call_waiting: string | null;
  };

  cases: {
    id: string;
    person: string;
    team: string;
    kind: string;
    deadline: Date;
    /** As imported; one made since lies in the projections. */
    appointment_at: Date | null;
    appointment: string | null;
    /** JSON of the case as imported; what happened since is added from the projections. */
    document: string;
    base_revision: number;
    withdrawn_at: Date | null;
  };
  employer_lines: { case_id: string; digits: string; number: string; employer: string };
  case_revisions: { case_id: string; revision: number; document: string; at: Date };
  /** One row per person: what is locked to lease a person, and the newest epoch. */
  persons: { person: string; team: string; epoch: number };
  leases: {
    person: string;
    epoch: number;
    agent: string;
    station: string;
    leased_at: Date;
    until: Date;
    ended_at: Date | null;
    ended_by: string | null;
  };
  directives: {
    id: string;
    at: Date;
    agent: string | null;
    station: string | null;
    order_json: string;
    reason: string;
  };
  directive_acknowledgements: { directive: string; station: string; at: Date };
  do_not_call: { digits: string; at: Date; reason: string };
  /** What leads decided about rows of the board; by the entry each stood for. */
  settled_exceptions: { exception: string; journal: string; seq: number; at: Date; account: string; reason: string };
  presence: {
    account: string;
    station: string;
    body: string;
    unsent: number;
    oldest_unsent_at: Date | null;
    heard_at: Date;
  };
  notices: {
    journal: string;
    seq: number;
    /** null: asked for before the first call. */
    attempt: string | null;
    case_id: string | null;
    contact: string | null;
    /** null: one that followed an attempt. */
    template: string | null;
    requested_at: Date;
    real_held_until: Date;
    sent_at: Date | null;
    cancelled_at: Date | null;
  };

  journals: {
    journal: string;
    station: string;
    continues: string | null;
    head_seq: number;
    head_hash: string;
    received_at: Date;
  };
  entries: {
    position: Generated<number>;
    journal: string;
    seq: number;
    /** 0: in the chain. More: another entry with the same seq (a restored or cloned disk). */
    fork: number;
    hash: string;
    state: string;
    reason: string | null;
    kind: string | null;
    agent: string | null;
    case_id: string | null;
    attempt: string | null;
    lease_epoch: number | null;
    /** The station's time corrected by the offset it knew: what the business reads. */
    at: Date | null;
    /** Exact texts; `raw` instead when the entry could not be understood (base64 of its UTF-8). */
    header: string | null;
    salt: string | null;
    body: string | null;
    raw: string | null;
    received_at: Date;
  };

  attempts: {
    attempt: string;
    journal: string;
    seq: number;
    case_id: string | null;
    agent: string;
    station: string;
    team: string;
    direction: string;
    contact: string | null;
    number: string;
    /** The attempt before it in the same call; null: a call of its own. */
    continues: string | null;
    started_at: Date;
    ended_at: Date | null;
    call_id: string | null;
    rang_seconds: number | null;
    talked_seconds: number | null;
    ended: string | null;
    /** JSON of the call's quality; null: not measured. */
    quality: string | null;
    call_result: string | null;
    disposition: string | null;
    sub: string | null;
  };
  dispositions: {
    journal: string;
    seq: number;
    attempt: string;
    case_id: string | null;
    agent: string;
    team: string;
    at: Date;
    call_result: string;
    code: string | null;
    sub: string | null;
    finishes: boolean;
    flags: string;
    evidence: string;
    note: string;
    by_whom: string;
    standing: boolean;
  };
  contact_changes: {
    journal: string;
    seq: number;
    case_id: string;
    contact: string;
    status: string | null;
    number: string | null;
    source: string | null;
    role: string | null;
    owner: string | null;
    /** JSON; null: nobody said. */
    slot: string | null;
    agent: string;
    at: Date;
    standing: boolean;
  };
  appointments: {
    journal: string;
    seq: number;
    case_id: string;
    attempt: string;
    at: Date;
    body: string;
    made_at: Date;
    standing: boolean;
  };
  follow_ups: {
    journal: string;
    seq: number;
    case_id: string | null;
    attempt: string;
    kind: string;
    due: Date | null;
    contact: string | null;
    rule: string;
    at: Date;
    standing: boolean;
  };
  exceptions: {
    id: string;
    type: string;
    case_id: string | null;
    agent: string | null;
    team: string;
    journal: string;
    seq: number;
    at: Date;
    standing: boolean;
  };
  case_states: {
    case_id: string;
    status: string;
    appointment_at: Date | null;
    appointment: string | null;
    /** Entries about this case that had an effect: the revision is base_revision + changes. */
    changes: number;
  };
};

export type Database = Kysely<Tables>;
/** Inside a transaction only this handle may be used: the outer one would wait for the transaction itself. */
export type DatabaseTransaction = Transaction<Tables>;
