/** Changing a script as an author does, by the names of its steps. */
import type { Ask, Field, Script, Step } from '#shared/script/format.ts';

export type Edit = (script: Script) => void;
type Offer = Extract<Step, { kind: 'outcome' }>['offers'][number];

export function stepOf(script: Script, id: string): Step {
  const found = script.steps.find((step) => step.id === id);
  if (!found) throw new Error(`no step ${id}`);
  return found;
}

export function askOf(script: Script, id: string): Ask {
  const step = stepOf(script, id);
  if (step.kind !== 'ask') throw new Error(`${id} asks nothing`);
  return step;
}

export function fieldOf(script: Script, id: string, n = 0): Field {
  const field = askOf(script, id).fields[n];
  if (!field) throw new Error(`${id} has no field ${n}`);
  return field;
}

export function offersOf(script: Script, id: string): Offer[] {
  const step = stepOf(script, id);
  if (step.kind !== 'outcome') throw new Error(`${id} offers nothing`);
  return step.offers;
}

export function verifiedOf(script: Script, id: string): Offer {
  const found = offersOf(script, id).find((offer) => offer.code === 'VERIFIED');
  if (!found) throw new Error(`${id} does not offer VERIFIED`);
  return found;
}
