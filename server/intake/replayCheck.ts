/**
 * The server's own replay of a script, with the station's code: the same script, case revision as leased and moves must come to the
 * same place (architecture §6). What differs is disputed, never refused.
 *
 *   attempt.started ──► script by id, version and hash; case by the revision it names, never today's case
 *   step.recorded   ──► each verdict compared anew with the file (COMPARISON_DIFFERS), the move taken (REPLAY_DIFFERS)
 *   disposition     ──► must be among what the script offers there, or after hanging up there, or what the flags of the number add (suspicion.ts) (REPLAY_DIFFERS)
 *
 * Private answers have no words to compare (domain.md 0.4): their verdict is the station's word. So is NUMBER_SHARED, which comes of the cases
 * held that day, not of the one in question; it opens no more than a referral to risk control, and of an employer's number only.
 */
import { type Case, caseSchema } from '#shared/case/case.ts';
import { givensOf } from '#shared/case/givens.ts';
import type { Disposition } from '#shared/disposition/disposition.ts';
import type { ScriptRef } from '#shared/journal/entry.ts';
import type { DisputeReason } from '#shared/journal/upload.ts';
import { monthOf } from '#shared/policy/calendar.ts';
import { type EmployerFlag, employerFlagsOfCall } from '#shared/policy/employerFlags.ts';
import { isEmployerRole } from '#shared/policy/hours.ts';
import { withSuspicion } from '#shared/policy/suspicion.ts';
import { atToldNumber, isToldOnly } from '#shared/policy/toldOnly.ts';
import { compareAnswer, derivedAnswer } from '#shared/script/compare.ts';
import type { Script } from '#shared/script/format.ts';
import { isPrivate } from '#shared/script/kinds.ts';
import type { Move } from '#shared/script/move.ts';
import {
  currentStep,
  offeredExits,
  offeredOutcomes,
  type ScriptSnapshot,
  standingAnswer,
  startScript,
  take,
} from '#shared/script/scriptMachine.ts';
import { scriptById, scriptFor } from '#shared/script/scripts.ts';
import type { DatabaseTransaction } from '../database/schema.ts';
import { correctedTime } from './intake.ts';
import { type Readable, readBody, readHeader } from './read.ts';

type Of<K extends Readable['kind']> = Extract<Readable, { kind: K }>;

export type Replays = {
  started(entry: Of<'attempt.started'>): void;
  step(entry: Of<'step.recorded'>): DisputeReason | undefined;
  disposition(entry: Of<'disposition.recorded'>): DisputeReason | undefined;
};

/** Where one attempt's conversation stands; `broken` once a move was not taken: what follows cannot be judged. */
type Talk = {
  script: Script;
  case_: Case;
  /** Of the call, "2026-11". */
  month: string;
  snapshot: ScriptSnapshot;
  moves: number;
  broken: boolean;
  /** At a number of the employer that was only told: nothing was verified by it, whatever the answers allow. */
  toldOnly: boolean;
  /** Red flags of the number that was called, as far as the case as leased tells them. */
  employerFlags: readonly EmployerFlag[];
  /** Of an employer, or told in a call since: another case may have the number too. */
  mayBeShared: boolean;
};

/** Results that come of not reaching anybody, so without a conversation. */
const withoutTalk: ReadonlySet<string> = new Set(['EMPLOYER_NO_ANSWER', 'UNREACHABLE', 'CANCELLED']);
/** Results that say a case was verified: never without its script. */
const verified: ReadonlySet<string> = new Set(['VERIFIED', 'VERIFIED_MINOR']);

