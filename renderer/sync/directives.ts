/**
 * Directives (指令): pulled, applied, then answered by an entry. The server offers one until that entry reached it, so the same one comes
 * several times: applying twice does no harm, answering twice is avoided.
 */

import { assertNever } from '#shared/problem.ts';
import type { Directive } from '#shared/server/api.ts';
import type { AppendedBy } from '../journal/appending.ts';
import type { Journal } from '../journal/journal.ts';
import type { Leases } from '../journal/leases.ts';

export type DirectiveParts = {
  leases: Pick<Leases, 'dropPerson' | 'dropCase' | 'barNumber' | 'recallScript' | 'epochOf' | 'cases'>;
  journal: Pick<Journal, 'append' | 'entriesSince' | 'settledUpTo'>;
  by: () => AppendedBy;
  /** The order SIGN_OUT was given; called after it was answered. */
  signOut: (reason: string) => void;
};

async function apply({ order }: Directive, leases: DirectiveParts['leases']): Promise<void> {
  switch (order.type) {
    case 'LEASE_REVOKED': {
      // A revocation of an older lease says nothing about the one held now.
      const held = leases.cases().find((cached) => cached.case.person === order.person);
      if (held === undefined || held.epoch <= order.epoch) await leases.dropPerson(order.person);
      return;
    }
    case 'CASE_WITHDRAWN':
      return leases.dropCase(order.caseId);
    case 'DO_NOT_CALL':
      return leases.barNumber(order.number);
    case 'SCRIPT_RECALLED':
      return leases.recallScript({ script: order.script, version: order.version });
    case 'SIGN_OUT':
      return;
    default:
      return assertNever(order);
  }
}

/** Returns a function that applies and answers a list of directives, each once over restarts as well. */
export function createDirectives({ leases, journal, by, signOut }: DirectiveParts) {
  let answered: Set<string> | undefined;
  const answeredBefore = async (): Promise<Set<string>> => {
    const waiting = await journal.entriesSince(await journal.settledUpTo());
    return new Set(
      waiting.flatMap(({ fact }) => (fact.kind === 'directive.acknowledged' ? [fact.body.directive] : [])),
    );
  };
  return async (directives: readonly Directive[]): Promise<void> => {
    answered ??= await answeredBefore();
    for (const directive of directives) {
      if (answered.has(directive.id)) continue;
      await apply(directive, leases);
      const { order } = directive;
      const caseId = order.type === 'CASE_WITHDRAWN' ? { caseId: order.caseId } : {};
      await journal.append([{ kind: 'directive.acknowledged', ...caseId, body: { directive: directive.id } }], by());
      answered.add(directive.id);
      if (order.type === 'SIGN_OUT') signOut(directive.reason);
    }
  };
}
