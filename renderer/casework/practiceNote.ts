import { gotSms } from '#shared/case/noticeLines.ts';
import type { CaseworkContext } from './context.ts';
import type { Work } from './work.ts';

/** What the practice PBX needs to behave by attempt and daypart (practice clock, which attempt, what happened before). A real PBX never sees it. */
export function practiceHeaders(
  context: Pick<CaseworkContext, 'practice' | 'now' | 'cases'>,
  work: Work,
): Record<string, string> {
  if (!context.practice || !work.case) return {};
  const { case: case_, permit } = work;
  // The work holds the case as leased: what was said since, and may have been a dialect, is in the list.
  const { attempts } = context.cases.find(({ id }) => id === case_.id) ?? case_;
  const events = [
    ...(gotSms(case_) ? ['sms'] : []),
    // At the time that was agreed on, not at any time after something was agreed on.
    ...(permit?.hoursRule === 'hours.appointment' ? ['appointment'] : []),
    // Who calls after a language barrier is taken for somebody who speaks it: a practice station has one agent.
    ...(attempts.some(({ disposition }) => disposition === 'LANGUAGE_BARRIER') ? ['dialectAgent'] : []),
  ];
  const note = { clock: new Date(context.now()).toISOString(), attempt: permit?.attemptNumber ?? 1, events };
  return { 'X-Practice': encodeURIComponent(JSON.stringify(note)) };
}

/** Tells the practice customer which question was read out, so that somebody answers it. */
export const practiceStepContentType = 'application/x-practice-step+json';
