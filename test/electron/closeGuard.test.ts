import { describe, expect, it } from 'vitest';
import { type CloseWords, closeQuestion, createCloseGuard } from '../../electron/closeGuard.ts';

/** A guard whose questions wait until the test answers them. */
function guarded(language: 'zh' | 'en' = 'zh') {
  const asked: CloseWords[] = [];
  const answers: ((agreed: boolean) => void)[] = [];
  let closed = 0;
  const guard = createCloseGuard(
    () => language,
    (words) => {
      asked.push(words);
      return new Promise((resolve) => answers.push(resolve));
    },
    () => {
      closed += 1;
    },
  );
  const answer = async (agreed: boolean) => {
    answers.shift()?.(agreed);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { guard, asked, answer, closed: () => closed };
}

describe('closing', () => {
  it('is not questioned while nothing would be lost', () => {
    const { guard, asked } = guarded();
    expect(guard.mayClose()).toBe(true);
    expect(asked).toEqual([]);
  });

  it('in a call is asked about once, however often it is tried', () => {
    const { guard, asked } = guarded();
    guard.setRisk({ inCall: true, unsent: 0 });
    expect([guard.mayClose(), guard.mayClose()]).toEqual([false, false]);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.message).toContain('正在通话');
  });

  it('goes on once the person agreed, and is asked about again when they stayed', async () => {
    const { guard, asked, answer, closed } = guarded('en');
    guard.setRisk({ inCall: false, unsent: 3 });
    guard.mayClose();
    await answer(false);
    expect(closed()).toBe(0);
    expect(guard.mayClose()).toBe(false);
    expect(asked).toHaveLength(2);
    await answer(true);
    expect(closed()).toBe(1);
    expect(guard.mayClose()).toBe(true);
    expect(asked[0]?.detail).toContain('3 entries are not uploaded yet');
  });

  it('ended by the system is never questioned', () => {
    const { guard, asked } = guarded();
    guard.setRisk({ inCall: true, unsent: 9 });
    guard.letGo();
    expect(guard.mayClose()).toBe(true);
    expect(asked).toEqual([]);
  });

  it('names both, the call and what waits', () => {
    const question = closeQuestion({ inCall: true, unsent: 2 });
    expect(question?.detail.zh).toContain('通话会中断');
    expect(question?.detail.zh).toContain('2 条记录未上传');
  });
});
