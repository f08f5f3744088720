import { describe, expect, it } from 'vitest';
import { changesBetween, partingsOf } from '#shared/script/diff.ts';
import type { Ask, Script } from '#shared/script/format.ts';
import { employerScript } from './support/calls.ts';

const edited = (edit: (script: Script) => void): Script => {
  const script = structuredClone(employerScript);
  edit(script);
  return script;
};
const askOf = (script: Script, id: string): Ask => {
  const step = script.steps.find((s) => s.id === id);
  if (step?.kind !== 'ask') throw new Error(`${id} asks nothing`);
  return step;
};

describe('two versions of a script', () => {
  it('are the same when nothing changed', () => {
    expect(changesBetween(employerScript, structuredClone(employerScript))).toEqual([]);
    expect(partingsOf(employerScript, structuredClone(employerScript))).toEqual([]);
  });

  it.each<[string, (script: Script) => void, string, string]>([
    [
      'a Chinese sentence',
      (s) => {
        askOf(s, 'employer.office').text!.zh += '?';
      },
      'employer.office',
      'wordingZh',
    ],
    [
      'an English label',
      (s) => {
        askOf(s, 'employer.office').fields[0]!.label.en += '!';
      },
      'employer.office',
      'wordingEn',
    ],
    [
      'a jump',
      (s) => {
        askOf(s, 'employer.office').next = 'employer.observed';
      },
      'employer.office',
      'flow',
    ],
    [
      'a tolerance',
      (s) => {
        askOf(s, 'employer.since').fields[0]!.compare = { within: 6 };
      },
      'employer.since',
      'duty',
    ],
    [
      'a scope',
      (s) => {
        delete askOf(s, 'employer.since').scope;
      },
      'employer.since',
      'rule',
    ],
    [
      'a fact',
      (s) => {
        s.facts!.competent = { 'respondent.competent': ['yes', 'no'] };
      },
      'facts',
      'rule',
    ],
    [
      'a step taken out',
      (s) => {
        s.steps = s.steps.filter((step) => step.id !== 'employer.observed');
      },
      'employer.observed',
      'removed',
    ],
    [
      'a step put in',
      (s) => {
        s.steps.splice(20, 0, { kind: 'say', id: 'employer.new', text: { zh: '好的', en: 'Fine' } });
      },
      'employer.new',
      'added',
    ],
  ])('%s is named by its kind of change', (_, edit, step, what) => {
    expect(changesBetween(employerScript, edited(edit))).toContainEqual(expect.objectContaining({ step, what }));
  });

  it('a moved step is moved and nothing more', () => {
    const after = edited((s) => {
      const at = s.steps.findIndex((step) => step.id === 'employer.secondLine');
      const [moved] = s.steps.splice(at, 1);
      s.steps.splice(at + 1, 0, moved!);
    });
    const changes = changesBetween(employerScript, after);
    expect(new Set(changes.map((change) => change.what))).toEqual(new Set(['moved']));
  });

  it('another wording parts no call', () => {
    const after = edited((s) => {
      askOf(s, 'employer.office').text!.zh += '谢谢';
    });
    expect(partingsOf(employerScript, after)).toEqual([]);
  });

  it('another jump shows the shortest call on which the versions part', () => {
    const after = edited((s) => {
      askOf(s, 'employer.respondent').fields[1]!.on = { yes: 'employer.status', policy: 'employer.policyRefusal' };
    });
    const [first] = partingsOf(employerScript, after);
    expect(first?.before).toBe('employer.policyRefusal');
    expect(first?.after).toBe('employer.transfer');
    expect(first?.call.at(-1)).toBe('employer.respondent: 能否核实 不愿回答');
  });

  it('another offer shows what is lost and what is won', () => {
    const after = edited((s) => {
      const step = s.steps.find((x) => x.id === 'employer.otherOrganisationResult');
      if (step?.kind === 'outcome') step.offers.splice(1, 1);
    });
    expect(partingsOf(employerScript, after)).toEqual([
      expect.objectContaining({ before: 'WRONG_EMPLOYER/RECORD_SLIP', after: '' }),
    ]);
  });

  it('a field more on a screen parts no call that goes on alike', () => {
    const after = edited((s) => {
      askOf(s, 'employer.office').fields.push({
        about: 'contact.slot',
        label: { zh: '时间', en: 'Time' },
        answer: 'text',
      });
    });
    expect(partingsOf(employerScript, after)).toEqual([]);
    expect(changesBetween(employerScript, after).map((c) => c.what)).toContain('duty');
  });

  it('an exit taken away is a parting at every step that had it', () => {
    const after = edited((s) => {
      s.exits = s.exits.filter((exit) => exit.id !== 'complaint');
    });
    const partings = partingsOf(employerScript, after);
    expect(partings.length).toBeGreaterThan(5);
    for (const parting of partings) expect(parting).toMatchObject({ before: 'employer.complaint', after: '' });
  });
});
