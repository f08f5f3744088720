/**
 * Reads a batch so that one bad entry does not cost the others. The envelope must be right; an entry that cannot be understood is
 * kept as bytes. Its place in the chain comes from what it claims, or from its neighbours.
 */
import { z } from 'zod';
import { bodyHashOf, hashOf } from '#shared/journal/chain.ts';
import {
  bodySchemas,
  type EntryBody,
  type EntryHeader,
  type EntryKind,
  headerSchema,
  type WireEntry,
  wireEntrySchema,
} from '#shared/journal/entry.ts';
import { batchLimit, batchSchema, protocolVersion } from '#shared/journal/upload.ts';
import { Refusal } from '../http/refusal.ts';

/** An entry with its body, the two held together by the kind. */
export type Readable = {
  [K in EntryKind]: { kind: K; header: EntryHeader; body: EntryBody<K> };
}[EntryKind];

export type ReadEntry = {
  /** Undefined when nothing says where it belongs. */
  seq: number | undefined;
  /** As claimed; empty when there is none. */
  hash: string;
  /** The exact wire entry, when header, salt and body are there. */
  wire: WireEntry | undefined;
  /** Present when all of it was understood. */
  readable: Readable | undefined;
  /** Header and body are what their hashes say. */
  soundHash: boolean;
  raw: unknown;
};

export type ReadBatch = {
  station: string;
  journal: string;
  continues: string | undefined;
  entries: ReadEntry[];
};

const envelopeSchema = batchSchema.extend({
  entries: z.array(z.unknown()).min(1).max(batchLimit.entries),
});
const claimedSeqSchema = z.looseObject({
  header: z.looseObject({ seq: z.number().int().positive().max(2_000_000_000) }),
});
const claimedHashSchema = z.looseObject({ header: z.looseObject({ hash: z.string().regex(/^[0-9a-f]{64}$/) }) });

/** Throws BAD_REQUEST when the text is no batch at all, VERSION_TOO_OLD for a protocol we do not read. */
export function readBatch(text: string): ReadBatch {
  const json = parseJson(text);
  if (json === undefined) throw new Refusal('BAD_REQUEST');
  const protocol = z.looseObject({ protocol: z.number() }).safeParse(json);
  // Only version 1 exists yet. From version 2 on the rule of the last two releases stands here: the one before is read too, its
  // envelope brought to the present form before `envelopeSchema`; anything else is VERSION_TOO_OLD.
  if (protocol.success && protocol.data.protocol !== protocolVersion) throw new Refusal('VERSION_TOO_OLD');
  const envelope = envelopeSchema.safeParse(json);
  if (!envelope.success) throw new Refusal('BAD_REQUEST');
  const { station, journal, continues } = envelope.data;
  return {
    station,
    journal,
    continues: continues === undefined ? undefined : JSON.stringify(continues),
    entries: placed(envelope.data.entries.map((raw) => readEntry(raw, journal))),
  };
}

function readEntry(raw: unknown, journal: string): ReadEntry {
  const seq = claimedSeqSchema.safeParse(raw);
  const hash = claimedHashSchema.safeParse(raw);
  const entry: ReadEntry = {
    seq: seq.success ? seq.data.header.seq : undefined,
    hash: hash.success ? hash.data.header.hash : '',
    wire: undefined,
    readable: undefined,
    soundHash: false,
    raw,
  };
  const wire = wireEntrySchema.safeParse(raw);
  if (!wire.success || wire.data.header.journal !== journal || holdsNul(wire.data)) return entry;
  const { header, salt, body } = wire.data;
  entry.wire = wire.data;
  entry.soundHash = header.hash === hashOf(header) && header.bodyHash === bodyHashOf(salt, body);
  entry.readable = readBody(header, body);
  return entry;
}

/** The kind's schema on the exact text; undefined when it is not what the kind says. */
export function readBody(header: EntryHeader, body: string): Readable | undefined {
  const json = parseJson(body);
  const parsed = bodySchemas[header.kind].safeParse(json);
  if (!parsed.success || holdsNul(parsed.data)) return undefined;
  return { kind: header.kind, header, body: parsed.data } as Readable; // the kind chose the schema that made the body
}

/** For entries read back from the table. */
export function readHeader(text: string): EntryHeader {
  return headerSchema.parse(JSON.parse(text));
}

/** PostgreSQL's text cannot hold U+0000, and no honest entry holds it. */
function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0');
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, part]) => holdsNul(key) || holdsNul(part));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Entries travel in the order of seq: whoever does not say its place stands between its neighbours. */
function placed(entries: ReadEntry[]): ReadEntry[] {
  const known = entries.findIndex((entry) => entry.seq !== undefined);
  if (known < 0) return entries;
  const first = (entries[known]?.seq ?? 1) - known;
  let before = first - 1;
  return entries.map((entry) => {
    const seq = entry.seq ?? before + 1;
    before = seq;
    return { ...entry, seq: seq > 0 ? seq : undefined };
  });
}
