/** Colleagues a practice station may pass a call on to; the practice PBX plays them (practice/colleagues.ts). */
import type { InternalNumber } from '#shared/policy/dialPermit.ts';

export const demoInternalNumbers: readonly InternalNumber[] = [
  { number: '8001', name: { zh: '客户经理 沈知夏', en: 'Account manager Shen' } },
  { number: '8002', name: { zh: '授信审批值班', en: 'Credit desk on duty' } },
  { number: '8003', name: { zh: '投诉受理台', en: 'Complaint desk' } },
  { number: '8009', name: { zh: '总行转接台', en: 'Head office switchboard' } },
];
