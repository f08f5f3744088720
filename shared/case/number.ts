/**
 * Phone numbers as people write them, and the one form they are dialled and compared in (domain.md D and G0).
 *
 * Assumptions
 *  - only numbers of mainland China are called: a foreign number, and every emergency number, is refused here;
 *  - `digits` are dialled as they stand, the extension follows as DTMF after the answer; through two menus it has parts (「转2转8012」),
 *    with a pause between them;
 *  - the numbering plan in the library is never complete: a number of the right shape that it does not know is `unknown`,
 *    not an error, because new ranges are handed out faster than programs are renewed;
 *  - the demo ranges 154-0000-00NN and 026-0000-00NN exist in no plan (G0) and are known here by name.
 */
import { isValidPhoneNumber } from 'libphonenumber-js/max';
import { Problem } from '../problem.ts';
import type { Text } from '../text.ts';
import type { ContactRole } from './case.ts';

export const numberKinds = ['mobile', 'landline', 'service', 'unknown'] as const;
export type NumberKind = (typeof numberKinds)[number];

export type ParsedNumber = {
  /** As dialled: `13800138000`, `057188888888`, `95599`. */
  digits: string;
  /** Digits; `,` is a pause between two parts. */
  extension?: string;
  /** For people: `154-0000-0001`, `0571-8888-8888 转8012`. Unmasked. */
  display: string;
  kind: NumberKind;
  /** Area code of a landline, with its 0. */
  area?: string;
};

const problem = (code: string, zh: string, en: string) => new Problem(code, 'input', { zh, en });
const problems = {
  malformed: () =>
    problem(
      'number.malformed',
      '号码格式不对：只能有数字、空格、短横线和分机号，请核对后重新输入。',
      'This is not a phone number: only digits, spaces, dashes and an extension may stand here. Check it and type it again.',
    ),
  tooShort: () =>
    problem('number.tooShort', '号码位数不够，请核对。', 'The number has too few digits. Check it and type it again.'),
  tooLong: () => problem('number.tooLong', '号码位数过多，请核对。', 'The number has too many digits. Check it.'),
  areaMissing: () =>
    problem(
      'number.areaMissing',
      '座机号码缺少区号，请补上区号（例如 0571）。',
      'The landline has no area code. Add it (for example 0571).',
    ),
  foreign: () =>
    problem(
      'number.foreign',
      '不支持境外号码，请登记中国内地的号码。',
      'Numbers outside mainland China cannot be called. Record a number of the mainland.',
    ),
  emergency: () =>
    problem('number.emergency', '紧急号码不能外呼，请核对。', 'Emergency numbers are never called. Check the number.'),
};

