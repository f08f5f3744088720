/** The script's side of an attempt: drafts become one move, a move becomes knowledge. Pure; recording is the machine's business. */
import type { Case } from '#shared/case/case.ts';
import type { ScriptRef } from '#shared/journal/entry.ts';
import { monthOf } from '#shared/policy/calendar.ts';
import { Problem } from '#shared/problem.ts';
import { compareAnswer, derivedAnswer, type Given } from '#shared/script/compare.ts';
import type { Ask, Field, Script, Step } from '#shared/script/format.ts';
import { isPrivate } from '#shared/script/kinds.ts';
import type { Answer, AnswerClass, Move, Topic } from '#shared/script/move.ts';
import { currentStep, draftsOf, replay, standingAnswer, startScript, take } from '#shared/script/scriptMachine.ts';
import type { Text } from '#shared/text.ts';
import type { Comparison, Conversation, Draft } from './work.ts';

const empty: Draft = { text: '', choice: null };
const unanswered: Text = {
  zh: '请选择或填写；客户不清楚、不愿回答也可以选。',
  en: 'Choose or type; "does not know" and "refuses" are answers too.',
};

const enteredOtherwise: Text = {
  zh: '与第一次录入的不一致，没有保存。请与对方逐位核对后重新输入；若第一次录错，请返回上一题更正。',
  en: 'This is not what was entered first, and was not saved. Check it digit by digit and enter it again; if the first entry was wrong, go back one question and correct it.',
};

/** A script from the top, or where recorded moves left it. Throws a Problem when the script fails its checks. */
export function startConversation(
  script: Script,
  ref: ScriptRef,
  given: Readonly<Record<Topic, AnswerClass>>,
  moves: readonly Move[] = [],
  movedAt: readonly number[] = [],
): Conversation {
  const snapshot = moves.length === 0 ? startScript(script, given) : replay(script, given, moves);
  return withSuggestions({ script, ref, given, moves, movedAt, snapshot, drafts: {}, slips: [], comparisons: [] });
}

/** Offers again what was said before going back, and what the customer said ahead of its question. */
function withSuggestions(conversation: Conversation): Conversation {
  const step = currentStep(conversation.snapshot, conversation.script);
  if (step?.kind !== 'ask') return conversation;
  const earlier = new Map((draftsOf(conversation.snapshot)[step.id] ?? []).map((answer) => [answer.about, answer]));
  const drafts = { ...conversation.drafts };
  for (const field of step.fields) {
    const said = earlier.get(field.about);
    if (drafts[field.about] || !said) continue;
    drafts[field.about] = suggestion(field, said);
  }
  return { ...conversation, drafts };
}

function suggestion(field: Field, said: Answer): Draft {
  if (isChoice(field, said.as)) return { text: '', choice: said.as };
  if (field.options && said.value !== undefined) return { text: '', choice: said.value };
  return { text: said.value ?? '', choice: null };
}

const isChoice = (field: Field, as: AnswerClass): boolean =>
  field.choices?.[as] !== undefined || as === 'unknown' || as === 'refused' || as === 'skipped';

export const draftOf = (conversation: Conversation, about: Topic): Draft => conversation.drafts[about] ?? empty;

export function withDraft(conversation: Conversation, about: Topic, draft: Draft): Conversation {
  return {
    ...conversation,
    drafts: { ...conversation.drafts, [about]: draft },
    slips: conversation.slips.filter((slip) => slip.about !== about),
  };
}

export type Slip = { about: Topic; sentence: Text };

/**
 * The step's drafts as one move, compared with the file; or what could not be understood, field by field. `startedAt`: when the call
 * began, in epoch milliseconds.
 */
export function moveOf(
  conversation: Conversation,
  step: Step,
  file: Case['file'],
  startedAt: number,
): { move: Move } | { slips: Slip[] } {
  if (step.kind === 'say') return { move: { type: 'said', step: step.id } };
  if (step.kind !== 'ask') throw new Error(`${step.id} waits for no answer`);
  const slips: Slip[] = [];
  const answers: Answer[] = [];
  for (const field of step.fields) {
    const derived = derivedAnswer(field, answers, monthOf(new Date(startedAt)));
    if (derived) {
      answers.push(derived);
      continue;
    }
    const given = givenOf(field, draftOf(conversation, field.about));
    if (given === undefined) {
      slips.push({ about: field.about, sentence: unanswered });
      continue;
    }
    try {
      const { as, value } = compareAnswer(field, given, file[field.compare?.with ?? field.about]);
      if (
        field.repeats &&
        value !== undefined &&
        value !== standingAnswer(conversation.snapshot, field.repeats)?.value
      ) {
        slips.push({ about: field.about, sentence: enteredOtherwise });
        continue;
      }
      answers.push({ about: field.about, as, ...(value === undefined || isPrivate(field.about) ? {} : { value }) });
    } catch (cause) {
      if (!(cause instanceof Problem)) throw cause;
      slips.push({ about: field.about, sentence: cause.sentence });
    }
  }
  return slips.length > 0 ? { slips } : { move: { type: 'answered', step: step.id, answers } };
}

function givenOf(field: Field, draft: Draft): Given | undefined {
  if (draft.choice === 'unknown') return { unknown: true };
  if (draft.choice === 'refused') return { refused: true };
  if (draft.choice === 'skipped') return { skipped: true };
  if (draft.choice !== null) return field.options?.[draft.choice] ? { value: draft.choice } : { choice: draft.choice };
  const text = draft.text.trim();
  if (text !== '') return { value: text };
  return field.optional ? { skipped: true } : undefined;
}

/** After the move is durable: the next question, and what was just learned beside the file. */
export function applyMove(conversation: Conversation, move: Move, file: Case['file'], savedAt: number): Conversation {
  const step = currentStep(conversation.snapshot, conversation.script);
  const snapshot = take(conversation.script, conversation.snapshot, move);
  const comparisons =
    move.type === 'answered' && step?.kind === 'ask' ? comparisonsOf(step, move.answers, file, savedAt) : [];
  const answered = new Set(move.type === 'answered' ? move.answers.map((answer) => answer.about) : []);
  const drafts = Object.fromEntries(Object.entries(conversation.drafts).filter(([about]) => !answered.has(about)));
  return withSuggestions({
    ...conversation,
    moves: [...conversation.moves, move],
    movedAt: [...conversation.movedAt, savedAt],
    snapshot,
    drafts,
    slips: [],
    comparisons,
  });
}

function comparisonsOf(step: Ask, answers: readonly Answer[], file: Case['file'], savedAt: number): Comparison[] {
  return answers.flatMap((answer) => {
    const field = step.fields.find((candidate) => candidate.about === answer.about);
    if (!field?.compare) return [];
    const value = isPrivate(answer.about) ? undefined : file[field.compare.with ?? field.about];
    return [{ about: answer.about, said: answer.value ?? '', as: answer.as, file: value ?? null, savedAt }];
  });
}

/** The answers that stand, one per topic, in the order they were given; `at`: when they were saved. */
export function standingAnswers(conversation: Conversation): readonly Standing[] {
  const standing: Standing[] = [];
  for (const [n, move] of conversation.moves.entries()) {
    if (move.type === 'answered')
      standing.push({ step: move.step, at: conversation.movedAt[n], answers: move.answers });
    if (move.type === 'back') {
      const at = standing.findIndex((entry) => entry.step === move.step);
      if (at >= 0) standing.length = at;
    }
  }
  return standing;
}

type Standing = { step: string; at: number | undefined; answers: readonly Answer[] };
