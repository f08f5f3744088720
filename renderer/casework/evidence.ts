/** What the call itself says of the evidence that a result wants: suggested, so that the agent confirms it instead of typing it again. Pure. */
import type { DispositionCode, EvidenceKey } from '#shared/disposition/disposition.ts';
import { speakerWords } from '#shared/disposition/evidenceTexts.ts';
import { companyRecordWords } from '#shared/policy/companyRecord.ts';
import { flags, isFlagCode } from '#shared/script/flags.ts';
import { stepNamed } from '#shared/script/flow.ts';
import type { Field } from '#shared/script/format.ts';
import type { Answer, StepId, Topic } from '#shared/script/move.ts';
import { topicText } from '#shared/script/topics.ts';
import { standingAnswers } from './conversation.ts';
import type { Conversation, Work } from './work.ts';

/** null: the call says nothing of it. */
export function suggestedEvidence(work: Work, key: EvidenceKey): string | null {
  const said = (topic: Topic): string | null => latest(work, topic, ({ value }) => value);
  const chosen = (topic: Topic): string | null => latest(work, topic, ({ as }, field) => field?.choices?.[as]?.zh);
  switch (key) {
    case 'registeredValue':
      return work.case?.file['employer.name'] ?? null;
    case 'statedValue':
      return work.wrapUp?.disposition?.sub === 'CONTACT'
        ? said('employer.phone')
        : (said('employer.name') ?? said('employer.phone'));
    case 'doubleEntry':
      return said('employer.phoneTwice');
    case 'whoSaid':
    case 'respondent':
      return speakerOf(work, said('respondent.name'));
    case 'recordingMark':
      return recordingMark(work);
    case 'leftOn':
      return said('employment.leftOn');
    case 'proofRequested':
      return chosen('employer.proof');
    case 'nameVariants':
      return said('employment.nameVariants');
    case 'transferOffered':
      return chosen('respondent.transfer');
    case 'refusalReason':
      return chosen('refusal.reason');
    case 'language':
      return said('barrier.language') ?? chosen('barrier.kind');
    case 'complaintDemand':
      return said('complaint.demand');
    case 'differingFields':
      return fieldsWith(work, ['mismatch', 'near', 'contradictory']);
    case 'missingFields':
      return (
        [work.toldOnly ? independentSource : null, fieldsWith(work, ['unknown', 'refused', 'skipped'])]
          .filter((each) => each !== null)
          .join('、') || null
      );
    case 'registerCheck':
      return work.case?.companyRecord && !work.toldOnly ? companyRecordWords(work.case.companyRecord) : null;
    default:
      return null;
  }
}

/** What is missing at a number that nobody independent names, whatever was answered there. */
const independentSource = '号码的独立来源';

const standing = ({ conversation }: Work) => (conversation ? standingAnswers(conversation) : []);

/** The latest answer about a topic that has words, in these words. */
function latest(
  work: Work,
  topic: Topic,
  wordsOf: (answer: Answer, field: Field | undefined) => string | undefined,
): string | null {
  for (const { step, answers } of [...standing(work)].reverse())
    for (const answer of answers)
      if (answer.about === topic) {
        const words = wordsOf(answer, fieldOf(work.conversation, step, topic));
        if (words) return words;
      }
  return null;
}

function fieldOf(conversation: Conversation | null, id: StepId, topic: Topic): Field | undefined {
  const step = conversation ? stepNamed(conversation.script, id) : undefined;
  return step?.kind === 'ask' ? step.fields.find(({ about }) => about === topic) : undefined;
}

/** Who was on the line, as far as the call says: 本人, or 单位人事 余. Nobody is guessed where another person answered. */
function speakerOf(work: Work, name: string | null): string | null {
  if (!work.contact) return null;
  const answers = standing(work).flatMap((entry) => entry.answers);
  const person = answers.findLast((answer) => answer.about === 'contact.person');
  if (person !== undefined && person.as !== 'himself') return null;
  const relation = person === undefined ? speakerWords[work.contact.role] : speakerWords.BORROWER;
  return name === null ? relation : `${relation} ${name}`;
}

function fieldsWith(work: Work, classes: readonly string[]): string | null {
  const found = standing(work).flatMap(({ answers }) =>
    answers.filter((answer) => classes.includes(answer.as)).map((answer) => topicText(answer.about).zh),
  );
  return found.length > 0 ? [...new Set(found)].join('、') : null;
}

/** The answers that a result stands on, the most telling first; other results stand on the first red flag. */
const decidingTopics: Partial<Readonly<Record<DispositionCode, readonly Topic[]>>> = {
  WRONG_EMPLOYER: ['employer.change', 'employment.variant', 'employer.name'],
  DENIES_APPLICATION: ['application.purpose'],
};

/**
 * Where in the recording the deciding answer lies: when it was saved, so right behind it. After a crash during the call nobody knows when
 * it was answered, only when it was dialled; and not where in the call an employee began who was not the first one.
 */
function recordingMark(work: Work): string | null {
  const { answeredAt, wrapUp, endedCall, continues } = work;
  const code = wrapUp?.disposition?.code;
  const at = code && decidedAt(work, code);
  const before = continues ? continues.talkedSeconds : 0;
  if (answeredAt === null || at === undefined || before === null) return null;
  const mark = minuteAndSecond(before + Math.max(0, at - answeredAt) / 1000);
  return endedCall?.ended.reason === 'INTERRUPTED' ? `约 ${mark}` : mark;
}

function decidedAt(work: Work, code: DispositionCode): number | undefined {
  const given = standing(work);
  for (const topic of decidingTopics[code] ?? []) {
    const found = given.findLast(({ answers }) => answers.some(({ about }) => about === topic));
    if (found) return found.at;
  }
  const flagged = given.find(({ step, answers }) =>
    answers.some(({ about, as }) => {
      const flag = fieldOf(work.conversation, step, about)?.flags?.[as];
      return flag !== undefined && isFlagCode(flag) && flags[flag].weight > 0;
    }),
  );
  if (flagged || work.employerFlags.length === 0) return flagged?.at;
  // The flags of the number alone: they speak against the firm, so where it was named.
  return given.findLast(({ answers }) => answers.some(({ about }) => about === 'employer.name'))?.at;
}

const minuteAndSecond = (seconds: number) =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
