import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answersOf, doesNotKnow, replyTo } from '../../practice/answers.ts';
import { behaviourAt, holds, readPracticeContext } from '../../practice/behaviour.ts';
import { inWords } from '../../practice/chineseNumber.ts';
import { colleagueAt, colleagues } from '../../practice/colleagues.ts';
import { cases, customerAt, personOf, plainNumber } from '../../practice/customers.ts';
import { localTime } from '../../practice/daypart.ts';
import { allSpoken, heard } from '../../practice/sentences.ts';
import { loadSpeech } from '../../practice/speech.ts';
import { demoInternalNumbers } from '../../server/demo/internalNumbers.ts';
import { borrowerTopics, employerTopics } from './topics.ts';

const caseOf = (id: string) => cases.find((each) => each.id === id)!;
const wednesday = (time: string): Date => new Date(`2026-03-11T${time}:00+08:00`);

describe('the customers', () => {
  it('are the twelve demo cases, with numbers nobody has', () => {
    expect(cases.map(({ id }) => id)).toEqual(
      Array.from({ length: 12 }, (_, i) => `DEMO-${String(i + 1).padStart(2, '0')}`),
    );
    const numbers = cases.flatMap((each) => each.numbers.map(({ number }) => number));
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(numbers.filter((number) => !/^(1540000|0260000)00\d\d$/.test(number))).toEqual([]);
  });

  it('every number has a last behaviour that always holds, and names people that exist', () => {
    for (const each of cases)
      for (const { behaviours } of each.numbers) {
        expect(behaviours.at(-1)?.when).toEqual({});
        for (const behaviour of behaviours) {
          if (behaviour.does === 'answers') expect(personOf(each, behaviour.person).speaker.zh).not.toBe('');
          if (behaviour.does === 'fails' && behaviour.ringsBack) personOf(each, behaviour.ringsBack.person);
        }
      }
  });

  it('are found however the number is written', () => {
    for (const written of ['154-0000-0001', '15400000001', '154 0000 0001', '026-0000-0001转801', '026-0000-0001,8'])
      expect(customerAt(written)?.of.id).toBe('DEMO-01');
    expect(customerAt('13800138000')).toBeUndefined();
    expect(plainNumber('026-0000-0001 ext. 12')).toBe('02600000001');
  });

  it('every internal number of the demo is somebody here, with one manner of each kind', () => {
    expect(demoInternalNumbers.filter(({ number }) => colleagueAt(number) === undefined)).toEqual([]);
    expect(new Set(colleagues.map(({ does }) => does))).toEqual(new Set(['answers', 'busy', 'noAnswer']));
    expect(colleagueAt('1001')).toBeUndefined();
  });

  it('every sentence anybody may say has its sound, and all of it stays under 3 MB', () => {
    const speech = loadSpeech();
    const all = allSpoken();
    expect(all.filter(({ voice, text }) => !speech.has(voice, text))).toEqual([]);
    const folder = resolve(import.meta.dirname, '../../practice/prompts');
    const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    expect(bytes).toBeLessThan(3 * 1024 * 1024);
  });

  it('every sentence is given in both languages', () => {
    const sentences = cases.flatMap((each) =>
      Object.values(each.people).flatMap((person) => Object.values(answersOf(each, person))),
    );
    expect(sentences.filter(({ zh, en }) => !/\p{Script=Han}|\d/u.test(zh) || /\p{Script=Han}/u.test(en))).toEqual([]);
  });

  it('what stands in brackets is read, not heard', () => {
    expect(heard({ zh: '你是骗子吧！（挂断）', en: '' })).toBe('你是骗子吧！');
    expect(heard({ zh: '001X。', en: '', spoken: '零 零 一 艾克斯。' })).toBe('零 零 一 艾克斯。');
  });
});

