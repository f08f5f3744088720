/**
 * A file of cases as another system writes it: JSON, a list of cases or `{"cases": […]}`. Each case is judged alone: a malformed
 * one is named with its place and a sentence, and costs the others nothing. Sentences hold no values of the file.
 */
import { z } from 'zod';
import { Problem } from '../problem.ts';
import type { Text } from '../text.ts';
import { type Case, caseSchema } from './case.ts';
import { parseNumber } from './number.ts';

export type ImportProblem = {
  /** Place in the list, from 0. */
  index: number;
  /** The case's id where it is readable. */
  caseId?: string;
  /** `contacts.0.number` */
  path: string;
  sentence: Text;
};
export type ImportedCases = { cases: Case[]; problems: ImportProblem[] };

/** More than this is split by who exports it. */
export const importLimit = { cases: 5000, characters: 50_000_000 } as const;

const listSchema = z.union([z.array(z.unknown()), z.strictObject({ cases: z.array(z.unknown()) })]);
const problem = (code: string, zh: string, en: string, cause?: unknown) =>
  new Problem(code, 'input', { zh, en }, cause);

function listIn(text: string): unknown[] {
  if (text.length > importLimit.characters)
    throw problem('import.tooLarge', '文件过大，请拆分后再导入。', 'The file is too large. Split it and import again.');
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw problem(
      'import.notJson',
      '文件不是有效的 JSON，请重新导出。',
      'The file is not JSON. Export it again.',
      cause,
    );
  }
  const list = listSchema.safeParse(value);
  if (!list.success)
    throw problem(
      'import.noList',
      '文件里没有任务列表：应为数组或 {"cases": […]}。',
      'The file holds no list of cases: an array or {"cases": […]} is expected.',
    );
  const cases = Array.isArray(list.data) ? list.data : list.data.cases;
  if (cases.length > importLimit.cases)
    throw problem(
      'import.tooMany',
      `任务超过 ${importLimit.cases} 条，请拆分后再导入。`,
      `More than ${importLimit.cases} cases. Split the file and import again.`,
    );
  return cases;
}

/** zod's issue in words; never its own message, which is English only and may quote the value. */
export function issueSentence(issue: z.core.$ZodIssue): Text {
  switch (issue.code) {
    case 'invalid_type':
      return { zh: '缺少此项，或类型不对。', en: 'Missing, or of the wrong type.' };
    case 'too_small':
      return { zh: '内容为空或过短。', en: 'Empty or too short.' };
    case 'too_big':
      return { zh: '内容过长或过多。', en: 'Too long or too many.' };
    case 'invalid_value':
      return { zh: '不在允许的取值之内。', en: 'Not one of the allowed values.' };
    case 'unrecognized_keys':
      return { zh: '有未知的字段。', en: 'Holds a field nobody knows.' };
    default:
      return { zh: '格式不对。', en: 'Of the wrong form.' };
  }
}

const idIn = (value: unknown): string | undefined => z.object({ id: z.string().max(40) }).safeParse(value).data?.id;

/** What the schema cannot say: ids that stand twice, and numbers nobody could dial. */
function furtherProblems(one: Case, index: number): ImportProblem[] {
  const problems: ImportProblem[] = [];
  const seen = new Set<string>();
  for (const [place, contact] of one.contacts.entries()) {
    const found = (path: string, sentence: Text) =>
      problems.push({ index, caseId: one.id, path: `contacts.${place}.${path}`, sentence });
    if (seen.has(contact.id)) found('id', { zh: '联系方式编号重复。', en: "This contact's id stands twice." });
    seen.add(contact.id);
    try {
      parseNumber(contact.number);
    } catch (cause) {
      if (!(cause instanceof Problem)) throw cause;
      found('number', cause.sentence);
    }
  }
  return problems;
}

/**
 * Reads a file's text. Good cases come back parsed, in order; a case with any problem is left out.
 * A number that cannot be dialled is a problem here: at the desk it would only waste an agent's turn.
 * @throws Problem `import.*` when the text as a whole is of no use.
 */
export function readCaseFile(text: string): ImportedCases {
  const cases: Case[] = [];
  const problems: ImportProblem[] = [];
  const ids = new Set<string>();
  for (const [index, value] of listIn(text).entries()) {
    const parsed = caseSchema.safeParse(value);
    if (!parsed.success) {
      const caseId = idIn(value);
      for (const issue of parsed.error.issues)
        problems.push({
          index,
          ...(caseId === undefined ? {} : { caseId }),
          path: issue.path.join('.'),
          sentence: issueSentence(issue),
        });
      continue;
    }
    const found = furtherProblems(parsed.data, index);
    if (ids.has(parsed.data.id))
      found.push({
        index,
        caseId: parsed.data.id,
        path: 'id',
        sentence: { zh: '任务编号在文件中重复。', en: "This case's id stands twice in the file." },
      });
    ids.add(parsed.data.id);
    if (found.length === 0) cases.push(parsed.data);
    problems.push(...found);
  }
  return { cases, problems };
}
