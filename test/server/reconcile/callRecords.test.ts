import { describe, expect, it } from 'vitest';
import { parseColumns, readCallRecords, readSeconds, readTime } from '../../../server/reconcile/callRecords.ts';
import { parseCsv } from '../../../server/reconcile/csv.ts';

const zone = '+08:00';
const none = parseColumns('');
const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string, columns = none) => readCallRecords(bytes(text), { columns, zone });

/** 「接通」,「被叫」 … as GBK: Node writes no GBK, so the bytes stand here. */
const gbk = (parts: readonly (string | readonly number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...bytes(part)] : [...part])));
const gbkStart = [0xbf, 0xaa, 0xca, 0xbc, 0xca, 0xb1, 0xbc, 0xe4]; // 开始时间
const gbkNumber = [0xb1, 0xbb, 0xbd, 0xd0, 0xba, 0xc5, 0xc2, 0xeb]; // 被叫号码
const gbkResult = [0xbd, 0xe1, 0xb9, 0xfb]; // 结果
const gbkAnswered = [0xbd, 0xd3, 0xcd, 0xa8]; // 接通

describe('the columns of a PBX’s records', () => {
  it('are known as Asterisk names them, with quotes and a line within a field', () => {
    const { records, bad } = read(
      [
        '"calldate","src","dst","disposition","duration","billsec","uniqueid","userfield"',
        '"2026-11-25 10:02:11","1017","015400000007","ANSWERED","51","45","177.1","says ""hm""\nand more"',
        '"2026-11-25 10:05:00","1017","15400000008","BUSY","3","0","177.2",""',
      ].join('\r\n'),
    );
    expect(bad).toEqual([]);
    expect(records).toEqual([
      {
        line: 2,
        callId: '177.1',
        attempt: undefined,
        start: Date.parse('2026-11-25T10:02:11+08:00'),
        duration: 45,
        number: '015400000007',
        disposition: 'ANSWERED',
        caller: '1017',
      },
      expect.objectContaining({ line: 4, callId: '177.2', duration: 0, disposition: 'BUSY' }),
    ]);
  });

  it('are known in Chinese, in GBK, with semicolons', () => {
    const file = gbk([
      gbkStart, ';', gbkNumber, ';', gbkResult, '\r\n',
      '2026/11/25 10:02:11;15400000007;', gbkAnswered, '\r\n',
    ]); // biome-ignore format: as it stands in the file
    expect(readCallRecords(file, { columns: none, zone }).records).toMatchObject([
      { line: 2, number: '15400000007', disposition: '接通', start: Date.parse('2026-11-25T10:02:11+08:00') },
    ]);
  });

  it('are known with a byte order mark, in UTF-16, and with tabs', () => {
    const text = 'start_stamp\tdestination_number\n2026-11-25T02:02:11Z\t15400000007\n';
    expect(read(`\ufeff${text}`).records).toHaveLength(1);
    const wide = new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'));
    expect(readCallRecords(wide, { columns: none, zone }).records[0]?.start).toBe(Date.parse('2026-11-25T02:02:11Z'));
  });

  it('can be told by name, and by place where there is no header', () => {
    const named = read('wann;wen\n1764036131;15400000007', parseColumns('start=Wann,number=WEN'));
    expect(named.records).toMatchObject([{ line: 2, start: 1_764_036_131_000 }]);
    const placed = read('x,15400000007,2026-11-25 10:02\n', parseColumns('start=3,number=2'));
    expect(placed.records).toMatchObject([{ line: 1, number: '15400000007' }]);
  });

  it('that are not there, or not known, are said with the way out', () => {
    expect(() => read('start,number\n', parseColumns('number=telephone'))).toThrow('no column named "telephone"');
    expect(() => read('a,b\n1,2\n')).toThrow('--columns start=calldate');
    expect(() => parseColumns('colour=red')).toThrow('--columns is wrong');
    expect(() => read('\n\n')).toThrow('empty');
  });
});

describe('rows that cannot be read', () => {
  it('are named by their line and cost no other row', () => {
    const { records, bad } = read(
      [
        'start,number,billsec',
        '2026-11-25 10:00:00,15400000001,5',
        'yesterday,15400000002,5',
        '2026-02-30 10:00:00,15400000002,5',
        '2026-11-25 10:00:00,15400000003',
        '2026-11-25 10:00:00,15400000004,-5',
        '',
        '2026-11-25 10:00:00,"15400000005,5',
        '2026-11-25 10:00:00,"15400000006",5',
        '2026-11-25 10:00:00,,5',
      ].join('\n'),
    );
    expect(records.map(({ line }) => line)).toEqual([2, 9]);
    expect(bad.map(({ line, sentence }) => [line, sentence.en])).toEqual([
      [3, 'the start time cannot be read'],
      [4, 'the start time cannot be read'],
      [5, '2 columns instead of 3'],
      [6, 'the duration cannot be read'],
      [8, 'a quote is not closed'],
      [10, 'neither a number nor a call id'],
    ]);
  });

  it('say nothing of what stands in them', () => {
    const { bad } = read('start,number\nx,15400000002\n');
    expect(JSON.stringify(bad)).not.toContain('154');
  });
});

describe('what stands in a field', () => {
  it.each([
    ['2026-11-25 10:02:11', '2026-11-25T10:02:11+08:00'],
    ['2026/1/5 9:02', '2026-01-05T09:02:00+08:00'],
    ['2026年11月25日 10:02:11', '2026-11-25T10:02:11+08:00'],
    ['2026-11-25T10:02:11.250+0100', '2026-11-25T10:02:11+01:00'],
    ['2026-11-25 02:02:11Z', '2026-11-25T02:02:11Z'],
  ])('%s is a time', (text, instant) => {
    expect(readTime(text, zone)).toBe(Date.parse(instant));
  });

  it.each([
    ['45', 45],
    ['1:05', 65],
    ['01:00:05', 3605],
    ['2分5秒', 125],
    ['45s', undefined],
    ['', undefined],
  ])('%s as seconds is %s', (text, seconds) => {
    expect(readSeconds(text)).toBe(seconds);
  });

  it('quotes, separators and line ends survive', () => {
    expect(parseCsv('a,"b,""c""\r\nd",e\r\nf,g,h').map(({ line, fields }) => [line, fields])).toEqual([
      [1, ['a', 'b,"c"\r\nd', 'e']],
      [3, ['f', 'g', 'h']],
    ]);
  });
});
