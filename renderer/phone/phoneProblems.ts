/** What can go wrong with a line or a call, each with a sentence that says what to do. No number and no name in any of them. */
import { Problem, type ProblemCategory } from '#shared/problem.ts';
import type { Text } from '#shared/text.ts';

export const phoneProblems = {
  LINE_UNREACHABLE: {
    category: 'network',
    zh: '连不上电话服务器，正在自动重试；若一直如此，请检查网络或联系技术支持。',
    en: 'The phone server cannot be reached. We keep trying; if it lasts, check the network or call support.',
  },
  LINE_CREDENTIALS: {
    category: 'access',
    zh: '电话服务器不接受本终端的话机账号或密码，已停止重试以免账号被锁；请联系管理员核对，更正后会自动恢复，或重新签入。',
    en: 'The phone server refuses this station’s account or password; trying on might lock it. Ask your administrator to correct it: then the line comes back by itself, or when you sign in again.',
  },
  LINE_NOT_REGISTERED: {
    category: 'phone',
    zh: '电话服务器暂时不能登记本话机，正在自动重试。',
    en: 'The phone server cannot register this line at the moment. We keep trying.',
  },
  LINE_SILENT: {
    category: 'network',
    zh: '电话服务器没有回应，正在重新连接。',
    en: 'The phone server went silent. Reconnecting.',
  },
  LINE_IN_USE: {
    category: 'phone',
    zh: '正在通话，话机暂不切换到另一台电话服务器。',
    en: 'A call is running, so the line does not change to another phone server now.',
  },
  LINE_DOWN: {
    category: 'network',
    zh: '话机已断线，此操作未执行；恢复后请再试。',
    en: 'The line is down, so nothing was done. Try again when it is back.',
  },
  CALL_CUT: {
    category: 'network',
    zh: '话机断线，这通电话已随之结束；恢复后需要时请重拨。',
    en: 'The line was lost, and this call with it. Dial again once it is back, if needed.',
  },
  NO_MICROPHONE: {
    category: 'device',
    zh: '没有找到麦克风；请插上耳机后再拨。',
    en: 'No microphone was found. Plug in the headset and dial again.',
  },
  MICROPHONE_DENIED: {
    category: 'device',
    zh: '麦克风被禁止使用；请在系统或浏览器设置中允许本程序使用麦克风。',
    en: 'The microphone is not permitted. Allow it for this program in the settings of the system or browser.',
  },
  HOLD_REFUSED: {
    category: 'phone',
    zh: '对方线路不同意保持或恢复，通话照旧；请稍后再试。',
    en: 'The other side did not agree to hold or resume. The call goes on as it was; try again in a moment.',
  },
  DIGIT_NOT_SENT: {
    category: 'phone',
    zh: '按键没有送出；通话接通后才能按键。',
    en: 'The digit was not sent. Digits can be sent once the call is answered.',
  },
  TRANSFER_NOT_NOW: {
    category: 'phone',
    zh: '现在不能转接：通话接通后、且没有别的转接在进行时才可以。',
    en: 'A transfer is not possible now: the call must be answered and no other transfer under way.',
  },
  TRANSFER_BUSY: {
    category: 'phone',
    zh: '没有转成：对方分机占线。客户仍在本通话中。',
    en: 'Not transferred: the colleague’s line is busy. The customer is still with you.',
  },
  TRANSFER_NO_ANSWER: {
    category: 'phone',
    zh: '没有转成：对方分机无人接听。客户仍在本通话中。',
    en: 'Not transferred: nobody answered there. The customer is still with you.',
  },
  TRANSFER_NO_SUCH_NUMBER: {
    category: 'phone',
    zh: '没有转成：交换机不认识这个内部号码，请告知管理员。客户仍在本通话中。',
    en: 'Not transferred: the exchange does not know this internal number; tell your administrator. The customer is still with you.',
  },
  TRANSFER_NOT_SUPPORTED: {
    category: 'phone',
    zh: '没有转成：这台交换机不支持转接。客户仍在本通话中。',
    en: 'Not transferred: this exchange does not do transfers. The customer is still with you.',
  },
  TRANSFER_REFUSED: {
    category: 'phone',
    zh: '没有转成：交换机或对方拒绝了转接。客户仍在本通话中。',
    en: 'Not transferred: the exchange or the other side refused. The customer is still with you.',
  },
  TRANSFER_UNCLEAR: {
    category: 'phone',
    zh: '转接没有结果：本通话还在，请先问一声客户是否还在线。',
    en: 'The transfer came to nothing we were told of. Your call is still up: ask whether the customer is there.',
  },
  NOTE_NOT_SENT: {
    category: 'phone',
    zh: '附注没有送出。',
    en: 'The note was not sent.',
  },
  CALL_NOT_THERE: {
    category: 'phone',
    zh: '来电已经结束，无法接听。',
    en: 'The caller has hung up; the call cannot be taken any more.',
  },
  NO_NETWORK_PATH: {
    category: 'network',
    zh: '本机没有可用于语音的网络；请检查网络连接或防火墙后再拨。',
    en: 'This machine has no network for voice. Check the connection or the firewall and dial again.',
  },
  NO_RELAY: {
    category: 'network',
    zh: '语音中继（TURN）连不上，按规定没有中继不能通话；请检查网络后再拨，仍不行请联系管理员核对中继设置。',
    en: 'The voice relay (TURN) cannot be reached, and calls must go through it. Check the network and dial again; if it lasts, ask your administrator to check the relay.',
  },
  REDIRECTED: {
    category: 'phone',
    zh: '对方要求转拨别的号码；未经许可的号码不会自动拨出，请按规定登记后另行处理。',
    en: 'The other side asked us to dial another number. Nothing is dialled without a permit: record it, and deal with the number by the rules.',
  },
  NO_COMMON_AUDIO: {
    category: 'phone',
    zh: '对方线路没有给出可用的语音，通话已结束；请再拨一次，仍不行请联系技术支持。',
    en: 'The other side offered no audio this station can use, so the call was ended. Dial again; if it lasts, call support.',
  },
  CALL_GHOST: {
    category: 'phone',
    zh: '对方线路上已没有这通电话（声音早已中断），已自动结束；需要时请重拨。',
    en: 'The other side no longer knows this call and nothing was heard any more, so it was ended. Dial again if needed.',
  },
  MEDIA_GONE: {
    category: 'network',
    zh: '声音中断 30 秒未能恢复，通话已结束；请检查网络后重拨。',
    en: 'The audio stayed away for 30 seconds, so the call was ended. Check the network and dial again.',
  },
} as const satisfies Record<string, Text & { category: ProblemCategory }>;

export type PhoneProblemCode = keyof typeof phoneProblems;

/** The Problem of a code, with its sentence. */
export function phoneProblem(code: PhoneProblemCode, cause?: unknown): Problem {
  const { category, zh, en } = phoneProblems[code];
  return new Problem(code, category, { zh, en }, cause);
}
