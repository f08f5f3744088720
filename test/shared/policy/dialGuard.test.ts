import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contactStatuses, numberSources } from '#shared/case/case.ts';
import { compareSources, contactTitle, type DialQuestion, guardDial } from '#shared/policy/dialGuard.ts';
import { dialPermitSchema } from '#shared/policy/dialPermit.ts';
import { isEmployerRole } from '#shared/policy/hours.ts';
import { defaultPolicy as policy } from '#shared/policy/policy.ts';
import { demoCases } from '../../../server/demo/cases.ts';
import { attempt, sampleCase, sampleContact, shanghai } from './sampleCase.ts';

const practice = { practice: true };
const ask = (changes: Partial<DialQuestion> = {}) => {
  const one = changes.case ?? sampleCase();
  return guardDial({
    case: one,
    contact: one.contacts[0]!,
    policy,
    now: shanghai('2026-11-20T10:00'),
    line: practice,
    cases: [],
    ...changes,
  });
};
const rules = (verdict: ReturnType<typeof ask>) => (verdict.allowed ? [] : verdict.blocks.map((b) => b.rule));
/** In a case whose script is for who picks up there. */
const withContact = (contact: Parameters<typeof sampleContact>[0]) =>
  sampleCase({
    contacts: [sampleContact(contact)],
    kind: contact?.role !== undefined && isEmployerRole(contact.role) ? 'EMPLOYER' : 'PRELOAN_BORROWER',
  });
const formImage = 'data:image/png;base64,AAAA';
const sources = (...list: [(typeof numberSources)[number], string][]) =>
  list.map(([source, number]) => ({ source, number }));

