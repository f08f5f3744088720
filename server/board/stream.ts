/**
 * The board as a stream: NDJSON, one board a line when it changed, a blank line each 10 seconds so that both sides notice a dead
 * connection. Each instance reads a team's rows once a second while somebody of that team listens, whoever many they are.
 * A stream ends when its session or its station is revoked, when the session is over, and when its reader takes nothing for a minute.
 */
import { Readable } from 'node:stream';
import type { Board } from '#shared/server/api.ts';
import type { Bank } from '../bank.ts';
import { boardOf } from './board.ts';
import { forOlderBoards } from './exceptions.ts';

const tickMs = 1000;
const blankAfterMs = 10_000;
const stuckAfterMs = 60_000;

type Listener = {
  session: string;
  knowsAll: boolean;
  stream: Readable;
  /** False while the reader's buffer is full: boards are skipped then, the newest goes out when it drains. */
  ready: boolean;
  sentText: string | undefined;
  sentAt: number;
  blockedSince: number | undefined;
};

export type BoardFeed = {
  /** `knowsAll`: whether the board there knows every type of exception. @returns a stream that ends by itself. */
  listen(team: string, session: string, knowsAll: boolean): Readable;
  close(): void;
};

export function createBoardFeed(bank: Bank): BoardFeed {
  const teams = new Map<string, Set<Listener>>();
  let timer: NodeJS.Timeout | undefined;
  let running = false;

  const drop = (team: string, listener: Listener) => {
    const listeners = teams.get(team);
    listeners?.delete(listener);
    if (listeners?.size === 0) teams.delete(team);
    if (teams.size === 0 && timer !== undefined) {
      clearInterval(timer);
      timer = undefined;
    }
  };

  async function tick(): Promise<void> {
    if (running) return; // a slow database must not pile ticks up
    running = true;
    try {
      const live = await liveSessions(
        bank,
        [...teams.values()].flatMap((set) => [...set].map((one) => one.session)),
      );
      for (const [team, listeners] of [...teams]) {
        for (const listener of [...listeners]) if (!live.has(listener.session)) listener.stream.push(null);
        const board = await boardOf(bank, team);
        const older = forOlderBoards(board);
        for (const listener of [...listeners])
          if (live.has(listener.session)) offer(listener, listener.knowsAll ? board : older, Date.now());
      }
    } catch {
      // The database is away: listeners keep what they have, the next tick tries again; /health says what is wrong.
    } finally {
      running = false;
    }
  }

  return {
    listen(team, session, knowsAll) {
      const stream = new Readable({ highWaterMark: 64 * 1024, read: () => markReady(listener) });
      const listener: Listener = {
        session,
        knowsAll,
        stream,
        ready: true,
        sentText: undefined,
        sentAt: Date.now(),
        blockedSince: undefined,
      };
      teams.set(team, (teams.get(team) ?? new Set()).add(listener));
      const forget = () => drop(team, listener);
      stream.once('close', forget);
      stream.once('end', forget);
      timer ??= setInterval(() => void tick(), tickMs);
      void tick();
      return stream;
    },
    close() {
      if (timer !== undefined) clearInterval(timer);
      timer = undefined;
      for (const listeners of teams.values()) for (const listener of listeners) listener.stream.push(null);
      teams.clear();
    },
  };
}

function markReady(listener: Listener): void {
  listener.ready = true;
  listener.blockedSince = undefined;
}

function offer(listener: Listener, board: Board, now: number): void {
  if (!listener.ready) {
    listener.blockedSince ??= now;
    if (now - listener.blockedSince > stuckAfterMs) listener.stream.destroy();
    return;
  }
  const { at: _at, ...content } = board;
  const text = JSON.stringify(content);
  if (text === listener.sentText && now - listener.sentAt < blankAfterMs) return;
  const line = text === listener.sentText ? '\n' : `${JSON.stringify(board)}\n`;
  listener.sentText = text;
  listener.sentAt = now;
  listener.ready = listener.stream.push(line);
}

async function liveSessions(bank: Bank, sessions: readonly string[]): Promise<Set<string>> {
  if (sessions.length === 0) return new Set();
  const rows = await bank.database
    .selectFrom('sessions')
    .innerJoin('accounts', 'accounts.account', 'sessions.account')
    .leftJoin('stations', 'stations.id', 'sessions.station')
    .select('sessions.id')
    .where('sessions.id', 'in', sessions)
    .where('sessions.real_revoked_at', 'is', null)
    .where('sessions.real_expires_at', '>', new Date())
    .where('accounts.locked', '=', false)
    .where('stations.real_revoked_at', 'is', null)
    .execute();
  return new Set(rows.map((row) => row.id));
}
