/**
 * The board as it changes: NDJSON, one Board a line, a blank line each 10 s. A stream that says nothing for 30 s is dead, whatever the
 * connection pretends.
 */
import { type Board, boardSchema } from '#shared/server/api.ts';
import { bankProblems } from './bankProblem.ts';
import { backOffMs, type Fraction, type Wait } from './timing.ts';

const silenceMs = 30_000;
const longestLine = 5_000_000;

export type StreamParts = {
  open: (signal: AbortSignal) => Promise<Response>;
  onBoard: (board: Board) => void;
  signal: AbortSignal;
  timeout: (ms: number) => AbortSignal;
};

function boardOf(line: string): Board {
  try {
    return boardSchema.parse(JSON.parse(line));
  } catch (error) {
    throw bankProblems.unreadable(error);
  }
}

/** Resolves when `signal` aborts; rejects with a Problem when the stream ends, falls silent or says something else. */
export async function readBoards({ open, onBoard, signal, timeout }: StreamParts): Promise<void> {
  const stop = new AbortController();
  const giveUp = () => stop.abort();
  signal.addEventListener('abort', giveUp);
  const beforeSilence = <T>(work: Promise<T>): Promise<T> => {
    const silence = timeout(silenceMs);
    return new Promise<T>((resolve, reject) => {
      silence.addEventListener('abort', () => {
        giveUp();
        reject(bankProblems.timeout());
      });
      work.then(resolve, reject);
    });
  };
  try {
    const response = await beforeSilence(open(stop.signal));
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    if (reader === undefined) throw bankProblems.unreadable();
    let rest = '';
    for (;;) {
      const { done, value } = await beforeSilence(reader.read());
      if (done) throw bankProblems.unreachable();
      const lines = (rest + value).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > longestLine) throw bankProblems.unreadable();
      for (const line of lines) if (line.trim() !== '') onBoard(boardOf(line));
    }
  } catch (error) {
    if (!signal.aborted)
      throw error instanceof Error && error.name === 'Problem' ? error : bankProblems.unreachable(error);
  } finally {
    signal.removeEventListener('abort', giveUp);
    giveUp();
  }
}

/** Keeps a board stream open with back-off until `signal` aborts; `onLost` hears each loss, so that the screen can say how old it is. */
export async function watchBoard(
  stream: (onBoard: (board: Board) => void, signal: AbortSignal) => Promise<void>,
  heard: { onBoard: (board: Board) => void; onLost: (problem: unknown) => void },
  { wait, fraction, signal }: { wait: Wait; fraction: Fraction; signal: AbortSignal },
): Promise<void> {
  let tries = 0;
  while (!signal.aborted) {
    try {
      await stream((board) => {
        tries = 0;
        heard.onBoard(board);
      }, signal);
    } catch (problem) {
      tries += 1;
      heard.onLost(problem);
      await wait(backOffMs(tries, fraction, 15_000), signal);
    }
  }
}
