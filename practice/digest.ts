/**
 * The server's side of SIP digest authentication (RFC 3261 22). http-auth-utils parses and hashes; ours is only what a
 * nonce is: the time it was made and a MAC over it, so nothing has to be remembered.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { DIGEST, parseAuthorizationHeader } from 'http-auth-utils';

export type Verdict = { is: 'trusted'; user: string } | { is: 'refused'; stale: boolean };
export type DigestServer = {
  /** The value of a WWW-Authenticate or Proxy-Authenticate header. */
  challenge: (stale?: boolean) => string;
  verify: (header: string | undefined, method: string) => Verdict;
};

const NONCE_LIFE_MS = 300_000;

/** Compares in constant time; a difference in length may show. */
export function equalSecrets(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function parse(header: string) {
  try {
    const { data } = parseAuthorizationHeader(header, [DIGEST], { strict: false });
    const { username, realm, nonce, uri, response, qop, nc, cnonce } = data as Record<string, string | undefined>; // a hostile header may lack any of them
    if (!username || !realm || !nonce || !uri || !response || qop !== 'auth' || !nc || !cnonce) return undefined;
    return { username, realm, nonce, uri, response, qop, nc, cnonce };
  } catch {
    return undefined;
  }
}

/**
 * @param realm shown in the challenge, part of the hash
 * @param passwordsOf none for a user that does not exist: the caller cannot tell that from a wrong password
 */
export function createDigestServer(realm: string, passwordsOf: (user: string) => readonly string[]): DigestServer {
  const key = randomBytes(32);
  const macOf = (time: string): string => createHmac('sha256', key).update(time).digest('hex').slice(0, 32);
  const refused = (stale = false): Verdict => ({ is: 'refused', stale });

  return {
    // Put together by hand: buildWWWAuthenticateHeader quotes algorithm and stale, which sip.js's grammar refuses.
    challenge: (stale = false) => {
      const time = Date.now().toString(36);
      const rest = `algorithm=MD5, qop="auth"${stale ? ', stale=true' : ''}`;
      return `Digest realm="${realm}", nonce="${time}.${macOf(time)}", ${rest}`;
    },
    verify: (header, method) => {
      const given = header === undefined ? undefined : parse(header);
      if (given === undefined || given.realm !== realm) return refused();
      const [time = '', mac = ''] = given.nonce.split('.');
      const madeAt = Number.parseInt(time, 36);
      if (!equalSecrets(mac, macOf(time)) || !(Date.now() - madeAt <= NONCE_LIFE_MS)) return refused(true);
      const known = passwordsOf(given.username).some((password) =>
        equalSecrets(DIGEST.computeHash({ ...given, method, password, algorithm: 'md5' }), given.response),
      );
      return known ? { is: 'trusted', user: given.username } : refused();
    },
  };
}
