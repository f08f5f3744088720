/** Why a dial was blocked, in a few words: for lists, where the guard's whole sentence has no place. Rules of dialGuard.ts. */
import type { Text } from '../text.ts';

const text = (zh: string, en: string): Text => ({ zh, en });

const dialRuleTexts: Readonly<Record<string, Text>> = {
  'source.disagrees': text('各来源号码不一致', 'the sources disagree'),
  'source.borrowerOnly': text('单位号码仅由借款人等提供', 'the employer’s number comes from the borrower alone'),
  'source.unconfirmed': text('号码有变更，需对照输入或复核', 'a changed number: to be typed off the form, or checked'),
  'source.single': text('来源单一，需对照输入或复核', 'one source: to be typed off the form, or checked'),
  'number.typedDiffers': text('输入的号码不一致', 'what was typed differs'),
  'number.typedTooOften': text('输入错误次数过多', 'typed wrongly too often'),
  'contact.invalid': text('空号或有误', 'no such number'),
  'contact.suspended': text('号码已停机', 'the number is suspended'),
  'contact.replaced': text('号码已更换', 'the number was replaced'),
  'contact.wrongPerson': text('不是客户本人的号码', 'the number is somebody else’s'),
  'contact.notVoice': text('传真或数据线', 'a fax or data line'),
  'contact.doNotCall': text('对方谢绝来电', 'asked not to be called'),
  'contact.ofEmployer': text('单位电话，不在单位核实任务中', 'an employer’s number, outside of the employer’s case'),
  'contact.ofOtherCase': text('号码不属于本任务', 'the number is not of this case'),
  'demo.realLine': text('演练任务不能用正式话机', 'a practice case on a real line'),
  'line.notConfigured': text('话机未配置', 'no line is configured'),
  'line.practiceOnly': text('演练话机不能拨正式任务', 'a real case on the practice line'),
};

/** Undefined for a rule of a newer program. */
export const dialRuleText = (rule: string): Text | undefined => dialRuleTexts[rule];
