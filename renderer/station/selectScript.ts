/** 话术: the step the call stands at, with its sentence filled, its fields numbered, and what was just learned. */

import type { Case } from '#shared/case/case.ts';
import { type CaseKind, caseKindTexts } from '#shared/case/kind.ts';
import { addressForm } from '#shared/case/mask.ts';
import { dispositionText, needsSecondVerification } from '#shared/disposition/disposition.ts';
import { mayRefuse } from '#shared/script/customerQuestions.ts';
import { alphabet, fieldsOf, stepNamed } from '#shared/script/flow.ts';
import type { Ask, Field, Step } from '#shared/script/format.ts';
import { isPrivate } from '#shared/script/kinds.ts';
import type { Answer, Topic } from '#shared/script/move.ts';
import { likelyNext, requiredTopics } from '#shared/script/progress.ts';
import {
  currentStep,
  identityConfirmed,
  knowledge,
  offeredExits,
  pathOf,
  standingAnswer,
} from '#shared/script/scriptMachine.ts';
import { topicText } from '#shared/script/topics.ts';
import { fillPlaceholders } from '#shared/script/words.ts';
import type { Language, Text } from '#shared/text.ts';
import type { Badge, FieldView, ScriptView } from '../app/view.ts';
import { draftOf, standingAnswers } from '../casework/conversation.ts';
import type { Conversation, Work } from '../casework/work.ts';
import { dispositionChoices } from '../casework/wrapUp.ts';
import { questionsAhead, revealOf } from './reveal.ts';
import { saidWords, valueWords, verdictBadge } from './verdicts.ts';

const sections: Readonly<Record<string, Text>> = {
  truth: { zh: '真实性', en: 'Truth' },
  completeness: { zh: '完整性', en: 'Completeness' },
  capacity: { zh: '还款能力', en: 'Ability to repay' },
  willingness: { zh: '还款意愿', en: 'Willingness to repay' },
};

export function selectScript(work: Work, agent: string, language: Language): ScriptView | null {
  const { conversation, case: case_ } = work;
  if (!conversation || !case_) return null;
  const { script, snapshot } = conversation;
  const step = currentStep(snapshot, script);
  if (!step) return null;
  const words = placeholdersOf(work, agent);
  const fill = (text: Text): Text => ({
    zh: fillPlaceholders(text, words.zh).zh,
    en: fillPlaceholders(text, words.en).en,
  });
  const progress = progressOf(conversation, step);
  const answered = progress.filter((state) => state === 'done' || state === 'differs').length;
  const atOutcome = step.kind === 'outcome';
  const asked = step.kind === 'ask' ? step : null;
  return {
    type: 'script',
    caseId: case_.id,
    title: script.title,
    version: script.version,
    badges: work.help === null ? badgesOf(conversation) : [...badgesOf(conversation), helpBadge],
    progress,
    position: {
      // Behind the last required point something may be asked that is none, and a farewell said.
      at: Math.min(progress.length, answered + (atOutcome ? 0 : 1)),
      of: progress.length,
    },
    step: {
      id: step.id,
      kind: atOutcome ? 'outcome' : step.kind === 'say' ? 'say' : asked?.text ? 'ask' : 'observe',
      section: asked?.section ? (sections[asked.section] ?? caseKindTexts[case_.kind]) : caseKindTexts[case_.kind],
      sentence: step.kind === 'say' ? fill(step.text) : asked?.text ? fill(asked.text) : null,
      hint: asideOf(conversation, fill) ?? (asked && comparedLater(conversation, asked)),
      tags: asked ? tagsOf(asked) : [],
      beside: asked ? besideOf(conversation, case_, asked, language) : [],
      fields: asked
        ? asked.fields.filter(({ derived }) => !derived).map((field) => fieldView(conversation, field))
        : [],
      slips: conversation.slips.map((slip) => ({ ...slip })),
    },
    lastAnswers: conversation.comparisons.map((comparison) => ({
      label: topicText(comparison.about),
      said: isPrivate(comparison.about)
        ? '●●●●'
        : saidWords(
            fieldAbout(conversation, comparison.about),
            { as: comparison.as, value: comparison.said || undefined },
            language,
          ),
      file:
        comparison.file === null
          ? null
          : valueWords(fieldAbout(conversation, comparison.about), comparison.file, language),
      verdict: verdictBadge(comparison.as),
      savedAt: comparison.savedAt,
    })),
    next: atOutcome ? [] : likelyNext(script, snapshot, 2).map((next) => fill(next.text ?? labelsOf(next))),
    reveal: revealOf(conversation),
    exitsOpen: work.exitsOpen,
    exits: offeredExits(script, snapshot).map((exit) => ({ id: exit.id, label: exit.label })),
    helpAsked: work.help !== null,
    canFillAhead: questionsAhead(conversation).length > 0,
    outcomes: (atOutcome ? dispositionChoices(work) : []).map((offer) => ({
      code: offer.code,
      sub: offer.sub ?? null,
      label: dispositionText(offer),
      hint: needsSecondVerification(offer) ? { zh: '需要二次核实', en: 'Needs a second verification' } : null,
    })),
    review: reviewOf(conversation, work, fill, language),
    callOver: work.endedCall !== null,
    saidAlready: work.continues && !conversation.moves.some(({ type }) => type === 'answered') ? sameCall : null,
  };
}

