/** Cases, projections, the demo and its clock. */
import { readFileSync } from 'node:fs';
import { Problem } from '#shared/problem.ts';
import { setDemoClock } from '../clock.ts';
import { ensureDemo } from '../demo/demo.ts';
import { importCases } from '../leases/importCases.ts';
import { rebuild } from '../projections/rebuild.ts';
import { type Command, say, usageProblem } from './arguments.ts';

export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Problem(
      'FILE_UNREADABLE',
      'storage',
      { zh: `文件无法读取：${file}`, en: `The file cannot be read: ${file}` },
      cause,
    );
  }
}

export function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem(
      'FILE_NO_JSON',
      'input',
      {
        zh: `文件不是有效的 JSON:${file}`,
        en: `The file is not JSON: ${file}`,
      },
      cause,
    );
  }
}

function demoOnly(demo: boolean): void {
  if (!demo)
    throw new Problem('DEMO_ONLY', 'input', {
      zh: '此命令只用于演示数据，请加 --demo。',
      en: 'This is for demo data only; add --demo.',
    });
}

export const dataCommands: Readonly<Record<string, Command>> = {
  import: {
    usage: 'import FILE.json [--all-or-nothing]',
    what: 'imports cases from a JSON list; each bad one is named',
    async run(bank, [file], flags) {
      if (file === undefined) throw usageProblem(this.usage);
      const list = jsonOf(readText(file), file);
      if (!Array.isArray(list))
        throw new Problem('NO_LIST', 'input', {
          zh: '文件内容应为任务列表（JSON 数组）。',
          en: 'The file should hold a list of cases (a JSON array).',
        });
      const allOrNothing = flags['all-or-nothing'] === true;
      const report = await importCases(bank.database, list, { allOrNothing });
      for (const bad of report.bad)
        say(`[${bad.index}] ${bad.id ?? '?'} ${bad.path}: ${bad.sentence.zh} ${bad.sentence.en}`);
      say(
        `added ${report.added}, changed ${report.changed}, unchanged ${report.unchanged}, bad ${new Set(report.bad.map((bad) => bad.index)).size}`,
      );
      if (report.bad.length > 0) process.exitCode = 2;
    },
  },
  rebuild: {
    usage: 'rebuild',
    what: 'makes all projections anew from the entries',
    async run(bank) {
      say(`replayed ${await rebuild(bank.database)} entries`);
    },
  },
  demo: {
    usage: 'demo --demo',
    what: 'makes the demo accounts and cases that are missing',
    async run(bank) {
      demoOnly(bank.demo);
      await ensureDemo(bank.database, bank.clock.now());
      say('the demo data are there');
    },
  },
  'clock set': {
    usage: 'clock set 2026-11-25T14:40+08:00',
    what: "sets the demo's clock; the next start goes on from there",
    async run(bank, [time]) {
      demoOnly(bank.demo);
      const at = new Date(time ?? '');
      if (Number.isNaN(at.getTime())) throw usageProblem(this.usage);
      await setDemoClock(bank.database, at);
      say(`the demo's clock is ${at.toISOString()}`);
    },
  },
};
