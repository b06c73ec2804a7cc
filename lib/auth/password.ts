// Password hashes: argon2id with the library's parameters, which are OWASP's (19 MiB, 2 passes, 1 lane).
import { hash, verify } from '@node-rs/argon2';

export const shortestPassword = 10;
/** Longer ones would only buy an attacker our processor. */
export const longestPassword = 200;

/** The PHC string to store. */
export function hashPassword(password: string): Promise<string> {
  return hash(password);
}

let decoy: Promise<string> | undefined;

/**
 * Whether the password is the one behind the hash. Without a hash (no such account) the same work is done and the answer
 * is no, so that the time taken does not tell who has an account.
 */
export async function verifyPassword(stored: string | null | undefined, password: string): Promise<boolean> {
  if (stored) return verify(stored, password);
  await verify(await (decoy ??= hash('nobody has this password')), password);
  return false;
}
