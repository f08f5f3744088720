/**
 * What customers ask back, and the sentence to read to them. Beside the scripts, because it may be asked at any step: nothing of it is a move, and
 * nothing of it is knowledge. Each answer names the secret it gives away, if any; the rest may be said to anybody who answers (checked by the
 * same list of words as the scripts). What a contract means, and what will be approved, is nobody's to say here (domain.md A49, B1).
 */
import { pinyinInitials } from '../case/initials.ts';
import type { Text } from '../text.ts';
import type { Secret } from './format.ts';

export type CustomerQuestion = {
  readonly id: string;
  readonly question: Text;
  /** May hold {agentId}, {caseRef} and {minutes}. */
  readonly answer: Text;
  /** Other words it is looked for by, with spaces between them. */
  readonly words: string;
  /** Who asks: the customer, somebody at an employer, or either. */
  readonly asker: 'customer' | 'employer' | 'either';
  readonly reveals?: Secret;
};

/** To a borrower who does not want to answer (domain.md 0.4). */
export const mayRefuse: Text = {
  zh: '理解您的顾虑，您可以不回答；我会如实记录，后续由经办网点与您联系。',
  en: 'I understand; you need not answer. I will record that, and the branch will be in touch.',
};

const one = (
  id: string,
  asker: CustomerQuestion['asker'],
  question: Text,
  answer: Text,
  words: string,
  reveals?: Secret,
): CustomerQuestion => ({ id, asker, question, answer, words, ...(reveals === undefined ? {} : { reveals }) });

export const customerQuestions: readonly CustomerQuestion[] = [
  one(
    'who',
    'either',
    { zh: '你是谁？哪里打来的？', en: 'Who are you?' },
    {
      zh: '这里是演示银行，我的工号是{agentId}，给您打电话是做客户回访。',
      en: 'This is Demo Bank, my agent number is {agentId}; this is a customer call-back.',
    },
    '身份 工号 哪家银行 agent bank',
  ),
  one(
    'genuine',
    'either',
    { zh: '怎么证明是银行？是不是诈骗？', en: 'How do I know that it is the bank?' },
    {
      zh: '您如果有疑虑，可以先挂断，拨打银行官方客服热线，报回访编号{caseRef}核实；我们不会向您索要密码、验证码，也不会要求转账。',
      en: 'If in doubt, hang up, call the bank’s official hotline and quote {caseRef}; we never ask for passwords, codes or transfers.',
    },
    '骗子 真假 核实 客服热线 fraud scam hotline trust',
  ),
  one(
    'why',
    'customer',
    { zh: '为什么要问这些？', en: 'Why do you ask?' },
    {
      zh: '这是例行的客户回访，核对您办理业务时填写的资料；具体内容要先确认是您本人再说。',
      en: 'It is a routine call to check what you filled in; before its content I have to make sure that it is you.',
    },
    '目的 什么事 purpose reason',
  ),
  one(
    'whyEmployer',
    'employer',
    { zh: '为什么要核实？他办了什么业务？', en: 'Why do you verify? What is it about?' },
    {
      zh: '我们是客户回访，只核实在职情况；具体内容需与本人沟通，请您谅解。',
      en: 'It is a customer call-back and only about the employment; its content is for the employee. Thank you for understanding.',
    },
    '目的 什么事 purpose reason',
  ),
  one(
    'otherPerson',
    'customer',
    { zh: '（家人、同事）找他什么事？', en: '(Somebody else) What do you want from them?' },
    {
      zh: '我们是客户回访，具体内容需与本人沟通，请您谅解。',
      en: 'It is a customer call-back; its content is for the person alone. Thank you for understanding.',
    },
    '他人 家人 转告 family other',
  ),
  one(
    'howLong',
    'either',
    { zh: '要多久？', en: 'How long does it take?' },
    { zh: '大约需要{minutes}分钟。', en: 'About {minutes} minutes.' },
    '时间 分钟 time minutes',
  ),
  one(
    'later',
    'either',
    { zh: '现在不方便，能改时间吗？', en: 'Can you call me later?' },
    {
      zh: '可以。请您说一个方便的时间，我们按约定的时间再打给您。',
      en: 'Certainly. Name a time that suits you, and we will call at that time.',
    },
    '预约 改天 稍后 busy appointment another time',
  ),
  one(
    'number',
    'either',
    { zh: '你怎么有我的号码？', en: 'Where does my number come from?' },
    {
      zh: '号码来自办理业务时的登记或公开信息；如果登记有误，我们马上核对更正。',
      en: 'It was given in an application or is public; if it is wrong we will correct it at once.',
    },
    '电话 来源 source phone',
  ),
  one(
    'employerTold',
    'customer',
    { zh: '会告诉我的单位吗？', en: 'Will my employer be told?' },
    {
      zh: '只在您授权的范围内向单位核实资料，不会透露您办理的是什么业务。',
      en: 'Your employer is asked only within your authorisation, and not told what your business with us is.',
    },
    '隐私 公司 同事 privacy company',
  ),
  one('refuse', 'either', { zh: '可以不回答吗？', en: 'May I refuse?' }, mayRefuse, '拒绝 不想说 隐私 decline'),
  one(
    'recording',
    'either',
    { zh: '为什么要录音？', en: 'Why is this recorded?' },
    {
      zh: '录音用于业务核实、服务质量检查及争议处理；您不同意的话，可以到经办网点面谈核实。',
      en: 'It is recorded for verification, quality and disputes; if you do not agree, the branch can verify in person.',
    },
    '隐私 record',
    'recording',
  ),
  one(
    'contract',
    'customer',
    { zh: '还款日、利息、逾期怎么算？', en: 'How about due dates, interest, late payment?' },
    {
      zh: '还款方式、每月还款日和逾期的后果以合同约定为准；您的问题我记下来，由客户经理联系您解释。',
      en: 'Repayment, due date and consequences are as the contract says; I will note your question, and your account manager will explain it.',
    },
    '合同 条款 违约金 提前还款 contract terms',
    'loan',
  ),
  one(
    'approved',
    'customer',
    { zh: '批下来了吗？什么时候放款？', en: 'Is it approved? When is it paid out?' },
    {
      zh: '审批结果以银行正式通知为准，我这里不能承诺结果。',
      en: 'The result of the approval will be notified formally; I cannot promise one.',
    },
    '审批 结果 进度 approval result',
    'loan',
  ),
];

/** Whether what an agent typed means this question: a part of it, of its answer or of its words, or their pinyin initials. */
export function fitsQuestion({ question, answer, words }: CustomerQuestion, typed: string): boolean {
  const wanted = typed.normalize('NFKC').trim().toUpperCase();
  const texts = [question.zh, question.en, answer.zh, words].map((text) => text.toUpperCase());
  if (texts.some((text) => text.includes(wanted))) return true;
  if (!/^[A-Z]{2,}$/.test(wanted)) return false;
  return [question.zh, ...words.split(' ')].some((text) => pinyinInitials(text).startsWith(wanted));
}
