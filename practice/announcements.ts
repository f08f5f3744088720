/** What the network says before it gives up, as early media. In China the announcement tells more than the SIP status. */
import type { Text } from '#shared/text.ts';
import type { AnnouncementName, Sentence } from './customers.ts';

export const network: Text = { zh: '网络提示音', en: 'Network announcement' };

export const announcements: Readonly<Record<AnnouncementName, Sentence>> = {
  empty: { zh: '您拨打的号码是空号。', en: 'The number you dialled does not exist.' },
  emptyPolite: {
    zh: '您好，您拨打的号码是空号，请核对后再拨。',
    en: 'The number you dialled does not exist; please check and dial again.',
  },
  suspended: { zh: '您拨打的电话已停机。', en: 'The service of the number you dialled is suspended.' },
  engaged: { zh: '您拨打的电话正在通话中。', en: 'The number you dialled is engaged.' },
  poweredOff: { zh: '您拨打的电话已关机。', en: 'The phone you dialled is switched off.' },
};
