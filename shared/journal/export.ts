/**
 * The sealed export of what was not uploaded, for a station that cannot reach the bank or cannot be repaired. It is safe to carry: only
 * the server opens it.
 *
 *    { format, station, wrappedKey, journals: [{ journal, continues?, entries: [{ header, iv, data }] }] }
 *
 * To open it (the server's `recover`):
 *    dataKey = RSA-OAEP-256 decrypt of base64 wrappedKey, with the server's recovery key        (32 bytes)
 *    text    = AES-256-GCM decrypt of base64 data (tag in its last 16 bytes) with base64 iv and the UTF-8 of header.bodyHash as
 *              additional data
 *    salt    = first 24 characters of text, body = the rest: together with header a WireEntry; intake as from a batch
 */
import { z } from 'zod';
import { headerSchema, idSchema } from './entry.ts';

export const exportFormat = 'huifang-export-1';

const journalOriginSchema = z.strictObject({
  journal: idSchema,
  continues: z.strictObject({ journal: idSchema, seq: z.number().int().positive(), hash: z.string() }).optional(),
});
const sealedEntrySchema = z.strictObject({ header: headerSchema, iv: z.base64(), data: z.base64() });
export type SealedEntry = z.infer<typeof sealedEntrySchema>;

export const exportSchema = z.strictObject({
  format: z.literal(exportFormat),
  station: idSchema,
  wrappedKey: z.base64(),
  journals: z.array(z.strictObject({ ...journalOriginSchema.shape, entries: z.array(sealedEntrySchema) })),
});
export type SealedExport = z.infer<typeof exportSchema>;

/**
 * The second copy (renderer/journal/secondCopy.ts): the same, in lines that can be added one by one. The first says whose it is, each
 * further one is an entry with its journal.
 */
export const copyFormat = 'huifang-copy-1';
export const copyHeadSchema = z.strictObject({
  format: z.literal(copyFormat),
  station: idSchema,
  wrappedKey: z.base64(),
});
export type CopyHead = z.infer<typeof copyHeadSchema>;
export const copyLineSchema = z.strictObject({ ...journalOriginSchema.shape, ...sealedEntrySchema.shape });
export type CopyLine = z.infer<typeof copyLineSchema>;

function read<T>(schema: z.ZodType<T>, line: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined; // half a line: the copy was cut off while it was written
  }
}

/** The export a second copy amounts to; undefined when it is none. Lines that cannot be read are left out. */
export function exportOfCopy(text: string): SealedExport | undefined {
  const [first = '', ...rest] = text.split('\n');
  const head = read(copyHeadSchema, first);
  if (head === undefined) return undefined;
  const journals = new Map<string, SealedExport['journals'][number]>();
  for (const line of rest) {
    const found = read(copyLineSchema, line);
    if (found === undefined) continue;
    const { journal, continues, ...entry } = found;
    const kept = journals.get(journal) ?? { journal, ...(continues && { continues }), entries: [] };
    kept.entries.push(entry);
    journals.set(journal, kept);
  }
  return { format: exportFormat, station: head.station, wrappedKey: head.wrappedKey, journals: [...journals.values()] };
}
