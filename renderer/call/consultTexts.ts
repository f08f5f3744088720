/** What is said when a consultation comes to nothing, or is over. */
import type { CallEnded } from '#shared/call/callResult.ts';
import type { Text } from '#shared/text.ts';

const busy: Text = {
  zh: '同事占线，没有接通。客户仍在保持中，按“恢复”继续通话。',
  en: 'The colleague is busy. The customer is still on hold: press Resume.',
};
const notReached: Text = {
  zh: '同事没有接通。客户仍在保持中，按“恢复”继续通话。',
  en: 'The colleague was not reached. The customer is still on hold: press Resume.',
};
const left: Text = {
  zh: '同事已挂断。客户仍在保持中，按“恢复”继续通话。',
  en: 'The colleague hung up. The customer is still on hold: press Resume.',
};
const leftMeanwhile: Text = {
  zh: '同事已挂断，咨询结束；您正在和客户通话。',
  en: 'The colleague hung up, the consultation is over; you are talking to the customer.',
};

/** `answered`: the colleague had been there. `withCustomer`: the agent is talking to the customer meanwhile. */
export function consultOver(ended: CallEnded, answered: boolean, withCustomer: boolean): Text {
  if (withCustomer) return leftMeanwhile;
  if (answered) return left;
  return ended.sipStatus === 486 || ended.sipStatus === 600 ? busy : notReached;
}
