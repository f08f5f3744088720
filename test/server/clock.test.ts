import { describe, expect, it } from 'vitest';
import { caseSchema } from '#shared/case/case.ts';
import { isGoodDemoTime, nextGoodDemoTime } from '../../server/clock.ts';
import { demoCases } from '../../server/demo/cases.ts';
import { generateCases } from '../../server/demo/generate.ts';
import { readOptions } from '../../server/options.ts';

describe("the demo's clock", () => {
  it.each([
    ['a Sunday', '2026-11-22T12:00+08:00', '2026-11-23T10:00+08:00'],
    ['the National Day', '2026-10-01T10:00+08:00', '2026-10-08T10:00+08:00'],
    ['an early morning', '2026-11-25T06:00+08:00', '2026-11-25T10:00+08:00'],
    ['noon', '2026-11-25T12:00+08:00', '2026-11-26T10:00+08:00'],
    ['a good moment', '2026-11-25T14:40+08:00', '2026-11-25T14:40+08:00'],
    ['a make-up Saturday', '2026-10-10T10:30+08:00', '2026-10-10T10:30+08:00'],
  ])('on %s goes to calling hours of a working day', (_name, at, expected) => {
    const moved = nextGoodDemoTime(new Date(at));
    expect(moved).toEqual(new Date(expected));
    expect(isGoodDemoTime(moved)).toBe(true);
  });
});

describe('demo data', () => {
  it('are cases as the contract has them: 15 of 12 persons, all demo, one number that disagrees', () => {
    const cases = demoCases(new Date('2026-11-25T10:00+08:00'));
    for (const one of cases) expect(caseSchema.parse(one)).toEqual(one);
    expect([cases.length, new Set(cases.map((one) => one.person)).size]).toEqual([15, 12]);
    expect(cases.every((one) => one.isDemo)).toBe(true);
    const disagree = cases.filter((one) =>
      one.contacts.some((contact) => new Set(contact.sources.map((x) => x.number)).size > 1),
    );
    expect(disagree.map((one) => one.id)).toEqual(['DEMO-04']);
  });

  it('are the same for the same seed', () => {
    const at = new Date('2026-11-25T10:00+08:00');
    expect(generateCases(20, 3, at)).toEqual(generateCases(20, 3, at));
    for (const one of generateCases(20, 3, at)) caseSchema.parse(one);
  });
});

describe('options', () => {
  it('an address that is not loopback needs TLS, and an unknown option is named', () => {
    expect(() => readOptions(['--host', '0.0.0.0'], {})).toThrow('needs TLS');
    expect(() => readOptions(['--prot', '1'], {})).toThrow("'--prot'");
    expect(
      readOptions(['--host', '::1', '--practice-line', 'ws://127.0.0.1:1', '--practice-accounts', '{"1":"x"}'], {})
        .practice?.accounts,
    ).toEqual([{ user: '1', password: 'x' }]);
  });

  it('no balancer is believed unless --trust-proxy names it, by address or network', () => {
    expect(readOptions([], {}).trustProxy).toBeUndefined();
    expect(readOptions(['--trust-proxy', '10.9.0.5, fd00::/8'], {}).trustProxy).toEqual(['10.9.0.5', 'fd00::/8']);
    for (const nonsense of ['yes', '', '10.0.0.0/0', '10.0.0.0/33', '10.0.0.5,', '10.0.0.0/8/8'])
      expect(() => readOptions(['--trust-proxy', nonsense], {})).toThrow('--trust-proxy');
  });
});