const invisible = /\p{Cf}/gu; // zero-width and direction marks come along when a number is copied
const separators = /[\s\-‐-―−_.·()/]/g;
const extensionPattern =
  /(?:转接?|轉接?|分机号?|ext(?:ension)?\.?|x|#|,|;|p)\s*:?\s*(\d*(?:\s*[,;p转轉][\s,;p转轉]*\d+)*)\s*#?$/i;
const pauses = /\s*[,;p转轉][\s,;p转轉]*/gi;
const mostDigits = 10;
const demoMobile = /^154000000\d\d$/;
const demoLandline = /^026000000\d\d$/;

/** Area codes have three digits for Beijing and the 02x cities, four everywhere else. */
const areaOf = (digits: string) => (/^0(10|2\d)/.test(digits) ? digits.slice(0, 3) : digits.slice(0, 4));

/** The country code in its forms; what is left is national, with the trunk 0 of a landline. */
function nationalOf(main: string): string {
  const international = main.startsWith('+') ? main.slice(1) : main.startsWith('00') ? main.slice(2) : undefined;
  if (international === undefined) return /^86(1[3-9]\d{9})$/.test(main) ? main.slice(2) : main;
  if (!international.startsWith('86')) throw problems.foreign();
  const national = international.slice(2);
  const isMobile = /^1[3-9]\d{9}$/.test(national);
  return isMobile || national.startsWith('0') || /^(95|[48]00)/.test(national) ? national : `0${national}`;
}

function classify(digits: string): { kind: NumberKind; area?: string } {
  if (/^(110|119|120|122)$/.test(digits)) throw problems.emergency();
  if (/^(95\d{3,6}|96\d{3,4}|1[02]\d{1,3}|114|[48]00\d{7})$/.test(digits)) return { kind: 'service' };
  if (demoMobile.test(digits)) return { kind: 'mobile' };
  if (demoLandline.test(digits)) return { kind: 'landline', area: '026' };
  if (/^1[3-9]/.test(digits)) {
    if (digits.length < 11) throw problems.tooShort();
    if (digits.length > 11) throw problems.tooLong();
    return { kind: isValidPhoneNumber(digits, 'CN') ? 'mobile' : 'unknown' };
  }
  if (digits.startsWith('0')) {
    const area = areaOf(digits);
    const local = digits.length - area.length;
    if (local < 7) throw problems.tooShort();
    if (local > 8) throw problems.tooLong();
    return { kind: isValidPhoneNumber(digits, 'CN') ? 'landline' : 'unknown', area };
  }
  if (/^[2-8]\d{6,7}$/.test(digits)) throw problems.areaMissing();
  throw digits.length < 7 ? problems.tooShort() : digits.length > 12 ? problems.tooLong() : problems.malformed();
}

function displayOf(digits: string, area: string | undefined): string {
  if (area !== undefined) {
    const local = digits.slice(area.length);
    return `${area}-${local.slice(0, local.length - 4)}-${local.slice(-4)}`;
  }
  if (/^1\d{10}$/.test(digits)) return `${digits.slice(0, 3)}-${digits.slice(3, 7)}-${digits.slice(7)}`;
  return /^[48]00\d{7}$/.test(digits) ? `${digits.slice(0, 3)}-${digits.slice(3, 6)}-${digits.slice(6)}` : digits;
}

/** `0571-8888-8888-8012`: what stands behind a last dash. A person's mobile has none. */
function behindDash(clean: string): { main: string; extension: string } | undefined {
  const [, main, extension] = /^(.*\d.*?)\s*[-‐-―−]\s*(\d{1,6})$/.exec(clean) ?? [];
  return main === undefined || extension === undefined || /^\D*(?:86\D*)?1[3-9]/.test(main)
    ? undefined
    : { main, extension };
}

/**
 * Reads a number as people type and copy it: full width, spaces, dashes, +86, 「转8012」, `ext 8012`, `#8012`, and `-8012` where the
 * number is whole without it and too long with it.
 * @throws Problem `number.*` with a sentence that says what is wrong; it never holds the number.
 */
export function parseNumber(text: string): ParsedNumber {
  const clean = text.normalize('NFKC').replace(invisible, '').trim();
  if (clean.length > 60) throw problems.tooLong();
  try {
    return parseClean(clean);
  } catch (cause) {
    const split = cause instanceof Problem && cause.code !== 'number.foreign' ? behindDash(clean) : undefined;
    if (!split) throw cause;
    try {
      return parseClean(`${split.main}转${split.extension}`);
    } catch {
      throw cause; // what is wrong is wrong with the whole
    }
  }
}

function parseClean(clean: string): ParsedNumber {
  const match = extensionPattern.exec(clean);
  const extension = match?.[1]?.replace(pauses, ',').replace(/^,/, '');
  if (extension === '' || (extension ?? '').replaceAll(',', '').length > mostDigits) throw problems.malformed();
  const main = (match ? clean.slice(0, match.index) : clean).replace(separators, '');
  if (!/^\+?\d+$/.test(main)) throw problems.malformed();
  let digits = nationalOf(main);
  if (/^01[3-9]\d{9}$/.test(digits)) digits = digits.slice(1); // a mobile with the old long-distance 0
  const { kind, area } = classify(digits);
  const display = displayOf(digits, area);
  return {
    digits,
    ...(extension === undefined ? {} : { extension }),
    display: extension === undefined ? display : `${display} 转${extension}`,
    kind,
    ...(area === undefined ? {} : { area }),
  };
}

/** Numbers read lately: the caps compare a number with those of thousands of attempts, again and again the same ones. */
const readLately = new Map<string, ParsedNumber | undefined>();
const mostReadLately = 5000;

/** What cannot be read is nothing. */
export const parsedOrNothing = (text: string): ParsedNumber | undefined => {
  if (readLately.has(text)) return readLately.get(text);
  let parsed: ParsedNumber | undefined;
  try {
    parsed = parseNumber(text);
  } catch (cause) {
    if (!(cause instanceof Problem)) throw cause;
  }
  if (readLately.size >= mostReadLately) readLately.clear();
  readLately.set(text, parsed);
  return parsed;
};

/**
 * Whether two texts mean one line. Two different extensions are two people; an extension beside none is the same
 * switchboard. What cannot be read is the same as nothing.
 */
export function sameNumber(a: string, b: string): boolean {
  const [one, other] = [parsedOrNothing(a), parsedOrNothing(b)];
  if (one === undefined || other === undefined || one.digits !== other.digits) return false;
  return one.extension === undefined || other.extension === undefined || one.extension === other.extension;
}

/** In the ranges that no operator has (G0): dialled on the practice PBX only. */
export function isDemoNumber(text: string): boolean {
  const digits = parsedOrNothing(text)?.digits ?? '';
  return demoMobile.test(digits) || demoLandline.test(digits);
}

/** `unknown` also for what cannot be read at all. */
export const numberKind = (text: string): NumberKind => parsedOrNothing(text)?.kind ?? 'unknown';

/**
 * `154****0001`, `026****0005`. At least four digits are hidden whatever the length; an extension is hidden whole.
 * Text that is no number is masked by its digits, so that a wrong entry does not show either.
 */
export function maskNumber(text: string): string {
  const parsed = parsedOrNothing(text);
  const digits = parsed?.digits ?? text.normalize('NFKC').replace(/\D/g, '');
  const head = Math.min(parsed?.area?.length ?? 3, Math.max(0, digits.length - 4));
  const tail = Math.min(4, Math.max(0, digits.length - head - 4));
  const masked = `${digits.slice(0, head)}****${tail === 0 ? '' : digits.slice(-tail)}`;
  return parsed?.extension === undefined ? masked : `${masked} 转***`;
}

const employerRoles: readonly ContactRole[] = ['EMPLOYER', 'EMPLOYER_PUBLIC', 'EMPLOYER_HR'];

/** Said to be a landline by whoever filled the form in, and a mobile. */
export const isMobileAsLandline = ({ label, number }: { label: string; number: string }): boolean =>
  numberKind(number) === 'mobile' && /座机|固话|总机/.test(label);

/** What looks odd about a number before it is dialled; a hint, never a block: an employer may well use a mobile. */
export function numberHint(contact: { label: string; role: ContactRole; number: string }): Text | undefined {
  const kind = numberKind(contact.number);
  if (isMobileAsLandline(contact) || (kind === 'mobile' && employerRoles.includes(contact.role)))
    return {
      zh: '登记为单位或座机号码，实为手机号码，请留意。',
      en: 'Recorded as an employer or landline number, but it is a mobile. Take care.',
    };
  if (kind === 'landline' && /手机/.test(contact.label))
    return { zh: '登记为手机，实为座机号码。', en: 'Recorded as a mobile, but it is a landline.' };
  if (kind === 'unknown')
    return { zh: '号码不在已知号段内，请核对。', en: 'The number lies in no known range. Check it.' };
  return undefined;
}
