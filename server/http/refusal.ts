/** How the server says no: a code, its HTTP status and a sentence for a person. Thrown by routes, answered by `failures.ts`. */
import type { FailureCode } from '#shared/server/api.ts';
import type { Text } from '#shared/text.ts';

export const refusals: Readonly<Record<FailureCode, { status: number; sentence: Text }>> = {
  WRONG_PASSWORD: {
    status: 401,
    sentence: {
      zh: '工号或密码不正确，请重新输入。',
      en: 'The account or the password is wrong. Please enter them again.',
    },
  },
  ACCOUNT_LOCKED: {
    status: 423,
    sentence: {
      zh: '该工号已被锁定，请稍后再试或联系管理员。',
      en: 'This account is locked. Try later or ask the administrator.',
    },
  },
  TOO_MANY_TRIES: {
    status: 429,
    sentence: { zh: '尝试次数过多，请稍后再试。', en: 'Too many tries. Please wait a moment.' },
  },
  TOKEN_EXPIRED: {
    status: 401,
    sentence: { zh: '登录已过期，请重新签入。', en: 'Your sign-in has expired. Please sign in again.' },
  },
  NOT_SIGNED_IN: { status: 401, sentence: { zh: '请先签入。', en: 'Please sign in first.' } },
  NOT_ALLOWED: {
    status: 403,
    sentence: {
      zh: '您没有此操作的权限，如有需要请联系班长。',
      en: 'You may not do this. Ask your team lead if you need it.',
    },
  },
  SAME_PERSON: {
    status: 403,
    sentence: {
      zh: '第二人不能是您本人，请另一位坐席或班长输入自己的工号和密码。',
      en: 'The second person cannot be you. Another agent or the lead has to enter their own account and password.',
    },
  },
  NOT_OF_TEAM: {
    status: 403,
    sentence: {
      zh: '只有本组的坐席或班长可以作为第二人确认。',
      en: 'Only an agent or the lead of your own team can confirm as second person.',
    },
  },
  STATION_UNKNOWN: {
    status: 404,
    sentence: {
      zh: '后台不认识此坐席终端，请重新登记。',
      en: 'The server does not know this station. Please enrol it again.',
    },
  },
  STATION_REVOKED: {
    status: 403,
    sentence: {
      zh: '此坐席终端已被停用，请联系管理员。',
      en: 'This station has been revoked. Ask the administrator.',
    },
  },
  ENROLMENT_CODE_WRONG: {
    status: 403,
    sentence: {
      zh: '登记码不正确、已使用或已过期，请向管理员索取新的登记码。',
      en: 'The enrolment code is wrong, used or expired. Ask the administrator for a new one.',
    },
  },
  BAD_SIGNATURE: {
    status: 401,
    sentence: {
      zh: '终端签名无效，请检查终端时间或重新登记。',
      en: "The station's signature is not valid. Check its clock or enrol it again.",
    },
  },
  BAD_REQUEST: {
    status: 400,
    sentence: {
      zh: '请求内容不符合接口约定，请更新程序。',
      en: 'The request does not follow the contract. Please update the program.',
    },
  },
  TOO_LARGE: { status: 413, sentence: { zh: '请求内容过大。', en: 'The request is too large.' } },
  VERSION_TOO_OLD: {
    status: 426,
    sentence: {
      zh: '此版本后台无法读取，请更新程序。',
      en: 'The server does not read this version. Please update the program.',
    },
  },
  NOT_FOUND: { status: 404, sentence: { zh: '没有找到。', en: 'Not found.' } },
  TRY_LATER: {
    status: 503,
    sentence: { zh: '后台繁忙，请稍后再试。', en: 'The server is busy. Please try again shortly.' },
  },
  INTERNAL: {
    status: 500,
    sentence: {
      zh: '后台出错，已记录。请稍后再试。',
      en: 'Something failed in the server; it was noted. Please try again shortly.',
    },
  },
};

export class Refusal extends Error {
  readonly code: FailureCode;
  readonly afterSeconds: number | undefined;

  constructor(code: FailureCode, afterSeconds?: number) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
    this.afterSeconds = afterSeconds;
  }
}
