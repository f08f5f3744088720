/**
 * The dial guard (拨前校验): whether this number may be dialled now, for this case, on this line; what is missing when not; and the
 * permit without which nothing is dialled (domain.md A08 and F4, screens.md «before the dial»).
 *
 *   sources                                                      the agent
 *   two independent ones agree, number not new                   dials with one key                 TWO_SOURCES
 *   one, or several that are not independent, or new / changed   types the number from the form     TYPED_FROM_FORM
 *   … and the station has no picture of the form                 a second person decides            SECOND_PERSON
 *   they disagree; or only the borrower names an employer's      a second person decides            SECOND_PERSON
 *
 * Typed is what the agent reads on the form's picture: every other source is the number as the system holds it, which nobody may see who
 * has to type it.
 *
 * Which sources are independent, and why:
 *  - A person's own number (borrower, home, guarantor …) comes from that person whichever paper it stands on. What goes wrong is
 *    the copying: so the number as typed into the system and as read from the scanned form by somebody else are two readings
 *    that check each other, and so is every other pair of sources.
 *  - An employer's number is a claim about a third party. Form, image and the borrower's word all come from the borrower, who may
 *    have staged it (DEMO-02); only a public directory or an earlier verified call is independent of that.
 *  - A caller's number (INCOMING) can be forged: it never makes a second source.
 *
 * Blocks that nobody at the station can lift come first; all that apply are named, so that nobody fixes one to meet the next.
 * Pure: the caller brings the clock, the typed number and the second person's decision, and records `dial.blocked`.
 */
import type { Case, Contact, NumberSource } from '../case/case.ts';
import { caseKindTexts } from '../case/kind.ts';
import { maskName } from '../case/mask.ts';
import { isDemoNumber, maskNumber, numberHint, type ParsedNumber, parseNumber, sameNumber } from '../case/number.ts';
import { Problem } from '../problem.ts';
import type { Text } from '../text.ts';
import { countCalls } from './caps.ts';
import { reachabilityBlocks } from './contactRules.ts';
import type { DialPermit, NumberCheck } from './dialPermit.ts';
import { employerFlags, employerHints } from './employerFlags.ts';
import { callingHours, type HoursAnswer, isEmployerRole } from './hours.ts';
import { belongsToCase } from './nextContact.ts';
import type { Policy } from './policy.ts';
import { isToldOnly } from './toldOnly.ts';

export type DialBlock = { rule: string; sentence: Text };

/** One line of the comparison on the screen: masked, with the words for the source. */
export type SourceComparison = {
  source: NumberSource;
  label: Text;
  number: string;
  /** Names the number that would be dialled. */
  agrees: boolean;
  /** Counts as one of the two that one-key dialling needs. */
  independent: boolean;
};

/** What the screen shows beside every answer; `hints` only warn. */
export type DialPicture = {
  comparison: readonly SourceComparison[];
  hours: HoursAnswer;
  /** The next attempt's number in this case, and how many there may be. */
  attemptNumber: number;
  attemptLimit: number;
  hints: readonly Text[];
};

export type DialVerdict =
  | ({ allowed: true; needs: 'NOTHING'; permit: DialPermit } & DialPicture)
  | ({
      allowed: false;
      needs: 'TYPE_NUMBER' | 'SECOND_PERSON' | 'NOTHING';
      blocks: readonly [DialBlock, ...DialBlock[]];
    } & DialPicture);

export type SecondDecision = { number: string; account: string };

export type DialQuestion = {
  case: Case;
  contact: Contact;
  policy: Policy;
  now: Date;
  /** null: no line is configured. `practice`: the practice PBX. */
  line: { practice: boolean } | null;
  /** All the caller holds, of this person and of others; this case's own id in it is ignored. */
  cases: readonly Case[];
  /** What the agent typed from the form; undefined when nothing was typed yet. */
  typedNumber?: string | undefined;
  /** How often the agent typed it wrongly before (0–3). */
  typedWrongly?: number | undefined;
  /**
   * A second person looked at the sources and decided for this number: it is dialled, as long as a source names it. That `account` is another
   * person is the caller's to check.
   */
  secondPerson?: SecondDecision | undefined;
  leaseUntil?: Date | undefined;
};

