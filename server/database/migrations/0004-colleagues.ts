/** Whom a station may pass a call on to, and whether a call may wait while it is busy: JSON of the profile's parts; null: nothing said. */
export const colleagues = {
  name: '0004-colleagues',
  statements: [
    'alter table stations add column internal_numbers text',
    'alter table stations add column call_waiting text',
  ],
} as const;
