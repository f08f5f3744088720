/**
 * Tokens. Access: JWT of 10 minutes that names a session; refresh: 32 random bytes, of which only the hash is stored; grant: what a
 * shift carries (ES256). All of them are judged on the real clock, whatever the demo's business clock says.
 */
import { createHash, randomBytes } from 'node:crypto';
import { errors, importJWK, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { Refusal } from '../http/refusal.ts';
import type { Keys } from '../keys.ts';

export const accessSeconds = 10 * 60;
export const refreshSeconds = 12 * 60 * 60;
/** How long a shift may go on without the server. */
export const offlineSeconds = 12 * 60 * 60;

export async function signAccessToken(keys: Keys, session: string, now: Date): Promise<string> {
  const issued = Math.floor(now.getTime() / 1000);
  return new SignJWT({ sid: session })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt(issued)
    .setExpirationTime(issued + accessSeconds)
    .sign(keys.access);
}

/** The session a token names. Throws TOKEN_EXPIRED or NOT_SIGNED_IN. */
export async function readAccessToken(keys: Keys, token: string): Promise<string> {
  try {
    const { payload } = await jwtVerify(token, keys.access, { algorithms: ['HS256'] });
    return z.uuid().parse(payload.sid);
  } catch (error) {
    throw new Refusal(error instanceof errors.JWTExpired ? 'TOKEN_EXPIRED' : 'NOT_SIGNED_IN');
  }
}

export function makeRefreshToken(): { token: string; hash: string } {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: hashOfSecret(token) };
}

/** For secrets with enough chance in them (tokens, codes); never for passwords. */
export function hashOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

const grantSchema = z.object({ agent: z.string(), station: z.string(), offlineUntil: z.string() });

export async function signGrant(keys: Keys, grant: z.infer<typeof grantSchema>): Promise<string> {
  return new SignJWT(grant).setProtectedHeader({ alg: 'ES256' }).sign(await importJWK(keys.grant, 'ES256'));
}

/** What a grant says, when this server signed it; undefined otherwise. Its end is not judged here. */
export async function readGrant(keys: Keys, grant: string): Promise<z.infer<typeof grantSchema> | undefined> {
  const { d: _private, ...publicKey } = keys.grant;
  try {
    const { payload } = await jwtVerify(grant, await importJWK(publicKey, 'ES256'), { algorithms: ['ES256'] });
    return grantSchema.parse(payload);
  } catch {
    return undefined;
  }
}