export const typingTries = 3;

export const sourceTexts: Readonly<Record<NumberSource, Text>> = {
  APPLICATION_FORM: { zh: '申请表（系统录入）', en: 'Application (as typed in)' },
  FORM_IMAGE: { zh: '申请表影像', en: "Form's image" },
  PUBLIC_DIRECTORY: { zh: '公开信息', en: 'Public directory' },
  EMPLOYER_RECORD: { zh: '单位档案（曾核实）', en: 'Employer record (verified before)' },
  BORROWER: { zh: '借款人提供', en: 'Told by the borrower' },
  THIRD_PARTY: { zh: '他人提供', en: 'Told by somebody else' },
  INCOMING: { zh: '来电显示', en: "Caller's number" },
};

const publicSources: readonly NumberSource[] = ['PUBLIC_DIRECTORY', 'EMPLOYER_RECORD'];
/** Whether the agreeing sources are two independent ones for this kind of number. */
function twoIndependent(contact: Contact): boolean {
  const sources = new Set(contact.sources.map((s) => s.source));
  sources.delete('INCOMING');
  if (sources.size < 2) return false;
  return !isEmployerRole(contact.role) || publicSources.some((source) => sources.has(source));
}

/** The sources beside each other; numbers are masked, so that the picture may stand on any screen. */
export function compareSources(contact: Contact): SourceComparison[] {
  return contact.sources.map(({ source, number }) => ({
    source,
    label: sourceTexts[source],
    number: maskNumber(number),
    agrees: sameNumber(number, contact.number),
    independent: isEmployerRole(contact.role) ? publicSources.includes(source) : source !== 'INCOMING',
  }));
}

const block = (rule: string, zh: string, en: string): DialBlock => ({ rule, sentence: { zh, en } });

/** What stands against this case on this line, whatever its number; and against calling it after its lease. */
export function lineBlocks(
  { case: one, line, leaseUntil, now }: Pick<DialQuestion, 'case' | 'line' | 'leaseUntil' | 'now'>,
  number: string,
): DialBlock[] {
  const blocks: DialBlock[] = [];
  const demo = one.isDemo || isDemoNumber(number);
  if (line === null)
    blocks.push(
      block(
        'line.notConfigured',
        '话机未配置，不能外呼。请联系管理员。',
        'No line is configured. Ask an administrator.',
      ),
    );
  else if (demo && !line.practice)
    blocks.push(
      block(
        'demo.realLine',
        '演示任务和演示号码只能在模拟交换机上外呼。',
        'Demo cases and demo numbers are dialled on the practice PBX only.',
      ),
    );
  else if (!one.isDemo && line.practice)
    blocks.push(
      block(
        'line.practiceOnly',
        '当前是演练话机，不能外呼真实回访任务。',
        'This is the practice line; real cases are not dialled on it.',
      ),
    );
  if (leaseUntil !== undefined && now > leaseUntil)
    blocks.push(
      block(
        'lease.over',
        '任务领取已到期，联网后重新领取再外呼。',
        'The lease is over. Connect and lease the case again before dialling.',
      ),
    );
  return blocks;
}

/** The script begins with the case, not with the number: an employer would be asked what only the borrower is (domain.md 0.2). */
function roleBlocks({ case: one, contact }: DialQuestion): DialBlock[] {
  if (belongsToCase(one, contact)) return [];
  if (isEmployerRole(contact.role))
    return [
      block(
        'contact.ofEmployer',
        '这是单位电话，请在单位核实任务中外呼。没有这样的任务时请联系班长。',
        "This is the employer's number: call it in the employer's case. If there is none, ask your team lead.",
      ),
    ];
  return [
    block(
      'contact.ofOtherCase',
      `这个号码不属于「${caseKindTexts[one.kind].zh}」任务，请在对应的任务中外呼。没有这样的任务时请联系班长。`,
      `This number does not belong to a case of the kind "${caseKindTexts[one.kind].en}": call it in its own case. If there is none, ask your team lead.`,
    ),
  ];
}

