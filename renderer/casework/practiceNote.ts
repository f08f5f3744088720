import { gotSms } from '#shared/case/noticeLines.ts';
import type { CaseworkInput } from './context.ts';
import type { Work } from './work.ts';

/** What the practice PBX needs to behave by attempt and daypart (practice clock, which attempt, what happened before). A real PBX never sees it. */
export function practiceHeaders(context: Pick<CaseworkInput, 'practice' | 'now'>, work: Work): Record<string, string> {
  if (!context.practice || !work.case) return {};
  const { case: case_, permit } = work;
  const events = [...(gotSms(case_) ? ['sms'] : []), ...(case_.appointment ? ['appointment'] : [])];
  const note = { clock: new Date(context.now()).toISOString(), attempt: permit?.attemptNumber ?? 1, events };
  return { 'X-Practice': encodeURIComponent(JSON.stringify(note)) };
}

/** Tells the practice customer which question was read out, so that somebody answers it. */
export const practiceStepContentType = 'application/x-practice-step+json';