const sameCall: Text = {
  zh: '同一通电话：开场白已说过，按已听到的回答记录即可。',
  en: 'The same call: the greeting was given already. Record what you have heard.',
};

const labelsOf = (step: Step): Text =>
  step.kind === 'ask'
    ? {
        zh: step.fields.map((field) => field.label.zh).join('、'),
        en: step.fields.map((field) => field.label.en).join(', '),
      }
    : { zh: '', en: '' };

const fieldAbout = ({ script }: Conversation, topic: Topic): Field | undefined =>
  fieldsOf(script).find((field) => field.about === topic);

/** How long the call takes, as it is said. */
export const minutesOf = (kind: CaseKind): string => (kind === 'EMPLOYER' ? '3' : '8');

/** What stands between braces. Names are spoken in full: the person on the phone hears them, so the agent must see them. */
function placeholdersOf(work: Work, agent: string): Record<Language, Record<string, string>> {
  const case_ = work.case;
  if (!case_) return { zh: {}, en: {} };
  const asked = case_.kind === 'EMPLOYER' ? case_.borrower : case_.respondent;
  const { conversation } = work;
  const said = (conversation ? standingAnswers(conversation) : [])
    .flatMap(({ answers }) => answers)
    .filter((answer) => answer.value && !isPrivate(answer.about));
  const inWords = (answer: Answer, language: Language) =>
    saidWords(conversation ? fieldAbout(conversation, answer.about) : undefined, answer, language);
  const common = {
    agentId: agent,
    caseRef: case_.id,
    minutes: minutesOf(case_.kind),
    'person.name': asked.name,
  };
  const title = (language: Language) => addressForm(asked.name, asked.title, language);
  const words = (language: Language) => ({
    ...common,
    'person.title':
      asked.title === 'NONE'
        ? ''
        : language === 'zh'
          ? asked.title === 'MR'
            ? '先生'
            : '女士'
          : asked.title === 'MR'
            ? 'Mr'
            : 'Ms',
    surname: title(language),
    summary: summaryOf(said, language, inWords),
    ...Object.fromEntries(Object.entries(case_.file).filter(([topic]) => !isPrivate(topic))),
    ...Object.fromEntries(said.map((answer) => [answer.about, inWords(answer, language)])),
  });
  return { zh: words('zh'), en: words('en') };
}

/** What is worth saying back to the customer at the end, in this order; the rest was noted for the bank. */
const repeated: readonly Topic[] = [
  'employer.name',
  'employer.position',
  'employer.phone',
  'income.monthly',
  'loan.amount',
  'loan.term',
  'property.estate',
  'contact.slot',
];

function summaryOf(
  said: readonly Answer[],
  language: Language,
  inWords: (answer: Answer, language: Language) => string,
): string {
  const parts = repeated.flatMap((topic) => {
    const answer = said.findLast(({ about }) => about === topic);
    if (!answer) return [];
    return [`${topicText(topic)[language]}${language === 'zh' ? '：' : ': '}${inWords(answer, language)}`];
  });
  if (parts.length === 0) return language === 'zh' ? '今天没有记录具体信息' : 'nothing in particular was noted today';
  return parts.join(language === 'zh' ? '，' : ', ');
}

const helpBadge: Badge = { text: { zh: '已求助班长', en: 'Help asked for' }, tone: 'info' };

function badgesOf({ script, snapshot }: Conversation): Badge[] {
  const known = knowledge(script, snapshot);
  const badges: Badge[] = [];
  if (known.get('consent.recording') === 'yes' || known.get('notice.recording') === 'said')
    badges.push({ text: { zh: '录音已告知', en: 'Recording notice given' }, tone: 'good' });
  if (identityConfirmed(script, snapshot))
    badges.push(
      script.kind === 'EMPLOYER'
        ? { text: { zh: '单位已确认', en: 'Employer confirmed' }, tone: 'good' }
        : { text: { zh: '本人已核验', en: 'Identity verified' }, tone: 'good' },
    );
  return badges;
}

/** One bar a required question, in reading order. */
function progressOf({ script, snapshot }: Conversation, current: Step): ScriptView['progress'] {
  const known = knowledge(script, snapshot);
  const here = current.kind === 'ask' ? current.fields.map((field) => field.about) : [];
  return requiredTopics(script).map((topic) => {
    const as = known.get(topic);
    if (here.includes(topic)) return 'current';
    if (as === undefined || as === 'unasked') return 'open';
    return as === 'mismatch' || as === 'denied' ? 'differs' : 'done';
  });
}

function asideOf({ script, snapshot }: Conversation, fill: (text: Text) => Text): Text | null {
  const last = pathOf(snapshot).at(-1);
  if (last?.type !== 'exited') return null;
  const aside = script.exits.find((exit) => exit.id === last.exit)?.text;
  return aside ? fill(aside) : null;
}

