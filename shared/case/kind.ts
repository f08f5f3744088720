import { z } from 'zod';
import type { Text } from '../text.ts';

/** A case has one kind and one respondent (domain.md §0.2). */
export const caseKinds = [
  'PRELOAN_BORROWER',
  'EMPLOYER',
  'COBORROWER',
  'GUARANTOR',
  'APPROVAL',
  'POST_FIRST',
  'POST_PERIODIC',
  'PRE_MATURITY',
  'SUPPLEMENT',
  'SATISFACTION',
] as const;
export const caseKindSchema = z.enum(caseKinds);
export type CaseKind = z.infer<typeof caseKindSchema>;

export const caseKindTexts: Readonly<Record<CaseKind, Text>> = {
  PRELOAN_BORROWER: { zh: '贷前核实', en: 'Pre-loan, borrower' },
  EMPLOYER: { zh: '单位核实', en: 'Employer' },
  COBORROWER: { zh: '共同借款人确认', en: 'Co-borrower' },
  GUARANTOR: { zh: '担保人确认', en: 'Guarantor' },
  APPROVAL: { zh: '审批后回访', en: 'After approval' },
  POST_FIRST: { zh: '贷后首次', en: 'First after disbursement' },
  POST_PERIODIC: { zh: '贷后定期', en: 'Periodic' },
  PRE_MATURITY: { zh: '到期前回访', en: 'Before maturity' },
  SUPPLEMENT: { zh: '补件', en: 'Missing information' },
  SATISFACTION: { zh: '满意度回访', en: 'Satisfaction' },
};