describe('the dial guard', () => {
  it('a number that the form and the system agree on is dialled with one key', () => {
    const verdict = ask();
    expect(verdict).toMatchObject({
      allowed: true,
      needs: 'NOTHING',
      permit: {
        caseId: 'DEMO-01-A',
        number: '15400000001',
        source: 'APPLICATION_FORM',
        check: 'TWO_SOURCES',
        attemptNumber: 1,
        hoursRule: 'hours.borrower',
        demo: true,
      },
    });
    if (verdict.allowed) expect(dialPermitSchema.safeParse(verdict.permit).success).toBe(true);
  });

  it('the comparison shows every source masked', () => {
    const contact = sampleContact({
      sources: sources(['APPLICATION_FORM', '15400000001'], ['FORM_IMAGE', '15400000010']),
    });
    expect(compareSources(contact)).toEqual([
      expect.objectContaining({
        number: '154****0001',
        agrees: true,
        label: expect.objectContaining({ zh: '申请表（系统录入）' }),
      }),
      expect.objectContaining({ number: '154****0010', agrees: false }),
    ]);
    expect(contactTitle(sampleContact({ label: '单位座机', owner: '半夜面包房（虚构）合伙企业' }))).toBe(
      '单位座机 · 半夜****企业',
    );
  });

  it('two transposed digits are caught before the dial, and a second person decides (DEMO-04)', () => {
    const one = withContact({
      role: 'EMPLOYER',
      number: '026-0000-0040',
      sources: sources(['APPLICATION_FORM', '026-0000-0040'], ['FORM_IMAGE', '026-0000-0004']),
    });
    expect(ask({ case: one })).toMatchObject({ allowed: false, needs: 'SECOND_PERSON' });
    expect(rules(ask({ case: one }))).toEqual(['source.disagrees']);
    expect(rules(ask({ case: one, typedNumber: '026-0000-0040' }))).toEqual(['source.disagrees']);
    const decided = (number: string) => ask({ case: one, secondPerson: { number, account: 'L002' } });
    expect(decided('026-0000-0004')).toMatchObject({
      allowed: true,
      comparison: [{ agrees: false }, { agrees: true }],
      permit: { number: '02600000004', source: 'FORM_IMAGE', check: 'SECOND_PERSON', confirmedBy: 'L002' },
    });
    expect(decided('026-0000-0040')).toMatchObject({ permit: { number: '02600000040', source: 'APPLICATION_FORM' } });
    expect(rules(decided('026-0000-0400'))).toEqual(['source.disagrees']); // no source names it
  });

  it('a disagreement is named also when the hours are closed', () => {
    const one = withContact({
      sources: sources(['APPLICATION_FORM', '154-0000-0001'], ['FORM_IMAGE', '154-0000-0002']),
    });
    const verdict = ask({ case: one, now: shanghai('2026-11-22T10:00') });
    expect(verdict.needs).toBe('NOTHING');
    expect(rules(verdict)).toEqual(['hours.restDay', 'source.disagrees']);
  });

  it('a single source is typed from the form, and typing it right opens the dial', () => {
    const one = withContact({ formImage, sources: sources(['FORM_IMAGE', '154-0000-0001']) });
    expect(ask({ case: one })).toMatchObject({ allowed: false, needs: 'TYPE_NUMBER' });
    expect(rules(ask({ case: one }))).toEqual(['source.single']);
    expect(ask({ case: one, typedNumber: '１５４ 0000 0001' })).toMatchObject({
      allowed: true,
      permit: { check: 'TYPED_FROM_FORM' },
    });
  });

  it('typing it wrong blocks, and after three times somebody else has to look', () => {
    const one = withContact({ formImage, sources: sources(['FORM_IMAGE', '154-0000-0001']) });
    const typed = (typedWrongly: number) => ask({ case: one, typedNumber: '15400000010', typedWrongly });
    expect(typed(0)).toMatchObject({ needs: 'TYPE_NUMBER', blocks: [{ rule: 'number.typedDiffers' }] });
    expect(typed(1).needs).toBe('TYPE_NUMBER');
    expect(typed(2)).toMatchObject({ needs: 'SECOND_PERSON', blocks: [{ rule: 'number.typedDiffers' }] });
    const afterwards = ask({ case: one, typedNumber: '15400000001', typedWrongly: 3 });
    expect(afterwards).toMatchObject({ needs: 'SECOND_PERSON', blocks: [{ rule: 'number.typedTooOften' }] });
    expect(rules(ask({ case: one, typedNumber: 'abc' }))).toEqual(['number.typedDiffers']);
    const secondPerson = { number: '154-0000-0001', account: 'L002' };
    expect(ask({ case: one, typedWrongly: 3, secondPerson })).toMatchObject({ permit: { check: 'SECOND_PERSON' } });
  });

  it('a new or changed number is typed although two sources agree', () => {
    const verdict = ask({ case: withContact({ status: 'UNCONFIRMED', formImage }) });
    expect([rules(verdict), verdict.needs]).toEqual([['source.unconfirmed'], 'TYPE_NUMBER']);
  });

  it('with no picture of the form there is nothing to type from: a second person decides at once', () => {
    for (const [contact, rule] of [
      [{ sources: sources(['APPLICATION_FORM', '154-0000-0001']) }, 'source.single'],
      [{ sources: sources(['PUBLIC_DIRECTORY', '154-0000-0001']) }, 'source.single'],
      [{ status: 'UNCONFIRMED' }, 'source.unconfirmed'],
    ] as const) {
      const one = withContact(contact);
      expect(ask({ case: one })).toMatchObject({ needs: 'SECOND_PERSON', blocks: [{ rule }] });
      expect(ask({ case: one, typedNumber: '154-0000-0001' }).needs).toBe('SECOND_PERSON');
      const secondPerson = { number: '154-0000-0001', account: 'L002' };
      expect(ask({ case: one, secondPerson })).toMatchObject({ permit: { check: 'SECOND_PERSON' } });
    }
  });

  it('every number of the demo can be dialled by one key, by typing what stands in a picture, or by a second person', () => {
    const now = shanghai('2026-11-20T10:00');
    const ways = demoCases(now).flatMap((one) =>
      one.contacts.map((contact) => {
        const verdict = ask({ case: one, contact, now });
        if (verdict.allowed) return 'one key';
        if (verdict.needs === 'TYPE_NUMBER') {
          const [, picture = ''] = contact.formImage?.split('base64,') ?? [];
          expect(atob(picture)).toContain(contact.number);
          expect(ask({ case: one, contact, now, typedNumber: contact.number }).allowed).toBe(true);
          return 'typed';
        }
        return verdict.needs === 'SECOND_PERSON' ? 'second person' : verdict.blocks.map(({ rule }) => rule).join();
      }),
    );
    expect(new Set(ways)).toEqual(new Set(['one key', 'typed', 'second person', 'emergency.notYet']));
    expect(ways.filter((way) => way === 'typed')).toHaveLength(2);
  });

  it.each([
    [['APPLICATION_FORM', 'PUBLIC_DIRECTORY'], 'TWO_SOURCES'],
    [['FORM_IMAGE', 'EMPLOYER_RECORD'], 'TWO_SOURCES'],
    [['PUBLIC_DIRECTORY', 'BORROWER'], 'TWO_SOURCES'],
    [['APPLICATION_FORM', 'FORM_IMAGE'], 'source.single'],
    [['APPLICATION_FORM', 'BORROWER'], 'source.single'],
    [['PUBLIC_DIRECTORY', 'INCOMING'], 'source.single'],
    [['PUBLIC_DIRECTORY'], 'source.single'],
    [['BORROWER'], 'source.borrowerOnly'],
    [['BORROWER', 'THIRD_PARTY', 'INCOMING'], 'source.borrowerOnly'],
  ] as const)('an employer named by %j: %s', (list, expected) => {
    const number = '026-0000-0001';
    const one = withContact({ role: 'EMPLOYER', number, sources: list.map((source) => ({ source, number })) });
    const verdict = ask({ case: one });
    expect(verdict.allowed ? verdict.permit.check : verdict.blocks[0].rule).toBe(expected);
  });

  it('what a borrower alone says about the employer stays a hint also when a second person lets it through', () => {
    const one = withContact({
      role: 'EMPLOYER',
      number: '026-0000-0023',
      sources: sources(['BORROWER', '026-0000-0023']),
    });
    const verdict = ask({ case: one, secondPerson: { number: '026-0000-0023', account: 'L002' } });
    expect(verdict).toMatchObject({ allowed: true, permit: { check: 'SECOND_PERSON' } });
    expect(verdict.hints.map((h) => h.zh).join()).toContain('仅凭此号不能判定核实一致');
  });

  it("a caller's number is no second source for a person", () => {
    const one = withContact({ sources: sources(['APPLICATION_FORM', '154-0000-0001'], ['INCOMING', '154-0000-0001']) });
    expect(rules(ask({ case: one }))).toEqual(['source.single']);
  });

  it('demo cases and demo numbers never meet a real line, real cases never the practice line', () => {
    const real = (changes: Partial<DialQuestion>) => rules(ask({ line: { practice: false }, ...changes }));
    expect(real({})).toEqual(['demo.realLine']);
    expect(real({ case: sampleCase({ isDemo: false }) })).toEqual(['demo.realLine']);
    const genuine = {
      number: '13800138000',
      sources: sources(['APPLICATION_FORM', '13800138000'], ['FORM_IMAGE', '13800138000']),
    };
    expect(real({ case: sampleCase({ contacts: [sampleContact(genuine)] }) })).toEqual(['demo.realLine']);
    expect(real({ case: sampleCase({ isDemo: false, contacts: [sampleContact(genuine)] }) })).toEqual([]);
    expect(rules(ask({ case: sampleCase({ isDemo: false }) }))).toEqual(['line.practiceOnly']);
    expect(rules(ask({ line: null }))).toEqual(['line.notConfigured']);
  });

  it.each([
    ['INVALID', 'contact.invalid'],
    ['SUSPENDED', 'contact.suspended'],
    ['REPLACED', 'contact.replaced'],
    ['WRONG_PERSON', 'contact.wrongPerson'],
    ['NOT_VOICE', 'contact.notVoice'],
    ['DO_NOT_CALL', 'contact.doNotCall'],
  ] as const)('a number that is %s is blocked by %s', (status, rule) => {
    expect(rules(ask({ case: withContact({ status }) }))).toEqual([rule]);
  });

  it('a suspended number is tried once more after three days, and then no more', () => {
    const one = (times: string[]) =>
      sampleCase({
        contacts: [sampleContact({ status: 'SUSPENDED' })],
        attempts: times.map((at) => attempt(at, 'SUSPENDED')),
      });
    expect(rules(ask({ case: one(['2026-11-18T10:00']) }))).toEqual(['contact.suspended']);
    expect(rules(ask({ case: one(['2026-11-17T10:00']) }))).toEqual([]);
    expect(rules(ask({ case: one(['2026-11-12T10:00', '2026-11-16T10:00']) }))).toEqual(['contact.suspended']);
  });

  it('a number found empty a minute ago is not dialled again, unless it was corrected since', () => {
    const attempts = [attempt('2026-11-20T09:59', 'EMPTY_NUMBER')];
    expect(rules(ask({ case: sampleCase({ attempts }) }))).toEqual(['contact.invalid']);
    const at = shanghai('2026-11-20T09:59').toISOString();
    const corrected = sampleContact();
    corrected.sources[0]!.at = at;
    expect(rules(ask({ case: sampleCase({ attempts, contacts: [corrected] }) }))).toEqual([]);
  });

  it('who asked not to be called is not called in any other case either', () => {
    const other = sampleCase({
      id: 'DEMO-77',
      contacts: [sampleContact({ status: 'DO_NOT_CALL', number: '+86 15400000001' })],
    });
    expect(rules(ask({ cases: [other] }))).toEqual(['contact.doNotCall']);
  });

  it('the emergency contact is called when no other number is left, and not before (DEMO-06)', () => {
    const emergency = sampleContact({
      id: 'spouse',
      role: 'EMERGENCY',
      number: '154-0000-0026',
      sources: sources(['APPLICATION_FORM', '154-0000-0026'], ['FORM_IMAGE', '154-0000-0026']),
    });
    const home = sampleContact({ id: 'home', role: 'HOME', number: '026-0000-0006' });
    const one = (attempts: ReturnType<typeof attempt>[]) =>
      sampleCase({ contacts: [emergency, sampleContact(), home], attempts });
    expect(rules(ask({ case: one([]) }))).toEqual(['emergency.notYet']);
    const empty = attempt('2026-11-20T09:00', 'EMPTY_NUMBER');
    expect(rules(ask({ case: one([empty]) }))).toEqual(['emergency.notYet']);
    expect(rules(ask({ case: one([empty, attempt('2026-11-20T09:05', 'SUSPENDED', { contact: 'home' })]) }))).toEqual(
      [],
    );
    const tried = (lastDay: string) => [
      attempt('2026-11-12T10:00', 'NO_ANSWER'),
      attempt('2026-11-12T14:00', 'NO_ANSWER'),
      attempt('2026-11-13T10:00', 'NO_ANSWER', { contact: 'home' }),
      attempt(`${lastDay}T19:00`, 'NO_ANSWER', { contact: 'home' }),
    ];
    expect(rules(ask({ case: one(tried('2026-11-18')) }))).toEqual([]);
    expect(rules(ask({ case: one(tried('2026-11-19')) }))).toEqual(['emergency.notYet']);
  });

  it('every rule that stands against a call is named at once', () => {
    const one = sampleCase({
      contacts: [sampleContact({ number: '154-0000-000', status: 'INVALID' })],
      attempts: [],
    });
    const verdict = ask({
      case: one,
      line: null,
      now: shanghai('2026-11-20T23:00'),
      leaseUntil: shanghai('2026-11-20T18:00'),
    });
    expect(rules(verdict)).toEqual([
      'number.tooShort',
      'line.notConfigured',
      'lease.over',
      'contact.invalid',
      'hours.outer',
    ]);
  });

  it('caps and hours block with their own words', () => {
    const attempts = [attempt('2026-11-20T09:00', 'BUSY'), attempt('2026-11-20T09:20', 'BUSY')];
    expect(rules(ask({ case: sampleCase({ attempts }) }))).toEqual(['caps.numberDay']);
    expect(rules(ask({ now: shanghai('2026-11-20T12:00') }))).toEqual(['hours.noon']);
    expect(ask({ case: sampleCase({ attempts: [attempts[0]!] }) })).toMatchObject({ permit: { attemptNumber: 2 } });
  });

  it('an extension is in the permit, apart from the number', () => {
    const number = '026-0000-0001转8012';
    const one = withContact({
      role: 'EMPLOYER',
      number,
      sources: sources(['FORM_IMAGE', number], ['PUBLIC_DIRECTORY', '026-0000-0001']),
    });
    expect(ask({ case: one })).toMatchObject({ permit: { number: '02600000001', extension: '8012' } });
  });

  it('whatever the sources and the status: no permit without agreement, and every answer says something in both languages', () => {
    const numbers = ['154-0000-0001', '154-0000-0010', '026-0000-0001', 'rubbish'];
    fc.assert(
      fc.property(
        fc.record({
          number: fc.constantFrom(...numbers),
          role: fc.constantFrom('BORROWER', 'EMPLOYER', 'EMERGENCY', 'HOME' as const),
          status: fc.constantFrom(...contactStatuses),
          sources: fc.array(
            fc.record({ source: fc.constantFrom(...numberSources), number: fc.constantFrom(...numbers) }),
            { minLength: 1, maxLength: 4 },
          ),
        }),
        fc.option(fc.constantFrom(...numbers), { nil: undefined }),
        fc.nat(4),
        (contact, typedNumber, typedWrongly) => {
          const verdict = ask({ case: withContact(contact), typedNumber, typedWrongly });
          if (verdict.allowed) {
            expect(verdict.comparison.every((line) => line.agrees)).toBe(true);
            expect(dialPermitSchema.safeParse(verdict.permit).success).toBe(true);
          } else {
            for (const { rule, sentence } of verdict.blocks) {
              expect(rule).toMatch(/^[a-z]+\.[A-Za-z]+$/);
              expect(sentence.zh.length * sentence.en.length).toBeGreaterThan(0);
              expect(`${sentence.zh}${sentence.en}`).not.toMatch(/\d{7,}/);
            }
          }
        },
      ),
    );
  });

  it("an employer's number is dialled in the employer's case only, and a person's never there", () => {
    const told = { number: '026-0000-0023', sources: sources(['BORROWER', '026-0000-0023']) };
    const employer = { ...told, id: 'told-1', role: 'EMPLOYER' } as const;
    const secondPerson = { number: '026-0000-0023', account: 'L002' };
    const verdict = ask({ case: sampleCase({ contacts: [sampleContact(employer)] }), secondPerson });
    expect(rules(verdict)).toEqual(['contact.ofEmployer']);
    expect(verdict).toMatchObject({
      needs: 'NOTHING',
      blocks: [{ sentence: { zh: expect.stringContaining('单位核实任务') } }],
    });
    expect(ask({ case: withContact(employer), secondPerson }).allowed).toBe(true);
    expect(rules(ask({ case: sampleCase({ kind: 'EMPLOYER' }) }))).toEqual(['contact.ofOtherCase']);
    expect(rules(ask({ case: withContact({ role: 'GUARANTOR' }) }))).toEqual(['contact.ofOtherCase']);
  });
});