const decidedBySecond = ({ contact, secondPerson }: Pick<DialQuestion, 'contact' | 'secondPerson'>): boolean =>
  secondPerson !== undefined && contact.sources.some(({ number }) => sameNumber(number, secondPerson.number));

/** The contact with the number that would be dialled: the second person's, where there is one and a source still names it. */
export const contactToDial = (question: Pick<DialQuestion, 'contact' | 'secondPerson'>): Contact =>
  question.secondPerson && decidedBySecond(question)
    ? { ...question.contact, number: question.secondPerson.number }
    : question.contact;

type SourceAnswer =
  | { check: NumberCheck; confirmedBy?: string }
  | { needs: 'TYPE_NUMBER' | 'SECOND_PERSON'; block: DialBlock };

/** The sources name different numbers. */
export const disagrees = (contact: Contact): boolean =>
  contact.sources.some((s) => !sameNumber(s.number, contact.number));
const isSure = (contact: Contact): boolean => twoIndependent(contact) && contact.status !== 'UNCONFIRMED';

/** Whether this number is dialled only after it was typed off the form's picture: then no screen may show it, whatever else stands against the call. */
export const isTypedFromForm = (contact: Contact): boolean =>
  contact.formImage !== undefined && !disagrees(contact) && !isToldOnly(contact) && !isSure(contact);

/** How sure the number is, apart from everything else. */
function judgeSources(question: DialQuestion): SourceAnswer {
  const { contact, secondPerson, typedNumber, typedWrongly = 0 } = question;
  if (secondPerson && decidedBySecond(question)) return { check: 'SECOND_PERSON', confirmedBy: secondPerson.account };
  if (disagrees(contact))
    return {
      needs: 'SECOND_PERSON',
      block: block(
        'source.disagrees',
        '各来源号码不一致，已拦截。请另一位同事核对后决定。',
        'The sources name different numbers: blocked. A second person has to check and decide.',
      ),
    };
  if (isToldOnly(contact))
    return {
      needs: 'SECOND_PERSON',
      block: block(
        'source.borrowerOnly',
        '单位号码仅由借款人等口头提供，不能作为唯一来源。请先查公开信息，或由另一位同事决定。',
        "The employer's number was only told by the borrower or others. Find it in a public source, or let a second person decide.",
      ),
    };
  if (isSure(contact)) return { check: 'TWO_SOURCES' };
  const [rule, why] =
    contact.status === 'UNCONFIRMED'
      ? (['source.unconfirmed', { zh: '新增或有变更的号码', en: 'New or changed number' }] as const)
      : (['source.single', { zh: '没有两个独立来源', en: 'No two independent sources' }] as const);
  if (contact.formImage === undefined)
    return {
      needs: 'SECOND_PERSON',
      block: block(
        rule,
        `${why.zh}，也没有影像可供对照输入。请另一位同事核对后决定。`,
        `${why.en}, and no form image to type it from. A second person has to check and decide.`,
      ),
    };
  if (typedWrongly >= typingTries)
    return {
      needs: 'SECOND_PERSON',
      block: block(
        'number.typedTooOften',
        `号码已输错 ${typingTries} 次。请另一位同事核对。`,
        `Typed wrongly ${typingTries} times. A second person has to check the number.`,
      ),
    };
  const form = sourceTexts.FORM_IMAGE;
  if (typedNumber === undefined)
    return {
      needs: 'TYPE_NUMBER',
      block: block(rule, `${why.zh}：请对照「${form.zh}」逐位输入号码。`, `${why.en}: type it from the form's image.`),
    };
  if (sameNumber(typedNumber, contact.number)) return { check: 'TYPED_FROM_FORM' };
  const left = typingTries - typedWrongly - 1;
  if (left > 0)
    return {
      needs: 'TYPE_NUMBER',
      block: block(
        'number.typedDiffers',
        `输入的号码与系统不一致，请对照「${form.zh}」重新输入（还可输入 ${left} 次）。`,
        `What was typed differs from the system. Type it again from the form's image (${left} left).`,
      ),
    };
  return {
    needs: 'SECOND_PERSON',
    block: block(
      'number.typedDiffers',
      `输入的号码与系统不一致，已达 ${typingTries} 次。请另一位同事核对。`,
      `What was typed differs from the system for the ${typingTries}rd time. A second person has to check the number.`,
    ),
  };
}

