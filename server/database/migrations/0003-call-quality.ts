/** How a call sounded, as its station measured it; and the calls of a time, for the comparison with a PBX's records. */
export const callQuality = {
  name: '0003-call-quality',
  statements: [
    'alter table attempts add column quality text',
    'create index attempts_by_start on attempts (started_at)',
  ],
} as const;
