import { describe, expect, it } from 'vitest';
import { sameView } from '../../../renderer/app/context.tsx';
import { echoOf } from '../../../renderer/app/echo.ts';
import {
  age,
  clockTime,
  dayAndTime,
  fullTime,
  instantText,
  parseAppointment,
  runningTime,
} from '../../../renderer/app/text/time.ts';
import { normaliseTyped } from '../../../renderer/app/typed.ts';
import { dark, light, type Palette } from '../../../renderer/components/tokens.ts';
import { agentState, figuresOf, orderedAgents, share } from '../../../renderer/screens/board/figures.ts';
import { linePoints } from '../../../renderer/screens/board/trend.tsx';
import { now, views } from './views.ts';

/** Friday 21 November 2025, 10:24:07 in China. */
const at = (text: string) => Date.parse(`${text}+08:00`);

describe('times', () => {
  it('are China’s, whatever the machine is set to', () => {
    expect(clockTime(now, true)).toBe('10:24:07');
    expect(dayAndTime(at('2025-11-20T23:59:00'), now, 'zh')).toBe('昨天 23:59');
    expect(dayAndTime(at('2025-11-19T09:00:00'), now, 'en')).toBe('19 Nov 09:00');
    expect(fullTime(at('2025-11-22T12:15:00'), 'zh')).toBe('11 月 22 日 周六 12:15');
    expect(instantText(at('2025-11-22T12:15:00'))).toBe('2025-11-22T12:15:00+08:00');
  });

  it('running times and ages never go below nothing', () => {
    expect(runningTime(42_900)).toBe('00:42');
    expect(runningTime(3_727_000)).toBe('1:02:07');
    expect(runningTime(-5)).toBe('00:00');
    expect(age(8_040_000, 'zh')).toBe('2 时 14 分');
    expect(age(-1, 'en')).toBe('0 s');
  });
});

describe('an appointment as it is typed', () => {
  it.each([
    ['明天12:15', '2025-11-22T12:15:00'],
    ['明天中午12点一刻', '2025-11-22T12:15:00'],
    ['后天下午3点半', '2025-11-23T15:30:00'],
    ['周三 14:00', '2025-11-26T14:00:00'],
    ['周六10点', '2025-11-22T10:00:00'],
    ['下周一9:30', '2025-11-24T09:30:00'],
    ['11-23 9:30', '2025-11-23T09:30:00'],
    ['11月23日下午3点', '2025-11-23T15:00:00'],
    ['2025-12-01T09:30', '2025-12-01T09:30:00'],
    ['2025-12-01T09:30:00+08:00', '2025-12-01T09:30:00'],
    ['1-5 10:00', '2026-01-05T10:00:00'],
    ['1730', '2025-11-21T17:30:00'],
    ['9:00', '2025-11-22T09:00:00'],
    ['１７：３０', '2025-11-21T17:30:00'],
    ['+2h', '2025-11-21T12:24:07'],
    ['tomorrow 12:15', '2025-11-22T12:15:00'],
  ])('%s', (typed, expected) => {
    expect(instantText(parseAppointment(typed, now) ?? Number.NaN)).toBe(`${expected}+08:00`);
  });

  it.each(['', '改天', '25:00', '2-30 10:00', '13-01 10:00', '明天'])('«%s» is not guessed', (typed) => {
    expect(parseAppointment(typed, now)).toBeNull();
  });
});

describe('what is typed', () => {
  it('figures are read in full width, names keep their characters', () => {
    expect(normaliseTyped('１５，０００', 'money')).toBe('15,000');
    expect(normaliseTyped('００１Ｘ', 'lastFour')).toBe('001X');
    expect(normaliseTyped('塚本(虚构)', 'name')).toBe('塚本(虚构)');
  });

  it('an amount is echoed as it was understood, and only an amount', () => {
    expect(echoOf('一万五', 'money')?.zh).toBe('15,000 元');
    expect(echoOf('1.5万', 'money')?.zh).toBe('15,000 元');
    expect(echoOf('大概吧', 'money')).toBeNull();
    expect(echoOf('15000', 'text')).toBeNull();
  });
});