const readable = (text: string): ParsedNumber | DialBlock => {
  try {
    return parseNumber(text);
  } catch (cause) {
    if (cause instanceof Problem) return { rule: cause.code, sentence: cause.sentence };
    throw cause;
  }
};

/** What the screen shows about a contact before anything is decided. */
function pictureOf(question: DialQuestion): DialPicture & { blocks: DialBlock[] } {
  const { case: one, contact, policy, now } = question;
  const counts = countCalls(question);
  const hint = numberHint(contact);
  const hints: Text[] = hint === undefined ? [] : [hint];
  if (isToldOnly(contact))
    hints.push({
      zh: '借款人提供，仅凭此号不能判定核实一致。',
      en: 'Told by the borrower: this number alone cannot make the result "verified".',
    });
  for (const flag of employerFlags(one, contact, question.cases))
    if (flag !== 'MOBILE_AS_LANDLINE') hints.push(employerHints[flag]);
  return {
    comparison: compareSources(contact),
    hours: callingHours({ role: contact.role, at: now, policy, appointment: one.appointment }),
    attemptNumber: counts.total + 1,
    attemptLimit: counts.totalLimit,
    hints,
    blocks: counts.blocks,
  };
}

/**
 * The guard's word on dialling `contact` of `case` now. Every refusal names all rules that stand against it; an allowed one
 * carries the permit. A wrong typing is counted by the caller and given back as `typedWrongly`.
 */
export function guardDial(asked: DialQuestion): DialVerdict {
  const question = { ...asked, contact: contactToDial(asked) };
  const { case: one, contact, now } = question;
  const { blocks: capBlocks, ...picture } = pictureOf(question);
  const number = readable(contact.number);
  const hard: DialBlock[] = [
    ...lineBlocks(question, contact.number),
    ...roleBlocks(question),
    ...reachabilityBlocks(question),
  ];
  if ('rule' in number) hard.unshift(number);
  if (!picture.hours.allowed) hard.push({ rule: picture.hours.rule, sentence: picture.hours.sentence });
  hard.push(...capBlocks);
  const sources = judgeSources(question);
  const [first, ...rest] = hard;
  if (first !== undefined) {
    // A disagreement is worth a record of its own whatever else stands against the call (DEMO-04 on a Sunday).
    const disagrees =
      !('rule' in number) && 'block' in sources && sources.block.rule === 'source.disagrees' ? [sources.block] : [];
    return { allowed: false, needs: 'NOTHING', blocks: [first, ...rest, ...disagrees], ...picture };
  }
  if ('block' in sources)
    return {
      allowed: false,
      needs: sources.needs,
      blocks: [sources.block],
      ...picture,
    };
  if ('rule' in number) throw new Error('an unreadable number is a hard block'); // narrows; `hard` held it
  const permit: DialPermit = {
    caseId: one.id,
    contact: contact.id,
    number: number.digits,
    ...(number.extension === undefined ? {} : { extension: number.extension }),
    source: (contact.sources.find((s) => sameNumber(s.number, contact.number)) ?? contact.sources[0]!).source, // at least one by the schema
    check: sources.check,
    ...(sources.confirmedBy === undefined ? {} : { confirmedBy: sources.confirmedBy }),
    attemptNumber: picture.attemptNumber,
    hoursRule: picture.hours.rule,
    permittedAt: now.toISOString(),
    demo: one.isDemo,
  };
  return { allowed: true, needs: 'NOTHING', permit, ...picture };
}

/** Whose number it is, for the screen before the dial: 「单位座机 · 半夜****合伙企业」. */
export const contactTitle = (contact: Contact): string => `${contact.label} · ${maskName(contact.owner)}`;
