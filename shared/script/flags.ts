/**
 * Red flags (疑点). A flag never decides and never refuses: two that count, or one grave one, let the agent refer the
 * case to risk control (domain.md A45). Weight 0 is a hint for the approver that is no suspicion by itself.
 */
import type { Text } from '../text.ts';

export const flagCodes = [
  'IMPERSONATION',
  'SIGNED_BY_OTHER',
  'LOAN_UNKNOWN',
  'PROPERTY_DIFFERS',
  'PRICE_DIFFERS',
  'EMPLOYER_CONTRADICTS',
  'EMPLOYER_UNEXPLAINED',
  'NO_PROOF',
  'SHORT_TENURE',
  'POSITION_DIFFERS',
  'POSITION_UNFIT',
  'DUTIES_DIFFER',
  'SINCE_DIFFERS',
  'INCOME_DIFFERS',
  'DEBT_HIDDEN',
  'DOWNPAYMENT_LOAN',
  'NO_ORGANISATION',
  'MOBILE_ONLY',
  'ADDRESS_DIFFERS',
  'COLLUSION',
  'NO_COMPANY_NAME',
  'NUMBER_SHARED',
  'NUMBER_TOLD_ONLY',
  'COMPANY_NOT_FOUND',
  'COMPANY_YOUNGER',
  'AREA_DIFFERS',
  'MOBILE_AS_LANDLINE',
] as const;
export type FlagCode = (typeof flagCodes)[number];
export const isFlagCode = (code: string): code is FlagCode => flagCodes.some((known) => known === code);

export type Flag = { readonly text: Text; readonly weight: 0 | 1 | 2 };
const flag = (zh: string, en: string, weight: Flag['weight'] = 1): Flag => ({ text: { zh, en }, weight });

export const flags: Readonly<Record<FlagCode, Flag>> = {
  IMPERSONATION: flag('疑似被冒名申请', 'Someone may have applied in this name', 2),
  SIGNED_BY_OTHER: flag('他人代办或代签', 'Applied or signed by somebody else'),
  LOAN_UNKNOWN: flag('不了解所申请的贷款', 'Does not know the loan'),
  PROPERTY_DIFFERS: flag('房产不符', 'Property differs'),
  PRICE_DIFFERS: flag('房屋总价不符', 'Price differs'),
  EMPLOYER_CONTRADICTS: flag('单位说法矛盾', 'Contradicts about the employer'),
  EMPLOYER_UNEXPLAINED: flag('不愿说明单位差异', 'Will not explain the employer'),
  NO_PROOF: flag('不能提供新单位证明', 'No proof of the new employer'),
  SHORT_TENURE: flag('入职不满六个月或在试用期', 'Under six months with the employer, or on probation', 0),
  POSITION_DIFFERS: flag('部门或岗位不符', 'Department or post differs'),
  POSITION_UNFIT: flag('职责与职务不符', 'Duties do not fit the position'),
  DUTIES_DIFFER: flag('单位与借款人对工作的说法矛盾', 'Employer and borrower contradict each other about the job'),
  SINCE_DIFFERS: flag('入职时间不符', 'Start of employment differs'),
  INCOME_DIFFERS: flag('收入不符', 'Income differs'),
  DEBT_HIDDEN: flag('隐瞒负债', 'Debt concealed'),
  DOWNPAYMENT_LOAN: flag('首付款来自借款', 'Down payment was borrowed'),
  NO_ORGANISATION: flag('登记号码不是单位', 'The registered number is no organisation'),
  MOBILE_ONLY: flag('单位仅有手机', 'The employer has a mobile phone only'),
  ADDRESS_DIFFERS: flag('单位地址不符', "Employer's address differs"),
  COLLUSION: flag('疑似串通', 'Possible collusion'),
  NO_COMPANY_NAME: flag('接听时不报单位名称', "Answered without the company's name"),
  NUMBER_SHARED: flag('号码也登记为另一家单位的电话', "The number is another employer's too"),
  NUMBER_TOLD_ONLY: flag('号码仅由对方提供，没有独立来源', 'The number was only told, no independent source has it', 0),
  COMPANY_NOT_FOUND: flag('公开登记中查无此单位', 'The public register has no such company'),
  COMPANY_YOUNGER: flag('单位成立晚于入职时间', 'The company is younger than the employment'),
  AREA_DIFFERS: flag('号码区号与单位所在地不符', "The number's area is not the company's"),
  MOBILE_AS_LANDLINE: flag('登记为座机的号码实为手机', 'The number given as a landline is a mobile'),
};
