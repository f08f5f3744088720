/**
 * The server's keys. Made at the first start, kept in the database so that every instance has the same.
 *
 *   access     32 random bytes, HMAC of the access tokens
 *   grant      P-256, signs the grant of a shift (ES256)
 *   recovery   RSA 3072, to which every station wraps its data key, so that an export can be recovered
 */
import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Database } from './database/schema.ts';

const ecSchema = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
});
const rsaSchema = z.object({
  kty: z.literal('RSA'),
  n: z.string(),
  e: z.string(),
  d: z.string(),
  p: z.string(),
  q: z.string(),
  dp: z.string(),
  dq: z.string(),
  qi: z.string(),
});

export type Keys = {
  access: Uint8Array;
  grant: z.infer<typeof ecSchema>;
  recovery: z.infer<typeof rsaSchema>;
};

const generate = promisify(generateKeyPair);

/** Reads the keys, makes those that are missing. Two instances that start together end with the same keys. */
export async function ensureKeys(database: Database): Promise<Keys> {
  const read = async () =>
    new Map((await database.selectFrom('keys').selectAll().execute()).map((row) => [row.name, row.value]));
  let stored = await read();
  const missing = ['access', 'grant', 'recovery'].filter((name) => !stored.has(name));
  if (missing.length > 0) {
    const made: Record<string, () => Promise<string>> = {
      access: async () => randomBytes(32).toString('base64'),
      grant: async () =>
        JSON.stringify((await generate('ec', { namedCurve: 'P-256' })).privateKey.export({ format: 'jwk' })),
      recovery: async () =>
        JSON.stringify((await generate('rsa', { modulusLength: 3072 })).privateKey.export({ format: 'jwk' })),
    };
    for (const name of missing) {
      const value = await made[name]!();
      await database
        .insertInto('keys')
        .values({ name, value })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
    stored = await read();
  }
  return {
    access: Buffer.from(stored.get('access') ?? '', 'base64'),
    grant: ecSchema.parse(JSON.parse(stored.get('grant') ?? '')),
    recovery: rsaSchema.parse(JSON.parse(stored.get('recovery') ?? '')),
  };
}
