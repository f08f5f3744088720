/** The topics the two scripts ask, read from the scripts themselves. */
import borrower from '#shared/script/borrower.json' with { type: 'json' };
import employer from '#shared/script/employer.json' with { type: 'json' };

/** Steps after an exit (a third party, a refusal …) are not asked of the customer that the script is about. */
const aside =
  /^(borrower|employer)\.(thirdParty|cannotUnderstand|appointment|refusal|complaint|newJob|signingEntity|variant|leftOn)$/;

function topicsOf(steps: readonly object[]): string[] {
  const found = steps.flatMap((step) => {
    const {
      id = '',
      about,
      fields = [],
    } = step as { id?: string; about?: string; fields?: readonly { about: string }[] }; // steps differ by kind; only these are read
    return aside.test(id) ? [] : [...(about === undefined ? [] : [about]), ...fields.map((field) => field.about)];
  });
  return [...new Set(found)];
}

export const borrowerTopics = topicsOf(borrower.steps);
export const employerTopics = topicsOf(employer.steps);
