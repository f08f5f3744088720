/** What can go wrong with a line or a call, each with a sentence that says what to do. No number and no name in any of them. */
import { Problem, type ProblemCategory } from '#shared/problem.ts';
import type { Text } from '#shared/text.ts';

export const phoneProblems = {
  LINE_UNREACHABLE: {
    category: 'network',
    zh: '连不上电话服务器,正在自动重试;若一直如此,请检查网络或联系技术支持。',
    en: 'The phone server cannot be reached. We keep trying; if it lasts, check the network or call support.',
  },
  LINE_CREDENTIALS: {
    category: 'access',
    zh: '电话服务器不接受本终端的话机账号或密码,已停止重试以免账号被锁;请联系管理员核对,更正后会自动恢复,或重新签入。',
    en: 'The phone server refuses this station’s account or password; trying on might lock it. Ask your administrator to correct it: then the line comes back by itself, or when you sign in again.',
  },
  LINE_NOT_REGISTERED: {
    category: 'phone',
    zh: '电话服务器暂时不能登记本话机,正在自动重试。',
    en: 'The phone server cannot register this line at the moment. We keep trying.',
  },
  LINE_SILENT: {
    category: 'network',
    zh: '电话服务器没有回应,正在重新连接。',
    en: 'The phone server went silent. Reconnecting.',
  },
  LINE_IN_USE: {
    category: 'phone',
    zh: '正在通话,话机暂不切换到另一台电话服务器。',
    en: 'A call is running, so the line does not change to another phone server now.',
  },
  LINE_DOWN: {
    category: 'network',
    zh: '话机已断线,此操作未执行;恢复后请再试。',
    en: 'The line is down, so nothing was done. Try again when it is back.',
  },
  NO_MICROPHONE: {
    category: 'device',
    zh: '没有找到麦克风;请插上耳机后再拨。',
    en: 'No microphone was found. Plug in the headset and dial again.',
  },
  MICROPHONE_DENIED: {
    category: 'device',
    zh: '麦克风被禁止使用;请在系统或浏览器设置中允许本程序使用麦克风。',
    en: 'The microphone is not permitted. Allow it for this program in the settings of the system or browser.',
  },
  HOLD_REFUSED: {
    category: 'phone',
    zh: '对方线路不同意保持或恢复,通话照旧;请稍后再试。',
    en: 'The other side did not agree to hold or resume. The call goes on as it was; try again in a moment.',
  },
  DIGIT_NOT_SENT: {
    category: 'phone',
    zh: '按键没有送出;通话接通后才能按键。',
    en: 'The digit was not sent. Digits can be sent once the call is answered.',
  },
  TRANSFER_NOT_NOW: {
    category: 'phone',
    zh: '现在不能转接:通话接通后、且没有别的转接在进行时才可以。',
    en: 'A transfer is not possible now: the call must be answered and no other transfer under way.',
  },
  TRANSFER_BUSY: {
    category: 'phone',
    zh: '没有转成:对方分机占线。客户仍在本通话中。',
    en: 'Not transferred: the colleague’s line is busy. The customer is still with you.',
  },
  TRANSFER_NO_ANSWER: {
    category: 'phone',
    zh: '没有转成:对方分机无人接听。客户仍在本通话中。',
    en: 'Not transferred: nobody answered there. The customer is still with you.',
  },
  TRANSFER_NO_SUCH_NUMBER: {
    category: 'phone',
    zh: '没有转成:交换机不认识这个内部号码,请告知管理员。客户仍在本通话中。',
    en: 'Not transferred: the exchange does not know this internal number; tell your administrator. The customer is still with you.',
  },
  TRANSFER_NOT_SUPPORTED: {
    category: 'phone',
    zh: '没有转成:这台交换机不支持转接。客户仍在本通话中。',
    en: 'Not transferred: this exchange does not do transfers. The customer is still with you.',
  },
  TRANSFER_REFUSED: {
    category: 'phone',
    zh: '没有转成:交换机或对方拒绝了转接。客户仍在本通话中。',
    en: 'Not transferred: the exchange or the other side refused. The customer is still with you.',
  },
  TRANSFER_UNCLEAR: {
    category: 'phone',
    zh: '转接没有结果:本通话还在,请先问一声客户是否还在线。',
    en: 'The transfer came to nothing we were told of. Your call is still up: ask whether the customer is there.',
  },
  CONSULT_BUSY: {
    category: 'phone',
    zh: '同事占线,没有接通;客户仍在保持中,按 Shift+F9 恢复。',
    en: 'The colleague is busy. The customer is still on hold: Shift+F9 resumes.',
  },
  CONSULT_NOT_REACHED: {
    category: 'phone',
    zh: '同事没有接通;客户仍在保持中,按 Shift+F9 恢复。',
    en: 'The colleague was not reached. The customer is still on hold: Shift+F9 resumes.',
  },
  CONSULT_OVER: {
    category: 'phone',
    zh: '同事已挂断;客户仍在保持中,按 Shift+F9 恢复。',
    en: 'The colleague hung up. The customer is still on hold: Shift+F9 resumes.',
  },
  NOTE_NOT_SENT: {
    category: 'phone',
    zh: '附注没有送出。',
    en: 'The note was not sent.',
  },
  CALL_NOT_THERE: {
    category: 'phone',
    zh: '来电已经结束,无法接听。',
    en: 'The caller has hung up; the call cannot be taken any more.',
  },
  NO_NETWORK_PATH: {
    category: 'network',
    zh: '本机没有可用于语音的网络;请检查网络连接或防火墙后再拨。',
    en: 'This machine has no network for voice. Check the connection or the firewall and dial again.',
  },
} as const satisfies Record<string, Text & { category: ProblemCategory }>;

export type PhoneProblemCode = keyof typeof phoneProblems;

/** The Problem of a code, with its sentence. */
export function phoneProblem(code: PhoneProblemCode, cause?: unknown): Problem {
  const { category, zh, en } = phoneProblems[code];
  return new Problem(code, category, { zh, en }, cause);
}
