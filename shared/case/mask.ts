/**
 * Names as they may stand on a screen (domain.md D, masking): 张* / 张*三 / 欧阳**, firms by their first and last two.
 * A name is text and nothing else: what looks like markup is masked like every other character.
 * Characters are counted as people see them, so that a rare character outside of the first plane is one.
 */
import type { Language } from '../text.ts';

const compoundSurnames = new Set(
  (
    '欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 ' +
    '仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 ' +
    '段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 西门 第五'
  ).split(' '),
);
const firmEnding =
  /(公司|集团|企业|银行|学校|大学|中学|小学|医院|中心|商店|工厂|事务所|研究院|合作社|委员会|[厂店局院所行社部会])$/;
const segmenter = new Intl.Segmenter('zh-CN', { granularity: 'grapheme' });
/** Each of these is one character whatever stands beside it: no segmenter is needed, which a queue of a thousand names would feel. */
const commonHan = /^[\u4e00-\u9fff]*$/;
const characters = (name: string) =>
  commonHan.test(name) ? [...name] : [...segmenter.segment(name)].map((s) => s.segment);
const isHan = (character: string) => /^\p{Script=Han}/u.test(character);

/** One or two characters; the whole name when it has no more than a surname. Latin names: the last word. */
function surnameOf(name: string): string {
  const all = characters(name.trim());
  if (all.length > 0 && !isHan(all[0]!)) return name.trim().split(/\s+/).at(-1)!;
  const firstTwo = all.slice(0, 2).join('');
  return all.length > 2 && compoundSurnames.has(firstTwo) ? firstTwo : (all[0] ?? '');
}

function isFirm(name: string, all: readonly string[]): boolean {
  if (all.some((c) => c === '·' || c === '•')) return false; // 买买提·艾力江 is a person, however long
  return all.some(isHan) && (all.length > 4 || (all.length > 3 && firmEnding.test(name)));
}

/** A masked name; at least one character is always hidden. Number of stars says nothing about a firm's length. */
export function maskName(name: string): string {
  const trimmed = name.trim();
  const all = characters(trimmed);
  if (all.length <= 1) return '*';
  if (isFirm(trimmed, all)) {
    const kept = all.length < 6 ? 1 : 2;
    return `${all.slice(0, kept).join('')}****${all.slice(-kept).join('')}`;
  }
  if (!isHan(all[0]!))
    return trimmed
      .split(/\s+/)
      .map((word) => (characters(word).length > 1 ? `${characters(word)[0]}***` : '*'))
      .join(' ');
  if (all.some((c) => c === '·' || c === '•')) return `${all[0]}**·**`;
  const surname = surnameOf(trimmed);
  const hidden = all.length - characters(surname).length;
  if (characters(surname).length > 1 || hidden < 2) return `${surname}${'*'.repeat(hidden)}`;
  return `${surname}${'*'.repeat(hidden - 1)}${all.at(-1)}`;
}

export type Title = 'MR' | 'MS' | 'NONE';
const titles: Readonly<Record<Title, Readonly<Record<Language, string>>>> = {
  MR: { zh: '先生', en: 'Mr' },
  MS: { zh: '女士', en: 'Ms' },
  NONE: { zh: '', en: '' },
};

/** How a person is spoken to once the identity is sure: 「甄女士」, "Ms 甄"; the whole name where no title is known. */
export function addressForm(name: string, title: Title, language: Language): string {
  if (title === 'NONE') return name.trim();
  const surname = surnameOf(name);
  return language === 'zh' ? `${surname}${titles[title].zh}` : `${titles[title].en} ${surname}`;
}

/** The same on a screen before the identity is sure: 「甄* 女士」, "Ms 甄*". */
export function maskedAddressForm(name: string, title: Title, language: Language): string {
  if (title === 'NONE') return maskName(name);
  const surname = surnameOf(name);
  const masked = isHan(surname) ? `${surname}*` : `${characters(surname)[0] ?? ''}***`;
  return language === 'zh' ? `${masked} ${titles[title].zh}` : `${titles[title].en} ${masked}`;
}
