/** Today's calls to a number are counted across cases and teams, each time cases are leased. */
export const attemptsByNumber = {
  name: '0008-attempts-by-number',
  statements: ['create index attempts_by_number on attempts (number, started_at)'],
} as const;
