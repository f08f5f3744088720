import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDemoNumber, maskNumber, numberHint, numberKind, parseNumber, sameNumber } from '#shared/case/number.ts';
import { Problem } from '#shared/problem.ts';

const refusal = (text: string): string => {
  try {
    parseNumber(text);
  } catch (cause) {
    expect(cause).toBeInstanceOf(Problem);
    const { code, sentence } = cause as Problem; // asserted the line above
    expect(sentence.zh).not.toMatch(/\d{5,}/);
    return code;
  }
  return 'accepted';
};

describe('phone numbers', () => {
  it.each([
    ['13800138000', '13800138000', 'mobile', '138-0013-8000'],
    ['138 0013 8000', '13800138000', 'mobile', '138-0013-8000'],
    ['１３８－００１３－８０００', '13800138000', 'mobile', '138-0013-8000'],
    ['+86 138-0013-8000', '13800138000', 'mobile', '138-0013-8000'],
    ['0086 13800138000', '13800138000', 'mobile', '138-0013-8000'],
    ['8613800138000', '13800138000', 'mobile', '138-0013-8000'],
    ['013800138000', '13800138000', 'mobile', '138-0013-8000'],
    ['\u202a13800138000\u202c', '13800138000', 'mobile', '138-0013-8000'],
    ['（0571）8888—8888', '057188888888', 'landline', '0571-8888-8888'],
    ['+86 571 88888888', '057188888888', 'landline', '0571-8888-8888'],
    ['010-62345678', '01062345678', 'landline', '010-6234-5678'],
    ['154-0000-0001', '15400000001', 'mobile', '154-0000-0001'],
    ['026-0000-0005', '02600000005', 'landline', '026-0000-0005'],
    ['95599', '95599', 'service', '95599'],
    ['400-800-1234', '4008001234', 'service', '400-800-1234'],
    ['16900000001', '16900000001', 'unknown', '169-0000-0001'],
  ])('%s is dialled as %s', (text, digits, kind, display) => {
    expect(parseNumber(text)).toMatchObject({ digits, kind, display });
  });

  it.each(['转8012', ' 转 8012', '-转:8012', ' ext. 8012', ' EXT8012', 'x8012', '＃8012', ',8012#', ' 分机8012'])(
    'an extension written "%s" is dialled after the answer, not before',
    (written) => {
      expect(parseNumber(`0571-88888888${written}`)).toMatchObject({ digits: '057188888888', extension: '8012' });
    },
  );

  it.each([
    ['转2转8012', '2,8012'],
    ['转2，8012', '2,8012'],
    ['转 2 , 80 , 12', '2,80,12'],
    ['ext 2p8012#', '2,8012'],
    ['转,8012', '8012'],
  ])('an extension through several menus, "%s", is dialled with a pause between its parts', (written, extension) => {
    const parsed = parseNumber(`0571-88888888${written}`);
    expect(parsed).toMatchObject({ digits: '057188888888', extension });
    expect(parseNumber(parsed.display)).toEqual(parsed);
    expect(maskNumber(parsed.display)).toBe('0571****8888 转***');
  });

  it.each([
    ['0571-8888-8888-8012', '057188888888', '8012'],
    ['010-88888888-801', '01088888888', '801'],
    ['(010)8888－8888－12', '01088888888', '12'],
    ['+86 571 8888 8888-8012', '057188888888', '8012'],
    ['400-800-8000-22', '4008008000', '22'],
  ])('what stands behind a dash too many is an extension: %s', (written, digits, extension) => {
    expect(parseNumber(written)).toMatchObject({ digits, extension });
  });

  it('a dash within a whole number parts nothing, and a mobile has no extension behind a dash', () => {
    expect(parseNumber('0571-8888-8888')).toMatchObject({ digits: '057188888888' });
    expect(parseNumber('0571-8888-8888').extension).toBeUndefined();
    expect(refusal('138-0013-8000-12')).toBe('number.tooLong');
    expect(refusal('110-2')).not.toBe('accepted');
  });

  it.each([
    ['', 'number.malformed'],
    ['手机', 'number.malformed'],
    ['138O0138000', 'number.malformed'],
    ['<b>13800138000</b>', 'number.malformed'],
    ['0571-88888888转', 'number.malformed'],
    ['0571-88888888转12345678901', 'number.malformed'],
    ['0571-88888888转1234567,8901', 'number.malformed'],
    ['0571-88888888转8012 8013', 'number.malformed'],
    ['1380013800', 'number.tooShort'],
    ['138001380001', 'number.tooLong'],
    ['0571-888888', 'number.tooShort'],
    ['026-000000055', 'number.tooLong'],
    ['88888888', 'number.areaMissing'],
    ['+852 2345 6789', 'number.foreign'],
    ['0044 20 7946 0000', 'number.foreign'],
    ['110', 'number.emergency'],
    ['120', 'number.emergency'],
    ['9'.repeat(200), 'number.tooLong'],
  ])('"%s" is refused as %s, in words and without the number', (text, code) => {
    expect(refusal(text)).toBe(code);
  });

  it('whatever is typed is either a number or a refusal in words', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9+\-转# ]{0,25}$/)), (text) => {
        const code = refusal(text);
        expect(code === 'accepted' || code.startsWith('number.')).toBe(true);
        if (code === 'accepted') expect(parseNumber(text).digits).toMatch(/^\d{3,12}$/);
      }),
    );
  });

  it('one line is recognised in all its spellings, and two transposed digits are not the same line', () => {
    expect(sameNumber('026-0000-0005', '＋８６ 26 00000005')).toBe(true);
    expect(sameNumber('026-0000-0040', '026-0000-0004')).toBe(false);
    expect(sameNumber('0571-88888888转8012', '057188888888')).toBe(true);
    expect(sameNumber('0571-88888888转8012', '057188888888转8021')).toBe(false);
    expect(sameNumber('nothing', 'nothing')).toBe(false);
  });

  it('demo ranges are known however they are written, and nothing near them is one', () => {
    for (const text of ['154-0000-0001', '15400000099', '026-0000-0005', '+86 26 0000 0005'])
      expect(isDemoNumber(text)).toBe(true);
    for (const text of ['15400000101', '13800138000', '02600001005', '0260000000', 'demo'])
      expect(isDemoNumber(text)).toBe(false);
  });

  it('a masked number shows its head and its tail', () => {
    expect(maskNumber('154-0000-0001')).toBe('154****0001');
    expect(maskNumber('026-0000-0005')).toBe('026****0005');
    expect(maskNumber('0571-8888-8881')).toBe('0571****8881');
    expect(maskNumber('0769-888-8881')).toBe('0769****881');
    expect(maskNumber('0571-88888888转8012')).toBe('0571****8888 转***');
    expect(maskNumber('95599')).toBe('9****');
    expect(maskNumber('not a number')).toBe('****');
  });

  it('at least four digits are hidden whatever the text', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9+\- ]{0,30}$/), (text) => {
        const shown = maskNumber(text).replace(/\D/g, '').length;
        const given = text.replace(/\D/g, '').length;
        expect(shown).toBeLessThanOrEqual(Math.max(0, given - 4) + (/^\+|^00/.test(text) ? 1 : 0));
        expect(shown).toBeLessThanOrEqual(8);
      }),
    );
  });

  it('a landline that is really a mobile is pointed out', () => {
    const contact = { label: '单位座机(登记)', role: 'EMPLOYER', number: '154-0000-0092' } as const;
    expect(numberHint(contact)?.zh).toContain('实为手机');
    expect(numberHint({ ...contact, number: '026-0000-0001' })).toBeUndefined();
    expect(numberHint({ label: '手机', role: 'BORROWER', number: '154-0000-0001' })).toBeUndefined();
    expect(numberKind('x')).toBe('unknown');
  });
});
