/** Accounts of the demo. Their passwords are printed at the start and worth nothing: they exist with --demo only. */
import type { Role } from '#shared/server/api.ts';

export const demoTeam = 'T1';

export type DemoAccount = { account: string; name: string; role: Role; team: string; password: string };

export const demoAccounts: readonly DemoAccount[] = [
  { account: 'A017', name: '林晓', role: 'agent', team: demoTeam, password: 'huifang-a017' },
  { account: 'A021', name: '周敏', role: 'agent', team: demoTeam, password: 'huifang-a021' },
  { account: 'L002', name: '秦班长', role: 'lead', team: demoTeam, password: 'huifang-l002' },
];
