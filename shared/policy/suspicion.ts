/**
 * Suspected fraud by the flags of the number and those of the answers together (domain.md F1). The script opens it by its own answers; what is known
 * of the number before anybody answers (employerFlags.ts) counts with them where the conversation came to its end, and only adds a result to choose.
 */
import type { Disposition } from '../disposition/disposition.ts';
import { type FlagCode, flags } from '../script/flags.ts';
import type { Script } from '../script/format.ts';
import { currentStep, flagsRaised, type ScriptSnapshot } from '../script/scriptMachine.ts';

/** Two flags that count, or one grave one. */
const enough = 2;

/** `offers`: what the answers allow here. The suspicion is offered last: the answers themselves do not propose it. */
export function withSuspicion(
  script: Script,
  snapshot: ScriptSnapshot,
  offers: readonly Disposition[],
  ofNumber: readonly FlagCode[],
): readonly Disposition[] {
  if (ofNumber.length === 0 || offers.some(({ code }) => code === 'SUSPECTED_FRAUD')) return offers;
  const step = currentStep(snapshot, script);
  if (step?.kind !== 'outcome' || !step.offers.some(({ code }) => code === 'SUSPECTED_FRAUD')) return offers;
  const raised = new Set([...flagsRaised(script, snapshot), ...ofNumber]);
  const weight = [...raised].reduce((sum, code) => sum + flags[code].weight, 0);
  return weight < enough ? offers : [...offers, { code: 'SUSPECTED_FRAUD' }];
}
