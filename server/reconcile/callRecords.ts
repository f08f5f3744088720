/**
 * The call records (CDR) of a PBX, read from its CSV. Every PBX names its columns differently, so they are found by the names that Asterisk,
 * FreeSWITCH, Kamailio and Chinese gateways use, or told (`start=calldate,number=4`: a name, or a place counted from 1 where there is no header).
 */
import { Problem } from '#shared/problem.ts';
import { type CsvRecord, decodeText, parseCsv } from './csv.ts';

export const callColumns = ['callId', 'attempt', 'start', 'duration', 'number', 'disposition', 'caller'] as const;
export type CallColumn = (typeof callColumns)[number];

/** Lower case, without blanks, hyphens and underscores. The first name that is there wins: talk time before the time from the dial on. */
const knownNames: Readonly<Record<CallColumn, readonly string[]>> = {
  callId: ['sipcallid', 'callid', 'calluuid', 'uniqueid', 'uuid', '呼叫标识', '呼叫id', '通话id', '话单id'],
  attempt: ['xattemptid', 'attemptid', 'attempt', '外呼编号', '外呼id'],
  start: ['start', 'calldate', 'starttime', 'startstamp', 'callstart', '开始时间', '呼叫时间', '主叫时间'],
  duration: ['billsec', 'talktime', 'talkseconds', 'duration', '通话时长', '计费时长', '时长'],
  number: [
    'dst',
    'destination',
    'destinationnumber',
    'callee',
    'called',
    'callednumber',
    'number',
    '被叫',
    '被叫号码',
    '号码',
  ],
  disposition: ['disposition', 'hangupcause', 'result', 'status', '结果', '呼叫结果', '接通状态'],
  caller: ['src', 'caller', 'calleridnumber', 'callingnumber', 'extension', '主叫', '主叫号码', '分机'],
};

export type CallRecord = {
  line: number;
  callId: string | undefined;
  attempt: string | undefined;
  /** ms since the epoch */
  start: number;
  /** Seconds of talk; undefined: the file does not say. */
  duration: number | undefined;
  /** As it stands in the file; '' when it is not recorded. */
  number: string;
  disposition: string;
  caller: string;
};

/** A row that cannot be read, by the line it begins at. The sentence holds nothing of the row: it may hold a number. */
export type BadRow = { line: number; sentence: { zh: string; en: string } };

export type CallRecords = { records: CallRecord[]; bad: BadRow[] };

const nameOf = (text: string) => text.toLowerCase().replace(/[\s_-]/g, '');

/** `callId=uniqueid,start=3`. Throws Problem. */
export function parseColumns(text: string): ReadonlyMap<CallColumn, string> {
  const wanted = new Map<CallColumn, string>();
  for (const part of text.split(',').filter((one) => one.trim() !== '')) {
    const [name = '', ...rest] = part.split('=');
    const column = callColumns.find((one) => nameOf(one) === nameOf(name));
    const value = rest.join('=').trim();
    if (column === undefined || value === '')
      throw new Problem('COLUMNS_WRONG', 'input', {
        zh: `--columns 有误：「${part.trim()}」。写法如 callId=uniqueid,start=calldate,number=4；可用的列：${callColumns.join('、')}。`,
        en: `--columns is wrong: "${part.trim()}". Write it like callId=uniqueid,start=calldate,number=4; columns are ${callColumns.join(', ')}.`,
      });
    wanted.set(column, value);
  }
  return wanted;
}

type Places = Partial<Record<CallColumn, number>>;

/** Where the columns stand, and whether the first record is a header. Throws Problem when start, or what names a call, is not found. */
function placesOf(first: CsvRecord, wanted: ReadonlyMap<CallColumn, string>): { places: Places; header: boolean } {
  const titles = first.fields.map(nameOf);
  const places: Places = {};
  let byName = 0;
  for (const column of callColumns) {
    const told = wanted.get(column);
    if (told !== undefined && /^\d{1,3}$/.test(told)) {
      places[column] = Number(told) - 1;
      continue;
    }
    const names = told === undefined ? knownNames[column] : [nameOf(told)];
    const found = names.map((name) => titles.indexOf(name)).find((at) => at >= 0);
    if (found !== undefined) {
      places[column] = found;
      byName += 1;
    } else if (told !== undefined) throw columnMissing(told);
  }
  if (places.start === undefined || (places.number ?? places.callId ?? places.attempt) === undefined)
    throw new Problem('COLUMNS_UNKNOWN', 'input', {
      zh: '认不出话单的列：需要开始时间，以及号码、呼叫标识或外呼编号之一。请用 --columns 指明，例如 --columns start=calldate,number=dst；没有表头时写列号：start=10,number=3。',
      en: 'The columns are not known: a start time is needed, and a number, call id or attempt id. Name them with --columns, for example --columns start=calldate,number=dst; without a header by their place: start=10,number=3.',
    });
  return { places, header: byName > 0 };
}

