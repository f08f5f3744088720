/** Numbers as people say them. */
const digits = '零一二三四五六七八九';
const units = ['', '十', '百', '千'];

function below10000(value: number): string {
  let words = '';
  let skipped = false;
  for (let place = 3; place >= 0; place--) {
    const digit = Math.floor(value / 10 ** place) % 10;
    if (digit === 0) {
      skipped = words !== '';
      continue;
    }
    words += (skipped ? '零' : '') + digits[digit] + units[place];
    skipped = false;
  }
  return words;
}

/** A whole number from 0 to 99,999,999 in words: 1,200,000 is 一百二十万, 15,000 is 一万五千. */
export function inWords(value: number): string {
  if (value === 0) return '零';
  const [tenThousands, rest] = [Math.floor(value / 10_000), value % 10_000];
  const high = tenThousands > 0 ? `${below10000(tenThousands)}万` : '';
  const gap = high !== '' && rest > 0 && rest < 1000 ? '零' : '';
  return (high + gap + (rest > 0 ? below10000(rest) : '')).replace(/^一十/, '十');
}

/** Digit by digit, as a year or a telephone number is said. */
export const digitByDigit = (text: string): string =>
  text.replace(/\d/g, (digit) => digits[Number(digit)] ?? '').replace(/X/g, '艾克斯');