/** Reads once what the batch's attempts did before, and the case revisions they name. */
export async function replaysFor(
  transaction: DatabaseTransaction,
  station: string,
  entries: readonly Readable[],
): Promise<Replays> {
  const attempts = [
    ...new Set(
      entries.flatMap((entry) =>
        entry.kind === 'step.recorded' || entry.kind === 'disposition.recorded' ? entry.body.attempt : [],
      ),
    ),
  ];
  const earlier = attempts.length === 0 ? [] : await earlierEntries(transaction, attempts);
  const cases = await casesOf(transaction, station, [...earlier, ...entries]);
  const talks = new Map<string, Talk>();

  const started = (entry: Of<'attempt.started'>): void => {
    const { attempt, contact, number, script: ref, caseRevision, givens } = entry.body;
    const { caseId } = entry.header;
    if (ref === undefined || caseRevision === undefined || caseId === null || talks.has(attempt)) return;
    const script = scriptOf(ref);
    const case_ = cases.revision(caseId, caseRevision);
    if (script === undefined || case_ === undefined) return;
    const snapshot = attemptTo(() =>
      startScript(script, givensOf(case_, cases.records, cases.withheld(entry), givens)),
    );
    const month = monthOf(correctedTime(entry.header));
    const toldOnly = contact !== undefined && isTold(case_, contact);
    const called = case_.contacts.find(({ id }) => id === contact) ?? null;
    const flags = employerFlagsOfCall({ case: case_, contact: called, number }, []);
    if (snapshot !== undefined)
      talks.set(attempt, {
        ...{ script, case_, month, snapshot, moves: 0, broken: false },
        ...{ toldOnly, employerFlags: flags, mayBeShared: called === null || isEmployerRole(called.role) },
      });
  };

  const step = (entry: Of<'step.recorded'>): DisputeReason | undefined => {
    const talk = talks.get(entry.body.attempt);
    if (talk === undefined) return 'REPLAY_DIFFERS';
    const { move, caseRevision, script: ref } = entry.body;
    const sameGround = scriptOf(ref) === talk.script && caseRevision === talk.case_.revision;
    const differs = comparesOtherwise(talk, move);
    const next = talk.broken ? undefined : attemptTo(() => take(talk.script, talk.snapshot, move));
    talk.moves += 1;
    if (next === undefined || !sameGround) {
      talk.broken = true;
      return 'REPLAY_DIFFERS';
    }
    talk.snapshot = next;
    return differs ? 'COMPARISON_DIFFERS' : undefined;
  };

  const disposition = (entry: Of<'disposition.recorded'>): DisputeReason | undefined => {
    const named = entry.body.disposition;
    if (named === undefined) return undefined;
    const talk = talks.get(entry.body.attempt);
    if (talk === undefined) {
      const kind = entry.header.caseId === null ? undefined : cases.kind(entry.header.caseId);
      return kind !== undefined && scriptFor(kind) !== undefined && verified.has(named.code)
        ? 'REPLAY_DIFFERS'
        : undefined;
    }
    if (talk.moves === 0 && withoutTalk.has(named.code)) return undefined;
    const allowed = talk.broken ? [] : offersOf(talk, entry.body.flags);
    // Stations that do not know the rule yet record what the answers allow, and honestly: that is no dispute.
    const offered = talk.toldOnly ? [...allowed, ...atToldNumber(allowed)] : allowed;
    return offered.some((offer) => offer.code === named.code && offer.sub === named.sub) ? undefined : 'REPLAY_DIFFERS';
  };

  for (const entry of earlier) {
    if (entry.kind === 'attempt.started') started(entry);
    if (entry.kind === 'step.recorded') step(entry);
  }
  return { started, step, disposition };
}

function scriptOf(ref: ScriptRef): Script | undefined {
  const found = scriptById(ref.id, ref.version);
  return found?.hash === ref.hash ? found.script : undefined;
}

/** A contact the leased case does not have was told in a call since. */
function isTold({ contacts }: Case, id: string): boolean {
  const contact = contacts.find((one) => one.id === id);
  return contact === undefined || isToldOnly(contact);
}

/** What the script offers where the call stands, with the flags of the number; a call that broke off is judged as if hung up there. `told`: by the entry. */
function offersOf(
  { script, snapshot, employerFlags, mayBeShared }: Talk,
  told: readonly string[],
): readonly Disposition[] {
  const shared = mayBeShared && told.includes('NUMBER_SHARED') ? (['NUMBER_SHARED'] as const) : [];
  const here = withSuspicion(script, snapshot, offeredOutcomes(script, snapshot), [...employerFlags, ...shared]);
  if (here.length > 0) return here;
  return offeredExits(script, snapshot).flatMap((exit) => {
    const at = currentStep(snapshot, script)?.id;
    if (exit.to === undefined || at === undefined || exit.id !== 'hangUp') return [];
    const left = attemptTo(() => take(script, snapshot, { type: 'exited', step: at, exit: exit.id }));
    return left === undefined ? [] : offeredOutcomes(script, left);
  });
}

