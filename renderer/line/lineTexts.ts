/** What the line says for itself; what went wrong on the wire comes from the driver as a Problem. */
import type { Text } from '#shared/text.ts';

export const lineTexts = {
  unknown: {
    zh: '话机出现意外故障，正在自动重试；若一直如此，请联系技术支持。',
    en: 'The line failed unexpectedly. We keep trying; if it lasts, call support.',
  },
  lost: {
    zh: '与电话服务器的连接断了，正在自动恢复；通话中的声音若还在，可以继续说。',
    en: 'The connection to the phone server was lost and is being restored. If you still hear the customer, go on talking.',
  },
  silent: {
    zh: '电话服务器没有回应，正在重新连接。',
    en: 'The phone server went silent. Reconnecting.',
  },
  bindingGone: {
    zh: '电话服务器丢失了本话机的登记，正在重新登记；此前的来电可能没有接到。',
    en: 'The phone server lost our registration. Registering again; calls of the last seconds may have been missed.',
  },
  taken: {
    zh: '本话机的账号被另一台终端占用，登记被反复顶掉；请联系管理员检查话机账号的分配。',
    en: 'Another station uses this line’s account and keeps pushing us out. Ask your administrator who has which account.',
  },
  expired: {
    zh: '话机密码已到期，正在向银行后台领取新密码，取得后自动恢复；若一直如此，请联系管理员续期。',
    en: 'The password of this line has expired. A new one is being fetched from the bank and used at once; if it lasts, ask your administrator to renew it.',
  },
  notConfigured: {
    zh: '本终端没有配置话机；请联系管理员，或用桌面电话拨打。',
    en: 'This station has no line configured. Ask your administrator, or dial on a desk phone.',
  },
} as const satisfies Record<string, Text>;