/** At the last question before the borrower's words are shown: whether there are any. They come after the answer, never before. */
function comparedLater({ script, given }: Conversation, asked: Ask): Text | null {
  const compared = script.steps.some(
    (step) => step.kind === 'ask' && asked.fields.some(({ about }) => about === step.beside?.at(-1)),
  );
  if (!compared) return null;
  return given['borrower.said'] === 'yes'
    ? { zh: '提交后与借款人的说法比对。', en: "Held against the borrower's words once committed." }
    : {
        zh: '借款人尚未回答（或尚未同步）：本题只记录，不比对。',
        en: 'The borrower has not answered yet (or it is not here yet): recorded, not compared.',
      };
}

function besideOf(
  conversation: Conversation,
  { borrowerSaid = {} }: Case,
  asked: Ask,
  language: Language,
): ScriptView['step']['beside'] {
  return (asked.beside ?? []).flatMap((topic) => {
    const answer = standingAnswer(conversation.snapshot, topic);
    const borrower = borrowerSaid[topic] ?? null;
    // The name is the file's, which the employer was already compared with, unless the borrower named another.
    if (answer === undefined || (borrower === null && topic === 'employer.name')) return [];
    const field = fieldAbout(conversation, topic);
    return [
      {
        label: topicText(topic),
        said: saidWords(field, answer, language) || verdictBadge(answer.as).text[language],
        borrower,
      },
    ];
  });
}

function tagsOf(step: Ask): Badge[] {
  const tags: Badge[] = [];
  if (step.fields.some((field) => field.mandatory))
    tags.push({ text: { zh: '必问', en: 'Required' }, tone: 'neutral' });
  if (step.scope) tags.push({ text: { zh: '授权范围内', en: 'Within the authorisation' }, tone: 'neutral' });
  return tags;
}

const unknownChoice: Text = { zh: '不清楚', en: 'Does not know' };
const refusedChoice: Text = { zh: '不愿回答', en: 'Refuses' };
const skippedChoice: Text = { zh: '没有 / 不填', en: 'Leave out' };

export function fieldView(conversation: Conversation, field: Field): FieldView {
  const draft = draftOf(conversation, field.about);
  const letters = alphabet(field);
  const own = [...Object.entries(field.options ?? {}), ...Object.entries(field.choices ?? {})].map(([as, label]) => ({
    as,
    label,
  }));
  const common = [
    { as: 'unknown', label: unknownChoice },
    { as: 'refused', label: refusedChoice },
  ].filter((choice) => letters.includes(choice.as));
  const leftOut = field.optional ? [{ as: 'skipped', label: skippedChoice }] : [];
  // What somebody is asked and may leave open begins with that: Enter by habit puts no words into anybody's mouth.
  const leads = field.answer === 'choice' && !field.observed;
  return {
    about: field.about,
    label: field.label,
    answer: answerKind(field),
    choices: leads ? [...leftOut, ...own, ...common] : [...own, ...common, ...leftOut],
    // An observation that cannot be left out is required, whether or not the call is complete without it.
    mandatory: field.mandatory === true || (field.observed === true && !field.optional),
    draft: draft.text,
    draftChoice: draft.choice,
    reply: draft.choice === 'refused' ? replyTo(conversation, field) : null,
    private: isPrivate(field.about),
  };
}

/** What is said to who does not want to answer; nothing where the next step says it. */
function replyTo({ script, snapshot }: Conversation, field: Field): Text | null {
  if (field.on?.refused !== undefined) return null;
  return script.kind === 'EMPLOYER' || !identityConfirmed(script, snapshot) ? othersMayRefuse : mayRefuse;
}

/** To anybody but the customer: no branch gets in touch with them. */
const othersMayRefuse: Text = {
  zh: '好的，您可以不回答，我会如实记录。',
  en: 'That is all right; you need not answer. I will record that.',
};

function answerKind(field: Field): FieldView['answer'] {
  switch (field.answer) {
    case 'choice':
    case 'option':
      return 'choice';
    case 'money':
      return 'money';
    case 'month':
      return 'date';
    case 'day':
    case 'number':
      return 'number';
    case 'name':
      return 'name';
    case 'lastFour':
      return 'lastFour';
    case 'text':
    case 'address':
    case 'term':
    case 'phone':
      return 'text';
  }
}

function reviewOf(
  conversation: Conversation,
  work: Work,
  fill: (text: Text) => Text,
  language: Language,
): ScriptView['review'] {
  if (!work.review) return null;
  const { step: id, askReason } = work.review;
  const step = stepNamed(conversation.script, id);
  const said = standingAnswers(conversation).find((entry) => entry.step === id);
  if (step?.kind !== 'ask' || !said) return null;
  return {
    step: id,
    sentence: fill(step.text ?? labelsOf(step)),
    answers: said.answers.map((answer) => {
      const field = step.fields.find((candidate) => candidate.about === answer.about);
      const verdict = verdictBadge(answer.as).text[language];
      return {
        label: topicText(answer.about),
        said: isPrivate(answer.about) ? verdict : saidWords(field, answer, language) || verdict,
      };
    }),
    reason: '',
    askReason,
  };
}
