import { describe, expect, it } from 'vitest';
import { caseFor } from '#shared/case/additions.ts';
import { borrowerSaid, hasSpokenOfTheJob } from '#shared/case/borrowerSaid.ts';
import { caseSchema } from '#shared/case/case.ts';
import { slotOfAnswer, slotOfWords, slotText } from '#shared/case/slot.ts';
import { sampleCase, sampleContact } from '../policy/sampleCase.ts';

const noted = (about: string, value: string) => ({ about, as: 'noted', value });

describe('what the borrower said of the job', () => {
  it('is the latest word about department, position and duties, and about nothing else', () => {
    const said = borrowerSaid([
      { about: 'employer.department', as: 'match', value: '设计部' },
      noted('job.duties', '画图'),
      { about: 'income.monthly', as: 'match', value: '15000' },
      { about: 'person.home', as: 'match' },
      noted('job.duties', '  画新文具的外观图  '),
    ]);
    expect(said).toEqual({ 'employer.department': '设计部', 'job.duties': '画新文具的外观图' });
    expect(hasSpokenOfTheJob(said)).toBe(true);
  });

  it('leaves no words where nothing was told, and takes earlier ones back', () => {
    const said = borrowerSaid([noted('job.duties', '画图'), { about: 'job.duties', as: 'refused' }]);
    expect(said).toEqual({});
    expect(hasSpokenOfTheJob(said)).toBe(false);
  });

  it('names the employer only where it is another than the one of the file, and that alone is no word about the job', () => {
    const name = (as: string) => borrowerSaid([{ about: 'employer.name', as, value: '云朵牙刷机械' }]);
    expect([name('match'), name('near')]).toEqual([{}, {}]);
    expect(name('mismatch')).toEqual({ 'employer.name': '云朵牙刷机械' });
    expect(hasSpokenOfTheJob(name('mismatch'))).toBe(false);
  });

  it('is no longer than a case takes', () => {
    const said = borrowerSaid([noted('job.duties', '字'.repeat(500))]);
    expect(caseSchema.safeParse(sampleCase({ borrowerSaid: said })).success).toBe(true);
  });
});

describe('what was added to a case', () => {
  const slot = { part: 'MORNING' as const };
  const whole = sampleCase({ contacts: [sampleContact({ slot })], borrowerSaid: { 'job.duties': '画图' } });

  it('is sent to a station that says it knows it, and left out for others, as if it had never been', () => {
    expect(caseFor(whole, ['borrowerSaid', 'contactSlot', 'somethingNewer'])).toEqual(whole);
    expect(caseFor(whole, [])).toEqual(sampleCase());
    expect(caseFor(whole, ['contactSlot'])).toEqual(sampleCase({ contacts: [sampleContact({ slot })] }));
    const past = { attempt: 'a1', at: '2026-11-20T02:00:00Z', contact: 'mobile', direction: 'out' as const };
    const answered = { ...past, callResult: 'ANSWERED', talkedSeconds: 30 };
    const continued = sampleCase({ attempts: [{ ...answered, continued: true }] });
    expect(caseFor(continued, ['continuedAttempts'])).toEqual(continued);
    expect(caseFor(continued, [])).toEqual(sampleCase({ attempts: [answered] }));
  });
});

describe('when a number is well called', () => {
  it('is a part of the day where one was chosen, else words that are named as such', () => {
    expect(slotText(slotOfAnswer('morning')!).zh).toBe('方便接听：上午');
    expect(slotText(slotOfWords(' 工作日中午 ')!)).toEqual({
      zh: '方便接听（原话）：工作日中午',
      en: 'Good time to call (as said): 工作日中午',
    });
    expect([slotOfAnswer('skipped'), slotOfAnswer(undefined), slotOfWords('  '), slotOfWords(undefined)]).toEqual(
      Array(4).fill(undefined),
    );
  });
});
