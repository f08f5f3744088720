/**
 * What a customer says about a topic. A person's own words come first, then what follows from the file, then
 * 「这个我不太清楚」 (domain.md 0.8). Topics are the words of the scripts (`employer.name`).
 */
import type { Text } from '#shared/text.ts';
import { digitByDigit, inWords } from './chineseNumber.ts';
import type { CustomerCase, CustomerFile, Person, Sentence } from './customers.ts';

export type Answers = Readonly<Record<string, Sentence>>;

export const doesNotKnow: Sentence = { zh: '这个我不太清楚。', en: "I'm not sure about that." };

const say = (zh: string, en: string, spoken?: string): Sentence =>
  spoken === undefined ? { zh, en } : { zh, en, spoken };
const yuan = (value: number): string => `${value.toLocaleString('en-US')} yuan`;
const ended = ({ zh, en }: Text): Sentence => say(`${zh}。`, `${en}.`);

/** Only the topics that the file has anything about. */
function known(topics: Record<string, Sentence | undefined>): Answers {
  return Object.fromEntries(
    Object.entries(topics).filter((entry): entry is [string, Sentence] => entry[1] !== undefined),
  );
}

function sinceOf({ since }: CustomerFile): Sentence | undefined {
  if (since === undefined) return undefined;
  const [year = '', month = ''] = since.split('-');
  return say(`${digitByDigit(year)}年${inWords(Number(month))}月。`, `In ${since}.`);
}

function phoneOf({ employerPhone }: CustomerFile): Sentence | undefined {
  if (employerPhone === undefined) return undefined;
  return say(`${employerPhone}。`, `${employerPhone}.`, `${digitByDigit(employerPhone)}。`);
}

/** The respondent is the customer of the file. */
function ownFile(file: CustomerFile): Answers {
  const { income, payday, amount, months, size, price, duties } = file;
  return known({
    'contact.person': say('我是。', 'Speaking.'),
    'consent.recording': say('可以。', 'Yes, go ahead.'),
    'contact.convenient': say('方便，您说。', 'Yes, go ahead.'),
    'person.idLast4': say(
      `${file.idLast4}。`,
      `${file.idLast4}.`,
      `${[...digitByDigit(file.idLast4)].join(' ')}。`.replace('艾 克 斯', '艾克斯'),
    ),
    'person.home': ended(file.home),
    'person.birthMonth': say('生日就不说了吧。', "I'd rather not say my birthday."),
    'application.purpose': say('是的，申请了住房贷款，买房自己住。', 'Yes, a mortgage, to buy a home for myself.'),
    'application.signer': say('是我本人申请、本人签的字。', 'I applied and signed myself.'),
    'application.handler': say('我自己办的。', 'I did it myself.'),
    'loan.amount': amount === undefined ? undefined : say(`${inWords(amount)}。`, `${yuan(amount)}.`),
    'loan.term': months === undefined ? undefined : say(`${inWords(months)}个月。`, `${months} months.`),
    'property.estate': file.estate && ended(file.estate),
    'property.size': size === undefined ? undefined : say(`${inWords(size)}平方米。`, `${size} square metres.`),
    'property.price': price === undefined ? undefined : say(`总价${inWords(price)}。`, `${yuan(price)} in total.`),
    'employer.name': file.employer && ended(file.employer),
    'employer.registered': file.employer && ended(file.employer),
    'employer.probation': say('过了试用期了。', 'I am past probation.'),
    'employer.workplace': file.employerAddress && ended(file.employerAddress),
    'employer.contactPerson': say('找人事部门。', 'Ask for HR.'),
    'employer.change': say('没有换过单位。', 'I have not changed jobs.'),
    'employer.proof': say('可以提供。', 'Yes, I can provide it.'),
    'employer.signingEntity': file.employer && ended(file.employer),
    'employer.address': file.employerAddress && ended(file.employerAddress),
    'employer.department': file.department && ended(file.department),
    'employer.position': file.position && ended(file.position),
    'job.duties': duties && ended(duties),
    'employer.since': sinceOf(file),
    'income.monthly': income === undefined ? undefined : say(`税前${inWords(income)}。`, `${yuan(income)} before tax.`),
    'income.method': say('打到工资卡。', 'Paid to my card.'),
    'income.payday':
      payday === undefined ? undefined : say(`每月${inWords(payday)}号。`, `On day ${payday} of the month.`),
    'debts.monthly': say('没有别的贷款。', 'No other loans.'),
    'downpayment.source': file.downpayment && ended(file.downpayment),
    'employer.phone': phoneOf(file),
    'employer.slot': say('工作日白天都可以。', 'Any working day, in the daytime.'),
    'employer.phoneTwice': say('对，没错。', "Yes, that's right."),
    'contact.slot': say('工作日白天都可以。', 'Any working day, in the daytime.'),
    'loan.understanding': say('都清楚。', 'All clear.'),
    'loan.questions': say('没有问题。', 'No questions.'),
    'appointment.time': say('明天上午十点吧。', 'Tomorrow at ten in the morning.'),
    'refusal.reason': say('不方便说。', 'I would rather not say.'),
    'complaint.demand': say('请你们给我一个答复。', 'I want an answer from you.'),
  });
}

