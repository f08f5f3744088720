/**
 * What the borrower said of the job in their own call (domain.md Q7), for the call to the employer: there the employer's words are held
 * against it (E6). The latest word about a topic counts, whichever call it is from.
 */
import type { Answer, Topic } from '../script/move.ts';

const jobTopics: readonly Topic[] = ['employer.department', 'employer.position', 'job.duties'];
/** Answers about anything else are of no use here. */
export const borrowerTopics: readonly Topic[] = ['employer.name', ...jobTopics];

/** As a file's value: no longer than `caseSchema` takes. */
const longest = 300;

/** `answers` of the borrower's calls, oldest first. What was not known or not told leaves no words, and takes back earlier ones. */
export function borrowerSaid(answers: readonly Answer[]): Record<Topic, string> {
  const said = new Map<Topic, string>();
  for (const { about, as, value } of answers) {
    if (!borrowerTopics.includes(about)) continue;
    const words = value?.trim().slice(0, longest) ?? '';
    // The employer of the file is the one that is called: only another name says something.
    if (words === '' || (about === 'employer.name' && as !== 'mismatch')) said.delete(about);
    else said.set(about, words);
  }
  return Object.fromEntries(said);
}

export const hasSpokenOfTheJob = (said: Readonly<Record<Topic, string>>): boolean =>
  jobTopics.some((topic) => said[topic] !== undefined);
