/** The six figures of the board and the order of its rows, computed from a board; pure. Every rate names its denominator. */
import type { Board } from '#shared/server/api.ts';

export type Figures = {
  open: number;
  dueToday: number;
  overdue: number;
  verified: number;
  finished: number;
  wrongEmployer: number;
  secondVerification: number;
  answered: number;
  attempts: number;
  onTime: number;
};

export function figuresOf(board: Board): Figures {
  const sum = (pick: (row: Board['queue'][number]) => number) =>
    board.queue.reduce((total, row) => total + pick(row), 0);
  const results = board.today.byDisposition;
  // The server's key is a code, or `CODE/SUB`: both count.
  const count = (code: string) =>
    Object.entries(results).reduce(
      (total, [key, value]) => (key === code || key.startsWith(`${code}/`) ? total + value : total),
      0,
    );
  return {
    open: sum(({ open }) => open),
    dueToday: sum(({ dueToday }) => dueToday),
    overdue: sum(({ overdue }) => overdue),
    verified: count('VERIFIED') + count('VERIFIED_MINOR'),
    finished: board.today.finished,
    wrongEmployer: count('WRONG_EMPLOYER'),
    secondVerification: board.exceptions.filter(({ type }) => type === 'SECOND_VERIFICATION').length,
    answered: board.today.answered,
    attempts: board.today.attempts,
    onTime: board.today.onTime,
  };
}

/** `48%`, `97.2%`; a dash where nothing was counted. */
export function share(part: number, whole: number, digits = 0): string {
  return whole === 0 ? '—' : `${((part / whole) * 100).toFixed(digits)}%`;
}

export type AgentRow = Board['agents'][number];

/** disconnected: signed in, not heard of, and entries wait or a lease runs: they work on without the server. */
export type AgentState = 'lost' | 'offlineWork' | 'signedOut' | 'connected';
export function agentState(agent: AgentRow): AgentState {
  if (!agent.signedIn) return 'signedOut';
  if (agent.connected) return 'connected';
  return agent.leasedUntil !== null ? 'offlineWork' : 'lost';
}

export const callsForHelp = (agent: AgentRow, exceptions: Board['exceptions']): boolean =>
  exceptions.some((one) => one.type === 'HELP' && one.agent === agent.account);

const ranks: Readonly<Record<AgentState, number>> = { lost: 1, offlineWork: 2, connected: 4, signedOut: 5 };

/**
 * Exceptions first: who waits for help, whom nobody hears of, whose work needs a look; then by account: a row stays where it is while nothing is
 * wrong with it.
 */
export function orderedAgents({ agents, exceptions }: Pick<Board, 'agents' | 'exceptions'>): AgentRow[] {
  const concerned = new Set(exceptions.map(({ agent }) => agent));
  const rank = (agent: AgentRow) => {
    if (callsForHelp(agent, exceptions)) return 0;
    return Math.min(ranks[agentState(agent)], concerned.has(agent.account) ? 3 : 5);
  };
  return [...agents].sort((a, b) => rank(a) - rank(b) || a.account.localeCompare(b.account));
}
