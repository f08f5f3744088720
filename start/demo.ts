/** The accounts `--demo` makes in the bank server, to be printed: commands do not reach into programs, so a test keeps the two lists equal. */
export const demoAccounts = [
  { account: 'A017', password: 'huifang-a017', role: 'agent' },
  { account: 'A021', password: 'huifang-a021', role: 'agent' },
  { account: 'L002', password: 'huifang-l002', role: 'lead' },
] as const;
