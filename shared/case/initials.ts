/**
 * Pinyin initials of Chinese names without a table: the collator of the platform already knows the order of the readings.
 * For each letter there is the first character of that order; a character belongs to the last letter that is not after it.
 *
 * Limits: a character has the one reading the collation gives it (曾 is Z, 单 is D), and one without any reading has no initial.
 */
const collator = new Intl.Collator('zh-CN-u-co-pinyin');
const letters = [...'ABCDEFGHJKLMNOPQRSTWXYZ'];
/** The first character of each letter in the collation; no reading begins with I, U or V. */
const firsts = [...'吖八嚓咑妸发旮哈丌咔垃妈拏噢妑七呥扨它穵夕丫帀'];
/** Characters without a reading come after all that have one; this is the first of them. */
const firstUnread = '𠀀';

function initialOf(character: string): string {
  if (/^[A-Za-z0-9]$/.test(character)) return character.toUpperCase();
  if (!/^\p{Script=Han}$/u.test(character) || collator.compare(character, firstUnread) >= 0) return '';
  const index = firsts.findLastIndex((first) => collator.compare(first, character) <= 0);
  return letters[index] ?? '';
}

/** 「甄样例」 → `ZYL`; letters and digits stay, everything else is left out. */
export const pinyinInitials = (name: string): string => [...name.normalize('NFKC')].map(initialOf).join('');