/** A verdict our own comparison does not come to, with the words that were kept; or a second entry that is not the first. */
function comparesOtherwise({ script, case_, month, snapshot }: Talk, move: Move): boolean {
  if (move.type !== 'answered') return false;
  const asked = script.steps.find((one) => one.id === move.step);
  if (asked?.kind !== 'ask') return false;
  return move.answers.some((answer) => {
    const field = asked.fields.find((one) => one.about === answer.about);
    if (field?.derived) return derivedAnswer(field, move.answers, month)?.as !== answer.as;
    if (field?.repeats && answer.value !== undefined && answer.value !== standingAnswer(snapshot, field.repeats)?.value)
      return true;
    if (field?.compare === undefined || answer.value === undefined || isPrivate(answer.about)) return false;
    const { value } = answer;
    const file = case_.file[field.compare.with ?? field.about];
    return attemptTo(() => compareAnswer(field, { value }, file))?.as !== answer.as;
  });
}

/** Undefined where the shared code refuses; that is an answer here. */
function attemptTo<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

async function earlierEntries(transaction: DatabaseTransaction, attempts: readonly string[]): Promise<Readable[]> {
  const rows = await transaction
    .selectFrom('entries')
    .select(['header', 'body'])
    .where('attempt', 'in', attempts)
    .where('kind', 'in', ['attempt.started', 'step.recorded'])
    .where('fork', '=', 0)
    .where('state', 'in', ['stored', 'disputed'])
    .orderBy('position')
    .execute();
  return rows.flatMap((row) =>
    row.header === null || row.body === null ? [] : (readBody(readHeader(row.header), row.body) ?? []),
  );
}

async function casesOf(transaction: DatabaseTransaction, station: string, entries: readonly Readable[]) {
  const named = entries.flatMap((entry) =>
    entry.kind === 'attempt.started' && entry.header.caseId !== null && entry.body.caseRevision !== undefined
      ? { id: entry.header.caseId, revision: entry.body.caseRevision }
      : [],
  );
  const ids = [
    ...new Set(entries.flatMap((entry) => (entry.kind === 'disposition.recorded' ? (entry.header.caseId ?? []) : []))),
  ];
  const revisions =
    named.length === 0
      ? []
      : await transaction
          .selectFrom('case_revisions')
          .select(['case_id', 'revision', 'document'])
          .where((where) =>
            where.or(
              named.map((one) => where.and([where('case_id', '=', one.id), where('revision', '=', one.revision)])),
            ),
          )
          .execute();
  const kinds =
    ids.length === 0
      ? []
      : await transaction.selectFrom('cases').select(['id', 'kind']).where('id', 'in', ids).execute();
  const { records } = await transaction
    .selectFrom('stations')
    .select('records')
    .where('id', '=', station)
    .executeTakeFirstOrThrow();
  const agents = entries.flatMap((entry) =>
    entry.kind === 'attempt.started' && entry.body.withheld !== undefined ? entry.header.agent : [],
  );
  const outsourced =
    agents.length === 0
      ? []
      : await transaction
          .selectFrom('accounts')
          .select('account')
          .where('account', 'in', agents)
          .where('handling', '=', 'OUTSOURCED')
          .execute();
  return {
    records,
    /** Nobody in house may leave a question out by saying that it was withheld. */
    withheld: ({ header, body }: Of<'attempt.started'>) =>
      outsourced.some(({ account }) => account === header.agent) ? body.withheld : [],
    revision: (id: string, revision: number): Case | undefined => {
      const row = revisions.find((one) => one.case_id === id && one.revision === revision);
      return row === undefined ? undefined : caseSchema.parse(JSON.parse(row.document));
    },
    kind: (id: string) => caseSchema.shape.kind.safeParse(kinds.find((one) => one.id === id)?.kind).data,
  };
}
