/** What the schema cannot say about one step alone: targets exist, jumps go down, conditions speak of answers that can be. */
import type { Text } from '../text.ts';
import { builtInFacts } from './conditions.ts';
import { isFlagCode } from './flags.ts';
import { alphabet, defaultNext, isSpoken, topicsOf } from './flow.ts';
import { type Condition, type Field, leaving, type Script } from './format.ts';
import { granted } from './kinds.ts';
import type { AnswerClass, StepId, Topic } from './move.ts';

export type FormatProblem = { readonly step: string; readonly message: Text };

/** Every answer class each topic can have in this script, "unasked" among them unless it is given. */
function classesOf(script: Script): ReadonlyMap<Topic, ReadonlySet<AnswerClass>> {
  const classes = new Map<Topic, Set<AnswerClass>>();
  const learn = (topic: Topic, found: readonly AnswerClass[]) =>
    classes.set(topic, new Set([...(classes.get(topic) ?? ['unasked']), ...found]));
  for (const [topic, found] of Object.entries(script.given ?? {})) classes.set(topic, new Set(found));
  for (const step of script.steps) {
    if (step.kind === 'ask') for (const field of step.fields) learn(field.about, alphabet(field));
    else for (const topic of topicsOf(step)) learn(topic, ['said']);
  }
  learn(
    leaving,
    script.exits.filter((exit) => exit.to !== undefined).map((exit) => exit.id),
  );
  return classes;
}