describe('a part of the view', () => {
  it('is the same when its values are, whatever its objects', () => {
    expect(sameView({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toBe(true);
    expect(sameView({ a: [1] }, { a: [1, 2] })).toBe(false);
    expect(sameView({ a: 1 }, { b: 1 })).toBe(false);
    expect(sameView([], {})).toBe(false);
    expect(sameView({ a: undefined }, {})).toBe(false);
  });
});

describe('the board', () => {
  const screen = views.board?.screen;
  const board = screen?.type === 'board' ? screen.board : null;
  if (board === null) throw new Error('no board');

  it('counts a result under each of its reasons, and names every denominator', () => {
    expect(figuresOf(board)).toMatchObject({
      open: 210,
      overdue: 5,
      verified: 96,
      wrongEmployer: 7,
      secondVerification: 1,
    });
    expect(share(0, 0)).toBe('—');
    expect(share(318, 662)).toBe('48%');
  });

  it('puts who calls for help first, then lost stations, those who work offline, those with another exception, the signed-out last', () => {
    expect(orderedAgents(board).map(({ account }) => account)).toEqual([
      'A021',
      'A025',
      'A008',
      'A012',
      'A017',
      'A030',
      'A033',
    ]);
    const complaint = { ...board.exceptions[0]!, type: 'COMPLAINT', agent: 'A033' } as const;
    const [first, second, third] = orderedAgents({ ...board, exceptions: [complaint] });
    expect([first, second, third].map((agent) => agent?.account)).toEqual(['A025', 'A008', 'A033']);
    expect(board.agents.map(agentState)).toContain('lost');
  });

  it('draws a line within its box, with no value, one and many', () => {
    expect(linePoints([], 1)).toBe('');
    for (const values of [[3], [0, 0], [1, 50, 2]])
      for (const point of linePoints(values, 50).split(' ')) {
        const [x, y] = point.split(',').map(Number);
        expect(x).toBeGreaterThanOrEqual(0);
        expect(x).toBeLessThanOrEqual(400);
        expect(y).toBeGreaterThanOrEqual(0);
        expect(y).toBeLessThanOrEqual(96);
      }
  });
});

describe('colours', () => {
  const channel = (hex: string, from: number) => {
    const value = Number.parseInt(hex.slice(from, from + 2), 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const luminance = (hex: string) => 0.2126 * channel(hex, 1) + 0.7152 * channel(hex, 3) + 0.0722 * channel(hex, 5);
  const contrast = (a: string, b: string) => {
    const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  const words: [keyof Palette, (keyof Palette)[]][] = [
    ['ink', ['panel', 'bg', 'soft', 'accentSoft', 'warnSoft', 'okSoft']],
    ['ink2', ['panel', 'bg', 'soft', 'accentSoft', 'warnSoft', 'okSoft']],
    ['ink3', ['panel', 'bg', 'soft']],
    ['accent', ['panel', 'accentSoft']],
    ['ok', ['panel', 'okSoft', 'soft']],
    ['warn', ['panel', 'warnSoft', 'bg']],
    ['bad', ['panel', 'badSoft']],
    ['onAccent', ['accent']],
    ['onBad', ['bad']],
  ];
  it.each([
    ['light', light],
    ['dark', dark],
  ] as const)('words can be read in %s: contrast of at least 4.5', (_name, palette) => {
    for (const [ink, papers] of words)
      for (const paper of papers)
        expect(contrast(palette[ink], palette[paper]), `${ink} on ${paper}`).toBeGreaterThanOrEqual(4.5);
    expect(contrast(palette.edge, palette.panel), 'edge of a field').toBeGreaterThanOrEqual(3);
  });
});
