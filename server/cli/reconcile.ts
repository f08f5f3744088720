/** Are the PBX's calls and ours the same calls? What is missing on either side is named, with masked numbers. */
import { readFileSync } from 'node:fs';
import { type CallEnded, callEndedSchema } from '#shared/call/callResult.ts';
import { maskNumber } from '#shared/case/number.ts';
import { Problem } from '#shared/problem.ts';
import type { Bank } from '../bank.ts';
import type { Database } from '../database/schema.ts';
import { type CallRecord, parseColumns, readCallRecords } from '../reconcile/callRecords.ts';
import {
  type Comparison,
  type Contradiction,
  callsOf,
  comparableNumber,
  compareCalls,
  type ReconciledAttempt,
  usualTolerance,
} from '../reconcile/compare.ts';
import { type Command, type Flags, say, usageProblem } from './arguments.ts';

/** Nobody asks an employer for longer (ms). */
const longestCallMs = 12 * 60 * 60_000;
const usualZone = '+08:00';
/** Where the process says that there are differences; 1 is kept for what could not be done at all. */
const differencesCode = 2;

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    const sentence = { zh: `文件无法读取：${file}`, en: `The file cannot be read: ${file}` };
    throw new Problem('FILE_UNREADABLE', 'storage', sentence, cause);
  }
}

function secondsOf(flags: Flags, name: string, usual: number, usage: string): number {
  const value = flags[name];
  if (value === undefined) return usual;
  if (typeof value !== 'string' || !/^\d{1,5}$/.test(value)) throw usageProblem(usage);
  return Number(value);
}

/** Attempts of a time, both ends included. Practice stations' calls went to the practice PBX: they are taken only when asked for. */
export async function attemptsBetween(
  database: Database,
  from: number,
  until: number,
  practice: boolean,
): Promise<ReconciledAttempt[]> {
  const rows = await database
    .selectFrom('attempts')
    .innerJoin('stations', 'stations.id', 'attempts.station')
    .selectAll('attempts')
    .where('started_at', '>=', new Date(from))
    .where('started_at', '<=', new Date(until + longestCallMs))
    // Begun later in a call of that time: its seconds are the call's.
    .where(({ or, eb }) => or([eb('started_at', '<=', new Date(until)), eb('continues', 'is not', null)]))
    .where('stations.practice', '=', practice)
    .orderBy('started_at')
    .execute();
  return rows.map((row) => ({
    attempt: row.attempt,
    caseId: row.case_id,
    agent: row.agent,
    station: row.station,
    direction: row.direction === 'in' ? 'in' : 'out',
    number: row.number,
    startedAt: row.started_at.getTime(),
    ended: endedOf(row.ended),
    callId: row.call_id,
    talkedSeconds: row.talked_seconds,
    continues: row.continues,
  }));
}

function endedOf(text: string | null): CallEnded | null {
  return text === null ? null : callEndedSchema.parse(JSON.parse(text));
}

/** As it stands on the wall beside the PBX: in the zone of its records. */
function timeIn(zone: string, at: number): string {
  const parts = /^([+-])(\d{2}):(\d{2})$/.exec(zone);
  const minutes = parts ? (parts[1] === '-' ? -1 : 1) * (Number(parts[2]) * 60 + Number(parts[3])) : 0;
  return new Date(at + minutes * 60_000).toISOString().replace('T', ' ').slice(0, 19);
}

const masked = (number: string) => (number === '' ? '–' : maskNumber(comparableNumber(number)));
const aboutTexts: Readonly<Record<Contradiction['about'], string>> = {
  number: '号码不同 another number',
  answered: '接通与否不同 answered on one side only',
  seconds: '通话时长不同 another talk time',
};

