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

export const exportSchema = z.strictObject({
  format: z.literal(exportFormat),
  station: idSchema,
  wrappedKey: z.base64(),
  journals: z.array(
    z.strictObject({
      journal: idSchema,
      continues: z.strictObject({ journal: idSchema, seq: z.number().int().positive(), hash: z.string() }).optional(),
      entries: z.array(z.strictObject({ header: headerSchema, iv: z.base64(), data: z.base64() })),
    }),
  ),
});
export type SealedExport = z.infer<typeof exportSchema>;