export function formatProblems(script: Script): FormatProblem[] {
  const problems: FormatProblem[] = [];
  const report = (step: string, zh: string, en: string) => problems.push({ step, message: { zh, en } });
  const classes = classesOf(script);
  const position = new Map<string, number>();
  for (const [at, step] of script.steps.entries()) {
    if (position.has(step.id)) report(step.id, '两个步骤同名', 'two steps have this id');
    position.set(step.id, at);
  }

  const checkEntry = (where: string, name: string, wanted: unknown, facts: readonly string[]) => {
    if (!name.includes('.')) {
      if (!facts.includes(name)) report(where, `没有名为 ${name} 的事实`, `unknown fact ${name}`);
      if (typeof wanted !== 'boolean')
        report(where, `事实 ${name} 只有是或否`, `fact ${name} is true or false, nothing else`);
      return;
    }
    const possible = classes.get(name);
    if (!possible) report(where, `没有步骤询问 ${name}`, `nothing asks about ${name}`);
    else if (typeof wanted === 'boolean')
      report(where, `主题 ${name} 的回答不是是或否`, `topic ${name} has answers, not true or false`);
    else
      for (const as of [wanted].flat().map(String))
        if (!possible.has(as)) report(where, `${name} 不会得到回答“${as}”`, `${name} is never answered "${as}"`);
  };
  const checkCondition = (where: string, condition: Condition, facts: readonly string[]) => {
    for (const row of [condition].flat())
      for (const [name, wanted] of Object.entries(row)) checkEntry(where, name, wanted, facts);
  };
  const facts: string[] = [...builtInFacts];
  for (const [name, condition] of Object.entries(script.facts ?? {})) {
    if (facts.includes(name)) report(name, '这个事实是内建的', 'this fact is built in');
    checkCondition(name, condition, facts);
    facts.push(name);
  }

  const checkTarget = (from: string, to: StepId | undefined, at: number) => {
    const target = to === undefined ? undefined : position.get(to);
    if (to === undefined) report(from, '话术到此结束，却没有结果', 'the list ends here without an outcome');
    else if (target === undefined) report(from, `没有步骤 ${to}`, `there is no step ${to}`);
    else if (target <= at) report(from, `向上跳回 ${to}`, `leads back up to ${to}`);
  };
  const checkField = (step: string, field: Field, at: number, fields: readonly Field[]) => {
    const choosing = field.answer === 'choice';
    if (choosing && !field.choices) report(step, '选择题没有选项', 'a choice without choices');
    if ((field.answer === 'option') !== (field.options !== undefined))
      report(step, 'options 与回答类型 option 必须同时出现', 'options and the answer kind "option" belong together');
    if (field.observed && (!choosing || field.compare))
      report(step, '坐席观察只能是不比对的选择题', 'an observation is a choice and is not compared');
    for (const as of Object.keys({ ...field.on, ...field.flags }))
      if (!alphabet(field).includes(as)) report(step, `不会得到回答“${as}”`, `is never answered "${as}"`);
    for (const as of Object.keys(field.choices ?? {}))
      if (alphabet({ ...field, choices: {} }).includes(as) || as === 'unasked')
        report(step, `选项“${as}”与固有回答同名`, `choice "${as}" has the name of a built-in answer`);
    for (const code of Object.values(field.flags ?? {}))
      if (!isFlagCode(code)) report(step, `没有疑点 ${code}`, `there is no flag ${code}`);
    for (const to of Object.values(field.on ?? {})) checkTarget(step, to, at);
    if (
      field.derived &&
      (!choosing ||
        Object.keys(field.choices ?? {})
          .sort()
          .join() !== 'settled,short')
    )
      report(step, '推算的回答只有 settled 和 short', 'what is derived is settled or short, nothing else');
    if (field.derived && !fields.some(({ about, answer }) => about === field.derived?.from && answer === 'month'))
      report(
        step,
        `本屏没有年月 ${field.derived.from}`,
        `no month ${field.derived.from} stands before it on this screen`,
      );
    if (field.repeats !== undefined && !script.steps.slice(0, at).flatMap(topicsOf).includes(field.repeats))
      report(step, `上文没有询问 ${field.repeats}`, `nothing above asks about ${field.repeats}`);
    if (script.given?.[field.about]) report(step, `${field.about} 在通话前已知`, `${field.about} is given, not asked`);
  };

  for (const [at, step] of script.steps.entries()) {
    if (step.kind !== 'outcome')
      checkTarget(step.id, isSpoken(step) ? defaultNext(script, at) : script.steps[at + 1]?.id, at);
    if (step.kind === 'ask') {
      for (const [n, field] of step.fields.entries()) checkField(step.id, field, at, step.fields.slice(0, n));
      if (new Set(topicsOf(step)).size < step.fields.length)
        report(step.id, '同一屏两次询问同一主题', 'one screen asks about a topic twice');
      if (!step.text && step.fields.some((field) => !field.observed))
        report(step.id, '没有问句的步骤只能记录观察', 'a step without text holds observations only');
      for (const topic of step.beside ?? [])
        if (!script.steps.slice(0, at).flatMap(topicsOf).includes(topic))
          report(
            step.id,
            `上文没有询问 ${topic}，不能先出示借款人的说法`,
            `nothing above asks about ${topic}: the borrower's words would come first`,
          );
      if (step.beside && step.text)
        report(step.id, '与借款人的说法比对的步骤不念出', 'a step that shows what the borrower said is not read out');
      if (step.scope !== undefined && !script.given?.[step.scope]?.includes(granted))
        report(
          step.id,
          `授权 ${step.scope} 未在通话前给出`,
          `authorisation ${step.scope} is not given before the call`,
        );
    }
    if (step.kind === 'gate') {
      checkTarget(step.id, step.else, at);
      checkCondition(step.id, step.needs, facts);
    }
    if (step.kind === 'branch')
      for (const side of step.cases) {
        checkTarget(step.id, side.to, at);
        checkCondition(step.id, side.if, facts);
      }
    if (step.kind === 'outcome')
      for (const offer of step.offers) if (offer.when) checkCondition(step.id, offer.when, facts);
  }
  const exitIds = script.exits.map((exit) => exit.id);
  for (const exit of script.exits) {
    const where = `exit ${exit.id}`;
    if (exitIds.indexOf(exit.id) !== exitIds.lastIndexOf(exit.id))
      report(where, '两个出口同名', 'two exits have this id');
    if (exit.to !== undefined) checkTarget(where, exit.to, -1);
    if (exit.while) checkCondition(where, exit.while, facts);
  }
  return problems;
}