function report(comparison: Comparison, zone: string): void {
  const { unrecorded, unknownToPbx, contradictions } = comparison;
  const line = (record: CallRecord) =>
    [
      `第 ${record.line} 行 line ${record.line}`,
      timeIn(zone, record.start),
      masked(record.number),
      ...(record.duration === undefined ? [] : [`${record.duration} s`]),
      ...(record.disposition === '' ? [] : [record.disposition]),
      ...(record.attempt === undefined ? [] : [`attempt ${record.attempt}`]),
      ...(record.callId === undefined ? [] : [`call ${record.callId}`]),
    ].join(' · ');
  const attempt = (one: ReconciledAttempt) =>
    [
      timeIn(zone, one.startedAt),
      masked(one.number),
      `${one.agent}`,
      one.caseId ?? '–',
      one.ended === null ? 'open' : `${one.ended.reason} ${one.ended.sipStatus ?? ''}`.trim(),
      `attempt ${one.attempt}`,
      ...(one.callId === null ? [] : [`call ${one.callId}`]),
    ].join(' · ');

  if (unrecorded.length > 0) {
    say(`话单有、记录没有 ${unrecorded.length} 通 The PBX has them, our records have not: ${unrecorded.length}`);
    for (const record of unrecorded) say(`  ${line(record)}`);
  }
  if (unknownToPbx.length > 0) {
    say(`记录有、话单没有 ${unknownToPbx.length} 通 Our records have them, the PBX has not: ${unknownToPbx.length}`);
    for (const one of unknownToPbx) say(`  ${attempt(one)}`);
  }
  if (contradictions.length > 0) {
    say(`两边不一致 ${contradictions.length} 处 Both have them, and differ: ${contradictions.length}`);
    for (const one of contradictions)
      say(
        `  ${aboutTexts[one.about]} · ${line(one.record)} | ${attempt(one.attempt)} · ${Math.round(one.attempt.talkedSeconds ?? 0)} s`,
      );
  }
}

/** Records a station has not sent yet are missing here and are not lost. */
async function unsentNow(database: Database): Promise<number> {
  const rows = await database.selectFrom('presence').select('unsent').where('unsent', '>', 0).execute();
  return rows.reduce((sum, row) => sum + row.unsent, 0);
}

export const reconcileCommands: Readonly<Record<string, Command>> = {
  reconcile: {
    usage:
      'reconcile --cdr FILE.csv [--columns callId=NAME,attempt=NAME,start=NAME,duration=NAME,number=NAME,disposition=NAME,caller=NAME] [--user USER,USER] [--zone +08:00] [--seconds 120] [--practice]',
    what: 'compares a PBX’s call records with the attempts, both ways; 2 as exit code when they differ or a row cannot be read',
    async run(bank: Bank, args, flags) {
      const zone = flags.zone ?? usualZone;
      if (
        typeof flags.cdr !== 'string' ||
        args.length > 0 ||
        typeof zone !== 'string' ||
        !/^[+-]\d{2}:\d{2}$/.test(zone)
      )
        throw usageProblem(this.usage);
      const startSeconds = secondsOf(flags, 'seconds', usualTolerance.startSeconds, this.usage);
      const columns = parseColumns(String(flags.columns ?? ''));
      const { records, bad } = readCallRecords(readBytes(flags.cdr), { columns, zone });
      const users = typeof flags.user === 'string' ? new Set(flags.user.split(',')) : undefined;
      const ours = users ? records.filter(({ caller }) => users.has(caller)) : records;

      for (const { line, sentence } of bad)
        say(`第 ${line} 行无法读取：${sentence.zh} Line ${line} cannot be read: ${sentence.en}`);
      const starts = ours.map(({ start }) => start);
      // Not Math.min(...starts): a month has more rows than a function may have arguments.
      const first = starts.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
      const last = starts.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
      const around = startSeconds * 1000;
      const attempts =
        starts.length === 0
          ? []
          : await attemptsBetween(bank.database, first - around, last + around, flags.practice === true);
      const comparison = compareCalls(ours, attempts, { ...usualTolerance, startSeconds });
      report(comparison, zone);

      const { matches, otherLegs, unrecorded, unknownToPbx, contradictions } = comparison;
      const probable = matches.filter(({ by }) => by === 'numberAndTime').length;
      const differences = unrecorded.length + unknownToPbx.length + contradictions.length;
      say(
        `${starts.length === 0 ? '–' : `${timeIn(zone, first)} … ${timeIn(zone, last)}`}: ` +
          `records ${ours.length}, other legs ${otherLegs}, attempts ${callsOf(attempts).length}, matched ${matches.length} ` +
          `(${probable} by number and time), differences ${differences}, unreadable rows ${bad.length}`,
      );
      const unsent = await unsentNow(bank.database);
      if (unsent > 0 && differences > 0)
        say(
          `终端还有 ${unsent} 条记录未上传，上传后请再核对一次 Stations still hold ${unsent} entries: compare again once they are sent`,
        );
      say(differences + bad.length === 0 ? '一致 They agree' : '不一致 They differ');
      if (differences + bad.length > 0) process.exitCode = differencesCode;
    },
  },
};
