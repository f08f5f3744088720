/** The accounts `--demo` makes in the bank server (test/start/demo.integration.test.ts signs in with each of them). */
export const demoAccounts = [
  { account: 'agent1', password: 'huifang-demo', role: 'agent' },
  { account: 'agent2', password: 'huifang-demo', role: 'agent' },
  { account: 'lead1', password: 'huifang-demo', role: 'lead' },
] as const;
