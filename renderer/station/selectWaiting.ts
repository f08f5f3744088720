/** What waits for whoever signs in (screens.md, sign-in): the appointments of today, and what was promised to whom. */

import type { Case } from '#shared/case/case.ts';
import { maskNumber } from '#shared/case/number.ts';
import type { Clock } from '#shared/clock.ts';
import { addDays, dayOf, instantOf } from '#shared/policy/calendar.ts';
import type { Text } from '#shared/text.ts';
import type { WaitingView } from '../app/view.ts';
import { createMissedCalls, type MissedCall, missedForMs, missedKinds } from '../casework/missedCalls.ts';
import { type Handled, handledCases, handlingKinds, isAppointmentKept, isOpen } from '../casework/worklist.ts';
import type { Station } from './openStation.ts';
import { displayName } from './selectCase.ts';

const mostNamed = 3;
const withheld: Text = { zh: '未显示号码', en: 'number withheld' };
export const nothingWaits: WaitingView = {
  appointments: { count: 0, nearest: [] },
  promised: { count: 0, nearest: [] },
};

/**
 * Due until the end of China's day, or overdue. An appointment that was kept is none any more; a case is promised once, whether its
 * person rang in vain, or is to be called again. `now` in epoch milliseconds of the corrected clock.
 */
export function selectWaiting(
  cases: readonly Case[],
  handled: ReadonlyMap<string, Handled>,
  missed: readonly MissedCall[],
  now: number,
): WaitingView {
  const endOfDay = instantOf(addDays(dayOf(new Date(now)), 1), 0).getTime();
  const rangInVain = new Set(missed.map(({ caseId }) => caseId));
  const appointments: Due[] = [];
  const promised: Due[] = missed.map(({ due, caseId, number }) => ({
    at: due,
    who: whoOf(cases.find(({ id }) => id === caseId)) ?? numberWords(number),
  }));
  for (const case_ of cases) {
    if (!isOpen(handled, case_.id)) continue;
    const who = whoOf(case_);
    const notBefore = handled.get(case_.id)?.notBefore ?? null;
    if (case_.appointment && !isAppointmentKept(case_))
      appointments.push({ at: Date.parse(case_.appointment.at), who });
    else if (notBefore !== null && !rangInVain.has(case_.id)) promised.push({ at: notBefore, who });
  }
  const due = (all: readonly Due[]): WaitingView['promised'] => {
    const today = all.filter(({ at }) => at < endOfDay).sort((a, b) => a.at - b.at);
    return { count: today.length, nearest: today.slice(0, mostNamed) };
  };
  return { appointments: due(appointments), promised: due(promised) };
}

type Due = WaitingView['promised']['nearest'][number];

function whoOf(case_: Case): Text;
function whoOf(case_: Case | undefined): Text | undefined;
function whoOf(case_: Case | undefined): Text | undefined {
  return case_ && { zh: displayName(case_, 'zh'), en: displayName(case_, 'en') };
}

function numberWords(number: string): Text {
  if (number === '') return withheld;
  const masked = maskNumber(number);
  return { zh: masked, en: masked };
}

/** What the entries say of the cases that are held here. */
export async function readHandled({ journal, leases }: Pick<Station, 'journal' | 'leases'>) {
  const held = leases.cases().map(({ case: case_ }) => case_.id);
  const entries = await journal.entriesOfCases(held, handlingKinds);
  return handledCases([...entries.values()].flat().sort((a, b) => a.order - b.order));
}

/** The same from the data of a station nobody is signed in at; a case whose lease is over is somebody else's. */
export async function readWaiting(
  station: Pick<Station, 'journal' | 'leases'>,
  clock: Pick<Clock, 'now' | 'wallNow'>,
): Promise<WaitingView> {
  const now = clock.now();
  const held = (await station.leases.casesWithJournal()).filter(({ until }) => Date.parse(until) > now);
  const missed = createMissedCalls();
  missed.take(await station.journal.entriesFrom(clock.wallNow() - missedForMs, missedKinds));
  return selectWaiting(
    held.map((cached) => cached.case),
    await readHandled(station),
    missed.open(),
    now,
  );
}
