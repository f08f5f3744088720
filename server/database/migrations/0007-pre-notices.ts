/** A notice before the first call has no attempt, and there is one a case, whoever asked and however often. */
export const preNotices = {
  name: '0007-pre-notices',
  statements: [
    'alter table notices alter column attempt drop not null',
    'alter table notices add column template text',
    'create unique index notices_before_first_call on notices (case_id) where attempt is null',
    'create index notices_waiting on notices (real_held_until) where sent_at is null and cancelled_at is null',
  ],
} as const;