/** The respondent works for the employer and speaks of the customer as of an employee. */
function employeeFile(file: CustomerFile): Answers {
  return known({
    'contact.person': say('是的，请讲。', 'Yes, go ahead.'),
    'notice.recording': say('好的。', 'All right.'),
    'consent.recording': say('好的。', 'All right.'),
    'contact.convenient': say('可以，您说。', 'Yes, go ahead.'),
    'employer.name': file.employer && ended(file.employer),
    'employer.numberAge': say('用了好几年了。', 'For several years.'),
    'respondent.role': say('我是人事。', "I'm in HR."),
    'respondent.competent': say('可以，您问吧。', 'I can, please ask.'),
    'respondent.transferRole': say('我是人事。', "I'm in HR."),
    'employer.headcount': say('一百来人。', 'About a hundred.'),
    'employer.contactPerson': say('打这个电话找人事。', 'Ask for HR at this number.'),
    'appointment.time': say('明天上午十点吧。', 'Tomorrow at ten in the morning.'),
    'refusal.reason': say('单位有规定。', 'It is our policy.'),
    'complaint.demand': say('请你们给我一个答复。', 'I want an answer from you.'),
    'respondent.transfer': say('好的，给您转人事。', "All right, I'll put you through to HR."),
    'employment.status': say('有的，在职。', 'Yes, still with us.'),
    'employment.variant': say('没有别的名字。', 'No other name.'),
    'employer.department': file.department && ended(file.department),
    'employer.position': file.position && ended(file.position),
    'employer.since': sinceOf(file),
    'job.duties': file.duties && ended(file.duties),
    'income.monthly': say('收入不方便透露。', "We don't disclose pay."),
    'employer.address': file.employerAddress && ended(file.employerAddress),
    'employer.secondLine': say('有总机，也有人事部的固定电话。', 'There is a switchboard, and a landline of HR.'),
  });
}

const nothing: Answers = {};

/** Everything this person can say when asked, by topic. */
export function answersOf(of: CustomerCase, person: Person): Answers {
  const fromFile = { ownFile, employeeFile, nothing: () => nothing }[person.knows](of.file);
  return person.otherwise === undefined ? { ...fromFile, ...person.answers } : person.answers;
}

/** What the agent judges and nobody is asked: a step may hold such topics beside its questions. */
const judged: ReadonlySet<string> = new Set([
  'job.concreteness',
  'job.agreement',
  'observed.manner',
  'observed.opening',
  'observed.answers',
  'observed.surroundings',
  'appointment.precision',
  'barrier.kind',
  'refusal.kind',
  'employment.nameVariants',
  'employer.tenure',
  'employer.secondPhone',
]);

/** The sentences for a step's topics, each said once; none when nothing was asked. */
export function replyTo(of: CustomerCase, person: Person, topics: readonly string[]): Sentence[] {
  const answers = answersOf(of, person);
  const fallback = person.otherwise ?? doesNotKnow;
  const asked = topics.filter((topic) => !judged.has(topic));
  return [...new Set(asked.map((topic) => (Object.hasOwn(answers, topic) ? answers[topic]! : fallback)))];
}
