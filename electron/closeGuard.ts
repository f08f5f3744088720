/** Before the window closes: asks while a call is running or entries wait, because the person may not know what stays behind. */
import type { CloseRisk } from '#shared/bridge.ts';
import type { Language, Text } from '#shared/text.ts';

/** The question in the person's language, and the two buttons. */
export type CloseWords = { message: string; detail: string; stay: string; close: string };

export type CloseQuestion = { message: Text; detail: Text };

/** What to ask; undefined when nothing would be lost. */
export function closeQuestion({ inCall, unsent }: CloseRisk): CloseQuestion | undefined {
  const waiting: Text = {
    zh: `还有 ${unsent} 条记录未上传。它们已保存在本机，下次启动后继续上传。`,
    en: `${unsent} ${unsent === 1 ? 'entry is' : 'entries are'} not uploaded yet. They are kept on this machine and go out after the next start.`,
  };
  if (inCall) {
    const cut: Text = {
      zh: '关闭后通话会中断，本次外呼记为“中断”。',
      en: 'Closing cuts the call; the attempt is recorded as interrupted.',
    };
    return {
      message: { zh: '正在通话，确定关闭吗？', en: 'A call is running. Close anyway?' },
      detail: unsent > 0 ? { zh: `${cut.zh}${waiting.zh}`, en: `${cut.en} ${waiting.en}` } : cut,
    };
  }
  if (unsent > 0) {
    return {
      message: { zh: '有未上传的记录，确定关闭吗？', en: 'Entries are waiting. Close anyway?' },
      detail: waiting,
    };
  }
  return undefined;
}

export const closeButtons: readonly [stay: Text, close: Text] = [
  { zh: '留下', en: 'Stay' },
  { zh: '仍然关闭', en: 'Close anyway' },
];

export type CloseGuard = {
  /** The page said what would be lost now. */
  setRisk(risk: CloseRisk): void;
  /** On the window's close event: true when it may close; else it asks, and closes by itself once the person agreed. */
  mayClose(): boolean;
  /** The operating system or the launcher ends us: no question any more (everything recorded is durable). */
  letGo(): void;
};

/** `ask` resolves to true when the person wants to close anyway; `close` closes the window again. */
export function createCloseGuard(
  language: () => Language,
  ask: (words: CloseWords) => Promise<boolean>,
  close: () => void,
): CloseGuard {
  let risk: CloseRisk = { inCall: false, unsent: 0 };
  let free = false;
  let asking = false;
  return {
    setRisk: (next) => {
      risk = next;
    },
    mayClose: () => {
      const question = closeQuestion(risk);
      if (free || question === undefined) return true;
      if (!asking) {
        asking = true;
        const spoken = language();
        const words = {
          message: question.message[spoken],
          detail: question.detail[spoken],
          stay: closeButtons[0][spoken],
          close: closeButtons[1][spoken],
        };
        void ask(words)
          .then((agreed) => {
            free = agreed;
            if (agreed) close();
          })
          .finally(() => {
            asking = false;
          });
      }
      return false;
    },
    letGo: () => {
      free = true;
    },
  };
}
