/**
 * Digits (DTMF) on their way to a switchboard, one after the other, whoever pressed them.
 *
 *   press, extension ──► queue ──► tone 100 ms ─ pause 130 ms ─► the next one          `,` is a pause of 2 s
 *                                   │ RFC 4733 where the far side agreed to it, else SIP INFO
 *
 * We keep the time ourselves instead of handing the whole text to the browser: so every digit can be shown when it leaves, INFO has the
 * same rhythm, and a digit pressed meanwhile queues up behind instead of replacing what has not been sent.
 * A digit that cannot be sent takes those behind it with it: a switchboard that got half of an extension connects somebody else.
 */
import type { CallHappening, Digit } from './phone.ts';
import { phoneProblem } from './phoneProblems.ts';

export const toneMilliseconds = 100;
/** Silence between two digits. */
export const gapMilliseconds = 130;
export const commaMilliseconds = 2_000;
/** From the answer, when there is audio, to the first digit of the extension: the switchboard must have begun to listen. */
export const extensionAfterMilliseconds = 1_500;

export type Digits = {
  /** Digits and `,`; others are left out. Resolves when the last one left; rejects with DIGIT_NOT_SENT. */
  send(text: string, extension?: boolean): Promise<void>;
  /** Nothing more is sent. */
  stop(): void;
};

export type DigitWays = {
  /** Sends an RFC 4733 event; false when the far side did not agree to them. */
  tone(digit: Digit): boolean;
  /** The fallback; rejects when it was refused. */
  info(digit: Digit, milliseconds: number): Promise<void>;
  /** Whether digits can be sent now. */
  isUp(): boolean;
  tell(event: CallHappening): void;
};

const isDigit = (text: string): text is Digit => /^[0-9*#A-D]$/.test(text);

type Waiting = { text: string; extension: boolean; sent(): void; failed(error: unknown): void };

export function createDigits(ways: DigitWays): Digits {
  const queue: Waiting[] = [];
  let running = false;
  let stopped = false;

  const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

  const sendOne = async (digit: Digit, extension: boolean): Promise<void> => {
    if (stopped || !ways.isUp()) throw phoneProblem('DIGIT_NOT_SENT');
    if (!ways.tone(digit)) await ways.info(digit, toneMilliseconds);
    ways.tell({ type: 'call.digitSent', digit, extension });
    await pause(toneMilliseconds + gapMilliseconds);
  };

  const work = async (): Promise<void> => {
    if (running) return;
    running = true;
    for (let next = queue[0]; next !== undefined; next = queue[0]) {
      try {
        for (const character of next.text)
          if (character === ',') await pause(commaMilliseconds);
          else if (isDigit(character)) await sendOne(character, next.extension);
        next.sent();
      } catch (error) {
        next.failed(error);
      }
      queue.shift();
    }
    running = false;
  };

  return {
    send: (text, extension = false) =>
      new Promise((resolve, reject) => {
        queue.push({ text, extension, sent: resolve, failed: reject });
        void work();
      }),
    stop() {
      stopped = true;
    },
  };
}
