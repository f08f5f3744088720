/** What can go wrong between station and bank server, as sentences that say what to do. */
import { Problem, type ProblemCategory } from '#shared/problem.ts';
import type { Failure, FailureCode } from '#shared/server/api.ts';

const categories: Readonly<Record<FailureCode, ProblemCategory>> = {
  WRONG_PASSWORD: 'input',
  ACCOUNT_LOCKED: 'access',
  TOO_MANY_TRIES: 'access',
  TOKEN_EXPIRED: 'access',
  NOT_SIGNED_IN: 'access',
  NOT_ALLOWED: 'access',
  SAME_PERSON: 'input',
  NOT_OF_TEAM: 'access',
  STATION_UNKNOWN: 'access',
  STATION_REVOKED: 'access',
  ENROLMENT_CODE_WRONG: 'input',
  BAD_SIGNATURE: 'access',
  BAD_REQUEST: 'server',
  TOO_LARGE: 'server',
  VERSION_TOO_OLD: 'access',
  NOT_FOUND: 'server',
  TRY_LATER: 'server',
  INTERNAL: 'server',
};

/** The server said no, in its own words. */
export function refusedByBank(failure: Failure): Problem {
  return new Problem(failure.code, categories[failure.code], failure.sentence);
}

export const bankProblems = {
  unreachable: (cause?: unknown) =>
    new Problem(
      'BANK_UNREACHABLE',
      'network',
      {
        zh: '暂时连不上银行后台。可以继续工作，记录保存在本机，恢复后自动上传。',
        en: 'The bank server cannot be reached. Go on working: records are kept here and uploaded later.',
      },
      cause,
    ),
  timeout: (cause?: unknown) =>
    new Problem(
      'BANK_TIMEOUT',
      'network',
      {
        zh: '银行后台没有及时答复，会自动重试。可以继续工作。',
        en: 'The bank server did not answer in time; it is tried again automatically. Go on working.',
      },
      cause,
    ),
  unreadable: (cause?: unknown) =>
    new Problem(
      'BANK_ANSWER_UNREADABLE',
      'server',
      {
        zh: '收到的答复不是银行后台的格式（可能被网关拦截）。会自动重试；一直如此请联系技术支持。',
        en: 'The answer is not one of the bank server (a gateway in between?). It is tried again; if it stays so, call support.',
      },
      cause,
    ),
  notSignedIn: () =>
    new Problem('NOT_SIGNED_IN', 'access', {
      zh: '在线签入已失效，请重新签入。本机记录不受影响。',
      en: 'You are not signed in at the bank any more. Sign in again; the records here are not affected.',
    }),
  noProgress: () =>
    new Problem('UPLOAD_NO_PROGRESS', 'server', {
      zh: '后台收下了请求但没有给出回执，会继续重试。一直如此请联系技术支持。',
      en: 'The server took the request but gave no receipts; it is tried again. If it stays so, call support.',
    }),
} as const;

/** Whether the code says that this sign-in is over for good. */
export const endsSession = (problem: unknown): boolean =>
  problem instanceof Problem &&
  ['TOKEN_EXPIRED', 'NOT_SIGNED_IN', 'ACCOUNT_LOCKED', 'NOT_ALLOWED', 'STATION_REVOKED'].includes(problem.code);
