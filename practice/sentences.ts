/** Everything that can be heard in practice, with the voice that says it: the list prompts/make.ts speaks and the tests check. */
import { announcements } from './announcements.ts';
import { answersOf, doesNotKnow } from './answers.ts';
import { type CustomerCase, cases, personOf, type Sentence, type Voice } from './customers.ts';

export type Spoken = { voice: Voice; text: string };

/** What is heard of a sentence: its spoken form, without what stands in brackets. */
export const heard = ({ zh, spoken }: Sentence): string => spoken ?? zh.replace(/\uff08[^\uff09]*\uff09/g, '').trim();

/** A first sentence of somebody who rings the agent, where the customer has none of their own. */
export const ringsBackWith: Sentence = { zh: '喂，刚才你们给我打过电话吗？', en: 'Hello, did you ring me just now?' };

/** A colleague of the bank, when consulted. */
export const colleagueName = { zh: '同事', en: 'Colleague' };
export const colleagueSays: Sentence = {
  zh: '你好，我是沈知夏，请讲。需要的话把客户转给我。',
  en: 'Hello, Shen speaking. Put the customer through to me if you need to.',
};

/** A switchboard, before and after the extension. */
export const switchboardName = { zh: '总机', en: 'Switchboard' };
export const switchboard: Readonly<Record<'asks' | 'wrong' | 'connects', Sentence>> = {
  asks: { zh: '您好，请直拨分机号，查号请拨零。', en: 'Hello. Dial the extension, or zero for the operator.' },
  wrong: { zh: '分机号有误，请重拨。', en: 'There is no such extension; please dial again.' },
  connects: { zh: '正在为您转接，请稍候。', en: 'One moment, I am putting you through.' },
};

function ofCase(of: CustomerCase): Spoken[] {
  const people = Object.values(of.people).flatMap((person) => {
    const said = [
      person.greeting,
      ringsBackWith,
      person.otherwise ?? doesNotKnow,
      ...Object.values(answersOf(of, person)),
    ];
    return said.map((sentence) => ({ voice: person.voice, text: heard(sentence) }));
  });
  const behaviours = of.numbers.flatMap(({ behaviours }) => behaviours);
  const first = behaviours.flatMap((behaviour) => {
    const says =
      behaviour.does === 'fails' ? behaviour.ringsBack : behaviour.does === 'answers' ? behaviour : undefined;
    return says?.says ? [{ voice: personOf(of, says.person).voice, text: heard(says.says) }] : [];
  });
  return [...people, ...first];
}

/** Each once, sorted, so that the made file changes only when a sentence does. */
export function allSpoken(): Spoken[] {
  const network = Object.values(announcements).map(
    (sentence): Spoken => ({ voice: 'operator', text: heard(sentence) }),
  );
  const inside: Spoken[] = [
    { voice: 'colleague', text: heard(colleagueSays) },
    ...Object.values(switchboard).map((sentence): Spoken => ({ voice: 'operator', text: heard(sentence) })),
  ];
  const unique = new Map(
    [...network, ...inside, ...cases.flatMap(ofCase)].map((spoken) => [`${spoken.voice} ${spoken.text}`, spoken]),
  );
  return [...unique.keys()].sort().flatMap((key) => unique.get(key) ?? []);
}
