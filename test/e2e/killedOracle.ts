/** What killed.spec.ts remembers of each dial, in the words the agent saw, and its comparison with the server's tables. */
import { callResultFacts } from '#shared/call/callResult.ts';
import { dispositionCodeSchema, dispositionText } from '#shared/disposition/disposition.ts';
import { bodySchemas } from '#shared/journal/entry.ts';
import { stepNamed } from '#shared/script/flow.ts';
import type { Field } from '#shared/script/format.ts';
import { isPrivate } from '#shared/script/kinds.ts';
import type { Move } from '#shared/script/move.ts';
import { bundledScripts } from '#shared/script/scripts.ts';
import { topicText } from '#shared/script/topics.ts';
import type { PracticeExchange } from '../support/services.ts';
import type { Answers } from './agent.ts';
import { type Bank, expect } from './fixtures.ts';

/** An answer in words, by topic: an option by its name; null where only its class may be kept. */
type Said = { step: string; words: Readonly<Record<string, string | null>> };

/** What stood in the wrap-up when its confirming key was pressed. */
export type Confirmed = {
  result: string | null;
  disposition: string | null;
  evidence: Readonly<Record<string, string>>;
  note: string | null;
};

export type Dial = {
  readonly moment: number;
  readonly caseId: string;
  /** Killed before the call was over. */
  readonly inCall: boolean;
  readonly invitesBefore: number;
  /** Of its INVITE, once it is known; none where the kill came before it left. */
  attempt: string | undefined;
  /** Shown as saved, in order. */
  answered: Said[];
  /** Committed, and nobody saw what became of it. */
  inFlight: Said | null;
  /** At each confirming key; a second one where the first was not saved. */
  confirmed: Confirmed[];
  /** 「结果已保存」 was seen. */
  resultShown: boolean;
};

export const invitesOf = (practice: PracticeExchange): string[] =>
  practice
    .log()
    .filter((line) => line.fact === 'invite')
    .map((line) => String(line.attemptId));

function fieldsOf(step: string): readonly Field[] {
  for (const { script } of bundledScripts) {
    const found = stepNamed(script, step);
    if (found !== undefined) return found.kind === 'ask' ? found.fields : [];
  }
  throw new Error(`no script has ${step}`);
}

/** What the agent enters at a step. */
export const said = (step: string, answers: Answers): Said => ({
  step,
  words: Object.fromEntries(
    fieldsOf(step).map(({ about }) => [about, isPrivate(about) ? null : (answers[about] ?? '').replace(/^=/, '')]),
  ),
});

/** What the journal says was said. */
function recorded(move: Extract<Move, { type: 'answered' | 'said' }>): Said {
  const fields = fieldsOf(move.step);
  const answers = move.type === 'answered' ? move.answers : [];
  return {
    step: move.step,
    words: Object.fromEntries(
      answers.map(({ about, as, value }) => {
        const label = fields.find((field) => field.about === about)?.choices?.[as]?.zh;
        return [about, value ?? label ?? null];
      }),
    ),
  };
}

/** How the wrap-up begins each line of an answer. */
export const shownAnswers = ({ words }: Said): string[] =>
  Object.entries(words).map(([about, word]) => `${topicText(about).zh}${word ?? '●●●●'}`);

function dispositionWords({ code: written, sub }: { code: string; sub?: string | undefined }): string {
  const code = dispositionCodeSchema.parse(written);
  return dispositionText(sub === undefined ? { code } : { code, sub }).zh;
}

type Row = { kind: string; attempt: string | null; case_id: string | null; body: string };

export async function compareWithTables(bank: Bank, practice: PracticeExchange, dials: readonly Dial[]): Promise<void> {
  const rows = await bank.query<Row>('select kind, attempt, case_id, body from entries order by position');
  const started = rows.filter((row) => row.kind === 'attempt.started');
  expect(new Set(started.map((row) => row.attempt)).size, 'an attempt is started once').toBe(started.length);
  // Several employees in one call have an attempt each: the INVITE is the first one's, and each other is named by the one before it.
  const continues = new Map(
    started.map((row) => [row.attempt, bodySchemas['attempt.started'].parse(JSON.parse(row.body)).continues]),
  );
  const ended = rows.filter((row) => row.kind === 'attempt.ended');
  for (const [attempt, before] of continues)
    if (before !== undefined)
      expect(
        ended
          .filter((row) => row.attempt === before)
          .map((row) => bodySchemas['attempt.ended'].parse(JSON.parse(row.body)).continuedBy),
      ).toEqual([attempt]);
  const attempts = started.map((row) => row.attempt ?? '').filter((attempt) => continues.get(attempt) === undefined);
  // Attempts stand in the order of the dials; one whose INVITE never left was offered for wrap-up and confirmed.
  const begun = dials.filter((dial) => dial.attempt !== undefined || dial.confirmed.length > 0);
  expect(attempts).toEqual(begun.map((dial, at) => dial.attempt ?? attempts[at]));
  expect(attempts).toEqual(expect.arrayContaining(invitesOf(practice)));
  for (const [at, dial] of begun.entries())
    compareAttempt(
      rows.filter((row) => row.attempt === attempts[at]),
      dial,
    );
  expect(rows.filter((row) => row.kind === 'amended')).toEqual([]);
  expect(await bank.query('select journal, seq from entries group by journal, seq having count(*) > 1')).toEqual([]);
  expect(
    await bank.query(
      'select journal from journals where head_seq <> (select count(*) from entries where entries.journal = journals.journal)',
    ),
  ).toEqual([]);
  expect(await bank.query("select state, reason from entries where state not in ('stored', 'duplicate')")).toEqual([]);
}

function compareAttempt(rows: readonly Row[], dial: Dial): void {
  const name = `moment ${dial.moment}`;
  expect(new Set(rows.map((row) => row.case_id)), `the case of ${name}`).toEqual(new Set([dial.caseId]));

  const ends = rows
    .filter((row) => row.kind === 'attempt.ended')
    .map((row) => bodySchemas['attempt.ended'].parse(JSON.parse(row.body)).ended.reason);
  expect(ends, `the end of ${name}`).toHaveLength(1);
  expect(ends[0] === 'INTERRUPTED', `the end of ${name}`).toBe(dial.inCall);

  const results = rows
    .filter((row) => row.kind === 'disposition.recorded')
    .map((row): Confirmed => {
      const { callResult, disposition, note } = bodySchemas['disposition.recorded'].parse(JSON.parse(row.body));
      return {
        result: callResultFacts[callResult.confirmed].text.zh,
        disposition: disposition ? dispositionWords(disposition) : null,
        evidence: disposition?.evidence ?? {},
        note,
      };
    });
  expect(results, `the result of ${name}`).toEqual([dial.confirmed.at(-1)]);

  const steps = rows
    .filter((row) => row.kind === 'step.recorded')
    .map((row) => bodySchemas['step.recorded'].parse(JSON.parse(row.body)).move)
    .flatMap((move) => (move.type === 'answered' || move.type === 'said' ? [recorded(move)] : []));
  // All that were shown as saved, and once more at most: the newest may not have been seen.
  const perhaps = dial.inFlight === null ? [] : [dial.inFlight];
  expect(steps, `the answers of ${name}`).toEqual(
    steps.length > dial.answered.length ? [...dial.answered, ...perhaps] : dial.answered,
  );
}
