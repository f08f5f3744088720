/** Passwords are kept as argon2id hashes only. */
import { hash, verify } from '@node-rs/argon2';

// argon2id is this package's default algorithm; the cost is OWASP's second recommendation: 19 MiB, two passes, one lane.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export function hashPassword(password: string): Promise<string> {
  return hash(password, cost);
}

export function isPassword(stored: string, password: string): Promise<boolean> {
  return verify(stored, password);
}

let nobody: Promise<string> | undefined;

/** Takes as long as a wrong password of a real account, so that an answer's time does not tell which accounts exist. */
export async function wasteTime(password: string): Promise<void> {
  nobody ??= hashPassword('nobody has this password');
  await isPassword(await nobody, password);
}
