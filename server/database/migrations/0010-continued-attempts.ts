/** One call may ask an employer about several employees: the attempts after the first one name the one before them, and are no calls of their own. */
export const continuedAttempts = {
  name: '0010-continued-attempts',
  statements: ['alter table attempts add column continues text'],
} as const;