describe('answers', () => {
  const clean = caseOf('DEMO-01');

  it('the clean case answers every question of both scripts', () => {
    const silent = (name: string, topics: readonly string[]): string[] =>
      topics.filter((topic) => replyTo(clean, personOf(clean, name), [topic]).includes(doesNotKnow));
    expect(silent('self', borrowerTopics)).toEqual([]);
    expect(silent('hr', employerTopics)).toEqual([]);
  });

  it('own words come before the file, the file before not knowing', () => {
    const self = personOf(clean, 'self');
    expect(replyTo(clean, self, ['income.monthly', 'loan.amount', 'a.riddle']).map(({ zh }) => zh)).toEqual([
      '税前一万五左右。',
      '一百二十万。',
      '这个我不太清楚。',
    ]);
  });

  it('identity is answered with the last four and the home address', () => {
    for (const each of cases) {
      const person = Object.values(each.people).find(({ knows }) => knows === 'ownFile');
      if (!person) continue;
      const [digits, home] = replyTo(each, person, ['person.idLast4', 'person.home']);
      expect(digits?.zh).toBe(`${each.file.idLast4}。`);
      expect(home?.zh).toBe(`${each.file.home.zh}。`);
    }
  });

  it('a third party knows nothing of the file', () => {
    const twelve = caseOf('DEMO-12');
    const said = replyTo(twelve, personOf(twelve, 'grandson'), ['loan.amount', 'person.idLast4', 'income.monthly']);
    expect(said.map(({ zh }) => zh)).toEqual(['奶奶不在，你们晚点再打吧。']);
  });

  it('nobody is asked what the agent judges', () => {
    expect(replyTo(clean, personOf(clean, 'self'), ['job.concreteness'])).toEqual([]);
    expect(replyTo(clean, personOf(clean, 'self'), [])).toEqual([]);
  });

  it('numbers are said as people say them', () => {
    expect([0, 5, 10, 12, 96, 300, 360, 9800, 15_000, 10_500, 1_050_000, 1_200_000, 4_300_000].map(inWords)).toEqual([
      '零',
      '五',
      '十',
      '十二',
      '九十六',
      '三百',
      '三百六十',
      '九千八百',
      '一万五千',
      '一万零五百',
      '一百零五万',
      '一百二十万',
      '四百三十万',
    ]);
  });
});

describe('which behaviour a call meets', () => {
  const moment = { clock: wednesday('15:00'), attempt: 2, events: ['sms' as const] };

  it('all that a condition names must hold', () => {
    expect(holds({}, moment)).toBe(true);
    expect(holds({ attempt: [1, 2], daypart: ['WD_PM'], weekday: 3, fromMinute: 870, after: 'sms' }, moment)).toBe(
      true,
    );
    for (const when of [
      { attempt: [3, 9] as [number, number] },
      { daypart: ['WD_AM' as const] },
      { weekday: 4 },
      { fromMinute: 901 },
      { after: 'appointment' as const },
    ])
      expect(holds(when, moment)).toBe(false);
  });

  it('the parts of a day follow Shanghai, wherever the machine stands', () => {
    const parts = ['00:00', '11:44', '11:45', '13:44', '13:45', '17:29', '17:30', '23:59'].map(
      (time) => localTime(wednesday(time)).daypart,
    );
    expect(parts).toEqual(['WD_AM', 'WD_AM', 'WD_NOON', 'WD_NOON', 'WD_PM', 'WD_PM', 'WD_EVE', 'WD_EVE']);
    expect(localTime(new Date('2026-03-13T16:30:00Z'))).toEqual({ daypart: 'WEEKEND', weekday: 6, minuteOfDay: 30 });
  });

  it('the first that holds is met', () => {
    const { behaviours } = customerAt('154-0000-0007')!;
    const met = (attempt: number, time: string) =>
      behaviourAt(behaviours, { clock: wednesday(time), attempt, events: [] });
    expect(
      [met(1, '19:30'), met(2, '10:00'), met(3, '19:30'), met(4, '19:30'), met(4, '10:00')].map((b) =>
        b.does === 'fails' ? b.status : b.does,
      ),
    ).toEqual([486, 486, 480, 'answers', 486]);
  });

  it('a context that cannot be read counts as none', () => {
    const header = encodeURIComponent(JSON.stringify({ clock: '2026-03-11T02:00:00Z', attempt: 2, events: ['sms'] }));
    expect(readPracticeContext(header)).toEqual({ clock: '2026-03-11T02:00:00Z', attempt: 2, events: ['sms'] });
    for (const broken of [
      undefined,
      '',
      '%',
      '{}x',
      encodeURIComponent('{"attempt":0}'),
      encodeURIComponent('{"clock":"soon"}'),
    ])
      expect(readPracticeContext(broken)).toEqual({ events: [] });
  });
});
