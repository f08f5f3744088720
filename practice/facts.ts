/**
 * What happened on the wire, one JSON line each: the oracle of tests that ask whether every call has exactly one attempt.
 * Written synchronously, so that a line stands even when the process is killed after it. Only demo numbers exist here,
 * so they are written out.
 */
import { appendFileSync } from 'node:fs';
import type { Text } from '#shared/text.ts';

export type EndedBy = 'agent' | 'customer' | 'cancel' | 'reject' | 'lost';

export type Fact =
  | { fact: 'register'; user: string; expires: number }
  | { fact: 'lineLost'; user: string }
  | { fact: 'invite'; callId: string; attemptId: string | null; user: string; number: string; attempt: number }
  | { fact: 'ringsBack'; callId: string; user: string; number: string }
  | { fact: 'ringing'; callId: string; status: number }
  | { fact: 'answered'; callId: string; by: 'customer' | 'agent' }
  | { fact: 'caption'; callId: string; speaker: Text; zh: string; en: string }
  | { fact: 'step'; callId: string; step: string; topics: readonly string[] }
  | { fact: 'digit'; callId: string; digit: string; via: 'rtp' | 'info' }
  | { fact: 'held'; callId: string; by: 'agent' | 'customer'; held: boolean }
  | { fact: 'transfer'; callId: string; target: string; attended: boolean }
  | { fact: 'transferred'; callId: string; status: number }
  | { fact: 'ended'; callId: string; by: EndedBy; status: number | null }
  | { fact: 'fault'; callId: string | null; reason: string };

export type RecordFact = (fact: Fact) => void;

/** @param file appended to; undefined writes nothing */
export function createFactLog(file: string | undefined): RecordFact {
  if (file === undefined) return () => {};
  return (fact) => appendFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), ...fact })}\n`);
}