function columnMissing(name: string): Problem {
  return new Problem('COLUMN_MISSING', 'input', {
    zh: `话单里没有名为「${name}」的列，请核对 --columns。`,
    en: `The file has no column named "${name}". Check --columns.`,
  });
}

/**
 * Reads a PBX's file. `zone`: offset of times that name none, as +08:00. Throws Problem when the file is empty or its columns are not
 * known; a row that cannot be read does not cost the others.
 */
export function readCallRecords(
  bytes: Uint8Array,
  { columns, zone }: { columns: ReadonlyMap<CallColumn, string>; zone: string },
): CallRecords {
  const rows = parseCsv(decodeText(bytes));
  const first = rows[0];
  if (first === undefined)
    throw new Problem('CDR_EMPTY', 'input', { zh: '话单文件是空的。', en: 'The file of call records is empty.' });
  const { places, header } = placesOf(first, columns);
  const found: CallRecords = { records: [], bad: [] };
  const width = first.fields.length;
  for (const row of header ? rows.slice(1) : rows) {
    const read = readRow(row, places, width, zone);
    if ('sentence' in read) found.bad.push(read);
    else found.records.push(read);
  }
  return found;
}

function readRow(
  { line, fields, broken }: CsvRecord,
  places: Places,
  width: number,
  zone: string,
): CallRecord | BadRow {
  const bad = (zh: string, en: string): BadRow => ({ line, sentence: { zh, en } });
  if (broken) return bad('引号不配对', 'a quote is not closed');
  if (fields.length !== width)
    return bad(`有 ${fields.length} 列，应为 ${width} 列`, `${fields.length} columns instead of ${width}`);
  const field = (column: CallColumn) => fields[places[column] ?? -1] ?? '';
  const start = readTime(field('start'), zone);
  if (start === undefined) return bad('开始时间读不懂', 'the start time cannot be read');
  const spoken = field('duration');
  const duration = spoken === '' ? undefined : readSeconds(spoken);
  if (spoken !== '' && duration === undefined) return bad('时长读不懂', 'the duration cannot be read');
  const [callId, attempt, number] = [field('callId'), field('attempt').toLowerCase(), field('number')];
  if (callId === '' && attempt === '' && number === '')
    return bad('没有号码，也没有呼叫标识', 'neither a number nor a call id');
  return {
    line,
    callId: callId === '' ? undefined : callId,
    attempt: attempt === '' ? undefined : attempt,
    start,
    duration,
    number,
    disposition: field('disposition'),
    caller: field('caller'),
  };
}

/** ISO 8601, `2026-11-25 10:02:11`, `2026/11/25 10:02`, `2026年11月25日 10:02:11`, or seconds or milliseconds since 1970. ms; undefined: none of them. */
export function readTime(text: string, zone: string): number | undefined {
  if (/^\d{10}(\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (/^\d{13}$/.test(text)) return Number(text);
  const parts =
    /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i.exec(
      text,
    );
  if (!parts) return undefined;
  const [, year, month = '', day = '', hour = '', minute, second = '00', offset = zone] = parts;
  const two = (digits: string) => digits.padStart(2, '0');
  const shift = /^Z$/i.test(offset) ? 'Z' : offset.replace(/^(.\d{2}):?(\d{2})$/, '$1:$2');
  const instant = Date.parse(`${year}-${two(month)}-${two(day)}T${two(hour)}:${minute}:${second}${shift}`);
  // 31 February would be read as a day of March.
  const sameDay = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
  return Number.isNaN(instant) || !sameDay ? undefined : instant;
}

/** `45`, `45.2`, `0:45`, `00:01:05`, `1分5秒` as seconds. */
export function readSeconds(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  const clock = /^(?:(\d+):)?(\d{1,2}):(\d{2})$/.exec(text);
  if (clock) return Number(clock[1] ?? 0) * 3600 + Number(clock[2]) * 60 + Number(clock[3]);
  const words = /^(?:(\d+)(?:小时|时))?(?:(\d+)分钟?)?(?:(\d+)秒)?$/.exec(text);
  if (words && words[0] !== '')
    return Number(words[1] ?? 0) * 3600 + Number(words[2] ?? 0) * 60 + Number(words[3] ?? 0);
  return undefined;
}
