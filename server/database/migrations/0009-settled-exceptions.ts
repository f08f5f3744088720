/** What a lead has looked at and decided: a fact, kept through a rebuild. By the entry it was about: a newer one of the same kind stands again. */
export const settledExceptions = {
  name: '0009-settled-exceptions',
  statements: [
    `create table settled_exceptions (exception text not null, journal text not null, seq integer not null, at timestamptz not null,
       account text not null, reason text not null, primary key (exception, journal, seq))`,
    'create index follow_ups_by_kind on follow_ups (kind, due)',
    'create index contact_changes_by_source on contact_changes (source, at)',
  ],
} as const;
