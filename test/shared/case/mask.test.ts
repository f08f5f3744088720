import { describe, expect, it } from 'vitest';
import { addressForm, maskedAddressForm, maskName } from '#shared/case/mask.ts';

describe('masked names', () => {
  it.each([
    ['张三', '张*'],
    ['张小三', '张*三'],
    ['甄样例', '甄*例'],
    ['欧阳锋', '欧阳*'],
    ['欧阳修文', '欧阳**'],
    ['欧阳', '欧*'],
    ['陈李小明', '陈**明'],
    ['王', '*'],
    ['', '*'],
    ['𠮷田一', '𠮷*一'],
    ['张𠮷', '张*'],
    ['买买提·艾力江', '买**·**'],
    ['纸鹤航天文具(虚构)有限公司', '纸鹤****公司'],
    ['无回音厂', '无****厂'],
    ['星海灯塔教育(虚构)学校', '星海****学校'],
    ['John Smith', 'J*** S***'],
    ['A', '*'],
  ])('%s shows as %s', (name, masked) => {
    expect(maskName(name)).toBe(masked);
  });

  it('markup in a name stays text, and is hidden like text', () => {
    expect(maskName('<img/src=x>')).toBe('<***');
    expect(maskName('张<b>三</b>')).not.toContain('三');
  });

  it('a person is spoken to by surname and title, and masked by default', () => {
    expect(addressForm('甄样例', 'MS', 'zh')).toBe('甄女士');
    expect(addressForm('欧阳修文', 'MR', 'zh')).toBe('欧阳先生');
    expect(addressForm('甄样例', 'MS', 'en')).toBe('Ms 甄');
    expect(addressForm('John Smith', 'MR', 'en')).toBe('Mr Smith');
    expect(addressForm('甄样例', 'NONE', 'zh')).toBe('甄样例');
    expect(maskedAddressForm('甄样例', 'MS', 'zh')).toBe('甄* 女士');
    expect(maskedAddressForm('欧阳修文', 'MR', 'zh')).toBe('欧阳* 先生');
    expect(maskedAddressForm('John Smith', 'MR', 'en')).toBe('Mr S***');
    expect(maskedAddressForm('星海灯塔教育(虚构)学校', 'NONE', 'zh')).toBe('星海****学校');
  });
});
