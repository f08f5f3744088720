/** Are these the same organisation, the same address? Names are said short, written long, and must not be guessed. */
import { plain } from './parse.ts';

export type Likeness = 'same' | 'like' | 'different';

const legalForm = /((股份)?有限(责任)?公司|公司|(有限|普通|特殊普通)?合伙(企业)?)$/;
/** A bracket that says nothing about which company it is. */
const emptyBracket = /^(虚构|集团|中国|控股|股份|筹)$/;

function partsOfName(name: string): { core: string; place: string } {
  let place = '';
  const core = plain(name)
    .replace(/[·・.,。、"']/g, '')
    .replace(/[([【]([^)\]】]*)[)\]】]/g, (_, inside: string) => {
      if (!emptyBracket.test(inside)) place += inside.replace(/[省市区县]$/, '');
      return '';
    })
    .replace(legalForm, '');
  return { core, place };
}

/**
 * 演示(上海) and 演示(北京) are two firms; 演示有限公司 may be either, so it is only like them. 有限公司 and brackets
 * like (虚构) say nothing. A city before the name (星港演示科技) makes it like, not the same.
 */
export function compareNames(said: string, file: string): Likeness {
  const a = partsOfName(said);
  const b = partsOfName(file);
  if (a.core === '' || b.core === '') return 'different';
  if (a.place !== '' && b.place !== '' && a.place !== b.place) return 'different';
  if (a.core === b.core) return a.place === b.place ? 'same' : 'like';
  const [short, long] = a.core.length < b.core.length ? [a.core, b.core] : [b.core, a.core];
  const ahead = long.endsWith(short) ? long.slice(0, -short.length) : undefined;
  return short.length >= 4 && ahead !== undefined && ahead.length <= 4 ? 'like' : 'different';
}

const roadPattern = /([^省市区县镇乡街道路巷弄里号]{1,8}(?:大道|路|街|巷|弄|里))/;
const districtPattern = /([^省市区县]{1,8}[区县])/;

/** The same road, and no other district: 「虚构区演示路」 answers the file's 「星港市虚构区演示路1号」. */
export function compareAddresses(said: string, file: string): Likeness {
  const [a, b] = [plain(said), plain(file)];
  if (a === b) return 'same';
  const road = roadPattern.exec(b)?.[1];
  if (road === undefined) return a.length >= 4 && (b.includes(a) || a.includes(b)) ? 'same' : 'different';
  if (!a.includes(road)) return 'different';
  const district = districtPattern.exec(b)?.[1];
  const saidDistrict = districtPattern.exec(a)?.[1];
  if (district === undefined || saidDistrict === undefined) return 'same';
  return saidDistrict.endsWith(district) || district.endsWith(saidDistrict) ? 'same' : 'different';
}

/** Free words: one contains the other, from two letters on. */
export function compareWords(said: string, file: string): Likeness {
  const strip = (words: string) => plain(words).replace(/[·・,。、"'.]/g, '');
  const [a, b] = [strip(said), strip(file)];
  if (a === b) return 'same';
  return Math.min(a.length, b.length) >= 2 && (a.includes(b) || b.includes(a)) ? 'same' : 'different';
}
